//! Cities, zones, maps and dated rates.

use domain::id::{CityId, ZoneId};

use crate::{record::records, statements};

statements! {
    /// Adds a city.
    INSERT_CITY = "INSERT INTO cities (id, slug, name, state_code, timezone, lat, lng, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// All cities by name.
    LIST_CITIES = "SELECT id, slug, name, state_code, timezone, lat, lng FROM cities ORDER BY name, id";
    /// Adds a zone.
    INSERT_ZONE = "INSERT INTO zones (id, city_id, letter, name, polygon) VALUES ($1, $2, $3, $4, $5)";
    /// All zones of all cities.
    LIST_ZONES = "SELECT id, city_id, letter, name, polygon FROM zones ORDER BY city_id, letter";
    /// Stores a city's map.
    INSERT_MAP = "INSERT INTO city_maps (city_id, body) VALUES ($1, $2)";
    /// A city's map.
    FIND_MAP = "SELECT body FROM city_maps WHERE city_id = $1";
    /// Adds a dated rate; nothing happens where it exists.
    INSERT_RATE = "INSERT INTO rates (code, city_id, valid_from, valid_to, value, source) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code, city_id, valid_from) DO NOTHING";
    /// All rates.
    LIST_RATES = "SELECT code, city_id, valid_from, valid_to, value, source FROM rates \
        ORDER BY code, city_id, valid_from";
}

records! {
    /// A row of `cities`.
    CityRow {
        /// Its id.
        id: CityId,
        /// Its short name in addresses.
        slug: String,
        /// Its name.
        name: String,
        /// GST state code.
        state_code: String,
        /// IANA time zone.
        timezone: String,
        /// Latitude of the centre.
        lat: f64,
        /// Longitude of the centre.
        lng: f64,
    }

    /// A row of `zones`.
    ZoneRow {
        /// Its id.
        id: ZoneId,
        /// Its city.
        city_id: CityId,
        /// The letter in order numbers.
        letter: String,
        /// Its name.
        name: String,
        /// Corners as JSON, `[[lat, lng], ..]`.
        polygon: String,
    }

    /// A row of `rates`.
    RateRow {
        /// What it is for.
        code: String,
        /// Where; nil means everywhere.
        city_id: CityId,
        /// From when, in epoch microseconds.
        valid_from: i64,
        /// Until before when.
        valid_to: Option<i64>,
        /// Paise, basis points, seconds or metres, as the code says.
        value: i64,
        /// Where the figure comes from.
        source: String,
    }
}
