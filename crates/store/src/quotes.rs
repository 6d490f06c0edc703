//! Quotes: priced offers that are ordered by id, once.

use domain::id::{OrderId, QuoteId};

use crate::{record::records, statements};

statements! {
    /// Stores a quote.
    INSERT = "INSERT INTO quotes (id, city_id, customer_id, restaurant_id, body, signature, expires_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// One quote.
    FIND = "SELECT q.id, q.body, q.signature, o.id AS order_id FROM quotes q LEFT JOIN orders o ON o.quote_id = q.id \
        WHERE q.id = $1";
    /// Forgets quotes that ended before a moment and that nobody ordered, from where the last clearing stopped.
    PRUNE = "DELETE FROM quotes WHERE expires_at < $1 \
        AND expires_at >= COALESCE((SELECT c.until FROM clearings c WHERE c.kind = 'quotes'), 0) \
        AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.quote_id = quotes.id)";
    /// Notes how far the clearing went.
    NOTE_PRUNED = "INSERT INTO clearings (kind, until) VALUES ('quotes', $1) \
        ON CONFLICT (kind) DO UPDATE SET until = $1 WHERE clearings.until < $1";
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
