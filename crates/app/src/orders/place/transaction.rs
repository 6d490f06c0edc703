//! The transaction of an order that was decided upon: which rows it consists of, and what a missed guard of it means.

use domain::{
    event::{Event, OrderMoved},
    id::OrderId,
    ledger::{OrderMoney, PaymentMethod},
    order::{Mover, Status},
    quote::{ArrivalRange, Quote, QuoteLine},
    rule::Rule,
};
use jiff::Timestamp;
use serde::Serialize;
use store::{CommitError, Tx, Value, args, idempotency, ledger, menus, orders, sandbox};

use super::{PlaceOrder, ROUTE};
use crate::{App, context::Ctx, error::Error, restaurants::directory::Entry, stored::json};

/// Everything the transaction needs.
pub(super) struct Decided<'a> {
    pub(super) key: &'a str,
    pub(super) fingerprint: &'a [u8; 32],
    pub(super) wanted: &'a PlaceOrder,
    pub(super) quote: &'a Quote,
    pub(super) restaurant: &'a Entry,
    pub(super) order_id: OrderId,
    /// Local date as yyyymmdd.
    pub(super) day: i64,
    pub(super) letter: String,
    pub(super) number: i64,
    pub(super) code: String,
    pub(super) accept_by: Timestamp,
    pub(super) money: OrderMoney,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: OrderId,
    number: &'a str,
    status: &'a str,
    total_paise: i64,
    eta: ArrivalRange,
    accept_by: Timestamp,
    delivery_code: &'a str,
}

impl App {
    /// The transaction, and the answer that it keeps for repetitions.
    pub(super) fn placing(&self, ctx: &Ctx, decided: &Decided<'_>) -> Result<(Tx, String), Error> {
        let body = decided.answer()?;
        let counted = counted(decided.quote);
        let mut tx = decided.rows(ctx, &body);
        // Two lines may take portions of one dish; without such lines no step meets another.
        if counted.is_empty() {
            tx = tx.at_once();
        }
        for line in &counted {
            tx = tx.guard_as("stock", 1, &menus::TAKE_STOCK, args![line.item_id, line.quantity]);
        }
        let (city, now) = (decided.restaurant.city_id, ctx.now_us());
        if decided.wanted.method == PaymentMethod::Sandbox {
            tx = tx.guard(1, &sandbox::CAPTURE, args![decided.quote.id, decided.quote.total().0, now]);
        }
        tx = ledger::post(tx, &decided.money.placed(), decided.order_id, "placed", city, now);
        if !counted.is_empty() {
            let items = counted.iter().map(|line| line.item_id).collect();
            tx = self.tell(ctx, tx, city, &Event::MenuChanged { restaurant_id: decided.restaurant.id, items })?;
        }
        Ok((self.tell(ctx, tx, city, &Event::OrderMoved(decided.event()))?, body))
    }
}

impl Decided<'_> {
    fn spoken_number(&self) -> String {
        format!("{}{:02}", self.letter, self.number)
    }

    fn answer(&self) -> Result<String, Error> {
        json(&Answer {
            id: self.order_id,
            number: &self.spoken_number(),
            status: Status::Placed.as_str(),
            total_paise: self.quote.total().0,
            eta: self.quote.eta,
            accept_by: self.accept_by,
            delivery_code: &self.code,
        })
    }

    /// The key with its answer, the terms, the first step of the history, the order and its lines.
    fn rows(&self, ctx: &Ctx, body: &str) -> Tx {
        let (id, customer, now) = (self.order_id, self.quote.customer_id, ctx.now_us());
        let user = ctx.actor.user().map(|user| user.id);
        let first = args![id, 0_i64, None::<i64>, "none", "placed", Mover::Customer.as_str(), user, None::<&str>, now];
        Tx::new("place order")
            .guard_as(
                "key",
                1,
                &idempotency::INSERT,
                args![customer, ROUTE, self.key, *self.fingerprint, id, body, now],
            )
            .guard_as("menu", 1, &orders::ORDERABLE, self.terms(now))
            .run(&orders::INSERT_HISTORY, first)
            .guard_as("quote", 1, &orders::INSERT, self.order_args(now))
            .run_each(&orders::INSERT_LINE, self.line_args())
    }

    /// What must hold of the quote and its restaurant.
    fn terms(&self, now: i64) -> Vec<Value> {
        let quote = self.quote;
        args![quote.id, self.restaurant.city_id, self.restaurant.id, quote.customer_id, quote.menu_version, now]
    }

    fn order_args(&self, now: i64) -> Vec<Value> {
        let (quote, money) = (self.quote, &self.money);
        let payment_status = if self.wanted.method == PaymentMethod::Cod { "due" } else { "paid" };
        args![
            self.order_id,
            self.restaurant.city_id,
            quote.destination.zone_id,
            self.day,
            self.number,
            self.letter.as_str(),
            quote.id,
            self.restaurant.id,
            quote.customer_id,
            self.wanted.method.as_str(),
            payment_status,
            money.food.0,
            money.fees.0,
            money.taxes.0,
            money.tip.0,
            money.total().0,
            money.commission.0,
            money.courier_pay.0,
            self.code.as_str(),
            self.wanted.note.as_deref(),
            now,
            self.accept_by.as_microsecond(),
            quote.eta.low.as_microsecond(),
            quote.eta.high.as_microsecond(),
        ]
    }

    fn line_args(&self) -> impl Iterator<Item = Vec<Value>> {
        let row = |(position, line): (i64, &QuoteLine)| {
            args![self.order_id, position, line.item_id, line.name.as_str(), line.quantity, line.unit.0]
        };
        (0..).zip(&self.quote.lines).map(row)
    }

    fn event(&self) -> OrderMoved {
        OrderMoved {
            order_id: self.order_id,
            number: self.spoken_number(),
            version: 0,
            from: None,
            to: Status::Placed,
            mover: Mover::Customer,
            reason: None,
            restaurant_id: self.restaurant.id,
            customer_id: self.quote.customer_id,
            courier_id: None,
            method: self.wanted.method,
            total: self.quote.total(),
        }
    }
}

/// The steps before the stock are the key, the terms, the history, the order, and the lines.
pub(super) fn sold_out(error: &CommitError, quote: &Quote) -> Error {
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
pub(in crate::orders) fn counted(quote: &Quote) -> Vec<&QuoteLine> {
    let mut lines: Vec<_> = quote.lines.iter().filter(|line| line.counted).collect();
    lines.sort_by_key(|line| line.item_id);
    lines
}
