//! Couriers: their vehicles and what they are doing.

use serde::{Deserialize, Serialize};

/// What a courier rides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vehicle {
    /// On foot.
    Foot,
    /// Pedal bicycle.
    Bicycle,
    /// Electric bicycle.
    EBike,
    /// Scooter.
    Scooter,
    /// Motorcycle.
    Motorcycle,
    /// Car.
    Car,
    /// Van.
    Van,
}

impl Vehicle {
    /// All vehicles.
    pub const ALL: [Self; 7] =
        [Self::Foot, Self::Bicycle, Self::EBike, Self::Scooter, Self::Motorcycle, Self::Car, Self::Van];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Foot => "foot",
            Self::Bicycle => "bicycle",
            Self::EBike => "e_bike",
            Self::Scooter => "scooter",
            Self::Motorcycle => "motorcycle",
            Self::Car => "car",
            Self::Van => "van",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vehicle| vehicle.as_str() == text)
    }

    /// Door-to-door speed within a city, in metres per second, stops at crossings included. A prior, until learned
    /// from traces.
    pub const fn speed_mps(self) -> f64 {
        match self {
            Self::Foot => 1.3,
            Self::Bicycle => 3.6,
            Self::EBike => 4.7,
            Self::Scooter | Self::Motorcycle => 6.4,
            Self::Car | Self::Van => 5.6,
        }
    }

    /// How many orders fit at once.
    pub const fn capacity(self) -> usize {
        match self {
            Self::Foot | Self::Bicycle => 1,
            Self::EBike | Self::Scooter | Self::Motorcycle => 2,
            Self::Car | Self::Van => 4,
        }
    }
}

/// What a courier is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourierState {
    /// Off shift.
    Off,
    /// On shift, and at rest.
    OnBreak,
    /// On shift, nothing to do.
    Free,
    /// Looking at an offer.
    Offered,
    /// On the way to a kitchen.
    ToPickup,
    /// At the counter.
    Waiting,
    /// With food on board.
    ToDrop,
}

impl CourierState {
    /// As sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::OnBreak => "on_break",
            Self::Free => "free",
            Self::Offered => "offered",
            Self::ToPickup => "to_pickup",
            Self::Waiting => "waiting",
            Self::ToDrop => "to_drop",
        }
    }
}

/// After how many seconds without a fix a courier counts as silent.
pub const SILENT_AFTER_S: i64 = 60;
