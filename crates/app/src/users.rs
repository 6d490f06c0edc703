//! Accounts: who somebody is, how they prove it, and the sessions that follow.
//!
//! A session is a row; a chain of refresh tokens, each good for one use, keeps it alive until its absolute end, and
//! access tokens of some minutes are what requests carry. Role, kitchens and whether the account is disabled are read
//! anew at each refresh. Whatever a stranger can ask, the answer does not tell whether an account exists, except at
//! registration, where it must. Structs that hold a secret do not implement `Debug`.

mod codes;
pub(crate) mod fields;
mod limits;
mod login;
mod manage;
mod passwords;
mod register;
mod sessions;

use domain::{
    event::Event,
    id::{CityId, RestaurantId, UserId},
    permission::{Role, User},
};
use store::{CommitError, ConstraintKind, Tx, args, customers, users};
use uuid::Uuid;

use crate::{
    App,
    context::Ctx,
    error::{Error, LoginProblem, failed_guard},
};
use limits::Limiter;
use passwords::Passwords;

pub use codes::VerifyCode;
pub use manage::{NewUser, UserChange};
pub use register::Registration;
pub use sessions::Session;

/// What an account is called, besides its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The person's name.
    pub name: String,
    /// What they type to log in.
    pub login: Option<String>,
    /// Their phone, as E.164.
    pub phone: Option<String>,
}

/// An account as its owner and the administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Id, role, and what is theirs.
    pub user: User,
    /// What it is called.
    pub profile: Profile,
    /// May not log in.
    pub disabled: bool,
    /// Grows with every change.
    pub version: i64,
    /// Whoever holds the phone showed it with a code, or an administrator wrote it down.
    pub phone_proved: bool,
}

/// What stands at the entrance of this node: the place where passwords are hashed, and who tried too often.
pub(crate) struct Entrance {
    passwords: Passwords,
    /// Wrong delivery codes of an order: five at once, then one a minute. Four digits must not be guessed at the door.
    pub(crate) handovers: Limiter,
    /// Wrong passwords of a login: ten at once, then one a minute. A stranger who uses them up keeps the owner out for
    /// a minute, and never from logging in by code or from a session that is open.
    logins: Limiter,
    /// Wrong codes of a phone. A code has five tries; this bounds a guesser who asks for code after code.
    codes: Limiter,
}

impl Default for Entrance {
    fn default() -> Self {
        Self {
            passwords: Passwords::default(),
            handovers: Limiter::new(5, 60_000_000),
            logins: Limiter::new(10, 60_000_000),
            codes: Limiter::new(20, 300_000_000),
        }
    }
}

impl App {
    /// The account of the actor, as it is now.
    pub async fn me(&self, ctx: &Ctx) -> Result<Account, Error> {
        let user = ctx.actor.user().ok_or(Error::Unauthenticated(LoginProblem::Missing))?;
        let account = self.find_account(user.id).await?.filter(|account| !account.disabled);
        account.ok_or(Error::Unauthenticated(LoginProblem::Invalid))
    }

    /// An account by its id.
    pub(crate) async fn find_account(&self, id: UserId) -> Result<Option<Account>, Error> {
        match self.db.optional::<users::UserRow>(&users::FIND, args![id]).await? {
            Some(row) => Ok(Some(self.account_of(row).await?)),
            None => Ok(None),
        }
    }

    /// A stored account with its restaurants.
    async fn account_of(&self, row: users::UserRow) -> Result<Account, Error> {
        let mut restaurant_ids = Vec::new();
        if row.role == Role::Restaurant.as_str() {
            let rows: Vec<users::UserRestaurantRow> = self.db.all(&users::LIST_RESTAURANTS, args![row.id]).await?;
            restaurant_ids = rows.into_iter().map(|row| row.restaurant_id).collect();
        }
        account(row, restaurant_ids)
    }

    /// Adds the rows and events of a new account, and of its customer where that is new too.
    fn insert_account(
        &self,
        ctx: &Ctx,
        mut tx: Tx,
        account: &Account,
        password_hash: Option<&str>,
        new_customer: bool,
    ) -> Result<Tx, Error> {
        let (user, profile, now) = (&account.user, &account.profile, ctx.now_us());
        let (name, login, phone) = (profile.name.as_str(), profile.login.as_deref(), profile.phone.as_deref());
        if new_customer {
            tx = tx.run(&customers::INSERT, args![user.customer_id, name, phone, None::<&str>, "en", now]);
        }
        let role = user.role.as_str();
        let (customer, courier, proved) = (user.customer_id, user.courier_id, account.phone_proved);
        let values = args![user.id, role, name, login, phone, password_hash, customer, courier, now, proved];
        tx = tx.run(&users::INSERT, values);
        tx = insert_restaurants(tx, user.id, &user.restaurant_ids);
        if let Some(customer_id) = user.customer_id.filter(|_| new_customer) {
            tx = self.tell(ctx, tx, NOWHERE, &Event::CustomerChanged { customer_id, renamed: false })?;
        }
        self.tell(ctx, tx, NOWHERE, &Event::UserChanged { user_id: user.id })
    }
}

/// People belong to no city.
const NOWHERE: CityId = CityId(Uuid::nil());

fn insert_restaurants(tx: Tx, user: UserId, restaurants: &[RestaurantId]) -> Tx {
    tx.run_each(&users::INSERT_RESTAURANT, restaurants.iter().map(|id| args![user, *id]))
}

fn account(row: users::UserRow, restaurant_ids: Vec<RestaurantId>) -> Result<Account, Error> {
    let role = Role::parse(&row.role).ok_or_else(|| Error::Internal(format!("user {}: role {}", row.id, row.role)))?;
    let user = User { id: row.id, role, customer_id: row.customer_id, courier_id: row.courier_id, restaurant_ids };
    let profile = Profile { name: row.name, login: row.login, phone: row.phone };
    Ok(Account { user, profile, disabled: row.disabled, version: row.version, phone_proved: row.phone_proved })
}

/// A commit that failed, in terms of the fields of an account: a name or number that somebody has already.
fn taken(error: CommitError) -> Error {
    if failed_guard(&error) == Some("applied") {
        return domain::rule::Rule::ApplicationWaiting.at("/phone").into();
    }
    let CommitError::Constraint { kind: ConstraintKind::Unique, name: Some(name), .. } = &error else {
        return error.into();
    };
    let pointer = match name.rsplit('.').next() {
        Some("login") => "/login",
        Some("phone") => "/phone",
        Some("customer_id") => "/customer_id",
        Some("courier_id") => "/courier_id",
        _ => return error.into(),
    };
    domain::rule::Rule::AlreadyExists.at(pointer).into()
}
