//! What deliveries teach the arrivals where orders share a courier: each part once, by the order that it was for.

use domain::{
    id::{CourierId, OrderId},
    order::Status,
    quote::Quote,
};
use store::{Statement, Tx, args};

use crate::{joins::Queue, town::Town, trips::scored};

static PUT_STOP: Statement = Statement::new("test.PUT_STOP", "UPDATE orders SET stop = $2 WHERE id = $1");
static ERROR: Statement =
    Statement::new("test.ERROR_OF_PART", "SELECT CAST(SUM(error_s) AS BIGINT) FROM arrival_scores WHERE part = $1");

impl Queue {
    /// Kiran came to the counter a minute after he took the first order, and took the second ten seconds later.
    async fn joined() -> Self {
        let queue = Self::new().await;
        queue.town.app.arrive(&queue.town.rider(queue.kiran), queue.first).await.unwrap();
        queue.town.wait(10);
        queue.accepts().await.unwrap();
        queue
    }

    /// Which door comes first.
    async fn goes_first_to(&self, first: OrderId, second: OrderId) {
        let tx = Tx::new("turn").guard(1, &PUT_STOP, args![first, 1_i64]).guard(1, &PUT_STOP, args![second, 2_i64]);
        self.town.app.db.commit(tx).await.unwrap();
    }
}

impl Town {
    /// Accepted, given by hand and ready.
    async fn given(&self, order: OrderId, courier: CourierId) {
        self.accept(order).await;
        self.assign(order, courier).await;
        self.move_to(&self.cook(), order, Status::Ready, None).await;
    }

    async fn reaches_the_door(&self, order: OrderId, courier: CourierId) {
        self.wait(300);
        let code = self.row(order).await.delivery_code;
        self.move_to(&self.rider(courier), order, Status::Delivered, Some(code)).await;
    }

    async fn picks_up(&self, order: OrderId, courier: CourierId) {
        self.move_to(&self.rider(courier), order, Status::PickedUp, None).await;
    }
}

#[tokio::test]
async fn what_joined_teaches_neither_when_it_was_taken_nor_the_way_to_the_counter() {
    for newcomer_first in [false, true] {
        let queue = Queue::joined().await;
        let sequence = if newcomer_first { [queue.second, queue.first] } else { [queue.first, queue.second] };
        queue.goes_first_to(sequence[0], sequence[1]).await;
        for order in sequence {
            queue.picks_up(order).await;
        }
        for order in sequence {
            queue.delivers(order).await;
        }
        queue.town.app.consume_all().await.unwrap();
        let learned = scored(&queue.town).await;
        let of = |part: &str| learned.get(part).copied();
        assert_eq!((of("assignment"), of("first_mile"), of("last_mile")), (Some(1), Some(1), None), "{learned:?}");
        let quote: Quote = serde_json::from_str(&queue.town.row(queue.first).await.quote).unwrap();
        let said_s = quote.forecast.unwrap().first_mile.p50_s;
        let error: (i64,) = queue.town.app.db.one(&ERROR, args!["first_mile"]).await.unwrap();
        assert_eq!(error.0, 60 - said_s, "the way of the first");
    }
}

#[tokio::test]
async fn what_joined_and_is_left_alone_teaches_neither() {
    let queue = Queue::joined().await;
    queue.town.calls_off(queue.first).await;
    queue.picks_up(queue.second).await;
    queue.delivers(queue.second).await;
    queue.town.app.consume_all().await.unwrap();
    let learned = scored(&queue.town).await;
    let of = |part: &str| learned.get(part).copied();
    assert_eq!((of("assignment"), of("first_mile"), of("last_mile")), (None, None, Some(1)), "{learned:?}");
}

#[tokio::test]
async fn a_way_over_another_door_is_no_straight_one_however_the_orders_came_together() {
    for together in [true, false] {
        let town = Town::new().await;
        let asha = town.register("Asha", "98765 43210").await;
        let kiran = town.courier("Kiran", "91234 56789").await;
        let (one, other) = (town.order(asha).await, town.order(asha).await);
        for order in [one, other] {
            town.given(order, kiran).await;
        }
        town.picks_up(one, kiran).await;
        if together {
            town.picks_up(other, kiran).await;
            town.reaches_the_door(one, kiran).await;
        } else {
            town.reaches_the_door(one, kiran).await;
            town.picks_up(other, kiran).await;
        }
        town.reaches_the_door(other, kiran).await;
        town.app.consume_all().await.unwrap();
        let learned = scored(&town).await;
        let straight = if together { 1 } else { 2 };
        assert_eq!(learned.get("last_mile").copied(), Some(straight), "{learned:?}");
        assert_eq!(learned.get("assignment").copied(), Some(2), "each was given by itself");
    }
}
