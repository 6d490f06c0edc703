//! Quotes: the server's word on what an order costs, stored and signed, ordered by id.

use std::sync::Arc;

use domain::{
    courier::Vehicle,
    geo::Point,
    id::{AddressId, CityId, CustomerId, QuoteId, RestaurantId},
    menu::Menu,
    money::Paise,
    permission::{Action, Owners},
    quote::{Charge, Destination, MAX_TIP, Quote, QuoteLine, Tax, WantedLine, price_lines},
    rule::Rule,
};
use india::{
    StateCode,
    gst::{RateBp, SupplyKind, SupplyPlaces, place_of_supply, tax},
};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, args, customers, quotes};

use crate::{
    App,
    arrivals::Known,
    context::{Ctx, moment},
    error::{AmountChange, Error},
    places::{City, Places},
    restaurants::directory::Entry,
    tariff,
    travel::Wanted,
};

/// Where to: a saved address or a new one.
#[derive(Clone, Debug)]
pub enum WantedAddress {
    /// One of the customer's own.
    Saved(AddressId),
    /// Written out.
    New {
        /// The door.
        point: Point,
        /// House and street.
        line1: String,
        /// Postal code.
        pin: String,
    },
}

/// What a customer wants priced.
#[derive(Clone, Debug)]
pub struct WantedOrder {
    /// From where.
    pub restaurant_id: RestaurantId,
    /// What.
    pub lines: Vec<WantedLine>,
    /// Where to.
    pub address: WantedAddress,
    /// For the courier.
    pub tip: Paise,
}

impl App {
    /// Prices an order for the customer who asks, and stores the quote.
    pub async fn quote(&self, ctx: &Ctx, wanted: &WantedOrder) -> Result<Quote, Error> {
        let customer_id = ordering_customer(ctx)?;
        let restaurant = self
            .restaurant(wanted.restaurant_id)
            .map_err(|_| Error::from(Rule::UnknownReference.at("/restaurant_id")))?;
        let menu = self.menu(restaurant.id).await?;
        let destination = self.destination(customer_id, &restaurant, &wanted.address).await?;
        let known = self.known(ctx, restaurant.city_id, restaurant.id).await?;
        self.prepare_last_mile(&restaurant, &destination).await;
        let quote = self.price(ctx, customer_id, &restaurant, &known, &menu, &wanted.lines, destination, wanted.tip)?;
        self.store_quote(&restaurant, ctx, &quote).await?;
        Ok(quote)
    }

    /// Prices an old quote's lines again from the newest menu, without storing the result.
    pub(crate) async fn reprice(&self, ctx: &Ctx, old: &Quote) -> Result<Quote, Error> {
        self.reload_restaurant(old.restaurant_id).await?;
        let restaurant = self.restaurant(old.restaurant_id)?;
        let menu = self.load_menu(restaurant.id).await?;
        let destination = old.destination.clone();
        let known = self.known(ctx, restaurant.city_id, restaurant.id).await?;
        self.prepare_last_mile(&restaurant, &destination).await;
        self.price(ctx, old.customer_id, &restaurant, &known, &menu, &old.wanted(), destination, old.tip)
    }

    /// Gets the way from kitchen to door ready.
    async fn prepare_last_mile(&self, restaurant: &Entry, destination: &Destination) {
        let (from, to) = (restaurant.point, destination.point);
        let wanted = vec![Wanted { from, to, vehicle: Vehicle::Scooter }];
        self.travel().prepare(restaurant.city_id, wanted, false).await;
    }

    /// Stores a quote with its signature.
    pub(crate) async fn store_quote(&self, restaurant: &Entry, ctx: &Ctx, quote: &Quote) -> Result<(), Error> {
        let body = serde_json::to_string(quote).map_err(|error| Error::Internal(error.to_string()))?;
        let signature = self.secrets.quotes.sign(body.as_bytes());
        // An order makes its own quote durable.
        let tx = Tx::new("store quote").at_once().unhurried().run(
            &quotes::INSERT,
            args![
                quote.id,
                restaurant.city_id,
                quote.customer_id,
                quote.restaurant_id,
                body,
                signature,
                quote.expires_at.as_microsecond(),
                ctx.now_us(),
            ],
        );
        self.db.commit(tx).await?;
        self.recent_quotes.insert(quote.id, Arc::new(quote.clone()));
        Ok(())
    }

    /// A customer's quote that was made on this node a moment ago and still holds.
    pub(crate) fn recent_quote(&self, ctx: &Ctx, id: QuoteId, customer: CustomerId) -> Option<Arc<Quote>> {
        let quote = self.recent_quotes.get(&id)?;
        (quote.customer_id == customer && ctx.now < quote.expires_at).then_some(quote)
    }

    /// Reads a quote back and checks that it is word for word the one that was made.
    pub(crate) fn read_quote(&self, row: &quotes::QuoteRow) -> Result<Quote, Error> {
        if !self.secrets.quotes.verify(row.body.as_bytes(), &row.signature) {
            return Err(Error::Internal(format!("the signature of quote {} does not fit", row.id)));
        }
        serde_json::from_str(&row.body).map_err(|error| Error::Internal(format!("quote {}: {error}", row.id)))
    }

    #[expect(clippy::too_many_arguments, reason = "a price depends on exactly these")]
    fn price(
        &self,
        ctx: &Ctx,
        customer_id: CustomerId,
        restaurant: &Entry,
        known: &Known,
        menu: &Menu,
        wanted: &[WantedLine],
        destination: Destination,
        tip: Paise,
    ) -> Result<Quote, Error> {
        if !(Paise::ZERO..=MAX_TIP).contains(&tip) {
            return Err(Rule::OutOfRange.at("/tip_paise").with("min", 0).with("max", MAX_TIP.0).into());
        }
        let places = self.places();
        let city = places.known_city(restaurant.city_id)?;
        if !restaurant.is_open(ctx.now, &city.zone) {
            return Err(closed(restaurant, city, ctx.now));
        }
        let lines = price_lines(menu, wanted, ctx.now)?;
        let way = self.travel().leg(city.id, restaurant.point, destination.point, Vehicle::Scooter);
        let charges = charges(&places, restaurant, &lines, way.distance_m, ctx.now)?;
        let taxes = taxes(&places, city, &lines, &charges, ctx.now)?;
        let foreseen = self.foresee(ctx.now, known, restaurant, &way);
        let lifetime = SignedDuration::try_from(self.settings.quote_for).unwrap_or(SignedDuration::ZERO);
        let quote = Quote {
            id: ctx.id(),
            customer_id,
            restaurant_id: restaurant.id,
            menu_version: menu.version,
            destination,
            lines,
            charges,
            taxes,
            tip,
            discounts: Vec::new(),
            distance_m: way.distance_m,
            eta: foreseen.range,
            forecast: Some(foreseen.forecast),
            // Stored in whole microseconds, so that what is read back is what was signed.
            expires_at: moment((ctx.now + lifetime).as_microsecond()),
            rates: Vec::new(),
        };
        if quote.items_total() < restaurant.minimum_order {
            let least = restaurant.minimum_order.0;
            return Err(Rule::BelowMinimum.at("/lines").with("minimum_paise", least).into());
        }
        Ok(quote)
    }

    async fn destination(
        &self,
        customer: CustomerId,
        restaurant: &Entry,
        wanted: &WantedAddress,
    ) -> Result<Destination, Error> {
        let places = self.places();
        let mut destination = match wanted {
            WantedAddress::Saved(id) => {
                let row = self.db.optional(&customers::FIND_ADDRESS, args![*id, customer]).await?;
                saved(row.ok_or_else(|| Rule::UnknownReference.at("/address_id"))?, restaurant)
            }
            WantedAddress::New { point, line1, pin } => written(*point, line1, pin, restaurant)?,
        };
        // The zone may be of the next town: a kitchen at the border also cooks for the other side of the street.
        let zone = places.zone_at(destination.point).ok_or_else(|| Rule::OutsideZone.at("/address"))?;
        destination.zone_id = zone.id;
        destination.locality.clone_from(&zone.name);
        Ok(destination)
    }
}

/// The customer for whom the actor may order.
pub(crate) fn ordering_customer(ctx: &Ctx) -> Result<CustomerId, Error> {
    ctx.reach(Action::QuoteMake)?;
    let customer = ctx.actor.user().and_then(|user| user.customer_id).ok_or(Error::Forbidden)?;
    ctx.may(Action::QuoteMake, &Owners::customer(customer), "customer")?;
    Ok(customer)
}

/// What changed between two quotes, the total last.
pub(crate) fn changes(old: &Quote, new: &Quote) -> Vec<AmountChange> {
    let (before, after) = (old.amounts(), new.amounts());
    let change = |code: &str, from, to| AmountChange { code: code.to_owned(), from, to };
    let gone = before.iter().filter(|was| !after.iter().any(|is| is.0 == was.0));
    let gone = gone.map(|was| change(was.1, Some(was.2), None));
    let moved = after.iter().filter_map(|is| {
        let was = before.iter().find(|was| was.0 == is.0).map(|was| was.2);
        (was != Some(is.2)).then(|| change(is.1, was, Some(is.2)))
    });
    gone.chain(moved).collect()
}

/// The delivery fee for a way, before tax; refuses what is too far.
pub(crate) fn delivery_fee(places: &Places, city: CityId, distance_m: i64, now: Timestamp) -> Result<Paise, Error> {
    let most = places.rate(tariff::DELIVERY_MAX_M, city, now)?.value;
    if distance_m > most {
        return Err(Rule::TooFar.at("/address").with("max_m", most).with("distance_m", distance_m).into());
    }
    let base = places.rate(tariff::DELIVERY_BASE, city, now)?.value;
    let covered = places.rate(tariff::DELIVERY_BASE_M, city, now)?.value;
    let per_km = places.rate(tariff::DELIVERY_PER_KM, city, now)?.value;
    // By the full hundred metres, so that a bill can be recomputed by hand.
    let hundreds = (distance_m - covered).max(0).div_euclid(100);
    Ok(Paise(base + hundreds * per_km / 10))
}

fn charges(
    places: &Places,
    restaurant: &Entry,
    lines: &[QuoteLine],
    distance_m: i64,
    now: Timestamp,
) -> Result<Vec<Charge>, Error> {
    let packing = restaurant.packing + lines.iter().map(|line| line.packing).sum();
    let delivery = delivery_fee(places, restaurant.city_id, distance_m, now)?;
    let platform = Paise(places.rate(tariff::PLATFORM_FEE, restaurant.city_id, now)?.value);
    let all = [("packing", packing), ("delivery", delivery), ("platform_fee", platform)];
    let charged = all.into_iter().filter(|(_, amount)| *amount > Paise::ZERO);
    Ok(charged.map(|(code, amount)| Charge { code: code.to_owned(), amount }).collect())
}

/// GST on each of the three supplies; place of supply for customers without registration is the city's own State.
fn taxes(
    places: &Places,
    city: &City,
    lines: &[QuoteLine],
    charges: &[Charge],
    now: Timestamp,
) -> Result<Vec<Tax>, Error> {
    let state = StateCode::parse(&city.state_code)
        .map_err(|error| Error::Internal(format!("state of {}: {error}", city.slug)))?;
    let supply = SupplyPlaces { restaurant: state, pickup: state, customer_on_record: Some(state), supplier: state };
    let charge = |code: &str| charges.iter().filter(|one| one.code == code).map(|one| one.amount).sum::<Paise>();
    let items: Paise = lines.iter().map(QuoteLine::total).sum();
    let bases = [
        ("food", SupplyKind::RestaurantService, items + charge("packing")),
        ("delivery", SupplyKind::LocalDelivery, charge("delivery")),
        ("platform_fee", SupplyKind::PlatformFee, charge("platform_fee")),
    ];
    let mut taxes = Vec::with_capacity(6);
    for (name, kind, base) in bases {
        let rate = places.rate(tariff::tax_code(kind), city.id, now)?.value;
        let rate = RateBp::new(rate).map_err(|error| Error::Internal(error.to_string()))?;
        let heads = tax(base.0, rate, state, place_of_supply(kind, &supply));
        taxes.extend(heads.into_iter().map(|line| Tax {
            code: format!("{name}_{}", line.head.code()),
            rate_bp: line.rate_bp,
            base: Paise(line.base_paise),
            amount: Paise(line.amount_paise),
        }));
    }
    Ok(taxes)
}

fn closed(restaurant: &Entry, city: &City, now: Timestamp) -> Error {
    let broken = Rule::RestaurantClosed.at("/restaurant_id");
    match restaurant.availability(now, &city.zone).opens_at {
        Some(opens) => broken.with("opens_at", opens.to_string()).into(),
        None => broken.into(),
    }
}

fn saved(row: customers::AddressRow, restaurant: &Entry) -> Destination {
    Destination {
        address_id: Some(row.id),
        label: row.label,
        line1: row.line1,
        line2: row.line2,
        landmark: row.landmark,
        instruction: row.instruction,
        pin: row.pin,
        point: Point { lat: row.lat, lng: row.lng },
        zone_id: restaurant.zone_id,
        locality: String::new(),
    }
}

fn written(point: Point, line1: &str, pin: &str, restaurant: &Entry) -> Result<Destination, Error> {
    let pin = india::Pin::parse(pin).map_err(|_| Rule::WrongFormat.at("/address/pin"))?;
    if line1.trim().is_empty() || line1.chars().count() > 200 {
        return Err(Rule::WrongFormat.at("/address/line1").with("max", 200).into());
    }
    Ok(Destination {
        address_id: None,
        label: "Address".to_owned(),
        line1: line1.trim().to_owned(),
        line2: None,
        landmark: None,
        instruction: None,
        pin: pin.as_str().to_owned(),
        point,
        zone_id: restaurant.zone_id,
        locality: String::new(),
    })
}
