//! Offers to couriers of one order or of several that are fetched together.

use domain::id::{CityId, CourierId, OfferId, OrderId};

use crate::{record::records, statements};

statements! {
    /// Makes an offer, if its first order still needs a courier and the courier is at work; the keys allow one open offer an
    /// order and one a courier.
    INSERT = "INSERT INTO offers (id, city_id, order_id, courier_id, state, pay_paise, body, made_at, expires_at) \
        SELECT $1, $2, o.id, k.id, 'made', $5, $6, $7, $8 FROM orders o, couriers k \
        WHERE o.id = $3 AND o.courier_id IS NULL AND o.ended_at IS NULL \
        AND k.id = $4 AND k.on_shift = 1 AND k.deleted_at IS NULL AND k.suspended = 0 AND k.papers_lapsed = 0 \
        AND (k.break_until IS NULL OR k.break_until <= $7)";
    /// Puts an order into an offer that is being made, if it still needs a courier; the keys allow one open offer an order.
    INSERT_ORDER = "INSERT INTO offer_orders (offer_id, order_id, city_id, stop, state, pay_paise) \
        SELECT $1, o.id, $3, $4, 'made', $5 FROM orders o \
        WHERE o.id = $2 AND o.courier_id IS NULL AND o.ended_at IS NULL";
    /// Ends an open offer.
    END = "UPDATE offers SET state = $2, answered_at = $3 WHERE id = $1 AND state = 'made'";
    /// Accepts an open offer in time; no row where an order left it since it was read.
    ACCEPT = "UPDATE offers SET state = 'accepted', answered_at = $3 WHERE id = $1 AND courier_id = $2 \
        AND state = 'made' AND expires_at > $3 AND pay_paise = $4 AND order_id = $5";
    /// Holds the open offer of an order until the transaction ends: an offer is locked before what it holds. No row where
    /// the order is on offer to nobody.
    HOLD_OF_ORDER = "UPDATE offers SET state = state WHERE state = 'made' AND id IN (\
        SELECT offer_id FROM offer_orders WHERE order_id = $1 AND state = 'made')";
    /// Holds an open offer; no row once it has ended.
    HOLD = "UPDATE offers SET state = state WHERE id = $1 AND state = 'made'";
    /// Takes an order out of an open offer.
    LEAVE = "UPDATE offer_orders SET state = NULL, left_at = $3 WHERE offer_id = $1 AND order_id = $2 AND state = 'made'";
    /// Lets an open offer that an order left be about those that remain; there must be one.
    SHRINK = "UPDATE offers SET order_id = (SELECT l.order_id FROM offer_orders l \
            WHERE l.offer_id = offers.id AND l.state = 'made' ORDER BY l.stop LIMIT 1), \
        pay_paise = (SELECT CAST(SUM(l.pay_paise) AS BIGINT) FROM offer_orders l \
            WHERE l.offer_id = offers.id AND l.state = 'made') \
        WHERE id = $1 AND state = 'made'";
    /// Withdraws whatever is open for a courier.
    WITHDRAW_OF_COURIER = "UPDATE offers SET state = 'withdrawn', answered_at = $2 \
        WHERE courier_id = $1 AND state = 'made'";
    /// One offer.
    FIND = "SELECT id, city_id, order_id, courier_id, state, pay_paise, body, made_at, expires_at FROM offers \
        WHERE id = $1";
    /// Open offers of a courier.
    LIST_OPEN_OF_COURIER = "SELECT id, city_id, order_id, courier_id, state, pay_paise, body, made_at, expires_at \
        FROM offers WHERE courier_id = $1 AND state = 'made' ORDER BY made_at";
    /// The open offer of an order.
    FIND_OPEN_OF_ORDER = "SELECT f.id, f.city_id, f.order_id, f.courier_id, f.state, f.pay_paise, f.body, f.made_at, \
        f.expires_at FROM offer_orders l JOIN offers f ON f.id = l.offer_id WHERE l.order_id = $1 AND l.state = 'made'";
    /// The offer that a courier's trip of $2 comes from: the newest, where others joined it later.
    FIND_OF_TRIP = "SELECT f.id, f.city_id, f.order_id, f.courier_id, f.state, f.pay_paise, f.body, f.made_at, \
        f.expires_at FROM orders o JOIN offer_orders l ON l.order_id = o.id JOIN offers f ON f.id = l.offer_id \
        WHERE o.courier_id = $1 AND o.courier_at = $2 AND o.stop IS NOT NULL \
        AND l.state = 'accepted' AND f.courier_id = $1 AND f.answered_at >= $2 \
        ORDER BY f.answered_at DESC, f.id DESC LIMIT 1";
    /// The orders that are still in an offer, in the sequence of delivery.
    LIST_ORDERS = "SELECT order_id FROM offer_orders WHERE offer_id = $1 AND state IS NOT NULL ORDER BY stop";
    /// Orders of an offer that was just accepted.
    LIST_ACCEPTED = "SELECT order_id FROM offer_orders WHERE offer_id = $1 AND state = 'accepted'";
    /// All orders of a city that are on offer.
    LIST_OPEN_ORDERS = "SELECT order_id FROM offer_orders WHERE city_id = $1 AND state = 'made'";
    /// Orders that are on offer and need no courier any more.
    LIST_NEEDLESS = "SELECT l.order_id FROM offer_orders l JOIN orders o ON o.id = l.order_id \
        WHERE l.state = 'made' AND (o.ended_at IS NOT NULL OR o.courier_id IS NOT NULL) ORDER BY l.order_id LIMIT $1";
    /// Open offers of a city.
    LIST_OPEN = "SELECT id, city_id, order_id, courier_id, state, pay_paise, body, made_at, expires_at \
        FROM offers WHERE city_id = $1 AND state = 'made' ORDER BY made_at";
    /// Open offers that nobody answered in time.
    LIST_OVERDUE = "SELECT id, city_id, order_id, courier_id, state, pay_paise, body, made_at, expires_at \
        FROM offers WHERE state = 'made' AND expires_at <= $1 ORDER BY expires_at LIMIT $2";
    /// Who did not take the open orders of a city, or had one taken away, and when.
    LIST_REFUSALS = "SELECT l.order_id, f.courier_id, f.answered_at FROM orders o \
        JOIN offer_orders l ON l.order_id = o.id JOIN offers f ON f.id = l.offer_id \
        WHERE o.city_id = $1 AND o.ended_at IS NULL AND l.state IN ('declined', 'expired') \
        UNION ALL SELECT l.order_id, l.courier_id, l.at FROM order_releases l JOIN orders o ON o.id = l.order_id \
        WHERE o.city_id = $1 AND o.ended_at IS NULL";
    /// Remembers from whom an order was taken.
    PUT_RELEASE = "INSERT INTO order_releases (order_id, courier_id, at) VALUES ($1, $2, $3) \
        ON CONFLICT (order_id, courier_id) DO UPDATE SET at = excluded.at";
    /// Forgets from whom orders were taken long ago.
    PRUNE_RELEASES = "DELETE FROM order_releases WHERE at < $1";
    /// Forgets the orders of the offers that [`PRUNE`] forgets next.
    PRUNE_ORDERS = "DELETE FROM offer_orders WHERE offer_id IN (\
        SELECT id FROM offers WHERE made_at < $1 AND state <> 'made' ORDER BY made_at, id LIMIT $2)";
    /// Forgets the oldest offers of those that were made before a moment and ended, at most so many.
    PRUNE = "DELETE FROM offers WHERE id IN (\
        SELECT id FROM offers WHERE made_at < $1 AND state <> 'made' ORDER BY made_at, id LIMIT $2)";
    /// How a courier answered the offers since a moment: how many there were that ended, and how many were accepted.
    COUNT_ANSWERS = "SELECT COUNT(*) AS ended, \
        CAST(COALESCE(SUM(CASE WHEN state = 'accepted' THEN 1 ELSE 0 END), 0) AS BIGINT) AS accepted FROM offers \
        WHERE courier_id = $1 AND made_at >= $2 AND state IN ('accepted', 'declined', 'expired')";
}

records! {
    /// A row of `offers`.
    OfferRow {
        /// Its id.
        id: OfferId,
        /// The city.
        city_id: CityId,
        /// The first of its orders.
        order_id: OrderId,
        /// To whom.
        courier_id: CourierId,
        /// How it stands.
        state: String,
        /// What it pays for all orders that are still in it, tips included.
        pay_paise: i64,
        /// Distances and times as JSON.
        body: String,
        /// When it was made.
        made_at: i64,
        /// Until when it may be answered.
        expires_at: i64,
    }

    /// A courier who did not take an order.
    RefusalRow {
        /// The order.
        order_id: OrderId,
        /// The courier.
        courier_id: CourierId,
        /// When.
        answered_at: Option<i64>,
    }
}
