//! Reconcilers: each compares what should be with what is, takes no input, and may run twice.
//!
//! They run on a timer; where only one node may act at a time they hold a lease. The simulator calls
//! [`App::reconcile_once`] with its own clock instead.

use std::{sync::Arc, time::Duration};

use domain::{
    id::{CityId, OrderId},
    order::Status,
    permission::Actor,
};
use jiff::SignedDuration;
use store::{
    Tx, args, arrivals, caching, documents, idempotency, leases, messages as mailbox, offers, orders, outbox, pictures,
    positions, quotes, tracking_links,
};

use crate::{
    App,
    arrivals::ArrivalsConsumer,
    context::Ctx,
    error::Error,
    events::{Messages, OrderedCarts, Rollups},
    orders::MoveOrder,
};

const EVERY: Duration = Duration::from_secs(2);
/// How long a position may wait before it is written: what a crash loses.
const WRITE_POSITIONS: Duration = Duration::from_secs(1);
/// A node that did not come to writing them for so long has not heard anybody.
const HELD_UP: SignedDuration = SignedDuration::from_secs(30);
/// How long it may wait before other nodes are told.
const SAY_POSITIONS: Duration = Duration::from_millis(200);
/// How often the use of cached answers is added up in the database.
const KEEP_USAGE: Duration = Duration::from_secs(300);
const LEASE_S: i64 = 10;
const HOUR_US: i64 = 3_600_000_000;
/// How long it is kept how well promises held: two of the longest spans that are compared.
const SCORES_FOR_US: i64 = 184 * 24 * HOUR_US;
/// How long documents are kept that were rejected with an application, or in whose place newer ones came.
const PAPERS_FOR_US: i64 = 90 * 24 * HOUR_US;

impl App {
    /// Starts everything that runs by itself: the tail, the consumers, the reconcilers. They end when the application is closed.
    pub fn start(self: &Arc<Self>) {
        self.keep("events", |app| async move { app.follow_events().await });
        self.keep("messages", |app| async move { app.consume::<Messages>().await });
        self.keep("rollups", |app| async move { app.consume::<Rollups>().await });
        self.keep("ordered carts", |app| async move { app.consume::<OrderedCarts>().await });
        self.keep("arrivals", |app| async move { app.consume::<ArrivalsConsumer>().await });
        self.keep("reconcilers", |app| async move {
            loop {
                if let Err(error) = app.reconcile_once(true).await {
                    tracing::error!(%error, "a reconciler failed");
                }
                tokio::time::sleep(EVERY).await;
            }
        });
        self.keep("positions", |app| async move {
            let mut last = app.clock.now();
            loop {
                tokio::time::sleep(WRITE_POSITIONS).await;
                // Stopped and resumed, or held up for long: nobody could be heard meanwhile.
                let now = app.clock.now();
                if now.duration_since(last) > HELD_UP {
                    app.positions.hear_anew(now);
                }
                last = now;
                if let Err(error) = app.write_positions().await {
                    tracing::warn!(%error, "positions could not be written yet");
                }
                if let Err(error) = app.note_arrivals(&app.ctx(Actor::System)).await {
                    tracing::error!(%error, "an arrival could not be noted");
                }
            }
        });
        self.keep("positions said", |app| async move {
            loop {
                tokio::time::sleep(SAY_POSITIONS).await;
                app.say_positions().await?;
            }
        });
        self.keep("positions heard", |app| async move { app.hear_positions().await });
        self.keep("warming", App::keep_warm);
        self.keep("cache usage", |app| async move {
            loop {
                tokio::time::sleep(KEEP_USAGE).await;
                if let Err(error) = app.keep_cache_usage(&app.ctx(Actor::System)).await {
                    tracing::error!(%error, "the use of cached answers could not be kept");
                }
            }
        });
        self.keep("documents", |app| async move {
            loop {
                if let Err(error) = app.watch_documents().await {
                    tracing::error!(%error, "documents could not be watched");
                }
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
        });
        self.keep("housekeeping", |app| async move {
            loop {
                if let Err(error) = app.tidy().await {
                    tracing::error!(%error, "housekeeping failed");
                }
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
        });
    }

    fn keep<F>(self: &Arc<Self>, name: &'static str, run: impl Fn(Arc<Self>) -> F + Send + 'static)
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let app = Arc::clone(self);
        tokio::spawn(async move {
            loop {
                // A task of its own, so that a panic ends only this round.
                let mut round = tokio::spawn(run(Arc::clone(&app)));
                let ended = tokio::select! {
                    ended = &mut round => ended,
                    () = app.closing() => return round.abort(),
                };
                match ended {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::error!(task = name, %error, "a background task stopped"),
                    Err(panic) => tracing::error!(task = name, %panic, "a background task panicked"),
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
    }

    /// Waits until the application is closed: what runs by itself ends then, before the store does.
    async fn closing(&self) {
        // The sender lives as long as the application.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }

    /// Every reconciler once. With `dispatching`, couriers are looked for as well. What fails does not keep the rest from
    /// being done; the first failure is answered.
    pub async fn reconcile_once(&self, dispatching: bool) -> Result<(), Error> {
        let ctx = self.ctx(Actor::System);
        let mut outcome = self.reject_unanswered(&ctx).await;
        outcome = outcome.and(self.expire_offers(&ctx).await.map(drop));
        outcome = outcome.and(self.end_shifts(&ctx).await);
        outcome = outcome.and(self.watch_silent(&ctx).await);
        outcome = outcome.and(self.note_arrivals(&ctx).await);
        if dispatching {
            let cities: Vec<CityId> = self.places().cities.iter().map(|city| city.id).collect();
            for city in cities {
                outcome = outcome.and(self.dispatch_under_lease(&ctx, city).await);
                outcome = outcome.and(self.watch_under_lease(&ctx, city).await);
            }
        }
        outcome
    }

    async fn watch_under_lease(&self, ctx: &Ctx, city: CityId) -> Result<(), Error> {
        if !self.arrivals_due(ctx, city) {
            return Ok(());
        }
        // Every node reads what was learned, so that its lists and ways follow it without a quote.
        self.learned(ctx.now, city).await?;
        if self.take_lease(ctx, &format!("arrivals:{city}")).await? {
            self.watch_arrivals(ctx, city).await?;
        }
        Ok(())
    }

    /// What deliveries teach, learned now: for those who drive the application by hand.
    pub async fn learn(&self) -> Result<(), Error> {
        while self.consume_batch::<ArrivalsConsumer>().await? > 0 {}
        Ok(())
    }

    async fn dispatch_under_lease(&self, ctx: &Ctx, city: CityId) -> Result<(), Error> {
        if self.take_lease(ctx, &format!("dispatch:{city}")).await? {
            self.dispatch_city(ctx, city).await?;
        }
        Ok(())
    }

    /// What the consumers have not yet seen, consumed: for those who drive the application by hand.
    pub async fn consume_all(&self) -> Result<(), Error> {
        while self.consume_batch::<Messages>().await? > 0 {}
        while self.consume_batch::<Rollups>().await? > 0 {}
        while self.consume_batch::<OrderedCarts>().await? > 0 {}
        self.learn().await?;
        Ok(())
    }

    /// Orders whose kitchen stayed silent are refused, and the customer gets the money back.
    async fn reject_unanswered(&self, ctx: &Ctx) -> Result<(), Error> {
        let silent: Vec<(OrderId,)> = self.db.all(&orders::LIST_UNANSWERED, args![ctx.now_us(), 200_i64]).await?;
        let mut outcome = Ok(());
        for (id,) in silent {
            let wanted =
                MoveOrder { to: Some(Status::Rejected), reason: Some("no-answer".to_owned()), ..MoveOrder::default() };
            match self.move_order(ctx, id, &wanted).await {
                // Answered in the same moment.
                Ok(_) | Err(Error::Rule(_)) => {}
                Err(error) => {
                    tracing::error!(order_id = %id, %error, "an unanswered order could not be refused");
                    outcome = outcome.and(Err(error));
                }
            }
        }
        outcome
    }

    /// Whether this node owns a piece of work for the next seconds.
    async fn take_lease(&self, ctx: &Ctx, name: &str) -> Result<bool, Error> {
        let until = ctx.now_us() + LEASE_S * 1_000_000;
        let taken = self.db.returning::<(i64,)>(&leases::TAKE, args![name, self.node(), until, ctx.now_us()]).await?;
        Ok(!taken.is_empty())
    }

    /// Forgets what nobody needs any more; rates and zones are read anew.
    pub async fn tidy(&self) -> Result<(), Error> {
        let now = self.ctx(Actor::System).now_us();
        let traces_for_us = i64::try_from(self.settings.traces_for.as_micros()).unwrap_or(i64::MAX);
        self.hub.sweep();
        self.reload_places().await?;
        self.forget_old_sessions(&self.ctx(Actor::System)).await?;
        self.forget_old_carts(&self.ctx(Actor::System)).await?;
        let cities = self.places();
        let scores = cities.cities.iter().map(|city| args![city.id, now - SCORES_FOR_US]);
        let tx = Tx::new("tidy")
            .run(&quotes::PRUNE, args![now - HOUR_US])
            .run(&quotes::NOTE_PRUNED, args![now - HOUR_US])
            .run(&idempotency::PRUNE, args![now - 24 * HOUR_US])
            .run(&mailbox::PRUNE, args![now - 30 * 24 * HOUR_US])
            .run(&caching::PRUNE_CLEARS, args![now - 365 * 24 * HOUR_US])
            .run(&positions::PRUNE_TRACES, args![now.saturating_sub(traces_for_us)])
            .run(&documents::PRUNE_REJECTED, args![now - PAPERS_FOR_US])
            .run(&documents::PRUNE_REPLACED, args![now - PAPERS_FOR_US])
            .run(&pictures::PRUNE, args![now - PAPERS_FOR_US])
            .run(&documents::MASK_REPLACED, args![now - PAPERS_FOR_US])
            .run(&tracking_links::PRUNE, args![now - 7 * 24 * HOUR_US])
            .run(&outbox::PRUNE, args![now - 7 * 24 * HOUR_US])
            .run(&offers::PRUNE_RELEASES, args![now - HOUR_US])
            .run_each(&arrivals::PRUNE_SCORES, scores);
        Ok(self.db.commit(tx).await?)
    }
}
