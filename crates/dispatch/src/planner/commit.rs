//! What of a plan must happen now. Everything else stays open, so that bundles keep growing and couriers keep changing.

use super::{
    Instruction, Situation, Time, Travel,
    board::Board,
    evaluate,
    plan::{Bundle, Plan, Route},
    stage,
};

/// Who is sent ahead leaves so many minutes before they must, if that allows a stage on the way.
const EARLY_FOR_STAGE: Time = 1;

/// The couriers whose first bundle is due, with what they must do.
pub(super) fn due<T: Travel>(
    board: &Board,
    plan: &Plan,
    situation: &Situation<T>,
    travel: &T,
) -> Vec<(usize, Instruction)> {
    let due = |(rider, route): (usize, &Route)| {
        let bundle = route.bundles().first()?;
        Some((rider, instruction(board, situation, travel, rider, bundle, route)?))
    };
    plan.routes.iter().enumerate().filter_map(due).collect()
}

fn instruction<T: Travel>(
    board: &Board,
    situation: &Situation<T>,
    travel: &T,
    rider: usize,
    bundle: &Bundle,
    route: &Route,
) -> Option<Instruction> {
    let settings = board.settings;
    let it = &board.riders[rider];
    if it.free_at > board.now || bundle.is_settled() {
        return None;
    }
    let courier = situation.couriers[board.rider_numbers[rider]].id;
    let pickup_at = evaluate::pickup_at(board, rider, route.stop(0), bundle);
    let stands = it.stands_at == Some(bundle.pickup);
    let leaves_at: Time = if stands {
        pickup_at
    } else {
        bundle.ready_at - settings.half_pickup - settings.early - way(board, rider, bundle)
    };
    // Who is under way beyond the horizon is forgotten meanwhile, and the order would get a second courier.
    let is_near = f64::from(way(board, rider, bundle)) <= settings.horizon * f64::from(settings.minute);
    if settings.late_binding && !stands && is_near && !bundle.is_begun() {
        let pickup = ahead(board, situation, travel, rider, bundle, leaves_at)?;
        return Some(Instruction::Move { courier, pickup });
    }
    if leaves_at > board.now && !closes_soon(board, rider, bundle, route) {
        return None;
    }
    let orders = bundle.orders().iter().map(|order| situation.orders[usize::from(*order)].id).collect();
    Some(Instruction::Serve { courier, orders, pickup_at })
}

/// Where a courier goes now who must leave at some moment for the kitchen of a bundle: there, or to a stage on the way.
fn ahead<T: Travel>(
    board: &Board,
    situation: &Situation<T>,
    travel: &T,
    rider: usize,
    bundle: &Bundle,
    leaves_at: Time,
) -> Option<usize> {
    let minute = board.settings.minute;
    let spare = leaves_at - board.now;
    if spare > EARLY_FOR_STAGE * minute {
        return None;
    }
    let courier = &situation.couriers[board.rider_numbers[rider]];
    let goal = board.pickup_numbers[usize::from(bundle.pickup)];
    let stage = stage::first(situation, travel, courier, goal, spare.max(0), minute);
    stage.or((spare <= 0).then_some(goal))
}

/// Whether something of a bundle that is promised already could be picked up about when others can still join it.
fn closes_soon(board: &Board, rider: usize, bundle: &Bundle, route: &Route) -> bool {
    let meals = bundle.orders().iter().map(|order| &board.meals[usize::from(*order)]);
    let Some(ready_at) = meals.filter(|meal| meal.is_promised).map(|meal| meal.ready_at).min() else { return false };
    let at_counter = evaluate::arrival(board, rider, route.stop(0), bundle.pickup);
    at_counter.max(ready_at) - board.settings.half_pickup - board.settings.early <= board.now
}

fn way(board: &Board, rider: usize, bundle: &Bundle) -> Time {
    board.ways_of(rider).to_pickup(rider, bundle.pickup)
}

#[cfg(test)]
mod tests {
    use domain::id::OrderId;
    use uuid::Uuid;

    use crate::planner::{
        Instruction, Order, Pickup, Planner, Settings, Situation,
        road::{Road, courier},
    };

    /// What a courier at this kilometre is told to do about the order at kilometre 0, which is ready.
    fn told(late_binding: bool, place: i32) -> Vec<Instruction> {
        let order = Order {
            id: OrderId(Uuid::from_u128(1)),
            pickup: 0,
            door: 5,
            ready_at: 0,
            barred: Vec::new(),
            promised_to: None,
            held_since: None,
        };
        let situation = Situation {
            now: 0,
            couriers: vec![courier(0, place)],
            orders: vec![order],
            pickups: vec![Pickup { place: 0, demand: 1.0 }],
        };
        Planner::new(Settings { late_binding, ..Settings::with_minute(1) }, 1).round(&situation, &Road)
    }

    #[test]
    fn who_leaves_is_bound_only_at_the_kitchen_unless_that_is_beyond_the_horizon() {
        assert!(matches!(told(false, 60)[..], [Instruction::Serve { .. }]));
        assert!(matches!(told(true, 60)[..], [Instruction::Move { .. }]));
        assert!(matches!(told(true, 61)[..], [Instruction::Serve { .. }]));
    }
}
