//! What a day is recorded from: orders with what kitchens made of them, and when couriers were at work. Reads only.
//!
//! An order's day is told by its id, as ids are in the order of time and the table has no index on the moment of placing.

use domain::id::{CourierId, RestaurantId};

use crate::{record::records, statements};

statements! {
    /// Kitchens of a city with an order between two ids.
    LIST_KITCHENS = "SELECT r.id, r.name, r.lat, r.lng, r.prep_minutes, r.commission_bp FROM restaurants r \
        WHERE r.id IN (SELECT o.restaurant_id FROM orders o WHERE o.city_id = $1 AND o.id >= $2 AND o.id < $3) \
        ORDER BY r.id";
    /// Orders of a city between two ids in the order of placing, each with who took its newest step.
    LIST_ORDERS = "SELECT o.restaurant_id, o.status, h.mover, o.placed_at, o.accepted_at, o.prep_minutes, o.ready_at, \
        o.ended_at, o.food_paise, o.tip_paise, q.body AS quote FROM orders o JOIN quotes q ON q.id = o.quote_id \
        JOIN order_history h ON h.order_id = o.id AND h.position = o.version \
        WHERE o.city_id = $1 AND o.id >= $2 AND o.id < $3 ORDER BY o.placed_at, o.id";
    /// Couriers of a city, removed ones too, with where they were first seen between two moments, or else last of all.
    LIST_COURIERS = "SELECT k.id, k.vehicle, COALESCE(t.lat, p.lat) AS lat, COALESCE(t.lng, p.lng) AS lng \
        FROM couriers k LEFT JOIN (SELECT courier_id, MIN(at) AS at FROM courier_traces \
            WHERE city_id = $1 AND at >= $2 AND at < $3 GROUP BY courier_id) f ON f.courier_id = k.id \
        LEFT JOIN courier_traces t ON t.courier_id = f.courier_id AND t.at = f.at \
        LEFT JOIN courier_positions p ON p.courier_id = k.id WHERE k.city_id = $1 ORDER BY k.id";
    /// What the log says of couriers of a city before a moment, oldest first: who, the event, when.
    LIST_MARKS = "SELECT subject, payload, at_us FROM outbox \
        WHERE city_id = $1 AND kind = 'courier_changed' AND at_us < $2 ORDER BY xid, seq";
    /// Planned shifts of a city that touch a time and that somebody had.
    LIST_PLANNED = "SELECT courier_id, starts_at, ends_at FROM courier_shifts WHERE city_id = $1 \
        AND courier_id IS NOT NULL AND cancelled_at IS NULL AND starts_at < $3 AND ends_at > $2 ORDER BY starts_at, id";
    /// What couriers of a city did: offers made to them between two moments, and orders between two ids.
    LIST_WORK = "SELECT courier_id, made_at AS starts_at, COALESCE(answered_at, expires_at) AS ends_at FROM offers \
        WHERE city_id = $1 AND made_at >= $2 AND made_at < $3 \
        UNION ALL SELECT courier_id, courier_at, COALESCE(ended_at, courier_at) FROM orders \
        WHERE city_id = $1 AND id >= $4 AND id < $5 AND courier_id IS NOT NULL AND courier_at IS NOT NULL";
}

records! {
    /// A kitchen.
    DayKitchenRow {
        /// Its id.
        id: RestaurantId,
        /// Its name.
        name: String,
        /// Its latitude.
        lat: f64,
        /// Its longitude.
        lng: f64,
        /// Its usual preparation time, minutes.
        prep_minutes: i64,
        /// The platform's share, in basis points.
        commission_bp: i64,
    }

    /// An order and what became of it.
    DayOrderRow {
        /// The kitchen.
        restaurant_id: RestaurantId,
        /// Where it stands.
        status: String,
        /// Who took it there.
        mover: String,
        /// When it was placed.
        placed_at: i64,
        /// When the kitchen accepted.
        accepted_at: Option<i64>,
        /// What it promised.
        prep_minutes: Option<i64>,
        /// When the food was ready.
        ready_at: Option<i64>,
        /// When the order ended, well or badly.
        ended_at: Option<i64>,
        /// Dishes and packing before tax.
        food_paise: i64,
        /// Tip.
        tip_paise: i64,
        /// The quote as JSON.
        quote: String,
    }

    /// A courier and where they were.
    DayCourierRow {
        /// Their id.
        id: CourierId,
        /// What they ride.
        vehicle: String,
        /// Latitude.
        lat: Option<f64>,
        /// Longitude.
        lng: Option<f64>,
    }

    /// A time at work.
    WorkRow {
        /// Whose.
        courier_id: CourierId,
        /// From when.
        starts_at: i64,
        /// Until when.
        ends_at: i64,
    }
}
