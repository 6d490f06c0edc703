//! Why orders were offered or given to somebody: one row for each decision about an order, never changed.

use domain::id::CourierId;

use crate::{record::records, statements};

statements! {
    /// Keeps a decision.
    INSERT = "INSERT INTO dispatch_decisions (order_id, at, city_id, policy, courier_id, user_id, note, \
        candidates) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (order_id, at) DO NOTHING";
    /// The newest decisions about an order, newest first, with what became of the offer that each made, and how many
    /// there are in all.
    LIST_OF_ORDER = "SELECT d.at, d.policy, d.courier_id, u.name AS user_name, d.note, d.candidates, \
        l.state, COALESCE(l.left_at, f.answered_at) AS answered_at, COUNT(*) OVER () AS kept \
        FROM dispatch_decisions d \
        LEFT JOIN users u ON u.id = d.user_id \
        LEFT JOIN offer_orders l ON l.order_id = d.order_id AND EXISTS (SELECT 1 FROM offers m \
            WHERE m.id = l.offer_id AND m.courier_id = d.courier_id AND m.made_at = d.at) \
        LEFT JOIN offers f ON f.id = l.offer_id \
        WHERE d.order_id = $1 ORDER BY d.at DESC LIMIT $2";
    /// Forgets the oldest decisions of those made before a moment, at most so many.
    PRUNE = "DELETE FROM dispatch_decisions WHERE (order_id, at) IN (\
        SELECT order_id, at FROM dispatch_decisions WHERE at < $1 ORDER BY at LIMIT $2)";
    /// Up to sixteen couriers by id, also those who were removed.
    LIST_COURIERS = "SELECT id, name, vehicle FROM couriers \
        WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
}

records! {
    /// A decision about an order.
    DecisionRow {
        /// When.
        at: i64,
        /// The policy, or how else it was decided.
        policy: String,
        /// Who was chosen; nobody where an order was taken away.
        courier_id: Option<CourierId>,
        /// Who decided it by hand.
        user_name: Option<String>,
        /// Why by hand.
        note: Option<String>,
        /// The candidates as JSON.
        candidates: String,
        /// How the offer stands that it made; none where it made none or the order left it.
        state: Option<String>,
        /// When that was answered, ended or left.
        answered_at: Option<i64>,
        /// Decisions about the order in all.
        kept: i64,
    }

    /// Who a courier is.
    NamedRow {
        /// Their id.
        id: CourierId,
        /// Their name.
        name: String,
        /// What they ride.
        vehicle: String,
    }
}
