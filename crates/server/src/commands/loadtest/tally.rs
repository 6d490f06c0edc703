//! What came back: latencies by kind of request, and what went wrong.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::commands::measure::histogram::Histogram;

/// A kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Quote,
    Order,
    List,
    Restaurant,
    Menu,
    Track,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 6] = [Self::Quote, Self::Order, Self::List, Self::Restaurant, Self::Menu, Self::Track];

    /// Its name in figures.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Order => "order",
            Self::List => "list",
            Self::Restaurant => "restaurant",
            Self::Menu => "menu",
            Self::Track => "track",
        }
    }

    /// The status that means success.
    pub(super) const fn expected(self) -> u16 {
        match self {
            Self::Quote | Self::Order => 201,
            _ => 200,
        }
    }
}

/// Everything that was counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Latencies of requests that succeeded, by kind.
    pub(super) kinds: [Histogram; 6],
    /// Latencies of whole operations that succeeded, from the moment they were due.
    pub(super) operations: Histogram,
    /// How often what went wrong.
    pub(super) errors: BTreeMap<String, u64>,
    /// From the first request to the last answer.
    pub(super) lasted: Duration,
    /// Operations that were due and never begun.
    pub(super) unsent: u64,
}

impl Tally {
    /// A request succeeded.
    pub(super) fn succeeded(&mut self, kind: Kind, since: Instant) {
        self.kinds[kind as usize].record(since.elapsed());
    }

    /// A request failed.
    pub(super) fn failed(&mut self, kind: Kind, what: &str) {
        *self.errors.entry(format!("{}: {what}", kind.name())).or_default() += 1;
    }

    /// Adds another one.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.kinds.iter_mut().zip(&other.kinds) {
            own.merge(more);
        }
        self.operations.merge(&other.operations);
        for (what, count) in &other.errors {
            *self.errors.entry(what.clone()).or_default() += count;
        }
        self.lasted = self.lasted.max(other.lasted);
        self.unsent += other.unsent;
    }

    /// Requests that succeeded.
    pub(super) fn requests(&self) -> u64 {
        self.kinds.iter().map(Histogram::count).sum()
    }

    /// Requests that failed.
    pub(super) fn failures(&self) -> u64 {
        self.errors.values().sum()
    }
}
