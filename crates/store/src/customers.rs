//! Customers and their addresses.

use domain::id::{AddressId, CustomerId};

use crate::{record::records, statements};

macro_rules! select_customers {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.name, c.phone, c.email, c.language, c.version, c.created_at, ",
            "(SELECT CAST(COUNT(*) AS BIGINT) FROM orders o WHERE o.customer_id = c.id) AS order_count FROM customers c ",
            $rest
        )
    };
}

statements! {
    /// Adds a customer.
    INSERT = "INSERT INTO customers (id, name, phone, email, language, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Changes a customer whose version is still the one that was read.
    UPDATE = "UPDATE customers SET name = $3, phone = $4, email = $5, language = $6, version = version + 1 \
        WHERE id = $1 AND version = $2 AND deleted_at IS NULL";
    /// Removes a customer: the orders stay, what names the person goes.
    DELETE = "UPDATE customers SET deleted_at = $2, name = 'Deleted customer', phone = NULL, email = NULL, \
        version = version + 1 WHERE id = $1 AND deleted_at IS NULL";
    /// An order of a customer that has not ended.
    FIND_OPEN_ORDER = "SELECT id FROM orders WHERE customer_id = $1 AND ended_at IS NULL LIMIT 1";
    /// Forgets all addresses of a customer; orders keep the one they went to.
    DELETE_ADDRESSES = "DELETE FROM addresses WHERE customer_id = $1";
    /// Closes the account of a removed customer. It keeps a login that says nothing, as every account must have one.
    CLOSE_USER = "UPDATE users SET disabled = 1, name = 'Deleted customer', phone = NULL, login = $2, \
        password_hash = NULL, version = version + 1 WHERE customer_id = $1";
    /// Ends all sessions of a customer's account.
    REVOKE_SESSIONS = "UPDATE sessions SET revoked_at = $2, revoked_why = $3 WHERE revoked_at IS NULL \
        AND user_id IN (SELECT id FROM users WHERE customer_id = $1)";
    /// One customer with the number of orders.
    FIND = select_customers!("WHERE c.id = $1 AND c.deleted_at IS NULL");
    /// A customer by phone.
    FIND_BY_PHONE = "SELECT id FROM customers WHERE phone = $1 AND deleted_at IS NULL";
    /// Customers by id after a cursor; where the first pattern is not empty, only those whose lower-case name or e-mail
    /// fits it or whose phone fits the second. In patterns, `!` escapes.
    SEARCH = select_customers!("WHERE c.deleted_at IS NULL AND c.id > $1 AND ($2 = '' \
        OR LOWER(c.name) LIKE $2 ESCAPE '!' OR c.phone LIKE $3 ESCAPE '!' OR LOWER(c.email) LIKE $2 ESCAPE '!') \
        ORDER BY c.id LIMIT $4");
    /// Adds an address.
    INSERT_ADDRESS = "INSERT INTO addresses (id, customer_id, label, line1, line2, landmark, instruction, pin, lat, \
        lng, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// Changes an address.
    UPDATE_ADDRESS = "UPDATE addresses SET label = $3, line1 = $4, line2 = $5, landmark = $6, instruction = $7, \
        pin = $8, lat = $9, lng = $10 WHERE id = $1 AND customer_id = $2 AND deleted_at IS NULL";
    /// Removes an address.
    DELETE_ADDRESS = "UPDATE addresses SET deleted_at = $3 WHERE id = $1 AND customer_id = $2 AND deleted_at IS NULL";
    /// Addresses of a customer, oldest first.
    LIST_ADDRESSES = "SELECT id, customer_id, label, line1, line2, landmark, instruction, pin, lat, lng \
        FROM addresses WHERE customer_id = $1 AND deleted_at IS NULL ORDER BY created_at, id";
    /// One address of a customer.
    FIND_ADDRESS = "SELECT id, customer_id, label, line1, line2, landmark, instruction, pin, lat, lng \
        FROM addresses WHERE id = $1 AND customer_id = $2 AND deleted_at IS NULL";
}

records! {
    /// A customer with the number of orders.
    CustomerRow {
        /// Their id.
        id: CustomerId,
        /// Their name.
        name: String,
        /// Their phone.
        phone: Option<String>,
        /// Their e-mail address.
        email: Option<String>,
        /// The language they read.
        language: String,
        /// Grows with every change.
        version: i64,
        /// Since when.
        created_at: i64,
        /// How many orders.
        order_count: i64,
    }

    /// A row of `addresses`.
    AddressRow {
        /// Its id.
        id: AddressId,
        /// Whose.
        customer_id: CustomerId,
        /// A name such as Home.
        label: String,
        /// House and street.
        line1: String,
        /// Floor, flat.
        line2: Option<String>,
        /// Something to look for.
        landmark: Option<String>,
        /// A word to the courier.
        instruction: Option<String>,
        /// Postal code.
        pin: String,
        /// Latitude.
        lat: f64,
        /// Longitude.
        lng: f64,
    }
}
