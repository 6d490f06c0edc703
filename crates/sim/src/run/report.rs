//! What came of a simulated day, and whether the books are right.

use std::collections::BTreeMap;

use app::{App, arrivals::calibration::Fit};
use data_encoding::HEXLOWER;
use domain::{id::OrderId, ledger::Account, permission::Actor, rounding::hundredths};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::{args, ledger, outbox::Position};

use super::Stage;
use crate::{error::Error, seed::Cast, world::World};

const EVENTS_AT_ONCE: usize = 1_000;
/// Orders named at most, should the books be wrong.
const NAMED: i64 = 20;

/// A distribution in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// Nine of ten are below.
    pub p90: f64,
}

/// What the ledger says at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Books {
    /// Ended orders whose own accounts are not at zero: there must be none.
    pub unsettled: Vec<OrderId>,
    /// Orders without the posting of their placing: there must be none.
    pub unposted: Vec<OrderId>,
    /// Sum of all balances, debits less credits: must be zero.
    pub imbalance_paise: i64,
    /// Money at the gateway.
    pub gateway_paise: i64,
    /// What the platform earned before it paid couriers and bore losses.
    pub revenue_paise: i64,
}

impl PartFit {
    #[expect(clippy::cast_precision_loss, reason = "counts and seconds stay below 2^53")]
    fn of(part: String, fit: &Fit) -> Self {
        let orders = fit.orders.max(1) as f64;
        let share = |count: i64| count as f64 / orders;
        Self {
            part,
            orders: fit.orders,
            under_p50: share(fit.under_p50),
            under_p90: share(fit.under_p90),
            inside: share(fit.orders - fit.early - fit.late),
            bias_min: share(fit.error_s) / 60.0,
        }
    }
}

impl Books {
    /// Whether nothing is wrong.
    pub const fn are_right(&self) -> bool {
        self.unsettled.is_empty() && self.unposted.is_empty() && self.imbalance_paise == 0
    }
}

/// How a part of the arrivals fits what was said of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartFit {
    /// `assignment`, `first_mile`, `preparation`, `last_mile` or `total`.
    pub part: String,
    /// Deliveries that are compared.
    pub orders: i64,
    /// Share sooner than the middle: a half is right.
    pub under_p50: f64,
    /// Share sooner than p90: nine tenths are right.
    pub under_p90: f64,
    /// Of the whole: share within the range that was shown.
    pub inside: f64,
    /// Mean minutes after the middle; negative if sooner.
    pub bias_min: f64,
}

/// What came of a simulated day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SimReport {
    /// The seed.
    pub seed: u64,
    /// Orders placed.
    pub placed: u64,
    /// Handed over.
    pub delivered: u64,
    /// Refused.
    pub rejected: u64,
    /// Called off.
    pub cancelled: u64,
    /// Not handed over.
    pub failed: u64,
    /// Reviews written.
    pub reviewed: u64,
    /// Requests sent twice that had one effect.
    pub replayed: u64,
    /// People who gave up before ordering.
    pub gave_up: u64,
    /// Refusals by code.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Placing to door, minutes.
    pub click_to_door_min: Spread,
    /// Counter to bag, minutes.
    pub ready_to_pickup_min: Spread,
    /// After the first promise, minutes; nought for those in time.
    pub lateness_min: Spread,
    /// That couriers stood at the counter, minutes.
    pub waiting_min: Spread,
    /// Kilometres that all couriers rode, ways home included.
    pub distance_km: f64,
    /// The same for each delivered order.
    pub distance_per_order_km: f64,
    /// Orders that couriers took together, on average over the offers that they accepted.
    pub orders_per_trip: f64,
    /// What a courier earned in an hour on shift, in paise, on average.
    pub earned_per_hour_paise: f64,
    /// How unequally: the Gini coefficient of the couriers' earnings an hour, 0 where all earn the same.
    pub earnings_gini: f64,
    /// Share of deliveries within the first promise.
    pub on_time_share: f64,
    /// What was said of each part, and of the whole, against what came.
    pub arrivals: Vec<PartFit>,
    /// The ledger.
    pub books: Books,
    /// Events in the log.
    pub events: u64,
    /// SHA-256 over kind, subject, payload and time of all events in order, in hexadecimal.
    pub event_log_hash: String,
    /// Length of the simulated time.
    pub simulated_s: f64,
    /// Length of the real time, seeding apart.
    pub wall_s: f64,
    /// Orders for each real second.
    pub orders_per_s: f64,
}

/// Reads everything back and adds it up.
pub(super) async fn report(
    stage: &Stage,
    city: &Cast,
    world: &World,
    ended: Timestamp,
    wall_s: f64,
) -> Result<SimReport, Error> {
    let app = &stage.app;
    let (events, event_log_hash) = hash_events(app, stage.begun).await?;
    let tally = world.tally();
    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
    let share = |part: u64, whole: f64| if whole > 0.0 { part as f64 / whole } else { 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
    let (delivered, trips) = (tally.delivered as f64, tally.trips as f64);
    let earnings = world.earnings(ended);
    let (earned, hours) = earnings.iter().fold((0, 0.0), |sum, (paise, hours)| (sum.0 + paise, sum.1 + hours));
    let rates: Vec<f64> = earnings.iter().map(|(paise, hours)| an_hour(*paise, *hours)).collect();
    Ok(SimReport {
        seed: stage.seed,
        placed: tally.placed,
        delivered: tally.delivered,
        rejected: tally.rejected,
        cancelled: tally.cancelled,
        failed: tally.failed,
        reviewed: tally.reviewed,
        replayed: tally.replayed,
        gave_up: tally.gave_up,
        refusals: tally.refusals.clone(),
        click_to_door_min: spread(&tally.click_to_door),
        ready_to_pickup_min: spread(&tally.ready_to_pickup),
        lateness_min: spread(&tally.lateness),
        waiting_min: spread(&tally.waiting),
        distance_km: world.ridden_km(),
        distance_per_order_km: if delivered > 0.0 { world.ridden_km() / delivered } else { 0.0 },
        orders_per_trip: hundredths(share(tally.trip_orders, trips)),
        earned_per_hour_paise: an_hour(earned, hours),
        earnings_gini: gini(&rates),
        on_time_share: share(tally.on_time, delivered),
        arrivals: arrivals(app, city, stage.start, ended).await?,
        books: books(app, city).await?,
        events,
        event_log_hash,
        simulated_s: ended.duration_since(stage.start).as_secs_f64(),
        wall_s,
        orders_per_s: share(tally.placed, wall_s),
    })
}

#[expect(clippy::cast_precision_loss, reason = "a day's pay stays below 2^53")]
fn an_hour(paise: i64, hours: f64) -> f64 {
    paise as f64 / hours.max(f64::EPSILON)
}

/// The Gini coefficient (C. Gini, *Variabilita e mutabilita*, 1912): half the mean difference between any two, over the
/// mean.
#[expect(clippy::cast_precision_loss, reason = "couriers are few")]
fn gini(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let total: f64 = sorted.iter().sum();
    if total <= 0.0 {
        return 0.0;
    }
    let count = sorted.len() as f64;
    let ranked: f64 = (1..).zip(&sorted).map(|(rank, value)| f64::from(rank) * value).sum();
    2.0 * ranked / (count * total) - (count + 1.0) / count
}

async fn arrivals(app: &App, city: &Cast, start: Timestamp, ended: Timestamp) -> Result<Vec<PartFit>, Error> {
    let ctx = app.ctx(Actor::System);
    let compared = app.eta_calibration(&ctx, city.id, Some(start), Some(ended)).await?;
    let parts = compared.parts.into_iter().chain([("total".to_owned(), compared.total)]);
    Ok(parts.map(|(part, fit)| PartFit::of(part, &fit)).collect())
}

async fn hash_events(app: &App, mut position: Position) -> Result<(u64, String), Error> {
    let (mut hash, mut events) = (Sha256::new(), 0);
    loop {
        let batch = app.events_after(position, EVENTS_AT_ONCE).await?;
        let Some(last) = batch.last() else { return Ok((events, HEXLOWER.encode(&hash.finalize()))) };
        position = app::events::position(last);
        for recorded in &batch {
            let payload = serde_json::to_string(&recorded.event).map_err(|error| Error::Broken(error.to_string()))?;
            hash.update(recorded.event.kind());
            hash.update(recorded.event.subject().as_bytes());
            hash.update(payload);
            hash.update(recorded.at.as_microsecond().to_le_bytes());
            events += 1;
        }
    }
}

async fn books(app: &App, city: &Cast) -> Result<Books, Error> {
    let ids = |rows: Vec<(OrderId,)>| rows.into_iter().map(|(id,)| id).collect();
    let riders = city.riders.iter().map(|rider| rider.id);
    let own =
        [Account::Gateway, Account::TaxPayable, Account::PlatformRevenue, Account::CourierCost, Account::PlatformLoss];
    let accounts = own
        .into_iter()
        .chain(city.kitchens.iter().map(|kitchen| Account::RestaurantPayable(*kitchen)))
        .chain(riders.flat_map(|rider| [Account::CourierCash(rider), Account::CourierPayable(rider)]));
    let mut balances = BTreeMap::new();
    for account in accounts {
        balances.insert(account, app.balance(account).await?);
    }
    let held = |account| balances.get(&account).copied().unwrap_or_default();
    Ok(Books {
        unsettled: ids(app.db.all(&ledger::LIST_UNSETTLED, args![NAMED]).await?),
        unposted: ids(app.db.all(&ledger::LIST_UNPOSTED, args![NAMED]).await?),
        // The orders' own accounts are at zero by then, or the lists above name them.
        imbalance_paise: balances.values().sum(),
        gateway_paise: held(Account::Gateway),
        revenue_paise: -held(Account::PlatformRevenue),
    })
}

fn spread(values: &[f64]) -> Spread {
    if values.is_empty() {
        return Spread::default();
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
    let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
    let at = |tenths: usize| sorted[(sorted.len() * tenths / 10).min(sorted.len() - 1)];
    Spread { mean: hundredths(mean), p50: hundredths(at(5)), p90: hundredths(at(9)) }
}

#[cfg(test)]
mod tests {
    use super::gini;

    #[test]
    fn equal_pay_has_no_gini_and_one_who_takes_all_nearly_one() {
        assert!(gini(&[500.0, 500.0, 500.0, 500.0]).abs() < 1e-12);
        assert!((gini(&[0.0, 0.0, 0.0, 1_000.0]) - 0.75).abs() < 1e-12);
        assert!((gini(&[1.0, 2.0, 3.0, 4.0]) - 0.25).abs() < 1e-12);
        assert!(gini(&[0.0, 0.0]).abs() < 1e-12);
    }
}
