//! A broken constraint is named alike on both engines.

use store::ConstraintKind::{Check, ForeignKey, NotNull, Unique};
use store::{CommitError, ConstraintKind, Statement, Tx, Value, args};

use crate::support::{TestDatabase, on_both_engines};

static INSERT: Statement =
    Statement::new("things.INSERT", "INSERT INTO things (id, code, amount, label, parent) VALUES ($1, $2, $3, $4, $5)");
static RETURNING: Statement =
    Statement::new("things.RETURNING", "INSERT INTO things (id, code, amount) VALUES ($1, $2, 0) RETURNING id");
static COUNT: Statement = Statement::new("things.COUNT", "SELECT COUNT(*) FROM things");

/// The kind and name of the constraint that an insert breaks, alone and as a later step.
async fn broken(database: &TestDatabase, args: Vec<Value>) -> (ConstraintKind, Option<String>) {
    let alone = database.db.commit(Tx::new("alone").run(&INSERT, args.clone())).await.unwrap_err();
    let tx = Tx::new("later").run(&INSERT, args![500_i64, "fine", 1_i64, None::<i64>, None::<i64>]).run(&INSERT, args);
    let later = database.db.commit(tx).await.unwrap_err();
    assert_eq!(alone, later);
    let CommitError::Constraint { kind, name, statement: "things.INSERT" } = alone else { panic!("{alone}") };
    (kind, name)
}

on_both_engines! {
    async fn each_kind_is_told_apart_and_named(database: TestDatabase) {
        let none = None::<i64>;
        database.db.commit(Tx::new("first").run(&INSERT, args![1_i64, "dosa", 5_i64, "Crisp", none])).await.unwrap();

        let named = |kind, name: &str| (kind, Some(name.to_owned()));
        assert_eq!(broken(&database, args![1_i64, "x", 5_i64, none, none]).await, named(Unique, "things.id"));
        assert_eq!(broken(&database, args![2_i64, "dosa", 5_i64, none, none]).await, named(Unique, "things.code"));
        assert_eq!(broken(&database, args![2_i64, "x", 5_i64, "CRISP", none]).await, named(Unique, "things_label_folded"));
        assert_eq!(broken(&database, args![2_i64, "x", -1_i64, none, none]).await, named(Check, "amount_not_negative"));
        assert_eq!(broken(&database, args![2_i64, none, 5_i64, none, none]).await, named(NotNull, "things.code"));
        assert_eq!(broken(&database, args![2_i64, "x", 5_i64, none, 9_i64]).await.0, ForeignKey);

        let count: (i64,) = database.db.one(&COUNT, Vec::new()).await.unwrap();
        assert_eq!(count, (1,));
    }
}

on_both_engines! {
    async fn a_statement_that_returns_rows_names_its_constraint_too(database: TestDatabase) {
        let rows: Vec<(i64,)> = database.db.returning(&RETURNING, args![1_i64, "dosa"]).await.unwrap();
        assert_eq!(rows, [(1,)]);
        let again = database.db.returning::<(i64,)>(&RETURNING, args![2_i64, "dosa"]).await.unwrap_err();
        assert!(matches!(again, CommitError::Constraint { kind: Unique, .. }), "{again}");
    }
}

on_both_engines! {
    async fn arguments_that_do_not_fit_are_a_mistake_of_the_program(database: TestDatabase) {
        for args in [args![1_i64], args![1_i64, "dosa", 5_i64, "x", None::<i64>, 6_i64]] {
            let error = database.db.commit(Tx::new("wrong").run(&INSERT, args)).await.unwrap_err();
            assert!(matches!(error, CommitError::Database { statement: "things.INSERT", .. }), "{error}");
        }
    }
}
