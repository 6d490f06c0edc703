//! When an order should arrive: what was said of each part, from what, and why it moved.
//!
//! Data only. How it is estimated and learned is the business of the crate `eta`.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// So long before the food is due a courier is wanted; earlier ones would only wait.
pub const WANTED_BEFORE_S: i64 = 300;
/// And so long the platform may look for one by itself.
pub const FOUND_WITHIN_S: i64 = 180;
/// What is later by no more than this is as it was said.
pub const KEPT_S: i64 = 120;

/// From when an accepted order wants a courier: five minutes before its food is due, or when it is ready, if that is
/// sooner.
pub fn courier_wanted_at(accepted_at: Timestamp, due_at: Timestamp, ready_at: Option<Timestamp>) -> Timestamp {
    let before = due_at - SignedDuration::from_secs(WANTED_BEFORE_S);
    accepted_at.max(ready_at.map_or(before, |ready| ready.min(before)))
}

/// The weather in a city as its operators set it; there is no weather service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weather {
    /// Nothing that slows anybody.
    #[default]
    Clear,
    /// Wet roads.
    Rain,
    /// Riders stop under bridges.
    HeavyRain,
    /// Water stands in the streets.
    Flooded,
}

impl Weather {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Rain, Self::HeavyRain, Self::Flooded];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Rain => "rain",
            Self::HeavyRain => "heavy_rain",
            Self::Flooded => "flooded",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|weather| weather.as_str() == text)
    }

    /// How much longer ways take, until it was learned from deliveries. Assumptions on the careful side: most couriers
    /// ride on two wheels.
    pub const fn usual_factor(self) -> f64 {
        match self {
            Self::Clear => 1.0,
            Self::Rain => 1.15,
            Self::HeavyRain => 1.35,
            Self::Flooded => 1.7,
        }
    }
}

/// Two points of a distribution, in whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// As often sooner as later.
    pub p50_s: i64,
    /// Nine of ten are sooner.
    pub p90_s: i64,
}

/// What was expected of an order when it was priced: each part, the whole, and the facts it followed from, so that it can
/// be compared with what happened and be learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// When that was.
    pub made_at: Timestamp,
    /// Until a courier takes it, from when one is wanted.
    pub assignment: Span,
    /// From there to the counter.
    pub first_mile: Span,
    /// From then until the food is ready.
    pub preparation: Span,
    /// From when the bag can leave to the door.
    pub last_mile: Span,
    /// From then to the door.
    pub total: Span,
    /// The kitchen's usual minutes, in seconds.
    pub usual_prep_s: i64,
    /// Orders that the kitchen was cooking.
    pub cooking: i64,
    /// Orders of the city that waited for a courier.
    pub waiting: i64,
    /// Couriers who were free.
    pub free: i64,
    /// Orders in front of it that nobody had taken, those whose food was still cooked included.
    #[serde(default)]
    pub ahead: i64,
    /// Couriers at work.
    #[serde(default)]
    pub couriers: i64,
    /// The wait for a courier that followed, in seconds from when one is wanted; nothing without a queue.
    #[serde(default)]
    pub queue_s: i64,
    /// Seconds of the last mile as the ways say, before anything learned.
    pub way_s: i64,
    /// Who knew the way: `straight-line`, `streets`, or the name of a routing engine.
    pub engine: String,
    /// How long ways took at that moment, in per cent of what the engine says.
    pub pace_pct: i64,
    /// The weather.
    pub weather: Weather,
}

/// Why an arrival moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delay {
    /// The kitchen is running late.
    Kitchen,
    /// Nobody has taken it, although somebody should have by now.
    WaitingForCourier,
    /// Whoever has it takes longer.
    Courier,
    /// Ways take longer than when it was placed.
    Traffic,
    /// None of these: it was reckoned too short.
    Estimate,
}

impl Delay {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Kitchen, Self::WaitingForCourier, Self::Courier, Self::Traffic, Self::Estimate];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kitchen => "kitchen-delay",
            Self::WaitingForCourier => "no-courier-yet",
            Self::Courier => "courier-slow",
            Self::Traffic => "traffic",
            Self::Estimate => "estimate",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::courier_wanted_at;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn a_courier_is_wanted_shortly_before_the_food_is_there() {
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        assert_eq!(courier_wanted_at(at(60), at(1_260), None), at(960));
        assert_eq!(courier_wanted_at(at(60), at(300), None), at(60), "quick food, at once");
        assert_eq!(courier_wanted_at(at(60), at(1_260), Some(at(700))), at(700), "sooner than it was due");
        assert_eq!(courier_wanted_at(at(60), at(1_260), Some(at(1_500))), at(960), "later than it was due");
    }
}
