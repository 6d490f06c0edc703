//! Who lives in a test's city, and what they do: Asha and Ravi order, each kitchen has somebody at the tablet, Kiran and
//! Lata ride, Meena watches, and Anand runs the platform.
//!
//! A persona calls the use cases in process, as the user it is. Everybody has an account with a phone, so that a story
//! over HTTP can log in with a code.

use std::collections::BTreeMap;

use app::{
    Ctx,
    couriers::CourierProfile,
    customers::AddressFields,
    orders::{ByHand, MoveOrder, PlaceOrder},
    positions::Fix,
    quotes::{WantedAddress, WantedOrder},
    reviews::NewReview,
    users::{NewUser, Session, VerifyCode},
};
use domain::{
    courier::Vehicle,
    event::Event,
    geo::Point,
    id::{AddressId, CourierId, CustomerId, OfferId, OrderId, RestaurantId, ReviewId},
    ledger::PaymentMethod,
    money::Paise,
    order::Status,
    permission::{Actor, Role, User},
    quote::Quote,
};
use store::outbox::Position;

use crate::{
    TestCity,
    city::{ANNAPURNA, BIRYANI},
    eventually,
};

/// Asha's door in Halasuru.
pub const ASHA_HOME: Point = Point { lat: 12.975, lng: 77.605 };
/// Ravi's door in Koramangala.
pub const RAVI_HOME: Point = Point { lat: 12.930, lng: 77.625 };

/// Somebody with an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub user: User,
    /// Its phone.
    pub phone: String,
    /// A customer's saved address.
    pub address: Option<AddressId>,
}

/// Name, role, phone, and the door, kitchen or place that is theirs.
const PEOPLE: [(&str, Role, &str); 8] = [
    ("asha", Role::Customer, "+919876500001"),
    ("ravi", Role::Customer, "+919876500002"),
    ("annapurna", Role::Restaurant, "+919876500003"),
    ("biryani", Role::Restaurant, "+919876500004"),
    ("kiran", Role::Courier, "+919876500005"),
    ("lata", Role::Courier, "+919876500006"),
    ("meena", Role::Dispatcher, "+919876500007"),
    ("anand", Role::Admin, "+919876500008"),
];

/// Makes the accounts of everybody, and whatever belongs to them.
pub(crate) async fn settle(city: &TestCity) -> BTreeMap<&'static str, Person> {
    let mut people = BTreeMap::new();
    for (name, role, phone) in PEOPLE {
        city.tick();
        let courier_id = match role {
            Role::Courier => Some(courier(city, name, phone).await),
            _ => None,
        };
        let restaurant_ids = if role == Role::Restaurant { vec![city.restaurant(name)] } else { Vec::new() };
        let new = NewUser {
            role,
            name: capital(name),
            login: None,
            phone: Some(phone.to_owned()),
            password: None,
            customer_id: None,
            courier_id,
            restaurant_ids,
        };
        let user = city.app.add_user(&city.system(), new).await.unwrap().user;
        let mut person = Person { user, phone: phone.to_owned(), address: None };
        if let Some(customer) = person.user.customer_id {
            person.address = Some(address(city, customer, if name == "asha" { ASHA_HOME } else { RAVI_HOME }).await);
        }
        people.insert(name, person);
    }
    people
}

/// A courier on shift, beside one of the kitchens.
async fn courier(city: &TestCity, name: &str, phone: &str) -> CourierId {
    let (vehicle, at) = if name == "kiran" { (Vehicle::Scooter, ANNAPURNA) } else { (Vehicle::Bicycle, BIRYANI) };
    let profile = CourierProfile { name: capital(name), phone: Some(phone.to_owned()), vehicle };
    let ctx = city.system();
    let id = city.app.add_courier(&ctx, city.id, &profile).await.unwrap();
    city.app.set_shift(&ctx, id, true).await.unwrap();
    let fix = Fix { lat: at.lat, lng: at.lng, accuracy_m: 10.0, at: ctx.now, mocked: false };
    assert_eq!(city.app.report_positions(&ctx, id, &[fix]).await.unwrap().accepted, 1);
    id
}

async fn address(city: &TestCity, customer: CustomerId, at: Point) -> AddressId {
    let fields = AddressFields {
        label: "Home".to_owned(),
        line1: "7 Church Street".to_owned(),
        line2: None,
        landmark: Some("Opposite the banyan".to_owned()),
        instruction: None,
        pin: "560001".to_owned(),
        lat: at.lat,
        lng: at.lng,
    };
    city.app.add_address(&city.system(), customer, &fields).await.unwrap().id
}

fn capital(name: &str) -> String {
    name[..1].to_uppercase() + &name[1..]
}

impl TestCity {
    /// Somebody by name.
    pub fn person(&self, name: &str) -> &Person {
        self.people.get(name).unwrap_or_else(|| panic!("nobody here is called {name}"))
    }

    /// The context in which somebody acts.
    pub fn ctx_of(&self, name: &str) -> Ctx {
        self.app.ctx(Actor::User(self.person(name).user.clone()))
    }

    /// `asha` or `ravi`.
    pub fn customer(&self, name: &'static str) -> Customer<'_> {
        let id = self.person(name).user.customer_id;
        Customer { city: self, name, id: id.unwrap_or_else(|| panic!("{name} is no customer")) }
    }

    /// Whoever holds the tablet of `annapurna` or `biryani`.
    pub fn kitchen(&self, name: &'static str) -> Kitchen<'_> {
        Kitchen { city: self, name, id: self.restaurant(name) }
    }

    /// `kiran` or `lata`.
    pub fn courier(&self, name: &'static str) -> Courier<'_> {
        let id = self.person(name).user.courier_id;
        Courier { city: self, name, id: id.unwrap_or_else(|| panic!("{name} is no courier")) }
    }

    /// Meena.
    pub fn dispatcher(&self) -> Dispatcher<'_> {
        Dispatcher { city: self }
    }

    /// An order comes from the stove to the door.
    pub async fn deliver(&self, order: OrderId, kitchen: &'static str, courier: &'static str) {
        self.kitchen(kitchen).accepts(order).await;
        self.dispatcher().assigns(order, courier).await;
        self.kitchen(kitchen).readies(order).await;
        self.courier(courier).picks_up(order).await;
        self.courier(courier).delivers(order).await;
    }

    /// Logs somebody in with a code.
    pub async fn log_in(&self, name: &str) -> Session {
        self.log_in_by_phone(&self.person(name).phone).await
    }

    /// Logs the owner of a phone in with a code; a new one becomes a customer.
    pub async fn log_in_by_phone(&self, phone: &str) -> Session {
        let wanted = VerifyCode { phone: phone.to_owned(), code: self.code_for(phone).await, name: None };
        self.app.verify_code(&self.app.ctx(Actor::Anonymous), &wanted).await.unwrap()
    }

    /// Asks for a code and reads it where the phone would.
    pub async fn code_for(&self, phone: &str) -> String {
        let before = self.codes_of(phone).await.len();
        self.app.request_code(&self.app.ctx(Actor::Anonymous), phone).await.unwrap();
        eventually("a code", || async { self.codes_of(phone).await.into_iter().nth(before) }).await
    }

    async fn codes_of(&self, wanted: &str) -> Vec<String> {
        let recorded = self.app.events_after(Position::default(), 10_000).await.unwrap();
        let code = |event| match event {
            Event::CodeRequested { phone, text } if phone == wanted => Some(text[..6].to_owned()),
            _ => None,
        };
        recorded.into_iter().filter_map(|recorded| code(recorded.event)).collect()
    }

    async fn moves(&self, name: &str, order: OrderId, wanted: MoveOrder) {
        self.app.move_order(&self.ctx_of(name), order, &wanted).await.unwrap();
    }
}

/// Somebody who orders.
#[derive(Clone, Copy)]
pub struct Customer<'a> {
    city: &'a TestCity,
    name: &'static str,
    /// Their id.
    pub id: CustomerId,
}

impl Customer<'_> {
    /// Asks what one of a dish costs, brought home.
    pub async fn asks_for(&self, dish: &str) -> Quote {
        let ctx = self.city.ctx_of(self.name);
        let dish = self.city.dish(dish).await;
        let address = WantedAddress::Saved(self.city.person(self.name).address.unwrap());
        let lines = vec![dish.line(&[])];
        let wanted = WantedOrder { restaurant_id: dish.restaurant, lines, address, tip: Paise::ZERO };
        self.city.app.quote(&ctx, &wanted).await.unwrap()
    }

    /// Orders one of a dish, to be paid in cash.
    pub async fn orders(&self, dish: &str) -> OrderId {
        self.city.tick();
        let quote = self.asks_for(dish).await;
        let place = PlaceOrder { quote_id: quote.id, method: PaymentMethod::Cod, payment_token: None, note: None };
        let placed = self.city.app.place_order(&self.city.ctx_of(self.name), &quote.id.to_string(), &place).await;
        placed.unwrap().order_id
    }

    /// Gives stars for an order.
    pub async fn reviews(&self, order: OrderId, rating: i64) -> ReviewId {
        let new = NewReview { order_id: order, rating, text: None, courier_rating: Some(rating) };
        self.city.app.add_review(&self.city.ctx_of(self.name), &new).await.unwrap().id
    }
}

/// A kitchen's tablet.
#[derive(Clone, Copy)]
pub struct Kitchen<'a> {
    city: &'a TestCity,
    name: &'static str,
    /// The kitchen's id.
    pub id: RestaurantId,
}

impl Kitchen<'_> {
    /// Promises the food in fifteen minutes.
    pub async fn accepts(&self, order: OrderId) {
        let wanted = MoveOrder { to: Some(Status::Accepted), prep_minutes: Some(15), ..MoveOrder::default() };
        self.city.moves(self.name, order, wanted).await;
    }

    /// Puts the food on the counter.
    pub async fn readies(&self, order: OrderId) {
        self.city.moves(self.name, order, MoveOrder { to: Some(Status::Ready), ..MoveOrder::default() }).await;
    }
}

/// Somebody who rides.
#[derive(Clone, Copy)]
pub struct Courier<'a> {
    city: &'a TestCity,
    name: &'static str,
    /// Their id.
    pub id: CourierId,
}

impl Courier<'_> {
    /// Says where they are, now.
    pub async fn is_at(&self, point: Point) {
        let ctx = self.city.ctx_of(self.name);
        let fix = Fix { lat: point.lat, lng: point.lng, accuracy_m: 10.0, at: ctx.now, mocked: false };
        assert_eq!(self.city.app.report_positions(&ctx, self.id, &[fix]).await.unwrap().accepted, 1);
    }

    /// The offers that they see.
    pub async fn offers(&self) -> Vec<OfferId> {
        let offers = self.city.app.open_offers(&self.city.ctx_of(self.name), self.id).await.unwrap();
        offers.into_iter().map(|offer| offer.row.id).collect()
    }

    /// Takes the food.
    pub async fn picks_up(&self, order: OrderId) {
        self.city.moves(self.name, order, MoveOrder { to: Some(Status::PickedUp), ..MoveOrder::default() }).await;
    }

    /// Hands the food over to a customer who says the code.
    pub async fn delivers(&self, order: OrderId) {
        let code = self.city.app.order(&self.city.system(), order).await.unwrap().row.delivery_code;
        let wanted = MoveOrder { to: Some(Status::Delivered), code: Some(code), ..MoveOrder::default() };
        self.city.moves(self.name, order, wanted).await;
    }
}

/// Whoever watches the city.
#[derive(Clone, Copy)]
pub struct Dispatcher<'a> {
    city: &'a TestCity,
}

impl Dispatcher<'_> {
    /// Gives an order to a courier by hand.
    pub async fn assigns(&self, order: OrderId, courier: &'static str) {
        let (ctx, courier) = (self.city.ctx_of("meena"), self.city.courier(courier).id);
        self.city.app.assign_order(&ctx, order, courier, ByHand { note: "by hand", beyond_room: true }).await.unwrap();
    }
}
