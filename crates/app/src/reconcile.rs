//! Reconcilers: each compares what should be with what is, takes no input, and may run twice.
//!
//! They run on a timer; where only one node may act at a time they hold a lease. The simulator calls
//! [`App::reconcile_once`] with its own clock instead.

use std::{mem, sync::Arc, time::Duration};

use domain::{
    id::{CityId, OrderId},
    order::Status,
    permission::Actor,
};
use jiff::SignedDuration;
use store::{
    Tx, args, arrivals, caching, decisions, documents, idempotency, leases, messages as mailbox, offers, orders,
    outbox, pictures, positions, quotes, tracking_links,
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
/// How often is looked after what is old, or runs out.
const TIDY: Duration = Duration::from_secs(60);
/// How long it may wait before other nodes are told.
const SAY_POSITIONS: Duration = Duration::from_millis(200);
/// How often the use of cached answers is added up in the database.
const KEEP_USAGE: Duration = Duration::from_secs(300);
const LEASE_S: i64 = 10;
const HOUR_US: i64 = 3_600_000_000;
/// How long it is kept how well promises held: two of the longest spans that are compared.
const SCORES_FOR_US: i64 = 184 * 24 * HOUR_US;
/// Decisions and offers that are forgotten at once, so that a long history does not hold up what is written meanwhile.
const MOST_FORGOTTEN: i64 = 5_000;
/// How long documents are kept that were rejected with an application, or in whose place newer ones came.
const PAPERS_FOR_US: i64 = 90 * 24 * HOUR_US;

impl App {
    /// Starts everything that runs by itself: the tail, the consumers, the reconcilers. They end when the application is closed.
    pub fn start(self: &Arc<Self>) {
        let app = Arc::downgrade(self);
        self.answers.when_messages_were_missed(move |removed| {
            if let Some(app) = app.upgrade() {
                let why = "messages of other nodes may have been missed";
                app.caching.audit.note_lost("messages_missed", why, removed, app.now());
            }
        });
        self.keep("events", |app| async move { app.follow_events().await });
        self.keep("messages", |app| async move { app.consume::<Messages>().await });
        self.keep("rollups", |app| async move { app.consume::<Rollups>().await });
        self.keep("ordered carts", |app| async move { app.consume::<OrderedCarts>().await });
        self.keep("arrivals", |app| async move { app.consume::<ArrivalsConsumer>().await });
        self.every("reconcilers", EVERY, |app| async move { app.reconcile_once(true).await });
        let mut last = self.clock.now();
        self.every("positions", WRITE_POSITIONS, move |app| {
            let now = app.clock.now();
            // Stopped and resumed, or held up for long: nobody could be heard meanwhile.
            if now.duration_since(mem::replace(&mut last, now)) > HELD_UP {
                app.positions.hear_anew(now);
            }
            async move {
                let written = app.write_positions().await;
                written.and(app.note_arrivals(&app.ctx(Actor::System)).await)
            }
        });
        self.every("positions said", SAY_POSITIONS, |app| async move { app.say_positions().await });
        self.keep("positions heard", |app| async move { app.hear_positions().await });
        self.keep("warming", App::keep_warm);
        self.every("cache usage", KEEP_USAGE, |app| async move {
            app.keep_cache_usage(&app.ctx(Actor::System)).await.map(drop)
        });
        self.every("documents", TIDY, |app| async move { app.watch_documents().await });
        self.every("housekeeping", TIDY, |app| async move { app.tidy().await });
    }

    fn keep<F>(self: &Arc<Self>, name: &'static str, run: impl Fn(Arc<Self>) -> F + Send + 'static)
    where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let app = Arc::clone(self);
        self.background.keep(name, move || run(Arc::clone(&app)));
    }

    fn every<F>(
        self: &Arc<Self>,
        name: &'static str,
        rest: Duration,
        mut step: impl FnMut(Arc<Self>) -> F + Send + 'static,
    ) where
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let app = Arc::clone(self);
        self.background.every(name, rest, move || step(Arc::clone(&app)));
    }

    /// Every reconciler once. With `dispatching`, couriers are looked for as well. What fails does not keep the rest from
    /// being done; the first failure is answered.
    pub async fn reconcile_once(&self, dispatching: bool) -> Result<(), Error> {
        let ctx = self.ctx(Actor::System);
        let mut outcome = self.reject_unanswered(&ctx).await;
        outcome = outcome.and(self.expire_offers(&ctx).await.map(drop));
        outcome = outcome.and(self.tidy_offers(&ctx).await);
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
        // On every node.
        self.reckon_roughly(ctx, city).await?;
        if self.take_lease(ctx, &format!("arrivals:{city}")).await? {
            self.watch_arrivals(ctx, city).await?;
        }
        Ok(())
    }

    async fn dispatch_under_lease(&self, ctx: &Ctx, city: CityId) -> Result<(), Error> {
        if self.take_lease(ctx, &format!("dispatch:{city}")).await? {
            self.dispatch_city(ctx, city).await?;
        }
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
        let before = |kept: Duration| now.saturating_sub(i64::try_from(kept.as_micros()).unwrap_or(i64::MAX));
        let decided = || args![before(self.settings.decisions_for), MOST_FORGOTTEN];
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
            .run(&positions::PRUNE_TRACES, args![before(self.settings.traces_for)])
            .run(&decisions::PRUNE, decided())
            .run(&offers::PRUNE_ORDERS, decided())
            .run(&offers::PRUNE, decided())
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
