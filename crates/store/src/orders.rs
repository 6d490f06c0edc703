//! Orders, their lines and their history.

use domain::{
    geo::Point,
    id::{CityId, CourierId, CustomerId, MenuItemId, OrderId, QuoteId, RestaurantId, ZoneId},
};

use crate::{record::records, statements};

macro_rules! select_orders {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.city_id, o.zone_id, o.day, o.number, o.letter, o.quote_id, o.restaurant_id, ",
            "o.customer_id, o.courier_id, o.status, o.version, o.method, o.payment_status, o.food_paise, ",
            "o.fees_paise, o.taxes_paise, o.tip_paise, o.total_paise, o.commission_paise, ",
            "o.courier_pay_paise, o.delivery_code, o.note, o.placed_at, o.accept_by, o.accepted_at, ",
            "o.prep_minutes, o.promised_ready_at, o.ready_at, o.courier_at, o.first_mile_s, o.stop, o.detour_s, o.arrived_at, ",
            "o.picked_up_at, o.door_at, o.delivered_at, o.ended_at, o.reason, o.eta_reason, o.eta_low, o.eta_high, ",
            "o.first_eta_low, ",
            "o.first_eta_high, q.body AS quote, r.name AS restaurant_name, ",
            "r.locality AS restaurant_locality, r.lat AS restaurant_lat, r.lng AS restaurant_lng, ",
            "r.phone AS restaurant_phone, c.name AS customer_name, c.phone AS customer_phone, ",
            "k.name AS courier_name, k.vehicle AS courier_vehicle, k.phone AS courier_phone, ",
            "k.rating_sum AS courier_rating_sum, k.rating_count AS courier_rating_count ",
            "FROM orders o JOIN quotes q ON q.id = o.quote_id JOIN restaurants r ON r.id = o.restaurant_id ",
            "JOIN customers c ON c.id = o.customer_id LEFT JOIN couriers k ON k.id = o.courier_id ",
            $rest
        )
    };
}

statements! {
    /// Reserves a block of numbers of a zone's day: answers the first one after the block.
    RESERVE_NUMBERS = "INSERT INTO order_numbers (zone_id, day, next) VALUES ($1, $2, CAST($3 AS BIGINT) + 1) \
        ON CONFLICT (zone_id, day) DO UPDATE SET next = order_numbers.next + $3 RETURNING next";
    /// Adds a step to an order's history. The keys let only legal steps from the newest one pass.
    INSERT_HISTORY = "INSERT INTO order_history (order_id, position, previous_position, from_status, to_status, \
        mover, user_id, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// One row if a quote can be ordered: it names this city, restaurant and customer, and the restaurant is active, not
    /// paused, and its menu still the one that was priced.
    ORDERABLE = "SELECT q.id FROM quotes q JOIN restaurants r ON r.id = q.restaurant_id \
        WHERE q.id = $1 AND q.city_id = $2 AND q.restaurant_id = $3 AND q.customer_id = $4 AND r.menu_version = $5 \
        AND r.active = 1 AND r.deleted_at IS NULL AND (r.paused_until IS NULL OR r.paused_until <= $6)";
    /// Turns a quote into an order; no row where it has become one already.
    INSERT = "INSERT INTO orders (id, city_id, zone_id, day, number, letter, quote_id, restaurant_id, customer_id, \
        status, version, method, payment_status, food_paise, fees_paise, taxes_paise, tip_paise, total_paise, \
        commission_paise, courier_pay_paise, delivery_code, note, placed_at, accept_by, eta_low, eta_high, \
        first_eta_low, first_eta_high) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'placed', 0, $10, $11, $12, $13, \
        $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $23, $24) ON CONFLICT (quote_id) DO NOTHING";
    /// Adds a line.
    INSERT_LINE = "INSERT INTO order_lines (order_id, position, item_id, name, quantity, unit_paise) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// One order with what people call its parts.
    FIND = select_orders!("WHERE o.id = $1");
    /// Whose an order is and how it stands: what must be known before anything is said of it.
    FIND_GIST = "SELECT customer_id, restaurant_id, courier_id, status, version FROM orders WHERE id = $1";
    /// The newest order of all.
    FIND_NEWEST = "SELECT id FROM orders ORDER BY id DESC LIMIT 1";
    /// Orders of a customer, newest first, before a cursor; of one status where it is not empty.
    LIST_OF_CUSTOMER = select_orders!("WHERE o.customer_id = $1 AND o.id < $2 AND ($3 = '' OR o.status = $3) \
        ORDER BY o.id DESC LIMIT $4");
    /// The same, of a restaurant.
    LIST_OF_RESTAURANT = select_orders!("WHERE o.restaurant_id = $1 AND o.id < $2 AND ($3 = '' OR o.status = $3) \
        ORDER BY o.id DESC LIMIT $4");
    /// The same, of a courier.
    LIST_OF_COURIER = select_orders!("WHERE o.courier_id = $1 AND o.id < $2 AND ($3 = '' OR o.status = $3) \
        ORDER BY o.id DESC LIMIT $4");
    /// The same, of everybody.
    LIST = select_orders!("WHERE o.id < $1 AND ($2 = '' OR o.status = $2) ORDER BY o.id DESC LIMIT $3");
    /// Open orders, newest first, before a cursor.
    LIST_OPEN = select_orders!("WHERE o.ended_at IS NULL AND o.id < $1 ORDER BY o.id DESC LIMIT $2");
    /// Open orders of a customer, newest first, before a cursor.
    LIST_OPEN_OF_CUSTOMER = select_orders!("WHERE o.customer_id = $1 AND o.ended_at IS NULL AND o.id < $2 \
        ORDER BY o.id DESC LIMIT $3");
    /// The same, of a restaurant.
    LIST_OPEN_OF_RESTAURANT = select_orders!("WHERE o.restaurant_id = $1 AND o.ended_at IS NULL AND o.id < $2 \
        ORDER BY o.id DESC LIMIT $3");
    /// The same, of a courier.
    LIST_OPEN_OF_COURIER = select_orders!("WHERE o.courier_id = $1 AND o.ended_at IS NULL AND o.id < $2 \
        ORDER BY o.id DESC LIMIT $3");
    /// The order that a courier brought to its door last, well or badly: its quote, and when it ended.
    FIND_DOOR_LEFT = "SELECT q.body, o.ended_at FROM orders o JOIN quotes q ON q.id = o.quote_id \
        WHERE o.courier_id = $1 AND o.ended_at IS NOT NULL AND o.picked_up_at IS NOT NULL \
        ORDER BY o.ended_at DESC, o.id DESC LIMIT 1";
    /// Open orders of a city, oldest first.
    LIST_OPEN_OF_CITY = select_orders!("WHERE o.city_id = $1 AND o.ended_at IS NULL ORDER BY o.id LIMIT $2");
    /// Couriers of a city who have an order in hand.
    LIST_BUSY = "SELECT DISTINCT courier_id FROM orders \
        WHERE city_id = $1 AND ended_at IS NULL AND courier_id IS NOT NULL ORDER BY courier_id";
    /// The history of an order after a position.
    LIST_HISTORY = "SELECT position, to_status, mover, reason, at FROM order_history \
        WHERE order_id = $1 AND position > $2 ORDER BY position";
    /// Moves an order whose version and status are still the ones that were read.
    MOVE = "UPDATE orders SET status = $4, version = version + 1, payment_status = $5, ended_at = $6, reason = $7 \
        WHERE id = $1 AND version = $2 AND status = $3";
    /// The kitchen's promise.
    SET_ACCEPTED = "UPDATE orders SET accepted_at = $2, prep_minutes = $3, promised_ready_at = $4 WHERE id = $1";
    /// The food is ready.
    SET_READY = "UPDATE orders SET ready_at = $2 WHERE id = $1";
    /// The courier has it; no row where another courier was given the order meanwhile.
    SET_PICKED_UP = "UPDATE orders SET picked_up_at = $2 WHERE id = $1 AND courier_id = $3";
    /// The customer has it.
    SET_DELIVERED = "UPDATE orders SET delivered_at = $2 WHERE id = $1";
    /// When it should arrive, and why that moved.
    SET_ETA = "UPDATE orders SET eta_low = $2, eta_high = $3, eta_reason = $4 WHERE id = $1";
    /// The same where nothing else moved it meanwhile; no row once the order has moved on.
    SET_ETA_LATER = "UPDATE orders SET eta_low = $2, eta_high = $3, eta_reason = $4 \
        WHERE id = $1 AND version = $5 AND eta_high = $6 AND ended_at IS NULL";
    /// The kitchen promises another time; no row once the food is ready.
    SET_PROMISE = "UPDATE orders SET promised_ready_at = $2, eta_low = $3, eta_high = $4, eta_reason = $5 \
        WHERE id = $1 AND version = $6 AND status IN ('accepted', 'preparing')";
    /// Gives the order to a courier; no row where another has it, or it is on the way or over.
    SET_COURIER = "UPDATE orders SET courier_id = $2, courier_at = $3, first_mile_s = $5, stop = $6, detour_s = $7, \
        arrived_at = NULL \
        WHERE id = $1 AND status IN ('placed', 'accepted', 'preparing', 'ready') \
        AND (courier_id IS NULL OR courier_id = $4)";
    /// Takes the order from a courier who has not picked it up; no row where it moved on meanwhile.
    RELEASE_COURIER = "UPDATE orders SET courier_id = NULL, courier_at = NULL, stop = NULL, detour_s = NULL, \
        arrived_at = NULL \
        WHERE id = $1 AND courier_id = $2 AND status IN ('placed', 'accepted', 'preparing', 'ready')";
    /// One row if an order is a courier's, or nobody's as was read.
    OF_COURIER = "SELECT id FROM orders WHERE id = $1 AND courier_id IS NOT DISTINCT FROM $2";
    /// The orders that a courier took together at $2 and that were not called off, in the sequence of delivery.
    LIST_TRIP = select_orders!("WHERE o.courier_id = $1 AND o.courier_at = $2 AND o.stop IS NOT NULL \
        AND o.status NOT IN ('cancelled', 'rejected') ORDER BY o.stop");
    /// Orders of a city that wait at a counter while something of their trip is on board or done.
    LIST_LEFT_BEHIND = "SELECT o.id FROM orders o WHERE o.city_id = $1 AND o.ended_at IS NULL AND o.picked_up_at IS NULL \
        AND o.stop IS NOT NULL AND EXISTS (SELECT 1 FROM orders p WHERE p.courier_id = o.courier_id \
            AND p.courier_at = o.courier_at AND p.stop IS NOT NULL AND p.picked_up_at IS NOT NULL)";
    /// The place of an open order in the trip that its courier took at $3, and by how much the doors before make it later;
    /// no row once it has ended or left that trip.
    SET_TRIP = "UPDATE orders SET stop = $4, detour_s = $5 \
        WHERE id = $1 AND courier_id = $2 AND courier_at = $3 AND ended_at IS NULL";
    /// The same of an order that is not on board yet; no row where any of that has changed.
    JOIN_TRIP = "UPDATE orders SET stop = $4, detour_s = $5 \
        WHERE id = $1 AND courier_id = $2 AND courier_at = $3 AND picked_up_at IS NULL AND ended_at IS NULL";
    /// One row if an order rides alone.
    RIDES_ALONE = "SELECT id FROM orders WHERE id = $1 AND stop IS NULL";
    /// Lets an order that its courier took at $3 ride alone; no row where it is on board or has left them.
    RIDE_ALONE = "UPDATE orders SET stop = NULL, detour_s = NULL \
        WHERE id = $1 AND courier_id = $2 AND courier_at = $3 AND picked_up_at IS NULL AND ended_at IS NULL";
    /// Orders whose courier has been silent: since $1 with food on board and not yet called, since $2 on the way to the
    /// counter. Who stands at the counter may put the phone away.
    LIST_SILENT = "SELECT o.id FROM orders o LEFT JOIN courier_positions p ON p.courier_id = o.courier_id \
        WHERE o.ended_at IS NULL AND o.courier_id IS NOT NULL AND (\
        (o.picked_up_at IS NOT NULL AND o.dark_at IS NULL AND o.courier_at <= $1 AND COALESCE(p.fix_at, 0) <= $1) \
        OR (o.picked_up_at IS NULL AND o.arrived_at IS NULL AND o.courier_at <= $2 AND COALESCE(p.fix_at, 0) <= $2)) \
        ORDER BY o.id LIMIT $3";
    /// The silent courier was called.
    SET_DARK = "UPDATE orders SET dark_at = $2 WHERE id = $1 AND dark_at IS NULL AND ended_at IS NULL";
    /// Orders of a city by kitchen, placed between two moments that the ids tell.
    COUNT_BY_KITCHEN = "SELECT restaurant_id, CAST(COUNT(*) AS BIGINT) FROM orders \
        WHERE city_id = $1 AND id >= $2 AND id < $3 GROUP BY restaurant_id ORDER BY restaurant_id";
    /// When the first order of a city was placed.
    FIND_OLDEST_OF_CITY = "SELECT placed_at FROM orders WHERE city_id = $1 ORDER BY id LIMIT 1";
    /// The courier is at the counter.
    SET_ARRIVED = "UPDATE orders SET arrived_at = $3 WHERE id = $1 AND courier_id = $2 AND arrived_at IS NULL \
        AND (status IN ('accepted', 'preparing', 'ready') OR (status = 'picked_up' AND picked_up_at >= $3))";
    /// The courier is at the door, with the food.
    SET_AT_DOOR = "UPDATE orders SET door_at = $3 WHERE id = $1 AND courier_id = $2 AND door_at IS NULL \
        AND status = 'picked_up'";
    /// Orders whose kitchen let the time for an answer pass.
    LIST_UNANSWERED = "SELECT id FROM orders WHERE status = 'placed' AND accept_by <= $1 ORDER BY accept_by LIMIT $2";
    /// How many orders a courier has in hand, other than one.
    COUNT_IN_HAND = "SELECT CAST(COUNT(*) AS BIGINT) FROM orders \
        WHERE courier_id = $1 AND ended_at IS NULL AND id <> $2";
    /// Open orders of a restaurant that are not yet ready: the kitchen's queue.
    COUNT_COOKING = "SELECT CAST(COUNT(*) AS BIGINT) FROM orders WHERE restaurant_id = $1 AND ended_at IS NULL \
        AND status IN ('placed', 'accepted', 'preparing')";
    /// Orders of a city delivered since a moment: how many, and how many within the promise.
    COUNT_PUNCTUAL = "SELECT CAST(COUNT(*) AS BIGINT), \
        CAST(COALESCE(SUM(CASE WHEN delivered_at <= first_eta_high THEN 1 ELSE 0 END), 0) AS BIGINT) \
        FROM orders WHERE city_id = $1 AND delivered_at >= $2 AND status = 'delivered'";
    /// Lines of an order, for stock and roll-ups.
    LIST_LINES = "SELECT item_id, name, quantity, unit_paise FROM order_lines WHERE order_id = $1 ORDER BY position";
}

records! {
    /// An order with the names of its parts and the quote it came from.
    OrderRow {
        /// Its id.
        id: OrderId,
        /// Its city.
        city_id: CityId,
        /// The zone of the door.
        zone_id: ZoneId,
        /// Local date as yyyymmdd.
        day: i64,
        /// Number of the zone's day.
        number: i64,
        /// The zone's letter.
        letter: String,
        /// The quote it came from.
        quote_id: QuoteId,
        /// The kitchen.
        restaurant_id: RestaurantId,
        /// The customer.
        customer_id: CustomerId,
        /// The courier.
        courier_id: Option<CourierId>,
        /// Where it stands.
        status: String,
        /// Position of the newest history row.
        version: i64,
        /// How it is paid.
        method: String,
        /// `due`, `paid`, `refunded` or `void`.
        payment_status: String,
        /// Dishes and packing before tax.
        food_paise: i64,
        /// Fees before tax.
        fees_paise: i64,
        /// Taxes.
        taxes_paise: i64,
        /// Tip.
        tip_paise: i64,
        /// What the customer pays.
        total_paise: i64,
        /// The platform's share of the food.
        commission_paise: i64,
        /// What the courier earns for the way.
        courier_pay_paise: i64,
        /// Said at the door.
        delivery_code: String,
        /// A word to the kitchen.
        note: Option<String>,
        /// When it was placed.
        placed_at: i64,
        /// When silence becomes a refusal.
        accept_by: i64,
        /// When the kitchen accepted.
        accepted_at: Option<i64>,
        /// What it promised.
        prep_minutes: Option<i64>,
        /// When the food should be ready.
        promised_ready_at: Option<i64>,
        /// When it was.
        ready_at: Option<i64>,
        /// When the courier took the job.
        courier_at: Option<i64>,
        /// Seconds that the courier should take to the counter from then.
        first_mile_s: Option<i64>,
        /// The place among the doors of those that were taken together.
        stop: Option<i64>,
        /// By how many seconds the doors before make this one later.
        detour_s: Option<i64>,
        /// When the courier came to the counter.
        arrived_at: Option<i64>,
        /// When the food left.
        picked_up_at: Option<i64>,
        /// When the courier came to the door.
        door_at: Option<i64>,
        /// When it arrived.
        delivered_at: Option<i64>,
        /// When the order ended, well or badly.
        ended_at: Option<i64>,
        /// Why it ended badly.
        reason: Option<String>,
        /// Why the arrival moved.
        eta_reason: Option<String>,
        /// Arrival, early end.
        eta_low: i64,
        /// Arrival, late end.
        eta_high: i64,
        /// First said, early end.
        first_eta_low: i64,
        /// First said, late end.
        first_eta_high: i64,
        /// The quote as JSON.
        quote: String,
        /// The restaurant's name.
        restaurant_name: String,
        /// Its neighbourhood.
        restaurant_locality: String,
        /// Its latitude.
        restaurant_lat: f64,
        /// Its longitude.
        restaurant_lng: f64,
        /// Its phone.
        restaurant_phone: Option<String>,
        /// The customer's name.
        customer_name: String,
        /// The customer's phone.
        customer_phone: Option<String>,
        /// The courier's name.
        courier_name: Option<String>,
        /// The courier's vehicle.
        courier_vehicle: Option<String>,
        /// The courier's phone.
        courier_phone: Option<String>,
        /// Sum of the courier's stars.
        courier_rating_sum: Option<i64>,
        /// Number of the courier's ratings.
        courier_rating_count: Option<i64>,
    }

    /// Whose an order is and how it stands.
    GistRow {
        /// The customer.
        customer_id: CustomerId,
        /// The kitchen.
        restaurant_id: RestaurantId,
        /// The courier.
        courier_id: Option<CourierId>,
        /// Where it stands.
        status: String,
        /// Position of the newest history row.
        version: i64,
    }

    /// A step in an order's history.
    HistoryRow {
        /// Its place.
        position: i64,
        /// The status it led to.
        to_status: String,
        /// Who.
        mover: String,
        /// Why.
        reason: Option<String>,
        /// When.
        at: i64,
    }

    /// A line of an order.
    LineRow {
        /// The dish.
        item_id: MenuItemId,
        /// Its name.
        name: String,
        /// How many.
        quantity: i64,
        /// Price of one.
        unit_paise: i64,
    }
}

impl OrderRow {
    /// Where the food waits: the kitchen's counter.
    pub const fn counter(&self) -> Point {
        Point { lat: self.restaurant_lat, lng: self.restaurant_lng }
    }
}
