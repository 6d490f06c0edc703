//! Arrivals of open orders, looked at again: what has lasted longer than expected pushes them back, and the customer is
//! told with the reason before asking.
//!
//! A reconciler: every twenty seconds for each city, under a lease. An arrival is moved only by what people would call
//! later or sooner, and only if nothing else moved it meanwhile.

use std::collections::HashMap;

use domain::{
    arrival::{Delay, KEPT_S},
    courier::SILENT_AFTER_S,
    geo::Point,
    id::{CityId, CourierId},
    quote::{ArrivalRange, Quote},
};
use jiff::{SignedDuration, Timestamp};
use store::{
    Tx, args, couriers,
    orders::{self, OrderRow},
};

use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    orders::changed,
};

use super::{Before, Known, estimate::range};

/// How often a city is looked at.
const EVERY_US: i64 = 20_000_000;
/// Later by so much is told.
const LATER_S: i64 = 120;
/// Sooner by so much is told: good news may wait a little, in case it is none.
const SOONER_S: i64 = 300;
/// Orders looked at in one round.
const MOST_ORDERS: i64 = 5_000;

/// Where couriers are of whom something was heard lately.
type Seen = HashMap<CourierId, Point>;

impl App {
    /// Whether a city's arrivals are to be looked at now; then not again for a while.
    pub(crate) fn arrivals_due(&self, ctx: &Ctx, city: CityId) -> bool {
        let mut watched = self.arrivals.watched.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let last = watched.get(&city).copied();
        let due = last.is_none_or(|last| ctx.now_us() - last >= EVERY_US);
        if due {
            watched.insert(city, ctx.now_us());
        }
        due
    }

    /// Looks at the open orders of a city and answers how many arrivals moved.
    pub async fn watch_arrivals(&self, ctx: &Ctx, city: CityId) -> Result<usize, Error> {
        let open = self.open_orders(city, MOST_ORDERS).await?;
        if open.is_empty() {
            return Ok(0);
        }
        let seen = self.seen(ctx.now, city).await?;
        let mut in_hand: HashMap<CourierId, Vec<&OrderRow>> = HashMap::new();
        for row in &open {
            if let Some(courier) = row.courier_id {
                in_hand.entry(courier).or_default().push(row);
            }
        }
        let mut moved = 0;
        for row in &open {
            let all = row.courier_id.filter(|_| row.picked_up_at.is_some()).and_then(|courier| in_hand.get(&courier));
            let several = all.filter(|all| all.len() > 1);
            let before = several.map(|all| Before::of(row, all.iter().copied().cloned().collect()));
            moved += usize::from(self.watch_arrival(ctx, row, before.unwrap_or_default(), &seen).await?);
        }
        Ok(moved)
    }

    async fn seen(&self, now: Timestamp, city: CityId) -> Result<Seen, Error> {
        let couriers: Vec<couriers::CourierRow> = self.db.all(&couriers::LIST_ON_SHIFT, args![city]).await?;
        let fresh = |row: &couriers::CourierRow| {
            let heard = now.duration_since(moment(row.fix_at?)).as_secs() <= SILENT_AFTER_S;
            heard.then_some((row.id, Point { lat: row.lat?, lng: row.lng? }))
        };
        Ok(couriers.iter().filter_map(fresh).collect())
    }

    async fn watch_arrival(&self, ctx: &Ctx, row: &OrderRow, before: Before, seen: &Seen) -> Result<bool, Error> {
        // A bill that cannot be read is somebody else's alarm.
        let Ok(quote) = serde_json::from_str::<Quote>(&row.quote) else { return Ok(false) };
        let known = Known { before, ..self.known_of(ctx, row).await? };
        let place = row.courier_id.and_then(|courier| seen.get(&courier)).copied();
        let parts = self.parts_left(ctx.now, row, &quote, &known, place);
        let range = range(ctx.now, parts.outlook());
        let reason = reason(row, &range, self.holds_up(ctx.now, row, &quote, &parts));
        if !worth_telling(row, &range, reason) {
            return Ok(false);
        }
        let (low, high) = (range.low.as_microsecond(), range.high.as_microsecond());
        let args = args![row.id, low, high, reason, row.version, row.eta_high];
        let tx = Tx::new("move arrival").guard_as("still", 1, &orders::SET_ETA_LATER, args);
        let event = changed(row, "eta_moved", row.courier_id, reason)?;
        let tx = self.tell(ctx, tx, row.city_id, &event)?;
        let tx = self.tell_doors(ctx, tx, &OrderRow { eta_high: high, ..row.clone() }).await?;
        match self.db.commit(tx).await {
            Ok(()) => Ok(true),
            // It moved on, or somebody else said something newer.
            Err(error) if failed_guard(&error) == Some("still") => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// Later, sooner, an early end that cannot be any more, or a reason that was shown and holds no longer.
fn worth_telling(row: &OrderRow, range: &ArrivalRange, reason: Option<&str>) -> bool {
    let later_s = range.high.duration_since(moment(row.eta_high)).as_secs();
    let early_s = range.low.duration_since(moment(row.eta_low)).as_secs();
    let outdated = row.eta_reason.is_some() && row.eta_reason.as_deref() != reason;
    later_s >= LATER_S || later_s <= -SOONER_S || early_s >= LATER_S || outdated
}

/// The reason that is shown with an arrival; none where the first promise holds. Who is told of a later time without one
/// would have to guess: where nothing holds it up, the estimate was short.
pub(crate) fn reason(row: &OrderRow, range: &ArrivalRange, holds_up: Option<Delay>) -> Option<&'static str> {
    let late = range.high > moment(row.first_eta_high) + SignedDuration::from_secs(KEPT_S);
    late.then(|| holds_up.unwrap_or(Delay::Estimate).as_str())
}
