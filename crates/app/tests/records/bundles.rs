//! Two orders of one kitchen are offered together: taken all or none.

use app::{
    Error,
    offers::Offer,
    orders::{ByHand, MoveOrder},
};
use domain::{
    event::{Event, OfferMoved, OfferState},
    id::{CourierId, OfferId, OrderId},
    order::Status,
    rule::Rule,
};
use store::{Statement, Tx, args, orders};

use crate::town::{Town, broken};

static SPOIL: Statement = Statement::new("test.SPOIL", "UPDATE offers SET body = '{' WHERE id = $1");

/// Food for Asha on the counter, twice, and Kiran beside it with an offer of both.
pub(crate) struct Counter {
    pub(crate) town: Town,
    pub(crate) kiran: CourierId,
    pub(crate) first: OrderId,
    pub(crate) second: OrderId,
    pub(crate) offer: OfferId,
}

impl Counter {
    pub(crate) async fn new() -> Self {
        Box::pin(Self::open()).await
    }

    async fn open() -> Self {
        let town = Town::new().await;
        let asha = town.register("Asha", "98765 43210").await;
        let kiran = town.courier("Kiran", "91234 56789").await;
        for _ in 0..2 {
            let order = town.order(asha).await;
            town.accept(order).await;
            town.move_to(&town.cook(), order, Status::Ready, None).await;
        }
        assert_eq!(town.app.dispatch_city(&town.system(), town.city).await.unwrap(), 1);
        let offer = town.only_offer(kiran).await;
        let [first, second] = offer.orders[..] else { panic!("two orders in one offer, not {:?}", offer.orders) };
        Self { town, kiran, first, second, offer: offer.row.id }
    }

    pub(crate) async fn accepts(&self) -> Result<(), Error> {
        self.town.app.accept_offer(&self.town.rider(self.kiran), self.offer, None).await.map(drop)
    }

    pub(crate) async fn row(&self, order: OrderId) -> orders::OrderRow {
        self.town.row(order).await
    }

    pub(crate) async fn holders(&self) -> [Option<CourierId>; 2] {
        [self.row(self.first).await.courier_id, self.row(self.second).await.courier_id]
    }

    pub(crate) async fn calls_off(&self, order: OrderId) {
        self.town.calls_off(order).await;
    }

    pub(crate) async fn lata(&self) -> CourierId {
        self.town.courier("Lata", "91234 56780").await
    }

    fn told(&self, offer: &Offer, order_ids: &[OrderId], state: OfferState) -> Event {
        Event::OfferMoved(OfferMoved {
            offer_id: self.offer,
            order_id: order_ids[0],
            order_ids: order_ids.to_vec(),
            courier_id: self.kiran,
            state,
            expires_at: app::moment(offer.row.expires_at),
        })
    }
}

impl Town {
    pub(crate) async fn row(&self, order: OrderId) -> orders::OrderRow {
        self.app.order(&self.system(), order).await.unwrap().row
    }

    pub(crate) async fn calls_off(&self, order: OrderId) {
        let reason = Some("other".to_owned());
        let cancelled = MoveOrder { to: Some(Status::Cancelled), reason, ..MoveOrder::default() };
        self.app.move_order(&self.dispatcher(), order, &cancelled).await.unwrap();
    }

    pub(crate) async fn offers_of(&self, courier: CourierId) -> Vec<Offer> {
        self.app.open_offers(&self.rider(courier), courier).await.unwrap()
    }

    pub(crate) async fn only_offer(&self, courier: CourierId) -> Offer {
        let mut open = self.offers_of(courier).await;
        assert_eq!(open.len(), 1, "{open:?}");
        open.remove(0)
    }

    pub(crate) async fn round(&self) -> usize {
        self.app.dispatch_city(&self.system(), self.city).await.unwrap()
    }
}

#[tokio::test]
async fn two_orders_are_one_offer_that_pays_and_leads_for_both() {
    let counter = Counter::new().await;
    let offer = counter.town.only_offer(counter.kiran).await;
    let (one, other) = (counter.row(counter.first).await, counter.row(counter.second).await);
    assert_eq!(offer.row.pay_paise, one.courier_pay_paise + other.courier_pay_paise);
    assert_eq!(offer.terms.cash_to_collect_paise, one.total_paise + other.total_paise);
    assert_eq!(offer.terms.item_count, 4);
    let ways: Vec<i64> = offer.terms.stops.iter().map(|stop| stop.way().distance_m).collect();
    assert_eq!(ways[1], 0, "both go to the same door");
    assert_eq!(offer.terms.last_mile_m, ways[0]);
    counter.town.told(counter.told(&offer, &[counter.first, counter.second], OfferState::Made)).await;
    // Another round asks nobody for either.
    counter.lata().await;
    assert_eq!(counter.town.round().await, 0);
}

#[tokio::test]
async fn accepting_gives_all_of_them_in_their_sequence() {
    let counter = Counter::new().await;
    counter.accepts().await.unwrap();
    counter.accepts().await.unwrap();
    let (first, second) = (counter.row(counter.first).await, counter.row(counter.second).await);
    assert_eq!((first.courier_id, second.courier_id), (Some(counter.kiran), Some(counter.kiran)));
    assert_eq!((first.stop, second.stop), (Some(1), Some(2)));
    assert_eq!((first.detour_s, second.detour_s), (Some(0), Some(120)), "two minutes at the door before");
    assert_eq!(first.courier_at, second.courier_at);
    let acceptance = counter.town.app.acceptance(&counter.town.rider(counter.kiran), counter.kiran).await.unwrap();
    assert_eq!((acceptance.offered, acceptance.accepted), (1, 1));
    counter.town.app.watch_arrivals(&counter.town.system(), counter.town.city).await.unwrap();
    let (first, second) = (counter.row(counter.first).await, counter.row(counter.second).await);
    assert!(second.eta_high >= first.eta_high + 60_000_000, "{} {}", first.eta_high, second.eta_high);
}

#[tokio::test]
async fn an_order_that_is_called_off_leaves_the_rest_on_offer_for_less() {
    let counter = Counter::new().await;
    let before = counter.town.only_offer(counter.kiran).await;
    counter.calls_off(counter.first).await;
    let rest = counter.town.only_offer(counter.kiran).await;
    let pay_paise = counter.row(counter.second).await.courier_pay_paise;
    assert_eq!((rest.row.id, rest.orders.as_slice()), (counter.offer, &[counter.second][..]));
    assert_eq!((rest.row.pay_paise, rest.row.order_id), (pay_paise, counter.second));
    assert_eq!(rest.row.expires_at, before.row.expires_at);
    assert_eq!(rest.terms.item_count, 2);
    counter.town.told(counter.told(&rest, &[counter.second], OfferState::Made)).await;

    let kiran = counter.town.rider(counter.kiran);
    let unseen = counter.town.app.accept_offer(&kiran, counter.offer, Some(before.row.pay_paise)).await;
    assert_eq!(broken(unseen).0, Rule::OfferChanged);
    assert_eq!(counter.holders().await, [None, None]);
    counter.town.app.accept_offer(&kiran, counter.offer, Some(pay_paise)).await.unwrap();
    let row = counter.row(counter.second).await;
    assert_eq!((row.courier_id, row.stop, row.detour_s), (Some(counter.kiran), None, None), "it rides alone");
}

#[tokio::test]
async fn an_offer_of_which_nothing_is_left_is_withdrawn() {
    let counter = Counter::new().await;
    let offer = counter.town.only_offer(counter.kiran).await;
    counter.calls_off(counter.second).await;
    counter.calls_off(counter.first).await;
    assert_eq!(counter.town.offers_of(counter.kiran).await, []);
    counter.town.told(counter.told(&offer, &[counter.first], OfferState::Withdrawn)).await;
    assert_eq!(broken(counter.accepts().await).0, Rule::OfferGone);
}

#[tokio::test]
async fn what_is_given_by_hand_leaves_the_offer() {
    let counter = Counter::new().await;
    let lata = counter.lata().await;
    counter.town.assign(counter.second, lata).await;
    assert_eq!(counter.town.only_offer(counter.kiran).await.orders, [counter.first]);
    counter.accepts().await.unwrap();
    assert_eq!(counter.holders().await, [Some(counter.kiran), Some(lata)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_courier_and_a_dispatcher_who_are_as_fast_one_has_the_order_and_nothing_is_half_taken() {
    for _ in 0..4 {
        let counter = Counter::new().await;
        let (lata, desk) = (counter.lata().await, counter.town.dispatcher());
        let by_hand = counter.town.app.assign_order(
            &desk,
            counter.second,
            lata,
            ByHand { note: "she stands there", beyond_room: false },
        );
        let (accepted, assigned) = tokio::join!(counter.accepts(), by_hand);
        let holders = counter.holders().await;
        match (accepted, assigned.is_ok()) {
            (Ok(()), false) => assert_eq!(holders, [Some(counter.kiran), Some(counter.kiran)]),
            // The order left the offer before, and the courier took the rest.
            (Ok(()), true) => assert_eq!(holders, [Some(counter.kiran), Some(lata)]),
            (Err(error), true) => {
                assert_eq!(broken(Err::<(), _>(error)).0, Rule::OfferChanged);
                assert_eq!(holders, [None, Some(lata)]);
                assert_eq!(counter.town.only_offer(counter.kiran).await.orders, [counter.first]);
            }
            (Err(error), false) => panic!("nobody won: {error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_takes_what_left_the_offer_in_the_same_moment() {
    for _ in 0..8 {
        let counter = Counter::new().await;
        let kiran = counter.town.rider(counter.kiran);
        let seen = Some(counter.town.only_offer(counter.kiran).await.row.pay_paise);
        let accept = counter.town.app.accept_offer(&kiran, counter.offer, seen);
        let (accepted, ()) = tokio::join!(accept, counter.calls_off(counter.second));
        let (first, second) = (counter.row(counter.first).await, counter.row(counter.second).await);
        match accepted {
            Ok(_) => {
                // It was called off after both were taken, and the other one rides alone.
                assert_eq!((first.courier_id, second.courier_id), (Some(counter.kiran), Some(counter.kiran)));
                assert_eq!((first.stop, first.detour_s), (None, None));
            }
            Err(error) => {
                assert_eq!(broken(Err::<(), _>(error)).0, Rule::OfferChanged);
                assert_eq!(counter.holders().await, [None, None]);
                assert_eq!(counter.town.only_offer(counter.kiran).await.orders, [counter.first]);
            }
        }
    }
}

#[tokio::test]
async fn who_got_something_by_hand_has_no_room_for_both_and_the_offer_is_withdrawn() {
    let counter = Counter::new().await;
    let meera = counter.town.register("Meera", "98765 43211").await;
    let third = counter.town.order(meera).await;
    counter.town.accept(third).await;
    counter.town.assign(third, counter.kiran).await;
    assert_eq!(broken(counter.accepts().await).0, Rule::OfferGone);
    assert_eq!(counter.holders().await, [None, None]);
    assert_eq!(counter.town.offers_of(counter.kiran).await, []);
    counter.lata().await;
    assert_eq!(counter.town.round().await, 1, "somebody else is asked");
}

#[tokio::test]
async fn an_offer_that_cannot_be_read_runs_out_like_any_other() {
    let counter = Counter::new().await;
    counter.town.app.db.commit(Tx::new("spoil").guard(1, &SPOIL, args![counter.offer])).await.unwrap();
    counter.town.wait(46);
    assert_eq!(counter.town.app.expire_offers(&counter.town.system()).await.unwrap(), 1);
}

#[tokio::test]
async fn what_needs_no_courier_any_more_is_taken_out_of_the_offer() {
    let counter = Counter::new().await;
    let lata = counter.lata().await;
    // As a node of an earlier version does, which knows nothing of bundles.
    let none = None::<i64>;
    let taken = args![counter.second, lata, 1_i64, None::<CourierId>, none, none, none];
    counter.town.app.db.commit(Tx::new("give").guard(1, &orders::SET_COURIER, taken)).await.unwrap();
    assert_eq!(broken(counter.accepts().await).0, Rule::OfferGone);
    assert_eq!(counter.holders().await, [None, Some(lata)], "all or nothing");
    counter.town.app.reconcile_once(false).await.unwrap();
    assert_eq!(counter.town.only_offer(counter.kiran).await.orders, [counter.first]);
    counter.accepts().await.unwrap();
    assert_eq!(counter.holders().await, [Some(counter.kiran), Some(lata)]);
}

#[tokio::test]
async fn who_lets_it_run_out_or_declines_is_asked_for_none_of_them() {
    for declines in [true, false] {
        let counter = Counter::new().await;
        if declines {
            counter.town.app.decline_offer(&counter.town.rider(counter.kiran), counter.offer).await.unwrap();
        } else {
            counter.town.wait(46);
            assert_eq!(counter.town.app.expire_offers(&counter.town.system()).await.unwrap(), 1);
            counter.town.seen(counter.kiran).await;
        }
        assert_eq!(broken(counter.accepts().await).0, Rule::OfferGone);
        assert_eq!(counter.town.round().await, 0);
        let lata = counter.lata().await;
        assert_eq!(counter.town.round().await, 1);
        assert_eq!(counter.town.only_offer(lata).await.orders, [counter.first, counter.second]);
    }
}

#[tokio::test]
async fn a_break_gives_all_of_it_back() {
    let counter = Counter::new().await;
    counter.town.app.set_break(&counter.town.rider(counter.kiran), counter.kiran, Some(15)).await.unwrap();
    assert_eq!(broken(counter.accepts().await).0, Rule::OfferGone);
    let lata = counter.lata().await;
    assert_eq!(counter.town.round().await, 1);
    assert_eq!(counter.town.only_offer(lata).await.orders.len(), 2);
}
