//! One day of the benchmark as it is given.

use crate::planner::{Time, Travel};

/// A point on the plane, in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// To the east.
    pub x: f64,
    /// To the north.
    pub y: f64,
}

/// An order.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its name in the files.
    pub name: String,
    /// The door.
    pub spot: Spot,
    /// When it becomes known.
    pub placed_at: Time,
    /// Its restaurant, by number.
    pub restaurant: usize,
    /// When the food is ready.
    pub ready_at: Time,
}

/// A restaurant.
#[derive(Clone, Debug, PartialEq)]
pub struct Restaurant {
    /// Its name in the files.
    pub name: String,
    /// Where it is.
    pub spot: Spot,
}

/// A courier's shift.
#[derive(Clone, Debug, PartialEq)]
pub struct Courier {
    /// Their name in the files.
    pub name: String,
    /// Where the shift starts.
    pub spot: Spot,
    /// When it starts.
    pub on_at: Time,
    /// When it ends: nothing is picked up later.
    pub off_at: Time,
}

/// What holds for the whole day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    /// Speed of every courier.
    pub metres_per_minute: f64,
    /// Minutes that a pickup takes.
    pub pickup_service: Time,
    /// Minutes that a drop-off takes.
    pub dropoff_service: Time,
    /// Click-to-door that is aimed at.
    pub target_click_to_door: Time,
    /// Click-to-door that should never be exceeded.
    pub most_click_to_door: Time,
    /// Pay for each order.
    pub pay_per_order: f64,
    /// Pay that each hour of a shift guarantees.
    pub guaranteed_hourly: f64,
}

/// A day.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// The name of its folder.
    pub name: String,
    /// All orders.
    pub orders: Vec<Order>,
    /// All restaurants.
    pub restaurants: Vec<Restaurant>,
    /// All couriers.
    pub couriers: Vec<Courier>,
    /// What holds for all.
    pub parameters: Parameters,
}

impl Courier {
    /// Length of the shift.
    pub fn shift_minutes(&self) -> f64 {
        f64::from(self.off_at - self.on_at)
    }
}

impl Travel for Instance {
    type Place = Spot;
    type Vehicle = ();

    /// The straight way, rounded up to whole minutes.
    #[expect(clippy::cast_possible_truncation, reason = "the reader refuses coordinates that are days apart")]
    fn time(&self, from: Spot, to: Spot, (): ()) -> Time {
        let (east, north) = (to.x - from.x, to.y - from.y);
        ((east * east + north * north).sqrt() / self.parameters.metres_per_minute).ceil() as Time
    }
}
