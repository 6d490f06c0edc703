//! The books: transfers are posted and read, never changed.

use domain::{
    id::{CityId, OrderId},
    ledger::Transfer,
};

use crate::{args, record::records, statements, tx::Tx};

statements! {
    /// Posts one transfer. The key makes each step of an order post once.
    POST = "INSERT INTO transfers (order_id, step, line, city_id, debit_kind, debit_owner, credit_kind, credit_owner, \
        amount_paise, posted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// What an account holds, other than an order's own: debits less credits.
    BALANCE = "SELECT CAST(COALESCE(SUM(CASE WHEN debit_kind = $1 AND debit_owner = $2 THEN amount_paise \
        ELSE -amount_paise END), 0) AS BIGINT) FROM transfers \
        WHERE (debit_kind = $1 AND debit_owner = $2 AND debit_kind NOT IN ('customer_receivable', 'order_clearing')) \
        OR (credit_kind = $1 AND credit_owner = $2 AND credit_kind NOT IN ('customer_receivable', 'order_clearing'))";
    /// What one of an order's own accounts holds: kind, order.
    BALANCE_OF_ORDER = "SELECT CAST(COALESCE(SUM(CASE WHEN debit_kind = $1 THEN amount_paise \
        ELSE -amount_paise END), 0) AS BIGINT) FROM transfers \
        WHERE order_id = $2 AND (debit_kind = $1 OR credit_kind = $1)";
    /// Orders that have ended but whose own accounts are not at zero: there must be none.
    LIST_UNSETTLED = "SELECT o.id FROM orders o WHERE o.ended_at IS NOT NULL AND EXISTS (\
        SELECT 1 FROM (SELECT t.amount_paise AS amount, t.debit_kind AS kind FROM transfers t \
            WHERE t.order_id = o.id AND t.debit_kind IN ('order_clearing', 'customer_receivable') \
        UNION ALL SELECT -t.amount_paise, t.credit_kind FROM transfers t \
            WHERE t.order_id = o.id AND t.credit_kind IN ('order_clearing', 'customer_receivable')) own \
        GROUP BY own.kind HAVING SUM(own.amount) <> 0) LIMIT $1";
    /// Orders without the posting that placing makes: there must be none.
    LIST_UNPOSTED = "SELECT o.id FROM orders o WHERE NOT EXISTS (\
        SELECT 1 FROM transfers t WHERE t.order_id = o.id AND t.step = 'placed') LIMIT $1";
    /// What a courier earned from orders that ended within a span.
    LIST_EARNINGS = "SELECT o.id AS order_id, o.letter, o.number, o.ended_at, o.courier_pay_paise, o.tip_paise FROM orders o \
        WHERE o.courier_id = $1 AND o.ended_at >= $2 AND o.ended_at < $3 \
        AND o.status IN ('delivered', 'failed') ORDER BY o.ended_at, o.id";
}

records! {
    /// One order in a courier's earnings.
    EarningRow {
        /// The order.
        order_id: OrderId,
        /// Its zone's letter.
        letter: String,
        /// Its number of the day.
        number: i64,
        /// When it ended.
        ended_at: i64,
        /// For the way.
        courier_pay_paise: i64,
        /// From the customer.
        tip_paise: i64,
    }
}

/// Adds the postings of one step of an order to a transaction.
pub fn post(mut tx: Tx, transfers: &[Transfer], order: OrderId, step: &'static str, city: CityId, at_us: i64) -> Tx {
    for (line, transfer) in (0_i64..).zip(transfers) {
        let (debit, credit) = (transfer.debit, transfer.credit);
        tx = tx.guard(
            1,
            &POST,
            args![
                order,
                step,
                line,
                city,
                debit.kind(),
                debit.owner(),
                credit.kind(),
                credit.owner(),
                transfer.amount.0,
                at_us,
            ],
        );
    }
    tx
}
