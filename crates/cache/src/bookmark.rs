//! How far the log of changes has been followed into Redis.
//!
//! A node that starts finds answers in Redis that other nodes, or it before, have kept true. From the bookmark on it reads
//! the changes that nobody may have followed, instead of giving everything up.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Cache, Namespace};

impl Cache {
    /// Writes down in Redis that every change up to `place` has been forgotten there. Does nothing
    /// without Redis, or while Redis has not been told of an invalidation of this node.
    pub async fn bookmark(&self, place: &str) {
        if let Some(shared) = &self.inner.shared {
            shared.bookmark(place).await;
        }
    }

    /// What was written down last, by whichever node; `None` if Redis does not know or cannot say.
    pub async fn bookmarked(&self) -> Option<String> {
        self.inner.shared.as_ref()?.bookmarked().await
    }

    /// Forgets everything in this process, and nothing in Redis; loads under way are not stored.
    /// Answers how many entries that were in each namespace that had any.
    pub fn forget_memory(&self) -> Vec<(Namespace, usize)> {
        self.inner.forget_memory()
    }

    /// Has `tell` told whenever everything in this process was forgotten because messages of other
    /// nodes may have been missed. Only the first listener is heard.
    pub fn when_messages_were_missed(&self, tell: impl Fn(Vec<(Namespace, usize)>) + Send + Sync + 'static) {
        // A second listener has come too late.
        let _ = self.inner.missed.set(Box::new(tell));
    }
}

/// Counts what is removed from each namespace.
pub(crate) struct Tally([AtomicUsize; Namespace::COUNT]);

impl Tally {
    pub(crate) fn new() -> Self {
        Self([const { AtomicUsize::new(0) }; Namespace::COUNT])
    }

    pub(crate) fn add(&self, namespace: Namespace, count: usize) {
        self.0[namespace.index()].fetch_add(count, Ordering::Relaxed);
    }

    /// The namespaces that lost something.
    pub(crate) fn counted(self) -> Vec<(Namespace, usize)> {
        let counts = self.0.into_iter().map(AtomicUsize::into_inner);
        Namespace::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0).collect()
    }
}
