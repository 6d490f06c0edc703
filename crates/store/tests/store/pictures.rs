//! What the database itself holds pictures to, on both engines.

use domain::{
    document::DocumentKind,
    id::{CityId, CourierId, DocumentId},
    picture::{LARGEST_BYTES, LONGEST_SIDE_PX, PictureFormat},
};
use store::{CommitError, ConstraintKind, Db, Statement, Tx, Value, args, couriers, documents, pictures, places};
use uuid::Uuid;

use crate::support::on_both_engines;

const DOCUMENT: DocumentId = DocumentId(Uuid::from_u128(3));
const COURIER: CourierId = CourierId(Uuid::from_u128(2));
const FOREVER: i64 = i64::MAX;

static COUNT: Statement = Statement::new("test.COUNT", "SELECT COUNT(*) FROM document_pictures");
static DELETE: Statement = Statement::new("test.DELETE", "DELETE FROM courier_documents WHERE id = $1");
/// As a node of the version before writes it.
static INSERT_BEFORE: Statement = Statement::new(
    "test.INSERT_BEFORE",
    "INSERT INTO courier_documents (id, courier_id, kind, number, state, submitted_at) \
     VALUES ($1, $2, 'pan', 'AAZPZ0001A', 'submitted', 1)",
);

async fn courier(db: &Db) {
    let city = CityId(Uuid::from_u128(1));
    let tx = Tx::new("courier")
        .run(&places::INSERT_CITY, args![city, "bengaluru", "Bengaluru", "KA", "Asia/Kolkata", 12.97, 77.6, 1_i64])
        .run(&couriers::INSERT, args![COURIER, city, "Kiran", None::<&str>, "scooter", 1_i64]);
    db.commit(tx).await.unwrap();
}

/// A courier, and a PAN that waits for a decision.
async fn waiting(db: &Db) {
    courier(db).await;
    let none = None::<Uuid>;
    let pan = args![DOCUMENT, none, COURIER, DocumentKind::Pan.as_str(), "AAZPZ0001A", None::<&str>, 1_i64, true];
    db.commit(Tx::new("document").run(&documents::INSERT, pan)).await.unwrap();
}

fn picture(media_type: &str, side_px: u32, body: &[u8]) -> Vec<Value> {
    let size = i64::try_from(body.len()).unwrap();
    args![DOCUMENT, media_type, size, side_px, side_px, [7_u8; 32], 2_i64, body]
}

async fn put(db: &Db, picture: Vec<Value>) -> Result<(), CommitError> {
    let tx = Tx::new("put").guard(1, &pictures::NOTE, args![DOCUMENT, 2_i64]).run(&pictures::PUT, picture);
    db.commit(tx).await
}

async fn decide(db: &Db, state: &str, until: i64) -> Result<(), CommitError> {
    let decision = args![DOCUMENT, state, Some("as seen"), None::<Uuid>, 5_i64, until];
    db.commit(Tx::new("decide").guard(1, &documents::DECIDE, decision)).await
}

async fn count(db: &Db) -> i64 {
    db.one::<(i64,)>(&COUNT, Vec::new()).await.unwrap().0
}

fn breaks_a_check(outcome: &Result<(), CommitError>) -> bool {
    matches!(outcome, Err(CommitError::Constraint { kind: ConstraintKind::Check, .. }))
}

on_both_engines! {
    async fn every_format_and_the_largest_picture_fit_and_nothing_else(database: TestDatabase) {
        let db = &database.db;
        waiting(db).await;
        for format in PictureFormat::ALL {
            put(db, picture(format.media_type(), LONGEST_SIDE_PX, &vec![9; LARGEST_BYTES])).await.unwrap();
        }
        assert_eq!(count(db).await, 1, "one of each document");
        let wrong = [
            picture("image/svg+xml", 100, b"x"),
            picture("image/png", 100, b""),
            picture("image/png", 100, &vec![9; LARGEST_BYTES + 1]),
            picture("image/png", LONGEST_SIDE_PX + 1, b"x"),
        ];
        for picture in wrong {
            assert!(breaks_a_check(&put(db, picture).await));
        }
        let found: pictures::PictureRow = db.one(&pictures::FIND, args![DOCUMENT]).await.unwrap();
        assert_eq!((found.media_type.as_str(), found.body.len()), ("image/webp", LARGEST_BYTES));
    }
}

on_both_engines! {
    async fn what_needs_a_picture_is_not_accepted_without(database: TestDatabase) {
        let db = &database.db;
        waiting(db).await;
        assert!(breaks_a_check(&decide(db, "accepted", FOREVER).await));
        put(db, picture("image/png", 100, b"x")).await.unwrap();
        assert!(matches!(decide(db, "accepted", 1).await, Err(CommitError::Guard { .. })), "it came after that");
        decide(db, "accepted", 2).await.unwrap();
        assert!(matches!(put(db, picture("image/png", 100, b"y")).await, Err(CommitError::Guard { .. })));
    }
}

on_both_engines! {
    async fn what_a_node_of_the_version_before_took_in_needs_none(database: TestDatabase) {
        let db = &database.db;
        courier(db).await;
        db.commit(Tx::new("before").run(&INSERT_BEFORE, args![DOCUMENT, COURIER])).await.unwrap();
        decide(db, "accepted", FOREVER).await.unwrap();
    }
}

on_both_engines! {
    async fn a_picture_goes_with_its_document_and_some_time_after_a_refusal(database: TestDatabase) {
        let db = &database.db;
        waiting(db).await;
        put(db, picture("image/png", 100, b"x")).await.unwrap();
        decide(db, "refused", FOREVER).await.unwrap();
        for (before, left) in [(5_i64, 1), (6, 0)] {
            db.commit(Tx::new("prune").run(&pictures::PRUNE, args![before])).await.unwrap();
            assert_eq!(count(db).await, left);
        }
        db.commit(Tx::new("put").run(&pictures::PUT, picture("image/png", 100, b"x"))).await.unwrap();
        db.commit(Tx::new("delete").run(&DELETE, args![DOCUMENT])).await.unwrap();
        assert_eq!(count(db).await, 0);
    }
}
