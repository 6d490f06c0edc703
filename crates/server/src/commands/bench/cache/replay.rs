//! Reading pages through the server's own front, and what that cost.

use std::{sync::Arc, time::Duration};

use app::App;
use axum::{body::Body, http::Request};
use cache::{Cache, ManualClock};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::catalogue::Catalogue;
use crate::{
    Server,
    commands::measure::{histogram::float, machine::Busy},
    front,
    http::front::Front,
};

/// Requests between two looks at the loads that are still under way in the background.
const BREATH: usize = 64;

/// A server without a network, whose cache has a clock that the replay moves.
pub(super) struct Readers {
    pub(super) catalogue: Catalogue,
    pub(super) app: Arc<App>,
    pub(super) clock: Arc<ManualClock>,
    front: Front,
}

/// How a replay went.
#[derive(Debug, Default)]
pub(super) struct Replayed {
    pub(super) requests: u64,
    /// Answered without waiting for a load, stale answers included.
    pub(super) hits: u64,
    /// Runs of a loader, those in the background included.
    pub(super) loads: u64,
    pub(super) cpu_s: f64,
    pub(super) seconds: f64,
    pub(super) others_s: f64,
}

/// The times of a replay.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Between two requests, on the cache's clock.
    pub(super) step: Duration,
    /// A page changes after each so many requests; 0 is never.
    pub(super) change_every: usize,
}

impl Readers {
    pub(super) fn new(app: Arc<App>, clock: Arc<ManualClock>, catalogue: Catalogue) -> Self {
        let front = front(&Arc::new(Server::new(Arc::clone(&app), None, None)));
        Self { catalogue, app, clock, front }
    }

    pub(super) fn answers(&self) -> &Cache {
        &self.app.answers
    }

    /// Reads pages one after the other.
    pub(super) async fn replay(&self, requests: &[usize], pace: Pace) -> Result<Replayed, String> {
        let loads = self.loads();
        let mut replayed = Replayed::default();
        let busy = Busy::watch(&[std::process::id()]);
        for (number, page) in requests.iter().enumerate() {
            self.clock.advance(pace.step);
            if pace.change_every > 0 && number % pace.change_every == pace.change_every - 1 {
                let changed = &self.catalogue.pages[requests[number / 2]];
                self.answers().invalidate(changed.namespace, &changed.key).await;
            }
            replayed.hits += u64::from(self.read(*page).await?);
            if number % BREATH == 0 {
                tokio::task::yield_now().await;
            }
        }
        let spent = busy.spent();
        replayed.requests = requests.len() as u64;
        replayed.loads = self.loads() - loads;
        replayed.cpu_s = spent.own.iter().sum();
        replayed.seconds = spent.seconds;
        replayed.others_s = spent.others * spent.seconds;
        Ok(replayed)
    }

    /// Reads a page to its end; answers whether the cache had it.
    pub(super) async fn read(&self, page: usize) -> Result<bool, String> {
        let request = Request::get(&self.catalogue.pages[page].path).body(Body::empty());
        let request = request.map_err(|error| error.to_string())?;
        let response = self.front.clone().oneshot(request).await.map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(format!("{} answered {}", self.catalogue.pages[page].path, response.status()));
        }
        let hit = response.headers().get("x-cache").is_some_and(|state| state == "HIT" || state == "STALE");
        response.into_body().collect().await.map_err(|error| error.to_string())?;
        Ok(hit)
    }

    /// Runs of loaders so far; past a cache that is switched off every call is one.
    fn loads(&self) -> u64 {
        self.answers().stats().namespaces.iter().map(|stats| stats.loads + stats.bypassed).sum()
    }
}

impl Replayed {
    pub(super) fn hit_ratio(&self) -> f64 {
        float(self.hits) / float(self.requests).max(1.0)
    }

    pub(super) fn cpu_us(&self) -> f64 {
        self.cpu_s * 1e6 / float(self.requests).max(1.0)
    }
}
