//! Consumers that act once for the whole platform: each keeps its position in the database and moves it in the same
//! transaction as its effects. Of two nodes that try the same batch, one commits; so every event has its effect once.

use std::time::Duration;

use domain::event::Recorded;
use store::{
    Tx,
    outbox::{self, Position},
};

use crate::{App, arrivals::ArrivalsConsumer, context::Ctx, error::Error, error::failed_guard};

use super::{Messages, OrderedCarts, Rollups};

/// How long a missed wake-up may last.
const POLL: Duration = Duration::from_millis(500);
/// How long events gather after the first, so that many share one reading and one transaction.
const GATHER: Duration = Duration::from_millis(100);
const BATCH: usize = 200;
/// How often is looked whether events have settled.
const LOOK: Duration = Duration::from_millis(5);
/// A transaction that holds events up for longer is waited for in vain.
const PATIENCE: Duration = Duration::from_secs(30);

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
                Ok(BATCH) => {}
                Ok(_) | Err(Error::Unavailable(_)) => {
                    let _ = tokio::time::timeout(POLL, committed.wait()).await;
                    tokio::time::sleep(GATHER).await;
                }
                Err(error) => {
                    tracing::error!(consumer = C::NAME, %error, "a batch of events could not be consumed");
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
            }
        }
    }

    /// Every event consumed by all, with those that consumers write: for those who drive the application by hand.
    pub async fn consume_all(&self) -> Result<(), Error> {
        loop {
            self.settle().await?;
            let mut consumed = self.consume_batch::<Messages>().await?;
            consumed += self.consume_batch::<Rollups>().await?;
            consumed += self.consume_batch::<OrderedCarts>().await?;
            consumed += self.consume_batch::<ArrivalsConsumer>().await?;
            if consumed == 0 {
                return Ok(());
            }
        }
    }

    /// What deliveries teach, learned now: for those who drive the application by hand.
    pub async fn learn(&self) -> Result<(), Error> {
        self.settle().await?;
        while self.consume_batch::<ArrivalsConsumer>().await? > 0 {}
        Ok(())
    }

    /// Waits until every event can be read: for those who drive the application by hand. On PostgreSQL any older
    /// transaction of the whole server holds events up, also one of somebody else's database.
    pub async fn settle(&self) -> Result<(), Error> {
        let settled = async {
            while outbox::count_unsettled(&self.db).await? > 0 {
                tokio::time::sleep(LOOK).await;
            }
            Ok(())
        };
        let late = |_| Error::Unavailable("an older transaction of the database server holds events up".to_owned());
        tokio::time::timeout(PATIENCE, settled).await.map_err(late)?
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
