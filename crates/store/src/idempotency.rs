//! First answers to idempotency keys, written in the same transaction as the effect.

use uuid::Uuid;

use crate::{record::records, statements};

statements! {
    /// Claims a key with its answer; no row where it was used before.
    INSERT = "INSERT INTO idempotency_keys (principal, route, key, fingerprint, subject, body, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (principal, route, key) DO NOTHING";
    /// The stored answer.
    FIND = "SELECT fingerprint, subject, body FROM idempotency_keys \
        WHERE principal = $1 AND route = $2 AND key = $3";
    /// Forgets old keys.
    PRUNE = "DELETE FROM idempotency_keys WHERE created_at < $1";
}

records! {
    /// A stored answer.
    AnswerRow {
        /// Hash of the request that was answered.
        fingerprint: Vec<u8>,
        /// What the request made.
        subject: Uuid,
        /// The answer as JSON.
        body: String,
    }
}
