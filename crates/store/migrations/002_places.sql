-- Cities, their delivery zones and maps, and the dated rates that every price is made from.
CREATE TABLE cities (
    id BYTEA PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state_code TEXT NOT NULL,
    timezone TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng DOUBLE PRECISION NOT NULL CHECK (lng BETWEEN -180 AND 180),
    created_at BIGINT NOT NULL
);

CREATE TABLE zones (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL REFERENCES cities (id),
    letter TEXT NOT NULL CHECK (length(letter) BETWEEN 1 AND 2),
    name TEXT NOT NULL,
    polygon TEXT NOT NULL,
    UNIQUE (city_id, letter)
);

CREATE TABLE city_maps (
    city_id BYTEA PRIMARY KEY REFERENCES cities (id),
    body TEXT NOT NULL
);

-- The nil city means everywhere. Times are epoch microseconds; a rate holds from valid_from until before valid_to.
CREATE TABLE rates (
    code TEXT NOT NULL,
    city_id BYTEA NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT CHECK (valid_to IS NULL OR valid_to > valid_from),
    value BIGINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (code, city_id, valid_from)
);
