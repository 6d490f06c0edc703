//! Consumers of the outbox see every event, in order, and are woken.

use std::time::Duration;

use futures_util::future::join_all;
use store::outbox::{self, EventRow, Position};
use store::{CommitError, Db, NewEvent, Options, Statement, Tx, args};
use uuid::Uuid;

use crate::support::{TestDatabase, eventually, on_both_engines};

static INSERT: Statement = Statement::new("things.INSERT", "INSERT INTO things (id, code, amount) VALUES ($1, $2, $3)");

fn event(subject: u128) -> NewEvent {
    NewEvent {
        city_id: Uuid::from_u128(1),
        kind: "thing.made",
        subject: Uuid::from_u128(subject),
        payload: format!("{{\"number\":{subject}}}"),
        at_us: i64::try_from(subject).unwrap(),
    }
}

/// Reads on from `position` until `count` events came; the server may still run somebody else's older transaction.
async fn read(db: &Db, position: Position, count: usize) -> Vec<EventRow> {
    eventually("reading the events", || async {
        let events = outbox::read_after(db, position, 1000).await.unwrap();
        (events.len() >= count).then_some(events)
    })
    .await
}

on_both_engines! {
    async fn an_event_is_there_if_and_only_if_its_transaction_committed(database: TestDatabase) {
        let db = &database.db;
        let start = outbox::tail(db).await.unwrap();
        db.commit(Tx::new("make").run(&INSERT, args![1_i64, "a", 1_i64]).event(event(1))).await.unwrap();
        db.commit(Tx::new("fail").run(&INSERT, args![1_i64, "b", 1_i64]).event(event(2))).await.unwrap_err();
        db.commit(Tx::new("make").run(&INSERT, args![2_i64, "b", 1_i64]).event(event(3))).await.unwrap();

        let events = read(db, start, 2).await;
        let subjects: Vec<_> = events.iter().map(|event| event.subject.as_u128()).collect();
        assert_eq!(subjects, [1, 3]);
        assert_eq!((events[0].kind.as_str(), events[0].payload.as_str()), ("thing.made", "{\"number\":1}"));
        assert_eq!(read(db, events[0].position(), 1).await, events[1..]);
        assert_eq!(outbox::read_after(db, start, 1).await.unwrap(), events[..1]);
        assert_eq!(outbox::tail(db).await.unwrap(), events[1].position());
    }
}

on_both_engines! {
    async fn a_consumer_is_moved_by_one_node_only(database: TestDatabase) {
        let db = &database.db;
        let (zero, next) = (Position::default(), Position { xid: 4, seq: 9 });
        db.commit(Tx::new("start").start_consumer("mailer", zero, 1)).await.unwrap();
        db.commit(Tx::new("start again").start_consumer("mailer", next, 2)).await.unwrap();
        assert_eq!(outbox::position(db, "mailer").await.unwrap(), Some(zero));

        let moves = (0..8).map(|_| db.commit(Tx::new("move").move_consumer("mailer", zero, next, 3)));
        let outcomes = join_all(moves).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let lost = |outcome: &&_| matches!(outcome, Err(CommitError::Guard { label: "consumer-moved", rows: 0, .. }));
        assert_eq!(outcomes.iter().filter(lost).count(), 7);
        assert_eq!(outbox::position(db, "mailer").await.unwrap(), Some(next));
    }
}

on_both_engines! {
    async fn events_are_pruned_once_every_consumer_has_passed_them(database: TestDatabase) {
        let db = &database.db;
        let start = outbox::tail(db).await.unwrap();
        for subject in 1..=4 {
            db.commit(Tx::new("tell").event(event(subject))).await.unwrap();
        }
        let events = read(db, start, 4).await;
        for (consumer, passed) in [("fast", 3), ("slow", 1)] {
            db.commit(Tx::new("start").start_consumer(consumer, events[passed].position(), 1)).await.unwrap();
        }
        let lag = outbox::lag(db).await.unwrap();
        let lag: Vec<_> = lag.iter().map(|row| (row.consumer.as_str(), row.waiting, row.oldest_us)).collect();
        assert_eq!(lag, [("fast", 0, None), ("slow", 2, Some(3))]);

        db.commit(Tx::new("prune").run(&outbox::PRUNE, args![2_i64])).await.unwrap();
        assert_eq!(outbox::read_after(db, start, 10).await.unwrap(), events[1..], "the first is old enough");
        db.commit(Tx::new("prune").run(&outbox::PRUNE, args![100_i64])).await.unwrap();
        assert_eq!(outbox::read_after(db, start, 10).await.unwrap(), events[2..], "the slow one still needs two");
    }
}

on_both_engines! {
    async fn a_reader_under_load_misses_nothing_and_sees_everything_in_order(database: TestDatabase) {
        let start = outbox::tail(&database.db).await.unwrap();
        let writers = (0..8_u128).map(|writer| {
            let db = database.db.clone();
            tokio::spawn(async move {
                for number in 0..50 {
                    db.commit(Tx::new("tell").event(event(writer * 100 + number))).await.unwrap();
                }
            })
        });
        let writers: Vec<_> = writers.collect();

        let mut committed = database.db.committed();
        let (mut position, mut seen) = (start, Vec::new());
        while seen.len() < 400 {
            let events = outbox::read_after(&database.db, position, 37).await.unwrap();
            match events.last() {
                Some(last) => position = last.position(),
                None => drop(tokio::time::timeout(Duration::from_secs(1), committed.wait()).await),
            }
            seen.extend(events.into_iter().map(|event| event.subject.as_u128()));
        }
        join_all(writers).await.into_iter().for_each(|writer| writer.unwrap());

        for writer in 0..8 {
            let own: Vec<_> = seen.iter().copied().filter(|subject| subject / 100 == writer).collect();
            assert_eq!(own, (writer * 100..writer * 100 + 50).collect::<Vec<_>>());
        }
    }
}

on_both_engines! {
    async fn readers_wake_after_the_commit_and_not_after_a_failure(database: TestDatabase) {
        let db = &database.db;
        let mut committed = db.committed();
        while tokio::time::timeout(Duration::from_millis(100), committed.wait()).await.is_ok() {}
        db.commit(Tx::new("tell").event(event(1))).await.unwrap();
        tokio::time::timeout(Duration::from_secs(2), committed.wait()).await.unwrap();
    }
}

#[tokio::test]
async fn another_node_wakes_as_well() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let other = database.open(Options::default()).await;
    let mut committed = other.committed();
    committed.wait().await; // It has begun to listen.
    while tokio::time::timeout(Duration::from_millis(100), committed.wait()).await.is_ok() {}

    let start = outbox::tail(&other).await.unwrap();
    database.db.commit(Tx::new("tell").event(event(1))).await.unwrap();
    tokio::time::timeout(Duration::from_secs(2), committed.wait()).await.unwrap();
    assert_eq!(read(&other, start, 1).await.len(), 1);
}

/// The heart of the matter: the smaller number commits last.
#[tokio::test]
async fn an_event_that_commits_late_is_not_skipped() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let db = &database.db;
    let insert = "INSERT INTO outbox (city_id, kind, subject, payload, at_us) VALUES ($2, $1, $2, '{}', 1)";
    let (late, early) = (database.client().await, database.client().await);
    let subject = |number: u128| Uuid::from_u128(number).as_bytes().to_vec();

    late.batch_execute("BEGIN").await.unwrap();
    late.execute(insert, &[&"late", &subject(1)]).await.unwrap();
    early.execute(insert, &[&"early", &subject(2)]).await.unwrap();

    let all: i64 = early.query_one("SELECT count(*) FROM outbox", &[]).await.unwrap().get(0);
    assert_eq!(all, 1, "the later number is committed and visible");
    for _ in 0..10 {
        let seen = outbox::read_after(db, Position::default(), 10).await.unwrap();
        assert_eq!(seen, [], "a consumer that moved past it now would never see the earlier one");
        assert_eq!(outbox::tail(db).await.unwrap(), Position::default());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    late.batch_execute("COMMIT").await.unwrap();
    let kinds = eventually("both events", || async {
        let seen = outbox::read_after(db, Position::default(), 10).await.unwrap();
        (seen.len() == 2).then(|| seen.into_iter().map(|event| event.kind).collect::<Vec<_>>())
    })
    .await;
    assert_eq!(kinds, ["late", "early"]);
}

#[tokio::test]
async fn an_outbox_restored_into_another_cluster_goes_on_where_it_was() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let db = &database.db;
    for subject in 1..=3 {
        db.commit(Tx::new("tell").event(event(subject))).await.unwrap();
    }
    let events = read(db, Position::default(), 3).await;
    let at = events[1].position();
    db.commit(Tx::new("start").start_consumer("mailer", at, 1).start_consumer("done", events[2].position(), 1))
        .await
        .unwrap();
    // As in a young cluster: the ids that came with the dump lie ahead.
    database
        .raw("UPDATE outbox SET xid = xid + 1000000000; UPDATE consumer_positions SET xid = xid + 1000000000")
        .await;
    assert_eq!(outbox::read_after(db, Position::default(), 10).await.unwrap(), [], "nothing would ever be settled");

    db.migrate().await.unwrap();
    db.commit(Tx::new("tell").event(event(4))).await.unwrap();
    for (consumer, expected) in [("mailer", vec![3, 4]), ("done", vec![4])] {
        let position = outbox::position(db, consumer).await.unwrap().unwrap();
        let subjects: Vec<_> = read(db, position, expected.len()).await.iter().map(|e| e.subject.as_u128()).collect();
        assert_eq!(subjects, expected, "{consumer}");
    }
}
