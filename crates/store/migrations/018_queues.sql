-- Two more things are learned about arrivals: how long an order binds a courier, and how true reckoned queues are.
CREATE TABLE arrival_tallies_more (
    city_id BYTEA NOT NULL,
    restaurant_id BYTEA NOT NULL,
    part TEXT NOT NULL CHECK (
        part IN (
            'assignment', 'queue', 'bound', 'first_mile', 'first_mile_ratio', 'preparation', 'promise', 'last_mile'
        )
    ),
    slot BIGINT NOT NULL CHECK (slot BETWEEN -1 AND 11),
    load BIGINT NOT NULL CHECK (load BETWEEN -1 AND 2),
    classes TEXT NOT NULL,
    at_s BIGINT NOT NULL,
    PRIMARY KEY (city_id, restaurant_id, part, slot, load)
);

-- What was learned of assignments in a full city lumped all queues together, and its whole holds that, too.
INSERT INTO arrival_tallies_more (city_id, restaurant_id, part, slot, load, classes, at_s)
SELECT city_id, restaurant_id, part, slot, load, classes, at_s FROM arrival_tallies
WHERE part <> 'assignment' OR load IN (0, 1);

DROP TABLE arrival_tallies;
ALTER TABLE arrival_tallies_more RENAME TO arrival_tallies;
