//! Each order in turn, oldest first, to whoever serves it best.

use domain::{courier::Vehicle, geo::Point, id::CourierId};

use crate::{Policy, Proposal, Round, is_due, rank};

/// Greedy, one order after the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nearest;

impl Policy for Nearest {
    fn name(&self) -> &'static str {
        "nearest"
    }

    fn propose(&self, round: &Round, way_s: &dyn Fn(Point, Point, Vehicle) -> i64) -> Vec<Proposal> {
        let mut taken: Vec<CourierId> = Vec::new();
        let mut proposals = Vec::new();
        for order in &round.orders {
            let (candidates, _) = rank(order, round, way_s);
            let best = candidates.iter().find(|candidate| !taken.contains(&candidate.courier));
            if let Some(best) = best.filter(|best| is_due(order, best.pickup_s, round)) {
                taken.push(best.courier);
                proposals.push(Proposal::single(order.id, best.courier, best.pickup_s));
            }
        }
        proposals
    }
}
