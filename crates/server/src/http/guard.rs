//! The guard in front of every endpoint: reads the token, looks the endpoint up in the one table of access, and lets
//! nobody through whose role may never use it. Whose thing it is, the use case decides.

use std::sync::Arc;

use app::{Access as Token, Ctx};
use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::permission::Actor;
use jiff::Timestamp;

use crate::{
    Server,
    http::problem::{FORBIDDEN, INTERNAL, METHOD_NOT_ALLOWED, Problem, UNAUTHENTICATED},
    surface::{Access, access, known},
};

/// Lets a request pass if its endpoint is open to the one who asks.
pub async fn guard(State(server): State<Arc<Server>>, mut request: Request, next: Next) -> Response {
    match admit(&server, &request) {
        Ok((ctx, expiry)) => {
            request.extensions_mut().insert(ctx);
            request.extensions_mut().insert(expiry);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

fn admit(server: &Server, request: &Request) -> Result<(Ctx, Expiry), Problem> {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    // What stands in no table is open to nobody; a test keeps the table complete.
    let Some(access) = access(request.method(), path) else {
        return Err(Problem::of(if known(path) { METHOD_NOT_ALLOWED } else { FORBIDDEN }));
    };
    let token = match (access, bearer(request.headers())) {
        (Access::Public, None) => None,
        // A stale token must not shut anybody out of what is open to all.
        (Access::Public, Some(token)) => read(server, token).ok(),
        (_, None) => return Err(Problem::of(UNAUTHENTICATED)),
        (_, Some(token)) => Some(read(server, token)?),
    };
    let expiry = Expiry(token.as_ref().map(|token| token.expires));
    let ctx = server.app.ctx(token.map_or(Actor::Anonymous, |token| Actor::User(token.user)));
    if let Access::Needs(action) = access {
        ctx.reach(action)?;
    }
    Ok((ctx, expiry))
}

fn read(server: &Server, token: &str) -> Result<Token, Problem> {
    Ok(server.app.read_access_token(token, server.app.ctx(Actor::Anonymous).now)?)
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
        parts.extensions.get::<Ctx>().cloned().map(Self).ok_or_else(|| Problem::of(INTERNAL))
    }
}

/// When the token of a request ends, if it came with one. What goes on after the answer began ends then too.
#[derive(Clone, Copy, Debug)]
pub struct Expiry(pub Option<Timestamp>);

impl<S: Send + Sync> FromRequestParts<S> for Expiry {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().copied().ok_or_else(|| Problem::of(INTERNAL))
    }
}
