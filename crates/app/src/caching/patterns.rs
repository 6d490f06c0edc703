//! The two basic patterns, run on real answers step by step, with the time that each step took.
//!
//! They use the answers that everybody gets. Afterwards the cache holds what it should hold anyway, so nobody notices
//! but by a load more.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cache::{Loaded, Namespace};
use domain::{id::OrderId, permission::Action};
use store::{args, orders};

use super::{Forgotten, Invalidation};
use crate::{App, context::Ctx, error::Error};

/// A step and what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternStep {
    /// What was done: `forget`, `read`, `announce`, `load`, `put`.
    pub step: &'static str,
    /// What it came to: `MISS`, `HIT`, `stored`, ...
    pub outcome: &'static str,
    /// How long it took.
    pub took: Duration,
    /// Bytes of the answer, where there was one.
    pub bytes: Option<usize>,
}

/// A pattern as it ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// On which namespace.
    pub namespace: Namespace,
    /// On which key.
    pub key: String,
    /// In order. Empty where the platform holds nothing yet that it could be shown on.
    pub steps: Vec<PatternStep>,
    /// The last read got the very bytes that the database's state makes.
    pub consistent: bool,
}

impl App {
    /// Cache-aside: a miss loads and stores, the next read is a hit. Shown on the menu of a restaurant.
    pub async fn run_cache_aside(self: &Arc<Self>, ctx: &Ctx) -> Result<Pattern, Error> {
        ctx.reach(Action::CacheManage)?;
        let namespace = Namespace::MenuItems;
        let Some(restaurant) = self.best_known_restaurant() else {
            return Ok(Pattern { namespace, key: String::new(), steps: Vec::new(), consistent: true });
        };
        let key = restaurant.to_string();
        // Before anything is forgotten: what cannot be recorded is not done.
        let (_, by) = self.who(ctx).await?;
        let started = Instant::now();
        let removed = self.answers.invalidate(namespace, &key).await;
        let (removed, removed_redis) = (removed.memory, removed.redis);
        let parts = vec![Forgotten { namespace, reach: "key", keys: 1, removed, removed_redis }];
        self.caching.audit.add(Invalidation {
            subject: Some(restaurant.into()),
            by: Some(by),
            ..Invalidation::new("cleared", "cache-aside was shown on it", ctx.now, parts, started.elapsed())
        });
        let mut steps = vec![step("forget", "gone", started, None)];
        let mut last = None;
        for _ in 0..2 {
            let (app, asked) = (Arc::clone(self), key.clone());
            let load = move || async move { app.load_answer(namespace, asked).await.map_err(Arc::new) };
            let started = Instant::now();
            let answer = self.answers.get_or_load(namespace, &key, load).await;
            let answer = answer.map_err(|error| Error::Unavailable(error.to_string()))?;
            let answer = answer.ok_or(Error::NotFound("restaurant"))?;
            steps.push(step("read", answer.state.header(), started, Some(answer.body.len())));
            last = Some(answer.body);
        }
        let now = self.load_answer(namespace, key.clone()).await?.map(|answer| answer.body);
        let consistent = last == now;
        Ok(Pattern { namespace, key, steps, consistent })
    }

    /// Write-through: what changed is stored before anybody asks, so that the first read is a hit. Shown on the tracking of
    /// the newest order, without moving it.
    pub async fn run_write_through(self: &Arc<Self>, ctx: &Ctx) -> Result<Pattern, Error> {
        ctx.reach(Action::CacheRead)?;
        let namespace = Namespace::OrderStatus;
        let newest: Option<(OrderId,)> = self.db.optional(&orders::FIND_NEWEST, args![]).await?;
        let Some((order,)) = newest else {
            return Ok(Pattern { namespace, key: String::new(), steps: Vec::new(), consistent: true });
        };
        let key = order.to_string();
        let started = Instant::now();
        let writing = self.answers.writing(namespace, &key).await;
        let mut steps = vec![step("announce", "announced", started, None)];
        let started = Instant::now();
        let loaded: Loaded = self.tracking_answer(order).await?;
        let body = loaded.body.clone();
        steps.push(step("load", "current", started, Some(body.len())));
        let started = Instant::now();
        let stored = writing.put(loaded).await;
        steps.push(step("put", if stored { "stored" } else { "overtaken" }, started, Some(body.len())));
        let app = Arc::clone(self);
        let load = move || async move { app.tracking_answer(order).await.map(Some).map_err(Arc::new) };
        let started = Instant::now();
        let answer = self.answers.get_or_load(namespace, &key, load).await;
        let answer = answer.map_err(|error| Error::Unavailable(error.to_string()))?.ok_or(Error::NotFound("order"))?;
        steps.push(step("read", answer.state.header(), started, Some(answer.body.len())));
        let consistent = answer.body == body;
        Ok(Pattern { namespace, key, steps, consistent })
    }
}

impl App {
    /// An answer as it is loaded ahead, past the cache.
    async fn load_answer(self: &Arc<Self>, namespace: Namespace, key: String) -> Result<Option<Loaded>, Error> {
        let unready = || Error::Unavailable("this node does not serve yet".to_owned());
        let loader = self.caching.loader().ok_or_else(unready)?;
        loader(Arc::clone(self), namespace, key).await
    }
}

fn step(step: &'static str, outcome: &'static str, started: Instant, bytes: Option<usize>) -> PatternStep {
    PatternStep { step, outcome, took: started.elapsed(), bytes }
}
