//! The guard in front of every endpoint: reads the token, looks at what the one table of access says of the endpoint, and
//! lets nobody through whose role may never use it. Whose thing it is, the use case decides.

use app::{Access as Token, Ctx};
use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use domain::permission::Actor;
use jiff::Timestamp;

use crate::{
    Server,
    http::problem::{INTERNAL, Problem, UNAUTHENTICATED},
    surface::Access,
};

/// What the guard found out about who asks.
#[derive(Clone)]
struct Admitted {
    ctx: Ctx,
    expires: Option<Timestamp>,
}

/// Lets a request pass if the endpoint is open to the one who asks.
pub fn admit(server: &Server, access: Access, request: &mut Request) -> Result<(), Problem> {
    let token = match (access, bearer(request.headers())) {
        (Access::Public, None) => None,
        // A stale token must not shut anybody out of what is open to all.
        (Access::Public, Some(token)) => read(server, token).ok(),
        (_, None) => return Err(Problem::of(UNAUTHENTICATED)),
        (_, Some(token)) => Some(read(server, token)?),
    };
    let expires = token.as_ref().map(|token| token.expires);
    let ctx = server.app.ctx(token.map_or(Actor::Anonymous, |token| Actor::User(token.user)));
    if let Access::Needs(action) = access {
        ctx.reach(action)?;
    }
    request.extensions_mut().insert(Admitted { ctx, expires });
    Ok(())
}

fn read(server: &Server, token: &str) -> Result<Token, Problem> {
    Ok(server.app.read_access_token(token, server.app.now())?)
}

/// The token of the `Authorization` header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The context that the guard made.
#[derive(Clone)]
pub struct Caller(pub Ctx);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        admitted(parts).map(|admitted| Self(admitted.ctx.clone()))
    }
}

/// When the token of a request ends, if it came with one. What goes on after the answer began ends then too.
#[derive(Clone, Copy, Debug)]
pub struct Expiry(pub Option<Timestamp>);

impl<S: Send + Sync> FromRequestParts<S> for Expiry {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        admitted(parts).map(|admitted| Self(admitted.expires))
    }
}

fn admitted(parts: &Parts) -> Result<&Admitted, Problem> {
    parts.extensions.get().ok_or_else(|| Problem::of(INTERNAL))
}
