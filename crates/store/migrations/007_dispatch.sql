-- Offers to couriers, and leases for work that must have one owner.
CREATE TABLE offers (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL,
    order_id BYTEA NOT NULL REFERENCES orders (id),
    courier_id BYTEA NOT NULL REFERENCES couriers (id),
    state TEXT NOT NULL
        CHECK (state IN ('made', 'accepted', 'declined', 'expired', 'withdrawn')),
    pay_paise BIGINT NOT NULL CHECK (pay_paise >= 0),
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE UNIQUE INDEX offers_one_an_order ON offers (order_id) WHERE state = 'made';
CREATE UNIQUE INDEX offers_one_a_courier ON offers (courier_id) WHERE state = 'made';
CREATE INDEX offers_order ON offers (order_id, made_at);
CREATE INDEX offers_open ON offers (expires_at) WHERE state = 'made';

-- Why each courier was chosen: the candidates with their scores, kept for replay.
CREATE TABLE dispatch_decisions (
    order_id BYTEA NOT NULL REFERENCES orders (id),
    at BIGINT NOT NULL,
    city_id BYTEA NOT NULL,
    policy TEXT NOT NULL,
    courier_id BYTEA,
    user_id BYTEA,
    note TEXT,
    candidates TEXT NOT NULL,
    PRIMARY KEY (order_id, at)
);

CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder BYTEA NOT NULL,
    fence BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
