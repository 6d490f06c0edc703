-- What deliveries taught about arrivals, and how well the promises held.

-- Seconds that a courier should take to the counter, as the ways said when the order was taken.
ALTER TABLE orders ADD COLUMN first_mile_s BIGINT;

-- Fading histograms. The nil restaurant is the whole city; slot and load are -1 for all of them.
CREATE TABLE arrival_tallies (
    city_id BYTEA NOT NULL,
    restaurant_id BYTEA NOT NULL,
    part TEXT NOT NULL CHECK (
        part IN ('assignment', 'first_mile', 'first_mile_ratio', 'preparation', 'promise', 'last_mile')
    ),
    slot BIGINT NOT NULL CHECK (slot BETWEEN -1 AND 11),
    load BIGINT NOT NULL CHECK (load BETWEEN -1 AND 2),
    classes TEXT NOT NULL,
    at_s BIGINT NOT NULL,
    PRIMARY KEY (city_id, restaurant_id, part, slot, load)
);

-- How long ways take compared with what an engine says.
CREATE TABLE arrival_paces (
    city_id BYTEA NOT NULL,
    engine TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (city_id, engine)
);

-- Delivered orders against what was said when they were priced, by the hour of their placing.
CREATE TABLE arrival_scores (
    city_id BYTEA NOT NULL,
    hour BIGINT NOT NULL,
    restaurant_id BYTEA NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('assignment', 'first_mile', 'preparation', 'last_mile', 'total')),
    orders BIGINT NOT NULL CHECK (orders >= 0),
    early BIGINT NOT NULL,
    late BIGINT NOT NULL CHECK (early + late <= orders),
    under_p50 BIGINT NOT NULL,
    under_p90 BIGINT NOT NULL CHECK (under_p50 <= under_p90 AND under_p90 <= orders),
    error_s BIGINT NOT NULL,
    late_s BIGINT NOT NULL CHECK (late_s >= 0),
    PRIMARY KEY (city_id, hour, restaurant_id, part)
);

-- The weather as operators set it, until when.
CREATE TABLE city_weather (
    city_id BYTEA PRIMARY KEY REFERENCES cities (id),
    weather TEXT NOT NULL CHECK (weather IN ('clear', 'rain', 'heavy_rain', 'flooded')),
    until BIGINT,
    set_by BYTEA,
    set_at BIGINT NOT NULL
);
