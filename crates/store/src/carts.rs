//! Carts: what a customer means to order, from one restaurant, kept between visits.

use domain::id::{CustomerId, RestaurantId};

use crate::{record::records, statements};

statements! {
    /// Holds a customer while their cart is written, so that it is not kept of one who is being removed.
    HOLD_CUSTOMER = "UPDATE customers SET version = version WHERE id = $1 AND deleted_at IS NULL";
    /// Keeps a cart where there is none yet: customer, restaurant, lines, first version, time.
    INSERT = "INSERT INTO carts (customer_id, restaurant_id, lines, version, changed_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer_id) DO NOTHING";
    /// Replaces a cart whose version is still the one that was seen: customer, restaurant, lines, version, time.
    UPDATE = "UPDATE carts SET restaurant_id = $2, lines = $3, version = version + 1, changed_at = $5 \
        WHERE customer_id = $1 AND version = $4";
    /// The cart of a customer.
    FIND = "SELECT customer_id, restaurant_id, lines, version, changed_at FROM carts WHERE customer_id = $1";
    /// Empties a cart whose version is still the one that was seen.
    DELETE_VERSION = "DELETE FROM carts WHERE customer_id = $1 AND version = $2";
    /// Forgets whatever a customer has in the cart.
    DELETE = "DELETE FROM carts WHERE customer_id = $1";
    /// The cart that an order may have come from, not changed since it was placed, with the quote that was ordered.
    FIND_OF_ORDER = "SELECT c.customer_id, c.version, c.lines, q.body FROM orders o \
        JOIN carts c ON c.customer_id = o.customer_id AND c.restaurant_id = o.restaurant_id \
            AND c.changed_at <= o.placed_at \
        JOIN quotes q ON q.id = o.quote_id WHERE o.id = $1";
    /// Carts that nobody changed since a time, oldest first, at most so many.
    LIST_OLD = "SELECT customer_id, version FROM carts WHERE changed_at < $1 ORDER BY changed_at LIMIT $2";
}

records! {
    /// A row of `carts`.
    CartRow {
        /// Whose.
        customer_id: CustomerId,
        /// From where.
        restaurant_id: RestaurantId,
        /// The lines as JSON.
        lines: String,
        /// Grows with every change.
        version: i64,
        /// When it changed last.
        changed_at: i64,
    }

    /// A cart beside the quote that was ordered.
    OrderedCartRow {
        /// Whose.
        customer_id: CustomerId,
        /// The cart's version.
        version: i64,
        /// The cart's lines as JSON.
        lines: String,
        /// The quote as JSON.
        body: String,
    }

    /// A cart that was left.
    OldCartRow {
        /// Whose.
        customer_id: CustomerId,
        /// Its version.
        version: i64,
    }
}
