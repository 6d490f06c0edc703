//! What an event makes old: the one table. Nothing else forgets an answer because of a change.
//!
//! Each event has one [`Cause`]; each cause has one row that lists the namespaces and keys that follow from it, cascades
//! included. A new kind of event does not compile until it names its cause, and a test holds the table to one row a
//! cause. Figures of analytics are left to their time to live where a busy evening would forget them every second; their
//! answers say from when they are.

mod table;
#[cfg(test)]
mod tests;

use std::time::Instant;

use cache::{Namespace, Removed};
use domain::{
    event::{Event, OrderChanged, OrderMoved, Recorded},
    id::{CityId, CustomerId, MenuItemId, OrderId, RestaurantId, UserId},
    permission::{Actor, Role},
};
use jiff::Timestamp;
use store::{args, menus};
use uuid::Uuid;

use crate::{
    App,
    caching::{Forgotten, Invalidation, Owner},
    error::Error,
};

pub use table::{Cause, Keys, Row, TABLE};

/// What a cause is about, as far as it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subjects {
    /// The city.
    pub city: Option<CityId>,
    /// The restaurant.
    pub restaurant: Option<RestaurantId>,
    /// The order, and the version it came to if it came to one.
    pub order: Option<(OrderId, Option<i64>)>,
    /// The customer.
    pub customer: Option<CustomerId>,
    /// The account.
    pub user: Option<UserId>,
    /// The only dishes concerned; all of the restaurant's if empty.
    pub dishes: Vec<MenuItemId>,
}

impl Cause {
    /// Its row.
    pub fn row(self) -> &'static Row {
        static NOTHING: Row = Row { cause: Cause::CodeRequested, why: "nothing follows", forgets: &[] };
        TABLE.iter().find(|row| row.cause == self).unwrap_or(&NOTHING)
    }

    /// The cause that an event is, and what it is about.
    pub fn of(event: &Event, city: CityId) -> (Self, Subjects) {
        let subjects = Subjects { city: Some(city), ..Subjects::default() };
        match event {
            Event::OrderMoved(moved) => (Self::of_move(moved), of_order(subjects, moved)),
            Event::OrderChanged(changed) => (Self::OrderChanged, of_change(subjects, changed)),
            Event::OfferMoved(_) => (Self::OfferMoved, subjects),
            Event::CourierChanged { renamed: true, .. } => (Self::CourierRenamed, subjects),
            Event::CourierChanged { .. } | Event::CourierDark { .. } => (Self::CourierChanged, subjects),
            Event::ApplicationMoved { .. }
            | Event::DocumentMoved { .. }
            | Event::DocumentDue { .. }
            | Event::ShiftChanged { .. } => (Self::PapersChanged, subjects),
            Event::RestaurantChanged { restaurant_id } => {
                (Self::RestaurantChanged, Subjects { restaurant: Some(*restaurant_id), ..subjects })
            }
            Event::MenuChanged { restaurant_id, items } => {
                let cause = if items.is_empty() { Self::MenuChanged } else { Self::StockMoved };
                (cause, Subjects { restaurant: Some(*restaurant_id), dishes: items.clone(), ..subjects })
            }
            Event::CustomerChanged { customer_id, renamed } => {
                let cause = if *renamed { Self::CustomerRenamed } else { Self::CustomerChanged };
                (cause, Subjects { customer: Some(*customer_id), ..subjects })
            }
            Event::CartChanged { customer_id } => {
                (Self::CartChanged, Subjects { customer: Some(*customer_id), ..subjects })
            }
            Event::ReviewChanged { restaurant_id, customer_id } => {
                (Self::ReviewChanged, Subjects { restaurant: Some(*restaurant_id), customer: *customer_id, ..subjects })
            }
            Event::CodeRequested { .. } => (Self::CodeRequested, subjects),
            Event::UserChanged { user_id } => (Self::UserChanged, Subjects { user: Some(*user_id), ..subjects }),
            Event::CacheCleared(_) => (Self::Cleared, subjects),
            Event::CachePolicyChanged { .. } => (Self::PolicyChanged, subjects),
        }
    }

    const fn of_move(moved: &OrderMoved) -> Self {
        match moved.from {
            None => Self::OrderPlaced,
            Some(_) if moved.to.is_final() => Self::OrderEnded,
            Some(_) => Self::StatusChanged,
        }
    }
}

fn of_order(subjects: Subjects, moved: &OrderMoved) -> Subjects {
    Subjects {
        order: Some((moved.order_id, Some(moved.version))),
        restaurant: Some(moved.restaurant_id),
        customer: Some(moved.customer_id),
        ..subjects
    }
}

fn of_change(subjects: Subjects, changed: &OrderChanged) -> Subjects {
    Subjects {
        // A change leaves the version alone: an answer of the same version may be older than it.
        order: Some((changed.order_id, None)),
        restaurant: Some(changed.restaurant_id),
        customer: Some(changed.customer_id),
        ..subjects
    }
}

impl App {
    /// Forgets what an event makes old.
    pub(crate) async fn forget_after(&self, recorded: &Recorded) -> Result<(), Error> {
        let (cause, subjects) = Cause::of(&recorded.event, recorded.city_id);
        let row = cause.row();
        if row.forgets.is_empty() {
            return Ok(());
        }
        let started = Instant::now();
        let parts = self.forget(row, &subjects).await?;
        self.caching.audit.add(Invalidation {
            subject: Some(recorded.event.subject()).filter(|id| !id.is_nil()),
            ..Invalidation::new(recorded.event.kind(), row.why, recorded.at, parts, started.elapsed())
        });
        Ok(())
    }

    /// Forgets at once what a change just committed here makes old, so that its author reads the new state. Every node,
    /// this one too, does the same when it reads the event; so a failure here is only said.
    pub(crate) async fn forget_now(&self, event: Event, city: CityId, at: Timestamp) {
        let recorded = Recorded { transaction: 0, sequence: 0, city_id: city, at, event };
        if let Err(error) = self.forget_after(&recorded).await {
            tracing::warn!(kind = recorded.event.kind(), %error, "cached answers will be forgotten later");
        }
    }

    /// Forgets what a row says of some subjects.
    pub(crate) async fn forget(&self, row: &Row, subjects: &Subjects) -> Result<Vec<Forgotten>, Error> {
        let mut parts = Vec::with_capacity(row.forgets.len());
        for (namespace, keys) in row.forgets {
            if let Some(part) = self.forget_part(*namespace, *keys, subjects).await? {
                parts.push(part);
            }
        }
        Ok(parts)
    }

    async fn forget_part(
        &self,
        namespace: Namespace,
        keys: Keys,
        subjects: &Subjects,
    ) -> Result<Option<Forgotten>, Error> {
        let part = |reach, keys, removed: Removed| {
            Some(Forgotten { namespace, reach, keys, removed: removed.memory, removed_redis: removed.redis })
        };
        let names = match keys {
            Keys::All => return Ok(part("namespace", 0, self.answers.invalidate_namespace(namespace).await)),
            Keys::OfRestaurant => {
                let Some(restaurant) = subjects.restaurant else { return Ok(None) };
                let prefix = restaurant.to_string();
                return Ok(part("prefix", 1, self.answers.invalidate_prefix(namespace, &prefix).await));
            }
            Keys::Order => {
                let Some((order, version)) = &subjects.order else { return Ok(None) };
                let key = order.to_string();
                let removed = match version {
                    Some(version) => self.answers.invalidate_older(namespace, &key, *version).await,
                    None => self.answers.invalidate(namespace, &key).await,
                };
                return Ok(part(if removed.kept { "put" } else { "key" }, 1, removed));
            }
            Keys::OrderSides => {
                let sides = |(order, _): &(OrderId, Option<i64>)| {
                    let order = *order;
                    Role::ALL.into_iter().map(move |role| format!("{order}:{}", role.as_str()))
                };
                subjects.order.iter().flat_map(sides).collect()
            }
            Keys::Restaurant => subjects.restaurant.iter().map(ToString::to_string).collect(),
            Keys::City => subjects.city.iter().map(ToString::to_string).collect(),
            Keys::Customer(name) => {
                subjects.customer.iter().map(|id| self.own_key(namespace, Owner::Customer(*id), name)).collect()
            }
            Keys::User(name) => {
                subjects.user.iter().map(|id| self.own_key(namespace, Owner::User(*id), name)).collect()
            }
            Keys::Dishes => self.dishes(subjects).await?,
        };
        let mut sum = Removed::default();
        for name in &names {
            let removed = self.answers.invalidate(namespace, name).await;
            sum.memory += removed.memory;
            sum.redis = removed.redis.map(|more| more + sum.redis.unwrap_or_default()).or(sum.redis);
        }
        Ok(if names.is_empty() { None } else { part("key", names.len(), sum) })
    }

    /// The dishes concerned. Those that left the menu keep their rows, so their answers are found too: as far back as an
    /// answer may live.
    async fn dishes(&self, subjects: &Subjects) -> Result<Vec<String>, Error> {
        if !subjects.dishes.is_empty() {
            return Ok(subjects.dishes.iter().map(ToString::to_string).collect());
        }
        let Some(restaurant) = subjects.restaurant else { return Ok(Vec::new()) };
        let policy = self.answers.policy(Namespace::MenuItems);
        let life = policy.ttl + policy.stale_while_revalidate + policy.stale_if_error;
        let life_us = i64::try_from(life.as_micros()).unwrap_or(i64::MAX);
        let gone_since = self.ctx(Actor::System).now_us().saturating_sub(life_us);
        let ids: Vec<(Uuid,)> = self.db.all(&menus::LIST_ITEM_IDS, args![restaurant, gone_since]).await?;
        Ok(ids.into_iter().map(|(id,)| id.to_string()).collect())
    }
}
