//! Access tokens: short-lived, signed by us for us, read without the database.
//!
//! `claims.signature`, both base64url; the signature is HMAC-SHA256 over the claims. Issuer and reader are the same
//! program, so a shared key is enough; a fixed algorithm leaves nothing to confuse. A token ends by itself within
//! minutes; the session behind it is what gets revoked.

use data_encoding::BASE64URL_NOPAD;
use domain::{id::SessionId, permission::User};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    App,
    context::Ctx,
    error::{Error, LoginProblem},
};

#[derive(Serialize, Deserialize)]
struct Claims {
    user: User,
    session: SessionId,
    expires: i64,
}

/// What an access token says.
#[derive(Clone, Debug)]
pub struct Access {
    /// The user it was made for.
    pub user: User,
    /// The session behind it.
    pub session: SessionId,
    /// When it ends.
    pub expires: Timestamp,
}

impl App {
    /// Makes an access token for a user.
    pub(crate) fn access_token(&self, ctx: &Ctx, user: &User, session: SessionId) -> Result<String, Error> {
        let lifetime = i64::try_from(self.settings.access_token_for.as_secs()).unwrap_or(i64::MAX);
        let claims = Claims { user: user.clone(), session, expires: ctx.now.as_second().saturating_add(lifetime) };
        let claims = serde_json::to_vec(&claims).map_err(|error| Error::Internal(error.to_string()))?;
        let signature = self.secrets.tokens.sign(&claims);
        Ok(format!("{}.{}", BASE64URL_NOPAD.encode(&claims), BASE64URL_NOPAD.encode(&signature)))
    }

    /// Reads an access token.
    pub fn read_access_token(&self, token: &str, now: Timestamp) -> Result<Access, Error> {
        let invalid = || Error::Unauthenticated(LoginProblem::Invalid);
        let (claims, signature) = token.split_once('.').ok_or_else(invalid)?;
        let claims = BASE64URL_NOPAD.decode(claims.as_bytes()).map_err(|_| invalid())?;
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).map_err(|_| invalid())?;
        if !self.secrets.tokens.verify(&claims, &signature) {
            return Err(invalid());
        }
        let claims: Claims = serde_json::from_slice(&claims).map_err(|_| invalid())?;
        if claims.expires <= now.as_second() {
            return Err(Error::Unauthenticated(LoginProblem::Expired));
        }
        let expires = Timestamp::from_second(claims.expires).map_err(|_| invalid())?;
        Ok(Access { user: claims.user, session: claims.session, expires })
    }
}
