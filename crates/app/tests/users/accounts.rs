//! Accounts that administrators manage.

use std::time::Duration;

use app::{
    Error, LoginProblem,
    users::{NewUser, UserChange},
};
use domain::{
    permission::{Actor, Role},
    rule::Rule,
};
use jiff::Timestamp;
use store::{args, customers};

use crate::world::{PASSWORD, PHONE, World, broken, change, problem, staff};

#[tokio::test]
async fn disabled_accounts_are_locked_out_everywhere() {
    let world = World::new().await;
    let session = world.register_asha().await;
    world.set_disabled(session.user.id, true).await;
    assert_eq!(problem(world.refresh(&session.refresh_token).await), LoginProblem::Invalid);
    assert_eq!(problem(world.login("asha@example.in", PASSWORD).await), LoginProblem::WrongCredentials);
    let code = world.code_for(PHONE).await;
    assert_eq!(broken(world.verify(PHONE, &code).await).0, Rule::WrongCode);
    let ctx = world.app.ctx(Actor::User(session.user.clone()));
    assert_eq!(problem(world.app.me(&ctx).await), LoginProblem::Invalid);

    // Enabled again, the old session stays over.
    world.set_disabled(session.user.id, false).await;
    assert_eq!(problem(world.refresh(&session.refresh_token).await), LoginProblem::Invalid);
    world.login("asha@example.in", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_of_the_old_one() {
    let world = World::new().await;
    let session = world.register_asha().await;
    let account = world.app.user(&world.system(), session.user.id).await.unwrap();
    let reset = UserChange { password: Some("filter coffee 9".to_owned()), ..change(&account) };
    world.app.update_user(&world.system(), account.user.id, account.version, reset).await.unwrap();
    assert_eq!(problem(world.refresh(&session.refresh_token).await), LoginProblem::Invalid);
    assert_eq!(problem(world.login("asha@example.in", PASSWORD).await), LoginProblem::WrongCredentials);
    world.login("asha@example.in", "filter coffee 9").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_session_of_the_old_password_slips_past_a_reset() {
    let world = World::new().await;
    let id = world.register_asha().await.user.id;
    let mut password = PASSWORD.to_owned();
    for round in 0..8 {
        let account = world.app.user(&world.system(), id).await.unwrap();
        let next = format!("filter coffee {round}");
        let reset = UserChange { password: Some(next.clone()), ..change(&account) };
        let ctx = world.system();
        let (login, reset) = tokio::join!(
            world.login("asha@example.in", &password),
            world.app.update_user(&ctx, id, account.version, reset)
        );
        reset.unwrap();
        if let Ok(session) = login {
            assert_eq!(problem(world.refresh(&session.refresh_token).await), LoginProblem::Invalid, "round {round}");
        }
        password = next;
    }
}

#[tokio::test]
async fn a_change_of_name_and_phone_reaches_the_customer_and_the_next_refresh() {
    let world = World::new().await;
    let session = world.register_asha().await;
    let account = world.app.user(&world.system(), session.user.id).await.unwrap();
    let (name, phone) = ("Asha Menon".to_owned(), Some("09123456780".to_owned()));
    let renamed = UserChange { name, phone, ..change(&account) };
    let stale = renamed.clone();
    let new = world.app.update_user(&world.system(), account.user.id, account.version, renamed).await.unwrap();
    assert_eq!((new.profile.name.as_str(), new.version), ("Asha Menon", account.version + 1));
    let outcome = world.app.update_user(&world.system(), account.user.id, account.version, stale).await;
    assert_eq!(broken(outcome).0, Rule::VersionConflict);

    let customer = args![session.user.customer_id];
    let row: customers::CustomerRow = world.app.db.one(&customers::FIND, customer).await.unwrap();
    assert_eq!((row.name.as_str(), row.phone.as_deref()), ("Asha Menon", Some("+919123456780")));
    let refreshed = world.refresh(&session.refresh_token).await.unwrap();
    assert_eq!(refreshed.profile.name, "Asha Menon");
}

#[tokio::test]
async fn only_administrators_manage_accounts() {
    let world = World::new().await;
    world.staff("admin", Role::Admin).await;
    world.staff("meera", Role::Dispatcher).await;
    let meera = world.as_user("meera").await;
    assert!(matches!(world.app.list_users(&meera, None, None, 10).await, Err(Error::Forbidden)));
    assert!(matches!(world.app.add_user(&meera, staff()).await, Err(Error::Forbidden)));
    assert!(matches!(
        world.app.list_users(&world.stranger(), None, None, 10).await,
        Err(Error::Unauthenticated(LoginProblem::Missing))
    ));

    let admin = world.as_user("admin").await;
    let all = world.app.list_users(&admin, None, None, 10).await.unwrap();
    assert_eq!(all.len(), 2);
    let dispatchers = world.app.list_users(&admin, Some(Role::Dispatcher), None, 10).await.unwrap();
    assert_eq!(dispatchers.len(), 1);
    let page = world.app.list_users(&admin, None, Some(all[0].user.id), 10).await.unwrap();
    assert_eq!(page, all[1..]);

    let own = admin.actor.user().unwrap().id;
    let account = world.app.user(&admin, own).await.unwrap();
    let suicide = UserChange { disabled: true, ..change(&account) };
    let outcome = world.app.update_user(&admin, own, account.version, suicide).await;
    assert_eq!(broken(outcome), (Rule::InUse, "/disabled".to_owned()));
}

#[tokio::test]
async fn kitchen_staff_have_restaurants_and_others_have_none() {
    let world = World::new().await;
    let restaurant = world.restaurant().await;
    let ctx = world.system();
    let kitchen = NewUser {
        role: Role::Restaurant,
        login: Some("udupi".to_owned()),
        restaurant_ids: vec![restaurant],
        ..staff()
    };
    let account = world.app.add_user(&ctx, kitchen.clone()).await.unwrap();
    let session = world.login("udupi", PASSWORD).await.unwrap();
    assert_eq!(session.user.restaurant_ids, [restaurant]);
    let listed = world.app.list_users(&ctx, Some(Role::Restaurant), None, 10).await.unwrap();
    assert_eq!(listed[0].user.restaurant_ids, [restaurant]);

    let none = UserChange { restaurant_ids: Vec::new(), ..change(&account) };
    let outcome = world.app.update_user(&ctx, account.user.id, account.version, none).await;
    assert_eq!(broken(outcome), (Rule::WrongFormat, "/restaurant_ids".to_owned()));
    let unknown = NewUser { restaurant_ids: vec![restaurant, ctx.id()], ..kitchen.clone() };
    let outcome = world.app.add_user(&ctx, unknown).await;
    assert_eq!(broken(outcome), (Rule::UnknownReference, "/restaurant_ids/1".to_owned()));
    let dispatcher = NewUser { role: Role::Dispatcher, ..kitchen };
    let outcome = world.app.add_user(&ctx, dispatcher).await;
    assert_eq!(broken(outcome), (Rule::WrongFormat, "/restaurant_ids".to_owned()));
}

#[tokio::test]
async fn an_account_needs_a_way_in_and_what_its_role_stands_for() {
    let world = World::new().await;
    let ctx = world.system();
    let login = || Some("ravi".to_owned());
    let wrong = [
        (NewUser { password: None, ..staff() }, "/login"),
        (staff(), "/login"),
        (NewUser { login: login(), password: None, ..staff() }, "/password"),
        (NewUser { login: login(), password: Some("password".to_owned()), ..staff() }, "/password"),
        (NewUser { login: login(), role: Role::Courier, ..staff() }, "/courier_id"),
        (NewUser { login: login(), courier_id: Some(ctx.id()), ..staff() }, "/courier_id"),
        (NewUser { login: login(), customer_id: Some(ctx.id()), ..staff() }, "/customer_id"),
    ];
    for (new, pointer) in wrong {
        assert_eq!(broken(world.app.add_user(&ctx, new).await), (Rule::WrongFormat, pointer.to_owned()));
    }
    let courier = NewUser { login: login(), role: Role::Courier, courier_id: Some(ctx.id()), ..staff() };
    let outcome = world.app.add_user(&ctx, courier).await;
    assert_eq!(broken(outcome), (Rule::UnknownReference, "/courier_id".to_owned()));

    let customer = NewUser { login: login(), role: Role::Customer, phone: Some(PHONE.to_owned()), ..staff() };
    let account = world.app.add_user(&ctx, customer).await.unwrap();
    assert!(account.user.customer_id.is_some());
    let twin = NewUser { login: login(), ..staff() };
    assert_eq!(broken(world.app.add_user(&ctx, twin).await), (Rule::AlreadyExists, "/login".to_owned()));
}

#[tokio::test]
async fn tokens_of_an_old_moment_run_out() {
    let world = World::new().await;
    let session = world.register_asha().await;
    let now: Timestamp = world.stranger().now;
    let later = now + Duration::from_mins(10);
    assert_eq!(problem(world.app.read_access_token(&session.access_token, later)), LoginProblem::Expired);
}
