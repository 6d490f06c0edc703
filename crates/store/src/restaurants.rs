//! Vendors and their restaurants.

use domain::id::{CityId, RestaurantId, VendorId, ZoneId};

use crate::{record::records, statements};

statements! {
    /// Adds a vendor.
    INSERT_VENDOR = "INSERT INTO vendors (id, name, legal_name, gstin, pan, fssai, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Changes a vendor whose version is still the one that was read.
    UPDATE_VENDOR = "UPDATE vendors SET name = $3, legal_name = $4, gstin = $5, pan = $6, fssai = $7, \
        version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL";
    /// Vendors by id, after a cursor.
    LIST_VENDORS = "SELECT id, name, legal_name, gstin, pan, fssai, version FROM vendors \
        WHERE deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2";
    /// One vendor.
    FIND_VENDOR = "SELECT id, name, legal_name, gstin, pan, fssai, version FROM vendors \
        WHERE id = $1 AND deleted_at IS NULL";
    /// Adds a restaurant; nothing happens where its source key is known.
    INSERT = "INSERT INTO restaurants (id, city_id, vendor_id, zone_id, source_key, name, locality, address, \
        pin, phone, lat, lng, cuisines, veg_mark, price_for_two_paise, minimum_order_paise, packing_paise, \
        prep_minutes, commission_bp, hours, active, rating_sum, rating_count, created_at) VALUES \
        ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
        $23, $24) ON CONFLICT (source_key) DO NOTHING";
    /// Changes a restaurant's profile whose version is still the one that was read. The menu version moves too, so
    /// that open quotes are checked again.
    UPDATE = "UPDATE restaurants SET name = $3, locality = $4, address = $5, pin = $6, phone = $7, cuisines = $8, \
        price_for_two_paise = $9, minimum_order_paise = $10, packing_paise = $11, prep_minutes = $12, \
        hours = $13, active = $14, version = version + 1, menu_version = menu_version + 1 \
        WHERE id = $1 AND version = $2 AND deleted_at IS NULL";
    /// Takes a restaurant off the platform; its orders keep referring to it.
    DELETE = "UPDATE restaurants SET deleted_at = $2, active = 0, version = version + 1, \
        menu_version = menu_version + 1 WHERE id = $1 AND deleted_at IS NULL";
    /// Pauses or resumes.
    SET_PAUSE = "UPDATE restaurants SET paused_until = $2, version = version + 1, \
        menu_version = menu_version + 1 WHERE id = $1 AND deleted_at IS NULL";
    /// Slows down until a time.
    SET_BUSY = "UPDATE restaurants SET busy_until = $2, busy_extra_minutes = $3, version = version + 1 \
        WHERE id = $1 AND deleted_at IS NULL";
    /// Says that the menu is another one now.
    TOUCH_MENU = "UPDATE restaurants SET menu_version = menu_version + 1 WHERE id = $1 AND deleted_at IS NULL";
    /// Says that the menu is another one now, if it still is the one that was read.
    TOUCH_MENU_FROM = "UPDATE restaurants SET menu_version = menu_version + 1 \
        WHERE id = $1 AND menu_version = $2 AND deleted_at IS NULL";
    /// Adds a rating, in tenths of a star.
    ADD_RATING = "UPDATE restaurants SET rating_sum = rating_sum + $2, rating_count = rating_count + $3, \
        version = version + 1 WHERE id = $1";
    /// One restaurant with its zone and vendor.
    FIND = "SELECT r.id, r.city_id, r.vendor_id, r.zone_id, z.letter AS zone_letter, r.name, r.locality, r.address, r.pin, \
        r.phone, r.lat, r.lng, r.cuisines, r.veg_mark, r.price_for_two_paise, r.minimum_order_paise, \
        r.packing_paise, r.prep_minutes, r.commission_bp, r.hours, r.active, r.paused_until, r.busy_until, \
        r.busy_extra_minutes, r.rating_sum, r.rating_count, r.menu_version, r.version, v.gstin, v.fssai \
        FROM restaurants r JOIN zones z ON z.id = r.zone_id JOIN vendors v ON v.id = r.vendor_id \
        WHERE r.id = $1 AND r.deleted_at IS NULL";
    /// All restaurants, for the directory.
    LIST = "SELECT r.id, r.city_id, r.vendor_id, r.zone_id, z.letter AS zone_letter, r.name, r.locality, r.address, r.pin, \
        r.phone, r.lat, r.lng, r.cuisines, r.veg_mark, r.price_for_two_paise, r.minimum_order_paise, \
        r.packing_paise, r.prep_minutes, r.commission_bp, r.hours, r.active, r.paused_until, r.busy_until, \
        r.busy_extra_minutes, r.rating_sum, r.rating_count, r.menu_version, r.version, v.gstin, v.fssai \
        FROM restaurants r JOIN zones z ON z.id = r.zone_id JOIN vendors v ON v.id = r.vendor_id \
        WHERE r.deleted_at IS NULL";
    /// Source keys that were imported already.
    LIST_SOURCE_KEYS = "SELECT source_key FROM restaurants WHERE source_key IS NOT NULL";
    /// Vendor of a name, to attach further outlets.
    FIND_VENDOR_BY_NAME = "SELECT id FROM vendors WHERE name = $1 AND deleted_at IS NULL ORDER BY id LIMIT 1";
}

records! {
    /// A row of `vendors`.
    VendorRow {
        /// Its id.
        id: VendorId,
        /// Its name.
        name: String,
        /// As registered.
        legal_name: Option<String>,
        /// GST number.
        gstin: Option<String>,
        /// Income-tax number.
        pan: Option<String>,
        /// Food licence.
        fssai: Option<String>,
        /// Grows with every change.
        version: i64,
    }

    /// A restaurant with its zone's letter and its vendor's numbers.
    RestaurantRow {
        /// Its id.
        id: RestaurantId,
        /// Its city.
        city_id: CityId,
        /// Its vendor.
        vendor_id: VendorId,
        /// Its zone.
        zone_id: ZoneId,
        /// The zone's letter.
        zone_letter: String,
        /// Its name.
        name: String,
        /// Its neighbourhood.
        locality: String,
        /// House and street.
        address: String,
        /// Postal code.
        pin: Option<String>,
        /// Phone.
        phone: Option<String>,
        /// Latitude.
        lat: f64,
        /// Longitude.
        lng: f64,
        /// JSON list of names.
        cuisines: String,
        /// What it serves at most.
        veg_mark: String,
        /// About what two people pay.
        price_for_two_paise: Option<i64>,
        /// Smallest order.
        minimum_order_paise: i64,
        /// Packing charge of an order.
        packing_paise: i64,
        /// Usual preparation time.
        prep_minutes: i64,
        /// The platform's share, in basis points.
        commission_bp: i64,
        /// JSON list of weekly spans.
        hours: String,
        /// Takes orders at all.
        active: bool,
        /// Closed by hand until then.
        paused_until: Option<i64>,
        /// Slower until then.
        busy_until: Option<i64>,
        /// By how many minutes.
        busy_extra_minutes: i64,
        /// Sum of ratings in tenths of a star.
        rating_sum: i64,
        /// Number of ratings.
        rating_count: i64,
        /// Grows with every change that a quote depends on.
        menu_version: i64,
        /// Grows with every change.
        version: i64,
        /// The vendor's GST number.
        gstin: Option<String>,
        /// The vendor's food licence.
        fssai: Option<String>,
    }
}
