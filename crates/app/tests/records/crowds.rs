//! More couriers than a round looks at: those who could be asked are found, and all who are free are counted.

use app::{couriers::CourierProfile, positions::Fix};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, CustomerId},
    order::Status,
};
use store::{Tx, args, couriers};

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

    /// How many are free for who watches the city, where orders are expected, and for the estimates of arrivals, once
    /// those of `heard` have said where they are.
    async fn counted_free(&self, asha: CustomerId, heard: &[CourierId]) -> [usize; 3] {
        // Longer than any of them keeps what it counted.
        self.wait(61);
        for rider in heard {
            self.seen(*rider).await;
        }
        let live = self.app.live_city(&self.dispatcher(), self.city).await.unwrap();
        let demand = self.app.city_demand(&self.dispatcher(), self.city).await.unwrap();
        let order = self.order(asha).await;
        let forecast = self.app.order(&self.system(), order).await.unwrap().quote.forecast.unwrap();
        let waiting = demand.cells.iter().map(|cell| cell.free).sum();
        [live.figures.riders_free, waiting, usize::try_from(forecast.free).unwrap()]
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
async fn who_cannot_be_asked_is_free_for_nobody_who_counts() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let all = town.crowd(6).await;
    let [kiran, lata, ravi, anil, deepa, silent] = all[..] else { panic!("six riders") };
    assert_eq!(town.counted_free(asha, &all).await, [6; 3]);
    assert_eq!(town.counted_free(asha, &[kiran, lata, ravi, anil, deepa]).await, [5; 3], "one is silent");
    let heard = [kiran, lata, ravi, anil, deepa, silent];
    town.app.set_break(&town.rider(kiran), kiran, Some(5)).await.unwrap();
    assert_eq!(town.counted_free(asha, &heard).await, [5; 3], "at rest");
    let barred = |statement, id| Tx::new("bar").guard(1, statement, args![id, true]);
    town.app.db.commit(barred(&couriers::SET_SUSPENDED, lata)).await.unwrap();
    assert_eq!(town.counted_free(asha, &heard).await, [4; 3], "suspended");
    town.app.db.commit(barred(&couriers::SET_PAPERS_LAPSED, ravi)).await.unwrap();
    assert_eq!(town.counted_free(asha, &heard).await, [3; 3], "without papers");
    let order = town.order(asha).await;
    town.accept(order).await;
    town.assign(order, anil).await;
    assert_eq!(town.counted_free(asha, &heard).await, [2; 3], "with an order in hand");
    town.wait(300);
    assert_eq!(town.counted_free(asha, &heard).await, [3; 3], "the rest is over");
    let other = town.order(asha).await;
    town.accept(other).await;
    town.move_to(&town.cook(), other, Status::Ready, None).await;
    for rider in heard {
        town.seen(rider).await;
    }
    assert_eq!(town.round().await, 1);
    assert_eq!(town.counted_free(asha, &heard).await, [2; 3], "one looks at an offer");
}
