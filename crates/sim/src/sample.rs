//! A handful of customers with orders, added to whatever city there is: something to look at, made through the use cases.
//!
//! They are as real as all others: their orders go to open kitchens, and whoever watches the city sees them come in.

use app::{
    App, Ctx,
    customers::{AddressFields, CustomerProfile},
    orders::PlaceOrder,
    quotes::{WantedAddress, WantedOrder},
    restaurants::{Search, Sort},
};
use domain::{
    geo::Point,
    id::{AddressId, CityId, CustomerId, OrderId, RestaurantId, UserId},
    ledger::PaymentMethod,
    menu::Menu,
    money::Paise,
    permission::{Actor, Role, User},
    quote::Quote,
    rule::Rule,
};
use rand::SeedableRng as _;
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

use crate::{error::Error, names, world::basket};

/// Degrees between kitchen and door: about three hundred metres each way.
const NEARBY: f64 = 0.003;
/// Baskets that are tried.
const BASKETS: usize = 8;

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct SampleSpec {
    /// In which city.
    pub city: CityId,
    /// Customers, each with an address.
    pub customers: usize,
    /// Orders of each.
    pub orders_each: usize,
}

/// What was added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// Customers.
    pub customers: Vec<CustomerId>,
    /// Orders.
    pub orders: Vec<OrderId>,
    /// Orders that no kitchen could take.
    pub refused: usize,
}

/// Adds customers and orders. `ctx` must be allowed to register customers.
pub async fn add_sample(app: &App, ctx: &Ctx, spec: SampleSpec) -> Result<Sample, Error> {
    let mut rng = ChaCha12Rng::from_seed(ctx.entropy.bytes());
    let search = Search {
        city: Some(spec.city),
        words: None,
        veg: false,
        open_now: true,
        sort: Sort::Rating,
        from: None,
        limit: spec.customers.max(1),
        cursor: None,
    };
    let open = app.search_restaurants(ctx, &search)?.items;
    let mut sample = Sample::default();
    for index in 0..spec.customers {
        let kitchen = if open.is_empty() { None } else { open.get(index % open.len()) };
        let (customer, address) = customer(app, ctx, kitchen.map(|found| found.entry.point), &mut rng).await?;
        sample.customers.push(customer);
        for _ in 0..spec.orders_each {
            let placed = match (kitchen, address) {
                (Some(kitchen), Some(address)) => {
                    order(app, ctx, customer, address, kitchen.entry.id, &mut rng).await?
                }
                _ => None,
            };
            match placed {
                Some(order) => sample.orders.push(order),
                None => sample.refused += 1,
            }
        }
    }
    Ok(sample)
}

/// Somebody new, with a door near a kitchen if there is one.
async fn customer(
    app: &App,
    ctx: &Ctx,
    near: Option<Point>,
    rng: &mut ChaCha12Rng,
) -> Result<(CustomerId, Option<AddressId>), Error> {
    // Another number where somebody has this one: there are ten million of them.
    let customer = loop {
        let phone = format!("+91900{:07}", ctx.entropy.below(10_000_000));
        let profile = CustomerProfile {
            name: names::person_name(rng),
            phone: Some(phone),
            email: None,
            language: "en-IN".to_owned(),
        };
        match app.add_customer(ctx, &profile).await {
            Ok(row) => break row.id,
            Err(app::Error::Rule(broken)) if broken.rule == Rule::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
    };
    let Some(near) = near else { return Ok((customer, None)) };
    let fields = AddressFields {
        label: "Home".to_owned(),
        line1: "12 Temple Street".to_owned(),
        line2: None,
        landmark: None,
        instruction: None,
        pin: "560001".to_owned(),
        lat: near.lat + NEARBY,
        lng: near.lng + NEARBY,
    };
    Ok((customer, Some(app.add_address(ctx, customer, &fields).await?.id)))
}

/// An order for cash; `None` where the rules refuse it.
async fn order(
    app: &App,
    ctx: &Ctx,
    customer: CustomerId,
    address: AddressId,
    restaurant: RestaurantId,
    rng: &mut ChaCha12Rng,
) -> Result<Option<OrderId>, Error> {
    let user = User {
        id: UserId(customer.0),
        role: Role::Customer,
        customer_id: Some(customer),
        courier_id: None,
        restaurant_ids: Vec::new(),
    };
    let theirs = ctx.acting_as(Actor::User(user));
    let menu = app.menu(restaurant).await?;
    let Some(quote) = quote(app, &theirs, &menu, WantedAddress::Saved(address), rng).await? else {
        return Ok(None);
    };
    let wanted = PlaceOrder { quote_id: quote.id, method: PaymentMethod::Cod, payment_token: None, note: None };
    match app.place_order(&theirs, &ctx.id::<Uuid>().to_string(), &wanted).await {
        Ok(placed) => Ok(Some(placed.order_id)),
        Err(app::Error::Rule(_) | app::Error::QuoteChanged { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A quote for a basket: a larger one where the kitchen asks for more, another one where it has too little; `None` where
/// the rules refuse all of them.
async fn quote(
    app: &App,
    ctx: &Ctx,
    menu: &Menu,
    address: WantedAddress,
    rng: &mut ChaCha12Rng,
) -> Result<Option<Quote>, Error> {
    let lines = basket::basket(menu, ctx.now, rng);
    let mut wanted = WantedOrder { restaurant_id: menu.restaurant_id, lines, address, tip: Paise::ZERO };
    for _ in 0..BASKETS {
        match app.quote(ctx, &wanted).await {
            Ok(quote) => return Ok(Some(quote)),
            Err(app::Error::Rule(broken)) => match broken.rule {
                Rule::BelowMinimum => wanted.lines = basket::larger(&wanted.lines),
                Rule::ItemUnavailable => wanted.lines = basket::basket(menu, ctx.now, rng),
                _ => return Ok(None),
            },
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}
