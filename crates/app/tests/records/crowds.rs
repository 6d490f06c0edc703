//! More couriers than a round looks at: those who could be asked are found, and all who are free are counted.

use app::{couriers::CourierProfile, positions::Fix};
use domain::{courier::Vehicle, geo::Point, id::CourierId, order::Status};
use store::{Tx, args, arrivals, couriers};

use crate::town::{KITCHEN, Town};

/// One more than a round looks at without choosing.
const CROWD: usize = 201;

impl Town {
    async fn crowd(&self, many: usize) -> Vec<CourierId> {
        let mut crowd = Vec::with_capacity(many);
        for number in 0..many {
            crowd.push(self.courier("Rider", &format!("91234 {number:05}")).await);
        }
        crowd
    }

    /// Couriers whom the estimates of arrivals call free.
    async fn counted_free(&self) -> i64 {
        let now = self.system().now.as_microsecond();
        let (free,): (i64,) =
            self.app.db.one(&arrivals::COUNT_FREE, args![self.city, now - 60_000_000, now]).await.unwrap();
        free
    }
}

#[tokio::test]
async fn everybody_who_is_free_in_a_crowd_is_counted() {
    let town = Town::new().await;
    town.crowd(CROWD).await;
    let demand = town.app.city_demand(&town.dispatcher(), town.city).await.unwrap();
    assert_eq!(demand.cells.iter().map(|cell| cell.free).sum::<usize>(), CROWD);
}

#[tokio::test]
async fn a_crowd_at_rest_beside_the_kitchen_does_not_hide_who_could_come() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let order = town.order(asha).await;
    town.accept(order).await;
    town.move_to(&town.cook(), order, Status::Ready, None).await;
    for rider in town.crowd(CROWD - 1).await {
        town.app.set_break(&town.rider(rider), rider, Some(30)).await.unwrap();
    }
    let profile = CourierProfile { name: "Lata".to_owned(), phone: None, vehicle: Vehicle::Scooter };
    let lata = town.app.add_courier(&town.system(), town.city, &profile).await.unwrap();
    let ctx = town.rider(lata);
    town.app.set_shift(&ctx, lata, true).await.unwrap();
    let there = Point { lat: KITCHEN.lat + 0.01, ..KITCHEN };
    let fix = Fix { lat: there.lat, lng: there.lng, accuracy_m: 8.0, at: ctx.now, mocked: false };
    town.app.report_positions(&ctx, lata, &[fix]).await.unwrap();
    assert_eq!(town.app.dispatch_city(&town.system(), town.city).await.unwrap(), 1);
    let offered = town.app.open_offers(&ctx, lata).await.unwrap();
    assert_eq!(offered.len(), 1);
}

#[tokio::test]
async fn who_cannot_be_asked_is_not_counted_as_free() {
    let town = Town::new().await;
    let [kiran, lata, ravi] = town.crowd(3).await[..] else { panic!("three riders") };
    town.app.write_positions().await.unwrap();
    assert_eq!(town.counted_free().await, 3);
    town.app.set_break(&town.rider(kiran), kiran, Some(5)).await.unwrap();
    assert_eq!(town.counted_free().await, 2, "at rest");
    let barred = |statement, id| Tx::new("bar").guard(1, statement, args![id, true]);
    town.app.db.commit(barred(&couriers::SET_SUSPENDED, lata)).await.unwrap();
    assert_eq!(town.counted_free().await, 1, "suspended");
    town.app.db.commit(barred(&couriers::SET_PAPERS_LAPSED, ravi)).await.unwrap();
    assert_eq!(town.counted_free().await, 0, "without papers");
    town.wait(5 * 60);
    for rider in [kiran, lata, ravi] {
        town.seen(rider).await;
    }
    town.app.write_positions().await.unwrap();
    assert_eq!(town.counted_free().await, 1, "the rest is over");
}
