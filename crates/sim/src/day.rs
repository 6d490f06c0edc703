//! A recorded day: what happened in a city between two midnights, as far as a replay needs it, as one JSON document.
//!
//! It tells who cooked, where doors and couriers were, who worked when, and what became of each order in the kitchen. What
//! dispatch made of the day is not in it: a replay finds that out anew. Neither are people: no name, number, address
//! or id of a customer or courier. Their places are rounded ([`rounded`]), and stay personal data all the same.

mod check;
mod record;
mod settle;
mod shifts;

use std::time::Duration;

use domain::{courier::Vehicle, geo::Point, id::RestaurantId};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use check::DayError;
pub use record::record;
pub(crate) use settle::settle;

/// The version of the document that is written and read.
pub const VERSION: u32 = 1;

/// A day of a city.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// [`VERSION`].
    pub version: u32,
    /// The local date.
    pub date: Date,
    /// Where.
    pub city: City,
    /// Kitchens with an order.
    pub kitchens: Vec<Kitchen>,
    /// Couriers who worked.
    pub couriers: Vec<Courier>,
    /// Orders in the sequence of their placing.
    pub orders: Vec<Order>,
}

/// The city of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct City {
    /// Its name.
    pub name: String,
    /// Its short name in addresses.
    pub slug: String,
    /// GST state code.
    pub state_code: String,
    /// IANA time zone.
    pub timezone: String,
}

/// A kitchen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kitchen {
    /// Its id, by which orders name it.
    pub id: RestaurantId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub point: Point,
    /// Its usual preparation time, from which first promises follow.
    pub prep_minutes: i64,
    /// The platform's share of its food, in basis points.
    pub commission_bp: i64,
}

/// A courier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Courier {
    /// What they ride.
    pub vehicle: Vehicle,
    /// Where they were first seen, rounded.
    pub seen: Point,
    /// When they worked: one shift after the other.
    pub shifts: Vec<Shift>,
}

/// A time at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// From when.
    pub from: Timestamp,
    /// Until when; absent for who stayed until everything had ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Who cooks it.
    pub kitchen: RestaurantId,
    /// Where it goes, rounded.
    pub door: Point,
    /// Dishes and packing before tax.
    pub food_paise: i64,
    /// Tip.
    pub tip_paise: i64,
    /// What became of it before any courier; absent where that is not known, and left to luck in a replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
}

/// What the customer and the kitchen made of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fate {
    /// The kitchen accepted.
    Accepted {
        /// When.
        at: Timestamp,
        /// In how many minutes it promised the food.
        prep_minutes: i64,
        /// When the food was ready; absent where that is not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ready_at: Option<Timestamp>,
    },
    /// The kitchen refused.
    Refused {
        /// When.
        at: Timestamp,
    },
    /// The kitchen did not answer.
    Silent,
    /// It was called off before the kitchen answered.
    CalledOff {
        /// When.
        at: Timestamp,
    },
}

impl Day {
    /// When the first courier comes to work, or the first order if that is earlier.
    pub(crate) fn begins_at(&self) -> Option<Timestamp> {
        let shifts = self.couriers.iter().flat_map(|courier| &courier.shifts).map(|shift| shift.from);
        shifts.chain(self.orders.iter().map(|order| order.placed_at)).min()
    }

    /// The longest time that a kitchen took to answer; the rule for silence must not be shorter.
    pub(crate) fn slowest_answer(&self) -> Duration {
        let answered = |order: &Order| match order.fate? {
            Fate::Accepted { at, .. } | Fate::Refused { at } | Fate::CalledOff { at } => {
                at.duration_since(order.placed_at).try_into().ok()
            }
            Fate::Silent => None,
        };
        let slowest: Duration = self.orders.iter().filter_map(answered).max().unwrap_or_default();
        slowest + Duration::from_secs(1)
    }
}

/// A place to three decimals of a degree, some hundred metres: the block, but not the house.
pub fn rounded(point: Point) -> Point {
    let three = |degrees: f64| (degrees * 1e3).round() / 1e3;
    Point { lat: three(point.lat), lng: three(point.lng) }
}
