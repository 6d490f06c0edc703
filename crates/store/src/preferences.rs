//! Preferences: what a customer likes and wants to hear. Their language stands with the customer.

use domain::id::{AddressId, CustomerId};

use crate::{record::records, statements};

statements! {
    /// What a customer prefers; nulls and version 0 where they never said. An address that was removed is none.
    FIND = "SELECT c.id, c.language, p.diet, p.spice, p.allergens, p.offers, p.news, a.id AS address_id, \
        p.tip_paise, p.version FROM customers c LEFT JOIN customer_preferences p ON p.customer_id = c.id \
        LEFT JOIN addresses a ON a.id = p.address_id AND a.customer_id = c.id AND a.deleted_at IS NULL \
        WHERE c.id = $1 AND c.deleted_at IS NULL";
    /// Keeps the preferences of a customer who never said any: customer, diet, spice, allergens, offers, news, address,
    /// tip, time.
    INSERT = "INSERT INTO customer_preferences (customer_id, diet, spice, allergens, offers, news, address_id, \
        tip_paise, version, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9) \
        ON CONFLICT (customer_id) DO NOTHING";
    /// Keeps the preferences of a customer whatever they said before: the same.
    PUT = "INSERT INTO customer_preferences (customer_id, diet, spice, allergens, offers, news, address_id, \
        tip_paise, version, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9) \
        ON CONFLICT (customer_id) DO UPDATE SET diet = excluded.diet, spice = excluded.spice, \
        allergens = excluded.allergens, offers = excluded.offers, news = excluded.news, \
        address_id = excluded.address_id, tip_paise = excluded.tip_paise, \
        version = customer_preferences.version + 1, changed_at = excluded.changed_at";
    /// Replaces preferences whose version is still the one that was seen: the same, and the version.
    UPDATE = "UPDATE customer_preferences SET diet = $2, spice = $3, allergens = $4, offers = $5, news = $6, \
        address_id = $7, tip_paise = $8, version = version + 1, changed_at = $9 WHERE customer_id = $1 AND version = $10";
    /// Sets the language of a customer; their version grows where it was another.
    SET_LANGUAGE = "UPDATE customers SET language = $2, \
        version = version + CASE WHEN language = $2 THEN 0 ELSE 1 END WHERE id = $1 AND deleted_at IS NULL";
    /// Forgets what a customer prefers.
    DELETE = "DELETE FROM customer_preferences WHERE customer_id = $1";
}

records! {
    /// What a customer prefers.
    PreferencesRow {
        /// Whose.
        id: CustomerId,
        /// The language they read.
        language: String,
        /// What they eat.
        diet: Option<String>,
        /// How hot they like it.
        spice: Option<String>,
        /// What they avoid, as JSON.
        allergens: Option<String>,
        /// They want to hear of offers.
        offers: Option<i64>,
        /// They want to hear of news.
        news: Option<i64>,
        /// Where to, unless they say otherwise.
        address_id: Option<AddressId>,
        /// The tip to begin with.
        tip_paise: Option<i64>,
        /// Grows with every change.
        version: Option<i64>,
    }
}
