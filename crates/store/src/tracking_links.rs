//! Links by which somebody without an account may follow one order.

use domain::id::OrderId;

use crate::{record::records, statements};

statements! {
    /// Makes a link; no row where the order has as many open ones as it may have.
    INSERT = "INSERT INTO tracking_links (id, city_id, order_id, made_by, created_at, expires_at) \
        SELECT $1, $2, o.id, $4, $5, $6 FROM orders o WHERE o.id = $3 AND (SELECT COUNT(*) FROM tracking_links l \
        WHERE l.order_id = o.id AND l.revoked_at IS NULL AND l.expires_at > $5) < $7";
    /// Whose way a link shows, if it is still good.
    FIND_OPEN = "SELECT order_id, expires_at FROM tracking_links \
        WHERE id = $1 AND expires_at > $2 AND revoked_at IS NULL";
    /// Ends all links of an order.
    REVOKE = "UPDATE tracking_links SET revoked_at = $2 WHERE order_id = $1 AND revoked_at IS NULL";
    /// Forgets links that ended long ago.
    PRUNE = "DELETE FROM tracking_links WHERE expires_at < $1";
}

records! {
    /// What an open link leads to.
    OpenLinkRow {
        /// The order.
        order_id: OrderId,
        /// Until when.
        expires_at: i64,
    }
}
