//! More orders than couriers: what is promised then, and what is learned of it.

use app::restaurants::Search;
use domain::{
    arrival::Forecast,
    id::{CustomerId, OrderId},
    order::Status,
};
use store::{Statement, args, orders::OrderRow};

use crate::town::{DOOR, Town};

static LEARNED: Statement = Statement::new(
    "test.LEARNED",
    "SELECT DISTINCT part, load FROM arrival_tallies WHERE part IN ('assignment', 'bound', 'queue') AND slot >= 0 \
     ORDER BY part, load",
);

impl Town {
    /// Food that is ready and for which nobody comes, ordered after the last look at the city has been forgotten.
    async fn ready(&self, asha: CustomerId) -> OrderId {
        self.wait(11);
        let order = self.order(asha).await;
        self.accept(order).await;
        self.move_to(&self.cook(), order, Status::Ready, None).await;
        order
    }

    async fn as_stored(&self, order: OrderId) -> OrderRow {
        self.app.order(&self.system(), order).await.unwrap().row
    }

    async fn said(&self, order: OrderId) -> Forecast {
        self.app.order(&self.system(), order).await.unwrap().quote.forecast.unwrap()
    }
}

#[tokio::test]
async fn the_arrival_is_later_the_more_orders_wait() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let mut last: Option<Forecast> = None;
    for ahead in 0..12 {
        town.wait(1);
        town.seen(kiran).await;
        let order = town.ready(asha).await;
        let said = town.said(order).await;
        assert_eq!((said.ahead, said.free, said.couriers), (ahead, 1, 1));
        assert_eq!(said.queue_s > 0, ahead > 0, "one is free, and none for a second order: {said:?}");
        if let Some(last) = last {
            assert!(said.queue_s > last.queue_s && said.assignment.p90_s > last.assignment.p90_s, "{last:?} {said:?}");
            assert!(said.total.p50_s > last.total.p50_s && said.total.p90_s > last.total.p90_s, "{last:?} {said:?}");
        }
        last = Some(said);
    }
}

#[tokio::test]
async fn lists_tell_of_a_queue_as_quotes_do() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let listed = async || {
        town.wait(21);
        town.seen(kiran).await;
        town.app.reconcile_once(true).await.unwrap();
        let search = Search { from: Some(DOOR), limit: 1, ..Search::default() };
        town.app.search_restaurants(&town.system(), &search).unwrap().items[0].reach.unwrap()
    };
    let calm = listed().await;
    for _ in 0..8 {
        town.ready(asha).await;
    }
    let queued = listed().await;
    assert!(queued.low_s > calm.low_s && queued.high_s > calm.high_s + 1_800, "{calm:?} {queued:?}");
}

#[tokio::test]
async fn an_arrival_is_said_where_nobody_works() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    for ahead in 0..5 {
        let order = town.ready(asha).await;
        let said = town.said(order).await;
        assert_eq!((said.ahead, said.free, said.couriers), (ahead, 0, 0));
        assert!((120..=3 * 3_600).contains(&said.queue_s), "{said:?}");
    }
}

#[tokio::test]
async fn an_arrival_moves_at_once_by_the_whole_queue_in_front() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let mut crew = Vec::new();
    for number in 0..4 {
        crew.push(town.courier("Rider", &format!("91234 5678{number}")).await);
    }
    let (first, _, _, last) =
        (town.ready(asha).await, town.ready(asha).await, town.ready(asha).await, town.ready(asha).await);
    assert_eq!(town.said(last).await.queue_s, 0, "there is somebody for everybody");
    let before = [town.as_stored(first).await.eta_high, town.as_stored(last).await.eta_high];
    for gone in &crew[1..] {
        town.app.set_shift(&town.rider(*gone), *gone, false).await.unwrap();
    }
    town.wait(11);
    town.seen(crew[0]).await;
    town.app.watch_arrivals(&town.system(), town.city).await.unwrap();
    let moved_s = [town.as_stored(first).await.eta_high - before[0], town.as_stored(last).await.eta_high - before[1]];
    assert!(moved_s[1] > 15 * 60_000_000, "three orders before it and one courier: {moved_s:?}");
    assert!(moved_s[0] < 5 * 60_000_000, "the first in the queue has its courier: {moved_s:?}");
}

#[tokio::test]
async fn an_arrival_in_a_queue_teaches_about_queues_only() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    town.ready(asha).await;
    let queued = town.ready(asha).await;
    assert!(town.said(queued).await.queue_s > 0);
    town.assign(queued, kiran).await;
    town.move_to(&town.rider(kiran), queued, Status::PickedUp, None).await;
    let code = town.as_stored(queued).await.delivery_code;
    town.move_to(&town.rider(kiran), queued, Status::Delivered, Some(code)).await;
    town.app.learn().await.unwrap();
    let learned: Vec<(String, i64)> = town.app.db.all(&LEARNED, args![]).await.unwrap();
    assert_eq!(learned, [("queue".to_owned(), 2)]);
}
