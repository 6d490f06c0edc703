//! An order moves along: accepted, cooked, carried, delivered, or called off.
//!
//! The state machine of `domain` says who may do what with which proof; the transaction adds the step to the history,
//! moves the order if it still stands where it was read, posts what the step means for the books, and tells it.

use cache::Namespace;
use domain::{
    event::{Event, OrderMoved},
    id::{CityId, OrderId},
    ledger::{OrderMoney, PaymentMethod},
    money::Paise,
    order::{Brought, Mover, Status, check},
    permission::Action,
    quote::Quote,
    rule::Rule,
};
use jiff::SignedDuration;
use store::{Tx, args, ledger, menus, orders, sandbox};

use crate::{
    App,
    arrivals::{Before, Known, range, reason},
    context::Ctx,
    error::{Error, MEANWHILE, TRIES},
    input,
};

use super::{
    place::counted,
    trip::hold,
    view::{OrderView, method, mover, spoken, status},
};

/// What the mover sends.
#[derive(Clone, Debug, Default)]
pub struct MoveOrder {
    /// Where to; `None` never reaches a use case.
    pub to: Option<Status>,
    /// Minutes until the food is ready.
    pub prep_minutes: Option<i64>,
    /// A reason code.
    pub reason: Option<String>,
    /// The code said at the door.
    pub code: Option<String>,
    /// The version that the mover saw, to be told if somebody was faster.
    pub version: Option<i64>,
}

impl App {
    /// Moves an order. A repetition of the newest step by the same part answers as the first time.
    pub async fn move_order(&self, ctx: &Ctx, id: OrderId, wanted: &MoveOrder) -> Result<OrderView, Error> {
        for _ in 0..TRIES {
            if let Some(view) = self.move_as_read(ctx, id, wanted).await? {
                return Ok(view);
            }
        }
        Err(Rule::VersionConflict.broken().into())
    }

    /// `None` if an order that is called off got a courier or left an offer meanwhile, which is no step of its own.
    async fn move_as_read(&self, ctx: &Ctx, id: OrderId, wanted: &MoveOrder) -> Result<Option<OrderView>, Error> {
        // Announced before the order is read: a change by somebody else in between is then noticed.
        let writing = self.answers.writing(Namespace::OrderStatus, &id.to_string()).await;
        let row = self.order_row(ctx, id, Action::OrderMove).await?;
        let to = wanted.to.ok_or_else(|| Rule::WrongFormat.at("/status"))?;
        let from = status(&row)?;
        let mover = mover(&ctx.actor);
        if from == to && self.order_history(id, row.version - 1).await?.iter().any(|step| step.mover == mover.as_str())
        {
            return self.order(ctx, id).await.map(Some);
        }
        if wanted.version.is_some_and(|seen| seen != row.version) {
            return Err(Rule::VersionConflict.at("/version").with("version", row.version).into());
        }
        let brought = Brought {
            prep_minutes: wanted.prep_minutes,
            reason: wanted.reason.as_deref(),
            code: wanted.code.as_deref(),
        };
        self.check_move(ctx, &row, from, to, mover, &brought)?;
        if to == Status::PickedUp && row.courier_id.is_none() {
            return Err(Rule::CourierUnavailable.at("/status").into());
        }
        let reason = input::optional("/reason", wanted.reason.as_deref(), 300)?;
        let mut known = self.known_of(ctx, &row).await?;
        if let Some(courier) = row.courier_id.filter(|_| to == Status::PickedUp) {
            known.before = Before::of(&row, self.in_hand_of(courier).await?);
        }
        let mut tx = Tx::new("move order");
        if matches!(to, Status::Rejected | Status::Cancelled) {
            // Couriers before offers before orders, as everywhere: transactions that lock in one order do not block each other.
            tx = self.leave_offer(ctx, hold(tx, row.courier_id.into_iter().collect()), id).await?;
            tx = self.leave_trip(ctx, tx, &row).await?;
        }
        let wanted = MoveOrder { reason, ..wanted.clone() };
        let (tx, then) = self.compose_move(ctx, tx, &row, &known, from, to, mover, &wanted)?;
        let tx = self.tell_doors(ctx, tx, &then).await?;
        if !self.commit_as_read(tx).await? {
            return Ok(None);
        }
        self.positions.forget_duty(row.courier_id);
        let view = self.order(ctx, id).await?;
        if matches!(to, Status::Rejected | Status::Cancelled) {
            self.forget_stock(ctx, view.row.city_id, &view.quote).await;
        }
        self.write_tracking(writing, &view).await;
        Ok(Some(view))
    }

    /// Forgets at once what this node keeps of dishes whose counted pieces an order took or returned.
    pub(super) async fn forget_stock(&self, ctx: &Ctx, city: CityId, quote: &Quote) {
        let items: Vec<_> = counted(quote).iter().map(|line| line.item_id).collect();
        if !items.is_empty() {
            self.forget_menu(quote.restaurant_id);
            let event = Event::MenuChanged { restaurant_id: quote.restaurant_id, items };
            self.forget_now(event, city, ctx.now).await;
        }
    }

    /// The rules of the state machine; a delivery code may be wrong only so often, also for one who then guesses right.
    fn check_move(
        &self,
        ctx: &Ctx,
        row: &orders::OrderRow,
        from: Status,
        to: Status,
        mover: Mover,
        brought: &Brought<'_>,
    ) -> Result<(), Error> {
        let at_the_door = to == Status::Delivered && mover == Mover::Courier;
        let (name, tries) = (row.id.to_string(), &self.entrance.handovers);
        if at_the_door {
            tries.take(&name, ctx.now_us())?;
        }
        let checked = check(from, to, mover, brought, &row.delivery_code);
        let wrong_code = matches!(&checked, Err(broken) if broken.rule == Rule::WrongCode);
        if at_the_door && !wrong_code {
            tries.give_back(&name);
        }
        checked?;
        Ok(())
    }

    /// The transaction, and the order as it will stand.
    #[expect(clippy::too_many_arguments, reason = "a move consists of exactly these")]
    fn compose_move(
        &self,
        ctx: &Ctx,
        tx: Tx,
        row: &orders::OrderRow,
        known: &Known,
        from: Status,
        to: Status,
        mover: Mover,
        wanted: &MoveOrder,
    ) -> Result<(Tx, orders::OrderRow), Error> {
        let (id, now) = (row.id, ctx.now_us());
        let reason = wanted.reason.as_deref();
        let user = ctx.actor.user().map(|user| user.id);
        let ended = to.is_final().then_some(now);
        let mut tx = tx
            .run(
                &orders::INSERT_HISTORY,
                args![id, row.version + 1, row.version, from.as_str(), to.as_str(), mover.as_str(), user, reason, now],
            )
            .guard(
                1,
                &orders::MOVE,
                args![
                    id,
                    row.version,
                    from.as_str(),
                    to.as_str(),
                    payment_after(row, to)?,
                    ended,
                    if to.is_final() { reason } else { row.reason.as_deref() },
                ],
            );
        let (stamped, then) = self.stamp(ctx, tx, row, known, to, wanted)?;
        tx = settle(stamped, row, to, now)?;
        let event = OrderMoved {
            order_id: id,
            number: spoken(row),
            version: row.version + 1,
            from: Some(from),
            to,
            mover,
            reason: reason.map(str::to_owned),
            restaurant_id: row.restaurant_id,
            customer_id: row.customer_id,
            courier_id: row.courier_id,
            method: method(row)?,
            total: Paise(row.total_paise),
        };
        if matches!(to, Status::Rejected | Status::Cancelled) {
            tx = tx.guard_as(MEANWHILE, 1, &orders::OF_COURIER, args![id, row.courier_id]);
            tx = self.tell_returned(ctx, tx, row)?;
        }
        let tx = self.tell(ctx, tx, row.city_id, &Event::OrderMoved(event))?;
        Ok((tx, orders::OrderRow { ended_at: ended, ..then }))
    }

    /// The times that a step sets, and what they do to the arrival.
    fn stamp(
        &self,
        ctx: &Ctx,
        tx: Tx,
        row: &orders::OrderRow,
        known: &Known,
        to: Status,
        wanted: &MoveOrder,
    ) -> Result<(Tx, orders::OrderRow), Error> {
        let (id, now) = (row.id, ctx.now_us());
        let mut then = row.clone();
        let stamped = match to {
            Status::Accepted => {
                let minutes = wanted.prep_minutes.unwrap_or_default();
                let ready = (ctx.now + SignedDuration::from_mins(minutes)).as_microsecond();
                then = orders::OrderRow {
                    accepted_at: Some(now),
                    prep_minutes: Some(minutes),
                    promised_ready_at: Some(ready),
                    ..then
                };
                tx.run(&orders::SET_ACCEPTED, args![id, now, minutes, ready])
            }
            Status::Ready => {
                then.ready_at = Some(now);
                tx.run(&orders::SET_READY, args![id, now])
            }
            Status::PickedUp => {
                then.picked_up_at = Some(now);
                tx.guard(1, &orders::SET_PICKED_UP, args![id, now, row.courier_id])
            }
            Status::Delivered => return Ok((tx.run(&orders::SET_DELIVERED, args![id, now]), then)),
            _ => return Ok((tx, then)),
        };
        let quote = stored_quote(row)?;
        let parts = self.parts_left(ctx.now, &then, &quote, known, None);
        let range = range(ctx.now, parts.outlook());
        let reason = reason(row, &range, self.holds_up(ctx.now, &then, &quote, &parts));
        (then.eta_low, then.eta_high) = (range.low.as_microsecond(), range.high.as_microsecond());
        Ok((stamped.run(&orders::SET_ETA, args![id, then.eta_low, then.eta_high, reason]), then))
    }

    /// Tells which dishes got their stock back, if any are counted.
    fn tell_returned(&self, ctx: &Ctx, tx: Tx, row: &orders::OrderRow) -> Result<Tx, Error> {
        let quote = stored_quote(row)?;
        let items: Vec<_> = counted(&quote).iter().map(|line| line.item_id).collect();
        if items.is_empty() {
            return Ok(tx);
        }
        self.tell(ctx, tx, row.city_id, &Event::MenuChanged { restaurant_id: row.restaurant_id, items })
    }
}

/// How the payment stands once the order has moved.
fn payment_after(row: &orders::OrderRow, to: Status) -> Result<&'static str, Error> {
    Ok(match (method(row)?, to) {
        (PaymentMethod::Cod, Status::Delivered) | (PaymentMethod::Sandbox, _)
            if !matches!(to, Status::Rejected | Status::Cancelled) =>
        {
            "paid"
        }
        (PaymentMethod::Sandbox, _) => "refunded",
        (PaymentMethod::Cod, _) if to.is_final() => "void",
        (PaymentMethod::Cod, _) => "due",
    })
}

/// What an ending means: postings, refund, stock back.
fn settle(mut tx: Tx, row: &orders::OrderRow, to: Status, now: i64) -> Result<Tx, Error> {
    if !to.is_final() {
        return Ok(tx);
    }
    let money = money_of(row)?;
    let (transfers, step) = match (to, row.courier_id) {
        (Status::Delivered, Some(courier)) => (money.delivered(courier), "delivered"),
        (Status::Failed, Some(courier)) => (money.failed(courier), "failed"),
        _ => (money.called_off(), "called_off"),
    };
    tx = ledger::post(tx, &transfers, row.id, step, row.city_id, now);
    if step == "called_off" {
        tx = undo_placing(tx, row, &money)?;
    }
    Ok(tx)
}

fn undo_placing(mut tx: Tx, row: &orders::OrderRow, money: &OrderMoney) -> Result<Tx, Error> {
    let quote = stored_quote(row)?;
    for line in counted(&quote) {
        tx = tx.run(&menus::RETURN_STOCK, args![line.item_id, line.quantity]);
    }
    if money.method == PaymentMethod::Sandbox {
        tx = tx.guard(1, &sandbox::REFUND, args![row.quote_id]);
    }
    Ok(tx)
}

/// The bill that an order came from.
pub(crate) fn stored_quote(row: &orders::OrderRow) -> Result<Quote, Error> {
    serde_json::from_str(&row.quote).map_err(|error| Error::Internal(format!("order {}: {error}", row.id)))
}

fn money_of(row: &orders::OrderRow) -> Result<OrderMoney, Error> {
    Ok(OrderMoney {
        order_id: row.id,
        restaurant_id: row.restaurant_id,
        method: method(row)?,
        food: Paise(row.food_paise),
        fees: Paise(row.fees_paise),
        taxes: Paise(row.taxes_paise),
        tip: Paise(row.tip_paise),
        commission: Paise(row.commission_paise),
        courier_pay: Paise(row.courier_pay_paise),
    })
}
