//! What a place is worth: how far it is from where orders are expected and couriers are few.
//!
//! `-(1/nearness) ln sum_r p_r exp(-nearness travel(x, r))`, a soft minimum of the ways to all kitchens. `p_r` is the
//! demand of kitchen r divided by the couriers who will be near it soon, normalised. With slack, this takes the far
//! courier for an order that takes long to cook: the ride is a free move to a better place.

use super::{Settings, Situation, Time, Travel};

/// Ways longer than this many minutes count as infinitely long.
const FARTHEST: i32 = 180;

/// The distance from demand for each of some places, in ticks, for a vehicle. All zero while nothing is ordered.
pub(super) fn of_places<T: Travel>(
    settings: &Settings,
    situation: &Situation<T>,
    travel: &T,
    vehicle: T::Vehicle,
    places: &[T::Place],
) -> Vec<f64> {
    let near = Nearness::new(settings);
    let wanted: Vec<(T::Place, f64)> = wanted(settings, situation, travel, &near);
    if wanted.is_empty() {
        return vec![0.0; places.len()];
    }
    let of = |place: &T::Place| {
        let sum: f64 =
            wanted.iter().map(|(kitchen, share)| share * near.of(travel.time(*place, *kitchen, vehicle))).sum();
        near.distance(sum)
    };
    places.iter().map(of).collect()
}

/// Kitchens with their share of the demand that is not yet served by couriers nearby.
fn wanted<T: Travel>(
    settings: &Settings,
    situation: &Situation<T>,
    travel: &T,
    near: &Nearness,
) -> Vec<(T::Place, f64)> {
    let soon = f64::from(situation.now) + settings.supply_horizon * f64::from(settings.minute);
    let couriers: Vec<_> = situation
        .couriers
        .iter()
        .filter(|courier| f64::from(courier.free_at) <= soon && courier.off_at >= situation.now)
        .collect();
    let mut wanted: Vec<(T::Place, f64)> = situation
        .pickups
        .iter()
        .filter(|pickup| pickup.demand > 1e-9)
        .map(|pickup| {
            let way = |courier: &&super::Courier<T>| travel.time(courier.place, pickup.place, courier.vehicle);
            let supply: f64 = couriers.iter().map(|courier| near.of(way(courier))).sum();
            (pickup.place, pickup.demand / (settings.supply_floor + supply).powf(settings.supply_power))
        })
        .collect();
    let total: f64 = wanted.iter().map(|(_, share)| share).sum();
    for (_, share) in &mut wanted {
        *share /= total;
    }
    wanted
}

/// `exp(-nearness t)` by the tick, and the way back.
struct Nearness {
    by_tick: Vec<f64>,
    per_tick: f64,
    farthest: f64,
}

impl Nearness {
    fn new(settings: &Settings) -> Self {
        let per_tick = settings.nearness / f64::from(settings.minute);
        let ticks = FARTHEST * settings.minute;
        let by_tick = (0..=ticks).map(|tick| (-per_tick * f64::from(tick)).exp()).collect();
        Self { by_tick, per_tick, farthest: f64::from(ticks) }
    }

    fn of(&self, way: Time) -> f64 {
        usize::try_from(way).ok().and_then(|way| self.by_tick.get(way)).copied().unwrap_or_default()
    }

    fn distance(&self, sum: f64) -> f64 {
        if sum > 0.0 { (-sum.ln() / self.per_tick).min(self.farthest) } else { self.farthest }
    }
}
