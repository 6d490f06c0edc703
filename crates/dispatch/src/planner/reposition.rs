//! Where couriers without a plan go while they wait, when couriers may be sent ahead.
//!
//! A courier who has nothing to do goes to a kitchen that is nearer to demand than they are, if that is worth the way. Only
//! kitchens with an open order are tried, and each gets one courier a round, or all would gather in one place: they count
//! as supply there from the next round on. How far a place is from demand, [`super::value`] says. In the last hour of a
//! shift the courier stays.

use super::{
    Instruction, Situation, Travel,
    board::{Board, narrow},
    plan::{Plan, Route},
};

/// The couriers who move, with where they go.
pub(super) fn moves<T: Travel>(board: &Board, plan: &Plan, situation: &Situation<T>) -> Vec<(usize, Instruction)> {
    let mut kitchens: Vec<u16> = (0..board.pickup_numbers.len()).map(narrow).collect();
    let mut moves = Vec::new();
    for (rider, route) in plan.routes.iter().enumerate() {
        if !is_idle(board, rider, route) {
            continue;
        }
        let Some(kitchen) = best(board, rider, &kitchens) else { continue };
        kitchens.retain(|other| *other != kitchen);
        let courier = situation.couriers[board.rider_numbers[rider]].id;
        let pickup = board.pickup_numbers[usize::from(kitchen)];
        moves.push((rider, Instruction::Move { courier, pickup }));
    }
    moves
}

fn is_idle(board: &Board, rider: usize, route: &Route) -> bool {
    let it = &board.riders[rider];
    route.bundles().is_empty() && it.free_at <= board.now && it.price >= 1.0
}

/// The kitchen that is worth most to the courier after the way there, if it is worth enough.
fn best(board: &Board, rider: usize, kitchens: &[u16]) -> Option<u16> {
    let settings = board.settings;
    let ways = board.ways_of(rider);
    let gain = |kitchen: u16| {
        let way = ways.to_pickup(rider, kitchen);
        let gain = ways.value[rider] - ways.value[board.kitchen(kitchen)] - settings.idle_way * f64::from(way);
        (way > 0).then_some((gain, kitchen))
    };
    let (gain, kitchen) =
        kitchens.iter().filter_map(|kitchen| gain(*kitchen)).max_by(|one, other| one.0.total_cmp(&other.0))?;
    (gain > settings.idle_gain * f64::from(settings.minute)).then_some(kitchen)
}

#[cfg(test)]
mod tests {
    use domain::id::{CourierId, OrderId};
    use uuid::Uuid;

    use crate::planner::{Courier, Instruction, Order, Pickup, Planner, Settings, Situation, Time, Travel};

    /// A road along which a kilometre takes a minute.
    #[derive(Clone, Debug)]
    struct Road;

    impl Travel for Road {
        type Place = i32;
        type Vehicle = ();

        fn time(&self, from: i32, to: i32, (): ()) -> Time {
            (from - to).abs()
        }
    }

    fn courier(number: u128, place: i32) -> Courier<Road> {
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

    /// The only order, at kilometre 0 and not ready for an hour, is for the first courier: nobody else may have it.
    fn evening(waiting: &[Courier<Road>]) -> Situation<Road> {
        let order = Order {
            id: OrderId(Uuid::from_u128(1)),
            pickup: 0,
            door: 5,
            ready_at: 60,
            barred: waiting.iter().map(|courier| courier.id).collect(),
        };
        Situation {
            now: 0,
            couriers: [&[courier(0, 3)], waiting].concat(),
            orders: vec![order],
            pickups: vec![Pickup { place: 0, demand: 4.0 }, Pickup { place: 90, demand: 4.0 }],
        }
    }

    fn moved(late_binding: bool, waiting: &[Courier<Road>]) -> Vec<(u128, usize)> {
        let settings = Settings { late_binding, ..Settings::with_minute(1) };
        let instructions = Planner::new(settings, 1).round(&evening(waiting), &Road);
        let moves = instructions.into_iter().map(|instruction| match instruction {
            Instruction::Move { courier, pickup } => (courier.0.as_u128(), pickup),
            Instruction::Serve { .. } => panic!("{instruction:?}"),
        });
        moves.collect()
    }

    #[test]
    fn who_has_nothing_to_do_goes_to_where_orders_are_expected() {
        assert_eq!(moved(true, &[courier(1, 20)]), [(1, 0)]);
        assert_eq!(moved(false, &[courier(1, 20)]), []);
    }

    #[test]
    fn a_courier_who_is_well_placed_or_about_to_leave_or_not_yet_free_stays() {
        assert_eq!(moved(true, &[courier(1, 88)]), []);
        assert_eq!(moved(true, &[Courier { off_at: 59, ..courier(1, 20) }]), []);
        assert_eq!(moved(true, &[Courier { free_at: 1, ..courier(1, 20) }]), []);
    }

    #[test]
    fn one_courier_a_round_goes_to_a_kitchen() {
        assert_eq!(moved(true, &[courier(1, 20), courier(2, 21)]), [(1, 0)]);
    }
}
