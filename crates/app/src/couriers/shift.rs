//! At work or not: shifts begin and end by hand, a planned one ends by itself, and a break keeps offers away.

use domain::{
    event::Event,
    id::CourierId,
    permission::{Action, Owners},
    rule::Rule,
};
use jiff::SignedDuration;
use store::{CommitError, Tx, Value, args, couriers, offers};

use super::{CourierView, busy};
use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
    input,
};

/// How long before a planned shift somebody may begin it.
const EARLY_US: i64 = 30 * 60 * 1_000_000;
/// The longest break, in minutes.
const LONGEST_BREAK: i64 = 120;
/// The time over which answers to offers are counted.
const COUNTED_US: i64 = 30 * 24 * 3_600 * 1_000_000;

/// How a courier answered offers in the last thirty days. Shown to them and to staff; nothing follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acceptance {
    /// Offers that were accepted, declined or ran out.
    pub offered: i64,
    /// Those that were accepted.
    pub accepted: i64,
}

impl App {
    /// Begins or ends a shift. It does not end with food in hand. Who begins a planned one works until its end.
    pub async fn set_shift(&self, ctx: &Ctx, id: CourierId, on: bool) -> Result<CourierView, Error> {
        ctx.may(Action::CourierShift, &Owners::courier(id), "courier")?;
        let row = self.courier_row(id).await?;
        if row.on_shift != on {
            let mut tx = Tx::new("set shift");
            if on {
                tx = tx.run(&couriers::HOLD_ANY, args![id]).guard_as(
                    "allowed",
                    1,
                    &couriers::BEGIN_SHIFT,
                    with_plan(ctx, id),
                );
            } else {
                tx = tx.run(&couriers::HOLD_ANY, args![id]).guard_as("in-hand", 1, &couriers::END_SHIFT, args![id]);
                tx = self.withdraw_offers(ctx, tx, id).await?;
            }
            let event = Event::CourierChanged { courier_id: id, on_shift: on, renamed: false };
            self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await.map_err(barred)?;
            self.positions.note_shift(id, on);
        }
        self.courier(ctx, id).await
    }

    /// Begins a break of so many minutes, or ends it (`None`). What is on offer is withdrawn; what is in hand stays.
    pub async fn set_break(&self, ctx: &Ctx, id: CourierId, minutes: Option<i64>) -> Result<CourierView, Error> {
        ctx.may(Action::CourierShift, &Owners::courier(id), "courier")?;
        let row = self.courier_row(id).await?;
        let minutes = minutes.map(|minutes| input::within("/minutes", minutes, 1..=LONGEST_BREAK)).transpose()?;
        let until = minutes.map(|minutes| (ctx.now + SignedDuration::from_mins(minutes)).as_microsecond());
        let mut tx = Tx::new("set break").guard_as("on-shift", 1, &couriers::SET_BREAK, args![id, until]);
        if until.is_some() {
            tx = self.withdraw_offers(ctx, tx, id).await?;
        }
        let event = Event::CourierChanged { courier_id: id, on_shift: row.on_shift, renamed: false };
        self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await.map_err(|error| match failed_guard(&error) {
            Some("on-shift") => Rule::CourierUnavailable.broken().into(),
            _ => Error::from(error),
        })?;
        self.courier(ctx, id).await
    }

    /// How a courier answered offers lately.
    pub async fn acceptance(&self, ctx: &Ctx, id: CourierId) -> Result<Acceptance, Error> {
        ctx.may(Action::CourierRead, &Owners::courier(id), "courier")?;
        self.courier_row(id).await?;
        let since = ctx.now_us() - COUNTED_US;
        let (offered, accepted) = self.db.one::<(i64, i64)>(&offers::COUNT_ANSWERS, args![id, since]).await?;
        Ok(Acceptance { offered, accepted })
    }

    /// Ends planned shifts that are over, once nothing is in hand.
    pub(crate) async fn end_shifts(&self, ctx: &Ctx) -> Result<(), Error> {
        let over: Vec<(CourierId,)> = self.db.all(&couriers::LIST_SHIFT_OVER, args![ctx.now_us(), 200_i64]).await?;
        for (id,) in over {
            match self.set_shift(ctx, id, false).await {
                // An order was given in the same moment.
                Ok(_) | Err(Error::Rule(_) | Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// What the statements ask for that set the end of a courier's planned shift.
pub(crate) fn with_plan(ctx: &Ctx, id: CourierId) -> Vec<Value> {
    args![id, ctx.now_us(), ctx.now_us() + EARLY_US]
}

fn barred(error: CommitError) -> Error {
    match failed_guard(&error) {
        Some("allowed") => Rule::CourierBarred.broken().into(),
        _ => busy(error),
    }
}
