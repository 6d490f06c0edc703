-- The books: a row is one transfer, so debits equal credits by construction. The key makes each posting happen once.
CREATE TABLE transfers (
    order_id BYTEA NOT NULL,
    step TEXT NOT NULL,
    line BIGINT NOT NULL,
    city_id BYTEA NOT NULL,
    debit_kind TEXT NOT NULL,
    debit_owner BYTEA NOT NULL,
    credit_kind TEXT NOT NULL,
    credit_owner BYTEA NOT NULL,
    amount_paise BIGINT NOT NULL CHECK (amount_paise > 0),
    posted_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, step, line),
    CHECK (debit_kind <> credit_kind OR debit_owner <> credit_owner)
);
-- An order's own two accounts are found by the order.
CREATE INDEX transfers_debit ON transfers (debit_kind, debit_owner)
    WHERE debit_kind NOT IN ('customer_receivable', 'order_clearing');
CREATE INDEX transfers_credit ON transfers (credit_kind, credit_owner)
    WHERE credit_kind NOT IN ('customer_receivable', 'order_clearing');

-- Money held by the built-in test gateway, one capture a quote.
CREATE TABLE sandbox_captures (
    reference BYTEA PRIMARY KEY,
    amount_paise BIGINT NOT NULL CHECK (amount_paise > 0),
    refunded_paise BIGINT NOT NULL DEFAULT 0 CHECK (refunded_paise BETWEEN 0 AND amount_paise),
    captured_at BIGINT NOT NULL
);
