//! How much longer or shorter ways take than a map says: by city, vehicle, part of the week and weather, and how long the
//! hand-overs at counter and door take.
//!
//! The factor is a product of effects. Each delivery moves every effect by what the others leave unexplained (backfitting,
//! after Buja, Hastie and Tibshirani 1989, one delivery at a time), so that rain at dinner is not counted as dinner. The hand-overs are the intercept of a line through (seconds of the way, seconds it took).

use domain::{arrival::Weather, courier::Vehicle};
use serde::{Deserialize, Serialize};

use super::Slot;

/// Effects count as if they had been seen so often before anything was.
const PRIOR: f64 = 25.0;
/// Seconds after which a delivery is worth half.
const HALF_LIFE_S: f64 = 28.0 * 86_400.0;
/// Ways shorter than this say more about stairs than about streets.
const SHORTEST_S: f64 = 60.0;
/// A way may take so many times longer or shorter; beyond that somebody had lunch.
const MOST: f64 = 4.0;
/// Counter and door, until learned: a minute to get the bag, two to park and climb the stairs.
const HANDOVER_S: f64 = 180.0;
/// The counter's share of it.
const COUNTER_S: f64 = 60.0;

/// A fading mean of logarithms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Effect {
    weight: f64,
    sum: f64,
}

impl Effect {
    fn value(self, prior: f64) -> f64 {
        prior.mul_add(PRIOR, self.sum) / (self.weight + PRIOR)
    }

    fn add(&mut self, value: f64) {
        self.weight += 1.0;
        self.sum += value;
    }

    fn fade(&mut self, left: f64) {
        self.weight *= left;
        self.sum *= left;
    }
}

/// Fading sums for a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

/// The prior as deliveries: a short and a long way that took as long as they should.
const FIRST_LINE: [(f64, f64); 2] = [(240.0, 240.0 + HANDOVER_S), (900.0, 900.0 + HANDOVER_S)];

impl Default for Line {
    fn default() -> Self {
        Self { n: 0.0, x: 0.0, y: 0.0, xx: 0.0, xy: 0.0 }
    }
}

impl Line {
    fn add(&mut self, x: f64, y: f64, weight: f64) {
        self.n += weight;
        self.x += weight * x;
        self.y += weight * y;
        self.xx += weight * x * x;
        self.xy += weight * x * y;
    }

    fn fade(&mut self, left: f64) {
        for sum in [&mut self.n, &mut self.x, &mut self.y, &mut self.xx, &mut self.xy] {
            *sum *= left;
        }
    }

    fn intercept(mut self) -> f64 {
        for (x, y) in FIRST_LINE {
            self.add(x, y, PRIOR / 2.0);
        }
        let slope = (self.n * self.xy - self.x * self.y) / (self.n * self.xx - self.x * self.x);
        ((self.y - slope * self.x) / self.n).clamp(15.0, 420.0)
    }
}

/// Under which circumstances somebody rides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ride {
    /// On what.
    pub vehicle: Vehicle,
    /// When.
    pub slot: Slot,
    /// In which weather.
    pub weather: Weather,
}

/// What was learned about the ways of a city.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    city: Effect,
    vehicles: [Effect; Vehicle::ALL.len()],
    slots: [Effect; Slot::COUNT],
    weather: [Effect; Weather::ALL.len()],
    handover: Line,
    at_s: i64,
}

impl Pace {
    /// The second of the newest delivery.
    pub const fn at_s(&self) -> i64 {
        self.at_s
    }

    /// Deliveries that it is worth.
    pub const fn weight(&self) -> f64 {
        self.city.weight
    }

    /// How many times longer than the map says a way takes.
    pub fn factor(&self, ride: Ride) -> f64 {
        (self.city.value(0.0) + self.vehicle(ride) + self.slot(ride) + self.rain(ride)).exp()
    }

    /// Seconds for counter and door together.
    pub fn handover_s(&self) -> f64 {
        self.handover.intercept()
    }

    /// Seconds for the door alone.
    pub fn door_s(&self) -> f64 {
        (self.handover_s() - COUNTER_S).max(self.handover_s() / 2.0)
    }

    /// Notes a last mile: the seconds that the map said, and those from when the bag could leave to the door.
    pub fn note(&mut self, ride: Ride, way_s: f64, took_s: f64, at_s: i64) {
        self.fade(at_s);
        let handover = self.handover_s();
        self.handover.add(way_s * self.factor(ride), took_s.min(way_s * MOST + 4.0 * HANDOVER_S), 1.0);
        if way_s < SHORTEST_S {
            return;
        }
        let seen = ((took_s - handover) / way_s).clamp(1.0 / MOST, MOST).ln();
        let [city, vehicle, slot, rain] = [self.city.value(0.0), self.vehicle(ride), self.slot(ride), self.rain(ride)];
        // What all four together leave unexplained, with the own share given back to each.
        let left = seen - city - vehicle - slot - rain;
        self.city.add(left + city);
        self.vehicles[place(ride.vehicle)].add(left + vehicle);
        self.slots[ride.slot.number()].add(left + slot);
        self.weather[ride.weather as usize].add(left + rain);
    }

    fn fade(&mut self, at_s: i64) {
        let passed = at_s - self.at_s;
        self.at_s = self.at_s.max(at_s);
        if passed <= 0 || self.handover.n == 0.0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "seconds of years stay below 2^53")]
        let left = 0.5_f64.powf(passed as f64 / HALF_LIFE_S);
        let effects = self.vehicles.iter_mut().chain(&mut self.slots).chain(&mut self.weather);
        effects.chain([&mut self.city]).for_each(|effect| effect.fade(left));
        self.handover.fade(left);
    }

    fn vehicle(&self, ride: Ride) -> f64 {
        self.vehicles[place(ride.vehicle)].value(0.0)
    }

    fn slot(&self, ride: Ride) -> f64 {
        self.slots[ride.slot.number()].value(usual(ride.slot).ln())
    }

    fn rain(&self, ride: Ride) -> f64 {
        self.weather[ride.weather as usize].value(ride.weather.usual_factor().ln())
    }
}

/// How much longer ways take at a part of the day, until learned: emptier streets at night, the offices' traffic in the
/// morning and in the evening.
fn usual(slot: Slot) -> f64 {
    match slot.day_part() {
        "night" => 0.92,
        "morning" | "lunch" => 1.04,
        "dinner" => 1.1,
        _ => 1.0,
    }
}

fn place(vehicle: Vehicle) -> usize {
    Vehicle::ALL.iter().position(|one| *one == vehicle).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{HANDOVER_S, Pace, Ride};
    use crate::arrival::Slot;
    use domain::{arrival::Weather, courier::Vehicle};
    use jiff::civil::date;

    fn ride(hour: i8, vehicle: Vehicle, weather: Weather) -> Ride {
        Ride { vehicle, weather, slot: Slot::at(date(2026, 11, 20).at(hour, 0, 0, 0)) }
    }

    /// Deliveries of a town whose scooters are a tenth slower, whose dinners take a third longer, whose rain half again
    /// as long, with four minutes of hand-overs.
    fn learned() -> Pace {
        let mut pace = Pace::default();
        for order in 0_i32..4_000 {
            let dinner = order % 2 == 0;
            // It rains at dinner rather than at lunch.
            let rain = order % 10 == 0 || order % 10 == 4 || order % 20 == 1;
            let vehicle = if order % 3 == 0 { Vehicle::Bicycle } else { Vehicle::Scooter };
            let way_s = 240.0 + f64::from(order % 7) * 120.0;
            let factor = [(dinner, 1.33), (rain, 1.5), (vehicle == Vehicle::Scooter, 1.1)];
            let factor: f64 = factor.into_iter().filter(|one| one.0).map(|one| one.1).product();
            let weather = if rain { Weather::Rain } else { Weather::Clear };
            let ride = ride(if dinner { 20 } else { 13 }, vehicle, weather);
            pace.note(ride, way_s, way_s * factor + 240.0, i64::from(order) * 60);
        }
        pace
    }

    #[test]
    fn before_anything_was_seen_the_priors_hold() {
        let pace = Pace::default();
        assert!((pace.handover_s() - HANDOVER_S).abs() < 1e-6);
        assert!((pace.factor(ride(16, Vehicle::Scooter, Weather::Clear)) - 1.0).abs() < 1e-9);
        let wet = pace.factor(ride(16, Vehicle::Scooter, Weather::HeavyRain));
        assert!((wet - Weather::HeavyRain.usual_factor()).abs() < 1e-9);
    }

    #[test]
    fn rain_and_dinner_are_told_apart() {
        let pace = learned();
        let of = |hour, weather| pace.factor(ride(hour, Vehicle::Scooter, weather));
        let dinner = of(20, Weather::Clear) / of(13, Weather::Clear);
        let rain = of(13, Weather::Rain) / of(13, Weather::Clear);
        assert!((dinner - 1.33).abs() < 0.06, "{dinner}");
        assert!((rain - 1.5).abs() < 0.12, "{rain}");
        assert!((of(13, Weather::Clear) - 1.1).abs() < 0.08, "{}", of(13, Weather::Clear));
        assert!((pace.handover_s() - 240.0).abs() < 40.0, "{}", pace.handover_s());
    }

    #[test]
    fn one_wild_delivery_moves_little() {
        let mut pace = learned();
        let calm = ride(13, Vehicle::Scooter, Weather::Clear);
        let before = pace.factor(calm);
        pace.note(calm, 300.0, 90_000.0, 240_000);
        assert!((pace.factor(calm) / before - 1.0).abs() < 0.02);
        assert!(pace.handover_s().is_finite());
    }
}
