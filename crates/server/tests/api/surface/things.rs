//! The things that endpoints are about, made through the use cases: one of Asha's side, one of Ravi's, one of nobody's.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use super::papers;
use app::{
    menus::{ItemFields, Stock},
    products::ProductFields,
    routes::{RoutePlan, RouteStatus, Stop},
    users::NewUser,
};
use cache::Namespace;
use domain::{
    id::{OrderId, ProductId, RestaurantId},
    menu::{GroupKind, MenuOption, OnSale, OptionGroup, VegMark},
    money::Paise,
    permission::{Owners, Role},
};
use testkit::{
    TestCity,
    city::{ANNAPURNA, BIRYANI},
    people::ASHA_HOME,
};
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "filter coffee 7";

/// What an endpoint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    /// Nothing that could be somebody's.
    Nothing,
    /// An account with a password.
    Login,
    /// A code on its way.
    Code,
    /// A session.
    Session,
    City,
    Vendor,
    Restaurant,
    MenuItem,
    MenuOption,
    Customer,
    Address,
    Holding,
    Quote,
    /// Accepted and in a courier's hand.
    Order,
    Delivered,
    Review,
    Courier,
    /// A courier whom nothing else here needs.
    Newcomer,
    Application,
    /// A code on its way to somebody who applied.
    OwnApplication,
    /// A document that waits for a decision.
    Document,
    /// A courier, and a document of theirs with a picture that waits for a decision.
    CourierDocument,
    /// An application with a document whose picture may still be replaced, and the pass to it.
    AppliedDocument,
    /// A planned shift that nobody has.
    Shift,
    /// A courier, and a planned shift that they could take.
    OpenShift,
    /// A courier, and a planned shift that they have.
    TakenShift,
    Offer,
    Product,
    Route,
    User,
    /// A namespace of the cache.
    Namespace,
    /// The same order as `Order`, under the name that its path has for it.
    TrackedOrder,
    /// A link to an order.
    Link,
    /// A job that warms the cache.
    Job,
    /// An endpoint that a demo measures.
    Measured,
}

/// Whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Asha, Annapurna, Kiran.
    A,
    /// Ravi, Biryani House, Lata.
    B,
}

/// What stands for the words in braces of a path, a query or a body.
pub(crate) type Words = BTreeMap<&'static str, String>;

/// A thing and to whom it belongs; `None` where nothing could be anybody's.
pub(crate) struct Made {
    pub(crate) words: Words,
    pub(crate) owners: Option<Owners>,
}

impl Side {
    fn customer(self) -> &'static str {
        if self == Self::A { "asha" } else { "ravi" }
    }

    fn kitchen(self) -> &'static str {
        if self == Self::A { "annapurna" } else { "biryani" }
    }

    fn courier(self) -> &'static str {
        if self == Self::A { "kiran" } else { "lata" }
    }

    fn dish(self) -> &'static str {
        if self == Self::A { "masala dosa" } else { "mutton curry" }
    }
}

/// A phone that nobody has.
pub(crate) fn new_phone() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("+9190000{:05}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// What exists in every city, for bodies that must name it.
pub(crate) async fn city_words(city: &TestCity) -> Words {
    let dosa = city.dish("masala dosa").await;
    Words::from([
        ("{city}", city.id.to_string()),
        ("{vendor}", city.vendor.to_string()),
        ("{annapurna}", city.restaurant("annapurna").to_string()),
        ("{dosa}", dosa.item.to_string()),
        ("{kiran}", city.courier("kiran").id.to_string()),
        ("{now}", city.system().now.to_string()),
        ("{phone}", new_phone()),
        ("{asha}", city.person("asha").user.id.to_string()),
    ])
}

/// Ids of which nothing is known, where an endpoint names a thing.
pub(crate) fn absent(thing: Thing, of_a: &Words, of_b: &Words) -> Vec<Words> {
    let unknown = |name: &'static str| Words::from([(name, Uuid::from_u128(7).to_string())]);
    let with = |words: Words, name: &'static str, from: &Words| {
        let mut words = words;
        words.insert(name, from[name].clone());
        words
    };
    match thing {
        Thing::Nothing | Thing::Login | Thing::Code | Thing::Session | Thing::OwnApplication => Vec::new(),
        Thing::OpenShift => vec![with(unknown("{id}"), "{shift_id}", of_a)],
        Thing::TakenShift => vec![
            with(unknown("{id}"), "{shift_id}", of_a),
            with(unknown("{shift_id}"), "{id}", of_a),
            // Somebody else's shift under one's own name.
            with(with(Words::new(), "{id}", of_a), "{shift_id}", of_b),
        ],
        Thing::CourierDocument => vec![
            with(unknown("{id}"), "{document_id}", of_a),
            with(unknown("{document_id}"), "{id}", of_a),
            // Somebody else's document under one's own name.
            with(with(Words::new(), "{id}", of_a), "{document_id}", of_b),
        ],
        Thing::AppliedDocument => {
            let passed = |words: Words, whose: &Words| with(words, "{pass}", whose);
            vec![
                passed(with(unknown("{id}"), "{document_id}", of_a), of_a),
                passed(with(unknown("{document_id}"), "{id}", of_a), of_a),
                passed(with(with(Words::new(), "{id}", of_a), "{document_id}", of_b), of_a),
                // Somebody else's application with one's own pass.
                passed(with(with(Words::new(), "{id}", of_b), "{document_id}", of_b), of_a),
            ]
        }
        Thing::Address => vec![
            with(unknown("{id}"), "{address_id}", of_a),
            with(unknown("{address_id}"), "{id}", of_a),
            // Somebody else's address under one's own name, and the reverse.
            with(with(Words::new(), "{id}", of_a), "{address_id}", of_b),
            with(with(Words::new(), "{id}", of_b), "{address_id}", of_a),
        ],
        Thing::Holding => {
            vec![with(unknown("{id}"), "{product_id}", of_a), with(unknown("{product_id}"), "{id}", of_a)]
        }
        Thing::TrackedOrder => vec![unknown("{order_id}")],
        Thing::Link => vec![Words::from([("{token}", "nonsense".to_owned())])],
        Thing::Namespace => vec![Words::from([("{namespace}", "carts".to_owned())])],
        Thing::Measured => vec![Words::from([("{endpoint}", "orders".to_owned())])],
        _ => vec![unknown("{id}")],
    }
}

/// Makes a thing of a side.
pub(crate) async fn make(city: &TestCity, thing: Thing, side: Side) -> Made {
    city.tick();
    let (customer, kitchen) = (city.customer(side.customer()), city.kitchen(side.kitchen()));
    let courier = city.courier(side.courier());
    let nobody = Owners::default();
    match thing {
        Thing::Nothing => Made { words: Words::new(), owners: None },
        Thing::Login | Thing::Code | Thing::Session | Thing::OwnApplication => {
            Made { words: entrance(city, thing).await, owners: None }
        }
        Thing::City => made(city.id, nobody),
        Thing::Vendor => made(city.vendor, nobody),
        Thing::Restaurant => made(kitchen.id, Owners::restaurant(kitchen.id)),
        Thing::MenuItem | Thing::MenuOption => {
            made(menu_thing(city, thing, kitchen.id).await, Owners::restaurant(kitchen.id))
        }
        Thing::Customer => made(customer.id, Owners::customer(customer.id)),
        Thing::Address => {
            let mut made = made(customer.id, Owners::customer(customer.id));
            made.words.insert("{address_id}", address(city, side).await);
            made
        }
        Thing::Holding => {
            let mut made = made(customer.id, Owners::customer(customer.id));
            made.words.insert("{product_id}", product(city).await.to_string());
            made
        }
        Thing::Quote => made(customer.asks_for(side.dish()).await.id, Owners::customer(customer.id)),
        Thing::Order | Thing::Delivered => {
            let owners =
                Owners { customer: Some(customer.id), restaurant: Some(kitchen.id), courier: Some(courier.id) };
            made(order(city, thing, side).await, owners)
        }
        Thing::Review => {
            let order = order(city, Thing::Delivered, side).await;
            made(customer.reviews(order, 4).await, nobody)
        }
        Thing::Application => made(papers::application(city, &new_phone()).await.row.id, nobody),
        Thing::Document => made(papers::handed_in(city, courier.id).await, nobody),
        Thing::CourierDocument => {
            let mut made = made(courier.id, Owners::courier(courier.id));
            made.words.insert("{document_id}", papers::handed_in(city, courier.id).await.to_string());
            made
        }
        Thing::AppliedDocument => {
            let application = papers::pictured_application(city, &new_phone()).await;
            let mut made = made(application.row.id, nobody);
            made.words.insert("{document_id}", application.documents[0].id.to_string());
            made.words.insert("{pass}", application.picture_pass.unwrap());
            made
        }
        Thing::Shift => made(papers::shift(city).await, nobody),
        Thing::OpenShift | Thing::TakenShift => {
            let shift = papers::shift(city).await;
            if thing == Thing::TakenShift {
                city.app.assign_shift(&city.system(), shift, Some(courier.id)).await.unwrap();
            }
            let mut made = made(courier.id, Owners::courier(courier.id));
            made.words.insert("{shift_id}", shift.to_string());
            made
        }
        Thing::Courier => made(courier.id, Owners::courier(courier.id)),
        Thing::Newcomer => made(papers::newcomer(city, &new_phone()).await, nobody),
        Thing::Offer => made(offer(city, side).await, Owners::courier(courier.id)),
        Thing::Product => made(product(city).await, nobody),
        Thing::Route => made(route(city, side).await, Owners::courier(courier.id)),
        Thing::User => made(user(city, None).await, nobody),
        Thing::Namespace => named("{namespace}", "menu_items"),
        Thing::Measured => named("{endpoint}", "menu"),
        Thing::TrackedOrder => {
            let owners =
                Owners { customer: Some(customer.id), restaurant: Some(kitchen.id), courier: Some(courier.id) };
            let order = order(city, Thing::Order, side).await.to_string();
            Made { words: Words::from([("{order_id}", order)]), owners: Some(owners) }
        }
        Thing::Link => {
            let order = order(city, Thing::Order, side).await;
            named("{token}", &city.app.share_order(&city.system(), order, 600).await.unwrap().token)
        }
        Thing::Job => {
            let job = city.app.warm_namespace(&city.system(), Namespace::Restaurants).await.unwrap();
            made(job.unwrap().id, nobody)
        }
    }
}

fn made(id: impl Into<Uuid>, owners: Owners) -> Made {
    Made { words: Words::from([("{id}", id.into().to_string())]), owners: Some(owners) }
}

fn named(word: &'static str, name: &str) -> Made {
    Made { words: Words::from([(word, name.to_owned())]), owners: Some(Owners::default()) }
}

async fn entrance(city: &TestCity, thing: Thing) -> Words {
    match thing {
        Thing::Login => {
            let login = format!("staff-{}", &new_phone()[8..]);
            user(city, Some(&login)).await;
            Words::from([("{login}", login)])
        }
        Thing::Code => {
            let phone = new_phone();
            let code = city.code_for(&phone).await;
            Words::from([("{phone}", phone), ("{code}", code)])
        }
        Thing::OwnApplication => {
            let phone = new_phone();
            papers::application(city, &phone).await;
            let code = city.code_for(&phone).await;
            Words::from([("{phone}", phone), ("{code}", code)])
        }
        _ => Words::from([("{refresh}", city.log_in_by_phone(&new_phone()).await.refresh_token)]),
    }
}

async fn user(city: &TestCity, login: Option<&str>) -> Uuid {
    let new = NewUser {
        role: Role::Dispatcher,
        name: "Nila".to_owned(),
        login: login.map(str::to_owned),
        phone: Some(new_phone()),
        password: login.map(|_| PASSWORD.to_owned()),
        customer_id: None,
        courier_id: None,
        restaurant_ids: Vec::new(),
    };
    city.app.add_user(&city.system(), new).await.unwrap().user.id.into()
}

async fn address(city: &TestCity, side: Side) -> String {
    let fields = app::customers::AddressFields {
        label: "Work".to_owned(),
        line1: "1 Residency Road".to_owned(),
        line2: None,
        landmark: None,
        instruction: None,
        pin: "560025".to_owned(),
        lat: ASHA_HOME.lat,
        lng: ASHA_HOME.lng,
    };
    let customer = city.customer(side.customer()).id;
    city.app.add_address(&city.system(), customer, &fields).await.unwrap().id.to_string()
}

async fn menu_thing(city: &TestCity, thing: Thing, restaurant: RestaurantId) -> Uuid {
    let ctx = city.system();
    let chutney = MenuOption {
        id: ctx.id(),
        name: "Chutney".to_owned(),
        price: Paise::rupees(5),
        veg_mark: VegMark::Veg,
        on_sale: OnSale::ALWAYS,
    };
    let option = chutney.id;
    let extras = OptionGroup {
        id: ctx.id(),
        name: "Extras".to_owned(),
        kind: GroupKind::Modifier,
        min: 0,
        max: 1,
        options: vec![chutney],
    };
    let fields = ItemFields {
        section: "More".to_owned(),
        name: format!("Vada {}", ctx.id::<Uuid>()),
        description: None,
        price: Paise::rupees(60),
        packing: Paise::ZERO,
        veg_mark: VegMark::Veg,
        allergens: Vec::new(),
        popular: false,
        stock: Stock::Uncounted,
        option_groups: Some(vec![extras]),
    };
    let item = city.app.add_menu_item(&ctx, restaurant, &fields).await.unwrap().item.id;
    if thing == Thing::MenuOption { option.into() } else { item.into() }
}

async fn order(city: &TestCity, thing: Thing, side: Side) -> OrderId {
    let order = city.customer(side.customer()).orders(side.dish()).await;
    if thing == Thing::Delivered {
        city.deliver(order, side.kitchen(), side.courier()).await;
    } else {
        city.kitchen(side.kitchen()).accepts(order).await;
        city.dispatcher().assigns(order, side.courier()).await;
    }
    order
}

/// Food on the counter of the side's kitchen is offered to the side's courier, who stands beside it.
async fn offer(city: &TestCity, side: Side) -> Uuid {
    let order = city.customer(side.customer()).orders(side.dish()).await;
    city.kitchen(side.kitchen()).accepts(order).await;
    city.kitchen(side.kitchen()).readies(order).await;
    city.courier(side.courier()).is_at(if side == Side::A { ANNAPURNA } else { BIRYANI }).await;
    city.app.dispatch_city(&city.system(), city.id).await.unwrap();
    let offers = city.courier(side.courier()).offers().await;
    assert_eq!(offers.len(), 1, "{} has one offer", side.courier());
    offers[0].into()
}

async fn product(city: &TestCity) -> ProductId {
    let fields = ProductFields {
        name: "LPG 14.2".to_owned(),
        unit: "cylinder".to_owned(),
        attributes: BTreeMap::new(),
        price: Paise::rupees(900),
        deposit: Paise::rupees(2_200),
        returnable: true,
    };
    city.app.add_product(&city.system(), city.vendor, &fields).await.unwrap().id
}

async fn route(city: &TestCity, side: Side) -> Uuid {
    let stop = Stop {
        lat: ASHA_HOME.lat,
        lng: ASHA_HOME.lng,
        name: "Asha".to_owned(),
        window_from: None,
        window_to: None,
        note: None,
    };
    let plan = RoutePlan {
        courier_id: Some(city.courier(side.courier()).id),
        name: "Morning".to_owned(),
        day: "2026-11-21".parse().unwrap(),
        status: RouteStatus::Published,
        depot_lat: ANNAPURNA.lat,
        depot_lng: ANNAPURNA.lng,
        stops: vec![stop],
    };
    city.app.add_route(&city.system(), city.id, &plan).await.unwrap().id.into()
}
