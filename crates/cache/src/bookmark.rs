//! How far the log of changes has been followed into Redis.
//!
//! A node that starts finds answers in Redis that other nodes, or it before, have kept true. From the bookmark on it reads
//! the changes that nobody may have followed, instead of giving everything up.

use crate::Cache;

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
}
