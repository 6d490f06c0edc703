//! Couriers, their newest positions, and what they are doing.

use domain::id::{CityId, CourierId};

use crate::{record::records, statements};

macro_rules! select_couriers {
    ($rest:literal) => {
        concat!(
            "SELECT k.id, k.city_id, k.name, k.phone, k.vehicle, k.on_shift, k.rating_sum, k.rating_count, ",
            "k.version, k.suspended, k.papers_lapsed, k.break_until, k.shift_ends_at, p.lat, p.lng, p.fix_at, COALESCE(d.implausible, 0) AS implausible, ",
            "COALESCE(d.mocked, 0) AS mocked FROM couriers k ",
            "LEFT JOIN courier_positions p ON p.courier_id = k.id ",
            "LEFT JOIN courier_doubts d ON d.courier_id = k.id ",
            $rest
        )
    };
}

/// The end of the planned shift that the courier $1 has at $2, or that begins by $3. Shifts that follow one another without
/// a gap are one.
macro_rules! planned_end {
    () => {
        "(SELECT MIN(s.ends_at) FROM courier_shifts s \
            WHERE s.courier_id = couriers.id AND s.cancelled_at IS NULL AND s.ends_at > $2 AND NOT EXISTS (\
                SELECT 1 FROM courier_shifts n WHERE n.courier_id = s.courier_id AND n.cancelled_at IS NULL \
                AND n.starts_at <= s.ends_at AND n.ends_at > s.ends_at) \
            AND EXISTS (SELECT 1 FROM courier_shifts f WHERE f.courier_id = s.courier_id AND f.cancelled_at IS NULL \
                AND f.ends_at > $2 AND f.starts_at <= $3))"
    };
}

statements! {
    /// Adds a courier.
    INSERT = "INSERT INTO couriers (id, city_id, name, phone, vehicle, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Changes a courier whose version is still the one that was read.
    UPDATE = "UPDATE couriers SET name = $3, phone = $4, vehicle = $5, version = version + 1 \
        WHERE id = $1 AND version = $2 AND deleted_at IS NULL";
    /// Removes a courier who has nothing in hand: the orders stay, what names the person goes.
    DELETE = "UPDATE couriers SET deleted_at = $2, on_shift = 0, name = 'Deleted courier', phone = NULL, version = version + 1 WHERE id = $1 \
        AND deleted_at IS NULL AND NOT EXISTS (\
        SELECT 1 FROM orders o WHERE o.courier_id = couriers.id AND o.ended_at IS NULL)";
    /// Closes the account of a removed courier. It keeps a login that says nothing, as every account must have one.
    CLOSE_USER = "UPDATE users SET disabled = 1, name = 'Deleted courier', phone = NULL, login = $2, \
        password_hash = NULL, version = version + 1 WHERE courier_id = $1";
    /// Ends all sessions of a courier's account.
    REVOKE_SESSIONS = "UPDATE sessions SET revoked_at = $2, revoked_why = $3 WHERE revoked_at IS NULL \
        AND user_id IN (SELECT id FROM users WHERE courier_id = $1)";
    /// Begins a shift, which ends by itself at a time where it was planned; whoever is barred begins none: id, now, and
    /// until when a shift counts as about to begin.
    BEGIN_SHIFT = concat!("UPDATE couriers SET on_shift = 1, shift_ends_at = ", planned_end!(), ", break_until = NULL, \
        version = version + 1 WHERE id = $1 AND deleted_at IS NULL AND suspended = 0 AND papers_lapsed = 0");
    /// Gives a courier who works until a planned end the one that the plan has now, or none: id, now, and until when a
    /// shift counts as about to begin.
    FOLLOW_PLAN = concat!("UPDATE couriers SET shift_ends_at = ", planned_end!(), ", version = version + 1 \
        WHERE id = $1 AND on_shift = 1 AND shift_ends_at > $2 AND deleted_at IS NULL");
    /// Holds a courier who is at work and may be, until the transaction ends, so that a shift does not end while an order
    /// is given.
    HOLD = "UPDATE couriers SET on_shift = on_shift WHERE id = $1 AND on_shift = 1 AND deleted_at IS NULL \
        AND suspended = 0 AND papers_lapsed = 0";
    /// Holds a courier, at work or not.
    HOLD_ANY = "UPDATE couriers SET on_shift = on_shift WHERE id = $1 AND deleted_at IS NULL";
    /// One row if a courier has no more than $2 orders in hand.
    HAS_ROOM = "SELECT k.id FROM couriers k WHERE k.id = $1 \
        AND (SELECT COUNT(*) FROM orders o WHERE o.courier_id = k.id AND o.ended_at IS NULL) <= $2";
    /// Ends a shift, unless food is on board.
    END_SHIFT = "UPDATE couriers SET on_shift = 0, shift_ends_at = NULL, break_until = NULL, version = version + 1 WHERE id = $1 AND deleted_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.courier_id = couriers.id AND o.ended_at IS NULL)";
    /// Begins a break that ends by itself, or ends it.
    SET_BREAK = "UPDATE couriers SET break_until = $2, version = version + 1 WHERE id = $1 AND on_shift = 1 \
        AND deleted_at IS NULL";
    /// Bars a courier, or lets them work again.
    SET_SUSPENDED = "UPDATE couriers SET suspended = $2, version = version + 1 WHERE id = $1 AND deleted_at IS NULL";
    /// Bars a courier for missing papers, or no longer.
    SET_PAPERS_LAPSED = "UPDATE couriers SET papers_lapsed = $2, version = version + 1 WHERE id = $1 \
        AND papers_lapsed <> $2 AND deleted_at IS NULL";
    /// Couriers whose planned shift is over and who have nothing in hand.
    LIST_SHIFT_OVER = "SELECT k.id FROM couriers k WHERE k.on_shift = 1 AND k.shift_ends_at <= $1 \
        AND k.deleted_at IS NULL AND NOT EXISTS (\
        SELECT 1 FROM orders o WHERE o.courier_id = k.id AND o.ended_at IS NULL) ORDER BY k.id LIMIT $2";
    /// One courier with the newest position.
    FIND = select_couriers!("WHERE k.id = $1 AND k.deleted_at IS NULL");
    /// Couriers by id, after a cursor; only those on shift where asked.
    LIST = select_couriers!("WHERE k.id > $1 AND k.deleted_at IS NULL AND k.on_shift >= $2 ORDER BY k.id LIMIT $3");
    /// Couriers of a city who are on shift.
    LIST_ON_SHIFT = select_couriers!("WHERE k.city_id = $1 AND k.on_shift = 1 AND k.deleted_at IS NULL ORDER BY k.id");
    /// Couriers on shift in all cities whose position is known.
    LIST_PLACED = select_couriers!("WHERE k.on_shift = 1 AND k.deleted_at IS NULL AND p.fix_at IS NOT NULL");
    /// Adds a rating in stars.
    ADD_RATING = "UPDATE couriers SET rating_sum = rating_sum + $2, rating_count = rating_count + $3 WHERE id = $1";
}

records! {
    /// A courier with the newest position.
    CourierRow {
        /// Their id.
        id: CourierId,
        /// Their city.
        city_id: CityId,
        /// Their name.
        name: String,
        /// Their phone.
        phone: Option<String>,
        /// What they ride.
        vehicle: String,
        /// At work.
        on_shift: bool,
        /// Sum of stars.
        rating_sum: i64,
        /// Number of ratings.
        rating_count: i64,
        /// Grows with every change.
        version: i64,
        /// Barred by staff.
        suspended: bool,
        /// Barred for missing papers.
        papers_lapsed: bool,
        /// Nothing is offered until then.
        break_until: Option<i64>,
        /// When the planned shift at work ends.
        shift_ends_at: Option<i64>,
        /// Latitude.
        lat: Option<f64>,
        /// Longitude.
        lng: Option<f64>,
        /// When they were there.
        fix_at: Option<i64>,
        /// Jumps reported that nobody rides.
        implausible: i64,
        /// Positions reported that the phone itself called made up.
        mocked: i64,
    }
}
