//! A small city, seeded in process: one kitchen with three dishes, customers, a cook, a dispatcher and two couriers, all
//! logged in. Sessions outlive the server, so nobody logs in again.

use std::sync::Arc;

use app::{
    App, Ctx, Entropy, Settings, SystemClock,
    couriers::CourierProfile,
    places::NewCity,
    positions::Fix,
    restaurants::{NewRestaurant, Profile},
    users::NewUser,
    vendors::VendorProfile,
};
use domain::{
    availability::Hours,
    courier::Vehicle,
    geo::Point,
    id::{CityId, CourierId, MenuItemId, RestaurantId, SectionId},
    menu::{MenuItem, OnSale, Section, VegMark},
    money::Paise,
    permission::{Actor, Role},
};
use store::Db;

pub(crate) const KITCHEN: Point = Point { lat: 12.970, lng: 77.600 };
const PASSWORD: &str = "a long enough password";

/// Pieces of the two dishes that are counted: more than can be sold, and fewer.
pub(crate) const PLENTY: i64 = 1_000_000;
pub(crate) const SCARCE: i64 = 60;

/// Who is there, and with which token.
pub(crate) struct City {
    pub(crate) kitchen: RestaurantId,
    /// Not counted, plenty, scarce.
    pub(crate) dishes: [MenuItemId; 3],
    pub(crate) customers: Vec<String>,
    pub(crate) cook: String,
    pub(crate) dispatcher: String,
    pub(crate) couriers: Vec<(CourierId, String)>,
}

/// An application of its own on a database, next to the process or after it.
pub(crate) async fn application(db: Db, entropy: &Arc<Entropy>) -> App {
    App::open(db, Settings::default(), Arc::new(SystemClock), Arc::clone(entropy)).await.unwrap()
}

/// Fills an empty database.
pub(crate) async fn seed(app: &App, customers: usize) -> City {
    let ctx = app.ctx(Actor::System);
    let id = app.add_city(&ctx, bengaluru()).await.unwrap();
    let dishes = [ctx.id(), ctx.id(), ctx.id()];
    let kitchen = add_kitchen(app, &ctx, id, dishes).await;
    let mut city = City {
        kitchen,
        dishes,
        customers: Vec::new(),
        cook: String::new(),
        dispatcher: token(app, &ctx, account(Role::Dispatcher, "meena")).await,
        couriers: Vec::new(),
    };
    let cook = NewUser { restaurant_ids: vec![kitchen], ..account(Role::Restaurant, "lakshmi") };
    city.cook = token(app, &ctx, cook).await;
    for number in 0..customers {
        let phone = Some(format!("98450{number:05}"));
        let new = NewUser { phone, ..account(Role::Customer, &format!("customer{number}")) };
        city.customers.push(token(app, &ctx, new).await);
    }
    for (number, name) in ["kiran", "farida"].into_iter().enumerate() {
        let courier = add_courier(app, &ctx, id, name, &format!("98451{number:05}")).await;
        let new = NewUser { courier_id: Some(courier), ..account(Role::Courier, name) };
        city.couriers.push((courier, token(app, &ctx, new).await));
    }
    city
}

async fn add_kitchen(app: &App, ctx: &Ctx, city: CityId, dishes: [MenuItemId; 3]) -> RestaurantId {
    let vendor = VendorProfile {
        name: "Annapurna Foods".to_owned(),
        legal_name: None,
        gstin: None,
        pan: None,
        fssai: Some("11226999000123".to_owned()),
    };
    let items = [("Masala dosa", None), ("Idli", Some(PLENTY)), ("Sunday biryani", Some(SCARCE))];
    let items = dishes.into_iter().zip(items).map(|(id, (name, stock))| dish(id, name, stock));
    let sections =
        vec![Section { id: ctx.id::<SectionId>(), name: "From the kitchen".to_owned(), items: items.collect() }];
    let new = NewRestaurant {
        vendor_id: app.add_vendor(ctx, &vendor).await.unwrap().id,
        city_id: city,
        point: KITCHEN,
        zone_id: None,
        source_key: None,
        veg_mark: VegMark::Egg,
        commission_bp: 1_800,
        rating_sum: 0,
        rating_count: 0,
        profile: always_open(),
        sections,
    };
    app.add_restaurant(ctx, &new).await.unwrap().unwrap()
}

/// A courier on shift who stands beside the kitchen.
async fn add_courier(app: &App, ctx: &Ctx, city: CityId, name: &str, phone: &str) -> CourierId {
    let profile = CourierProfile { name: name.to_owned(), phone: Some(phone.to_owned()), vehicle: Vehicle::Scooter };
    let id = app.add_courier(ctx, city, &profile).await.unwrap();
    app.set_shift(ctx, id, true).await.unwrap();
    let fix = Fix { lat: KITCHEN.lat, lng: KITCHEN.lng, accuracy_m: 10.0, at: ctx.now, mocked: false };
    app.report_positions(ctx, id, &[fix]).await.unwrap();
    id
}

fn account(role: Role, login: &str) -> NewUser {
    NewUser {
        role,
        name: login.to_owned(),
        login: Some(login.to_owned()),
        phone: None,
        password: Some(PASSWORD.to_owned()),
        customer_id: None,
        courier_id: None,
        restaurant_ids: Vec::new(),
    }
}

async fn token(app: &App, ctx: &Ctx, new: NewUser) -> String {
    let login = new.login.clone().unwrap();
    app.add_user(ctx, new).await.unwrap();
    app.login(&app.ctx(Actor::Anonymous), &login, PASSWORD).await.unwrap_or_else(|error| panic!("{error}")).access_token
}

fn dish(id: MenuItemId, name: &str, stock_left: Option<i64>) -> MenuItem {
    MenuItem {
        id,
        name: name.to_owned(),
        description: None,
        price: Paise(4_000),
        packing: Paise(0),
        veg_mark: VegMark::Veg,
        allergens: Vec::new(),
        on_sale: OnSale { stock_left, ..OnSale::ALWAYS },
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
