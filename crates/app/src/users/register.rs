//! Registration: a customer who chooses a login and a password.
//!
//! A phone that the platform knows already is not handed to whoever types it: its owner logs in with a code. And a phone
//! that is typed here is only believed once a code was answered: until then the account is that of whoever knows the
//! password, and from then on that of whoever holds the phone.

use domain::{
    id::{CustomerId, UserId},
    permission::{Role, User},
};
use store::{Tx, applications, args};

use super::{Account, Profile, Session, fields, taken};
use crate::{App, context::Ctx, error::Error};

/// What a new customer sends.
#[derive(Clone)]
pub struct Registration {
    /// Their name.
    pub name: String,
    /// Their mobile number, however it is written.
    pub phone: String,
    /// What they will type to log in.
    pub login: String,
    /// The password.
    pub password: String,
}

impl App {
    /// Makes a customer with an account, and opens a session.
    pub async fn register(&self, ctx: &Ctx, wanted: &Registration) -> Result<Session, Error> {
        let name = fields::name(&wanted.name)?;
        let phone = fields::phone(&wanted.phone)?;
        let login = fields::login(&wanted.login)?;
        fields::check_password(&wanted.password, &login)?;
        let hash = self.entrance.passwords.hash(&wanted.password, ctx.entropy.bytes()).await?;
        let profile = Profile { name, login: Some(login), phone: Some(phone.clone()) };
        let tx = Tx::new("register").guard_as("applied", 0, &applications::FIND_WAITING, args![phone]);
        let account = Account { phone_proved: false, ..new_customer(ctx, ctx.id(), profile) };
        let tx = self.insert_account(ctx, tx, &account, Some(&hash), true)?;
        let (tx, session) = self.open_session(ctx, tx, account)?;
        self.db.commit(tx).await.map_err(taken)?;
        Ok(session)
    }
}

/// The account of a customer who showed their phone, before it is stored.
pub(super) fn new_customer(ctx: &Ctx, customer: CustomerId, profile: Profile) -> Account {
    let user = User {
        id: ctx.id::<UserId>(),
        role: Role::Customer,
        customer_id: Some(customer),
        courier_id: None,
        restaurant_ids: Vec::new(),
    };
    Account { user, profile, disabled: false, version: 1, phone_proved: true }
}
