//! A city as those see it who watch it: figures, what goes wrong (worst first), open orders, couriers, kitchens.
//!
//! A handful of lists is read once and put together in memory, whatever the number of orders; what is wrong with an
//! order is judged by a pure function.

mod exceptions;
mod kitchens;

use std::collections::{HashMap, HashSet};

use domain::{
    geo::Point,
    id::{CityId, CourierId, OrderId, RestaurantId},
    order::Status,
    permission::Action,
    quote::Destination,
};
use jiff::Timestamp;
use serde::Deserialize;
use store::{args, couriers, offers, orders};

use crate::{
    App,
    context::{Ctx, moment},
    couriers::{CourierView, in_sequence, is_free, state},
    error::Error,
    orders::spoken,
    places::City,
};

use exceptions::{Facts, judge, kitchen_late, next};
use kitchens::{Load, kitchens, told};

pub use exceptions::ExceptionKind;
pub use kitchens::LiveKitchen;

/// Open orders looked at.
const MOST_ORDERS: i64 = 5_000;

/// A city, now.
#[derive(Clone, Debug)]
pub struct LiveCity {
    /// When this was.
    pub at: Timestamp,
    /// Which city.
    pub city: City,
    /// How it goes.
    pub figures: Figures,
    /// What goes wrong, worst first, at most one an order.
    pub exceptions: Vec<Exception>,
    /// After this something more goes wrong, if nothing happens until then.
    pub next_exception_at: Option<Timestamp>,
    /// Open orders, newest first.
    pub orders: Vec<LiveOrder>,
    /// Couriers on shift.
    pub couriers: Vec<CourierView>,
    /// Kitchens, those with late orders first.
    pub restaurants: Vec<LiveKitchen>,
}

/// How it goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Orders that have not ended.
    pub open_orders: usize,
    /// Orders of the local day that were delivered.
    pub delivered_today: i64,
    /// How many of these came within the first promise, to a tenth of a per cent.
    pub on_time_pct: Option<f64>,
    /// Couriers on shift.
    pub riders_on_shift: usize,
    /// Couriers with nothing to do who can be asked: neither barred nor silent.
    pub riders_free: usize,
    /// Kitchens that take orders.
    pub kitchens_open: usize,
    /// Kitchens that missed a promise.
    pub kitchens_late: usize,
}

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// What.
    pub kind: ExceptionKind,
    /// With which order.
    pub order_id: OrderId,
    /// Its spoken number.
    pub number: String,
    /// Its zone's letter.
    pub zone_letter: String,
    /// The kitchen.
    pub restaurant_name: String,
    /// Where it goes.
    pub drop_locality: String,
    /// Since when.
    pub since: Timestamp,
    /// First promise to the customer.
    pub promised_at: Timestamp,
    /// Arrival as it is expected now.
    pub estimate_at: Timestamp,
}

/// An open order.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveOrder {
    /// Its id.
    pub id: OrderId,
    /// Its spoken number.
    pub number: String,
    /// Its zone's letter.
    pub zone_letter: String,
    /// Where it stands.
    pub status: Status,
    /// The kitchen.
    pub restaurant_id: RestaurantId,
    /// Its name.
    pub restaurant_name: String,
    /// The neighbourhood of the door.
    pub drop_locality: String,
    /// The door.
    pub drop: Point,
    /// The counter.
    pub pickup: Point,
    /// Who has it.
    pub courier_id: Option<CourierId>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// First promise to the customer.
    pub promised_at: Timestamp,
    /// When the food was ready, or should be.
    pub ready_at: Option<Timestamp>,
    /// What the customer pays.
    pub total_paise: i64,
}

/// The part of a stored quote that is needed here.
#[derive(Deserialize)]
struct Door {
    destination: Destination,
}

impl App {
    /// A city, now.
    pub async fn live_city(&self, ctx: &Ctx, city: CityId) -> Result<LiveCity, Error> {
        ctx.reach(Action::LiveRead)?;
        let city = self.places().known_city(city)?.clone();
        let mut open = self.open_orders(city.id, MOST_ORDERS).await?;
        open.reverse();
        let mut riders: Vec<couriers::CourierRow> = self.db.all(&couriers::LIST_ON_SHIFT, args![city.id]).await?;
        self.positions.freshen(&mut riders);
        let offered: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN, args![city.id]).await?;
        let counted = args![city.id, midnight(ctx.now, &city)?];
        let (delivered, punctual) = self.db.one::<(i64, i64)>(&orders::COUNT_PUNCTUAL, counted).await?;
        let fixes = riders.iter().filter_map(|row| Some((row.id, moment(row.fix_at?)))).collect();
        let Survey { orders: shown, exceptions, next: next_exception_at, load } = survey(ctx.now, &open, &fixes)?;
        let couriers = courier_views(ctx.now, riders, open, &offered.iter().map(|offer| offer.courier_id).collect());
        let kitchens = kitchens(ctx.now, &city, self.directory.select(|entry| entry.city_id == city.id), &load);
        let figures = Figures {
            open_orders: shown.len(),
            delivered_today: delivered,
            on_time_pct: per_cent(punctual, delivered),
            riders_on_shift: couriers.len(),
            riders_free: couriers.iter().filter(|one| is_free(ctx.now, &one.row, one.state)).count(),
            kitchens_open: kitchens.iter().filter(|kitchen| kitchen.open_now).count(),
            kitchens_late: load.values().filter(|load| load.1 > 0).count(),
        };
        let restaurants = told(kitchens);
        let (at, orders) = (ctx.now, shown);
        Ok(LiveCity { at, city, figures, exceptions, next_exception_at, orders, couriers, restaurants })
    }
}

/// What was seen in one walk through the open orders.
#[derive(Default)]
struct Survey {
    /// As they are shown.
    orders: Vec<LiveOrder>,
    /// What is wrong with them, worst first.
    exceptions: Vec<Exception>,
    /// After when there is more.
    next: Option<Timestamp>,
    /// What each kitchen has to do.
    load: Load,
}

fn survey(now: Timestamp, open: &[orders::OrderRow], fixes: &HashMap<CourierId, Timestamp>) -> Result<Survey, Error> {
    let mut seen = Survey { orders: Vec::with_capacity(open.len()), ..Survey::default() };
    for row in open {
        let order = live_order(row)?;
        let fix = row.courier_id.and_then(|courier| fixes.get(&courier).copied());
        let facts = facts(row, order.status, fix);
        if let Some((kind, since)) = judge(now, &facts) {
            seen.exceptions.push(exception(&order, kind, since, facts.estimate_at(now)));
        }
        seen.next = seen.next.into_iter().chain(next(now, &facts)).min();
        let counts = seen.load.entry(row.restaurant_id).or_default();
        counts.0 += 1;
        counts.1 += usize::from(kitchen_late(now, &facts));
        seen.orders.push(order);
    }
    seen.exceptions.sort_by_key(|one| (one.kind, one.since, one.order_id));
    Ok(seen)
}

fn facts(row: &orders::OrderRow, status: Status, fix_at: Option<Timestamp>) -> Facts {
    // A courier without a time of assignment has had the order since it was placed.
    let courier_at = row.courier_id.map(|_| moment(row.courier_at.unwrap_or(row.placed_at)));
    Facts {
        status,
        placed_at: moment(row.placed_at),
        accept_by: moment(row.accept_by),
        accepted_at: row.accepted_at.map(moment),
        promised_ready_at: row.promised_ready_at.map(moment),
        ready_at: row.ready_at.map(moment),
        picked_up_at: row.picked_up_at.map(moment),
        courier_at,
        fix_at,
        promised_at: moment(row.first_eta_high),
        expected_at: moment(row.eta_high),
    }
}

fn exception(order: &LiveOrder, kind: ExceptionKind, since: Timestamp, estimate_at: Timestamp) -> Exception {
    Exception {
        kind,
        order_id: order.id,
        number: order.number.clone(),
        zone_letter: order.zone_letter.clone(),
        restaurant_name: order.restaurant_name.clone(),
        drop_locality: order.drop_locality.clone(),
        since,
        promised_at: order.promised_at,
        estimate_at,
    }
}

fn live_order(row: &orders::OrderRow) -> Result<LiveOrder, Error> {
    let wrong = |what: String| Error::Internal(format!("order {}: {what}", row.id));
    let door: Door = serde_json::from_str(&row.quote).map_err(|error| wrong(error.to_string()))?;
    Ok(LiveOrder {
        id: row.id,
        number: spoken(row),
        zone_letter: row.letter.clone(),
        status: Status::parse(&row.status).ok_or_else(|| wrong(format!("status {}", row.status)))?,
        restaurant_id: row.restaurant_id,
        restaurant_name: row.restaurant_name.clone(),
        drop_locality: door.destination.locality,
        drop: door.destination.point,
        pickup: row.counter(),
        courier_id: row.courier_id,
        placed_at: moment(row.placed_at),
        promised_at: moment(row.first_eta_high),
        ready_at: row.ready_at.or(row.promised_ready_at).map(moment),
        total_paise: row.total_paise,
    })
}

/// Each courier with the orders in hand, in the sequence in which they are served.
fn courier_views(
    now: Timestamp,
    riders: Vec<couriers::CourierRow>,
    mut open: Vec<orders::OrderRow>,
    looking: &HashSet<CourierId>,
) -> Vec<CourierView> {
    // Sorted by courier, the orders of each lie side by side.
    open.sort_by_key(|order| order.courier_id);
    let mut view = |row: couriers::CourierRow| {
        let from = open.partition_point(|order| order.courier_id < Some(row.id));
        let to = open.partition_point(|order| order.courier_id <= Some(row.id));
        let in_hand = &mut open[from..to];
        in_sequence(in_hand);
        let state = state(now, &row, in_hand, looking.contains(&row.id));
        CourierView::of(row, state, in_hand)
    };
    riders.into_iter().map(&mut view).collect()
}

/// The beginning of the city's day, in epoch microseconds.
fn midnight(now: Timestamp, city: &City) -> Result<i64, Error> {
    let day = now.to_zoned(city.zone.clone()).start_of_day();
    let day = day.map_err(|error| Error::Internal(format!("midnight in {}: {error}", city.slug)))?;
    Ok(day.timestamp().as_microsecond())
}

/// A share to a tenth of a per cent; none of nothing.
#[expect(clippy::cast_precision_loss, reason = "at most a thousand tenths")]
fn per_cent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| (part * 1_000 / whole) as f64 / 10.0)
}

#[cfg(test)]
mod tests {
    use super::per_cent;

    #[test]
    fn a_share_of_nothing_is_none() {
        assert_eq!(per_cent(0, 0), None);
        assert_eq!(per_cent(2, 3), Some(66.6));
    }
}
