//! Planned routes of distributors: a day, a depot, stops in order, and who drives.

use domain::id::{CityId, CourierId, RouteId};

use crate::{record::records, statements};

macro_rules! select_routes {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.city_id, t.courier_id, t.name, t.day, t.status, t.depot_lat, t.depot_lng, t.stops, ",
            "t.version FROM routes t ",
            $rest
        )
    };
}

statements! {
    /// Adds a route.
    INSERT = "INSERT INTO routes (id, city_id, courier_id, name, day, status, depot_lat, depot_lng, stops, \
        created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// Changes a route whose version is still the one that was read.
    UPDATE = "UPDATE routes SET courier_id = $3, name = $4, day = $5, status = $6, depot_lat = $7, depot_lng = $8, \
        stops = $9, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL";
    /// Removes a route.
    DELETE = "UPDATE routes SET deleted_at = $2, version = version + 1 WHERE id = $1 AND deleted_at IS NULL";
    /// One route.
    FIND = select_routes!("WHERE t.id = $1 AND t.deleted_at IS NULL");
    /// Routes by id, after a cursor; of one day where it is not empty.
    LIST = select_routes!("WHERE t.deleted_at IS NULL AND t.id > $1 AND ($2 = '' OR t.day = $2) \
        ORDER BY t.id LIMIT $3");
    /// The same, of a city.
    LIST_OF_CITY = select_routes!("WHERE t.city_id = $1 AND t.deleted_at IS NULL AND t.id > $2 \
        AND ($3 = '' OR t.day = $3) ORDER BY t.id LIMIT $4");
    /// The same, of a courier, without what is only planned yet.
    LIST_OF_COURIER = select_routes!("WHERE t.courier_id = $1 AND t.status <> 'draft' AND t.deleted_at IS NULL \
        AND t.id > $2 AND ($3 = '' OR t.day = $3) ORDER BY t.id LIMIT $4");
}

records! {
    /// A row of `routes`.
    RouteRow {
        /// Its id.
        id: RouteId,
        /// Its city.
        city_id: CityId,
        /// Who drives it.
        courier_id: Option<CourierId>,
        /// Its name.
        name: String,
        /// The local day, as in 2026-11-20.
        day: String,
        /// `draft`, `published` or `done`.
        status: String,
        /// Latitude of the depot.
        depot_lat: f64,
        /// Longitude of the depot.
        depot_lng: f64,
        /// The stops in order, as JSON.
        stops: String,
        /// Grows with every change.
        version: i64,
    }
}
