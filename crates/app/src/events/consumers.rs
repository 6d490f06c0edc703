//! Consumers that act once for the whole platform: each keeps its position in the database and moves it in the same
//! transaction as its effects. Of two nodes that try the same batch, one commits; so every event has its effect once.

use std::time::Duration;

use domain::event::Recorded;
use store::{
    Tx,
    outbox::{self, Position},
};

use crate::{App, context::Ctx, error::Error, error::failed_guard};

/// How long a missed wake-up may last.
const POLL: Duration = Duration::from_millis(500);
const BATCH: i64 = 200;

/// What follows from events, once.
pub(crate) trait Consumer: Send + Sync {
    /// Its name in the database.
    const NAME: &'static str;

    /// Adds the effects of a batch to a transaction.
    fn effects(app: &App, ctx: &Ctx, batch: &[Recorded], tx: Tx) -> impl Future<Output = Result<Tx, Error>> + Send;
}

impl App {
    /// Lets a consumer follow the log for ever.
    pub(crate) async fn consume<C: Consumer>(&self) -> Result<(), Error> {
        let mut committed = self.db.committed();
        loop {
            match self.consume_batch::<C>().await {
                Ok(0) | Err(Error::Unavailable(_)) => {
                    let _ = tokio::time::timeout(POLL, committed.wait()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(consumer = C::NAME, %error, "a batch of events could not be consumed");
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
            }
        }
    }

    /// Consumes what is waiting, at most a batch; answers how many events.
    pub(crate) async fn consume_batch<C: Consumer>(&self) -> Result<usize, Error> {
        let ctx = self.ctx(domain::permission::Actor::System);
        let from = if let Some(position) = outbox::position(&self.db, C::NAME).await? {
            position
        } else {
            let start = Tx::new("start consumer").start_consumer(C::NAME, Position::default(), ctx.now_us());
            self.db.commit(start).await?;
            Position::default()
        };
        let batch = self.events_after(from, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(0) };
        let tx = Tx::new(C::NAME).move_consumer(C::NAME, from, super::position(last), ctx.now_us());
        match self.db.commit(C::effects(self, &ctx, &batch, tx).await?).await {
            Ok(()) => Ok(batch.len()),
            // Another node was faster; its effects are the ones that count.
            Err(error) if failed_guard(&error) == Some("consumer-moved") => Ok(batch.len()),
            Err(error) => Err(error.into()),
        }
    }
}
