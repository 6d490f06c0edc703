//! Sessions: opened by a login, kept alive by refresh tokens that are good for one use, ended by logging out.
//!
//! A refresh token is 32 random bytes, stored as SHA-256. A token that comes back a second time was copied by somebody,
//! and nobody can say which of the two is the thief: the whole session ends (RFC 9700, section 4.14).

use data_encoding::BASE64URL_NOPAD;
use domain::{id::SessionId, permission::User};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use store::{Tx, args, users};

use super::{Account, Profile};
use crate::{
    App,
    context::Ctx,
    error::{Error, LoginProblem, failed_guard},
};

/// What somebody holds after logging in. The tokens are shown once and stored nowhere.
pub struct Session {
    /// Goes with every request.
    pub access_token: String,
    /// Buys the next pair, once.
    pub refresh_token: String,
    /// Seconds until the access token ends.
    pub expires_in_s: u64,
    /// Who it is, and what is theirs.
    pub user: User,
    /// What they are called.
    pub profile: Profile,
}

/// How long the tokens of a session that is over are remembered, so that a late thief still finds a trace.
const REMEMBERED_US: i64 = 7 * 86_400_000_000;
const DAY_US: i64 = 86_400_000_000;

impl App {
    /// Buys a new pair of tokens with a refresh token.
    pub async fn refresh(&self, ctx: &Ctx, refresh_token: &str) -> Result<Session, Error> {
        let invalid = || Error::Unauthenticated(LoginProblem::Invalid);
        let hash = hash(refresh_token).ok_or_else(invalid)?;
        let token = self.token(hash).await?.ok_or_else(invalid)?;
        if token.used_at.is_some() {
            return Err(self.reused(ctx, &token).await);
        }
        if token.revoked_at.is_some() || token.expires_at <= ctx.now_us() {
            return Err(invalid());
        }
        let account = self.find_account(token.user_id).await?.filter(|account| !account.disabled);
        let account = account.ok_or_else(invalid)?;
        let tx = Tx::new("refresh").guard_as("token", 1, &users::USE_TOKEN, args![hash, ctx.now_us()]);
        let (tx, session) = self.add_token(ctx, tx, account, token.session_id)?;
        match self.db.commit(tx).await {
            Ok(()) => Ok(session),
            Err(error) if failed_guard(&error) == Some("token") => match self.token(hash).await? {
                // Somebody used it, or ended the session, since it was read.
                Some(token) if token.used_at.is_some() => Err(self.reused(ctx, &token).await),
                _ => Err(invalid()),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Ends the session of a refresh token. A token that is unknown or over is no error: the caller is logged out.
    pub async fn logout(&self, ctx: &Ctx, refresh_token: &str) -> Result<(), Error> {
        let Some(hash) = hash(refresh_token) else { return Ok(()) };
        match self.token(hash).await? {
            Some(token) => self.end_session(ctx, token.session_id, "logout").await,
            None => Ok(()),
        }
    }

    /// Forgets sessions that ended a week ago and codes of yesterday; for the housekeeping.
    pub async fn forget_old_sessions(&self, ctx: &Ctx) -> Result<(), Error> {
        let over = ctx.now_us() - REMEMBERED_US;
        let tx = Tx::new("forget old sessions")
            .run(&users::PRUNE_TOKENS, args![over])
            .run(&users::PRUNE_SESSIONS, args![over])
            .run(&users::PRUNE_CODES, args![ctx.now_us() - DAY_US]);
        Ok(self.db.commit(tx).await?)
    }

    /// Adds a new session to a transaction. It opens only if the account is still as it was read.
    pub(super) fn open_session(&self, ctx: &Ctx, tx: Tx, account: Account) -> Result<(Tx, Session), Error> {
        let id: SessionId = ctx.id();
        let lasts = SignedDuration::try_from(self.settings.session_for).unwrap_or(SignedDuration::ZERO);
        let ends_us = (ctx.now + lasts).as_microsecond();
        let tx = tx
            .guard_as("account", 1, &users::HOLD, args![account.user.id, account.version])
            .run(&users::INSERT_SESSION, args![id, account.user.id, ctx.now_us(), ends_us]);
        self.add_token(ctx, tx, account, id)
    }

    /// Adds the next refresh token of a session to a transaction, and makes the access token that goes with it.
    fn add_token(&self, ctx: &Ctx, tx: Tx, account: Account, session: SessionId) -> Result<(Tx, Session), Error> {
        let token: [u8; 32] = ctx.entropy.bytes();
        let hash: [u8; 32] = Sha256::digest(token).into();
        let tx = tx.run(&users::INSERT_TOKEN, args![hash, session, ctx.now_us()]);
        let session = Session {
            access_token: self.access_token(ctx, &account.user, session)?,
            refresh_token: BASE64URL_NOPAD.encode(&token),
            expires_in_s: self.settings.access_token_for.as_secs(),
            user: account.user,
            profile: account.profile,
        };
        Ok((tx, session))
    }

    async fn token(&self, hash: [u8; 32]) -> Result<Option<users::TokenRow>, Error> {
        Ok(self.db.optional(&users::FIND_TOKEN, args![hash]).await?)
    }

    async fn reused(&self, ctx: &Ctx, token: &users::TokenRow) -> Error {
        if token.revoked_at.is_none() {
            tracing::warn!(user = %token.user_id, session = %token.session_id, "a refresh token was used twice");
        }
        match self.end_session(ctx, token.session_id, "refresh-reused").await {
            Ok(()) => Error::Unauthenticated(LoginProblem::RefreshReused),
            Err(error) => error,
        }
    }

    async fn end_session(&self, ctx: &Ctx, id: SessionId, why: &str) -> Result<(), Error> {
        let tx = Tx::new("end session").run(&users::REVOKE_SESSION, args![id, ctx.now_us(), why]);
        Ok(self.db.commit(tx).await?)
    }
}

/// What is stored of a refresh token; `None` for what cannot be one.
fn hash(refresh_token: &str) -> Option<[u8; 32]> {
    let token = BASE64URL_NOPAD.decode(refresh_token.as_bytes()).ok().filter(|token| token.len() == 32)?;
    Some(Sha256::digest(token).into())
}
