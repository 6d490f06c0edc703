//! The living city: seeded once, moving within seconds, and leaving players alone.

use std::{collections::BTreeMap, sync::Arc};

use app::{
    App, Ctx, ManualClock,
    orders::{MoveOrder, OrderFilter, PlaceOrder},
    quotes::{WantedAddress, WantedOrder},
};
use domain::{
    id::OrderId,
    ledger::PaymentMethod,
    money::Paise,
    order::Status,
    permission::{Actor, User},
    quote::WantedLine,
};
use jiff::{SignedDuration, Timestamp};
use sim::{Manner, SeededCity, TownStreets, World, demo_logins, seed_city};

use crate::support::{app_at, small_city};

const START: &str = "2026-11-20T13:30:00Z";

fn manner() -> Manner {
    Manner {
        haste: 4.0,
        orders_per_hour: 100.0,
        by_hour: false,
        most_open: 30,
        stop_after: None,
        opening_rush: 5,
        riding_report_s: 4,
        standing_report_s: 20,
        patience: Some(SignedDuration::from_secs(60)),
    }
}

/// A seeded town with its world and a clock.
struct Demo {
    app: Arc<App>,
    clock: Arc<ManualClock>,
    city: SeededCity,
    world: World,
    now: Timestamp,
    _directory: tempfile::TempDir,
}

impl Demo {
    async fn begin(manner: Manner) -> Self {
        let now: Timestamp = START.parse().unwrap();
        let (app, clock, directory) = app_at(now).await;
        let spec = sim::CitySpec { demo: true, ..small_city() };
        let city = seed_city(&app, &app.ctx(Actor::System), &spec).await.unwrap();
        let streets = TownStreets::default().with(city.cast.id, Arc::clone(&city.town), manner.haste);
        app.set_travel(Arc::new(streets));
        let world = World::new(Arc::clone(&app), &city, manner, 3).await.unwrap();
        Self { app, clock, city, world, now, _directory: directory }
    }

    /// Lets seconds pass as `dabba demo` does, reconcilers included.
    async fn pass(&mut self, seconds: i64) {
        for _ in 0..seconds * 2 {
            self.now += SignedDuration::from_millis(500);
            self.clock.set(self.now);
            if self.now.as_millisecond() % 2_000 == 0 {
                self.app.reconcile_once(true).await.unwrap();
            }
            self.world.step(self.now).await.unwrap();
        }
    }

    async fn user(&self, login: &str) -> Ctx {
        let users = self.app.list_users(&self.app.ctx(Actor::System), None, None, 100).await.unwrap();
        let account = users.into_iter().find(|account| account.profile.login.as_deref() == Some(login)).unwrap();
        self.app.ctx(Actor::User(User { ..account.user }))
    }

    async fn status(&self, order: OrderId) -> Status {
        let system = self.app.ctx(Actor::System);
        self.app.order(&system, order).await.unwrap().status
    }

    /// Asha orders the first dish of a kitchen at her first address.
    async fn asha_orders(&self, restaurant_id: domain::id::RestaurantId) -> OrderId {
        let ctx = self.user("asha").await;
        let menu = self.app.menu(restaurant_id).await.unwrap();
        let item = menu.sections[0].items.iter().find(|item| item.on_sale.has(5, self.now)).unwrap();
        let needed =
            item.option_groups.iter().flat_map(|group| group.options.iter().take(usize::try_from(group.min).unwrap()));
        let line = WantedLine {
            item_id: item.id,
            quantity: 5,
            option_ids: needed.map(|option| option.id).collect(),
            note: None,
        };
        let door = self.app.addresses(&ctx, self.city.players.customer).await.unwrap()[0].id;
        let address = WantedAddress::Saved(door);
        let wanted = WantedOrder { restaurant_id, lines: vec![line], address, tip: Paise::ZERO };
        let quote = self.app.quote(&ctx, &wanted).await.unwrap();
        let order = PlaceOrder { quote_id: quote.id, method: PaymentMethod::Cod, payment_token: None, note: None };
        self.app.place_order(&ctx, &quote.id.to_string(), &order).await.unwrap().order_id
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seeding_twice_changes_nothing() {
    let now: Timestamp = START.parse().unwrap();
    let (app, _clock, _directory) = app_at(now).await;
    let ctx = app.ctx(Actor::System);
    let first = seed_city(&app, &ctx, &small_city()).await.unwrap();
    let logins = demo_logins(&app, &ctx, &first).await.unwrap();
    let second = seed_city(&app, &ctx, &small_city()).await.unwrap();
    assert!(first.fresh && !second.fresh);
    assert_eq!(first.cast.kitchens, second.cast.kitchens);
    let riders = |city: &SeededCity| city.cast.riders.iter().map(|rider| (rider.id, rider.home)).collect::<Vec<_>>();
    assert_eq!(riders(&first), riders(&second));
    let residents =
        |city: &SeededCity| city.cast.residents.iter().map(|one| (one.id, one.doors.clone())).collect::<Vec<_>>();
    assert_eq!(residents(&first), residents(&second));
    assert_eq!(demo_logins(&app, &ctx, &second).await.unwrap(), logins);
    for login in &logins {
        let session = app.login(&ctx, login.login, login.password).await;
        assert!(session.is_ok(), "{}", login.login);
    }
    assert_eq!(app.addresses(&ctx, first.players.customer).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_moves_within_seconds_and_delivers_within_minutes() {
    let mut demo = Demo::begin(manner()).await;
    demo.pass(5).await;
    assert!(demo.world.tally().placed >= 4, "{:?}", demo.world.tally());
    demo.pass(9 * 60).await;
    let tally = demo.world.tally();
    assert!(tally.delivered >= 7, "{tally:?}");
    let mean = tally.click_to_door.iter().sum::<f64>() / f64::from(u32::try_from(tally.click_to_door.len()).unwrap());
    assert!((2.0..7.0).contains(&mean), "{mean} {tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_players_kitchen_and_order_are_left_alone_until_patience_runs_out() {
    let mut demo = Demo::begin(Manner { opening_rush: 0, orders_per_hour: 0.01, ..manner() }).await;
    demo_logins(&demo.app, &demo.app.ctx(Actor::System), &demo.city).await.unwrap();
    let order = demo.asha_orders(demo.city.players.kitchen).await;
    demo.pass(50).await;
    assert_eq!(demo.status(order).await, Status::Placed);
    let kitchen = demo.user("kitchen").await;
    let accept = MoveOrder { to: Some(Status::Accepted), prep_minutes: Some(6), ..MoveOrder::default() };
    demo.app.move_order(&kitchen, order, &accept).await.unwrap();
    demo.pass(6 * 60).await;
    assert_eq!(demo.status(order).await, Status::Accepted);
    demo.pass(10 * 60).await;
    assert_eq!(demo.status(order).await, Status::Delivered);

    let silent = demo.asha_orders(demo.city.players.kitchen).await;
    demo.pass(15 * 60).await;
    assert_eq!(demo.status(silent).await, Status::Delivered);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_rider_rides_but_decides_alone() {
    let mut demo = Demo::begin(Manner { opening_rush: 0, orders_per_hour: 0.01, ..manner() }).await;
    let ctx = demo.app.ctx(Actor::System);
    demo_logins(&demo.app, &ctx, &demo.city).await.unwrap();
    for rider in &demo.city.cast.riders {
        demo.app.set_shift(&ctx, rider.id, false).await.unwrap();
    }
    let id = demo.city.players.rider.id;
    demo.app.set_shift(&demo.user("rider").await, id, true).await.unwrap();
    let order = demo.asha_orders(demo.city.cast.kitchens[1]).await;
    let mut offers = Vec::new();
    while offers.is_empty() && demo.now.duration_since(START.parse().unwrap()).as_mins() < 5 {
        demo.pass(5).await;
        offers = demo.app.open_offers(&demo.user("rider").await, id).await.unwrap();
    }
    assert_eq!(offers.len(), 1, "the rider is asked, and nobody answers for them");
    demo.app.accept_offer(&demo.user("rider").await, offers[0].row.id, None).await.unwrap();
    let before = demo.app.courier(&ctx, id).await.unwrap().row;
    demo.pass(20).await;
    let after = demo.app.courier(&ctx, id).await.unwrap().row;
    assert!(after.lat != before.lat || after.lng != before.lng, "the rider moves");
    demo.pass(15 * 60).await;
    assert_eq!(demo.status(order).await, Status::Delivered, "nobody's food waits for ever");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_demo_takes_up_what_was_open() {
    let mut demo = Demo::begin(manner()).await;
    demo.pass(220).await;
    let watcher = demo.app.ctx(Actor::User(User {
        id: domain::id::UserId(uuid::Uuid::nil()),
        role: domain::permission::Role::Admin,
        customer_id: None,
        courier_id: None,
        restaurant_ids: Vec::new(),
    }));
    let filter = OrderFilter { open: true, limit: 100, ..OrderFilter::default() };
    let (open, _) = demo.app.list_orders(&watcher, &filter).await.unwrap();
    let mut by_status = BTreeMap::new();
    for view in &open {
        *by_status.entry(view.row.status.clone()).or_insert(0) += 1;
    }
    assert!(open.len() >= 3 && by_status.len() >= 2, "{by_status:?}");
    let quiet = Manner { opening_rush: 0, orders_per_hour: 0.01, ..manner() };
    demo.world = World::new(Arc::clone(&demo.app), &demo.city, quiet, 4).await.unwrap();
    demo.pass(15 * 60).await;
    let ctx = demo.app.ctx(Actor::System);
    for view in open {
        let now = demo.app.order(&ctx, view.row.id).await.unwrap();
        assert!(now.status.is_final(), "{} was {} and is {:?}", view.number(), view.row.status, now.row);
    }
}
