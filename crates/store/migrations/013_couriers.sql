-- How somebody becomes a courier and stays one: applications, documents, planned shifts.
CREATE TABLE application_transitions (
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO application_transitions (from_state, to_state) VALUES
    ('none', 'applied'),
    ('applied', 'under_review'),
    ('under_review', 'approved'), ('under_review', 'rejected'),
    ('approved', 'suspended'), ('suspended', 'approved');

-- Who decided what, when and why. Every row continues the one before it by a legal step, and every application stands
-- where its newest row says: a jump cannot be stored.
CREATE TABLE application_history (
    application_id BYTEA NOT NULL,
    position BIGINT NOT NULL CHECK (position >= 0),
    previous_position BIGINT,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    user_id BYTEA,
    reason TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (application_id, position),
    UNIQUE (application_id, position, to_state),
    FOREIGN KEY (from_state, to_state) REFERENCES application_transitions (from_state, to_state),
    FOREIGN KEY (application_id, previous_position, from_state)
        REFERENCES application_history (application_id, position, to_state),
    CHECK (
        (position = 0 AND previous_position IS NULL AND from_state = 'none')
        OR (position > 0 AND previous_position = position - 1)
    ),
    CHECK (to_state NOT IN ('rejected', 'suspended') OR reason IS NOT NULL)
);

CREATE TABLE courier_applications (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL REFERENCES cities (id),
    name TEXT NOT NULL,
    -- Empty once the courier was removed.
    phone TEXT NOT NULL,
    vehicle TEXT NOT NULL
        CHECK (vehicle IN ('foot', 'bicycle', 'e_bike', 'scooter', 'motorcycle', 'car', 'van')),
    languages TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    reason TEXT,
    courier_id BYTEA UNIQUE REFERENCES couriers (id),
    applied_at BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    FOREIGN KEY (id, version, state) REFERENCES application_history (application_id, position, to_state),
    CHECK ((courier_id IS NOT NULL) = (state IN ('approved', 'suspended')))
);
CREATE INDEX courier_applications_state ON courier_applications (state, id);
-- One at a time: whoever was rejected may apply anew.
CREATE UNIQUE INDEX courier_applications_phone ON courier_applications (phone) WHERE state <> 'rejected' AND phone <> '';

-- What a courier shows. Of an Aadhaar there are only ever the last four digits, and no room for more.
CREATE TABLE courier_documents (
    id BYTEA PRIMARY KEY,
    application_id BYTEA REFERENCES courier_applications (id),
    courier_id BYTEA REFERENCES couriers (id),
    kind TEXT NOT NULL
        CHECK (kind IN ('driving_licence', 'vehicle_registration', 'insurance', 'pan', 'identity')),
    number TEXT NOT NULL CHECK (length(number) BETWEEN 4 AND 32),
    expires_on TEXT CHECK (length(expires_on) = 10),
    state TEXT NOT NULL CHECK (state IN ('submitted', 'accepted', 'refused', 'replaced')),
    reason TEXT,
    user_id BYTEA,
    submitted_at BIGINT NOT NULL,
    decided_at BIGINT,
    -- The least number of days before the end of which the courier was warned.
    warned_days BIGINT,
    -- When a newer one took its place.
    replaced_at BIGINT,
    CHECK ((replaced_at IS NOT NULL) = (state = 'replaced')),
    CHECK (application_id IS NOT NULL OR courier_id IS NOT NULL),
    CHECK (state <> 'accepted' OR courier_id IS NOT NULL),
    CHECK (state <> 'refused' OR reason IS NOT NULL),
    CHECK (kind <> 'identity' OR length(number) = 4),
    CHECK ((expires_on IS NOT NULL) = (kind IN ('driving_licence', 'vehicle_registration', 'insurance')))
);
CREATE UNIQUE INDEX courier_documents_application ON courier_documents (application_id, kind)
    WHERE application_id IS NOT NULL;
CREATE UNIQUE INDEX courier_documents_accepted ON courier_documents (courier_id, kind) WHERE state = 'accepted';
CREATE UNIQUE INDEX courier_documents_submitted ON courier_documents (courier_id, kind)
    WHERE state = 'submitted' AND courier_id IS NOT NULL;
CREATE INDEX courier_documents_waiting ON courier_documents (id) WHERE state = 'submitted';

-- Shifts that are planned: open until a courier takes one or is given it.
CREATE TABLE courier_shifts (
    id BYTEA PRIMARY KEY,
    city_id BYTEA NOT NULL REFERENCES cities (id),
    zone_id BYTEA REFERENCES zones (id),
    courier_id BYTEA REFERENCES couriers (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    cancelled_at BIGINT,
    CHECK (ends_at > starts_at AND ends_at - starts_at <= 43200000000)
);
CREATE INDEX courier_shifts_city ON courier_shifts (city_id, starts_at) WHERE cancelled_at IS NULL;
CREATE INDEX courier_shifts_courier ON courier_shifts (courier_id, ends_at) WHERE cancelled_at IS NULL;

ALTER TABLE couriers ADD COLUMN suspended BIGINT NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1));
-- A document that the vehicle needs is missing or has run out.
ALTER TABLE couriers ADD COLUMN papers_lapsed BIGINT NOT NULL DEFAULT 0 CHECK (papers_lapsed IN (0, 1));
-- Nothing is offered until then.
ALTER TABLE couriers ADD COLUMN break_until BIGINT;
-- The end of the planned shift that the courier is working; nothing is picked up later.
ALTER TABLE couriers ADD COLUMN shift_ends_at BIGINT;

CREATE INDEX offers_courier ON offers (courier_id, made_at);

-- Couriers from whom an order was taken before the pickup: they are not asked again at once.
CREATE TABLE order_releases (
    order_id BYTEA NOT NULL REFERENCES orders (id),
    courier_id BYTEA NOT NULL REFERENCES couriers (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (order_id, courier_id)
);
-- When a courier with food on board had been silent for so long that they were called.
ALTER TABLE orders ADD COLUMN dark_at BIGINT;
