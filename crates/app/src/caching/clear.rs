//! Clearing by hand: whole families of answers, or what follows from one thing.
//!
//! It is recorded with who and why before it happens, and told as an event, so that every node does the same to its own
//! memory. What is answered is what the node that was asked removed.

use std::time::Instant;

use cache::Namespace;
use domain::{
    event::{CacheCleared, Event},
    id::{CityId, CustomerId, OrderId, RestaurantId},
    permission::Action,
    rule::Rule,
};
use store::{Tx, args, caching, orders};
use uuid::Uuid;

use crate::{
    App,
    context::Ctx,
    error::Error,
    events::invalidation::{Cause, Subjects},
    input,
};

use super::{Forgotten, Invalidation};

/// What a thing is whose answers are forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A restaurant, with its menu.
    Restaurant,
    /// A menu, by its restaurant.
    Menu,
    /// An order.
    Order,
    /// A customer.
    Customer,
    /// A city, as it is watched live.
    City,
}

/// What a clear by hand came to on this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// The stored record.
    pub id: Uuid,
    /// What was forgotten.
    pub parts: Vec<Forgotten>,
    /// How long it took, in microseconds.
    pub took_us: u64,
}

impl Thing {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Restaurant, Self::Menu, Self::Order, Self::Customer, Self::City];

    /// As sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Restaurant => "restaurant",
            Self::Menu => "menu",
            Self::Order => "order",
            Self::Customer => "customer",
            Self::City => "city",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|thing| thing.as_str() == text)
    }

    /// The causes whose rows are followed, and what they are about.
    fn follows(self, id: Uuid) -> (&'static [Cause], Subjects) {
        let nothing = Subjects::default();
        match self {
            Self::Restaurant => (
                &[Cause::RestaurantChanged, Cause::MenuChanged, Cause::ReviewChanged],
                Subjects { restaurant: Some(RestaurantId(id)), ..nothing },
            ),
            Self::Menu => (&[Cause::MenuChanged], Subjects { restaurant: Some(RestaurantId(id)), ..nothing }),
            Self::Order => (&[Cause::OrderDoubted], Subjects { order: Some((OrderId(id), None)), ..nothing }),
            Self::Customer => (&[Cause::CustomerChanged], Subjects { customer: Some(CustomerId(id)), ..nothing }),
            Self::City => (&[Cause::StatusChanged], Subjects { city: Some(CityId(id)), ..nothing }),
        }
    }
}

impl App {
    /// Forgets every answer of some namespaces, here and on every other node.
    pub async fn clear_cache(&self, ctx: &Ctx, namespaces: &[Namespace], why: &str) -> Result<Cleared, Error> {
        ctx.reach(Action::CacheManage)?;
        let names: Vec<String> = namespaces.iter().map(|namespace| namespace.name().to_owned()).collect();
        let why = input::required("/why", why, 300)?;
        let (id, by) = self.record_clear(ctx, &names.join(", "), &why, names, None).await?;
        let started = Instant::now();
        let mut parts = Vec::with_capacity(namespaces.len());
        for namespace in namespaces {
            parts.push(whole(*namespace, self.answers.clear_namespace(*namespace).await));
        }
        self.end_clear(ctx, id, "cleared", why, by, parts, started).await
    }

    /// Forgets what follows from one thing, here and on every other node.
    pub async fn cascade_cache(&self, ctx: &Ctx, thing: Thing, id: Uuid, why: &str) -> Result<Cleared, Error> {
        ctx.reach(Action::CacheManage)?;
        let why = input::required("/why", why, 300)?;
        self.check_thing(thing, id).await?;
        let scope = format!("{} {id}", thing.as_str());
        let (clear, by) =
            self.record_clear(ctx, &scope, &why, Vec::new(), Some((thing.as_str().to_owned(), id))).await?;
        let started = Instant::now();
        let parts = self.follow_thing(thing, id).await?;
        self.end_clear(ctx, clear, "cascade", why, by, parts, started).await
    }

    /// Removes what is too old to be sent: frees room and changes no answer, so it is not stored.
    pub async fn clear_expired_answers(&self, ctx: &Ctx) -> Result<Vec<(Namespace, usize)>, Error> {
        ctx.reach(Action::CacheManage)?;
        let (_, name) = self.who(ctx).await?;
        let started = Instant::now();
        let removed = self.answers.clear_expired();
        let part = |(namespace, removed): &(Namespace, usize)| Forgotten {
            namespace: *namespace,
            reach: "expired",
            keys: *removed,
            removed: *removed,
            removed_redis: None,
        };
        let parts = removed.iter().map(part).collect();
        self.caching.audit.add(Invalidation {
            by: Some(name),
            ..Invalidation::new("expired", "expired answers were removed", ctx.now, parts, started.elapsed())
        });
        Ok(removed)
    }

    /// The newest clears by hand on all nodes.
    pub async fn cache_clears(&self, ctx: &Ctx, limit: usize) -> Result<Vec<caching::ClearRow>, Error> {
        ctx.reach(Action::CacheRead)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.db.all(&caching::LIST_CLEARS, args![limit]).await?)
    }

    /// Does on this node what was asked of another one.
    pub(crate) async fn follow_clear(&self, cleared: &CacheCleared) -> Result<(), Error> {
        if cleared.node == self.node() {
            return Ok(());
        }
        let started = Instant::now();
        let mut parts = Vec::new();
        for namespace in cleared.namespaces.iter().filter_map(|name| name.parse::<Namespace>().ok()) {
            parts.push(whole(namespace, self.answers.invalidate_namespace(namespace).await));
        }
        if let Some((thing, id)) = &cleared.thing
            && let Some(thing) = Thing::parse(thing)
        {
            parts.extend(self.follow_thing(thing, *id).await?);
        }
        let why = "cleared by hand on another node, which has who and why";
        self.caching.audit.add(Invalidation {
            subject: Some(cleared.clear_id),
            ..Invalidation::new("cleared", why, self.now(), parts, started.elapsed())
        });
        Ok(())
    }

    async fn follow_thing(&self, thing: Thing, id: Uuid) -> Result<Vec<Forgotten>, Error> {
        let (causes, subjects) = thing.follows(id);
        let mut parts: Vec<Forgotten> = Vec::new();
        for cause in causes {
            parts.extend(self.forget(cause.row(), &subjects).await?);
        }
        Ok(parts)
    }

    async fn check_thing(&self, thing: Thing, id: Uuid) -> Result<(), Error> {
        match thing {
            Thing::Restaurant | Thing::Menu => self.restaurant(RestaurantId(id)).map(drop),
            Thing::Customer => self.customer_row(CustomerId(id)).await.map(drop),
            Thing::City => self.places().known_city(CityId(id)).map(drop),
            Thing::Order => {
                let known: Option<orders::GistRow> = self.db.optional(&orders::FIND_GIST, args![id]).await?;
                known.map(drop).ok_or(Error::NotFound("order"))
            }
        }
    }

    async fn record_clear(
        &self,
        ctx: &Ctx,
        scope: &str,
        why: &str,
        namespaces: Vec<String>,
        thing: Option<(String, Uuid)>,
    ) -> Result<(Uuid, String), Error> {
        let (id, node) = (ctx.id::<Uuid>(), self.node());
        let (user, name) = self.who(ctx).await?;
        let args = args![id, ctx.now_us(), user, name.as_str(), scope, why, node];
        let tx = Tx::new("clear cache").run(&caching::INSERT_CLEAR, args);
        let event = Event::CacheCleared(CacheCleared { clear_id: id, node, namespaces, thing });
        self.db.commit(self.tell(ctx, tx, CityId(Uuid::nil()), &event)?).await?;
        Ok((id, name))
    }

    #[expect(clippy::too_many_arguments, reason = "what a record of the audit says")]
    async fn end_clear(
        &self,
        ctx: &Ctx,
        id: Uuid,
        cause: &'static str,
        why: String,
        by: String,
        parts: Vec<Forgotten>,
        started: Instant,
    ) -> Result<Cleared, Error> {
        let took = started.elapsed();
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let removed: usize = parts.iter().map(|part| part.removed).sum();
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let args = args![id, count(removed as u64), count(took_us)];
        self.db.commit(Tx::new("end clear").run(&caching::END_CLEAR, args)).await?;
        let (subject, by) = (Some(id), Some(by));
        let done = Invalidation { subject, by, ..Invalidation::new(cause, why, ctx.now, parts.clone(), took) };
        self.caching.audit.add(done);
        Ok(Cleared { id, parts, took_us })
    }
}

fn whole(namespace: Namespace, removed: cache::Removed) -> Forgotten {
    Forgotten {
        namespace,
        reach: "namespace",
        keys: removed.memory,
        removed: removed.memory,
        removed_redis: removed.redis,
    }
}

impl Thing {
    /// What a caller names, or which words there are.
    pub fn named(text: &str) -> Result<Self, Error> {
        let known: Vec<_> = Self::ALL.iter().map(|thing| thing.as_str()).collect();
        Self::parse(text).ok_or_else(|| Rule::WrongFormat.at("/entity").with("allowed", known.join(", ")).into())
    }
}
