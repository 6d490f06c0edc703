-- Customers, couriers, the accounts they log in with, and their sessions.
CREATE TABLE customers (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT UNIQUE,
    email TEXT,
    language TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX customers_name ON customers (name);

CREATE TABLE addresses (
    id BYTEA PRIMARY KEY,
    customer_id BYTEA NOT NULL REFERENCES customers (id),
    label TEXT NOT NULL,
    line1 TEXT NOT NULL,
    line2 TEXT,
    landmark TEXT,
    instruction TEXT,
    pin TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng DOUBLE PRECISION NOT NULL CHECK (lng BETWEEN -180 AND 180),
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX addresses_customer ON addresses (customer_id);

CREATE TABLE couriers (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL REFERENCES cities (id),
    name TEXT NOT NULL,
    phone TEXT UNIQUE,
    vehicle TEXT NOT NULL
        CHECK (vehicle IN ('foot', 'bicycle', 'e_bike', 'scooter', 'motorcycle', 'car', 'van')),
    on_shift BIGINT NOT NULL DEFAULT 0 CHECK (on_shift IN (0, 1)),
    rating_sum BIGINT NOT NULL DEFAULT 0,
    rating_count BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    CHECK (rating_count >= 0 AND rating_sum BETWEEN 0 AND rating_count * 5)
);
CREATE INDEX couriers_city ON couriers (city_id, on_shift);

-- The newest position only.
CREATE TABLE courier_positions (
    courier_id BYTEA PRIMARY KEY REFERENCES couriers (id),
    city_id BYTEA NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL,
    accuracy_m DOUBLE PRECISION NOT NULL,
    fix_at BIGINT NOT NULL
);

CREATE TABLE users (
    id BYTEA PRIMARY KEY,
    role TEXT NOT NULL
        CHECK (role IN ('customer', 'restaurant', 'courier', 'dispatcher', 'admin')),
    name TEXT NOT NULL,
    login TEXT UNIQUE,
    phone TEXT UNIQUE,
    -- Whoever holds the phone has shown it with a code, or an administrator wrote it down.
    phone_proved BIGINT NOT NULL DEFAULT 0 CHECK (phone_proved IN (0, 1)),
    password_hash TEXT,
    customer_id BYTEA UNIQUE REFERENCES customers (id),
    courier_id BYTEA UNIQUE REFERENCES couriers (id),
    disabled BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    CHECK (login IS NOT NULL OR phone IS NOT NULL),
    CHECK (role <> 'customer' OR customer_id IS NOT NULL),
    CHECK (role <> 'courier' OR courier_id IS NOT NULL)
);

CREATE TABLE user_restaurants (
    user_id BYTEA NOT NULL REFERENCES users (id),
    restaurant_id BYTEA NOT NULL REFERENCES restaurants (id),
    PRIMARY KEY (user_id, restaurant_id)
);

CREATE TABLE sessions (
    id BYTEA PRIMARY KEY,
    user_id BYTEA NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_why TEXT
);
CREATE INDEX sessions_user ON sessions (user_id);

-- Refresh tokens are stored hashed; each may be used once.
CREATE TABLE refresh_tokens (
    hash BYTEA PRIMARY KEY,
    session_id BYTEA NOT NULL REFERENCES sessions (id),
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- One open code a phone; tries are counted so that it cannot be guessed.
CREATE TABLE login_codes (
    phone TEXT PRIMARY KEY,
    hash BYTEA NOT NULL,
    tries_left BIGINT NOT NULL CHECK (tries_left >= 0),
    requested BIGINT NOT NULL,
    window_from BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- Keys that all nodes share: signing keys of tokens and quotes.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    body BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
