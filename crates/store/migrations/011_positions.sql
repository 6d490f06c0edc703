-- What phones said that cannot be: how often, and when last.
CREATE TABLE courier_doubts (
    courier_id BYTEA PRIMARY KEY REFERENCES couriers (id),
    city_id BYTEA NOT NULL,
    implausible BIGINT NOT NULL CHECK (implausible >= 0),
    mocked BIGINT NOT NULL CHECK (mocked >= 0),
    last_at BIGINT NOT NULL
);

-- The way of couriers while they have an order in hand, thinned out; forgotten after some weeks.
CREATE TABLE courier_traces (
    courier_id BYTEA NOT NULL REFERENCES couriers (id),
    at BIGINT NOT NULL,
    city_id BYTEA NOT NULL,
    lat DOUBLE PRECISION NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng DOUBLE PRECISION NOT NULL CHECK (lng BETWEEN -180 AND 180),
    accuracy_m DOUBLE PRECISION NOT NULL CHECK (accuracy_m >= 0),
    PRIMARY KEY (courier_id, at)
);
CREATE INDEX courier_traces_at ON courier_traces (at);

-- When the courier came to the door.
ALTER TABLE orders ADD COLUMN door_at BIGINT;

-- Links by which somebody without an account may follow one order.
CREATE TABLE tracking_links (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL,
    order_id BYTEA NOT NULL REFERENCES orders (id),
    made_by BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CHECK (expires_at > created_at)
);
CREATE INDEX tracking_links_order ON tracking_links (order_id);
CREATE INDEX tracking_links_ended ON tracking_links (expires_at);
