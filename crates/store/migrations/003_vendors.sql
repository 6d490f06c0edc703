-- Vendors (legal entities), their restaurants, and menus.
CREATE TABLE vendors (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    legal_name TEXT,
    gstin TEXT,
    pan TEXT,
    fssai TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);

CREATE TABLE restaurants (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL REFERENCES cities (id),
    vendor_id BYTEA NOT NULL REFERENCES vendors (id),
    zone_id BYTEA NOT NULL REFERENCES zones (id),
    source_key TEXT UNIQUE,
    name TEXT NOT NULL,
    locality TEXT NOT NULL,
    address TEXT NOT NULL,
    pin TEXT,
    phone TEXT,
    lat DOUBLE PRECISION NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng DOUBLE PRECISION NOT NULL CHECK (lng BETWEEN -180 AND 180),
    cuisines TEXT NOT NULL,
    veg_mark TEXT NOT NULL CHECK (veg_mark IN ('veg', 'egg', 'non_veg')),
    price_for_two_paise BIGINT CHECK (price_for_two_paise >= 0),
    minimum_order_paise BIGINT NOT NULL DEFAULT 0 CHECK (minimum_order_paise >= 0),
    packing_paise BIGINT NOT NULL DEFAULT 0 CHECK (packing_paise >= 0),
    prep_minutes BIGINT NOT NULL CHECK (prep_minutes BETWEEN 1 AND 180),
    commission_bp BIGINT NOT NULL CHECK (commission_bp BETWEEN 0 AND 5000),
    hours TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    paused_until BIGINT,
    busy_until BIGINT,
    busy_extra_minutes BIGINT NOT NULL DEFAULT 0 CHECK (busy_extra_minutes BETWEEN 0 AND 120),
    rating_sum BIGINT NOT NULL DEFAULT 0,
    rating_count BIGINT NOT NULL DEFAULT 0,
    menu_version BIGINT NOT NULL DEFAULT 1,
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    CHECK (rating_count >= 0 AND rating_sum BETWEEN 0 AND rating_count * 50)
);
CREATE INDEX restaurants_city ON restaurants (city_id, name);
CREATE INDEX restaurants_vendor ON restaurants (vendor_id);

CREATE TABLE menu_sections (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL,
    restaurant_id BYTEA NOT NULL REFERENCES restaurants (id),
    name TEXT NOT NULL,
    position BIGINT NOT NULL
);
CREATE INDEX menu_sections_restaurant ON menu_sections (restaurant_id);

CREATE TABLE menu_items (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL,
    restaurant_id BYTEA NOT NULL REFERENCES restaurants (id),
    section_id BYTEA NOT NULL REFERENCES menu_sections (id),
    name TEXT NOT NULL,
    description TEXT,
    price_paise BIGINT NOT NULL CHECK (price_paise >= 0),
    packing_paise BIGINT NOT NULL DEFAULT 0 CHECK (packing_paise >= 0),
    veg_mark TEXT NOT NULL CHECK (veg_mark IN ('veg', 'egg', 'non_veg')),
    allergens TEXT NOT NULL,
    popular BIGINT NOT NULL DEFAULT 0 CHECK (popular IN (0, 1)),
    sold_out BIGINT NOT NULL DEFAULT 0 CHECK (sold_out IN (0, 1)),
    sold_out_until BIGINT,
    stock_left BIGINT CHECK (stock_left >= 0),
    position BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX menu_items_restaurant ON menu_items (restaurant_id);
CREATE INDEX menu_items_section ON menu_items (section_id);

CREATE TABLE option_groups (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL,
    restaurant_id BYTEA NOT NULL REFERENCES restaurants (id),
    item_id BYTEA NOT NULL REFERENCES menu_items (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('variant', 'modifier')),
    min_count BIGINT NOT NULL CHECK (min_count >= 0),
    max_count BIGINT NOT NULL CHECK (max_count >= 1 AND max_count >= min_count),
    position BIGINT NOT NULL,
    CHECK (kind <> 'variant' OR (min_count = 1 AND max_count = 1))
);
CREATE INDEX option_groups_restaurant ON option_groups (restaurant_id);
CREATE INDEX option_groups_item ON option_groups (item_id);

CREATE TABLE menu_options (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL,
    restaurant_id BYTEA NOT NULL REFERENCES restaurants (id),
    group_id BYTEA NOT NULL REFERENCES option_groups (id),
    name TEXT NOT NULL,
    price_paise BIGINT NOT NULL,
    veg_mark TEXT NOT NULL CHECK (veg_mark IN ('veg', 'egg', 'non_veg')),
    sold_out BIGINT NOT NULL DEFAULT 0 CHECK (sold_out IN (0, 1)),
    sold_out_until BIGINT,
    position BIGINT NOT NULL
);
CREATE INDEX menu_options_restaurant ON menu_options (restaurant_id);
CREATE INDEX menu_options_group ON menu_options (group_id);
