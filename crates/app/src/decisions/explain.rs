//! What is kept of a decision: the chosen courier with their figures, the others who could have had the order with theirs,
//! and the nearest of those who could not, each with the reason.
//!
//! The figures are those of the order by itself. A policy that weighs all orders of a round together may choose somebody
//! who is not the first by them, and names nothing but the outcome: so the chosen one is kept whatever their rank.

use std::collections::{HashMap, HashSet};

use dispatch::{Candidate, Excluded, OpenOrder, Proposal, Round, rank};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, OrderId},
};
use serde::{Deserialize, Serialize};

use crate::{error::Error, orders::reasons, stored::json};

/// Candidates that are kept beside the chosen one.
const MOST_POSSIBLE: usize = 10;
/// Couriers that are kept among those who could not.
const MOST_LEFT_OUT: usize = 20;

/// Why each order of a proposal goes to this courier, as JSON.
pub(crate) type Explained = HashMap<OrderId, String>;

/// Why an order went to somebody. What decisions of earlier versions did not keep is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Explanation {
    /// Who was chosen, by the policy or by hand; nobody where the order was given back to dispatch.
    pub chosen: Option<Scored>,
    /// The first of those who could, by `cost_s`.
    pub possible: Vec<Scored>,
    /// The nearest of those who could not.
    pub left_out: Vec<LeftOut>,
    /// How many could not, by reason.
    pub impossible: Vec<(String, usize)>,
    /// The orders that were proposed together, in the sequence of delivery.
    pub bundle: Vec<OrderId>,
    /// Those that the courier had promised to fetch at the same counter already, and that these join.
    pub joins: Vec<OrderId>,
    /// The round that it was decided in.
    pub round: Option<RoundFigures>,
}

/// A courier who could have the order, and what it would cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// The courier.
    pub courier_id: CourierId,
    /// The place by `cost_s`, from 1; none for whom the order by itself would not be given to.
    #[serde(default)]
    pub rank: Option<usize>,
    /// Seconds until at the kitchen.
    pub pickup_s: i64,
    /// Seconds that the courier would stand at the counter.
    pub waits_s: i64,
    /// Seconds that the food would stand there.
    pub food_waits_s: i64,
    /// What the choice costs, in seconds.
    pub cost_s: i64,
    /// As with the candidates of an order; `given-another` where the same round gave them other orders.
    #[serde(default)]
    pub reasons: Vec<String>,
}

/// A courier who could not have the order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The courier.
    pub courier_id: CourierId,
    /// Why.
    pub reason: String,
}

/// What lay before the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundFigures {
    /// Orders without a courier.
    pub orders: usize,
    /// Couriers who were looked at.
    pub couriers: usize,
    /// Those of them who could have had this order.
    pub possible: usize,
}

/// For each order of a proposal why it goes to this courier, among all proposals of the round.
pub(crate) fn explain(
    round: &Round,
    proposal: &Proposal,
    all: &[Proposal],
    way_s: &dyn Fn(Point, Point, Vehicle) -> i64,
) -> Result<Explained, Error> {
    let given: HashSet<CourierId> = all.iter().map(|one| one.courier).collect();
    let proposed = round.orders.iter().filter(|order| proposal.orders.contains(&order.id));
    proposed.map(|order| Ok((order.id, json(&explain_order(order, round, proposal, &given, way_s))?))).collect()
}

fn explain_order(
    order: &OpenOrder,
    round: &Round,
    proposal: &Proposal,
    given: &HashSet<CourierId>,
    way_s: &dyn Fn(Point, Point, Vehicle) -> i64,
) -> Explanation {
    let (candidates, excluded) = rank(order, round, way_s);
    let at = |courier: CourierId| candidates.iter().position(|one| one.courier == courier);
    let scored = |(place, one): (usize, &Candidate)| {
        let another = given.contains(&one.courier) && one.courier != proposal.courier;
        let first = (place == 0).then_some("best");
        let all = first.into_iter().chain(reasons(one)).chain(another.then_some("given-another"));
        Scored { rank: Some(place + 1), reasons: all.map(str::to_owned).collect(), ..score(one) }
    };
    let chosen = at(proposal.courier)
        .map_or_else(|| unranked(order, round, proposal), |place| scored((place, &candidates[place])));
    Explanation {
        chosen: Some(chosen),
        possible: candidates.iter().enumerate().take(MOST_POSSIBLE).map(scored).collect(),
        left_out: nearest(order, round, &excluded),
        impossible: count(&excluded),
        bundle: proposal.orders.clone(),
        joins: proposal.joins().collect(),
        round: Some(RoundFigures {
            orders: round.orders.len(),
            couriers: round.couriers.len(),
            possible: candidates.len(),
        }),
    }
}

fn score(one: &Candidate) -> Scored {
    Scored {
        courier_id: one.courier,
        rank: None,
        pickup_s: one.pickup_s,
        waits_s: one.waits_s,
        food_waits_s: one.food_waits_s,
        cost_s: one.cost_s(),
        reasons: Vec::new(),
    }
}

/// A choice that the order by itself would not allow: the figures are those of the proposal.
fn unranked(order: &OpenOrder, round: &Round, proposal: &Proposal) -> Scored {
    let in_hand = round.couriers.iter().find(|courier| courier.id == proposal.courier).map_or(0, |one| one.in_hand);
    score(&Candidate {
        courier: proposal.courier,
        pickup_s: proposal.pickup_s,
        waits_s: (order.ready_s - proposal.pickup_s).max(0),
        food_waits_s: (proposal.pickup_s - order.ready_s).max(0),
        in_hand,
    })
}

fn nearest(order: &OpenOrder, round: &Round, excluded: &[(CourierId, Excluded)]) -> Vec<LeftOut> {
    let places: HashMap<CourierId, Point> = round.couriers.iter().map(|courier| (courier.id, courier.at)).collect();
    let distance_m = |id| places.get(id).map_or(f64::INFINITY, |at| at.distance_m(order.pickup));
    let mut by_distance: Vec<_> = excluded.iter().map(|(id, reason)| (distance_m(id), *id, *reason)).collect();
    by_distance.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let left_out =
        |(_, courier_id, reason): (f64, CourierId, Excluded)| LeftOut { courier_id, reason: reason.code().to_owned() };
    by_distance.into_iter().take(MOST_LEFT_OUT).map(left_out).collect()
}

fn count(excluded: &[(CourierId, Excluded)]) -> Vec<(String, usize)> {
    let counted = Excluded::ALL.map(|kind| (kind, excluded.iter().filter(|one| one.1 == kind).count()));
    counted.into_iter().filter(|one| one.1 > 0).map(|(kind, count)| (kind.code().to_owned(), count)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use dispatch::{OnShift, OpenOrder, Proposal, Round};
    use domain::{
        courier::Vehicle,
        geo::Point,
        id::{CourierId, OrderId},
    };
    use uuid::Uuid;

    use super::{Explanation, MOST_LEFT_OUT, MOST_POSSIBLE, explain_order};

    const PICKUP: Point = Point { lat: 12.97, lng: 77.6 };

    fn id(number: u128) -> CourierId {
        CourierId(Uuid::from_u128(number))
    }

    /// The higher the number, the farther from the counter.
    fn courier(number: u32) -> OnShift {
        OnShift {
            id: id(number.into()),
            vehicle: Vehicle::Scooter,
            at: Point { lat: PICKUP.lat + f64::from(number) / 10_000.0, ..PICKUP },
            free_in_s: 0,
            in_hand: 0,
            offered: false,
            silent_s: 0,
            on_break: false,
            barred: false,
            shift_ends_s: None,
            errand: None,
        }
    }

    /// Thirty couriers who could have the order, and thirty at rest who are farther.
    fn round() -> Round {
        let order = OpenOrder {
            id: OrderId(Uuid::from_u128(1)),
            pickup: PICKUP,
            door: PICKUP,
            ready_s: 0,
            unassigned_s: 0,
            refused_by: Vec::new(),
        };
        let resting = (31..=60).rev().map(|number| OnShift { on_break: true, ..courier(number) });
        Round {
            orders: vec![order],
            couriers: (1..=30).map(courier).chain(resting).collect(),
            early_s: 180,
            reach_s: 1_500,
            silent_after_s: 60,
            most_bag_s: 2_700,
            most_delay_s: 600,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "seconds within a city")]
    fn explained(chosen: u128, given: &[u128]) -> Explanation {
        let round = round();
        let way_s = |from: Point, to: Point, vehicle: Vehicle| (from.distance_m(to) / vehicle.speed_mps()) as i64;
        let orders = vec![round.orders[0].id];
        let trip = vec![OrderId(Uuid::from_u128(2)), orders[0]];
        let proposal = Proposal { orders, courier: id(chosen), pickup_s: 700, trip };
        let given: HashSet<CourierId> = given.iter().copied().chain([chosen]).map(id).collect();
        explain_order(&round.orders[0], &round, &proposal, &given, &way_s)
    }

    #[test]
    fn who_is_chosen_is_kept_whatever_their_rank() {
        let why = explained(25, &[1]);
        let chosen = why.chosen.unwrap();
        assert_eq!((chosen.courier_id, chosen.rank), (id(25), Some(25)));
        assert_eq!(chosen.cost_s, chosen.pickup_s * 2, "the food waits as long as they ride");
        assert!(why.possible.iter().all(|one| one.courier_id != id(25)));
        assert_eq!(why.possible.len(), MOST_POSSIBLE);
        assert_eq!(why.possible[0].reasons, ["best", "free", "given-another"]);
        assert_eq!(why.round.unwrap().possible, 30);
        assert_eq!((why.bundle.len(), why.joins), (1, vec![OrderId(Uuid::from_u128(2))]));
    }

    #[test]
    fn who_could_not_have_the_order_by_itself_has_no_rank_but_figures() {
        let chosen = explained(40, &[]).chosen.unwrap();
        assert_eq!((chosen.courier_id, chosen.rank, chosen.pickup_s), (id(40), None, 700));
    }

    #[test]
    fn of_those_left_out_the_nearest_are_kept_and_all_counted() {
        let why = explained(1, &[]);
        let kept: Vec<CourierId> = why.left_out.iter().map(|one| one.courier_id).collect();
        let nearest: Vec<CourierId> = (31..).take(MOST_LEFT_OUT).map(id).collect();
        assert_eq!(kept, nearest);
        assert!(why.left_out.iter().all(|one| one.reason == "on-break"));
        assert_eq!(why.impossible, [("on-break".to_owned(), 30)]);
    }

    #[test]
    fn decisions_of_earlier_versions_can_be_read() {
        assert_eq!(serde_json::from_str::<Explanation>("[]").unwrap(), Explanation::default());
        let before = r#"{"possible":[{"courier_id":"00000000-0000-0000-0000-000000000007","pickup_s":60,"waits_s":0,
            "food_waits_s":60,"cost_s":120}],"impossible":[["silent",2]],"bundle":[]}"#;
        let why: Explanation = serde_json::from_str(before).unwrap();
        assert_eq!((why.possible[0].courier_id, why.possible[0].cost_s), (id(7), 120));
        assert_eq!((why.impossible, why.chosen), (vec![("silent".to_owned(), 2)], None));
    }
}
