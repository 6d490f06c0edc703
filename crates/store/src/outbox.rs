//! The outbox: events written in the transaction that causes them, read in order by consumers that keep their place.
//!
//! On PostgreSQL a number is drawn from the sequence before its transaction commits, so a row with a smaller number can
//! become visible *after* one with a larger number. A consumer that remembered numbers only would skip it. So each row
//! also carries its writer's transaction id, rows are read in the order (transaction id, number), and only those below
//! the oldest transaction still running: everything before a row that is shown has been shown. SQLite has one writer
//! and all its rows carry 0.
//!
//! Delivery is at least once: a consumer acts, then moves its position, in one transaction where it can.

use uuid::Uuid;

use crate::args;
use crate::engine::Db;
use crate::error::ReadError;
use crate::tx::Tx;
use crate::value::Value;

crate::statements! {
    /// Adds an event: city, kind, subject, payload, time.
    INSERT = "INSERT INTO outbox (city_id, kind, subject, payload, at_us) VALUES ($1, $2, $3, $4, $5)";

    /// The events after a position (transaction id, number), oldest first, at most so many.
    READ_AFTER = "SELECT xid, seq, city_id, kind, subject, payload, at_us FROM outbox \
        WHERE (xid, seq) > ($1, $2) AND {settled} ORDER BY xid, seq LIMIT $3";

    /// The newest position that no later event can precede.
    TAIL = "SELECT xid, seq FROM outbox WHERE {settled} ORDER BY xid DESC, seq DESC LIMIT 1";

    /// The newest position, also one that a later event can still precede.
    NEWEST = "SELECT xid, seq FROM outbox ORDER BY xid DESC, seq DESC LIMIT 1";

    /// How many events a running transaction can still precede: those that cannot be read yet.
    COUNT_UNSETTLED = "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE NOT ({settled})";

    /// A consumer's position.
    POSITION = "SELECT xid, seq FROM consumer_positions WHERE consumer = $1";

    /// Gives a consumer its first position: consumer, transaction id, number, time. No row if it has one.
    START = "INSERT INTO consumer_positions (consumer, xid, seq, moved_us) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (consumer) DO NOTHING";

    /// Moves a consumer from one position to another: consumer, from (2), to (2), time. No row if another node did.
    MOVE = "UPDATE consumer_positions SET xid = $4, seq = $5, moved_us = $6 \
        WHERE consumer = $1 AND xid = $2 AND seq = $3";

    /// Each consumer's position, the events after it and the time of the oldest of them.
    LAG = "SELECT p.consumer AS consumer, CAST(COUNT(o.seq) AS BIGINT) AS waiting, MIN(o.at_us) AS oldest_us \
        FROM consumer_positions p LEFT JOIN outbox o ON (o.xid, o.seq) > (p.xid, p.seq) \
        GROUP BY p.consumer ORDER BY p.consumer";

    /// Deletes events older than a time that every consumer has passed, but never the newest: its number must not be given
    /// again.
    PRUNE = "DELETE FROM outbox WHERE at_us < $1 AND seq < (SELECT MAX(seq) FROM outbox) AND NOT EXISTS \
        (SELECT 1 FROM consumer_positions p WHERE (p.xid, p.seq) < (outbox.xid, outbox.seq))";
}

/// A place between two events. The default lies before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The writer's transaction id; 0 on SQLite.
    pub xid: i64,
    /// The event's number.
    pub seq: i64,
}

/// An event as it is read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The writer's transaction id; 0 on SQLite.
    pub xid: i64,
    /// The event's number.
    pub seq: i64,
    /// The city that it belongs to.
    pub city_id: Uuid,
    /// What happened, such as `order.placed`.
    pub kind: String,
    /// The thing it happened to.
    pub subject: Uuid,
    /// The facts, as JSON.
    pub payload: String,
    /// When, in epoch microseconds.
    pub at_us: i64,
}

/// How far a consumer is behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LagRow {
    /// The consumer's name.
    pub consumer: String,
    /// The number of events that it has not passed.
    pub waiting: i64,
    /// The time of the oldest of them, in epoch microseconds.
    pub oldest_us: Option<i64>,
}

crate::from_row!(Position { xid, seq });
crate::from_row!(EventRow { xid, seq, city_id, kind, subject, payload, at_us });
crate::from_row!(LagRow { consumer, waiting, oldest_us });

impl EventRow {
    /// The position just after this event.
    pub fn position(&self) -> Position {
        Position { xid: self.xid, seq: self.seq }
    }
}

/// The events after `position`, oldest first, at most `limit`.
pub async fn read_after(db: &Db, position: Position, limit: i64) -> Result<Vec<EventRow>, ReadError> {
    db.all(&READ_AFTER, args![position.xid, position.seq, limit]).await
}

/// The position after the newest event: where a consumer starts that does not care for the past.
pub async fn tail(db: &Db) -> Result<Position, ReadError> {
    Ok(db.optional(&TAIL, Vec::new()).await?.unwrap_or_default())
}

/// The position of the newest event, whether or not it can be read yet.
pub async fn newest(db: &Db) -> Result<Position, ReadError> {
    Ok(db.optional(&NEWEST, Vec::new()).await?.unwrap_or_default())
}

/// How many events cannot be read yet, because a transaction still runs that began before they were committed.
pub async fn count_unsettled(db: &Db) -> Result<i64, ReadError> {
    let (events,): (i64,) = db.one(&COUNT_UNSETTLED, Vec::new()).await?;
    Ok(events)
}

/// A consumer's position, or `None` before it was started.
pub async fn position(db: &Db, consumer: &str) -> Result<Option<Position>, ReadError> {
    db.optional(&POSITION, args![consumer]).await
}

/// How far each consumer is behind.
pub async fn lag(db: &Db) -> Result<Vec<LagRow>, ReadError> {
    db.all(&LAG, Vec::new()).await
}

impl Tx {
    /// Gives a consumer its first position; changes nothing if it has one.
    pub fn start_consumer(self, consumer: &str, at: Position, now_us: i64) -> Self {
        self.run(&START, args![consumer, at.xid, at.seq, now_us])
    }

    /// Moves a consumer; fails with the guard `consumer-moved` if another node has moved it meanwhile.
    pub fn move_consumer(self, consumer: &str, from: Position, to: Position, now_us: i64) -> Self {
        let args: Vec<Value> = args![consumer, from.xid, from.seq, to.xid, to.seq, now_us];
        self.guard_as("consumer-moved", 1, &MOVE, args)
    }
}
