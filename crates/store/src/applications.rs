//! Applications of couriers, and who decided what about them.

use domain::id::{ApplicationId, CityId, CourierId, UserId};

use crate::{record::records, statements};

macro_rules! select_applications {
    ($rest:literal) => {
        concat!(
            "SELECT id, city_id, name, CASE WHEN phone <> '' THEN phone ELSE COALESCE((SELECT k.phone FROM couriers k ",
            "WHERE k.id = courier_id), '') END AS phone, vehicle, languages, state, version, reason, courier_id, ",
            "applied_at, moved_at FROM courier_applications ",
            $rest
        )
    };
}

statements! {
    /// Adds an application; the keys allow one open one a phone.
    INSERT = "INSERT INTO courier_applications (id, city_id, name, phone, vehicle, languages, state, version, \
        applied_at, moved_at) VALUES ($1, $2, $3, $4, $5, $6, 'applied', 0, $7, $7)";
    /// Adds the record of a courier whom staff registered and now suspend. Nobody proved a phone for it: theirs is shown.
    INSERT_SUSPENDED = "INSERT INTO courier_applications (id, city_id, name, phone, vehicle, languages, state, version, \
        reason, courier_id, applied_at, moved_at) VALUES ($1, $2, $3, '', $4, '', 'suspended', $5, $6, $7, $8, $8)";
    /// Moves an application that is still where it was read.
    MOVE = "UPDATE courier_applications SET state = $3, version = version + 1, reason = $4, courier_id = $5, \
        moved_at = $6 WHERE id = $1 AND version = $2";
    /// Adds a step: position, and the states before and after.
    INSERT_STEP = "INSERT INTO application_history (application_id, position, previous_position, from_state, to_state, \
        user_id, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Forgets who applied, once they are a courier who is removed: in earlier applications too.
    FORGET_OF_COURIER = "UPDATE courier_applications SET name = 'Deleted courier', phone = '', languages = '' \
        WHERE courier_id = $1 OR phone IN (\
        SELECT o.phone FROM courier_applications o WHERE o.courier_id = $1 AND o.phone <> '')";
    /// One application.
    FIND = select_applications!("WHERE id = $1");
    /// The newest application of a phone.
    FIND_OF_PHONE = select_applications!("WHERE phone = $1 ORDER BY id DESC LIMIT 1");
    /// An application of a phone that nobody has decided on.
    FIND_WAITING = "SELECT id FROM courier_applications WHERE phone = $1 AND state IN ('applied', 'under_review')";
    /// The application that a courier came by.
    FIND_OF_COURIER = select_applications!("WHERE courier_id = $1");
    /// Applications in a state, oldest first, after a cursor.
    LIST = select_applications!("WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3");
    /// The steps of an application with the names of those who took them.
    LIST_STEPS = "SELECT h.from_state, h.to_state, h.user_id, u.name AS user_name, h.reason, h.at \
        FROM application_history h LEFT JOIN users u ON u.id = h.user_id WHERE h.application_id = $1 ORDER BY h.position";
}

records! {
    /// A row of `courier_applications`.
    ApplicationRow {
        /// Its id.
        id: ApplicationId,
        /// Where the person wants to work.
        city_id: CityId,
        /// Their name.
        name: String,
        /// Their phone, proved with a code; the courier's where none was. Empty where nobody has one.
        phone: String,
        /// What they ride.
        vehicle: String,
        /// Codes of the languages they speak, separated by spaces.
        languages: String,
        /// Where it stands.
        state: String,
        /// Grows with every step.
        version: i64,
        /// Why, where the newest step said so.
        reason: Option<String>,
        /// The courier it became.
        courier_id: Option<CourierId>,
        /// When it was handed in.
        applied_at: i64,
        /// When it was moved last.
        moved_at: i64,
    }

    /// A step of an application.
    StepRow {
        /// Before.
        from_state: String,
        /// After.
        to_state: String,
        /// Who took it; nobody for the applicant.
        user_id: Option<UserId>,
        /// Their name.
        user_name: Option<String>,
        /// Why.
        reason: Option<String>,
        /// When.
        at: i64,
    }
}
