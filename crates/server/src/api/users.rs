//! `/users`: accounts in the hands of administrators.

use std::sync::Arc;

use app::users::{Account, NewUser, UserChange};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::{
    id::{CourierId, CustomerId, RestaurantId, UserId},
    permission::Role,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, auth::UserResponse, default_limit, within_page, words};
use crate::{
    Server,
    http::{
        extract::{Body, Id, Params},
        guard::Caller,
        patch::Patch,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_users, add_user)).routes(routes!(get_user, update_user))
}

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UserListParams {
    /// Only of this role: customer, restaurant, courier, dispatcher or admin.
    #[param(inline, value_type = Option<words::Role>)]
    role: Option<Role>,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// An account to be made. It needs a login with a password, or a phone, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddUserRequest {
    /// customer, restaurant, courier, dispatcher or admin.
    #[schema(value_type = words::Role)]
    role: Role,
    name: String,
    /// 3 to 64 visible characters.
    login: Option<String>,
    /// Indian mobile number.
    phone: Option<String>,
    /// 8 to 128 characters.
    password: Option<String>,
    /// For a customer: one without an account. Left out, one is made.
    customer_id: Option<Uuid>,
    /// For a courier.
    courier_id: Option<Uuid>,
    /// For a restaurant's people: at least one.
    #[serde(default)]
    restaurant_ids: Vec<Uuid>,
}

/// What changes; what is left out stays, null goes. The role stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateUserRequest {
    name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    login: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Patch<String>,
    /// A new one; it ends all sessions.
    password: Option<String>,
    /// All of them anew.
    restaurant_ids: Option<Vec<Uuid>>,
    /// May not log in; ends all sessions.
    disabled: Option<bool>,
    /// The version that was seen; a newer one is a conflict.
    version: Option<i64>,
}

/// An account as administrators see it.
#[derive(Serialize, ToSchema)]
pub struct AccountResponse {
    #[serde(flatten)]
    user: UserResponse,
    disabled: bool,
    version: i64,
}

impl AccountResponse {
    fn of(account: Account) -> Self {
        let Account { user, profile, disabled, version, .. } = account;
        Self { user: UserResponse::of(user, profile), disabled, version }
    }
}

/// Accounts.
#[utoipa::path(get, path = "/users", tag = "users", params(UserListParams),
    responses((status = 200, body = List<AccountResponse>), (status = "4XX", body = Problem)))]
async fn list_users(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<UserListParams>,
) -> Answer<Json<List<AccountResponse>>> {
    let (limit, after) = (within_page(params.limit)?, params.cursor.map(UserId));
    let mut accounts = server.app.list_users(&ctx, params.role, after, limit + 1).await?;
    let more = accounts.len() > limit;
    accounts.truncate(limit);
    let next_cursor = accounts.last().filter(|_| more).map(|account| account.user.id.to_string());
    Ok(Json(List { items: accounts.into_iter().map(AccountResponse::of).collect(), next_cursor }))
}

/// Makes an account.
#[utoipa::path(post, path = "/users", tag = "users", request_body = AddUserRequest,
    responses((status = 201, body = AccountResponse), (status = "4XX", body = Problem)))]
async fn add_user(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddUserRequest>,
) -> Answer<Response> {
    let AddUserRequest { role, name, login, phone, password, customer_id, courier_id, restaurant_ids } = request;
    let new = NewUser {
        role,
        name,
        login,
        phone,
        password,
        customer_id: customer_id.map(CustomerId),
        courier_id: courier_id.map(CourierId),
        restaurant_ids: restaurant_ids.into_iter().map(RestaurantId).collect(),
    };
    let account = server.app.add_user(&ctx, new).await?;
    let location = [("location", format!("/users/{}", account.user.id))];
    Ok((StatusCode::CREATED, location, Json(AccountResponse::of(account))).into_response())
}

/// One account.
#[utoipa::path(get, path = "/users/{id}", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = AccountResponse), (status = "4XX", body = Problem)))]
async fn get_user(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<UserId>,
) -> Answer<Json<AccountResponse>> {
    Ok(Json(AccountResponse::of(server.app.user(&ctx, id).await?)))
}

/// Changes an account.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = Uuid, Path)),
    request_body = UpdateUserRequest,
    responses((status = 200, body = AccountResponse), (status = "4XX", body = Problem)))]
async fn update_user(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<UserId>,
    Body(request): Body<UpdateUserRequest>,
) -> Answer<Json<AccountResponse>> {
    let now = server.app.user(&ctx, id).await?;
    let restaurant_ids = request.restaurant_ids.map(|ids| ids.into_iter().map(RestaurantId).collect());
    let change = UserChange {
        name: request.name.unwrap_or(now.profile.name),
        login: request.login.or(now.profile.login),
        phone: request.phone.or(now.profile.phone),
        password: request.password,
        restaurant_ids: restaurant_ids.unwrap_or(now.user.restaurant_ids),
        disabled: request.disabled.unwrap_or(now.disabled),
    };
    let account = server.app.update_user(&ctx, id, request.version.unwrap_or(now.version), change).await?;
    Ok(Json(AccountResponse::of(account)))
}
