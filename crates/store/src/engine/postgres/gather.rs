//! Group commit on a server: transactions of one shape that wait at the same time are committed as one statement.
//!
//! A few lanes commit at a time; what comes meanwhile waits for the next free one, so batches grow with the load by
//! themselves and nobody waits on purpose. If something in a batch fails, nothing of it has happened, and each of its
//! transactions is committed alone.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use deadpool_postgres::Pool;
use tokio::sync::oneshot;

use super::flight::persist;
use super::whole::{self, Shape};
use crate::error::CommitError;
use crate::measure;
use crate::tx::Tx;

/// Batches under way at once, each with a connection of its own.
pub(super) const LANES: usize = 4;

/// Transactions in a batch.
const MOST: usize = 64;

/// Two batches may want the same two keys in different order. One of them gives up after this time, long before the
/// server looks for deadlocks, and its transactions go alone.
pub(super) const LOCK_TIMEOUT: &str = "SET lock_timeout = '50ms'";

/// Transactions that wait, and the lanes.
pub(super) struct Gather {
    /// For batches: one connection a lane, with [`LOCK_TIMEOUT`].
    lanes: Pool,
    /// For transactions that go alone.
    singles: Pool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    busy: usize,
}

struct Waiting {
    tx: Tx,
    shape: Shape,
    reply: oneshot::Sender<Result<(), CommitError>>,
}

impl Gather {
    pub(super) fn new(lanes: Pool, singles: Pool) -> Arc<Self> {
        Arc::new(Self { lanes, singles, state: Mutex::default() })
    }

    /// Commits a transaction, together with others of its shape if there are any.
    pub(super) async fn commit(self: &Arc<Self>, tx: Tx, shape: Shape) -> Result<(), CommitError> {
        let (reply, answer) = oneshot::channel();
        if self.wait(Waiting { tx, shape, reply }) {
            tokio::spawn(Arc::clone(self).lane());
        }
        answer.await.unwrap_or_else(|_| Err(CommitError::Uncertain("the batch was given up".to_owned())))
    }

    /// Queues a transaction; whether a lane has to be opened for it.
    fn wait(&self, waiting: Waiting) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.waiting.push_back(waiting);
        let free = state.busy < LANES;
        state.busy += usize::from(free);
        free
    }

    async fn lane(self: Arc<Self>) {
        while let Some(batch) = self.next() {
            self.commit_batch(batch).await;
        }
    }

    /// The oldest transaction and those of its shape right behind it; `None` closes the lane.
    fn next(&self) -> Option<Vec<Waiting>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(first) = state.waiting.pop_front() else {
            state.busy -= 1;
            return None;
        };
        let alike = state.waiting.iter().take(MOST - 1).take_while(|next| next.shape == first.shape).count();
        Some([first].into_iter().chain(state.waiting.drain(..alike)).collect())
    }

    async fn commit_batch(&self, batch: Vec<Waiting>) {
        measure::batch(batch.len());
        let txs: Vec<&Tx> = batch.iter().map(|waiting| &waiting.tx).collect();
        let outcome = whole::commit(&self.lanes, &batch[0].shape, &txs).await;
        // Whether this is the outcome of each of them; otherwise each goes alone.
        let shared = match &outcome {
            Ok(()) | Err(CommitError::Uncertain(_) | CommitError::Unavailable(_)) => true,
            Err(CommitError::Conflict) => false,
            Err(_) => batch.len() == 1,
        };
        for Waiting { tx, shape, reply } in batch {
            let outcome = if shared { outcome.clone() } else { self.alone(&tx, &shape).await };
            // The caller may have gone, which is no error.
            let _ = reply.send(outcome);
        }
    }

    async fn alone(&self, tx: &Tx, shape: &Shape) -> Result<(), CommitError> {
        persist(tx.name(), || async { whole::commit(&self.singles, shape, &[tx]).await }).await
    }

    /// The lanes' connections.
    pub(super) fn pool(&self) -> &Pool {
        &self.lanes
    }
}
