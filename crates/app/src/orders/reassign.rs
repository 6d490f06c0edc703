//! Orders change hands until the food is picked up: given to somebody else, given back to dispatch, or taken from a
//! courier who fell silent. From the pickup on the leg is frozen, and a silence is told instead.

use domain::{
    event::Event,
    id::{CourierId, OrderId},
    permission::Action,
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use store::{CommitError, Tx, args, decisions, offers, orders};

use super::{
    assign::{ByHand, changed},
    trip::hold,
    view::{OrderView, spoken, status},
};
use crate::{
    App,
    context::Ctx,
    error::{Error, TRIES, failed_guard},
    input,
};

/// Orders that change hands at once.
const MOST: usize = 100;
/// A courier on the way to the counter who says nothing for so long loses the order.
const LOST_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// A courier with food on board who says nothing for so long is called.
const DARK_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// What became of one of several orders.
#[derive(Debug)]
pub struct Reassigned {
    /// The order.
    pub order_id: OrderId,
    /// Where it stands now, or why it stayed.
    pub outcome: Result<OrderView, Error>,
}

impl App {
    /// Several orders change hands, each for itself: to a courier, or back to dispatch (`None`), which looks for anybody
    /// but who had it. What cannot change, or does not fit any more, says why and keeps nothing else from it.
    pub async fn reassign_orders(
        &self,
        ctx: &Ctx,
        ids: &[OrderId],
        courier: Option<CourierId>,
        by_hand: ByHand<'_>,
    ) -> Result<Vec<Reassigned>, Error> {
        ctx.reach(Action::OrderAssign)?;
        let reason = input::required("/reason", by_hand.note, 300)?;
        let by_hand = ByHand { note: &reason, ..by_hand };
        if ids.is_empty() || ids.len() > MOST {
            let most = i64::try_from(MOST).unwrap_or(i64::MAX);
            return Err(Rule::OutOfRange.at("/order_ids").with("min", 1).with("max", most).into());
        }
        if let Some(courier) = courier {
            self.courier_row(courier).await.map_err(|error| match error {
                Error::NotFound(_) => Rule::UnknownReference.at("/courier_id").into(),
                error => error,
            })?;
        }
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            let outcome = match courier {
                Some(courier) => self.assign_order(ctx, *id, courier, by_hand).await,
                None => self.release_order(ctx, *id, &reason).await,
            };
            match outcome {
                // The database is away or we have a defect: that is no answer about one order.
                Err(error @ (Error::Unavailable(_) | Error::Internal(_))) => return Err(error),
                outcome => all.push(Reassigned { order_id: *id, outcome }),
            }
        }
        Ok(all)
    }

    /// Takes an order from its courier and gives it back to dispatch. An order that nobody has stays so.
    pub async fn release_order(&self, ctx: &Ctx, id: OrderId, reason: &str) -> Result<OrderView, Error> {
        for _ in 0..TRIES {
            let row = self.order_row(ctx, id, Action::OrderAssign).await?;
            if !status(&row)?.before_pickup() {
                return Err(Rule::IllegalTransition.broken().with("from", row.status).into());
            }
            let Some(former) = row.courier_id else { return self.order(ctx, id).await };
            if self.take_from(ctx, &row, former, "by-hand", reason).await? {
                return self.order(ctx, id).await;
            }
        }
        Err(Rule::VersionConflict.broken().into())
    }

    /// False if those that were taken together with it moved meanwhile.
    async fn take_from(
        &self,
        ctx: &Ctx,
        row: &orders::OrderRow,
        former: CourierId,
        policy: &str,
        reason: &str,
    ) -> Result<bool, Error> {
        let (now, user) = (ctx.now_us(), ctx.actor.user().map(|user| user.id));
        let tx = self.leave_courier(ctx, hold(Tx::new("release order"), vec![former]), row).await?;
        let tx = tx
            .guard_as("moved", 1, &orders::RELEASE_COURIER, args![row.id, former])
            .run(&offers::PUT_RELEASE, args![row.id, former, now])
            .run(&decisions::INSERT, args![row.id, now, row.city_id, policy, None::<CourierId>, user, reason, "[]"]);
        let event = changed(row, "courier_released", Some(former), None)?;
        let as_read = self.commit_as_read(self.tell(ctx, tx, row.city_id, &event)?).await;
        let as_read = as_read.map_err(|error| match failed_guard(&error) {
            Some("moved") => Rule::VersionConflict.broken().into(),
            _ => Error::from(error),
        })?;
        self.positions.forget_duty(Some(former));
        Ok(as_read)
    }

    /// Couriers who fell silent: before the counter they lose the order, with food on board they are called, once an order.
    ///
    /// Silence counts only from when this node has been able to hear: after a start, or while the database is away, it is
    /// ours and not the courier's.
    pub(crate) async fn watch_silent(&self, ctx: &Ctx) -> Result<(), Error> {
        let (dark, lost) = (ctx.now - DARK_AFTER, ctx.now - LOST_AFTER);
        let hearing_since = self.positions.hearing_since();
        // Nobody was heard of before the first of all times: what was not listened for long enough finds nobody.
        let listened = |until: Timestamp| if hearing_since <= until { until.as_microsecond() } else { i64::MIN };
        let silent: Result<Vec<(OrderId,)>, _> =
            self.db.all(&orders::LIST_SILENT, args![listened(dark), listened(lost), 200_i64]).await;
        if silent.is_err() {
            self.positions.hear_anew(ctx.now);
        }
        for (id,) in silent? {
            let row: Option<orders::OrderRow> = self.db.optional(&orders::FIND, args![id]).await?;
            let Some((row, courier)) = row.and_then(|row| row.courier_id.map(|courier| (row, courier))) else {
                continue;
            };
            let before_pickup = status(&row)?.before_pickup();
            if self.positions.heard_since(courier, if before_pickup { lost } else { dark }) {
                continue;
            }
            let done = if before_pickup {
                self.take_from(ctx, &row, courier, "silent", "the courier's phone fell silent").await.map(drop)
            } else {
                self.call_dark(ctx, &row, courier).await
            };
            match done {
                // It moved on in the same moment.
                Ok(()) | Err(Error::Rule(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn call_dark(&self, ctx: &Ctx, row: &orders::OrderRow, courier_id: CourierId) -> Result<(), Error> {
        let tx = Tx::new("call courier").guard_as("not-yet", 1, &orders::SET_DARK, args![row.id, ctx.now_us()]);
        let event = Event::CourierDark { order_id: row.id, courier_id, number: spoken(row) };
        match self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await {
            // Called by another node in the same moment.
            Ok(()) | Err(CommitError::Guard { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
