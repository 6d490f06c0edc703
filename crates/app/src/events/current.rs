//! Whether what this node remembers is as new as the database.
//!
//! Restaurants, menus and places lie in memory and follow the log. News that something changed may come sooner by another
//! way, or come alone while the database cannot be reached; an answer made of memory then would be an old one under the
//! newest name, for everybody who shares the cache. So whoever loads an answer first waits for memory, and what cannot be
//! known to be current stays on this node, for seconds.

use std::{future::Future, time::Duration};

use cache::Loaded;
use store::outbox::{self, Position};

use crate::{App, error::Error};

/// How long memory is waited for.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long an answer is kept that may be old.
const UNSURE_FOR: Duration = Duration::from_secs(2);

impl App {
    /// Memory has followed the log up to here.
    pub(super) fn note_followed(&self, position: Position) {
        self.followed.send_replace(Some(position));
    }

    /// What a loader answers; kept for everybody only if it is made of nothing older than this moment.
    pub async fn as_current(&self, load: impl Future<Output = Result<Loaded, Error>>) -> Result<Loaded, Error> {
        let current = self.remembers_all().await;
        let answer = load.await?;
        Ok(if current { answer } else { answer.kept_here(UNSURE_FOR) })
    }

    /// Waits until everything that is in the log by now was followed, but not for long.
    async fn remembers_all(&self) -> bool {
        let mut followed = self.followed.subscribe();
        if followed.borrow().is_none() {
            // Driven by hand: whoever changes something also tells memory.
            return true;
        }
        let Ok(newest) = outbox::newest(&self.db).await else { return false };
        let reached = followed.wait_for(|place| place.is_some_and(|place| place >= newest));
        tokio::time::timeout(PATIENCE, reached).await.is_ok_and(|place| place.is_ok())
    }
}
