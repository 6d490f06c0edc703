//! Where couriers without a plan go while they wait, when couriers may be sent ahead.
//!
//! Some go where the orders that may be placed next would wait longest without them, see [`super::coverage`]: the kitchens
//! beyond the reach of everybody. The others go nearer to demand if that is worth the way, see [`super::value`]: there only
//! kitchens with an open order are tried, and each gets one courier a round, or all would gather in one place; they count
//! as supply there from the next round on. In the last minutes of a shift a courier stays.

use super::{
    Instruction, Situation, Time, Travel,
    board::{Board, narrow},
    coverage::Coverage,
    plan::{Plan, Route},
    preparation::Preparation,
    stage,
};

/// Couriers that a round sends where orders would wait, at most. The next round knows them to be under way.
const MOST_COVERING: usize = 3;

/// In so many last minutes of a shift a courier stays where they are.
const LAST: Time = 15;

/// The couriers who move, with where they go.
pub(super) fn moves<T: Travel>(
    board: &Board,
    plan: &Plan,
    situation: &Situation<T>,
    travel: &T,
    preparation: &Preparation,
) -> Vec<(usize, Instruction)> {
    let idle = |(rider, route): (usize, &Route)| is_idle(board, rider, route).then_some(rider);
    let mut idle: Vec<usize> = plan.routes.iter().enumerate().filter_map(idle).collect();
    if idle.is_empty() {
        return Vec::new();
    }
    let mut moves = covering(board, &mut idle, Coverage::new(board, plan, situation, travel, preparation));
    moves.extend(nearing(board, &idle));
    let instruction = |(rider, pickup): (usize, usize)| {
        let courier = &situation.couriers[board.rider_numbers[rider]];
        let stage = stage::first(situation, travel, courier, pickup, 0, board.settings.minute);
        (rider, Instruction::Move { courier: courier.id, pickup: stage.unwrap_or(pickup) })
    };
    moves.into_iter().map(instruction).collect()
}

/// Who goes where orders would wait. They are idle no more.
fn covering(board: &Board, idle: &mut Vec<usize>, mut coverage: Coverage) -> Vec<(usize, usize)> {
    let least = board.settings.idle_gain * f64::from(board.settings.minute);
    let mut moves = Vec::new();
    while let Some((gain, rider, kitchen)) = coverage.best_move(idle) {
        if gain <= least || moves.len() == MOST_COVERING {
            break;
        }
        coverage.go(rider, kitchen);
        idle.retain(|other| *other != rider);
        moves.push((rider, coverage.kitchens[kitchen]));
    }
    moves
}

/// Who goes nearer to demand.
fn nearing(board: &Board, idle: &[usize]) -> Vec<(usize, usize)> {
    let mut kitchens: Vec<u16> = (0..board.pickup_numbers.len()).map(narrow).collect();
    let mut moves = Vec::new();
    for rider in idle {
        let Some(kitchen) = best(board, *rider, &kitchens) else { continue };
        kitchens.retain(|other| *other != kitchen);
        moves.push((*rider, board.pickup_numbers[usize::from(kitchen)]));
    }
    moves
}

fn is_idle(board: &Board, rider: usize, route: &Route) -> bool {
    let it = &board.riders[rider];
    route.bundles().is_empty()
        && it.free_at <= board.now
        && it.off_at.saturating_sub(board.now) >= LAST * board.settings.minute
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
    use domain::id::OrderId;
    use uuid::Uuid;

    use crate::planner::{
        Courier, Instruction, Order, Pickup, Planner, Settings, Situation,
        road::{Road, courier},
    };

    /// The only order, at kilometre 0 and not ready for an hour, is for the first courier: nobody else may have it.
    fn evening(waiting: &[Courier<Road>]) -> Situation<Road> {
        let order = Order {
            id: OrderId(Uuid::from_u128(1)),
            pickup: 0,
            door: 5,
            ready_at: 60,
            barred: waiting.iter().map(|courier| courier.id).collect(),
            promised_to: None,
            held_since: None,
        };
        Situation {
            now: 0,
            couriers: [&[courier(0, 3)], waiting].concat(),
            orders: vec![order],
            pickups: vec![Pickup { place: 0, demand: 4.0 }, Pickup { place: 90, demand: 4.0 }],
        }
    }

    /// Food is ready at once here, and much is ordered at kilometre 10, where nothing is open at present.
    fn hurry(waiting: &[Courier<Road>]) -> Situation<Road> {
        let mut hurry = evening(waiting);
        hurry.orders[0].ready_at = 0;
        hurry.pickups[1] = Pickup { place: 10, demand: 60.0 };
        hurry
    }

    fn moved(late_binding: bool, waiting: &[Courier<Road>]) -> Vec<(u128, usize)> {
        moved_in(late_binding, &evening(waiting))
    }

    fn moved_in(late_binding: bool, situation: &Situation<Road>) -> Vec<(u128, usize)> {
        let settings = Settings { late_binding, ..Settings::with_minute(1) };
        let mut planner = Planner::new(settings, 1);
        // So often that the first guess does not matter.
        for _ in 0..1_000 {
            planner.preparation.see(situation.orders[0].ready_at);
        }
        let instructions = planner.round(situation, &Road);
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
        assert_eq!(moved(true, &[Courier { off_at: 14, ..courier(1, 20) }]), []);
        assert_eq!(moved(true, &[Courier { free_at: 1, ..courier(1, 20) }]), []);
    }

    #[test]
    fn one_courier_a_round_goes_to_a_kitchen() {
        assert_eq!(moved(true, &[courier(1, 20), courier(2, 21)]), [(1, 0)]);
    }

    /// The first courier is on the way to the order at kilometre 0 in any case.
    #[test]
    fn somebody_goes_where_the_next_orders_would_wait() {
        assert_eq!(moved_in(true, &hurry(&[courier(1, 20)])), [(0, 0), (1, 1)]);
        assert_eq!(moved_in(true, &hurry(&[courier(1, 10)])), [(0, 0)]);
    }

    #[test]
    fn nobody_goes_where_somebody_waits_already() {
        assert_eq!(moved_in(true, &hurry(&[courier(1, 10), courier(2, 20)])), [(0, 0)]);
    }
}
