//! Every invalidation of this node: what was forgotten, why, how many answers, how long it took.
//!
//! The newest thousand are kept in memory and read at `/cache/invalidations`; totals never end. Clears by hand are kept
//! in the database as well (see `clear`): an order is not worth a second write, a person's decision is.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cache::{Namespace, Removed};
use jiff::Timestamp;
use uuid::Uuid;

/// Invalidations that are remembered.
const MOST: usize = 1_000;
/// Among so many the one is looked for that follows from the same event.
const RECENT: usize = 64;

/// One part of an invalidation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// In which namespace.
    pub namespace: Namespace,
    /// `key`, `prefix`, `namespace`, `memory` where all of it was and Redis was left alone, or `put` where a new answer
    /// stands already.
    pub reach: &'static str,
    /// Keys named; zero where a whole namespace was.
    pub keys: usize,
    /// Answers that memory held and holds no longer.
    pub removed: usize,
    /// The same of Redis; `None` without it, or where it gave up a namespace without counting.
    pub removed_redis: Option<u64>,
}

/// One invalidation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalidation {
    /// Counts up from one on this node.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// The kind of event; `cleared` or `cascade` where a person did it; `expired`, `started`, `messages_missed` or
    /// `switched_off`.
    pub cause: &'static str,
    /// In words.
    pub why: String,
    /// What the event was about.
    pub subject: Option<Uuid>,
    /// The person, where it was one.
    pub by: Option<String>,
    /// What was forgotten.
    pub parts: Vec<Forgotten>,
    /// How long it took.
    pub took: Duration,
}

impl Forgotten {
    /// A namespace in both tiers.
    pub(crate) const fn namespace(namespace: Namespace, removed: Removed) -> Self {
        Self { namespace, reach: "namespace", keys: 0, removed: removed.memory, removed_redis: removed.redis }
    }

    /// What memory lost.
    pub(crate) fn in_memory(removed: Vec<(Namespace, usize)>) -> Vec<Self> {
        let lost = |(namespace, removed)| Self { namespace, reach: "memory", keys: 0, removed, removed_redis: None };
        removed.into_iter().map(lost).collect()
    }
}

impl Invalidation {
    /// One about nothing in particular that nobody in particular asked for. [`Audit::add`] gives its sequence.
    pub(crate) fn new(
        cause: &'static str,
        why: impl Into<String>,
        at: Timestamp,
        parts: Vec<Forgotten>,
        took: Duration,
    ) -> Self {
        Self { sequence: 0, at, cause, why: why.into(), subject: None, by: None, parts, took }
    }

    /// Whether both follow from the same event.
    fn is_of(&self, other: &Self) -> bool {
        self.by.is_none()
            && self.subject.is_some()
            && (self.cause, self.subject) == (other.cause, other.subject)
            && self.at.as_microsecond() == other.at.as_microsecond()
    }

    /// Adds what was forgotten besides.
    fn join(&mut self, later: &Self) {
        for part in &later.parts {
            match self.parts.iter_mut().find(|own| (own.namespace, own.keys) == (part.namespace, part.keys)) {
                Some(own) => {
                    own.removed += part.removed;
                    own.removed_redis = own.removed_redis.map(|redis| redis + part.removed_redis.unwrap_or_default());
                }
                None => self.parts.push(part.clone()),
            }
        }
        self.took += later.took;
    }
}

fn removed(invalidation: &Invalidation) -> u64 {
    invalidation.parts.iter().map(|part| part.removed as u64).sum()
}

/// Sums since the node started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Invalidations.
    pub invalidations: u64,
    /// Answers that memory lost by them.
    pub removed: u64,
    /// Of the invalidations, those by hand.
    pub by_hand: u64,
    /// The longest.
    pub longest: Duration,
}

/// The log.
#[derive(Default)]
pub struct Audit(Mutex<Log>);

#[derive(Default)]
struct Log {
    newest: VecDeque<Invalidation>,
    totals: Totals,
}

impl Audit {
    /// Adds an invalidation; its sequence is given here. What follows from one event on this node is one, also where its
    /// author's node forgets at once and again when it reads the event.
    pub(crate) fn add(&self, mut invalidation: Invalidation) {
        let mut log = self.log();
        if let Some(at_once) = log.newest.iter_mut().rev().take(RECENT).find(|one| one.is_of(&invalidation)) {
            at_once.join(&invalidation);
            log.totals.removed += removed(&invalidation);
            return;
        }
        log.totals.invalidations += 1;
        log.totals.removed += removed(&invalidation);
        log.totals.by_hand += u64::from(invalidation.by.is_some());
        log.totals.longest = log.totals.longest.max(invalidation.took);
        invalidation.sequence = log.totals.invalidations;
        if log.newest.len() == MOST {
            log.newest.pop_front();
        }
        log.newest.push_back(invalidation);
    }

    /// Adds what memory lost although no thing changed, and Redis kept.
    pub(crate) fn note_lost(&self, cause: &'static str, why: &str, removed: Vec<(Namespace, usize)>, at: Timestamp) {
        self.add(Invalidation::new(cause, why, at, Forgotten::in_memory(removed), Duration::ZERO));
    }

    /// The newest invalidations, newest first: of one namespace where it is given.
    pub fn newest(&self, namespace: Option<Namespace>, limit: usize) -> Vec<Invalidation> {
        let log = self.log();
        let concerns =
            |one: &&Invalidation| namespace.is_none_or(|wanted| one.parts.iter().any(|part| part.namespace == wanted));
        log.newest.iter().rev().filter(concerns).take(limit).cloned().collect()
    }

    /// Sums since the node started.
    pub fn totals(&self) -> Totals {
        self.log().totals
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Audit, Forgotten, Invalidation, MOST};
    use cache::Namespace;
    use jiff::Timestamp;
    use std::time::Duration;

    fn invalidation(namespace: Namespace) -> Invalidation {
        let parts = vec![Forgotten { namespace, reach: "key", keys: 1, removed: 1, removed_redis: None }];
        let took = Duration::from_micros(3);
        Invalidation::new("menu_changed", "a menu changed", Timestamp::UNIX_EPOCH, parts, took)
    }

    #[test]
    fn the_newest_are_kept_and_the_sums_never_end() {
        let audit = Audit::default();
        for _ in 0..MOST + 5 {
            audit.add(invalidation(Namespace::MenuItems));
        }
        audit.add(invalidation(Namespace::Orders));
        assert_eq!(audit.newest(None, usize::MAX).len(), MOST);
        let orders = audit.newest(Some(Namespace::Orders), 10);
        assert_eq!(orders.iter().map(|one| one.sequence).collect::<Vec<_>>(), [MOST as u64 + 6]);
        assert_eq!(audit.totals().removed, MOST as u64 + 6);
    }

    #[test]
    fn what_is_forgotten_at_once_and_again_is_one() {
        let audit = Audit::default();
        let menu = |micros| Invalidation {
            at: Timestamp::from_microsecond(micros).unwrap(),
            subject: Some(uuid::Uuid::from_u128(7)),
            ..invalidation(Namespace::MenuItems)
        };
        audit.add(menu(1));
        audit.add(menu(1));
        audit.add(menu(2));
        let newest = audit.newest(None, 10);
        assert_eq!(newest.iter().map(|one| one.parts[0].removed).collect::<Vec<_>>(), [1, 2]);
        assert_eq!((audit.totals().invalidations, audit.totals().removed), (2, 3));
    }
}
