//! Logging in with a password.
//!
//! Unknown login, wrong password and disabled account get one answer at one cost.

use store::{Tx, args, users};

use super::{Account, Session, fields};
use crate::{
    App,
    context::Ctx,
    error::{Error, LoginProblem, failed_guard},
};

/// Nobody has a longer login; what follows is not remembered.
const LONGEST_LOGIN: usize = 64;

impl App {
    /// Opens a session for whoever knows the password of a login.
    pub async fn login(&self, ctx: &Ctx, login: &str, password: &str) -> Result<Session, Error> {
        let tried: String = login.trim().to_ascii_lowercase().chars().take(LONGEST_LOGIN).collect();
        self.entrance.logins.take(&tried, ctx.now_us())?;
        let outcome = self.check_password(login, password).await;
        if !matches!(outcome, Err(Error::Unauthenticated(_))) {
            self.entrance.logins.give_back(&tried);
        }
        let (tx, session) = self.open_session(ctx, Tx::new("login"), outcome?)?;
        self.db.commit(tx).await.map_err(|error| match failed_guard(&error) {
            Some("account") => Error::Unavailable("the account was changed in this moment".to_owned()),
            _ => error.into(),
        })?;
        Ok(session)
    }

    async fn check_password(&self, login: &str, password: &str) -> Result<Account, Error> {
        let row: Option<users::UserRow> = match fields::login(login) {
            Ok(login) => self.db.optional(&users::FIND_BY_LOGIN, args![login]).await?,
            Err(_) => None,
        };
        let hash = row.as_ref().and_then(|row| row.password_hash.as_deref());
        let right = self.entrance.passwords.matches(password, hash).await?;
        match row {
            Some(row) if right && !row.disabled => self.account_of(row).await,
            _ => Err(Error::Unauthenticated(LoginProblem::WrongCredentials)),
        }
    }
}
