//! Events: written with the change that causes them, read back in order, handed to everything that follows.

mod bookmark;
mod consumers;
mod current;
pub mod hub;
pub mod invalidation;
mod messages;
mod ordered_carts;
mod rollups;
pub mod tail;

pub(crate) use consumers::Consumer;
pub(crate) use messages::Messages;
pub(crate) use ordered_carts::OrderedCarts;
pub(crate) use rollups::Rollups;

use domain::{
    event::{Event, Recorded},
    id::CityId,
};
use store::{NewEvent, Tx, outbox};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
};

impl App {
    /// Adds an event to a transaction.
    pub(crate) fn tell(&self, ctx: &Ctx, tx: Tx, city: CityId, event: &Event) -> Result<Tx, Error> {
        let payload = serde_json::to_string(event).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(tx.event(NewEvent {
            city_id: city.into(),
            kind: event.kind(),
            subject: event.subject(),
            payload,
            at_us: ctx.now_us(),
        }))
    }

    /// Events after a position, oldest first.
    pub async fn events_after(&self, position: outbox::Position, limit: usize) -> Result<Vec<Recorded>, Error> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = outbox::read_after(&self.db, position, limit).await?;
        rows.iter().map(recorded).collect()
    }
}

fn recorded(row: &outbox::EventRow) -> Result<Recorded, Error> {
    let event = serde_json::from_str(&row.payload)
        .map_err(|error| Error::Internal(format!("event {}-{}: {error}", row.xid, row.seq)))?;
    Ok(Recorded { transaction: row.xid, sequence: row.seq, city_id: CityId(row.city_id), at: moment(row.at_us), event })
}

/// Where an event stands, as a position to continue from.
pub const fn position(recorded: &Recorded) -> outbox::Position {
    outbox::Position { xid: recorded.transaction, seq: recorded.sequence }
}
