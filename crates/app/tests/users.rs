//! Accounts and sessions as people meet them, on a database of their own for each test.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use app::{
    App, Ctx, Entropy, Error, LoginProblem, ManualClock, Settings,
    places::NewCity,
    restaurants::{NewRestaurant, Profile as Kitchen},
    users::{NewUser, Registration, Session, UserChange, VerifyCode},
};
use domain::{
    event::Event,
    geo::Point,
    id::{CustomerId, RestaurantId, UserId, VendorId},
    menu::VegMark,
    money::Paise,
    permission::{Actor, Role},
    rule::Rule,
};
use jiff::Timestamp;
use store::{Tx, args, customers, outbox::Position, restaurants};
use testkit::TestDatabase;

const PASSWORD: &str = "masala dosa 7";
const PHONE: &str = "98765 43210";

/// A platform with a clock in the test's hand.
struct World {
    app: App,
    clock: Arc<ManualClock>,
    codes_asked: AtomicUsize,
    _database: TestDatabase,
}

impl World {
    async fn new() -> Self {
        let database = testkit::database().await;
        let clock = Arc::new(ManualClock::new("2026-11-20T07:18:00Z".parse().unwrap()));
        let entropy = Arc::new(Entropy::from_seed(7));
        let app = App::open(database.db.clone(), Settings::default(), Arc::<ManualClock>::clone(&clock), entropy);
        Self { app: app.await.unwrap(), clock, codes_asked: AtomicUsize::new(0), _database: database }
    }

    fn stranger(&self) -> Ctx {
        self.app.ctx(Actor::Anonymous)
    }

    fn system(&self) -> Ctx {
        self.app.ctx(Actor::System)
    }

    fn wait(&self, time: Duration) {
        let now = self.stranger().now;
        self.clock.set(now + time);
    }

    async fn register_asha(&self) -> Session {
        self.app.register(&self.stranger(), &asha()).await.unwrap()
    }

    async fn login(&self, login: &str, password: &str) -> Result<Session, Error> {
        self.app.login(&self.stranger(), login, password).await
    }

    async fn refresh(&self, token: &str) -> Result<Session, Error> {
        self.app.refresh(&self.stranger(), token).await
    }

    async fn verify(&self, phone: &str, code: &str) -> Result<Session, Error> {
        let wanted = VerifyCode { phone: phone.to_owned(), code: code.to_owned(), name: None };
        self.app.verify_code(&self.stranger(), &wanted).await
    }

    /// Asks for a code and reads it where the phone would.
    async fn code_for(&self, phone: &str) -> String {
        self.app.request_code(&self.stranger(), phone).await.unwrap();
        let asked = self.codes_asked.fetch_add(1, Ordering::Relaxed);
        testkit::eventually("the code", || async move {
            let mut texts = self.events().await.into_iter().filter_map(|event| match event {
                Event::CodeRequested { text, .. } => Some(text[..6].to_owned()),
                _ => None,
            });
            texts.nth(asked)
        })
        .await
    }

    async fn events(&self) -> Vec<Event> {
        let recorded = self.app.events_after(Position::default(), 1_000).await.unwrap();
        recorded.into_iter().map(|recorded| recorded.event).collect()
    }

    async fn staff(&self, login: &str, role: Role) -> UserId {
        let new = NewUser { role, login: Some(login.to_owned()), ..staff() };
        self.app.add_user(&self.system(), new).await.unwrap().user.id
    }

    /// A context in which this account asks.
    async fn as_user(&self, login: &str) -> Ctx {
        let session = self.login(login, PASSWORD).await.unwrap();
        self.app.ctx(Actor::User(session.user))
    }

    async fn set_disabled(&self, id: UserId, disabled: bool) {
        let account = self.app.user(&self.system(), id).await.unwrap();
        let change = UserChange { disabled, ..change(&account) };
        self.app.update_user(&self.system(), id, account.version, change).await.unwrap();
    }

    async fn restaurant(&self) -> RestaurantId {
        let ctx = self.system();
        let corner = |lat: f64, lng: f64| Point { lat, lng };
        let square = vec![corner(12.0, 77.0), corner(12.0, 78.0), corner(13.0, 78.0), corner(13.0, 77.0)];
        let city = NewCity {
            slug: "testpur".to_owned(),
            name: "Testpur".to_owned(),
            state_code: "29".to_owned(),
            timezone: "Asia/Kolkata".to_owned(),
            centre: corner(12.5, 77.5),
            zones: vec![("A".to_owned(), "All of it".to_owned(), square)],
            map: None,
        };
        let city_id = self.app.add_city(&ctx, city).await.unwrap();
        let vendor_id: VendorId = ctx.id();
        let none = None::<&str>;
        let vendor = args![vendor_id, "Udupi Foods", none, none, none, none, ctx.now_us()];
        self.app.db.commit(Tx::new("vendor").run(&restaurants::INSERT_VENDOR, vendor)).await.unwrap();
        let new = NewRestaurant {
            vendor_id,
            city_id,
            point: corner(12.5, 77.5),
            zone_id: None,
            source_key: None,
            veg_mark: VegMark::Veg,
            commission_bp: 1_500,
            rating_sum: 0,
            rating_count: 0,
            profile: kitchen(),
            sections: Vec::new(),
        };
        self.app.add_restaurant(&ctx, &new).await.unwrap().unwrap()
    }
}

fn asha() -> Registration {
    Registration {
        name: " Asha Rao ".to_owned(),
        phone: PHONE.to_owned(),
        login: " Asha@Example.in".to_owned(),
        password: PASSWORD.to_owned(),
    }
}

fn staff() -> NewUser {
    NewUser {
        role: Role::Dispatcher,
        name: "Staff".to_owned(),
        login: None,
        phone: None,
        password: Some(PASSWORD.to_owned()),
        customer_id: None,
        courier_id: None,
        restaurant_ids: Vec::new(),
    }
}

fn kitchen() -> Kitchen {
    Kitchen {
        name: "Udupi".to_owned(),
        locality: "Market".to_owned(),
        address: "1 Market Road".to_owned(),
        pin: None,
        phone: None,
        cuisines: Vec::new(),
        price_for_two: None,
        minimum_order: Paise(0),
        packing: Paise(0),
        prep_minutes: 15,
        hours: Vec::new(),
        active: true,
    }
}

/// No change at all.
fn change(account: &app::users::Account) -> UserChange {
    UserChange {
        name: account.profile.name.clone(),
        login: account.profile.login.clone(),
        phone: account.profile.phone.clone(),
        password: None,
        restaurant_ids: account.user.restaurant_ids.clone(),
        disabled: account.disabled,
    }
}

/// The rule and the field of a refusal.
fn broken<T>(outcome: Result<T, Error>) -> (Rule, String) {
    match outcome {
        Err(Error::Rule(broken)) => (broken.rule, broken.pointer.unwrap_or_default()),
        Err(other) => panic!("another refusal: {other}"),
        Ok(_) => panic!("this was not refused"),
    }
}

/// Why somebody is not logged in.
fn problem<T>(outcome: Result<T, Error>) -> LoginProblem {
    match outcome {
        Err(Error::Unauthenticated(problem)) => problem,
        Err(other) => panic!("another refusal: {other}"),
        Ok(_) => panic!("this was not refused"),
    }
}

fn wait_of<T>(outcome: Result<T, Error>) -> u64 {
    match outcome {
        Err(Error::TooMany { retry_after_s }) => retry_after_s,
        Err(other) => panic!("another refusal: {other}"),
        Ok(_) => panic!("this was not refused"),
    }
}

/// Six digits that are not the code.
fn other_than(code: &str, attempt: u32) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + attempt) % 1_000_000)
}

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
    let wanted = [Event::CustomerChanged { customer_id }, Event::UserChanged { user_id: session.user.id }];
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
