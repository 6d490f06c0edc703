//! How much each answer is asked for: counted as it happens, kept by the hour of the week.
//!
//! A request adds one to a number in memory. A reconciler adds the numbers up in the database every few minutes, the most
//! used answers first, so that a busy node writes no more than a quiet one and a restart loses minutes. Memory is bounded:
//! rare answers fall out. Only answers that can be loaded ahead and say nothing about a person are counted.

use std::{
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use cache::{Namespace, State};
use domain::permission::Action;
use jiff::Timestamp;
use quick_cache::{Equivalent, sync::Cache};
use store::{Tx, args, caching};

use super::benefit::{Benefit, Counts};
use crate::{App, context::Ctx, error::Error};

/// Answers that are counted at once.
const MOST_NAMES: usize = 20_000;
/// Answers written to the database in one go.
const MOST_WRITTEN: usize = 1_000;
const HOUR_US: i64 = 3_600_000_000;
/// Weeks after which use says nothing any more.
const WEEKS_KEPT: i64 = 5;
pub(crate) const WEEK_HOURS: i64 = 168;
/// The epoch was a Thursday; weeks begin on Monday.
const THURSDAY_HOURS: i64 = 72;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    namespace: Namespace,
    name: Arc<str>,
}

#[derive(Hash)]
struct NameRef<'a> {
    namespace: Namespace,
    name: &'a str,
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        NameRef { namespace: self.namespace, name: &self.name }.hash(state);
    }
}

impl Equivalent<Name> for NameRef<'_> {
    fn equivalent(&self, name: &Name) -> bool {
        self.namespace == name.namespace && *self.name == *name.name
    }
}

/// One answer's use.
#[derive(Default)]
struct Uses {
    /// Not yet written.
    fresh: AtomicU64,
    /// In the hour below, on this node.
    in_hour: AtomicU64,
    hour: AtomicI64,
    /// Loaded ahead and not asked for since: until this moment it would be of use. Zero otherwise.
    warm_until_us: AtomicI64,
    /// Loaded ahead and sent without a wait ever since: fresh until this moment. Zero otherwise.
    ahead_until_us: AtomicI64,
}

/// How much each answer is asked for on this node.
pub struct Usage {
    names: Cache<Name, Arc<Uses>>,
    warmed: AtomicU64,
    used: AtomicU64,
    wasted: AtomicU64,
    ahead: Counts,
    others: Counts,
}

impl Default for Usage {
    fn default() -> Self {
        Self {
            names: Cache::new(MOST_NAMES),
            warmed: AtomicU64::new(0),
            used: AtomicU64::new(0),
            wasted: AtomicU64::new(0),
            ahead: Counts::default(),
            others: Counts::default(),
        }
    }
}

impl Usage {
    /// An answer was asked for.
    pub fn note(&self, namespace: Namespace, name: &str, state: State, now: Timestamp) {
        let uses = self.of(namespace, name);
        let hour = hour(now);
        if uses.hour.swap(hour, Ordering::Relaxed) != hour {
            uses.in_hour.store(0, Ordering::Relaxed);
        }
        uses.in_hour.fetch_add(1, Ordering::Relaxed);
        uses.fresh.fetch_add(1, Ordering::Relaxed);
        if uses.warm_until_us.load(Ordering::Relaxed) != 0 {
            self.settle(&uses, state == State::Hit, now);
        }
        let hit = matches!(state, State::Hit | State::Stale);
        let ahead_until = uses.ahead_until_us.load(Ordering::Relaxed);
        let ahead = ahead_until != 0 && now.as_microsecond() <= ahead_until;
        if ahead_until != 0 && !(ahead && hit) {
            uses.ahead_until_us.store(0, Ordering::Relaxed);
        }
        let asked = if ahead { &self.ahead } else { &self.others };
        asked.note(hit);
    }

    /// An answer was loaded ahead and will be fresh until a moment.
    pub(crate) fn note_warmed(&self, namespace: Namespace, name: &str, until: Timestamp) {
        self.warmed.fetch_add(1, Ordering::Relaxed);
        let uses = self.of(namespace, name);
        uses.ahead_until_us.store(until.as_microsecond(), Ordering::Relaxed);
        let before = uses.warm_until_us.swap(until.as_microsecond(), Ordering::Relaxed);
        if before != 0 {
            self.wasted.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What loading ahead was good for, since the node started.
    pub fn benefit(&self) -> Benefit {
        Benefit {
            warmed: self.warmed.load(Ordering::Relaxed),
            used: self.used.load(Ordering::Relaxed),
            wasted: self.wasted.load(Ordering::Relaxed),
            ahead: self.ahead.read(),
            others: self.others.read(),
        }
    }

    /// What was asked for in the running hour on this node: namespace, key, times.
    pub fn of_hour(&self, now: Timestamp) -> Vec<(Namespace, String, u64)> {
        let running = hour(now);
        let current = |(name, uses): (Name, Arc<Uses>)| {
            let times = uses.in_hour.load(Ordering::Relaxed);
            (uses.hour.load(Ordering::Relaxed) == running && times > 0)
                .then(|| (name.namespace, name.name.to_string(), times))
        };
        self.names.iter().filter_map(current).collect()
    }

    /// The answers that are counted at the moment.
    pub fn tracked(&self) -> usize {
        self.names.len()
    }

    fn of(&self, namespace: Namespace, name: &str) -> Arc<Uses> {
        if let Some(uses) = self.names.get(&NameRef { namespace, name }) {
            return uses;
        }
        let uses = Arc::new(Uses::default());
        self.names.insert(Name { namespace, name: name.into() }, Arc::clone(&uses));
        uses
    }

    fn settle(&self, uses: &Uses, hit: bool, now: Timestamp) {
        let until = uses.warm_until_us.swap(0, Ordering::Relaxed);
        if until != 0 {
            let counter = if hit && now.as_microsecond() <= until { &self.used } else { &self.wasted };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What was counted since the last time, the most used first; the rest waits for its turn.
    fn take(&self, now: Timestamp) -> Vec<(Name, u64)> {
        let mut all: Vec<(Name, Arc<Uses>, u64)> = Vec::new();
        for (name, uses) in self.names.iter() {
            let until = uses.warm_until_us.load(Ordering::Relaxed);
            if until != 0 && until < now.as_microsecond() {
                self.settle(&uses, false, now);
            }
            let fresh = uses.fresh.load(Ordering::Relaxed);
            if fresh > 0 {
                all.push((name, uses, fresh));
            }
        }
        all.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.0.name.cmp(&other.0.name)));
        all.truncate(MOST_WRITTEN);
        all.into_iter().map(|(name, uses, _)| (name, uses.fresh.swap(0, Ordering::Relaxed))).collect()
    }

    fn give_back(&self, taken: &[(Name, u64)]) {
        for (name, times) in taken {
            self.of(name.namespace, &name.name).fresh.fetch_add(*times, Ordering::Relaxed);
        }
    }
}

/// Hours since the epoch.
pub(crate) fn hour(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(HOUR_US)
}

/// The hour of the week of an hour since the epoch: 0 is Monday from midnight to one, UTC.
pub(crate) const fn hour_of_week(hour: i64) -> i64 {
    (hour + THURSDAY_HOURS).rem_euclid(WEEK_HOURS)
}

impl App {
    /// Uses of each hour of the week that is known.
    pub async fn cache_week(&self, ctx: &Ctx) -> Result<Vec<caching::WeekRow>, Error> {
        ctx.reach(Action::CacheRead)?;
        Ok(self.db.all(&caching::LIST_WEEK, args![]).await?)
    }

    /// Adds what was counted to the database: a reconciler's work. What cannot be written is counted again.
    pub async fn keep_cache_usage(&self, ctx: &Ctx) -> Result<usize, Error> {
        let taken = self.caching.usage.take(ctx.now);
        if taken.is_empty() {
            return Ok(0);
        }
        let hour = hour(ctx.now);
        let mut tx = Tx::new("keep cache usage");
        for (name, times) in &taken {
            let times = i64::try_from(*times).unwrap_or(i64::MAX);
            tx = tx.run(
                &caching::ADD_USES,
                args![hour_of_week(hour), name.namespace.name(), name.name.as_ref(), hour, times],
            );
        }
        let tx = tx.run(&caching::PRUNE_USES, args![hour - WEEKS_KEPT * WEEK_HOURS]);
        match self.db.commit(tx).await {
            Ok(()) => Ok(taken.len()),
            Err(error) => {
                self.caching.usage.give_back(&taken);
                Err(error.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Usage, hour, hour_of_week};
    use crate::caching::{Asked, Benefit};
    use cache::{Namespace, State};
    use jiff::{SignedDuration, Timestamp};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_week_begins_on_monday() {
        assert_eq!(hour_of_week(hour(at("2026-11-16T00:30:00Z"))), 0);
        assert_eq!(hour_of_week(hour(at("2026-11-20T07:18:00Z"))), 4 * 24 + 7);
        assert_eq!(hour_of_week(hour(at("2026-11-22T23:59:59Z"))), 167);
    }

    #[test]
    fn a_warmed_answer_was_of_use_if_it_was_hit_in_time() {
        let usage = Usage::default();
        let now = at("2026-11-20T07:00:00Z");
        let until = now + SignedDuration::from_mins(10);
        for name in ["hit", "late", "missed", "unasked"] {
            usage.note_warmed(Namespace::MenuItems, name, until);
        }
        usage.note(Namespace::MenuItems, "hit", State::Hit, now);
        usage.note(Namespace::MenuItems, "hit", State::Hit, now);
        usage.note(Namespace::MenuItems, "missed", State::Miss, now);
        let later = until + SignedDuration::from_secs(1);
        usage.note(Namespace::MenuItems, "late", State::Hit, later);
        usage.take(later);
        let benefit = usage.benefit();
        assert_eq!((benefit.warmed, benefit.used, benefit.wasted), (4, 1, 3));
    }

    #[test]
    fn requests_are_told_apart_by_whether_their_answer_was_loaded_ahead() {
        let usage = Usage::default();
        let now = at("2026-11-20T07:00:00Z");
        let until = now + SignedDuration::from_mins(10);
        usage.note_warmed(Namespace::MenuItems, "dosa", until);
        for state in [State::Hit, State::Hit, State::Stale, State::Miss, State::Hit] {
            usage.note(Namespace::MenuItems, "dosa", state, now);
        }
        usage.note_warmed(Namespace::MenuItems, "idli", until);
        usage.note(Namespace::MenuItems, "idli", State::Hit, until + SignedDuration::from_secs(1));
        for state in [State::Miss, State::Hit, State::Miss] {
            usage.note(Namespace::MenuItems, "vada", state, now);
        }
        // What came after the miss was loaded by it, and what came too late was not fresh by the loading ahead.
        let benefit = usage.benefit();
        assert_eq!((benefit.ahead, benefit.others), (Asked { hits: 3, waits: 1 }, Asked { hits: 3, waits: 2 }));
        assert_eq!((benefit.with(), benefit.without()), (Asked { hits: 6, waits: 3 }, Asked { hits: 5, waits: 4 }));
        assert_eq!((benefit.ahead.hit_ratio(), Benefit::default().ahead.hit_ratio()), (Some(0.75), None));
    }

    #[test]
    fn an_hour_counts_for_itself() {
        let usage = Usage::default();
        let now = at("2026-11-20T07:59:00Z");
        usage.note(Namespace::MenuItems, "a", State::Hit, now);
        usage.note(Namespace::MenuItems, "a", State::Hit, now);
        let next = now + SignedDuration::from_mins(2);
        usage.note(Namespace::MenuItems, "a", State::Miss, next);
        assert_eq!(usage.of_hour(next), [(Namespace::MenuItems, "a".to_owned(), 1)]);
        assert!(usage.of_hour(now).is_empty());
        assert_eq!(usage.take(next)[0].1, 3);
        assert!(usage.take(next).is_empty());
    }
}
