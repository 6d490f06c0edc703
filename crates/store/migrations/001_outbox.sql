-- Events, written in the transaction that causes them. Read in the order (xid, seq): see src/outbox.rs.
CREATE TABLE outbox (
    seq {sequence_key},
    xid BIGINT NOT NULL DEFAULT {transaction_id},
    city_id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    subject BYTEA NOT NULL,
    payload TEXT NOT NULL,
    at_us BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_position ON outbox (xid, seq);

-- How far each consumer has read.
CREATE TABLE consumer_positions (
    consumer TEXT NOT NULL PRIMARY KEY,
    xid BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    moved_us BIGINT NOT NULL
);
