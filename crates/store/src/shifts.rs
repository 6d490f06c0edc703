//! Planned shifts of couriers: open until somebody takes one or is given it.

use domain::id::{CityId, CourierId, ShiftId, ZoneId};

use crate::{record::records, statements};

macro_rules! select_shifts {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.city_id, s.zone_id, z.name AS zone_name, s.courier_id, k.name AS courier_name, s.starts_at, ",
            "s.ends_at FROM courier_shifts s LEFT JOIN zones z ON z.id = s.zone_id ",
            "LEFT JOIN couriers k ON k.id = s.courier_id ",
            $rest
        )
    };
}

statements! {
    /// Plans a shift.
    INSERT = "INSERT INTO courier_shifts (id, city_id, zone_id, starts_at, ends_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// Gives a shift that is not over to a courier who has no other in its time; of whoever had it before, if they still do.
    GIVE = "UPDATE courier_shifts SET courier_id = $2 WHERE id = $1 AND cancelled_at IS NULL AND ends_at > $3 \
        AND (courier_id IS NULL OR courier_id = $4)";
    /// Whether a courier has another shift in the time of this one: then no row is touched.
    FREE_FOR = "UPDATE courier_shifts SET created_at = created_at WHERE id = $1 AND NOT EXISTS (\
        SELECT 1 FROM courier_shifts o WHERE o.courier_id = $2 AND o.cancelled_at IS NULL AND o.id <> courier_shifts.id \
        AND o.starts_at < courier_shifts.ends_at AND o.ends_at > courier_shifts.starts_at)";
    /// Opens a shift again that its courier gives back.
    OPEN = "UPDATE courier_shifts SET courier_id = NULL WHERE id = $1 AND courier_id = $2 AND cancelled_at IS NULL \
        AND ends_at > $3";
    /// Cancels a shift that is still in the hands that were read: id, courier or none, now.
    CANCEL = "UPDATE courier_shifts SET cancelled_at = $3 WHERE id = $1 AND cancelled_at IS NULL \
        AND COALESCE(courier_id, id) = COALESCE($2, id)";
    /// One shift.
    FIND = select_shifts!("WHERE s.id = $1 AND s.cancelled_at IS NULL");
    /// Shifts of a city that touch a time, in the order of their beginning.
    LIST = select_shifts!("WHERE s.city_id = $1 AND s.cancelled_at IS NULL AND s.starts_at < $3 AND s.ends_at > $2 \
        ORDER BY s.starts_at, s.id LIMIT 1000");
    /// Shifts of a city that a courier has or could take, in the order of their beginning.
    LIST_FOR = select_shifts!("WHERE s.city_id = $1 AND s.cancelled_at IS NULL AND s.ends_at > $3 \
        AND (s.courier_id = $2 OR (s.courier_id IS NULL AND s.starts_at < $4)) ORDER BY s.starts_at, s.id LIMIT 200");
    /// The city, the beginning and the end of a shift, cancelled or not.
    FIND_TIME = "SELECT city_id, starts_at, ends_at FROM courier_shifts WHERE id = $1";
}

records! {
    /// A planned shift with the names of its zone and courier.
    ShiftRow {
        /// Its id.
        id: ShiftId,
        /// Where.
        city_id: CityId,
        /// In which part of the city, if that was said.
        zone_id: Option<ZoneId>,
        /// What that is called.
        zone_name: Option<String>,
        /// Who has it.
        courier_id: Option<CourierId>,
        /// Their name.
        courier_name: Option<String>,
        /// From when.
        starts_at: i64,
        /// Until when.
        ends_at: i64,
    }
}
