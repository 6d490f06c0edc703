-- Quotes, orders and their history.
CREATE TABLE order_transitions (
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL,
    PRIMARY KEY (from_status, to_status)
);
INSERT INTO order_transitions (from_status, to_status) VALUES
    ('none', 'placed'),
    ('placed', 'accepted'), ('placed', 'rejected'), ('placed', 'cancelled'),
    ('accepted', 'preparing'), ('accepted', 'ready'), ('accepted', 'cancelled'),
    ('preparing', 'ready'), ('preparing', 'cancelled'),
    ('ready', 'picked_up'), ('ready', 'cancelled'),
    ('picked_up', 'delivered'), ('picked_up', 'failed');

-- Every row continues the one before it by a legal step, and every order stands where its newest row says: a jump
-- cannot be stored.
CREATE TABLE order_history (
    order_id BYTEA NOT NULL,
    position BIGINT NOT NULL CHECK (position >= 0),
    previous_position BIGINT,
    from_status TEXT NOT NULL,
    to_status TEXT NOT NULL,
    mover TEXT NOT NULL CHECK (mover IN ('customer', 'restaurant', 'courier', 'staff', 'system')),
    user_id BYTEA,
    reason TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (order_id, position),
    UNIQUE (order_id, position, to_status),
    FOREIGN KEY (from_status, to_status) REFERENCES order_transitions (from_status, to_status),
    FOREIGN KEY (order_id, previous_position, from_status)
        REFERENCES order_history (order_id, position, to_status),
    CHECK (
        (position = 0 AND previous_position IS NULL AND from_status = 'none')
        OR (position > 0 AND previous_position = position - 1)
    )
);

CREATE TABLE quotes (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL,
    customer_id BYTEA NOT NULL REFERENCES customers (id),
    restaurant_id BYTEA NOT NULL REFERENCES restaurants (id),
    body TEXT NOT NULL,
    signature BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX quotes_expiry ON quotes (expires_at);

-- Spoken numbers are handed out to nodes in blocks.
CREATE TABLE order_numbers (
    zone_id BYTEA NOT NULL REFERENCES zones (id),
    day BIGINT NOT NULL,
    next BIGINT NOT NULL,
    PRIMARY KEY (zone_id, day)
);

-- A quote becomes one order of the same city, restaurant and customer: the quote's references hold them.
CREATE TABLE orders (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL,
    zone_id BYTEA NOT NULL REFERENCES zones (id),
    day BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    letter TEXT NOT NULL,
    quote_id BYTEA NOT NULL UNIQUE REFERENCES quotes (id),
    restaurant_id BYTEA NOT NULL,
    customer_id BYTEA NOT NULL,
    courier_id BYTEA REFERENCES couriers (id),
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('cod', 'sandbox')),
    payment_status TEXT NOT NULL CHECK (payment_status IN ('due', 'paid', 'refunded', 'void')),
    food_paise BIGINT NOT NULL CHECK (food_paise >= 0),
    fees_paise BIGINT NOT NULL CHECK (fees_paise >= 0),
    taxes_paise BIGINT NOT NULL CHECK (taxes_paise >= 0),
    tip_paise BIGINT NOT NULL CHECK (tip_paise >= 0),
    total_paise BIGINT NOT NULL CHECK (total_paise > 0),
    commission_paise BIGINT NOT NULL CHECK (commission_paise BETWEEN 0 AND food_paise),
    courier_pay_paise BIGINT NOT NULL CHECK (courier_pay_paise >= 0),
    delivery_code TEXT NOT NULL CHECK (length(delivery_code) = 4),
    note TEXT,
    placed_at BIGINT NOT NULL,
    accept_by BIGINT NOT NULL,
    accepted_at BIGINT,
    prep_minutes BIGINT CHECK (prep_minutes BETWEEN 5 AND 90),
    promised_ready_at BIGINT,
    ready_at BIGINT,
    courier_at BIGINT,
    arrived_at BIGINT,
    picked_up_at BIGINT,
    delivered_at BIGINT,
    ended_at BIGINT,
    reason TEXT,
    eta_reason TEXT,
    eta_low BIGINT NOT NULL,
    eta_high BIGINT NOT NULL CHECK (eta_high >= eta_low),
    first_eta_low BIGINT NOT NULL,
    first_eta_high BIGINT NOT NULL CHECK (first_eta_high >= first_eta_low),
    UNIQUE (zone_id, day, number),
    FOREIGN KEY (id, version, status) REFERENCES order_history (order_id, position, to_status),
    CHECK (total_paise = food_paise + fees_paise + taxes_paise + tip_paise),
    CHECK (status NOT IN ('picked_up', 'delivered', 'failed') OR courier_id IS NOT NULL),
    CHECK ((ended_at IS NOT NULL) = (status IN ('delivered', 'rejected', 'cancelled', 'failed')))
);
-- Ids are in the order of time. Open orders have no end; what has not happened yet is in no index.
CREATE INDEX orders_customer ON orders (customer_id, id);
CREATE INDEX orders_restaurant ON orders (restaurant_id, ended_at, id);
CREATE INDEX orders_courier ON orders (courier_id, ended_at, id) WHERE courier_id IS NOT NULL;
CREATE INDEX orders_city_open ON orders (city_id, id) WHERE ended_at IS NULL;
CREATE INDEX orders_city_delivered ON orders (city_id, delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX orders_unanswered ON orders (accept_by) WHERE status = 'placed';

CREATE TABLE order_lines (
    order_id BYTEA NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    item_id BYTEA NOT NULL,
    name TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    unit_paise BIGINT NOT NULL CHECK (unit_paise >= 0),
    PRIMARY KEY (order_id, position)
);

-- The first answer to each key, written with the effect itself.
CREATE TABLE idempotency_keys (
    principal BYTEA NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    subject BYTEA NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE reviews (
    id BYTEA PRIMARY KEY,
    order_id BYTEA NOT NULL UNIQUE REFERENCES orders (id),
    restaurant_id BYTEA NOT NULL REFERENCES restaurants (id),
    customer_id BYTEA NOT NULL REFERENCES customers (id),
    courier_id BYTEA REFERENCES couriers (id),
    rating BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    courier_rating BIGINT CHECK (courier_rating BETWEEN 1 AND 5),
    body TEXT,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX reviews_restaurant ON reviews (restaurant_id, created_at);
