//! What of a plan must happen now. Everything else stays open, so that bundles keep growing and couriers keep changing.

use super::{
    Instruction, Situation, Time, Travel,
    board::Board,
    evaluate,
    plan::{Bundle, Plan, Route},
};

/// The couriers whose first bundle is due, with what they must do.
pub(super) fn due<T: Travel>(board: &Board, plan: &Plan, situation: &Situation<T>) -> Vec<(usize, Instruction)> {
    let due = |(rider, route): (usize, &Route)| {
        let bundle = route.bundles().first()?;
        Some((rider, instruction(board, situation, rider, bundle, route)?))
    };
    plan.routes.iter().enumerate().filter_map(due).collect()
}

fn instruction<T: Travel>(
    board: &Board,
    situation: &Situation<T>,
    rider: usize,
    bundle: &Bundle,
    route: &Route,
) -> Option<Instruction> {
    let settings = board.settings;
    let it = &board.riders[rider];
    if it.free_at > board.now {
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
    if leaves_at > board.now {
        return None;
    }
    if settings.late_binding && !stands {
        return Some(Instruction::Move { courier, pickup: board.pickup_numbers[usize::from(bundle.pickup)] });
    }
    let orders = bundle.orders().iter().map(|order| situation.orders[usize::from(*order)].id).collect();
    Some(Instruction::Serve { courier, orders, pickup_at })
}

fn way(board: &Board, rider: usize, bundle: &Bundle) -> Time {
    board.ways_of(rider).to_pickup(rider, bundle.pickup)
}
