//! All orders of a round at once, so that the sum of the costs is smallest: the assignment problem, solved by the
//! Hungarian method (Kuhn 1955, Munkres 1957).

use domain::{courier::Vehicle, geo::Point};
use pathfinding::{kuhn_munkres::kuhn_munkres_min, matrix::Matrix};

use crate::{Policy, Proposal, Round, is_due, rank::judge};

/// A pair that cannot be. Large enough never to be preferred, small enough to be summed.
const IMPOSSIBLE: i64 = 1_000_000_000;

/// Minimum-cost matching of the whole round.
#[derive(Clone, Copy, Debug, Default)]
pub struct Batched;

impl Policy for Batched {
    fn name(&self) -> &'static str {
        "batched"
    }

    fn propose(&self, round: &Round, way_s: &dyn Fn(Point, Point, Vehicle) -> i64) -> Vec<Proposal> {
        let pairs: Vec<Vec<_>> = round
            .orders
            .iter()
            .map(|order| round.couriers.iter().map(|courier| judge(order, courier, round, way_s).ok()).collect())
            .collect();
        let cost = |order: usize, courier: usize| {
            let pair = pairs.get(order).and_then(|row| row.get(courier)).and_then(Option::as_ref);
            // An order that has waited long weighs more than a second saved elsewhere.
            pair.map_or(IMPOSSIBLE, |pair| pair.cost_s() - round.orders[order].unassigned_s)
        };
        // The method wants at least as many columns as rows; columns without a courier mean "not now".
        let columns = round.couriers.len().max(round.orders.len());
        if round.orders.is_empty() || round.couriers.is_empty() {
            return Vec::new();
        }
        let costs = Matrix::from_fn(round.orders.len(), columns, |(order, courier)| cost(order, courier));
        let (_, chosen) = kuhn_munkres_min(&costs);
        let matched = chosen.into_iter().enumerate().filter_map(|(order, courier)| {
            let pair = pairs.get(order)?.get(courier)?.as_ref()?;
            let order = round.orders.get(order)?;
            // Asked only now: were the near courier left out as not yet due, a far one would be sent instead.
            let due = is_due(order, pair.pickup_s, round);
            due.then_some(Proposal::single(order.id, pair.courier, pair.pickup_s))
        });
        matched.collect()
    }
}
