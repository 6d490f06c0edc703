//! Sessions: guessing passwords, refreshing, logging out.

use std::{collections::HashSet, time::Duration};

use app::{App, Error, LoginProblem, users::NewUser};
use domain::permission::Role;
use store::args;

use crate::world::{PASSWORD, PHONE, World, problem, staff, wait_of};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_are_answered_alike() {
    let world = World::new().await;
    let id = world.register_asha().await.user.id;
    for login in ["asha@example.in", "nobody@example.in", "no\0body", ""] {
        let outcome = world.login(login, "wrong password").await;
        assert_eq!(problem(outcome), LoginProblem::WrongCredentials, "{login:?}");
    }
    world.set_disabled(id, true).await;
    assert_eq!(problem(world.login("asha@example.in", PASSWORD).await), LoginProblem::WrongCredentials);
}

#[tokio::test]
async fn an_account_without_a_password_cannot_be_entered_with_one() {
    let world = World::new().await;
    let code = world.code_for(PHONE).await;
    let account = world.verify(PHONE, &code).await.unwrap();
    assert_eq!(account.profile.login, None);
    for login in ["+919876543210", "null", "none"] {
        assert_eq!(problem(world.login(login, "").await), LoginProblem::WrongCredentials);
    }
}

#[tokio::test]
async fn a_guesser_is_slowed_down_and_the_owner_waits_a_minute_at_most() {
    let world = World::new().await;
    let (login, phone) = (Some("asha@example.in".to_owned()), Some(PHONE.to_owned()));
    let asha = NewUser { role: Role::Customer, login, phone, ..staff() };
    world.app.add_user(&world.system(), asha).await.unwrap();
    let session = world.login("asha@example.in", PASSWORD).await.unwrap();
    // Known and unknown logins run out of tries alike.
    for login in ["asha@example.in", "nobody@example.in"] {
        for _ in 0..10 {
            assert_eq!(problem(world.login(login, "wrong password").await), LoginProblem::WrongCredentials);
        }
        assert_eq!(wait_of(world.login(login, PASSWORD).await), 60);
    }
    // Whoever is logged in stays so, and a code opens the door at once.
    world.refresh(&session.refresh_token).await.unwrap();
    let code = world.code_for(PHONE).await;
    world.verify(PHONE, &code).await.unwrap();
    world.wait(Duration::from_mins(1));
    world.login("asha@example.in", PASSWORD).await.unwrap();
    world.login("asha@example.in", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_session_is_refreshed_with_each_token_once() {
    let world = World::new().await;
    let first = world.register_asha().await;
    let second = world.refresh(&first.refresh_token).await.unwrap();
    let third = world.refresh(&second.refresh_token).await.unwrap();
    let tokens = HashSet::from([&first.refresh_token, &second.refresh_token, &third.refresh_token]);
    assert_eq!(tokens.len(), 3);

    // The thief's copy comes back: it gets nothing, and the owner's newest token is dead too.
    assert_eq!(problem(world.refresh(&first.refresh_token).await), LoginProblem::RefreshReused);
    assert_eq!(problem(world.refresh(&third.refresh_token).await), LoginProblem::Invalid);
    assert_eq!(problem(world.refresh(&second.refresh_token).await), LoginProblem::RefreshReused);

    // Other sessions of the account go on.
    let other = world.login("asha@example.in", PASSWORD).await.unwrap();
    assert_eq!(problem(world.refresh(&first.refresh_token).await), LoginProblem::RefreshReused);
    world.refresh(&other.refresh_token).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_refreshes_at_once_one_wins_and_the_session_ends() {
    let world = World::new().await;
    world.register_asha().await;
    for round in 0..5 {
        let session = world.login("asha@example.in", PASSWORD).await.unwrap();
        let refresh = || world.refresh(&session.refresh_token);
        let outcomes = tokio::join!(refresh(), refresh(), refresh());
        let (mut won, mut reused) = (Vec::new(), 0);
        for outcome in [outcomes.0, outcomes.1, outcomes.2] {
            match outcome {
                Ok(session) => won.push(session),
                Err(Error::Unauthenticated(LoginProblem::RefreshReused)) => reused += 1,
                Err(other) => panic!("round {round}: {other}"),
            }
        }
        assert_eq!((won.len(), reused), (1, 2), "round {round}");
        assert_eq!(problem(world.refresh(&won[0].refresh_token).await), LoginProblem::Invalid);
    }
}

#[tokio::test]
async fn a_session_ends_for_good_however_often_it_is_refreshed() {
    let world = World::new().await;
    let mut session = world.register_asha().await;
    for _ in 0..29 {
        world.wait(Duration::from_hours(24));
        session = world.refresh(&session.refresh_token).await.unwrap();
    }
    world.wait(Duration::from_hours(24));
    assert_eq!(problem(world.refresh(&session.refresh_token).await), LoginProblem::Invalid);

    world.app.forget_old_sessions(&world.system()).await.unwrap();
    let (kept,) = count(&world.app, &COUNT_TOKENS).await;
    assert_eq!(kept, 30);
    world.wait(Duration::from_hours(8 * 24));
    let open = world.login("asha@example.in", PASSWORD).await.unwrap();
    world.app.forget_old_sessions(&world.system()).await.unwrap();
    assert_eq!(count(&world.app, &COUNT_TOKENS).await, (1,));
    world.refresh(&open.refresh_token).await.unwrap();
}

static COUNT_TOKENS: store::Statement =
    store::Statement::new("tests.COUNT_TOKENS", "SELECT CAST(COUNT(*) AS BIGINT) AS count FROM refresh_tokens");

async fn count(app: &App, statement: &'static store::Statement) -> (i64,) {
    app.db.one(statement, args![]).await.unwrap()
}

#[tokio::test]
async fn what_is_no_refresh_token_of_ours_is_invalid() {
    let world = World::new().await;
    let session = world.register_asha().await;
    let mut other = session.refresh_token.clone().into_bytes();
    other[0] = if other[0] == b'A' { b'B' } else { b'A' };
    for token in ["", "token", &String::from_utf8(other).unwrap(), &session.access_token] {
        assert_eq!(problem(world.refresh(token).await), LoginProblem::Invalid);
    }
    world.refresh(&session.refresh_token).await.unwrap();
}

#[tokio::test]
async fn logging_out_twice_is_logging_out() {
    let world = World::new().await;
    let session = world.register_asha().await;
    for token in [&session.refresh_token, &session.refresh_token, &"nonsense".to_owned()] {
        world.app.logout(&world.stranger(), token).await.unwrap();
    }
    assert_eq!(problem(world.refresh(&session.refresh_token).await), LoginProblem::Invalid);
}
