//! A small town: one zone, one kitchen that never closes, Asha and Ravi who order, Kiran who rides, Meena who watches.

use std::sync::Arc;

use app::{
    App, Ctx, Entropy, Error, ManualClock, Settings,
    couriers::CourierProfile,
    customers::CustomerProfile,
    orders::{ByHand, MoveOrder, PlaceOrder},
    places::NewCity,
    positions::Fix,
    quotes::{WantedAddress, WantedOrder},
    restaurants::{NewRestaurant, Profile},
    vendors::VendorProfile,
};
use domain::{
    availability::Hours,
    courier::Vehicle,
    event::Event,
    geo::Point,
    id::{CityId, CourierId, CustomerId, MenuItemId, OrderId, RestaurantId, SectionId, UserId},
    ledger::PaymentMethod,
    menu::{MenuItem, OnSale, Section, VegMark},
    money::Paise,
    order::Status,
    permission::{Actor, Role, User},
    quote::WantedLine,
    rule::Rule,
};
use jiff::SignedDuration;
use store::outbox::Position;
use testkit::TestDatabase;
use uuid::Uuid;

pub(crate) const KITCHEN: Point = Point { lat: 12.970, lng: 77.600 };
pub(crate) const DOOR: Point = Point { lat: 12.975, lng: 77.605 };

/// The town, with its clock in the test's hand.
pub(crate) struct Town {
    pub(crate) app: App,
    pub(crate) city: CityId,
    pub(crate) kitchen: RestaurantId,
    pub(crate) dosa: MenuItemId,
    clock: Arc<ManualClock>,
    pub(crate) database: TestDatabase,
}

impl Town {
    /// On a Friday, at 12:48 in Bengaluru.
    pub(crate) async fn new() -> Self {
        let database = testkit::database().await;
        let clock = Arc::new(ManualClock::new("2026-11-20T07:18:00Z".parse().unwrap()));
        let entropy = Arc::new(Entropy::from_seed(7));
        let app = App::open(database.db.clone(), Settings::default(), Arc::<ManualClock>::clone(&clock), entropy);
        let app = app.await.unwrap();
        let ctx = app.ctx(Actor::System);
        let city = app.add_city(&ctx, bengaluru()).await.unwrap();
        let vendor = app.add_vendor(&ctx, &annapurna()).await.unwrap();
        let dosa: MenuItemId = ctx.id();
        let items = vec![dish(dosa, "Masala dosa", 9_000)];
        let sections = vec![Section { id: ctx.id::<SectionId>(), name: "Dosas".to_owned(), items }];
        let new = NewRestaurant {
            vendor_id: vendor.id,
            city_id: city,
            point: KITCHEN,
            zone_id: None,
            source_key: None,
            veg_mark: VegMark::Egg,
            commission_bp: 1_800,
            rating_sum: 40,
            rating_count: 1,
            profile: always_open(),
            sections,
        };
        let kitchen = app.add_restaurant(&ctx, &new).await.unwrap().unwrap();
        Self { app, city, kitchen, dosa, clock, database }
    }

    /// Another node on the same database, with the same time.
    pub(crate) async fn other_node(&self, settings: Settings, entropy: Arc<Entropy>) -> App {
        let clock = Arc::<ManualClock>::clone(&self.clock);
        App::open(self.database.open().await, settings, clock, entropy).await.unwrap()
    }

    /// Time goes by.
    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.set(self.system().now + SignedDuration::from_secs(seconds));
    }

    /// A millisecond goes by: ids order what was made in different ones.
    pub(crate) fn tick(&self) {
        self.clock.set(self.system().now + SignedDuration::from_millis(1));
    }

    /// This was told, or is soon.
    pub(crate) async fn told(&self, event: Event) {
        testkit::eventually(event.kind(), || async {
            let recorded = self.app.events_after(Position::default(), 1_000).await.unwrap();
            recorded.into_iter().find(|recorded| recorded.event == event).map(drop)
        })
        .await;
    }

    pub(crate) fn system(&self) -> Ctx {
        self.app.ctx(Actor::System)
    }

    pub(crate) fn stranger(&self) -> Ctx {
        self.app.ctx(Actor::Anonymous)
    }

    pub(crate) fn dispatcher(&self) -> Ctx {
        self.as_user(Role::Dispatcher, None, None, &[])
    }

    pub(crate) fn admin(&self) -> Ctx {
        self.as_user(Role::Admin, None, None, &[])
    }

    pub(crate) fn cook(&self) -> Ctx {
        self.as_user(Role::Restaurant, None, None, &[self.kitchen])
    }

    /// Somebody who works for another kitchen.
    pub(crate) fn other_cook(&self) -> Ctx {
        self.as_user(Role::Restaurant, None, None, &[RestaurantId(Uuid::from_u128(1))])
    }

    pub(crate) fn customer(&self, id: CustomerId) -> Ctx {
        self.as_user(Role::Customer, Some(id), None, &[])
    }

    pub(crate) fn rider(&self, id: CourierId) -> Ctx {
        self.as_user(Role::Courier, None, Some(id), &[])
    }

    fn as_user(
        &self,
        role: Role,
        customer_id: Option<CustomerId>,
        courier_id: Option<CourierId>,
        kitchens: &[RestaurantId],
    ) -> Ctx {
        let id = UserId(Uuid::from_u128(role as u128 + 1));
        self.app.ctx(Actor::User(User { id, role, customer_id, courier_id, restaurant_ids: kitchens.to_vec() }))
    }

    pub(crate) async fn register(&self, name: &str, phone: &str) -> CustomerId {
        self.tick();
        self.app.add_customer(&self.system(), &profile(name, phone)).await.unwrap().id
    }

    /// A courier on shift who stands beside the kitchen.
    pub(crate) async fn courier(&self, name: &str, phone: &str) -> CourierId {
        self.courier_with(name, phone, Vehicle::Scooter).await
    }

    /// The same with another vehicle.
    pub(crate) async fn courier_with(&self, name: &str, phone: &str, vehicle: Vehicle) -> CourierId {
        let profile = CourierProfile { name: name.to_owned(), phone: Some(phone.to_owned()), vehicle };
        let id = self.app.add_courier(&self.system(), self.city, &profile).await.unwrap();
        self.app.set_shift(&self.rider(id), id, true).await.unwrap();
        self.seen(id).await;
        id
    }

    /// The courier says: at the kitchen, now.
    pub(crate) async fn seen(&self, id: CourierId) {
        let ctx = self.rider(id);
        let fix = Fix { lat: KITCHEN.lat, lng: KITCHEN.lng, accuracy_m: 10.0, at: ctx.now, mocked: false };
        assert_eq!(self.app.report_positions(&ctx, id, &[fix]).await.unwrap().accepted, 1);
    }

    /// Asks what two dosas cost: everything that it takes to order them.
    pub(crate) async fn quoted(&self, customer: CustomerId) -> (Ctx, PlaceOrder) {
        self.tick();
        let ctx = self.customer(customer);
        let line = WantedLine { item_id: self.dosa, quantity: 2, option_ids: Vec::new(), note: None };
        let address = WantedAddress::New { point: DOOR, line1: "7 Church Street".to_owned(), pin: "560001".to_owned() };
        let wanted = WantedOrder { restaurant_id: self.kitchen, lines: vec![line], address, tip: Paise::ZERO };
        let quote = self.app.quote(&ctx, &wanted).await.unwrap();
        let place = PlaceOrder { quote_id: quote.id, method: PaymentMethod::Cod, payment_token: None, note: None };
        (ctx, place)
    }

    /// Places an order for two dosas.
    pub(crate) async fn order(&self, customer: CustomerId) -> OrderId {
        let (ctx, place) = self.quoted(customer).await;
        self.app.place_order(&ctx, &place.quote_id.to_string(), &place).await.unwrap().order_id
    }

    pub(crate) async fn move_to(&self, ctx: &Ctx, order: OrderId, to: Status, code: Option<String>) {
        let prep_minutes = (to == Status::Accepted).then_some(15);
        let reason = matches!(to, Status::Rejected).then(|| "other".to_owned());
        let wanted = MoveOrder { to: Some(to), prep_minutes, reason, code, version: None };
        self.app.move_order(ctx, order, &wanted).await.unwrap();
    }

    pub(crate) async fn accept(&self, order: OrderId) {
        self.move_to(&self.cook(), order, Status::Accepted, None).await;
    }

    pub(crate) async fn assign(&self, order: OrderId, courier: CourierId) {
        self.app
            .assign_order(&self.dispatcher(), order, courier, ByHand { note: "by hand", beyond_room: true })
            .await
            .unwrap();
    }

    /// Takes an order from acceptance to the door.
    pub(crate) async fn deliver(&self, order: OrderId, courier: CourierId) {
        self.accept(order).await;
        self.assign(order, courier).await;
        self.move_to(&self.cook(), order, Status::Ready, None).await;
        self.move_to(&self.rider(courier), order, Status::PickedUp, None).await;
        let code = self.app.order(&self.system(), order).await.unwrap().row.delivery_code;
        self.move_to(&self.rider(courier), order, Status::Delivered, Some(code)).await;
    }
}

pub(crate) fn profile(name: &str, phone: &str) -> CustomerProfile {
    let phone = Some(phone.to_owned());
    CustomerProfile { name: name.to_owned(), phone, email: None, language: "en-IN".to_owned() }
}

pub(crate) fn annapurna() -> VendorProfile {
    VendorProfile {
        name: "Annapurna Foods".to_owned(),
        legal_name: Some("Annapurna Foods LLP".to_owned()),
        gstin: Some("29AAZPZ0001A1ZO".to_owned()),
        pan: None,
        fssai: Some("11226999000123".to_owned()),
    }
}

/// The rule that was broken and the field that broke it; panics on anything else.
pub(crate) fn broken<T: std::fmt::Debug>(outcome: Result<T, Error>) -> (Rule, String) {
    match outcome {
        Err(Error::Rule(broken)) => (broken.rule, broken.pointer.unwrap_or_default()),
        other => panic!("expected a broken rule, not {other:?}"),
    }
}

/// Absent, or somebody else's: nobody can tell which.
pub(crate) fn is_missing<T: std::fmt::Debug>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::NotFound(_)))
}

pub(crate) fn is_forbidden<T: std::fmt::Debug>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Forbidden))
}

fn dish(id: MenuItemId, name: &str, paise: i64) -> MenuItem {
    MenuItem {
        id,
        name: name.to_owned(),
        description: None,
        price: Paise(paise),
        packing: Paise(0),
        veg_mark: VegMark::Veg,
        allergens: Vec::new(),
        on_sale: OnSale::ALWAYS,
        popular: false,
        option_groups: Vec::new(),
    }
}

fn bengaluru() -> NewCity {
    let corners = [(12.90, 77.50), (12.90, 77.70), (13.05, 77.70), (13.05, 77.50)];
    let corners = corners.into_iter().map(|(lat, lng)| Point { lat, lng }).collect();
    NewCity {
        slug: "bengaluru".to_owned(),
        name: "Bengaluru".to_owned(),
        state_code: "29".to_owned(),
        timezone: "Asia/Kolkata".to_owned(),
        centre: KITCHEN,
        zones: vec![("H".to_owned(), "Halasuru".to_owned(), corners)],
        map: None,
    }
}

fn always_open() -> Profile {
    Profile {
        name: "Annapurna Tiffin Room".to_owned(),
        locality: "Halasuru".to_owned(),
        address: "12 Car Street".to_owned(),
        pin: Some("560008".to_owned()),
        phone: None,
        cuisines: vec!["South Indian".to_owned()],
        price_for_two: None,
        minimum_order: Paise::ZERO,
        packing: Paise(1_000),
        prep_minutes: 15,
        hours: (1..=7).map(|day| Hours { day, open: 0, close: 0 }).collect(),
        active: true,
    }
}
