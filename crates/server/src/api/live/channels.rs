//! What is said of one order as it happens.

use std::sync::Arc;

use app::events::hub::{Hub, Live, Topic};
use domain::id::OrderId;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// The channels of one order.
pub(in crate::api) struct Channels {
    changes: Receiver<Arc<Live>>,
    positions: Receiver<Arc<Live>>,
}

/// What was heard on them.
pub(in crate::api) enum Heard {
    /// The order changed, or that was lost: it is time to look.
    Change,
    /// Its courier is somewhere else now.
    Position(Arc<Live>),
}

impl Channels {
    /// Listens from now on.
    pub(in crate::api) fn open(hub: &Hub, order: OrderId) -> Self {
        Self { changes: hub.listen(Topic::Order(order)), positions: hub.listen(Topic::Position(order)) }
    }

    /// Waits for the next; `None` once nothing more can come. May be dropped while it waits.
    pub(in crate::api) async fn hear(&mut self) -> Option<Heard> {
        loop {
            tokio::select! {
                biased;
                change = self.changes.recv() => {
                    if matches!(change, Err(RecvError::Closed)) {
                        return None;
                    }
                    // One look is enough for all that was said until now.
                    self.changes = self.changes.resubscribe();
                    return Some(Heard::Change);
                }
                position = self.positions.recv() => match position {
                    Ok(position) => return Some(Heard::Position(position)),
                    // Of positions that came too fast, the newest is still there.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }
}
