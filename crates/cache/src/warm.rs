//! Loading before anybody asks.

use std::future::Future;

use crate::cache::Sight;
use crate::memory::KeyRef;
use crate::{Cache, Loaded, Namespace, State, Tier};

/// What warming a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Warmed {
    /// It was fresh already; nothing was done.
    Fresh,
    /// Redis had a fresh answer.
    Fetched,
    /// The loader answered.
    Loaded,
    /// The loader said there is no such thing, or that its answer is not to be stored.
    Nothing,
    /// The loader failed; an older answer stays.
    Covered,
    /// The namespace is switched off.
    Off,
}

impl Cache {
    /// Loads a key unless it is fresh, as one flight with those who ask for it meanwhile. Counts
    /// as warmed, neither as a hit nor as a miss. Fails as the loader does.
    pub async fn warm<F, Fut, E>(&self, namespace: Namespace, key: &str, load: F) -> Result<Warmed, E>
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = Result<Option<Loaded>, E>> + Send + 'static,
        E: Clone + Send + Sync + 'static,
    {
        let inner = &self.inner;
        if !inner.policies.enabled(namespace) {
            return Ok(Warmed::Off);
        }
        let key = KeyRef { namespace, name: key };
        let old = match inner.look(key, inner.clock.now()) {
            Sight::Serve(_, State::Hit) => return Ok(Warmed::Fresh),
            Sight::Serve(entry, _) | Sight::ServeAndRenew(entry, _) => Some(entry),
            Sight::Load(_) => None,
        };
        let arrival = inner.wait_for_load(key, old, load).await?;
        Ok(match (arrival.state, arrival.tier) {
            (State::Stale, _) => Warmed::Covered,
            _ if arrival.entry.content.is_none() || !arrival.entry.stored => Warmed::Nothing,
            (_, Tier::Memory) => Warmed::Fresh,
            (_, tier) => {
                inner.counters(namespace).warmed.add(1);
                if tier == Tier::Redis { Warmed::Fetched } else { Warmed::Loaded }
            }
        })
    }
}
