//! What the store tells about itself: how long queries and commits take, how large batches grow, what was refused.
//!
//! Labels are names from the program (statements, transactions), so their number is bounded.

use std::time::{Duration, Instant};

use crate::error::CommitError;

/// The names and meanings of all metrics that the store records.
pub const METRICS: &[(&str, &str)] = &[
    (QUERY_SECONDS, "Time from asking to the answer, waiting included, by statement"),
    (COMMIT_SECONDS, "Time from asking to the durable commit, waiting included, by transaction"),
    (BATCH_SIZE, "Transactions that shared one commit"),
    (COMMIT_RETRIES, "Transactions that were repeated because others got in the way"),
    (COMMIT_FAILURES, "Transactions that were not committed, by transaction and reason"),
];

const QUERY_SECONDS: &str = "dabba_store_query_seconds";
const COMMIT_SECONDS: &str = "dabba_store_commit_seconds";
const BATCH_SIZE: &str = "dabba_store_batch_size";
const COMMIT_RETRIES: &str = "dabba_store_commit_retries_total";
const COMMIT_FAILURES: &str = "dabba_store_commit_failures_total";

pub(crate) fn query(statement: &'static str, started: Instant, slow: Duration) {
    let elapsed = started.elapsed();
    metrics::histogram!(QUERY_SECONDS, "query" => statement).record(elapsed.as_secs_f64());
    if elapsed >= slow {
        tracing::warn!(query = statement, ms = elapsed.as_millis(), "slow query");
    }
}

pub(crate) fn commit(tx: &'static str, started: Instant, slow: Duration, outcome: &Result<(), CommitError>) {
    let elapsed = started.elapsed();
    metrics::histogram!(COMMIT_SECONDS, "tx" => tx).record(elapsed.as_secs_f64());
    if elapsed >= slow {
        tracing::warn!(tx, ms = elapsed.as_millis(), "slow transaction");
    }
    if let Err(error) = outcome {
        metrics::counter!(COMMIT_FAILURES, "tx" => tx, "reason" => reason(error)).increment(1);
    }
}

pub(crate) fn retry(tx: &'static str) {
    metrics::counter!(COMMIT_RETRIES, "tx" => tx).increment(1);
}

#[expect(clippy::cast_precision_loss, reason = "a batch has at most a few thousand transactions")]
pub(crate) fn batch(transactions: usize) {
    metrics::histogram!(BATCH_SIZE).record(transactions as f64);
}

fn reason(error: &CommitError) -> &'static str {
    match error {
        CommitError::Guard { .. } => "guard",
        CommitError::Constraint { .. } => "constraint",
        CommitError::Conflict => "conflict",
        CommitError::Busy => "busy",
        CommitError::Unavailable(_) => "unavailable",
        CommitError::Uncertain(_) => "uncertain",
        CommitError::Database { .. } => "database",
    }
}
