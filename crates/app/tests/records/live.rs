//! What Meena sees who watches the city.

use app::live::{ExceptionKind, LiveCity};
use domain::{
    courier::CourierState,
    id::{CityId, OrderId},
    order::Status,
};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::town::{DOOR, Town, is_forbidden, is_missing};

impl Town {
    async fn live(&self) -> LiveCity {
        self.app.live_city(&self.dispatcher(), self.city).await.unwrap()
    }
}

fn wrong(live: &LiveCity) -> Vec<(ExceptionKind, OrderId)> {
    live.exceptions.iter().map(|one| (one.kind, one.order_id)).collect()
}

#[tokio::test]
async fn a_quiet_city_has_figures_and_no_trouble() {
    let town = Town::new().await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let live = town.live().await;
    assert_eq!((live.figures.open_orders, live.figures.delivered_today, live.figures.on_time_pct), (0, 0, None));
    assert_eq!((live.figures.riders_on_shift, live.figures.riders_free), (1, 1));
    assert_eq!((live.figures.kitchens_open, live.figures.kitchens_late), (1, 0));
    assert_eq!((live.couriers[0].row.id, live.couriers[0].state), (kiran, CourierState::Free));
    assert_eq!((live.restaurants[0].id, live.restaurants[0].open_orders), (town.kitchen, 0));
    assert!(live.exceptions.is_empty() && live.orders.is_empty());
    // Who says nothing is asked for nothing, and is not counted on.
    town.wait(60);
    assert_eq!(town.live().await.figures.riders_free, 1);
    town.wait(1);
    let silent = town.live().await.figures;
    assert_eq!((silent.riders_on_shift, silent.riders_free), (1, 0));
}

#[tokio::test]
async fn orders_that_need_somebody_come_worst_first() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let alone = town.order(asha).await;
    town.accept(alone).await;
    let carried = town.order(ravi).await;
    town.accept(carried).await;
    town.assign(carried, kiran).await;
    // The food is ready after a quarter of an hour; five minutes before, a courier should be looked for.
    town.wait(660);
    town.seen(kiran).await;
    let unanswered = town.order(asha).await;
    assert!(wrong(&town.live().await).is_empty());
    town.wait(125);
    let live = town.live().await;
    let expected = [
        (ExceptionKind::Unassigned, alone),
        (ExceptionKind::CourierSilent, carried),
        (ExceptionKind::NotAccepted, unanswered),
    ];
    assert_eq!(wrong(&live), expected);
    assert_eq!(live.exceptions[0].drop_locality, "Halasuru");
    assert_eq!(live.orders.iter().map(|order| order.id).collect::<Vec<_>>(), [unanswered, carried, alone]);
    assert_eq!((live.orders[0].drop, live.orders[0].status), (DOOR, Status::Placed));
    assert_eq!(
        (live.couriers[0].state, live.couriers[0].order_ids.as_slice()),
        (CourierState::ToPickup, &[carried][..])
    );
    assert_eq!((live.figures.open_orders, live.figures.riders_free), (3, 0));
    // Heard of again, and somebody comes for the other.
    town.seen(kiran).await;
    town.assign(alone, kiran).await;
    assert_eq!(wrong(&town.live().await), [(ExceptionKind::NotAccepted, unanswered)]);
}

#[tokio::test]
async fn a_late_kitchen_is_named() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let order = town.order(asha).await;
    town.accept(order).await;
    town.assign(order, kiran).await;
    town.wait(15 * 60 + 60);
    town.seen(kiran).await;
    let live = town.live().await;
    assert_eq!((wrong(&live), live.next_exception_at), (Vec::new(), Some(live.at)));
    town.wait(1);
    let live = town.live().await;
    assert_eq!(wrong(&live), [(ExceptionKind::KitchenLate, order)]);
    assert_eq!(live.next_exception_at, Some(live.at + SignedDuration::from_secs(59)), "the courier falls silent");
    assert_eq!((live.figures.kitchens_late, live.restaurants[0].late_orders), (1, 1));
    town.move_to(&town.cook(), order, Status::Ready, None).await;
    assert_eq!(town.live().await.figures.kitchens_late, 0);
}

#[tokio::test]
async fn a_delivered_order_counts_until_local_midnight() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let order = town.order(asha).await;
    town.deliver(order, kiran).await;
    let figures = town.live().await.figures;
    assert_eq!((figures.open_orders, figures.delivered_today, figures.on_time_pct), (0, 1, Some(100.0)));
    // From 12:48 to half past midnight in Bengaluru, the same day still in London.
    town.wait(11 * 3_600 + 42 * 60);
    assert_eq!(town.live().await.figures.delivered_today, 0);
}

#[tokio::test]
async fn only_staff_watch() {
    let town = Town::new().await;
    assert!(is_forbidden(&town.app.live_city(&town.cook(), town.city).await));
    assert!(is_missing(&town.app.live_city(&town.dispatcher(), CityId(Uuid::nil())).await));
}
