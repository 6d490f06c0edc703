//! Customers: found, changed one at a time, forgotten on request.

use app::{
    Error, LoginProblem,
    customers::{AddressFields, CustomerProfile},
};
use domain::{
    event::Event,
    id::{AddressId, SessionId, UserId},
    order::Status,
    rule::Rule,
};
use store::{Tx, args, users};
use uuid::Uuid;

use crate::town::{Town, broken, is_forbidden, is_missing, profile};

#[tokio::test]
async fn a_dispatcher_finds_people_by_what_they_remember() {
    let town = Town::new().await;
    let asha = town.register("Asha Rao", "98765 43210").await;
    town.tick();
    let email = Some("ravi%b@example.in".to_owned());
    let ravi = CustomerProfile { email, ..profile("Ravi Kumar", "98765 00000") };
    let ravi = town.app.add_customer(&town.dispatcher(), &ravi).await.unwrap().id;
    for (words, found) in [
        ("", vec![asha, ravi]),
        ("asha", vec![asha]),
        ("98765 43", vec![asha]),
        ("09876500000", vec![ravi]),
        ("RAVI%B@", vec![ravi]),
        ("%", vec![ravi]),
        ("_", vec![]),
    ] {
        let (rows, next) = town.app.list_customers(&town.dispatcher(), words, None, 20).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), found, "{words}");
        assert_eq!(next, None);
    }
    let (first, next) = town.app.list_customers(&town.dispatcher(), "", None, 1).await.unwrap();
    assert_eq!((first[0].id, next), (asha, Some(asha)));
    let (second, next) = town.app.list_customers(&town.dispatcher(), "", next, 1).await.unwrap();
    assert_eq!((second[0].id, next), (ravi, None));
}

#[tokio::test]
async fn a_phone_belongs_to_one_customer() {
    let town = Town::new().await;
    town.register("Asha", "98765 43210").await;
    let second = town.app.add_customer(&town.dispatcher(), &profile("Ravi", "+91 98765 43210")).await;
    assert_eq!(broken(second), (Rule::AlreadyExists, "/phone".to_owned()));
    let ravi = town.register("Ravi", "98765 00000").await;
    let moved = town.app.update_customer(&town.customer(ravi), ravi, 1, &profile("Ravi", "9876543210")).await;
    assert_eq!(broken(moved), (Rule::AlreadyExists, "/phone".to_owned()));
}

#[tokio::test]
async fn of_two_changes_from_one_reading_the_second_is_told() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let changed = CustomerProfile { language: "hi".to_owned(), ..profile("Asha Rao", "98765 43210") };
    let row = town.app.update_customer(&town.customer(asha), asha, 1, &changed).await.unwrap();
    assert_eq!((row.name.as_str(), row.language.as_str(), row.version), ("Asha Rao", "hi", 2));
    town.told(Event::CustomerChanged { customer_id: asha, renamed: false }).await;
    let late = town.app.update_customer(&town.dispatcher(), asha, 1, &changed).await;
    assert_eq!(broken(late).0, Rule::VersionConflict);
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let town = Town::new().await;
    let right = profile("Asha", "98765 43210");
    for (wrong, pointer) in [
        (CustomerProfile { name: " ".to_owned(), ..right.clone() }, "/name"),
        (CustomerProfile { phone: Some("12345".to_owned()), ..right.clone() }, "/phone"),
        (CustomerProfile { phone: None, ..right.clone() }, "/phone"),
        (CustomerProfile { email: Some("asha".to_owned()), ..right.clone() }, "/email"),
        (CustomerProfile { language: "English".to_owned(), ..right.clone() }, "/language"),
    ] {
        let refused = town.app.add_customer(&town.dispatcher(), &wrong).await;
        assert_eq!(broken(refused), (Rule::WrongFormat, pointer.to_owned()));
    }
    let asha = town.register("Asha", "98765 43210").await;
    let without = CustomerProfile { phone: None, ..right };
    let refused = town.app.update_customer(&town.customer(asha), asha, 1, &without).await;
    assert_eq!(broken(refused), (Rule::WrongFormat, "/phone".to_owned()));
}

#[tokio::test]
async fn nobody_sees_a_stranger() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    assert!(town.app.customer(&town.customer(asha), asha).await.is_ok());
    assert!(is_missing(&town.app.customer(&town.customer(asha), ravi).await));
    assert!(is_missing(&town.app.addresses(&town.customer(asha), ravi).await));
    assert!(is_forbidden(&town.app.list_customers(&town.customer(asha), "", None, 20).await));
    assert!(is_forbidden(&town.app.delete_customer(&town.dispatcher(), asha).await));
    let anonymous = town.app.customer(&town.stranger(), asha).await;
    assert!(matches!(anonymous, Err(Error::Unauthenticated(LoginProblem::Missing))));
}

#[tokio::test]
async fn a_customer_keeps_addresses() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    let (own, foreign) = (town.customer(asha), town.customer(ravi));
    let added = town.app.add_address(&own, asha, &home()).await.unwrap();
    assert_eq!((added.pin.as_str(), added.landmark.as_deref()), ("560001", None));
    let moved = AddressFields { label: "Work".to_owned(), landmark: Some("Opposite the park".to_owned()), ..home() };
    let changed = town.app.update_address(&own, asha, added.id, &moved).await.unwrap();
    assert_eq!((changed.label.as_str(), changed.landmark.as_deref()), ("Work", Some("Opposite the park")));
    assert!(is_missing(&town.app.update_address(&foreign, ravi, added.id, &home()).await));
    assert!(is_missing(&town.app.delete_address(&foreign, asha, added.id).await));
    assert_eq!(town.app.addresses(&own, asha).await.unwrap(), [changed]);
    town.app.delete_address(&own, asha, added.id).await.unwrap();
    assert!(town.app.addresses(&own, asha).await.unwrap().is_empty());
    assert!(is_missing(&town.app.delete_address(&own, asha, AddressId(Uuid::from_u128(1))).await));
}

#[tokio::test]
async fn a_wrong_address_is_refused_by_field() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    for (wrong, expected) in [
        (AddressFields { label: String::new(), ..home() }, (Rule::WrongFormat, "/label")),
        (AddressFields { line1: "x".repeat(201), ..home() }, (Rule::WrongFormat, "/line1")),
        (AddressFields { pin: "012345".to_owned(), ..home() }, (Rule::WrongFormat, "/pin")),
        (AddressFields { lat: 90.1, ..home() }, (Rule::OutOfRange, "/lat")),
        (AddressFields { lng: f64::NAN, ..home() }, (Rule::OutOfRange, "/lng")),
    ] {
        let (rule, pointer) = broken(town.app.add_address(&town.customer(asha), asha, &wrong).await);
        assert_eq!((rule, pointer.as_str()), expected);
    }
}

#[tokio::test]
async fn a_customer_is_forgotten_once_no_order_is_open() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let own = town.customer(asha);
    town.app.add_address(&own, asha, &home()).await.unwrap();
    let order = town.order(asha).await;
    assert_eq!(broken(town.app.delete_customer(&own, asha).await).0, Rule::InUse);
    assert_eq!(town.app.customer(&own, asha).await.unwrap().name, "Asha");
    assert_eq!(town.app.addresses(&own, asha).await.unwrap().len(), 1);
    town.move_to(&own, order, Status::Cancelled, None).await;
    town.app.delete_customer(&own, asha).await.unwrap();
    assert!(is_missing(&town.app.customer(&town.admin(), asha).await));
    assert!(is_missing(&town.app.delete_customer(&town.admin(), asha).await));
    let kept = town.app.order(&town.admin(), order).await.unwrap();
    assert_eq!((kept.row.customer_name.as_str(), kept.row.customer_phone), ("Deleted customer", None));
    town.register("Somebody new", "98765 43210").await;
}

#[tokio::test]
async fn an_account_is_closed_with_its_customer() {
    let town = Town::new().await;
    for (name, login, phone) in [("Asha", Some("asha"), "98765 43210"), ("Ravi", None, "98765 00000")] {
        let customer = town.register(name, phone).await;
        let ctx = town.system();
        let (user, session): (UserId, SessionId) = (ctx.id(), ctx.id());
        let account = args![user, "customer", name, login, phone, None::<&str>, customer, None::<Uuid>, 0_i64, true];
        let opened = args![session, user, 0_i64, i64::MAX];
        let tx = Tx::new("open account").run(&users::INSERT, account).run(&users::INSERT_SESSION, opened);
        town.app.db.commit(tx).await.unwrap();
        town.app.delete_customer(&town.customer(customer), customer).await.unwrap();
        let row: users::UserRow = town.app.db.one(&users::FIND, args![user]).await.unwrap();
        assert!(row.disabled, "{name}");
        assert_eq!((row.name.as_str(), row.phone), ("Deleted customer", None));
        assert!(row.login.unwrap().starts_with("deleted-"));
        let again = Tx::new("revoke again").guard(0, &users::REVOKE_SESSION, args![session, 1_i64, "test"]);
        town.app.db.commit(again).await.unwrap();
    }
}

fn home() -> AddressFields {
    AddressFields {
        label: "Home".to_owned(),
        line1: "7 Church Street".to_owned(),
        line2: Some("Second floor".to_owned()),
        landmark: Some("  ".to_owned()),
        instruction: None,
        pin: "560 001".to_owned(),
        lat: 12.975,
        lng: 77.605,
    }
}
