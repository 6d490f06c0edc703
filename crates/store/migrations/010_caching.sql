-- What must survive a restart about cached answers: who cleared them by hand, the rules that were changed, and how much
-- each answer is asked for in each hour of the week. None of it belongs to a city.
CREATE TABLE cache_clears (
    id BYTEA PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id BYTEA,
    user_name TEXT NOT NULL,
    scope TEXT NOT NULL,
    why TEXT NOT NULL,
    node BYTEA NOT NULL,
    removed BIGINT,
    took_us BIGINT
);
CREATE INDEX cache_clears_at ON cache_clears (at);

CREATE TABLE cache_policies (
    namespace TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    user_id BYTEA,
    user_name TEXT NOT NULL,
    why TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE cache_uses (
    hour_of_week BIGINT NOT NULL CHECK (hour_of_week >= 0 AND hour_of_week < 168),
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    hour BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    mean_milli BIGINT NOT NULL,
    PRIMARY KEY (hour_of_week, namespace, name)
);
CREATE INDEX cache_uses_hour ON cache_uses (hour);

-- How one restaurant does, without reading its whole city.
CREATE INDEX hourly_orders_restaurant ON hourly_orders (restaurant_id, hour);
