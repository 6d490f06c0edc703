//! Quotes: priced offers that are ordered by id, once.

use domain::id::{OrderId, QuoteId};

use crate::{record::records, statements};

statements! {
    /// Stores a quote.
    INSERT = "INSERT INTO quotes (id, city_id, customer_id, restaurant_id, body, signature, expires_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// One quote.
    FIND = "SELECT id, body, signature, order_id FROM quotes WHERE id = $1";
    /// Uses a quote up; no row where it was used, or belongs to somebody else.
    USE = "UPDATE quotes SET order_id = $2 WHERE id = $1 AND order_id IS NULL AND customer_id = $3";
    /// Forgets quotes that nobody ordered.
    PRUNE = "DELETE FROM quotes WHERE order_id IS NULL AND expires_at < $1";
}

records! {
    /// A row of `quotes`.
    QuoteRow {
        /// Its id.
        id: QuoteId,
        /// The quote as JSON.
        body: String,
        /// Keyed hash of the body.
        signature: Vec<u8>,
        /// The order it became.
        order_id: Option<OrderId>,
    }
}
