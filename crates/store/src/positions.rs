//! Where couriers are and were, and what their phones said that cannot be.

use crate::{record::records, statements};

/// Rows that [`PUT_MANY`] takes.
pub const MANY: usize = 8;

statements! {
    /// Remembers the newest position of a courier; no row where a newer one is known.
    PUT = "INSERT INTO courier_positions (courier_id, city_id, lat, lng, accuracy_m, fix_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (courier_id) DO UPDATE SET lat = excluded.lat, \
        lng = excluded.lng, accuracy_m = excluded.accuracy_m, fix_at = excluded.fix_at \
        WHERE courier_positions.fix_at < excluded.fix_at";
    /// The same for eight different couriers.
    PUT_MANY = "INSERT INTO courier_positions (courier_id, city_id, lat, lng, accuracy_m, fix_at) VALUES \
        ($1, $2, $3, $4, $5, $6), ($7, $8, $9, $10, $11, $12), ($13, $14, $15, $16, $17, $18), \
        ($19, $20, $21, $22, $23, $24), ($25, $26, $27, $28, $29, $30), ($31, $32, $33, $34, $35, $36), \
        ($37, $38, $39, $40, $41, $42), ($43, $44, $45, $46, $47, $48) \
        ON CONFLICT (courier_id) DO UPDATE SET lat = excluded.lat, lng = excluded.lng, \
        accuracy_m = excluded.accuracy_m, fix_at = excluded.fix_at \
        WHERE courier_positions.fix_at < excluded.fix_at";
    /// Counts what a phone said that cannot be.
    ADD_DOUBTS = "INSERT INTO courier_doubts (courier_id, city_id, implausible, mocked, last_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (courier_id) DO UPDATE SET \
        implausible = courier_doubts.implausible + excluded.implausible, \
        mocked = courier_doubts.mocked + excluded.mocked, last_at = excluded.last_at";
    /// Keeps a point of a courier's way; no row where that moment is kept already.
    INSERT_TRACE = "INSERT INTO courier_traces (courier_id, at, city_id, lat, lng, accuracy_m) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (courier_id, at) DO NOTHING";
    /// Points of a courier's way from one moment to before another, oldest first.
    LIST_TRACE = "SELECT at, lat, lng, accuracy_m FROM courier_traces \
        WHERE courier_id = $1 AND at >= $2 AND at < $3 ORDER BY at LIMIT $4";
    /// Forgets the way of a courier.
    DELETE_TRACES = "DELETE FROM courier_traces WHERE courier_id = $1";
    /// Forgets old ways.
    PRUNE_TRACES = "DELETE FROM courier_traces WHERE at < $1";
}

records! {
    /// A point of a courier's way.
    TraceRow {
        /// When.
        at: i64,
        /// Latitude.
        lat: f64,
        /// Longitude.
        lng: f64,
        /// Radius within which it is true, metres.
        accuracy_m: f64,
    }
}
