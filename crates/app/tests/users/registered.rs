//! Registering: what is asked, and whose a phone number is.

use app::{
    LoginProblem,
    users::{NewUser, Registration, UserChange},
};
use domain::{
    event::Event,
    id::CustomerId,
    permission::{Actor, Role},
    rule::Rule,
};
use store::{Tx, args, customers};

use crate::world::{PASSWORD, PHONE, World, asha, broken, change, problem, staff};

#[tokio::test]
async fn a_customer_registers_and_is_logged_in() {
    let world = World::new().await;
    let session = world.register_asha().await;
    assert_eq!(session.profile.name, "Asha Rao");
    assert_eq!(session.profile.login.as_deref(), Some("asha@example.in"));
    assert_eq!(session.profile.phone.as_deref(), Some("+919876543210"));
    assert_eq!((session.user.role, session.expires_in_s), (Role::Customer, 600));

    let access = world.app.read_access_token(&session.access_token, world.stranger().now).unwrap();
    assert_eq!(access.user, session.user);
    let me = world.app.me(&world.app.ctx(Actor::User(access.user))).await.unwrap();
    assert_eq!((me.user, me.profile), (session.user.clone(), session.profile));
    assert_eq!(problem(world.app.me(&world.stranger()).await), LoginProblem::Missing);

    let customer_id = session.user.customer_id.unwrap();
    let wanted =
        [Event::CustomerChanged { customer_id, renamed: false }, Event::UserChanged { user_id: session.user.id }];
    let told = testkit::eventually("the events", || async {
        Some(world.events().await).filter(|events| events.len() >= wanted.len())
    });
    assert_eq!(told.await, wanted);

    let again = world.login("ASHA@example.in ", PASSWORD).await.unwrap();
    assert_eq!(again.user, session.user);
}

#[tokio::test]
async fn nobody_registers_with_what_somebody_else_has() {
    let world = World::new().await;
    world.register_asha().await;
    let binod = Registration { phone: "9123456780".to_owned(), ..asha() };
    let outcome = world.app.register(&world.stranger(), &binod).await;
    assert_eq!(broken(outcome), (Rule::AlreadyExists, "/login".to_owned()));
    let binod = Registration { login: "binod".to_owned(), phone: "+91-98765-43210".to_owned(), ..asha() };
    let outcome = world.app.register(&world.stranger(), &binod).await;
    assert_eq!(broken(outcome), (Rule::AlreadyExists, "/phone".to_owned()));
    // Nothing of the refused ones stayed: the login is still free.
    let binod = Registration { login: "binod".to_owned(), phone: "9123456780".to_owned(), ..asha() };
    world.app.register(&world.stranger(), &binod).await.unwrap();
}

#[tokio::test]
async fn registration_names_the_field_that_is_wrong() {
    let world = World::new().await;
    let wrong = [
        (Registration { name: "  ".to_owned(), ..asha() }, "/name"),
        (Registration { phone: "+44 7700 900123".to_owned(), ..asha() }, "/phone"),
        (Registration { login: "a b".to_owned(), ..asha() }, "/login"),
        (Registration { password: "Qwerty123".to_owned(), ..asha() }, "/password"),
        (Registration { password: "asha@example.in".to_owned(), ..asha() }, "/password"),
    ];
    for (registration, pointer) in wrong {
        let outcome = world.app.register(&world.stranger(), &registration).await;
        assert_eq!(broken(outcome), (Rule::WrongFormat, pointer.to_owned()));
    }
    assert!(world.events().await.is_empty());
}

#[tokio::test]
async fn a_phone_that_is_known_is_not_taken_over_by_registration() {
    let world = World::new().await;
    let ctx = world.system();
    let customer: CustomerId = ctx.id();
    let row = args![customer, "Asha of the call centre", "+919876543210", None::<&str>, "en", ctx.now_us()];
    world.app.db.commit(Tx::new("customer").run(&customers::INSERT, row)).await.unwrap();

    let outcome = world.app.register(&world.stranger(), &asha()).await;
    assert_eq!(broken(outcome), (Rule::AlreadyExists, "/phone".to_owned()));

    let code = world.code_for(PHONE).await;
    let session = world.verify(PHONE, &code).await.unwrap();
    assert_eq!(session.user.customer_id, Some(customer));
    assert_eq!(session.profile.name, "Asha of the call centre");
}

#[tokio::test]
async fn a_number_that_somebody_only_wrote_down_does_not_open_their_account() {
    let world = World::new().await;
    let asha = world.register_asha().await;
    let (customer, binods) = (asha.user.customer_id, "+919123456780");
    let row = args![customer, 1_i64, "Asha Rao", binods, None::<&str>, "en"];
    world.app.db.commit(Tx::new("mistype").guard(1, &customers::UPDATE, row)).await.unwrap();

    let code = world.code_for(binods).await;
    let binod = world.verify(binods, &code).await.unwrap();
    assert_ne!(binod.user.id, asha.user.id);
    assert_ne!(binod.user.customer_id, customer);
    let row: customers::CustomerRow = world.app.db.one(&customers::FIND, args![customer]).await.unwrap();
    assert_eq!(row.phone, None);
    let code = world.code_for(PHONE).await;
    assert_eq!(world.verify(PHONE, &code).await.unwrap().user, asha.user);
}

#[tokio::test]
async fn whoever_registers_with_another_ones_phone_is_out_when_its_owner_comes() {
    let world = World::new().await;
    let mallory = world.register_asha().await;
    let open = world.login("asha@example.in", PASSWORD).await.unwrap();

    let code = world.code_for(PHONE).await;
    let asha = world.verify(PHONE, &code).await.unwrap();
    assert_eq!((asha.user.id, asha.profile.login.as_deref()), (mallory.user.id, None));
    // Neither the password nor a session that it opened is good for anything now.
    assert_eq!(problem(world.login("asha@example.in", PASSWORD).await), LoginProblem::WrongCredentials);
    for session in [mallory, open] {
        assert_eq!(problem(world.refresh(&session.refresh_token).await), LoginProblem::Invalid);
    }
    // Asha's own session goes on, and her next code ends nothing.
    let asha = world.refresh(&asha.refresh_token).await.unwrap();
    let code = world.code_for(PHONE).await;
    world.verify(PHONE, &code).await.unwrap();
    world.refresh(&asha.refresh_token).await.unwrap();
}

#[tokio::test]
async fn a_code_leaves_the_password_of_a_phone_that_an_administrator_wrote_down() {
    let world = World::new().await;
    let login = Some("ravi".to_owned());
    let ravi = world.app.add_user(&world.system(), NewUser { login, ..staff() }).await.unwrap();
    let change = UserChange { phone: Some(PHONE.to_owned()), ..change(&ravi) };
    world.app.update_user(&world.system(), ravi.user.id, ravi.version, change).await.unwrap();
    let code = world.code_for(PHONE).await;
    let by_code = world.verify(PHONE, &code).await.unwrap();
    assert_eq!(world.login("ravi", PASSWORD).await.unwrap().user, by_code.user);
}
