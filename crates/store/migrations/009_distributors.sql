-- The second vertical: products with deposits, what customers hold, and planned routes.
CREATE TABLE products (
    id BYTEA PRIMARY KEY,
    vendor_id BYTEA NOT NULL REFERENCES vendors (id),
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    attributes TEXT NOT NULL,
    price_paise BIGINT NOT NULL CHECK (price_paise >= 0),
    deposit_paise BIGINT NOT NULL DEFAULT 0 CHECK (deposit_paise >= 0),
    returnable BIGINT NOT NULL DEFAULT 0 CHECK (returnable IN (0, 1)),
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX products_vendor ON products (vendor_id);

CREATE TABLE customer_inventory (
    customer_id BYTEA NOT NULL REFERENCES customers (id),
    product_id BYTEA NOT NULL REFERENCES products (id),
    full_count BIGINT NOT NULL CHECK (full_count >= 0),
    empty_count BIGINT NOT NULL CHECK (empty_count >= 0),
    deposit_paise BIGINT NOT NULL CHECK (deposit_paise >= 0),
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, product_id)
);

CREATE TABLE routes (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL REFERENCES cities (id),
    courier_id BYTEA REFERENCES couriers (id),
    name TEXT NOT NULL,
    day TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'done')),
    depot_lat DOUBLE PRECISION NOT NULL,
    depot_lng DOUBLE PRECISION NOT NULL,
    stops TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX routes_city ON routes (city_id, day);
