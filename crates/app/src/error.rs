//! What can go wrong in a use case, named by meaning. Only the server knows which status code each deserves.

use domain::{
    money::Paise,
    permission::Denied,
    quote::Quote,
    rule::{Broken, Rule},
};
use store::{CommitError, ConstraintKind, ReadError, Tx};

use crate::App;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A business rule was broken.
    #[error(transparent)]
    Rule(#[from] Broken),
    /// The price moved since the quote; here is the new one, and what differs.
    #[error("the price changed since the quote")]
    QuoteChanged {
        /// The new quote, stored and ready to be ordered.
        quote: Box<Quote>,
        /// What differs.
        changes: Vec<AmountChange>,
    },
    /// Nobody is logged in, or not any more.
    #[error("not logged in")]
    Unauthenticated(LoginProblem),
    /// The role may never do this.
    #[error("the role may not do this")]
    Forbidden,
    /// There is no such thing, or it is somebody else's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Too many requests of this kind.
    #[error("too many requests")]
    TooMany {
        /// Seconds to wait.
        retry_after_s: u64,
    },
    /// The database cannot be reached or is overloaded; nothing happened.
    #[error("temporarily unavailable: {0}")]
    Unavailable(String),
    /// A defect of ours. The text is for the log only.
    #[error("{0}")]
    Internal(String),
}

/// Why somebody is not logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginProblem {
    /// No token.
    Missing,
    /// A token that is not ours, or damaged.
    Invalid,
    /// A token whose time is over.
    Expired,
    /// Unknown login or wrong password: one answer for both.
    WrongCredentials,
    /// A refresh token that was used before: the whole session has been ended.
    RefreshReused,
}

/// One amount of a quote that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountChange {
    /// Which: a line's name, or the code of a charge or tax.
    pub code: String,
    /// Before, if it was there.
    pub from: Option<Paise>,
    /// Now, if it still is.
    pub to: Option<Paise>,
}

impl Error {
    /// A refusal that stands for both "absent" and "somebody else's".
    pub(crate) const fn denied(denied: Denied, noun: &'static str) -> Self {
        match denied {
            Denied::Unauthenticated => Self::Unauthenticated(LoginProblem::Missing),
            Denied::Forbidden => Self::Forbidden,
            Denied::NotYours => Self::NotFound(noun),
        }
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Busy | ReadError::Unavailable(_) => Self::Unavailable(error.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<CommitError> for Error {
    /// The meaning where a use case has no better one: a guard that failed means somebody was faster.
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Guard { .. } | CommitError::Conflict => Self::Rule(Rule::VersionConflict.broken()),
            CommitError::Constraint { kind: ConstraintKind::Unique, .. } => Self::Rule(Rule::AlreadyExists.broken()),
            CommitError::Constraint { kind: ConstraintKind::ForeignKey, .. } => {
                Self::Rule(Rule::UnknownReference.broken())
            }
            CommitError::Busy | CommitError::Unavailable(_) | CommitError::Uncertain(_) => {
                Self::Unavailable(error.to_string())
            }
            other => Self::Internal(other.to_string()),
        }
    }
}

/// The label of guards that hold what a use case read and decided upon; when one fails, it reads again.
pub(crate) const MEANWHILE: &str = "meanwhile";

/// How often a use case reads again before it gives up.
pub(crate) const TRIES: usize = 4;

impl App {
    /// Commits; false if somebody changed meanwhile what was read.
    pub(crate) async fn commit_as_read(&self, tx: Tx) -> Result<bool, CommitError> {
        match self.db.commit(tx).await {
            Ok(()) => Ok(true),
            Err(error) if failed_guard(&error) == Some(MEANWHILE) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The label of the guard that failed, if that is what happened.
pub(crate) const fn failed_guard(error: &CommitError) -> Option<&'static str> {
    match error {
        CommitError::Guard { label, .. } => Some(label),
        _ => None,
    }
}
