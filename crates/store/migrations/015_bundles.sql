-- An offer holds one order or several that are fetched together and delivered one after the other.
-- offers.order_id stays the first order of those that are still in it.
CREATE UNIQUE INDEX offers_state ON offers (id, state);

-- The state is the offer's own and follows it by itself, so that one order has one open offer whatever place it has there.
-- An order that left before the courier answered has none.
CREATE TABLE offer_orders (
    offer_id BYTEA NOT NULL REFERENCES offers (id),
    order_id BYTEA NOT NULL REFERENCES orders (id),
    city_id BYTEA NOT NULL,
    -- Its place in the sequence of delivery when the offer was made, from 1.
    stop BIGINT NOT NULL CHECK (stop >= 1),
    state TEXT,
    pay_paise BIGINT NOT NULL CHECK (pay_paise >= 0),
    left_at BIGINT,
    PRIMARY KEY (offer_id, order_id),
    UNIQUE (offer_id, stop),
    FOREIGN KEY (offer_id, state) REFERENCES offers (id, state) ON UPDATE CASCADE,
    CHECK ((left_at IS NULL) = (state IS NOT NULL))
);
CREATE UNIQUE INDEX offer_orders_one_an_order ON offer_orders (order_id) WHERE state = 'made';
CREATE INDEX offer_orders_order ON offer_orders (order_id, offer_id);
CREATE INDEX offer_orders_open ON offer_orders (city_id) WHERE state = 'made';

INSERT INTO offer_orders (offer_id, order_id, city_id, stop, state, pay_paise)
SELECT f.id, f.order_id, f.city_id, 1, f.state, f.pay_paise
FROM offers f JOIN orders o ON o.id = f.order_id WHERE o.ended_at IS NULL;

-- Of orders that a courier took together, the place in the sequence of delivery, and by how many seconds the doors before
-- make this one later than the straight way from the counter. Both are empty for an order that rides alone.
ALTER TABLE orders ADD COLUMN stop BIGINT CHECK (stop >= 1);
ALTER TABLE orders ADD COLUMN detour_s BIGINT CHECK (detour_s >= 0);
CREATE INDEX orders_trip ON orders (courier_id, courier_at) WHERE stop IS NOT NULL;
