//! Which courier should carry which order: pure, so that a decision can be replayed, explained and benchmarked.
//!
//! A [`Round`] is what is known at one moment: orders without a courier, couriers who could take one, and how long each
//! way takes. A [`Policy`] answers with proposals. Three live here: [`Nearest`] gives each order, oldest first, to whoever
//! is there soonest; [`Batched`] assigns all of them at once so that the sum of the costs is smallest; [`Rolling`] plans
//! ahead with [`planner`], bundles included, which is also what the benchmark in [`mdrp`] runs. The caller makes the offers; nobody is
//! committed here.

mod batched;
mod errand;
pub mod mdrp;
mod nearest;
pub mod planner;
mod rank;
mod rolling;
mod strategy;

use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, OrderId},
};
use serde::{Deserialize, Serialize};

pub use batched::Batched;
pub use errand::{Errand, Promised};
pub use nearest::Nearest;
pub use rank::{Candidate, Excluded, rank};
pub use rolling::Rolling;
pub use strategy::Strategy;

/// An order that needs a courier. Times are seconds from now.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenOrder {
    /// The order.
    pub id: OrderId,
    /// The kitchen.
    pub pickup: Point,
    /// The customer's door.
    pub door: Point,
    /// When the food is ready; negative if it has been waiting.
    pub ready_s: i64,
    /// How long nobody has been found.
    pub unassigned_s: i64,
    /// Couriers who did not take it.
    pub refused_by: Vec<CourierId>,
}

/// A courier on shift.
#[derive(Clone, Debug, PartialEq)]
pub struct OnShift {
    /// The courier.
    pub id: CourierId,
    /// What they ride.
    pub vehicle: Vehicle,
    /// Where they are, or will be once free.
    pub at: Point,
    /// Seconds until they are free there.
    pub free_in_s: i64,
    /// Orders in hand.
    pub in_hand: usize,
    /// Looking at an offer already.
    pub offered: bool,
    /// Seconds since the last position.
    pub silent_s: i64,
    /// At rest: nothing is offered.
    pub on_break: bool,
    /// Suspended, or without the papers that the vehicle needs.
    pub barred: bool,
    /// Seconds until the planned shift ends; nothing is picked up later.
    pub shift_ends_s: Option<i64>,
    /// What they go for now, as long as orders of the same counter can join it.
    pub errand: Option<Errand>,
}

/// What is known at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// Orders that need a courier, oldest first.
    pub orders: Vec<OpenOrder>,
    /// Couriers on shift.
    pub couriers: Vec<OnShift>,
    /// How long before the food is ready a courier may be sent, beyond the way itself.
    pub early_s: i64,
    /// The farthest that anybody is sent, in seconds.
    pub reach_s: i64,
    /// After how many seconds without a position a courier is left out.
    pub silent_after_s: i64,
    /// The longest that food may be on the way from the counter to the door, in seconds.
    pub most_bag_s: i64,
    /// By how many seconds an order may come later for those that ride with it.
    pub most_delay_s: i64,
}

/// One order for one courier, or several of one kitchen that are carried together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The orders in the sequence of delivery; never empty.
    pub orders: Vec<OrderId>,
    /// The courier.
    pub courier: CourierId,
    /// Seconds until the courier is at the kitchen.
    pub pickup_s: i64,
    /// What the courier then fetches there in the sequence of delivery: `orders`, among those of the errand that they join.
    pub trip: Vec<OrderId>,
}

impl Proposal {
    /// One order that rides alone.
    pub fn single(order: OrderId, courier: CourierId, pickup_s: i64) -> Self {
        Self { orders: vec![order], courier, pickup_s, trip: vec![order] }
    }

    /// What the courier has promised to fetch already, and what is joined.
    pub fn joins(&self) -> impl Iterator<Item = OrderId> {
        self.trip.iter().copied().filter(|order| !self.orders.contains(order))
    }
}

/// A way of deciding.
pub trait Policy: Send + Sync {
    /// Its name in stored decisions.
    fn name(&self) -> &'static str;

    /// Whether it may propose several orders together, also beside those of an errand, and asks for the ways between their
    /// doors.
    fn bundles(&self) -> bool {
        false
    }

    /// Proposals for a round: each order and each courier at most once. `way_s` answers the seconds between two points.
    fn propose(&self, round: &Round, way_s: &dyn Fn(Point, Point, Vehicle) -> i64) -> Vec<Proposal>;
}

/// Whether it is time to look for a courier: the food will be ready about when one arrives.
fn is_due(order: &OpenOrder, pickup_s: i64, round: &Round) -> bool {
    order.ready_s <= pickup_s + round.early_s
}

#[cfg(test)]
mod tests {
    use super::{Batched, Nearest, OnShift, OpenOrder, Policy, Proposal, Rolling, Round, Strategy};
    use domain::{
        courier::Vehicle,
        geo::Point,
        id::{CourierId, OrderId},
    };
    use proptest::{prelude::*, strategy::Strategy as _};
    use uuid::Uuid;

    #[expect(clippy::cast_possible_truncation, reason = "seconds within a city")]
    fn way_s(from: Point, to: Point, vehicle: Vehicle) -> i64 {
        let metres = from.distance_m(to);
        (metres / vehicle.speed_mps()).round() as i64
    }

    fn order(number: u128, lng: f64, ready_s: i64) -> OpenOrder {
        let pickup = Point { lat: 12.97, lng };
        let door = Point { lat: 12.98, lng };
        OpenOrder {
            id: OrderId(Uuid::from_u128(number)),
            pickup,
            door,
            ready_s,
            unassigned_s: 0,
            refused_by: Vec::new(),
        }
    }

    fn courier(number: u128, lng: f64) -> OnShift {
        let at = Point { lat: 12.97, lng };
        let id = CourierId(Uuid::from_u128(number));
        OnShift {
            id,
            vehicle: Vehicle::Scooter,
            at,
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

    fn round(orders: Vec<OpenOrder>, couriers: Vec<OnShift>) -> Round {
        Round {
            orders,
            couriers,
            early_s: 180,
            reach_s: 1_800,
            silent_after_s: 60,
            most_bag_s: 2_700,
            most_delay_s: 600,
        }
    }

    /// One courier stands between two kitchens, the other far to one side: taking the nearest for the older order makes
    /// the younger one wait for the far courier.
    fn trap() -> Round {
        round(vec![order(1, 77.600, 0), order(2, 77.580, 0)], vec![courier(11, 77.595), courier(12, 77.612)])
    }

    fn total_s(policy: &dyn Policy, round: &Round) -> i64 {
        policy.propose(round, &way_s).iter().map(|proposal| proposal.pickup_s).sum()
    }

    #[test]
    fn assigning_together_beats_assigning_in_turn() {
        assert!(total_s(&Batched, &trap()) < total_s(&Nearest, &trap()));
        assert!(total_s(&Rolling, &trap()) < total_s(&Nearest, &trap()));
    }

    #[test]
    fn nobody_is_sent_long_before_the_food_is_ready() {
        let early = round(vec![order(1, 77.600, 1_800)], vec![courier(11, 77.601)]);
        assert!(Nearest.propose(&early, &way_s).is_empty());
        assert!(Batched.propose(&early, &way_s).is_empty());
        assert!(Rolling.propose(&early, &way_s).is_empty());
    }

    #[test]
    fn a_far_courier_is_not_sent_because_the_near_one_need_not_leave_yet() {
        let couriers = || vec![courier(11, 77.601), courier(12, 77.640)];
        let early = round(vec![order(1, 77.600, 500)], couriers());
        let due = round(vec![order(1, 77.600, 130)], couriers());
        for policy in Strategy::ALL.map(Strategy::policy) {
            assert!(policy.propose(&early, &way_s).is_empty(), "{}", policy.name());
            let chosen: Vec<_> = policy.propose(&due, &way_s).iter().map(|proposal| proposal.courier).collect();
            assert_eq!(chosen, [CourierId(Uuid::from_u128(11))], "{}", policy.name());
        }
    }

    #[test]
    fn a_refusal_is_remembered() {
        let mut again = round(vec![order(1, 77.600, 0)], vec![courier(11, 77.601), courier(12, 77.620)]);
        again.orders[0].refused_by.push(CourierId(Uuid::from_u128(11)));
        for policy in Strategy::ALL.map(Strategy::policy) {
            let proposals = policy.propose(&again, &way_s);
            assert_eq!(proposals.len(), 1, "{}", policy.name());
            assert_eq!(proposals[0].courier, CourierId(Uuid::from_u128(12)), "{}", policy.name());
        }
    }

    /// Every policy passes over who may not have the order, and takes the other, who is farther.
    fn passed_over(change: impl Fn(&mut OnShift)) {
        let mut both = round(vec![order(1, 77.600, 0)], vec![courier(11, 77.601), courier(12, 77.620)]);
        change(&mut both.couriers[0]);
        for policy in Strategy::ALL.map(Strategy::policy) {
            let chosen: Vec<_> = policy.propose(&both, &way_s).iter().map(|proposal| proposal.courier).collect();
            assert_eq!(chosen, [CourierId(Uuid::from_u128(12))], "{}", policy.name());
        }
    }

    #[test]
    fn who_rests_or_is_barred_is_offered_nothing() {
        passed_over(|courier| courier.on_break = true);
        passed_over(|courier| courier.barred = true);
    }

    #[test]
    fn nothing_is_picked_up_after_the_end_of_the_shift() {
        passed_over(|courier| courier.shift_ends_s = Some(10));
        passed_over(|courier| courier.shift_ends_s = Some(-60));
        // Less than a courier is sent early by, and more than handing over takes.
        let enough = round(vec![order(1, 77.600, 0)], vec![OnShift { shift_ends_s: Some(120), ..courier(11, 77.601) }]);
        assert_eq!(Rolling.propose(&enough, &way_s).len(), 1);
    }

    #[test]
    fn food_does_not_ride_for_longer_than_it_may() {
        let mut far = round(vec![order(1, 77.600, 0)], vec![courier(11, 77.601)]);
        far.orders[0].door = Point { lat: 13.2, lng: 77.600 };
        assert!(Rolling.propose(&far, &way_s).is_empty());
        far.couriers[0].vehicle = Vehicle::Scooter;
        far.most_bag_s = 7_200;
        assert_eq!(Rolling.propose(&far, &way_s).len(), 1);
    }

    #[test]
    fn a_policy_is_found_by_the_name_that_decisions_carry() {
        for strategy in Strategy::ALL {
            assert_eq!(strategy.policy().name().parse(), Ok(strategy));
        }
        let unknown = "oracle".parse::<Strategy>().unwrap_err();
        assert_eq!(unknown, "`oracle` is no policy; there are nearest, batched, rolling");
    }

    /// Both orders are for the courier nearby; the one that is ready first goes first, and nobody far is sent for the other.
    #[test]
    fn the_rolling_policy_lets_an_order_wait_for_a_courier_who_will_be_near() {
        let both =
            round(vec![order(1, 77.600, 0), order(2, 77.600, 900)], vec![courier(11, 77.601), courier(12, 77.700)]);
        let proposals = Rolling.propose(&both, &way_s);
        assert_eq!(proposals.len(), 1, "{proposals:?}");
        assert_eq!(proposals[0].orders, [OrderId(Uuid::from_u128(1))]);
        assert_eq!(proposals, Rolling.propose(&both, &way_s));
    }

    /// Whoever stands at a closed door is free soon, round after round.
    #[test]
    fn food_does_not_wait_for_a_busy_courier_while_another_is_free() {
        let busy = OnShift { in_hand: 1, free_in_s: 90, ..courier(11, 77.600) };
        let asked = |ready_s, free_in_s| {
            let busy = OnShift { free_in_s, ..busy.clone() };
            let both = round(vec![order(1, 77.600, ready_s)], vec![busy, courier(12, 77.635)]);
            Rolling.propose(&both, &way_s).iter().map(|proposal| proposal.courier).collect::<Vec<_>>()
        };
        assert_eq!(asked(-60, 90), [], "it is worth a minute");
        assert_eq!(asked(-300, 90), [CourierId(Uuid::from_u128(12))]);
        assert_eq!(asked(-300, 0), [CourierId(Uuid::from_u128(12))], "who should be free by now is not");
        let alone = round(vec![order(1, 77.600, -300)], vec![busy.clone()]);
        assert_eq!(Rolling.propose(&alone, &way_s), [], "nobody else could fetch it sooner");
    }

    fn any_round() -> impl proptest::strategy::Strategy<Value = Round> {
        let spot = || 77.55..77.65_f64;
        let orders = proptest::collection::vec((spot(), -600..1_200_i64), 0..8);
        let couriers = proptest::collection::vec((spot(), 0..3_usize, any::<bool>(), 0..120_i64), 0..8);
        (orders, couriers).prop_map(|(orders, couriers)| {
            let orders = (1..).zip(orders).map(|(number, (lng, ready))| order(number, lng, ready)).collect();
            let couriers = (100..).zip(couriers).map(|(number, (lng, in_hand, offered, silent_s))| OnShift {
                in_hand,
                offered,
                silent_s,
                ..courier(number, lng)
            });
            round(orders, couriers.collect())
        })
    }

    proptest! {
        #[test]
        fn nobody_is_asked_twice_and_nobody_unfit(round in any_round()) {
            for policy in Strategy::ALL.map(Strategy::policy) {
                let proposals = policy.propose(&round, &way_s);
                for (index, one) in proposals.iter().enumerate() {
                    let courier = round.couriers.iter().find(|courier| courier.id == one.courier).unwrap();
                    prop_assert!(!courier.offered && courier.silent_s <= 60);
                    prop_assert!(!one.orders.is_empty());
                    prop_assert!(courier.in_hand + one.orders.len() <= courier.vehicle.capacity());
                    let asked = |it: &Proposal| {
                        it.courier == one.courier || it.orders.iter().any(|order| one.orders.contains(order))
                    };
                    prop_assert!(!proposals[..index].iter().any(asked));
                    let mut apart = one.orders.clone();
                    apart.sort_unstable();
                    apart.dedup();
                    prop_assert_eq!(apart.len(), one.orders.len());
                }
            }
        }
    }
}
