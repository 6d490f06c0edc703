//! Decisions about an order are kept one after the other and can be read again.

use app::Error;
use domain::{id::OrderId, order::Status};

use crate::{bundles::Counter, town::Town};

impl Town {
    async fn answers(&self, order: OrderId) -> Vec<String> {
        let read = self.app.order_decisions(&self.dispatcher(), order).await.unwrap();
        read.items.into_iter().filter_map(|one| one.answer).collect()
    }
}

#[tokio::test]
async fn each_order_of_a_bundle_has_its_own_decision_with_the_one_who_was_chosen() {
    let counter = Counter::new().await;
    for order in [counter.first, counter.second] {
        let read = counter.town.app.order_decisions(&counter.town.dispatcher(), order).await.unwrap();
        let [one] = &read.items[..] else { panic!("one decision, not {:?}", read.items) };
        let chosen = one.why.chosen.as_ref().unwrap();
        assert_eq!((one.courier_id, chosen.courier_id), (Some(counter.kiran), counter.kiran));
        assert_eq!((one.policy.as_str(), one.answer.as_deref(), one.answered_at), ("rolling", Some("made"), None));
        assert_eq!((chosen.rank, one.why.bundle.as_slice()), (Some(1), &[counter.first, counter.second][..]));
        assert_eq!((read.earlier, read.couriers[&counter.kiran].name.as_str()), (0, "Kiran"));
    }
}

#[tokio::test]
async fn an_order_that_left_its_offer_was_withdrawn_and_the_other_was_not() {
    let counter = Counter::new().await;
    counter.calls_off(counter.first).await;
    counter.accepts().await.unwrap();
    assert_eq!(counter.town.answers(counter.first).await, ["withdrawn"]);
    assert_eq!(counter.town.answers(counter.second).await, ["accepted"]);
}

#[tokio::test]
async fn of_many_decisions_the_newest_are_read_oldest_first() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let (kiran, lata) = (town.courier("Kiran", "91234 56789").await, town.courier("Lata", "91234 56780").await);
    let order = town.order(asha).await;
    town.accept(order).await;
    town.move_to(&town.cook(), order, Status::Ready, None).await;
    for _ in 0..16 {
        for courier in [kiran, lata] {
            town.tick();
            town.assign(order, courier).await;
        }
    }
    let read = town.app.order_decisions(&town.dispatcher(), order).await.unwrap();
    assert_eq!((read.items.len(), read.earlier), (30, 2));
    assert!(read.items.is_sorted_by_key(|one| one.at));
    let last = read.items.last().unwrap();
    assert_eq!((last.courier_id, last.policy.as_str(), last.note.as_deref()), (Some(lata), "by-hand", Some("by hand")));
    assert_eq!(last.answer, None);
    let chosen = last.why.chosen.as_ref().unwrap();
    assert_eq!((chosen.courier_id, chosen.rank), (lata, None), "they had it taken away a moment ago");
    assert_eq!(last.why.impossible, [("refused".to_owned(), 2)]);
    let first = read.items.first().unwrap();
    assert_eq!(first.why.round.map(|round| (round.orders, round.couriers)), Some((1, 2)));
}

#[tokio::test]
async fn only_those_who_may_give_an_order_to_somebody_read_why() {
    let counter = Counter::new().await;
    for stranger in [counter.town.rider(counter.kiran), counter.town.cook()] {
        let refused = counter.town.app.order_decisions(&stranger, counter.first).await.map(drop);
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    }
}
