//! An order joins a courier who waits at its counter for another: as an offer like any other, until that is on board.

use app::{Error, orders::ByHand};
use domain::{
    courier::Vehicle,
    event::{Event, OfferState},
    id::{CourierId, OfferId, OrderId},
    order::Status,
    rule::Rule,
};
use store::{Statement, args, outbox::Position};
use testkit::eventually;

use crate::town::{Town, broken};

static TRIP: Statement =
    Statement::new("test.OF_TRIP", "SELECT id, stop, detour_s FROM orders WHERE courier_at = $1 ORDER BY stop");

const FLAT_TYRE: ByHand<'static> = ByHand { note: "a flat tyre", beyond_room: false };

/// Kiran beside the counter, who has promised to fetch the first order, with an offer of the second.
pub(crate) struct Queue {
    pub(crate) town: Town,
    pub(crate) kiran: CourierId,
    pub(crate) first: OrderId,
    pub(crate) second: OrderId,
    pub(crate) offer: OfferId,
}

impl Queue {
    pub(crate) async fn new() -> Self {
        Box::pin(Self::open(Vehicle::Scooter)).await
    }

    pub(crate) async fn open(vehicle: Vehicle) -> Self {
        let town = Town::new().await;
        let kiran = town.courier_with("Kiran", "91234 56789", vehicle).await;
        let asha = town.register("Asha", "98765 43210").await;
        let first = town.order_on_the_counter(asha).await;
        assert_eq!(town.round().await, 1);
        let offer = town.only_offer(kiran).await.row.id;
        town.app.accept_offer(&town.rider(kiran), offer, None).await.unwrap();
        town.wait(60);
        town.seen(kiran).await;
        let second = town.order_on_the_counter(asha).await;
        assert_eq!(town.round().await, 1);
        let offer = town.only_offer(kiran).await.row.id;
        Self { town, kiran, first, second, offer }
    }

    pub(crate) async fn accepts(&self) -> Result<OrderId, Error> {
        let view = self.town.app.accept_offer(&self.town.rider(self.kiran), self.offer, None).await?;
        Ok(view.row.id)
    }

    pub(crate) async fn picks_up(&self, order: OrderId) {
        self.town.move_to(&self.town.rider(self.kiran), order, Status::PickedUp, None).await;
    }

    /// Whose both are, and how they ride.
    async fn holders(&self) -> [(Option<CourierId>, Option<i64>); 2] {
        [self.town.row(self.first).await, self.town.row(self.second).await].map(|row| (row.courier_id, row.stop))
    }

    /// The first one is Kiran's, the second nobody's, and on offer to him no longer.
    async fn is_over(&self) {
        assert_eq!(self.holders().await[1], (None, None));
        assert_eq!(self.town.offers_of(self.kiran).await, []);
    }

    /// What was told of an order, in the end: on PostgreSQL events are read once everything begun before them has ended.
    async fn tells(&self, order: OrderId, expected: &[&str]) {
        eventually(&format!("{expected:?}"), || async {
            let recorded = self.town.app.events_after(Position::default(), 1_000).await.unwrap();
            let about = recorded.into_iter().filter_map(|recorded| match recorded.event {
                Event::OrderChanged(changed) if changed.order_id == order => Some(changed.what),
                _ => None,
            });
            (about.collect::<Vec<_>>() == expected).then_some(())
        })
        .await;
    }
}

impl Town {
    pub(crate) async fn order_on_the_counter(&self, customer: domain::id::CustomerId) -> OrderId {
        let order = self.order(customer).await;
        self.accept(order).await;
        self.move_to(&self.cook(), order, Status::Ready, None).await;
        order
    }
}

#[tokio::test]
async fn the_offer_tells_what_it_adds_and_what_it_joins() {
    let queue = Queue::new().await;
    let offer = queue.town.only_offer(queue.kiran).await;
    let (first, second) = (queue.town.row(queue.first).await, queue.town.row(queue.second).await);
    assert_eq!(offer.orders, [queue.second]);
    assert_eq!((offer.row.order_id, offer.row.pay_paise), (queue.second, second.courier_pay_paise));
    assert_eq!((offer.terms.item_count, offer.terms.cash_to_collect_paise), (2, second.total_paise));
    assert_eq!(offer.terms.joined().map(|stop| stop.order_id).collect::<Vec<_>>(), [queue.first]);
    assert_eq!((offer.terms.first_mile_m, offer.terms.last_mile_m), (0, 0), "both go to the same door");
    assert_eq!(offer.terms.duration_s, 120, "the other door");
    assert_eq!((first.stop, second.courier_id), (None, None), "nothing is taken yet");
    let read = queue.town.app.order_decisions(&queue.town.dispatcher(), queue.second).await.unwrap();
    let why = &read.items[0].why;
    assert_eq!((why.bundle.as_slice(), why.joins.as_slice()), (&[queue.second][..], &[queue.first][..]));
    assert_eq!(why.chosen.as_ref().unwrap().reasons, ["best", "joins-another"]);
}

#[tokio::test]
async fn accepting_makes_one_trip_of_both() {
    let queue = Queue::new().await;
    let before = queue.town.row(queue.first).await;
    assert_eq!(queue.accepts().await.unwrap(), queue.second);
    let trip: Vec<(OrderId, i64, i64)> = queue.town.app.db.all(&TRIP, args![before.courier_at]).await.unwrap();
    let [(one, 1, 0), (other, 2, 120)] = trip[..] else { panic!("{trip:?}") };
    assert!([[queue.first, queue.second], [queue.second, queue.first]].contains(&[one, other]));
    let (first, second) = (queue.town.row(queue.first).await, queue.town.row(queue.second).await);
    assert_eq!((first.courier_id, second.courier_id), (Some(queue.kiran), Some(queue.kiran)));
    assert_eq!((first.courier_at, first.version), (before.courier_at, before.version));
    assert_eq!(second.first_mile_s, first.first_mile_s);
    queue.tells(queue.first, &["courier_assigned", "trip_changed"]).await;
    queue.tells(queue.second, &["courier_assigned"]).await;
    queue.town.app.watch_arrivals(&queue.town.system(), queue.town.city).await.unwrap();
    let arrivals = [queue.town.row(one).await, queue.town.row(other).await].map(|row| row.eta_high);
    assert!(arrivals[1] >= arrivals[0] + 60_000_000, "{arrivals:?}");
    let acceptance = queue.town.app.acceptance(&queue.town.rider(queue.kiran), queue.kiran).await.unwrap();
    assert_eq!((acceptance.offered, acceptance.accepted), (2, 2));
}

#[tokio::test]
async fn who_stands_at_the_counter_has_arrived_for_what_joins_as_well() {
    let queue = Queue::new().await;
    queue.town.app.arrive(&queue.town.rider(queue.kiran), queue.first).await.unwrap();
    queue.town.wait(10);
    queue.accepts().await.unwrap();
    let (first, second) = (queue.town.row(queue.first).await, queue.town.row(queue.second).await);
    assert_eq!(second.arrived_at, first.arrived_at.map(|at| at + 10_000_000));
    queue.tells(queue.second, &["courier_assigned", "courier_arrived"]).await;
}

#[tokio::test]
async fn accepting_twice_takes_it_once() {
    let queue = Queue::new().await;
    let (one, other) = tokio::join!(queue.accepts(), queue.accepts());
    assert_eq!((one.unwrap(), other.unwrap()), (queue.second, queue.second));
    assert_eq!(queue.accepts().await.unwrap(), queue.second);
    queue.tells(queue.second, &["courier_assigned"]).await;
    queue.tells(queue.first, &["courier_assigned", "trip_changed"]).await;
}

#[tokio::test]
async fn who_has_the_first_on_board_can_take_the_second_no_more() {
    let queue = Queue::new().await;
    queue.picks_up(queue.first).await;
    assert_eq!(broken(queue.accepts().await).0, Rule::TripChanged);
    assert_eq!(queue.holders().await[0], (Some(queue.kiran), None), "it rides alone as before");
    queue.is_over().await;
    assert_eq!(broken(queue.accepts().await).0, Rule::OfferGone);
    let lata = queue.town.courier("Lata", "91234 56780").await;
    assert_eq!(queue.town.round().await, 1);
    assert_eq!(queue.town.only_offer(lata).await.orders, [queue.second]);
}

#[tokio::test]
async fn a_round_withdraws_what_can_join_nothing_any_more_and_asks_somebody_else() {
    let queue = Queue::new().await;
    assert_eq!(queue.town.round().await, 0, "he is looking at it");
    assert_eq!(queue.town.only_offer(queue.kiran).await.row.id, queue.offer);
    queue.picks_up(queue.first).await;
    let lata = queue.town.courier("Lata", "91234 56780").await;
    assert_eq!(queue.town.round().await, 1);
    queue.is_over().await;
    let mut answer = queue.town.app.order_decisions(&queue.town.dispatcher(), queue.second).await.unwrap().items;
    assert_eq!(answer.remove(0).answer.as_deref(), Some(OfferState::Withdrawn.as_str()));
    assert_eq!(queue.town.only_offer(lata).await.terms.joined().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_pickup_and_an_answer_in_the_same_moment_nothing_is_half_done() {
    for _ in 0..8 {
        let queue = Queue::new().await;
        let (accepted, ()) = tokio::join!(queue.accepts(), queue.picks_up(queue.first));
        let [first, second] = queue.holders().await;
        match accepted {
            Ok(_) => {
                assert_eq!((first.0, second.0), (Some(queue.kiran), Some(queue.kiran)));
                assert!([(Some(1), Some(2)), (Some(2), Some(1))].contains(&(first.1, second.1)));
            }
            Err(error) => {
                assert_eq!(broken(Err::<(), _>(error)).0, Rule::TripChanged);
                assert_eq!(first, (Some(queue.kiran), None));
                queue.is_over().await;
            }
        }
    }
}

#[tokio::test]
async fn where_the_first_was_called_off_the_second_is_offered_anew_by_itself() {
    let queue = Queue::new().await;
    queue.town.calls_off(queue.first).await;
    assert_eq!(broken(queue.accepts().await).0, Rule::TripChanged);
    queue.is_over().await;
    assert_eq!(queue.town.round().await, 1, "nothing was refused");
    let alone = queue.town.only_offer(queue.kiran).await;
    assert_eq!((alone.terms.joined().count(), alone.orders), (0, vec![queue.second]));
    queue.town.app.accept_offer(&queue.town.rider(queue.kiran), alone.row.id, None).await.unwrap();
    assert_eq!(queue.holders().await[1], (Some(queue.kiran), None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_takes_what_would_join_an_order_that_is_called_off_meanwhile_rides_with_it_alone_or_not_at_all() {
    for _ in 0..8 {
        let queue = Queue::new().await;
        let (accepted, ()) = tokio::join!(queue.accepts(), queue.town.calls_off(queue.first));
        let second = queue.town.row(queue.second).await;
        let holder = accepted.is_ok().then_some(queue.kiran);
        assert_eq!((second.courier_id, second.stop, second.detour_s), (holder, None, None));
        if let Err(error) = accepted {
            assert_eq!(broken(Err::<(), _>(error)).0, Rule::TripChanged);
        }
    }
}

#[tokio::test]
async fn where_the_first_went_to_somebody_else_the_second_does_not_follow_unasked() {
    let queue = Queue::new().await;
    let lata = queue.town.courier("Lata", "91234 56780").await;
    queue.town.assign(queue.first, lata).await;
    assert_eq!(broken(queue.accepts().await).0, Rule::TripChanged);
    assert_eq!(queue.holders().await[0], (Some(lata), None));
    queue.is_over().await;
}

#[tokio::test]
async fn who_got_something_by_hand_meanwhile_has_no_room_for_it() {
    let queue = Queue::new().await;
    let meera = queue.town.register("Meera", "98765 43211").await;
    let third = queue.town.order(meera).await;
    queue.town.accept(third).await;
    queue.town.app.assign_order(&queue.town.dispatcher(), third, queue.kiran, FLAT_TYRE).await.unwrap();
    assert_eq!(broken(queue.accepts().await).0, Rule::OfferGone);
    queue.is_over().await;
}

#[tokio::test]
async fn declining_costs_nothing_and_somebody_else_is_asked() {
    let queue = Queue::new().await;
    queue.town.app.decline_offer(&queue.town.rider(queue.kiran), queue.offer).await.unwrap();
    assert_eq!(queue.holders().await, [(Some(queue.kiran), None), (None, None)]);
    assert_eq!(queue.town.round().await, 0, "he is not asked again");
    let lata = queue.town.courier("Lata", "91234 56780").await;
    assert_eq!(queue.town.round().await, 1);
    assert_eq!(queue.town.only_offer(lata).await.orders, [queue.second]);
}

#[tokio::test]
async fn an_offer_that_is_called_off_leaves_the_first_as_it_was() {
    let queue = Queue::new().await;
    queue.town.calls_off(queue.second).await;
    assert_eq!(queue.town.offers_of(queue.kiran).await, []);
    assert_eq!(queue.holders().await[0], (Some(queue.kiran), None));
}

#[tokio::test]
async fn what_joined_can_leave_again_and_the_doors_are_reckoned_anew() {
    let queue = Box::pin(Queue::open(Vehicle::Car)).await;
    queue.accepts().await.unwrap();
    let asha = queue.town.register("Meera", "98765 43211").await;
    let third = queue.town.order_on_the_counter(asha).await;
    assert_eq!(queue.town.round().await, 1);
    let offer = queue.town.only_offer(queue.kiran).await;
    assert_eq!((offer.orders.as_slice(), offer.terms.joined().count()), (&[third][..], 2));
    queue.town.app.accept_offer(&queue.town.rider(queue.kiran), offer.row.id, None).await.unwrap();
    let taken = queue.town.row(queue.first).await.courier_at;
    let trip = async || -> Vec<(OrderId, i64, i64)> { queue.town.app.db.all(&TRIP, args![taken]).await.unwrap() };
    let of_three = trip().await;
    assert_eq!(of_three.iter().map(|row| (row.1, row.2)).collect::<Vec<_>>(), [(1, 0), (2, 120), (3, 240)]);
    let (head, desk) = (of_three[0].0, queue.town.dispatcher());
    queue.town.app.release_order(&desk, head, "too much").await.unwrap();
    assert_eq!(trip().await, [(of_three[1].0, 1, 0), (of_three[2].0, 2, 120)]);
    queue.town.app.release_order(&desk, of_three[1].0, "too much").await.unwrap();
    let last = queue.town.row(of_three[2].0).await;
    assert_eq!((last.courier_id, last.stop, last.detour_s), (Some(queue.kiran), None, None));
}

#[tokio::test]
async fn who_has_one_of_the_trip_on_board_or_another_trip_after_it_is_not_joined() {
    for on_board in [true, false] {
        let queue = Box::pin(Queue::open(Vehicle::Car)).await;
        queue.accepts().await.unwrap();
        let meera = queue.town.register("Meera", "98765 43211").await;
        if on_board {
            queue.picks_up(queue.first).await;
        } else {
            let third = queue.town.order_on_the_counter(meera).await;
            queue.town.assign(third, queue.kiran).await;
        }
        queue.town.order_on_the_counter(meera).await;
        assert_eq!(queue.town.round().await, 0);
    }
}

/// The second one is ready 110 seconds after the courier is asked for it.
#[tokio::test]
async fn food_that_waits_with_its_courier_counts_from_when_both_were_there() {
    for (waits_s, joins) in [(0, 1), (520, 0)] {
        let town = Town::new().await;
        let kiran = town.courier("Kiran", "91234 56789").await;
        let asha = town.register("Asha", "98765 43210").await;
        let first = town.order_on_the_counter(asha).await;
        town.assign(first, kiran).await;
        let second = town.order(asha).await;
        town.accept(second).await;
        town.wait(790 - waits_s);
        town.app.arrive(&town.rider(kiran), first).await.unwrap();
        town.wait(waits_s);
        town.seen(kiran).await;
        assert_eq!(town.round().await, joins, "it has waited for {waits_s} seconds");
    }
}
