//! Customers of a small city, each with an order in mind that its kitchen would take: what benchmarks place again and
//! again.

use app::{
    App, Ctx, Entropy, Error,
    orders::PlaceOrder,
    quotes::{WantedAddress, WantedOrder},
};
use domain::{
    id::{QuoteId, UserId},
    ledger::PaymentMethod,
    menu::{Menu, MenuItem},
    money::Paise,
    permission::{Actor, Role, User},
    quote::WantedLine,
};
use jiff::Timestamp;
use sim::{CitySpec, Resident};

/// Kitchens of the city.
const KITCHENS: u32 = 20;
/// Orders that are tried for each that is kept.
const TRIES: usize = 40;

/// Who orders what.
pub(super) struct Guests {
    orders: Vec<(Actor, WantedOrder)>,
}

impl Guests {
    /// Seeds a city through the use cases and finds `count` orders of `lines` lines each.
    pub(super) async fn invite(app: &App, seed: u64, count: u32, lines: usize) -> Result<Self, String> {
        let system = app.ctx(Actor::System);
        let spec =
            CitySpec { seed, restaurants: KITCHENS, couriers: 1, customers: count, demo: true, ..CitySpec::default() };
        let city = sim::seed_city(app, &system, &spec).await.map_err(|error| error.to_string())?;
        let dice = Entropy::from_seed(seed);
        let mut orders = Vec::new();
        for resident in &city.cast.residents {
            for _ in 0..TRIES {
                let kitchen = city.cast.kitchens[pick(&dice, city.cast.kitchens.len())];
                let menu = app.menu(kitchen).await.map_err(|error| error.to_string())?;
                let wanted = wanted(&menu, resident, lines, system.now, &dice);
                let actor = customer(&system, resident);
                match app.quote(&app.ctx(actor.clone()), &wanted).await {
                    Ok(_) => {
                        orders.push((actor, wanted));
                        break;
                    }
                    // Closed, too far, below the minimum: another one.
                    Err(Error::Rule(_)) => {}
                    Err(error) => return Err(error.to_string()),
                }
            }
        }
        if orders.is_empty() { Err("no kitchen of the city takes an order".to_owned()) } else { Ok(Self { orders }) }
    }

    /// The context and the order of a guest; the numbers go round.
    pub(super) fn guest(&self, app: &App, number: usize) -> (Ctx, &WantedOrder) {
        let (actor, wanted) = &self.orders[number % self.orders.len()];
        (app.ctx(actor.clone()), wanted)
    }
}

/// The order of a quote, paid in cash.
pub(super) const fn cash(quote_id: QuoteId) -> PlaceOrder {
    PlaceOrder { quote_id, method: PaymentMethod::Cod, payment_token: None, note: None }
}

fn customer(ctx: &Ctx, resident: &Resident) -> Actor {
    Actor::User(User {
        id: ctx.id::<UserId>(),
        role: Role::Customer,
        customer_id: Some(resident.id),
        courier_id: None,
        restaurant_ids: Vec::new(),
    })
}

fn wanted(menu: &Menu, resident: &Resident, lines: usize, now: Timestamp, dice: &Entropy) -> WantedOrder {
    // Counted dishes would sell out.
    let lasting = |item: &&MenuItem| item.on_sale.available(now) && item.on_sale.stock_left.is_none();
    let mut dishes: Vec<&MenuItem> = menu.items().filter(lasting).collect();
    let mut chosen = Vec::with_capacity(lines);
    while chosen.len() < lines && !dishes.is_empty() {
        chosen.push(line(dishes.swap_remove(pick(dice, dishes.len()))));
    }
    let address = WantedAddress::Saved(resident.doors[0].0);
    WantedOrder { restaurant_id: menu.restaurant_id, lines: chosen, address, tip: Paise::ZERO }
}

fn line(item: &MenuItem) -> WantedLine {
    let fewest = |min: i64| usize::try_from(min).unwrap_or_default();
    let options = item
        .option_groups
        .iter()
        .flat_map(|group| group.options.iter().take(fewest(group.min)).map(|option| option.id));
    WantedLine { item_id: item.id, quantity: 1, option_ids: options.collect(), note: None }
}

fn pick(dice: &Entropy, count: usize) -> usize {
    dice.below(u32::try_from(count).unwrap_or(u32::MAX)) as usize
}
