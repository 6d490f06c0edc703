-- What follows from events: messages in the built-in mailbox, and the first roll-ups.
CREATE TABLE messages (
    id BYTEA PRIMARY KEY,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email', 'push')),
    recipient TEXT NOT NULL,
    subject TEXT,
    body TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX messages_at ON messages (at);

-- Up to when old rows of a kind have been looked through and cleared away.
CREATE TABLE clearings (
    kind TEXT PRIMARY KEY,
    until BIGINT NOT NULL
);

CREATE TABLE hourly_orders (
    city_id BYTEA NOT NULL,
    restaurant_id BYTEA NOT NULL,
    hour BIGINT NOT NULL,
    placed BIGINT NOT NULL DEFAULT 0,
    delivered BIGINT NOT NULL DEFAULT 0,
    rejected BIGINT NOT NULL DEFAULT 0,
    cancelled BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    revenue_paise BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (city_id, hour, restaurant_id)
);

CREATE TABLE daily_items (
    city_id BYTEA NOT NULL,
    restaurant_id BYTEA NOT NULL,
    item_id BYTEA NOT NULL,
    day BIGINT NOT NULL,
    name TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    revenue_paise BIGINT NOT NULL,
    PRIMARY KEY (city_id, day, restaurant_id, item_id)
);
