//! The kitchen needs longer: customer and courier are told at once.

use domain::{arrival::Delay, id::OrderId, permission::Action, quote::Quote, rule::Rule};
use jiff::SignedDuration;
use store::{Tx, args, orders};

use crate::{
    App,
    arrivals::range,
    context::{Ctx, moment},
    error::Error,
};

use super::{
    assign::changed,
    view::{OrderView, status},
};

/// The delays a kitchen may ask for, in minutes.
const MINUTES: [i64; 3] = [5, 10, 20];

impl App {
    /// Promises the food some minutes later than before.
    pub async fn delay_order(&self, ctx: &Ctx, id: OrderId, minutes: i64) -> Result<OrderView, Error> {
        let row = self.order_row(ctx, id, Action::OrderDelay).await?;
        if !MINUTES.contains(&minutes) {
            return Err(Rule::OutOfRange.at("/minutes").with("allowed", "5, 10, 20").into());
        }
        let Some(promised) = row.promised_ready_at.filter(|_| row.ready_at.is_none()) else {
            let from = status(&row)?.as_str();
            return Err(Rule::IllegalTransition.broken().with("from", from).into());
        };
        let quote: Quote =
            serde_json::from_str(&row.quote).map_err(|error| Error::Internal(format!("order {id}: {error}")))?;
        let ready = moment(promised).max(ctx.now) + SignedDuration::from_mins(minutes);
        let known = self.known_of(ctx, &row).await?;
        let then = orders::OrderRow { promised_ready_at: Some(ready.as_microsecond()), ..row.clone() };
        let range = range(ctx.now, self.parts_left(ctx.now, &then, &quote, &known, None).outlook());
        let tx = Tx::new("delay order").guard(
            1,
            &orders::SET_PROMISE,
            args![
                id,
                ready.as_microsecond(),
                range.low.as_microsecond(),
                range.high.as_microsecond(),
                Delay::Kitchen.as_str(),
                row.version,
            ],
        );
        let event = changed(&row, "delayed", row.courier_id, Some(Delay::Kitchen.as_str()))?;
        let tx = self.tell(ctx, tx, row.city_id, &event)?;
        let then = orders::OrderRow { eta_high: range.high.as_microsecond(), ..then };
        self.db.commit(self.tell_doors(ctx, tx, &then).await?).await?;
        self.order(ctx, id).await
    }
}
