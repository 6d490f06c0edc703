//! Accounts, sessions, one-time codes and the keys that all nodes share.

use domain::id::{CourierId, CustomerId, RestaurantId, SessionId, UserId};

use crate::{record::records, statements};

macro_rules! select_users {
    ($rest:literal) => {
        concat!(
            "SELECT u.id, u.role, u.name, u.login, u.phone, u.password_hash, u.customer_id, u.courier_id, ",
            "u.disabled, u.version, u.phone_proved FROM users u ",
            $rest
        )
    };
}

statements! {
    /// Adds an account.
    INSERT = "INSERT INTO users (id, role, name, login, phone, password_hash, customer_id, courier_id, created_at, \
        phone_proved) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// Lets an account work for a restaurant.
    INSERT_RESTAURANT = "INSERT INTO user_restaurants (user_id, restaurant_id) VALUES ($1, $2) \
        ON CONFLICT (user_id, restaurant_id) DO NOTHING";
    /// Takes all restaurants from an account.
    DELETE_RESTAURANTS = "DELETE FROM user_restaurants WHERE user_id = $1";
    /// Changes an account whose version is still the one that was read. An administrator answers for a new phone.
    UPDATE = "UPDATE users SET name = $3, login = $4, phone = $5, password_hash = $6, disabled = $7, \
        phone_proved = CASE WHEN phone = $5 THEN phone_proved ELSE 1 END, version = version + 1 \
        WHERE id = $1 AND version = $2";
    /// Gives an account to whoever holds its phone: what somebody else may know of it opens it no longer.
    PROVE_PHONE = "UPDATE users SET phone_proved = 1, login = NULL, password_hash = NULL, version = version + 1 \
        WHERE id = $1 AND version = $2 AND phone_proved = 0";
    /// Renames the account of a customer.
    RENAME_OF_CUSTOMER = "UPDATE users SET name = $2, version = version + 1 WHERE customer_id = $1";
    /// One account.
    FIND = select_users!("WHERE u.id = $1");
    /// An account by login.
    FIND_BY_LOGIN = select_users!("WHERE u.login = $1");
    /// An account by phone.
    FIND_BY_PHONE = select_users!("WHERE u.phone = $1");
    /// The account of a customer.
    FIND_BY_CUSTOMER = select_users!("WHERE u.customer_id = $1");
    /// The account of a courier.
    FIND_BY_COURIER = select_users!("WHERE u.courier_id = $1");
    /// Accounts by id, after a cursor; of one role where it is not empty.
    LIST = select_users!("WHERE u.id > $1 AND ($2 = '' OR u.role = $2) ORDER BY u.id LIMIT $3");
    /// The restaurants that an account works for.
    LIST_RESTAURANTS = "SELECT restaurant_id FROM user_restaurants WHERE user_id = $1 ORDER BY restaurant_id";
    /// The restaurants of all accounts after one id up to another: account, restaurant.
    LIST_RESTAURANTS_BETWEEN = "SELECT user_id, restaurant_id FROM user_restaurants \
        WHERE user_id > $1 AND user_id <= $2 ORDER BY user_id, restaurant_id";
    /// Gives the customer of an account its name, and its new phone where they had the old one: customer, name, old and
    /// new phone.
    UPDATE_CUSTOMER = "UPDATE customers SET name = $2, phone = CASE WHEN phone = $3 THEN $4 ELSE phone END, \
        version = version + 1 WHERE id = $1";
    /// Takes a phone from a customer who turned out not to be its owner.
    RELEASE_PHONE = "UPDATE customers SET phone = NULL, version = version + 1 WHERE id = $1 AND phone = $2";
    /// Holds an account while a session is opened on it. No row where it changed or was disabled since it was read.
    HOLD = "UPDATE users SET version = version WHERE id = $1 AND version = $2 AND disabled = 0";
    /// Opens a session.
    INSERT_SESSION = "INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    /// Adds a refresh token to a session.
    INSERT_TOKEN = "INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES ($1, $2, $3)";
    /// Uses a refresh token, once. No row where it was used or its session is over.
    USE_TOKEN = "UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND EXISTS \
        (SELECT 1 FROM sessions s WHERE s.id = refresh_tokens.session_id AND s.revoked_at IS NULL \
            AND s.expires_at > $2)";
    /// A refresh token with its session.
    FIND_TOKEN = "SELECT t.session_id, s.user_id, t.used_at, s.expires_at, s.revoked_at FROM refresh_tokens t \
        JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1";
    /// Ends a session.
    REVOKE_SESSION = "UPDATE sessions SET revoked_at = $2, revoked_why = $3 WHERE id = $1 AND revoked_at IS NULL";
    /// Ends all sessions of an account.
    REVOKE_SESSIONS = "UPDATE sessions SET revoked_at = $2, revoked_why = $3 WHERE user_id = $1 AND revoked_at IS NULL";
    /// Forgets the refresh tokens of sessions that ended before a time.
    PRUNE_TOKENS = "DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE expires_at < $1)";
    /// Forgets sessions that ended before a time.
    PRUNE_SESSIONS = "DELETE FROM sessions WHERE expires_at < $1";
    /// Forgets codes whose window began before a time.
    PRUNE_CODES = "DELETE FROM login_codes WHERE window_from < $1";
    /// Asks for a code: replaces the open one. No row when the phone asked too often in the running window.
    PUT_CODE = "INSERT INTO login_codes (phone, hash, tries_left, requested, window_from, expires_at) \
        VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT (phone) DO UPDATE SET hash = excluded.hash, \
        tries_left = excluded.tries_left, expires_at = excluded.expires_at, \
        requested = CASE WHEN login_codes.window_from <= $6 THEN 1 ELSE login_codes.requested + 1 END, \
        window_from = CASE WHEN login_codes.window_from <= $6 THEN excluded.window_from \
            ELSE login_codes.window_from END \
        WHERE login_codes.window_from <= $6 OR login_codes.requested < $7";
    /// Takes a try; answers the hash to compare with. No row where none is left or the code has run out.
    TAKE_TRY = "UPDATE login_codes SET tries_left = tries_left - 1 \
        WHERE phone = $1 AND tries_left > 0 AND expires_at > $2 RETURNING hash";
    /// Uses a code, once.
    USE_CODE = "UPDATE login_codes SET tries_left = 0, expires_at = 0 WHERE phone = $1 AND hash = $2 AND expires_at > 0";
    /// When the running window of a phone began.
    FIND_CODE_WINDOW = "SELECT window_from FROM login_codes WHERE phone = $1";
    /// Adds a shared key; nothing happens where it exists.
    INSERT_SECRET = "INSERT INTO secrets (name, body, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    /// A shared key.
    FIND_SECRET = "SELECT body FROM secrets WHERE name = $1";
}

records! {
    /// A row of `users`.
    UserRow {
        /// Its id.
        id: UserId,
        /// Its role.
        role: String,
        /// The person's name.
        name: String,
        /// What they type to log in.
        login: Option<String>,
        /// Their phone.
        phone: Option<String>,
        /// Argon2id hash in PHC format.
        password_hash: Option<String>,
        /// The customer it orders for.
        customer_id: Option<CustomerId>,
        /// The courier it is.
        courier_id: Option<CourierId>,
        /// May not log in.
        disabled: bool,
        /// Grows with every change.
        version: i64,
        /// The phone was shown to be theirs.
        phone_proved: bool,
    }

    /// A refresh token with its session.
    TokenRow {
        /// The session.
        session_id: SessionId,
        /// Its account.
        user_id: UserId,
        /// When it was used.
        used_at: Option<i64>,
        /// When the session ends.
        expires_at: i64,
        /// When the session was ended.
        revoked_at: Option<i64>,
    }

    /// A restaurant that an account works for.
    UserRestaurantRow {
        /// The restaurant.
        restaurant_id: RestaurantId,
    }
}
