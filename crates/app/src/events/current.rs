//! Whether what this node remembers is as new as the database.
//!
//! Restaurants, menus and places lie in memory and follow the log. News that something changed may come sooner by another
//! way, or come alone while the database cannot be reached; an answer made of memory then would be an old one under the
//! newest name, for everybody who shares the cache. So whoever loads an answer first waits for memory, and what cannot be
//! known to be current stays on this node, for seconds.

use std::{
    future::Future,
    sync::PoisonError,
    time::{Duration, Instant},
};

use cache::{Loaded, Namespace};
use store::outbox::{self, Position};

use crate::{App, error::Error};

/// How long memory is waited for.
const PATIENCE: Duration = Duration::from_millis(250);
/// After a wait that was in vain nobody waits for so long: something holds the log up, and everybody would.
const REST: Duration = Duration::from_secs(1);
/// How long an answer is kept that may be old.
const UNSURE_FOR: Duration = Duration::from_secs(2);

/// Whether answers of a namespace are made of what a node remembers; the others are read from the database each time.
const fn is_remembered(namespace: Namespace) -> bool {
    use Namespace as N;
    matches!(
        namespace,
        N::Static
            | N::Dynamic
            | N::Restaurants
            | N::RestaurantAvailability
            | N::RestaurantCapacity
            | N::MenuItems
            | N::DeliverySlots
    )
}

impl App {
    /// Memory has followed the log up to here.
    pub(super) fn note_followed(&self, position: Position) {
        self.followed.send_replace(Some(position));
    }

    /// What a loader of a namespace answers, `None` where there is no such thing; kept for everybody only if it is made of
    /// nothing older than this moment. That something is not there is not believed of old memory.
    pub async fn load_current(
        &self,
        namespace: Namespace,
        load: impl Future<Output = Result<Loaded, Error>>,
    ) -> Result<Option<Loaded>, Error> {
        let current = !is_remembered(namespace) || self.remembers_all().await;
        match load.await {
            Ok(answer) => Ok(Some(if current { answer } else { answer.kept_here(UNSURE_FOR) })),
            Err(Error::NotFound(_)) if current => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Waits until everything that is in the log by now was followed, but not for long.
    async fn remembers_all(&self) -> bool {
        let mut followed = self.followed.subscribe();
        if followed.borrow().is_none() {
            // Driven by hand: whoever changes something also tells memory.
            return true;
        }
        let Ok(newest) = outbox::newest(&self.db).await else { return false };
        let reached = |place: &Option<Position>| place.is_some_and(|place| place >= newest);
        if reached(&followed.borrow()) {
            return true;
        }
        if self.held_up().is_some_and(|since| since.elapsed() < REST) {
            return false;
        }
        let in_time = tokio::time::timeout(PATIENCE, followed.wait_for(reached)).await.is_ok_and(|place| place.is_ok());
        if !in_time {
            *self.log_held_up.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        in_time
    }

    fn held_up(&self) -> Option<Instant> {
        *self.log_held_up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
