//! Couriers on shift as the policy sees them, with what they go for now; and, in a crowd, who of them is worth looking at.

use std::collections::{HashMap, HashSet};

use dispatch::{Errand, OnShift, OpenOrder, Promised};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CityId, CourierId, OrderId},
    trip,
};
use store::{couriers, offers, orders};

use super::{drop_of, ready_of};
use crate::{
    App,
    context::{Ctx, moment},
    couriers::{in_hand, in_sequence},
    places::Places,
};

/// With more couriers on shift, a round considers only those near its orders:
const CROWD: usize = 200;
/// so many for each,
const NEAREST: usize = 60;
/// as far away as the fastest come within [`super::REACH_S`] on a straight road.
const FARTHEST_M: f64 = 9_600.0;

impl App {
    /// Couriers as the policy sees them: where they will be once free, and when. Who never said where they are is silent.
    /// `left_behind` is what waits while something of its trip is on board or done: nothing joins that.
    pub(crate) fn on_shift(
        &self,
        ctx: &Ctx,
        couriers: &[couriers::CourierRow],
        open: &[orders::OrderRow],
        offered: &[offers::OfferRow],
        left_behind: &HashSet<OrderId>,
    ) -> Vec<OnShift> {
        let looking: HashSet<CourierId> = offered.iter().map(|offer| offer.courier_id).collect();
        let mut in_hand: HashMap<CourierId, Vec<orders::OrderRow>> = HashMap::new();
        for (order, courier) in open.iter().filter_map(|order| Some((order, order.courier_id?))) {
            in_hand.entry(courier).or_default().push(order.clone());
        }
        for hands in in_hand.values_mut() {
            in_sequence(hands);
        }
        let places = self.places();
        let bundles = self.settings.dispatch.policy().bundles();
        let seen = |row: &couriers::CourierRow| {
            let in_hand = in_hand.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            let seen = one_on_shift(ctx, &places, row, in_hand, looking.contains(&row.id))?;
            let is_begun = in_hand.iter().any(|order| left_behind.contains(&order.id));
            let errand = here(row).filter(|_| bundles && !is_begun).and_then(|here| errand(ctx, here, in_hand));
            Some(OnShift { errand, ..seen })
        };
        couriers.iter().filter_map(seen).collect()
    }

    /// In a city with many couriers, leaves those who have an order in hand and the nearest of each order among the others
    /// who could be asked; in any other everybody.
    pub(super) fn keep_near(&self, ctx: &Ctx, city: CityId, orders: &[OpenOrder], on_shift: &mut Vec<OnShift>) {
        if on_shift.len() <= CROWD {
            return;
        }
        // Who could not be asked takes nobody's place.
        let could: HashSet<CourierId> =
            on_shift.iter().filter(|courier| could_be_asked(courier)).map(|courier| courier.id).collect();
        let nearest = |order: &OpenOrder| {
            let takes = |id| could.contains(&id) && !order.refused_by.contains(&id);
            let found = self.nearest_couriers(ctx, city, order.pickup, (NEAREST, FARTHEST_M), takes);
            found.into_iter().map(|found| found.key)
        };
        let near: HashSet<CourierId> = orders.iter().flat_map(nearest).collect();
        on_shift.retain(|courier| courier.in_hand > 0 || near.contains(&courier.id));
    }
}

fn could_be_asked(courier: &OnShift) -> bool {
    let at_work = courier.shift_ends_s.is_none_or(|ends_s| ends_s > 0);
    courier.in_hand == 0 && at_work && !courier.offered && !courier.on_break && !courier.barred
}

/// Where a courier will be once what is in hand is done, and in how many seconds: at the last door, when it was promised at
/// the latest. The orders stand in the sequence in which they are served.
pub(crate) fn once_free(ctx: &Ctx, here: Point, in_hand: &[orders::OrderRow]) -> (Point, i64) {
    let free_at = in_hand.iter().map(|order| moment(order.eta_high)).max();
    match in_hand.last().and_then(drop_of).zip(free_at) {
        Some((drop, free_at)) => (drop, free_at.duration_since(ctx.now).as_secs().max(0)),
        None => (here, 0),
    }
}

/// What a courier goes for: one order or one trip, nothing of it on board, and nothing else in hand.
fn errand(ctx: &Ctx, from: Point, rows: &[orders::OrderRow]) -> Option<Errand> {
    let counter = rows.first()?.counter();
    let waits = |row: &orders::OrderRow| row.picked_up_at.is_none() && row.counter() == counter;
    if !rows.iter().all(waits) || !trip::is_one(&rows.iter().map(in_hand).collect::<Vec<_>>()) {
        return None;
    }
    let promised = |row: &orders::OrderRow| Promised {
        id: row.id,
        door: drop_of(row).unwrap_or(counter),
        ready_s: ready_of(ctx.now, row).duration_since(ctx.now).as_secs(),
        held_s: row.ready_at.zip(row.arrived_at).map(|(ready, there)| (ctx.now_us() - ready.max(there)) / 1_000_000),
    };
    Some(Errand { counter, from, orders: rows.iter().map(promised).collect() })
}

/// Where a courier was last.
fn here(row: &couriers::CourierRow) -> Option<Point> {
    row.lat.zip(row.lng).map(|(lat, lng)| Point { lat, lng })
}

fn one_on_shift(
    ctx: &Ctx,
    places: &Places,
    row: &couriers::CourierRow,
    in_hand: &[orders::OrderRow],
    offered: bool,
) -> Option<OnShift> {
    let here = here(row);
    let vehicle = Vehicle::parse(&row.vehicle)?;
    // Of whom nothing was heard it is only said that they are silent.
    let (at, free_in_s) = once_free(ctx, here.unwrap_or(places.city(row.city_id)?.centre), in_hand);
    let heard_at = row.fix_at.filter(|_| here.is_some()).map(moment);
    Some(OnShift {
        id: row.id,
        vehicle,
        at,
        free_in_s,
        in_hand: in_hand.len(),
        offered,
        silent_s: heard_at.map_or(i64::MAX, |at| ctx.now.duration_since(at).as_secs()),
        on_break: row.break_until.is_some_and(|until| until > ctx.now_us()),
        barred: row.suspended || row.papers_lapsed,
        shift_ends_s: row.shift_ends_at.map(|ends| moment(ends).duration_since(ctx.now).as_secs()),
        errand: None,
    })
}
