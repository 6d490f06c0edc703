//! `/auth`: register, log in, stay logged in.

use std::sync::Arc;

use app::{
    App, Error, LoginProblem,
    caching::Owner,
    users::{Profile, Registration, Session, VerifyCode},
};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use cache::Namespace;
use domain::permission::User;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::words;
use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached},
        extract::Body,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(request_code))
        .routes(routes!(verify_code))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(me))
}

/// Somebody new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterRequest {
    name: String,
    /// Indian mobile number.
    phone: String,
    /// 3 to 64 visible characters.
    login: String,
    /// 8 to 128 characters.
    password: String,
}

/// Login and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    login: String,
    password: String,
}

/// A phone that wants a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeRequest {
    phone: String,
}

/// How long a code holds.
#[derive(Serialize, ToSchema)]
pub struct CodeResponse {
    /// Seconds.
    expires_in: u64,
}

/// A code that came by message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyCodeRequest {
    phone: String,
    /// Six digits.
    code: String,
    /// For a phone that is new.
    name: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    refresh_token: String,
}

/// An open session.
#[derive(Serialize, ToSchema)]
pub struct SessionResponse {
    /// For the `Authorization: Bearer` header.
    access_token: String,
    /// Gets the next pair of tokens, once.
    refresh_token: String,
    /// Seconds that the access token holds.
    expires_in: u64,
    user: UserResponse,
}

/// An account.
#[derive(Serialize, ToSchema)]
pub struct UserResponse {
    id: Uuid,
    /// customer, restaurant, courier, dispatcher or admin.
    #[schema(value_type = words::Role)]
    role: &'static str,
    name: String,
    login: Option<String>,
    phone: Option<String>,
    customer_id: Option<Uuid>,
    courier_id: Option<Uuid>,
    restaurant_ids: Vec<Uuid>,
}

impl SessionResponse {
    fn of(session: Session) -> Self {
        Self {
            access_token: session.access_token,
            refresh_token: session.refresh_token,
            expires_in: session.expires_in_s,
            user: UserResponse::of(session.user, session.profile),
        }
    }
}

impl UserResponse {
    /// An account as its owner sees it.
    pub fn of(user: User, profile: Profile) -> Self {
        Self {
            id: user.id.into(),
            role: user.role.as_str(),
            name: profile.name,
            login: profile.login,
            phone: profile.phone,
            customer_id: user.customer_id.map(Uuid::from),
            courier_id: user.courier_id.map(Uuid::from),
            restaurant_ids: user.restaurant_ids.into_iter().map(Uuid::from).collect(),
        }
    }
}

/// Makes a customer with an account.
#[utoipa::path(post, path = "/auth/register", tag = "auth", request_body = RegisterRequest,
    responses((status = 201, body = SessionResponse), (status = "4XX", body = Problem)))]
async fn register(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<RegisterRequest>,
) -> Answer<(StatusCode, Json<SessionResponse>)> {
    let RegisterRequest { name, phone, login, password } = request;
    let session = server.app.register(&ctx, &Registration { name, phone, login, password }).await?;
    Ok((StatusCode::CREATED, Json(SessionResponse::of(session))))
}

/// Opens a session with a password.
#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = LoginRequest,
    responses((status = 200, body = SessionResponse), (status = "4XX", body = Problem)))]
async fn login(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<LoginRequest>,
) -> Answer<Json<SessionResponse>> {
    Ok(Json(SessionResponse::of(server.app.login(&ctx, &request.login, &request.password).await?)))
}

/// Sends a one-time code to a phone. The answer is the same whether the phone is known or not.
#[utoipa::path(post, path = "/auth/otp", tag = "auth", request_body = CodeRequest,
    responses((status = 202, body = CodeResponse), (status = "4XX", body = Problem)))]
async fn request_code(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<CodeRequest>,
) -> Answer<(StatusCode, Json<CodeResponse>)> {
    let expires_in = server.app.request_code(&ctx, &request.phone).await?;
    Ok((StatusCode::ACCEPTED, Json(CodeResponse { expires_in })))
}

/// Opens a session with a one-time code; a phone that is new becomes a customer.
#[utoipa::path(post, path = "/auth/otp/verify", tag = "auth", request_body = VerifyCodeRequest,
    responses((status = 200, body = SessionResponse), (status = "4XX", body = Problem)))]
async fn verify_code(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<VerifyCodeRequest>,
) -> Answer<Json<SessionResponse>> {
    let VerifyCodeRequest { phone, code, name } = request;
    Ok(Json(SessionResponse::of(server.app.verify_code(&ctx, &VerifyCode { phone, code, name }).await?)))
}

/// Gets the next pair of tokens. A token that was used before ends the whole session.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", request_body = RefreshRequest,
    responses((status = 200, body = SessionResponse), (status = "4XX", body = Problem)))]
async fn refresh(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<RefreshRequest>,
) -> Answer<Json<SessionResponse>> {
    Ok(Json(SessionResponse::of(server.app.refresh(&ctx, &request.refresh_token).await?)))
}

/// Ends a session. Ending it twice is fine.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", request_body = RefreshRequest,
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn logout(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<RefreshRequest>,
) -> Answer<StatusCode> {
    server.app.logout(&ctx, &request.refresh_token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's own account.
#[utoipa::path(get, path = "/auth/me", tag = "auth",
    responses((status = 200, body = UserResponse), (status = "4XX", body = Problem)))]
async fn me(State(server): State<Arc<Server>>, Caller(ctx): Caller, asked: Asked) -> Answer<Response> {
    let user = ctx.actor.user().ok_or(Error::Unauthenticated(LoginProblem::Missing))?.id;
    let key = server.app.own_key(Namespace::Sessions, Owner::User(user), "me");
    let load = move |app: Arc<App>| async move {
        let account = app.me(&ctx).await?;
        Ok(UserResponse::of(account.user, account.profile))
    };
    Ok(cached(&server.app, &asked, Read::private(Namespace::Sessions, &key), load).await)
}
