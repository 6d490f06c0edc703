//! An order is placed: a quote id and an idempotency key come in, one transaction goes out.
//!
//! What can go wrong goes wrong before the transaction or inside its guards. The key's row, the quote's use, the stock,
//! the postings and the event are all in it, so a repeated, doubled or interrupted request has one effect or none.

mod transaction;

use domain::{
    id::{CustomerId, OrderId, QuoteId},
    ledger::{OrderMoney, PaymentMethod},
    money::Paise,
    permission::Action,
    quote::Quote,
    rule::Rule,
};
use jiff::SignedDuration;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::{CommitError, Tx, args, idempotency, quotes};

pub(super) use self::transaction::counted;
use self::transaction::{Decided, sold_out};
use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    places::Places,
    quotes::{changes, ordering_customer},
    restaurants::directory::Entry,
    tariff,
};

const ROUTE: &str = "POST /orders";
/// How often a menu may change under our hands before we give up.
const TRIES: usize = 3;
/// The token with which the test gateway declines.
const DECLINE: &str = "decline";

/// What the customer sends.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceOrder {
    /// The quote.
    pub quote_id: QuoteId,
    /// How it is paid.
    pub method: PaymentMethod,
    /// What the test gateway is told: `decline` makes it refuse.
    pub payment_token: Option<String>,
    /// A word to the kitchen.
    pub note: Option<String>,
}

/// The answer, the same for every repetition of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The order.
    pub order_id: OrderId,
    /// The answer as JSON, word for word as the first time.
    pub body: String,
    /// Whether this was a repetition.
    pub replayed: bool,
}

impl App {
    /// Places an order. `key` is the caller's idempotency key.
    pub async fn place_order(&self, ctx: &Ctx, key: &str, wanted: &PlaceOrder) -> Result<Placed, Error> {
        ctx.reach(Action::OrderPlace)?;
        let customer = ordering_customer(ctx)?;
        check_key(key)?;
        check_note(wanted.note.as_deref())?;
        let fingerprint = fingerprint(wanted)?;
        if let Some(placed) = self.place_recent(ctx, customer, key, &fingerprint, wanted).await {
            return Ok(placed);
        }
        let row: Option<quotes::QuoteRow> = self.db.optional(&quotes::FIND, args![wanted.quote_id]).await?;
        let row = row.ok_or(Error::NotFound("quote"))?;
        let mut quote = self.read_quote(&row)?;
        if quote.customer_id != customer {
            return Err(Error::NotFound("quote"));
        }
        if row.order_id.is_some() {
            return self.replay(customer, key, &fingerprint).await;
        }
        if quote.expires_at <= ctx.now {
            // The same key may have been used for another quote; that is the more useful thing to say.
            self.refuse_reuse(customer, key, &fingerprint).await?;
            return Err(Rule::QuoteExpired.at("/quote_id").into());
        }
        self.check_payment(ctx, wanted, &quote)?;
        for _ in 0..TRIES {
            match self.try_place(ctx, key, &fingerprint, wanted, &quote).await {
                Err(Refused::Stale) => quote = self.renew(ctx, &quote).await?,
                Err(Refused::Seen) => return self.replay(customer, key, &fingerprint).await,
                Err(Refused::Error(error)) => return Err(error),
                Ok(placed) => return Ok(placed),
            }
        }
        Err(Error::Unavailable("the menu keeps changing".to_owned()))
    }

    /// Places a quote that this node still has in memory, which spares reading it. The guards of the transaction hold as
    /// ever; whatever stands in the way is looked at again, and answered, with the stored quote.
    async fn place_recent(
        &self,
        ctx: &Ctx,
        customer: CustomerId,
        key: &str,
        fingerprint: &[u8; 32],
        wanted: &PlaceOrder,
    ) -> Option<Placed> {
        let quote = self.recent_quote(ctx, wanted.quote_id, customer)?;
        self.check_payment(ctx, wanted, &quote).ok()?;
        let placed = self.try_place(ctx, key, fingerprint, wanted, &quote).await;
        // Ordered or not, it will not be ordered from memory again.
        self.recent_quotes.remove(&wanted.quote_id);
        placed.ok()
    }

    /// The quote again from the newest menu: the same amounts, or the customer has to look at the difference.
    async fn renew(&self, ctx: &Ctx, old: &Quote) -> Result<Quote, Error> {
        let new = self.reprice(ctx, old).await?;
        let changes = changes(old, &new);
        if changes.is_empty() {
            return Ok(Quote { menu_version: new.menu_version, ..old.clone() });
        }
        let restaurant = self.restaurant(new.restaurant_id)?;
        self.store_quote(&restaurant, ctx, &new).await?;
        Err(Error::QuoteChanged { quote: Box::new(new), changes })
    }

    async fn try_place(
        &self,
        ctx: &Ctx,
        key: &str,
        fingerprint: &[u8; 32],
        wanted: &PlaceOrder,
        quote: &Quote,
    ) -> Result<Placed, Refused> {
        let restaurant = self.restaurant(quote.restaurant_id)?;
        let decided = self.decide(ctx, key, fingerprint, wanted, quote, &restaurant).await?;
        let (tx, body) = self.placing(ctx, &decided)?;
        match self.db.commit(tx).await {
            Ok(()) => {
                self.forget_stock(ctx, restaurant.city_id, quote).await;
                Ok(Placed { order_id: decided.order_id, body, replayed: false })
            }
            Err(error) => Err(refused(error, quote)),
        }
    }

    /// The transaction with which [`App::place_order`] would place the order of a quote, not committed: it lets a
    /// benchmark time the store alone.
    pub async fn order_transaction(
        &self,
        ctx: &Ctx,
        key: &str,
        wanted: &PlaceOrder,
        quote: &Quote,
    ) -> Result<Tx, Error> {
        let restaurant = self.restaurant(quote.restaurant_id)?;
        let fingerprint = fingerprint(wanted)?;
        let decided = self.decide(ctx, key, &fingerprint, wanted, quote, &restaurant).await?;
        Ok(self.placing(ctx, &decided)?.0)
    }

    async fn decide<'a>(
        &self,
        ctx: &Ctx,
        key: &'a str,
        fingerprint: &'a [u8; 32],
        wanted: &'a PlaceOrder,
        quote: &'a Quote,
        restaurant: &'a Entry,
    ) -> Result<Decided<'a>, Error> {
        let places = self.places();
        let city = places.known_city(restaurant.city_id)?;
        if !restaurant.is_open(ctx.now, &city.zone) {
            return Err(Rule::RestaurantClosed.at("/quote_id").into());
        }
        let zone = places.zone(quote.destination.zone_id).ok_or_else(|| Rule::OutsideZone.at("/quote_id"))?;
        let date = ctx.now.to_zoned(city.zone.clone()).date();
        let day = i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day());
        let accept = SignedDuration::try_from(self.settings.accept_within).unwrap_or(SignedDuration::ZERO);
        let order_id = ctx.id();
        Ok(Decided {
            key,
            fingerprint,
            wanted,
            quote,
            restaurant,
            order_id,
            day,
            letter: zone.letter.clone(),
            number: self.next_number(zone.id, day).await?,
            code: format!("{:04}", ctx.entropy.below(10_000)),
            accept_by: moment((ctx.now + accept).as_microsecond()),
            money: order_money(ctx, &places, order_id, wanted.method, quote, restaurant)?,
        })
    }

    fn check_payment(&self, ctx: &Ctx, wanted: &PlaceOrder, quote: &Quote) -> Result<(), Error> {
        if wanted.method == PaymentMethod::Sandbox && wanted.payment_token.as_deref() == Some(DECLINE) {
            return Err(Rule::PaymentFailed.at("/payment").into());
        }
        let city = self.restaurant(quote.restaurant_id)?.city_id;
        let limit = self.places().rate(tariff::COD_LIMIT, city, ctx.now)?.value;
        if wanted.method == PaymentMethod::Cod && quote.total().0 > limit {
            return Err(Rule::OutOfRange.at("/payment/method").with("max_paise", limit).into());
        }
        Ok(())
    }

    /// The stored answer to a key, if it was given to the same request.
    async fn replay(&self, customer: CustomerId, key: &str, fingerprint: &[u8; 32]) -> Result<Placed, Error> {
        let row: Option<idempotency::AnswerRow> =
            self.db.optional(&idempotency::FIND, args![customer, ROUTE, key]).await?;
        match row {
            Some(row) if row.fingerprint == fingerprint => {
                Ok(Placed { order_id: row.subject.into(), body: row.body, replayed: true })
            }
            Some(_) => Err(Rule::IdempotencyKeyReused.broken().into()),
            None => Err(Rule::QuoteUsed.at("/quote_id").into()),
        }
    }

    async fn refuse_reuse(&self, customer: CustomerId, key: &str, fingerprint: &[u8; 32]) -> Result<(), Error> {
        match self.replay(customer, key, fingerprint).await {
            Err(Error::Rule(broken)) if broken.rule == Rule::IdempotencyKeyReused => Err(broken.into()),
            _ => Ok(()),
        }
    }
}

/// Why a try did not place the order.
enum Refused {
    /// The menu is not the one that was priced.
    Stale,
    /// The key or the quote was used meanwhile.
    Seen,
    /// It cannot be placed.
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

fn refused(error: CommitError, quote: &Quote) -> Refused {
    match failed_guard(&error) {
        Some("menu") => Refused::Stale,
        Some("key" | "quote") => Refused::Seen,
        Some("stock") => Refused::Error(sold_out(&error, quote)),
        _ => Refused::Error(error.into()),
    }
}

fn order_money(
    ctx: &Ctx,
    places: &Places,
    order_id: OrderId,
    method: PaymentMethod,
    quote: &Quote,
    restaurant: &Entry,
) -> Result<OrderMoney, Error> {
    let base = places.rate(tariff::COURIER_BASE, restaurant.city_id, ctx.now)?.value;
    let per_km = places.rate(tariff::COURIER_PER_KM, restaurant.city_id, ctx.now)?.value;
    let food = quote.items_total() + quote.charge("packing");
    Ok(OrderMoney {
        order_id,
        restaurant_id: restaurant.id,
        method,
        food,
        fees: quote.charge("delivery") + quote.charge("platform_fee"),
        taxes: quote.tax_total(),
        tip: quote.tip,
        commission: food.share(restaurant.commission_bp),
        courier_pay: Paise(base + quote.distance_m * per_km / 1_000),
    })
}

fn check_key(key: &str) -> Result<(), Error> {
    let visible = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if visible { Ok(()) } else { Err(Rule::IdempotencyKeyMissing.broken().into()) }
}

fn check_note(note: Option<&str>) -> Result<(), Error> {
    match note {
        Some(note) if note.chars().count() > 300 => Err(Rule::WrongFormat.at("/note").with("max", 300).into()),
        _ => Ok(()),
    }
}

/// A hash of what was asked for: the same request has the same fingerprint, whatever its spacing.
fn fingerprint(wanted: &PlaceOrder) -> Result<[u8; 32], Error> {
    let canonical = serde_json::to_vec(wanted).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Sha256::digest(canonical).into())
}
