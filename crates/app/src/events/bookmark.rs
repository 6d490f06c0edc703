//! How far the log has been followed into the tier of the cache that nodes share.
//!
//! Every node writes its place down now and then, all over the same place: whoever is behind says less than is true, and
//! a node that starts there reads some events twice. Another version of the program may word answers differently, so it
//! does not go on from there.

use jiff::{SignedDuration, Timestamp};
use store::outbox::{self, Position};

use crate::{App, context::moment, error::Error};

/// How often a place is written down.
const EVERY: SignedDuration = SignedDuration::from_secs(1);
/// From an older place on nobody reads: it would take long, and most answers are too old by then. Far less than the time
/// for which events are kept.
const OLDEST: SignedDuration = SignedDuration::from_hours(1);

/// The words of answers are those of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A place in the log, and when a node had come to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    position: Position,
    at: Timestamp,
}

impl Place {
    fn text(self) -> String {
        format!("{VERSION} {} {} {}", self.position.xid, self.position.seq, self.at.as_microsecond())
    }

    /// `None` for what is none, or is another version's.
    fn read(text: &str) -> Option<Self> {
        let place = text.strip_prefix(VERSION)?.strip_prefix(' ')?;
        let numbers: Vec<i64> = place.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
        let [xid, seq, at_us] = numbers[..] else { return None };
        Some(Self { position: Position { xid, seq }, at: moment(at_us) })
    }

    /// Whether to go on from here at a moment, with the newest event there.
    fn serves(self, now: Timestamp, newest: Position) -> bool {
        // A log that ends before this place is another one: a database that was restored from a copy.
        self.position <= newest && now.duration_since(self.at) <= OLDEST
    }
}

/// When this node wrote its place down last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bookmark {
    written: Option<Timestamp>,
}

impl Bookmark {
    /// Writes down where this node has come to, unless it just did.
    pub(super) async fn keep(&mut self, app: &App, position: Position) {
        let now = app.now();
        if self.written.is_none_or(|written| now.duration_since(written) >= EVERY) {
            app.answers.bookmark(&Place { position, at: now }.text()).await;
            self.written = Some(now);
        }
    }
}

impl App {
    /// From where to go on: the place to which the shared tier was followed not long ago, if there is one, else the end of
    /// the log. Also whether it is the former.
    pub(super) async fn place(&self) -> Result<(Position, bool), Error> {
        // In this order: places that are written down meanwhile are later ones.
        let place = self.answers.bookmarked().await.and_then(|text| Place::read(&text));
        let newest = outbox::tail(&self.db).await?;
        let place = place.filter(|place| place.serves(self.now(), newest));
        Ok(place.map_or((newest, false), |place| (place.position, true)))
    }
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, Place, VERSION};
    use jiff::{SignedDuration, Timestamp};
    use store::outbox::Position;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let place = Place { position: Position { xid: 7, seq: 42 }, at: Timestamp::UNIX_EPOCH };
        assert_eq!(Place::read(&place.text()), Some(place));
        for noise in ["", "7 42", "7 42 x", "7 42 0 0", "7 42 0"] {
            assert_eq!(Place::read(&format!("{VERSION} {noise}")), (noise == "7 42 0").then_some(place), "{noise}");
            assert_eq!(Place::read(noise), None, "{noise}");
        }
    }

    #[test]
    fn nobody_goes_on_from_a_place_that_is_old_or_not_in_the_log() {
        let at = Timestamp::UNIX_EPOCH;
        let place = Place { position: Position { xid: 0, seq: 42 }, at };
        let newest = |seq| Position { xid: 0, seq };
        assert!(place.serves(at, newest(42)) && place.serves(at + OLDEST, newest(90)));
        assert!(!place.serves(at, newest(41)));
        assert!(!place.serves(at + OLDEST + SignedDuration::from_secs(1), newest(42)));
    }
}
