//! Accounts in the hands of administrators: listed, made for staff, changed, disabled.
//!
//! A new password and a disabled account end all open sessions in the same transaction. An administrator cannot disable
//! the account that they use, so that one is always left.

use std::collections::HashMap;

use domain::{
    event::Event,
    id::{CourierId, CustomerId, RestaurantId, UserId},
    permission::{Action, Role, User},
    rule::Rule,
};
use store::{Tx, args, customers, users};
use uuid::Uuid;

use super::{Account, NOWHERE, Profile, account, fields, insert_restaurants, taken};
use crate::{App, context::Ctx, error::Error};

/// An account to be made. It needs a login with a password, or a phone, or both.
#[derive(Clone)]
pub struct NewUser {
    /// What it may do.
    pub role: Role,
    /// The person's name.
    pub name: String,
    /// What they will type to log in.
    pub login: Option<String>,
    /// Their mobile number.
    pub phone: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// For the role customer: a customer without an account; without one, a customer is made.
    pub customer_id: Option<CustomerId>,
    /// For the role courier.
    pub courier_id: Option<CourierId>,
    /// For the role restaurant: at least one.
    pub restaurant_ids: Vec<RestaurantId>,
}

/// An account as it should be. The role stays.
#[derive(Clone)]
pub struct UserChange {
    /// The person's name.
    pub name: String,
    /// What they type to log in.
    pub login: Option<String>,
    /// Their mobile number.
    pub phone: Option<String>,
    /// A new password; `None` leaves the one there is.
    pub password: Option<String>,
    /// For the role restaurant: at least one.
    pub restaurant_ids: Vec<RestaurantId>,
    /// May not log in.
    pub disabled: bool,
}

impl App {
    /// One account.
    pub async fn user(&self, ctx: &Ctx, id: UserId) -> Result<Account, Error> {
        ctx.reach(Action::UserManage)?;
        self.find_account(id).await?.ok_or(Error::NotFound("user"))
    }

    /// Accounts by id, after a cursor; of one role where it is named.
    pub async fn list_users(
        &self,
        ctx: &Ctx,
        role: Option<Role>,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Account>, Error> {
        ctx.reach(Action::UserManage)?;
        let after = after.unwrap_or(UserId(Uuid::nil()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<users::UserRow> =
            self.db.all(&users::LIST, args![after, role.map_or("", Role::as_str), limit]).await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(Vec::new()) };
        let pairs: Vec<(UserId, RestaurantId)> =
            self.db.all(&users::LIST_RESTAURANTS_BETWEEN, args![after, last]).await?;
        let mut restaurants: HashMap<UserId, Vec<RestaurantId>> = HashMap::new();
        for (user, restaurant) in pairs {
            restaurants.entry(user).or_default().push(restaurant);
        }
        rows.into_iter()
            .map(|row| {
                let own = restaurants.remove(&row.id).unwrap_or_default();
                account(row, own)
            })
            .collect()
    }

    /// Makes an account.
    pub async fn add_user(&self, ctx: &Ctx, new: NewUser) -> Result<Account, Error> {
        ctx.reach(Action::UserManage)?;
        let profile = profile(&new.name, new.login.as_deref(), new.phone.as_deref())?;
        check_access(&profile, new.password.is_some())?;
        self.check_restaurants(new.role, &new.restaurant_ids)?;
        self.check_courier(&new).await?;
        self.check_customer(&new).await?;
        let hash = self.new_hash(ctx, &profile, new.password.as_deref()).await?;
        let made = new.role == Role::Customer && new.customer_id.is_none();
        let user = User {
            id: ctx.id(),
            role: new.role,
            customer_id: if made { Some(ctx.id()) } else { new.customer_id },
            courier_id: new.courier_id,
            restaurant_ids: new.restaurant_ids,
        };
        let account = Account { user, profile, disabled: false, version: 1, phone_proved: true };
        let tx = self.insert_account(ctx, Tx::new("add user"), &account, hash.as_deref(), made)?;
        self.db.commit(tx).await.map_err(taken)?;
        Ok(account)
    }

    /// Adds the account of a new courier, who showed their phone and logs in with codes.
    pub(crate) fn add_courier_account(
        &self,
        ctx: &Ctx,
        tx: Tx,
        courier: CourierId,
        name: &str,
        phone: &str,
    ) -> Result<Tx, Error> {
        let user = User {
            id: ctx.id::<UserId>(),
            role: Role::Courier,
            customer_id: None,
            courier_id: Some(courier),
            restaurant_ids: Vec::new(),
        };
        let profile = Profile { name: name.to_owned(), login: None, phone: Some(phone.to_owned()) };
        let account = Account { user, profile, disabled: false, version: 1, phone_proved: true };
        self.insert_account(ctx, tx, &account, None, false)
    }

    /// Changes an account, if nobody else did since `version`.
    pub async fn update_user(&self, ctx: &Ctx, id: UserId, version: i64, change: UserChange) -> Result<Account, Error> {
        ctx.reach(Action::UserManage)?;
        let row: Option<users::UserRow> = self.db.optional(&users::FIND, args![id]).await?;
        let row = row.ok_or(Error::NotFound("user"))?;
        let old_hash = row.password_hash.clone();
        let old = self.account_of(row).await?;
        if change.disabled && ctx.actor.user().is_some_and(|user| user.id == id) {
            return Err(Rule::InUse.at("/disabled").into());
        }
        let profile = profile(&change.name, change.login.as_deref(), change.phone.as_deref())?;
        // A password without a login opens nothing and goes with it.
        let old_hash = old_hash.filter(|_| profile.login.is_some());
        check_access(&profile, change.password.is_some() || old_hash.is_some())?;
        self.check_restaurants(old.user.role, &change.restaurant_ids)?;
        let new_hash = self.new_hash(ctx, &profile, change.password.as_deref()).await?;
        let over = change.disabled || new_hash.is_some();
        let hash = new_hash.or(old_hash);
        let (name, login, phone) = (profile.name.as_str(), profile.login.as_deref(), profile.phone.as_deref());
        let mut tx = Tx::new("update user");
        let renamed = old.user.customer_id.filter(|_| (name, phone) != called(&old.profile));
        let renamed = renamed.map(|customer_id| Event::CustomerChanged { customer_id, renamed: true });
        if let Some(event) = &renamed {
            tx =
                tx.run(&users::UPDATE_CUSTOMER, args![old.user.customer_id, name, old.profile.phone.as_deref(), phone]);
            tx = self.tell(ctx, tx, NOWHERE, event)?;
        }
        tx = tx.guard(1, &users::UPDATE, args![id, version, name, login, phone, hash, change.disabled]);
        if old.user.role == Role::Restaurant {
            tx = insert_restaurants(tx.run(&users::DELETE_RESTAURANTS, args![id]), id, &change.restaurant_ids);
        }
        if over {
            let why = if change.disabled { "disabled" } else { "password-reset" };
            tx = tx.run(&users::REVOKE_SESSIONS, args![id, ctx.now_us(), why]);
        }
        self.db.commit(self.tell(ctx, tx, NOWHERE, &Event::UserChanged { user_id: id })?).await.map_err(taken)?;
        for event in renamed.into_iter().chain([Event::UserChanged { user_id: id }]) {
            self.forget_now(event, NOWHERE, ctx.now).await;
        }
        self.user(ctx, id).await
    }

    /// The hash of a password that somebody was given.
    async fn new_hash(&self, ctx: &Ctx, profile: &Profile, password: Option<&str>) -> Result<Option<String>, Error> {
        let Some(password) = password else { return Ok(None) };
        fields::check_password(password, profile.login.as_deref().unwrap_or_default())?;
        Ok(Some(self.entrance.passwords.hash(password, ctx.entropy.bytes()).await?))
    }

    fn check_restaurants(&self, role: Role, ids: &[RestaurantId]) -> Result<(), Error> {
        if (role == Role::Restaurant) == ids.is_empty() {
            return Err(Rule::WrongFormat.at("/restaurant_ids").with("role", role.as_str()).into());
        }
        match ids.iter().position(|id| self.restaurant(*id).is_err()) {
            Some(index) => Err(Rule::UnknownReference.at(format!("/restaurant_ids/{index}")).into()),
            None => Ok(()),
        }
    }

    async fn check_courier(&self, new: &NewUser) -> Result<(), Error> {
        if (new.role == Role::Courier) != new.courier_id.is_some() {
            return Err(Rule::WrongFormat.at("/courier_id").with("role", new.role.as_str()).into());
        }
        let Some(id) = new.courier_id else { return Ok(()) };
        self.courier_row(id).await.map(drop).map_err(|error| match error {
            Error::NotFound(_) => Rule::UnknownReference.at("/courier_id").into(),
            other => other,
        })
    }

    async fn check_customer(&self, new: &NewUser) -> Result<(), Error> {
        let Some(id) = new.customer_id else { return Ok(()) };
        if new.role != Role::Customer {
            return Err(Rule::WrongFormat.at("/customer_id").with("role", new.role.as_str()).into());
        }
        let row: Option<customers::CustomerRow> = self.db.optional(&customers::FIND, args![id]).await?;
        row.map(drop).ok_or_else(|| Rule::UnknownReference.at("/customer_id").into())
    }
}

fn profile(name: &str, login: Option<&str>, phone: Option<&str>) -> Result<Profile, Error> {
    Ok(Profile {
        name: fields::name(name)?,
        login: login.map(fields::login).transpose()?,
        phone: phone.map(fields::phone).transpose()?,
    })
}

/// Whether there is a way in: a login with a password, or a phone.
fn check_access(profile: &Profile, password: bool) -> Result<(), Error> {
    match (profile.login.is_some(), password) {
        (true, false) => Err(Rule::WrongFormat.at("/password").into()),
        (false, true) => Err(Rule::WrongFormat.at("/login").into()),
        (false, false) if profile.phone.is_none() => Err(Rule::WrongFormat.at("/login").into()),
        _ => Ok(()),
    }
}

fn called(profile: &Profile) -> (&str, Option<&str>) {
    (profile.name.as_str(), profile.phone.as_deref())
}
