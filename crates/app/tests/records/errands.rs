//! What becomes of a trip that others may join when some of it leaves, comes back or has gone already.

use app::orders::ByHand;
use domain::{courier::Vehicle, id::OrderId, order::Status, rule::Rule};
use store::{Tx, args, orders};

use crate::{
    joins::Queue,
    town::{Town, broken},
};

const AGAIN: ByHand<'static> = ByHand { note: "he takes it after all", beyond_room: false };

impl Queue {
    /// Kiran in a car, who has promised to fetch both, with an offer of a third.
    async fn of_three() -> (Self, OrderId) {
        let mut queue = Box::pin(Self::open(Vehicle::Car)).await;
        queue.accepts().await.unwrap();
        let meera = queue.town.register("Meera", "98765 43211").await;
        let third = queue.town.order_on_the_counter(meera).await;
        assert_eq!(queue.town.round().await, 1);
        queue.offer = queue.town.only_offer(queue.kiran).await.row.id;
        (queue, third)
    }

    /// The first order is taken from Kiran and given to him again.
    async fn changes_its_mind(&self) {
        let app = &self.town.app;
        app.release_order(&self.town.dispatcher(), self.first, "too much").await.unwrap();
        self.town.wait(1);
        app.assign_order(&self.town.dispatcher(), self.first, self.kiran, AGAIN).await.unwrap();
    }

    pub(crate) async fn delivers(&self, order: OrderId) {
        let code = self.town.row(order).await.delivery_code;
        self.town.move_to(&self.town.rider(self.kiran), order, Status::Delivered, Some(code)).await;
    }
}

#[tokio::test]
async fn once_something_of_a_trip_was_delivered_nothing_joins_what_was_left_behind() {
    for gone in [1, 2] {
        let queue = Box::pin(Queue::open(Vehicle::Car)).await;
        queue.accepts().await.unwrap();
        let is_second = queue.town.row(queue.second).await.stop == Some(gone);
        let order = if is_second { queue.second } else { queue.first };
        queue.picks_up(order).await;
        queue.delivers(order).await;
        queue.town.seen(queue.kiran).await;
        let meera = queue.town.register("Meera", "98765 43211").await;
        queue.town.order_on_the_counter(meera).await;
        assert_eq!(queue.town.round().await, 0, "door {gone}");
    }
}

#[tokio::test]
async fn an_order_that_was_given_to_the_same_courier_anew_is_joined_by_another_offer() {
    let queue = Queue::new().await;
    queue.changes_its_mind().await;
    assert_eq!(queue.town.round().await, 1);
    let anew = queue.town.only_offer(queue.kiran).await;
    assert_ne!(anew.row.id, queue.offer);
    assert_eq!(anew.terms.joined().map(|stop| stop.order_id).collect::<Vec<_>>(), [queue.first]);
    assert_eq!(broken(queue.accepts().await).0, Rule::OfferGone);
}

#[tokio::test]
async fn whoever_answers_before_the_round_hears_that_the_trip_is_another() {
    let queue = Queue::new().await;
    queue.changes_its_mind().await;
    assert_eq!(broken(queue.accepts().await).0, Rule::TripChanged);
    assert_eq!(queue.town.offers_of(queue.kiran).await, []);
}

#[tokio::test]
async fn a_round_withdraws_an_offer_that_would_join_two_trips() {
    let (queue, third) = Queue::of_three().await;
    queue.changes_its_mind().await;
    assert_eq!(queue.town.round().await, 0);
    assert_eq!(queue.town.offers_of(queue.kiran).await, []);
    let lata = queue.town.courier("Lata", "91234 56780").await;
    assert_eq!(queue.town.round().await, 1);
    assert_eq!(queue.town.only_offer(lata).await.orders, [third]);
}

#[tokio::test]
async fn who_leaves_a_trip_moves_nothing_that_another_courier_has_by_then() {
    let queue = Queue::new().await;
    queue.accepts().await.unwrap();
    let (kiran, at) = (queue.kiran, queue.town.row(queue.first).await.courier_at);
    let lata = queue.town.courier("Lata", "91234 56780").await;
    queue.town.assign(queue.first, lata).await;
    let db = &queue.town.app.db;
    let moved = Tx::new("move").guard(1, &orders::SET_TRIP, args![queue.first, kiran, at, 1_i64, 0_i64]);
    assert!(db.commit(moved).await.is_err());
    let parted = Tx::new("part").guard(1, &orders::RIDE_ALONE, args![queue.first, kiran, at]);
    assert!(db.commit(parted).await.is_err());
    assert_eq!(queue.town.row(queue.first).await.stop, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_one_joins_and_two_leave_nobody_keeps_a_place_in_a_trip_that_is_not_theirs() {
    for _ in 0..6 {
        let (queue, third) = Queue::of_three().await;
        let lata = queue.town.courier("Lata", "91234 56780").await;
        let town: &Town = &queue.town;
        let (desk, other) = (town.dispatcher(), town.dispatcher());
        let (accepted, given, released) = tokio::join!(
            queue.accepts(),
            town.app.assign_order(&desk, queue.first, lata, AGAIN),
            town.app.release_order(&other, queue.second, "too much"),
        );
        assert!(given.is_ok() && released.is_ok(), "{given:?} {released:?}");
        let (first, second) = (town.row(queue.first).await, town.row(queue.second).await);
        assert_eq!((first.courier_id, first.stop), (Some(lata), None));
        assert_eq!((second.courier_id, second.stop), (None, None));
        let last = town.row(third).await;
        assert_eq!((last.courier_id, last.stop), (accepted.is_ok().then_some(queue.kiran), None));
    }
}
