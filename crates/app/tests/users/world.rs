//! A platform whose clock the test holds, the people in it, and what refusals say.

use std::{
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
    id::{RestaurantId, UserId, VendorId},
    menu::VegMark,
    money::Paise,
    permission::{Actor, Role},
    rule::Rule,
};
use store::{Tx, args, outbox::Position, restaurants};
use testkit::TestDatabase;

pub(crate) const PASSWORD: &str = "masala dosa 7";
pub(crate) const PHONE: &str = "98765 43210";

/// A platform with a clock in the test's hand.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) codes_asked: AtomicUsize,
    _database: TestDatabase,
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = testkit::database().await;
        let clock = Arc::new(ManualClock::new("2026-11-20T07:18:00Z".parse().unwrap()));
        let entropy = Arc::new(Entropy::from_seed(7));
        let app = App::open(database.db.clone(), Settings::default(), Arc::<ManualClock>::clone(&clock), entropy);
        Self { app: app.await.unwrap(), clock, codes_asked: AtomicUsize::new(0), _database: database }
    }

    pub(crate) fn stranger(&self) -> Ctx {
        self.app.ctx(Actor::Anonymous)
    }

    pub(crate) fn system(&self) -> Ctx {
        self.app.ctx(Actor::System)
    }

    pub(crate) fn wait(&self, time: Duration) {
        let now = self.stranger().now;
        self.clock.set(now + time);
    }

    pub(crate) async fn register_asha(&self) -> Session {
        self.app.register(&self.stranger(), &asha()).await.unwrap()
    }

    pub(crate) async fn login(&self, login: &str, password: &str) -> Result<Session, Error> {
        self.app.login(&self.stranger(), login, password).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Result<Session, Error> {
        self.app.refresh(&self.stranger(), token).await
    }

    pub(crate) async fn verify(&self, phone: &str, code: &str) -> Result<Session, Error> {
        let wanted = VerifyCode { phone: phone.to_owned(), code: code.to_owned(), name: None };
        self.app.verify_code(&self.stranger(), &wanted).await
    }

    /// Asks for a code and reads it where the phone would.
    pub(crate) async fn code_for(&self, phone: &str) -> String {
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

    pub(crate) async fn events(&self) -> Vec<Event> {
        let recorded = self.app.events_after(Position::default(), 1_000).await.unwrap();
        recorded.into_iter().map(|recorded| recorded.event).collect()
    }

    pub(crate) async fn staff(&self, login: &str, role: Role) -> UserId {
        let new = NewUser { role, login: Some(login.to_owned()), ..staff() };
        self.app.add_user(&self.system(), new).await.unwrap().user.id
    }

    /// A context in which this account asks.
    pub(crate) async fn as_user(&self, login: &str) -> Ctx {
        let session = self.login(login, PASSWORD).await.unwrap();
        self.app.ctx(Actor::User(session.user))
    }

    pub(crate) async fn set_disabled(&self, id: UserId, disabled: bool) {
        let account = self.app.user(&self.system(), id).await.unwrap();
        let change = UserChange { disabled, ..change(&account) };
        self.app.update_user(&self.system(), id, account.version, change).await.unwrap();
    }

    pub(crate) async fn restaurant(&self) -> RestaurantId {
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

pub(crate) fn asha() -> Registration {
    Registration {
        name: " Asha Rao ".to_owned(),
        phone: PHONE.to_owned(),
        login: " Asha@Example.in".to_owned(),
        password: PASSWORD.to_owned(),
    }
}

pub(crate) fn staff() -> NewUser {
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

pub(crate) fn kitchen() -> Kitchen {
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
pub(crate) fn change(account: &app::users::Account) -> UserChange {
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
pub(crate) fn broken<T>(outcome: Result<T, Error>) -> (Rule, String) {
    match outcome {
        Err(Error::Rule(broken)) => (broken.rule, broken.pointer.unwrap_or_default()),
        Err(other) => panic!("another refusal: {other}"),
        Ok(_) => panic!("this was not refused"),
    }
}

/// Why somebody is not logged in.
pub(crate) fn problem<T>(outcome: Result<T, Error>) -> LoginProblem {
    match outcome {
        Err(Error::Unauthenticated(problem)) => problem,
        Err(other) => panic!("another refusal: {other}"),
        Ok(_) => panic!("this was not refused"),
    }
}

pub(crate) fn wait_of<T>(outcome: Result<T, Error>) -> u64 {
    match outcome {
        Err(Error::TooMany { retry_after_s }) => retry_after_s,
        Err(other) => panic!("another refusal: {other}"),
        Ok(_) => panic!("this was not refused"),
    }
}

/// Six digits that are not the code.
pub(crate) fn other_than(code: &str, attempt: u32) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + attempt) % 1_000_000)
}
