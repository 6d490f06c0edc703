//! A road for tests, along which a kilometre takes a minute.

use domain::id::CourierId;
use uuid::Uuid;

use super::{Courier, Time, Travel};

/// Places are kilometres.
#[derive(Clone, Debug)]
pub(super) struct Road;

impl Travel for Road {
    type Place = i32;
    type Vehicle = ();

    fn time(&self, from: i32, to: i32, (): ()) -> Time {
        (from - to).abs()
    }
}

/// A courier who is free at once, for five hours.
pub(super) fn courier(number: u128, place: i32) -> Courier<Road> {
    Courier {
        id: CourierId(Uuid::from_u128(number)),
        vehicle: (),
        place,
        free_at: 0,
        stands_at: None,
        off_at: 300,
        capacity: 1,
        within_guarantee: 10.0,
    }
}
