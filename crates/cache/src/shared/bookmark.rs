//! The bookmark in Redis; see `crate::bookmark`.

use super::Shared;

impl Shared {
    pub(crate) async fn bookmark(&self, place: &str) {
        // An invalidation that Redis was not told of belongs to a change before this place.
        if self.pending.len() == 0 {
            let mut set = redis::cmd("SET");
            set.arg(self.names.bookmark()).arg(place);
            self.link.run(|mut connection| async move { set.query_async::<()>(&mut connection).await }).await;
        }
    }

    pub(crate) async fn bookmarked(&self) -> Option<String> {
        let mut get = redis::cmd("GET");
        get.arg(self.names.bookmark());
        let place = self.link.run(|mut connection| async move { get.query_async(&mut connection).await }).await;
        place.flatten()
    }
}
