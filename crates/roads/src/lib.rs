//! Routing engines over HTTP: OSRM, Valhalla and Google Routes, each asked in its own words and answered in ours.
//!
//! An engine is a stranger: its answers are checked before anybody believes them ([`check`]), it gets a limited time, and
//! after a few failures it is left alone for a while ([`Breaker`]). What to say instead is the business of the caller.
//! Nothing here is kept between questions.

mod ask;
mod breaker;
mod check;
mod google;
mod osrm;
mod polyline;
mod valhalla;

use std::{fmt, time::Duration};

use domain::{courier::Vehicle, geo::Point};

pub use ask::Engine;
pub use breaker::{Breaker, BreakerState};
pub use check::FASTEST_MPS;

/// Most sources and most targets of one table: what all three engines take as they come (Google: 625 pairs).
pub const TABLE_SIDE: usize = 25;

/// Whose protocol an engine speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// OSRM, `/table/v1` and `/route/v1`.
    Osrm,
    /// Valhalla, `/sources_to_targets` and `/route`.
    Valhalla,
    /// Google Routes, `computeRouteMatrix` and `computeRoutes`.
    Google,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Osrm, Self::Valhalla, Self::Google];

    /// As configured and counted.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Osrm => "osrm",
            Self::Valhalla => "valhalla",
            Self::Google => "google",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Where an engine is and how it is asked.
#[derive(Clone)]
pub struct Access {
    /// Whose protocol.
    pub kind: Kind,
    /// Where: scheme, host, port and, if need be, a path before the protocol's own.
    pub url: String,
    /// The key, for those who want one. Never printed.
    pub key: Option<String>,
    /// How long an answer may take.
    pub patience: Duration,
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key.as_ref().map(|_| "…");
        let mut written = formatter.debug_struct("Access");
        written.field("kind", &self.kind).field("url", &self.url).field("key", &key).finish_non_exhaustive()
    }
}

/// How far and how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// Metres.
    pub distance_m: f64,
    /// Seconds.
    pub duration_s: f64,
}

/// A way with the line to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// How far and how long.
    pub way: Way,
    /// The line, from start to end.
    pub points: Vec<Point>,
}

/// Sources and targets of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// From where, at most [`TABLE_SIDE`].
    pub sources: Vec<Point>,
    /// To where, at most [`TABLE_SIDE`].
    pub targets: Vec<Point>,
    /// On what.
    pub vehicle: Vehicle,
}

/// A row for each source with a place for each target; `None` where there is no way.
pub type Matrix = Vec<Vec<Option<Way>>>;

/// Why there is no answer that can be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It was left alone, because it failed before.
    #[error("not asked: it failed before")]
    Open,
    /// It took too long.
    #[error("no answer in time")]
    Slow,
    /// Nobody answered.
    #[error("not reached: {0}")]
    Unreachable(String),
    /// It refused: the key, the question, or how often.
    #[error("refused with status {0}")]
    Refused(u16),
    /// It had an error of its own.
    #[error("failed with status {0}")]
    Broken(u16),
    /// It answered what cannot be.
    #[error("nonsense: {0}")]
    Nonsense(&'static str),
    /// There is no way between these points. The engine is well.
    #[error("no way")]
    NoWay,
}

impl Failure {
    /// As counted.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open => "not_asked",
            Self::Slow => "slow",
            Self::Unreachable(_) => "unreachable",
            Self::Refused(429) => "limited",
            Self::Refused(_) => "refused",
            Self::Broken(_) => "broken",
            Self::Nonsense(_) => "nonsense",
            Self::NoWay => "no_way",
        }
    }

    /// Whether the engine is to blame.
    const fn is_a_fault(&self) -> bool {
        !matches!(self, Self::NoWay | Self::Open)
    }
}

/// A question as it goes over the wire.
#[derive(Clone, Debug, PartialEq)]
struct Question {
    /// Path and query, after the engine's address.
    path: String,
    /// A body makes it a POST.
    body: Option<serde_json::Value>,
    /// Google's word for which fields are wanted.
    fields: Option<&'static str>,
}

impl Question {
    const fn get(path: String) -> Self {
        Self { path, body: None, fields: None }
    }

    fn post(path: &str, body: serde_json::Value) -> Self {
        Self { path: path.to_owned(), body: Some(body), fields: None }
    }
}
