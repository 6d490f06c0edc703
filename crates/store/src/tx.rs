//! A transaction is a value: statements with arguments, guards on row counts, and the event, committed as one.
//!
//! A use case reads, decides, then builds one [`Tx`]; nothing is locked while it thinks. Whatever it decided upon is
//! checked again by the guards, inside the transaction: a guard names how many rows its statement must touch, and any
//! other count undoes the whole. The order of the steps is the order of execution and of locking: let all transactions
//! touch tables in one order.

use uuid::Uuid;

use crate::args;
use crate::outbox;
use crate::statement::Statement;
use crate::value::Value;

/// A transaction that has not happened yet.
#[derive(Debug)]
#[must_use = "a transaction does nothing until it is committed"]
pub struct Tx {
    name: &'static str,
    steps: Vec<Step>,
    events: usize,
    at_once: bool,
    unhurried: bool,
}

/// One statement of a transaction.
#[derive(Clone, Debug)]
pub struct Step {
    pub(crate) statement: &'static Statement,
    pub(crate) args: Vec<Value>,
    pub(crate) expected_rows: Option<u64>,
    pub(crate) label: &'static str,
}

/// An event that the transaction tells the rest of the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The city that it belongs to.
    pub city_id: Uuid,
    /// What happened, such as `order.placed`.
    pub kind: &'static str,
    /// The thing it happened to.
    pub subject: Uuid,
    /// The facts, as JSON.
    pub payload: String,
    /// When, in epoch microseconds.
    pub at_us: i64,
}

impl Tx {
    /// Starts an empty transaction. The name labels its metrics and logs: "place order".
    pub const fn new(name: &'static str) -> Self {
        Self { name, steps: Vec::new(), events: 0, at_once: false, unhurried: false }
    }

    /// Promises that no step reads or changes a row that another step of this transaction writes, nor, unless keys forbid
    /// it, one that another transaction like it writes. PostgreSQL then takes them as one statement, with others that wait
    /// at the same time; nothing else changes.
    pub fn at_once(mut self) -> Self {
        self.at_once = true;
        self
    }

    /// Says that a power failure within the second may lose it, so that its commit need not wait for the disk. On SQLite
    /// one wait serves all commits of a batch anyway; on PostgreSQL this holds for transactions [at once](Self::at_once).
    pub fn unhurried(mut self) -> Self {
        self.unhurried = true;
        self
    }

    /// Adds a statement that must touch exactly `expected_rows` rows (or answer as many, if it is a query).
    pub fn guard(self, expected_rows: u64, statement: &'static Statement, args: Vec<Value>) -> Self {
        self.guard_as(statement.name, expected_rows, statement, args)
    }

    /// Like [`Tx::guard`], with a label by which the caller tells which guard failed.
    pub fn guard_as(
        mut self,
        label: &'static str,
        expected_rows: u64,
        statement: &'static Statement,
        args: Vec<Value>,
    ) -> Self {
        self.steps.push(Step { statement, args, expected_rows: Some(expected_rows), label });
        self
    }

    /// Adds a statement that may touch any number of rows.
    pub fn run(mut self, statement: &'static Statement, args: Vec<Value>) -> Self {
        self.steps.push(Step { statement, args, expected_rows: None, label: statement.name });
        self
    }

    /// Adds one statement once for each list of arguments.
    pub fn run_each(mut self, statement: &'static Statement, rows: impl IntoIterator<Item = Vec<Value>>) -> Self {
        for args in rows {
            self = self.run(statement, args);
        }
        self
    }

    /// Adds the event to the outbox. Readers are woken once the transaction has committed.
    pub fn event(mut self, event: NewEvent) -> Self {
        self.events += 1;
        self.run(&outbox::INSERT, args![event.city_id, event.kind, event.subject, event.payload, event.at_us])
    }

    /// Adds the steps and events of another transaction after this one's; the name stays, and so does what both say of
    /// themselves.
    pub fn append(mut self, other: Self) -> Self {
        self.at_once &= other.at_once;
        self.unhurried &= other.unhurried;
        self.steps.extend(other.steps);
        self.events += other.events;
        self
    }

    /// The name given at the start.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether the steps may run as one statement: see [`Tx::at_once`].
    pub fn is_at_once(&self) -> bool {
        self.at_once
    }

    /// Whether a power failure may lose it: see [`Tx::unhurried`].
    pub fn is_unhurried(&self) -> bool {
        self.unhurried
    }

    /// Whether the transaction tells of something, so that readers of the outbox should wake.
    pub fn has_events(&self) -> bool {
        self.events > 0
    }
}

impl Step {
    /// The statement.
    pub fn statement(&self) -> &'static Statement {
        self.statement
    }

    /// Its arguments.
    pub fn args(&self) -> &[Value] {
        &self.args
    }

    /// The number of rows it must touch, if it is a guard.
    pub fn expected_rows(&self) -> Option<u64> {
        self.expected_rows
    }

    /// The label of the guard: the statement's name unless another was given.
    pub fn label(&self) -> &'static str {
        self.label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static TAKE: Statement = Statement::new("stock.TAKE", "UPDATE stock SET portions = portions - $1 WHERE id = $2");

    #[test]
    fn a_transaction_can_be_read_before_it_happens() {
        let event = NewEvent {
            city_id: Uuid::from_u128(1),
            kind: "order.placed",
            subject: Uuid::from_u128(2),
            payload: "{}".to_owned(),
            at_us: 3,
        };
        let tx = Tx::new("place order")
            .guard_as("sold-out", 1, &TAKE, args![2_i64, 9_i64])
            .append(Tx::new("tell").event(event));
        let labels: Vec<_> = tx.steps().iter().map(|step| (step.label(), step.expected_rows())).collect();
        assert_eq!(labels, [("sold-out", Some(1)), ("outbox.INSERT", None)]);
        assert!(tx.has_events());
        assert_eq!(tx.name(), "place order");
    }
}
