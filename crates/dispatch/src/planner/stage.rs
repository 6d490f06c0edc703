//! Stages of a long way: kitchens that lie on it.
//!
//! Who is under way is not diverted, but whoever reaches a kitchen can be told something else. So a courier who is sent ahead
//! goes only as far as the first kitchen on the way: an order that is placed meanwhile finds them free to turn.

use super::{Courier, Situation, Time, Travel};

/// The nearest kitchen on the courier's way to another one. Going there first may take so many ticks longer; stages of
/// less than `shortest` ticks are not worth it.
pub(super) fn first<T: Travel>(
    situation: &Situation<T>,
    travel: &T,
    courier: &Courier<T>,
    goal: usize,
    spare: Time,
    shortest: Time,
) -> Option<usize> {
    let time = |from, to| travel.time(from, to, courier.vehicle);
    let goal = situation.pickups[goal].place;
    let whole = time(courier.place, goal);
    let stage = |(number, place)| {
        let way = time(courier.place, place);
        let lies_between = shortest <= way && way < whole;
        (lies_between && way + time(place, goal) <= whole + spare).then_some((way, number))
    };
    let places = situation.pickups.iter().map(|pickup| pickup.place).enumerate();
    places.filter_map(stage).min().map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::first;
    use crate::planner::{
        Pickup, Situation,
        road::{Road, courier},
    };

    /// Which of the kitchens at these kilometres a courier at kilometre 20 goes to first, on the way to the first of them.
    fn stage(kitchens: &[i32], spare: i32) -> Option<usize> {
        let pickups = kitchens.iter().map(|place| Pickup { place: *place, demand: 0.0 }).collect();
        let situation = Situation { now: 0, couriers: Vec::new(), orders: Vec::new(), pickups };
        first(&situation, &Road, &courier(0, 20), 0, spare, 2)
    }

    #[test]
    fn the_first_kitchen_on_the_way_is_a_stage() {
        assert_eq!(stage(&[0, 10, 15], 0), Some(2));
        assert_eq!(stage(&[0, 10, 15, 19, 20, 30, -5], 0), Some(2));
        assert_eq!(stage(&[0], 0), None);
    }

    #[test]
    fn who_has_time_goes_a_longer_way() {
        assert_eq!(stage(&[0, 22], 3), None);
        assert_eq!(stage(&[0, 22], 4), Some(1));
    }
}
