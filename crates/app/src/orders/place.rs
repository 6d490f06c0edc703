//! An order is placed: a quote id and an idempotency key come in, one transaction goes out.
//!
//! What can go wrong goes wrong before the transaction or inside its guards. The key's row, the quote's use, the stock,
//! the postings and the event are all in it, so a repeated, doubled or interrupted request has one effect or none.

use domain::{
    event::{Event, OrderMoved},
    id::{CustomerId, OrderId, QuoteId},
    ledger::{OrderMoney, PaymentMethod},
    money::Paise,
    order::{Mover, Status},
    permission::Action,
    quote::{Quote, QuoteLine},
    rule::Rule,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{CommitError, Tx, args, idempotency, ledger, menus, orders, quotes, sandbox};

use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
    places::Places,
    quotes::{changes, ordering_customer},
    restaurants::directory::Entry,
    stored::json,
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

#[derive(Serialize, Deserialize)]
struct Answer<'a> {
    id: OrderId,
    number: &'a str,
    status: &'a str,
    total_paise: i64,
    eta: Eta,
    accept_by: jiff::Timestamp,
    delivery_code: &'a str,
}

#[derive(Serialize, Deserialize)]
struct Eta {
    low: jiff::Timestamp,
    high: jiff::Timestamp,
}

/// Everything the transaction needs, decided.
struct Decided<'a> {
    order_id: OrderId,
    customer_id: CustomerId,
    restaurant: &'a Entry,
    quote: &'a Quote,
    menu_version: i64,
    day: i64,
    letter: String,
    number: i64,
    code: String,
    money: OrderMoney,
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
        let decided = self.decide(ctx, wanted, quote, &restaurant).await?;
        let (tx, body) = self.compose(ctx, key, fingerprint, wanted, &decided)?;
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
        let decided = self.decide(ctx, wanted, quote, &restaurant).await?;
        Ok(self.compose(ctx, key, &fingerprint(wanted)?, wanted, &decided)?.0)
    }

    async fn decide<'a>(
        &self,
        ctx: &Ctx,
        wanted: &PlaceOrder,
        quote: &'a Quote,
        restaurant: &'a Entry,
    ) -> Result<Decided<'a>, Error> {
        let places = self.places();
        let city = places.city(restaurant.city_id).ok_or(Error::NotFound("city"))?;
        if !restaurant.is_open(ctx.now, &city.zone) {
            return Err(Rule::RestaurantClosed.at("/quote_id").into());
        }
        let zone = places.zone(quote.destination.zone_id).ok_or_else(|| Rule::OutsideZone.at("/quote_id"))?;
        let date = ctx.now.to_zoned(city.zone.clone()).date();
        let day = i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day());
        let order_id = ctx.id();
        Ok(Decided {
            order_id,
            customer_id: quote.customer_id,
            restaurant,
            quote,
            menu_version: quote.menu_version,
            day,
            letter: zone.letter.clone(),
            number: self.next_number(zone.id, day).await?,
            code: format!("{:04}", ctx.entropy.below(10_000)),
            money: order_money(ctx, &places, order_id, wanted.method, quote, restaurant)?,
        })
    }

    fn compose(
        &self,
        ctx: &Ctx,
        key: &str,
        fingerprint: &[u8; 32],
        wanted: &PlaceOrder,
        decided: &Decided<'_>,
    ) -> Result<(Tx, String), Error> {
        let (id, quote, now) = (decided.order_id, decided.quote, ctx.now_us());
        let accept = SignedDuration::try_from(self.settings.accept_within).unwrap_or(SignedDuration::ZERO);
        let accept_by = crate::context::moment((ctx.now + accept).as_microsecond());
        let number = format!("{}{:02}", decided.letter, decided.number);
        let body = json(&Answer {
            id,
            number: &number,
            status: Status::Placed.as_str(),
            total_paise: quote.total().0,
            eta: Eta { low: quote.eta.low, high: quote.eta.high },
            accept_by,
            delivery_code: &decided.code,
        })?;
        let user = ctx.actor.user().map(|user| user.id);
        let mover = Mover::Customer.as_str();
        let mut tx = Tx::new("place order")
            .guard_as(
                "key",
                1,
                &idempotency::INSERT,
                args![decided.customer_id, ROUTE, key, *fingerprint, id, body.as_str(), now],
            )
            .guard_as("quote", 1, &quotes::USE, args![quote.id, id, decided.customer_id])
            .run(
                &orders::INSERT_HISTORY,
                args![id, 0_i64, None::<i64>, "none", "placed", mover, user, None::<&str>, now],
            )
            .guard_as("menu", 1, &orders::INSERT, order_args(ctx, wanted, decided, accept_by.as_microsecond()));
        for (position, line) in (0_i64..).zip(&quote.lines) {
            let name = line.name.as_str();
            tx = tx.run(&orders::INSERT_LINE, args![id, position, line.item_id, name, line.quantity, line.unit.0]);
        }
        for line in counted(quote) {
            tx = tx.guard_as("stock", 1, &menus::TAKE_STOCK, args![line.item_id, line.quantity]);
        }
        if wanted.method == PaymentMethod::Sandbox {
            tx = tx.guard(1, &sandbox::CAPTURE, args![quote.id, quote.total().0, now]);
        }
        let city = decided.restaurant.city_id;
        tx = ledger::post(tx, &decided.money.placed(), id, "placed", city, now);
        let event = OrderMoved {
            order_id: id,
            number,
            version: 0,
            from: None,
            to: Status::Placed,
            mover: Mover::Customer,
            reason: None,
            restaurant_id: decided.restaurant.id,
            customer_id: decided.customer_id,
            courier_id: None,
            method: wanted.method,
            total: quote.total(),
        };
        if quote.lines.iter().any(|line| line.counted) {
            let items = counted(quote).iter().map(|line| line.item_id).collect();
            tx = self.tell(ctx, tx, city, &Event::MenuChanged { restaurant_id: decided.restaurant.id, items })?;
        }
        Ok((self.tell(ctx, tx, city, &Event::OrderMoved(event))?, body))
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

/// The steps before the stock are three guards, the history, and the lines.
fn sold_out(error: &CommitError, quote: &Quote) -> Error {
    let CommitError::Guard { step, .. } = error else {
        return Rule::ItemUnavailable.broken().into();
    };
    let missing = step.checked_sub(4 + quote.lines.len()).and_then(|at| counted(quote).into_iter().nth(at));
    let index = missing.and_then(|gone| quote.lines.iter().position(|line| std::ptr::eq(line, gone)));
    match (missing, index) {
        (Some(gone), Some(index)) => {
            Rule::ItemUnavailable.at(format!("/lines/{index}")).with("name", gone.name.as_str()).into()
        }
        _ => Rule::ItemUnavailable.broken().into(),
    }
}

/// The lines whose pieces are counted, by dish: two carts with the same dishes take them in the same order, so that
/// neither waits for the other.
pub(super) fn counted(quote: &Quote) -> Vec<&QuoteLine> {
    let mut lines: Vec<_> = quote.lines.iter().filter(|line| line.counted).collect();
    lines.sort_by_key(|line| line.item_id);
    lines
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

fn order_args(ctx: &Ctx, wanted: &PlaceOrder, decided: &Decided<'_>, accept_by: i64) -> Vec<store::Value> {
    let (quote, money) = (decided.quote, &decided.money);
    let payment_status = if wanted.method == PaymentMethod::Cod { "due" } else { "paid" };
    args![
        decided.order_id,
        decided.restaurant.city_id,
        quote.destination.zone_id,
        decided.day,
        decided.number,
        decided.letter.as_str(),
        quote.id,
        decided.restaurant.id,
        decided.customer_id,
        wanted.method.as_str(),
        payment_status,
        money.food.0,
        money.fees.0,
        money.taxes.0,
        money.tip.0,
        money.total().0,
        money.commission.0,
        money.courier_pay.0,
        decided.code.as_str(),
        wanted.note.as_deref(),
        ctx.now_us(),
        accept_by,
        quote.eta.low.as_microsecond(),
        quote.eta.high.as_microsecond(),
        decided.menu_version,
    ]
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
