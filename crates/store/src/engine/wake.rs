//! Waking the readers of the outbox after a commit.

use tokio::sync::watch;

/// The end that is nudged. The number only ever grows; nobody reads its value.
#[derive(Clone)]
pub(crate) struct Wake {
    nudges: watch::Sender<u64>,
}

/// Wakes when a transaction with an event has committed.
///
/// A commit between two waits is not missed: the next wait returns at once.
#[derive(Clone, Debug)]
pub struct Committed {
    nudges: watch::Receiver<u64>,
}

impl Wake {
    pub(crate) fn new() -> Self {
        Self { nudges: watch::Sender::new(0) }
    }

    pub(crate) fn nudge(&self) {
        self.nudges.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(crate) fn subscribe(&self) -> Committed {
        Committed { nudges: self.nudges.subscribe() }
    }
}

impl Committed {
    /// Waits for the next commit with an event. Never returns once the database has been dropped, so put a time limit on
    /// it: a consumer looks from time to time in any case.
    pub async fn wait(&mut self) {
        if self.nudges.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_nudge_before_the_wait_is_not_missed() {
        let wake = Wake::new();
        let mut committed = wake.subscribe();
        wake.nudge();
        wake.nudge();
        committed.wait().await;
        let second = tokio::time::timeout(Duration::from_millis(10), committed.wait()).await;
        assert!(second.is_err(), "two nudges are one wake-up");
    }
}
