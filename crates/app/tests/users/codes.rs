//! Codes sent to a phone.

use std::time::Duration;

use app::{Error, users::VerifyCode};
use domain::{permission::Role, rule::Rule};

use crate::world::{PHONE, World, broken, other_than, wait_of};

#[tokio::test]
async fn a_new_phone_becomes_a_customer_by_code() {
    let world = World::new().await;
    let code = world.code_for(PHONE).await;
    let wanted = VerifyCode { phone: PHONE.to_owned(), code, name: Some("Asha Rao".to_owned()) };
    let session = world.app.verify_code(&world.stranger(), &wanted).await.unwrap();
    assert_eq!((session.user.role, session.profile.name.as_str()), (Role::Customer, "Asha Rao"));
    assert_eq!(session.profile.phone.as_deref(), Some("+919876543210"));

    let code = world.code_for("9123456780").await;
    let nameless = world.verify("9123456780", &code).await.unwrap();
    assert_eq!(nameless.profile.name, "Customer 6780");

    // The second time it is the same account.
    let code = world.code_for(PHONE).await;
    assert_eq!(world.verify(PHONE, &code).await.unwrap().user, session.user);
}

#[tokio::test]
async fn a_code_opens_one_session_of_its_own_phone() {
    let world = World::new().await;
    let code = world.code_for(PHONE).await;
    let foreign = world.code_for("9123456780").await;
    if code != foreign {
        assert_eq!(broken(world.verify(PHONE, &foreign).await), (Rule::WrongCode, "/code".to_owned()));
    }
    let (one, other) = tokio::join!(world.verify(PHONE, &code), world.verify(PHONE, &code));
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1);
    assert_eq!(broken(world.verify(PHONE, &code).await), (Rule::WrongCode, "/code".to_owned()));
}

#[tokio::test]
async fn a_newer_code_replaces_the_older_and_each_runs_out() {
    let world = World::new().await;
    let first = world.code_for(PHONE).await;
    let second = world.code_for(PHONE).await;
    assert_ne!(first, second);
    assert_eq!(broken(world.verify(PHONE, &first).await).0, Rule::WrongCode);
    world.wait(Duration::from_mins(10));
    assert_eq!(broken(world.verify(PHONE, &second).await).0, Rule::WrongCode);
}

#[tokio::test]
async fn a_code_has_five_tries() {
    let world = World::new().await;
    let code = world.code_for(PHONE).await;
    for attempt in 1..=4 {
        assert_eq!(broken(world.verify(PHONE, &other_than(&code, attempt)).await).0, Rule::WrongCode);
    }
    world.verify(PHONE, &code).await.unwrap();

    let code = world.code_for(PHONE).await;
    for attempt in 1..=5 {
        assert_eq!(broken(world.verify(PHONE, &other_than(&code, attempt)).await).0, Rule::WrongCode);
    }
    assert_eq!(broken(world.verify(PHONE, &code).await), (Rule::WrongCode, "/code".to_owned()));
}

#[tokio::test]
async fn a_guesser_who_asks_for_code_after_code_gets_a_few_hundred_tries_a_day() {
    let world = World::new().await;
    let mut guesses = 0;
    for _ in 0..24 {
        let mut codes = Vec::new();
        while let Ok(seconds) = world.app.request_code(&world.stranger(), PHONE).await {
            codes.push(seconds);
            for _ in 0..5 {
                // A code that never fits; it counts as a try like any other.
                match world.verify(PHONE, "000000").await {
                    Err(Error::Rule(_)) => guesses += 1,
                    Err(Error::TooMany { .. }) => {}
                    _ => panic!("the seed drew the guessed code"),
                }
            }
        }
        assert_eq!(codes, [600; 5]);
        world.wait(Duration::from_mins(10));
    }
    // Four hours: 20 at once and one in five minutes. That is 308 a day, a chance of 0.03 %.
    assert!((60..=68).contains(&guesses), "{guesses}");
}

#[tokio::test]
async fn known_and_unknown_phones_are_answered_alike() {
    let world = World::new().await;
    world.register_asha().await;
    for phone in [PHONE, "9123456780"] {
        for _ in 0..5 {
            assert_eq!(world.app.request_code(&world.stranger(), phone).await.unwrap(), 600);
        }
        assert_eq!(wait_of(world.app.request_code(&world.stranger(), phone).await), 600);
    }
    world.wait(Duration::from_mins(10));
    world.app.request_code(&world.stranger(), PHONE).await.unwrap();
    let outcome = world.app.request_code(&world.stranger(), "12345").await;
    assert_eq!(broken(outcome), (Rule::WrongFormat, "/phone".to_owned()));
}

#[tokio::test]
async fn a_code_reaches_the_mailbox() {
    let world = World::new().await;
    let code = world.code_for(PHONE).await;
    world.app.consume_all().await.unwrap();
    let messages = world.app.mailbox(None, 10).await.unwrap();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].body.starts_with(&code), "{}", messages[0].body);
}
