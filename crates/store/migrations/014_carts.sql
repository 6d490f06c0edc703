-- What a customer keeps between visits: a cart, and what they like. Like customers they belong to no city.

-- One cart a customer, of one restaurant; an empty one is no row. A new row begins with the moment of its making (epoch
-- microseconds) as its version, so that no version comes twice, whatever was emptied in between.
CREATE TABLE carts (
    customer_id BYTEA PRIMARY KEY REFERENCES customers (id),
    restaurant_id BYTEA NOT NULL REFERENCES restaurants (id),
    lines TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    changed_at BIGINT NOT NULL
);
CREATE INDEX carts_changed ON carts (changed_at);

-- The language is the customer's own.
CREATE TABLE customer_preferences (
    customer_id BYTEA PRIMARY KEY REFERENCES customers (id),
    diet TEXT NOT NULL CHECK (diet IN ('any', 'veg', 'egg')),
    spice TEXT CHECK (spice IN ('mild', 'medium', 'hot')),
    allergens TEXT NOT NULL,
    offers BIGINT NOT NULL CHECK (offers IN (0, 1)),
    news BIGINT NOT NULL CHECK (news IN (0, 1)),
    address_id BYTEA REFERENCES addresses (id),
    tip_paise BIGINT NOT NULL CHECK (tip_paise BETWEEN 0 AND 200000),
    version BIGINT NOT NULL CHECK (version > 0),
    changed_at BIGINT NOT NULL
);
