//! `/customers`: found, registered, changed, forgotten.

pub mod addresses;
pub mod preferences;

use std::sync::Arc;

use app::{App, Ctx, caching::Owner, customers::CustomerProfile, moment};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use cache::Namespace;
use domain::{
    id::CustomerId,
    permission::{Action, Owners, Role},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::customers::CustomerRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, default_limit, within_page};
use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached, uncached},
        extract::{Body, Id, Params},
        guard::Caller,
        patch::Patch,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_customers, add_customer))
        .routes(routes!(get_customer, update_customer, delete_customer))
        .merge(addresses::router())
        .merge(preferences::router())
}

/// Which customers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomerListParams {
    /// Part of a name, a phone or an e-mail address.
    #[serde(default)]
    q: String,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// A customer to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddCustomerRequest {
    name: String,
    /// Indian mobile number.
    phone: String,
    email: Option<String>,
    /// The language they read, as in `en-IN`; that one if left out.
    language: Option<String>,
}

/// What changes; what is left out stays, null goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateCustomerRequest {
    name: Option<String>,
    /// Where they are called. The phone that an account logs in with is the account's.
    phone: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    email: Patch<String>,
    language: Option<String>,
    /// The version that was seen; a newer one is a conflict.
    version: Option<i64>,
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerResponse {
    id: Uuid,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    /// The language they read, as in `en-IN`.
    language: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    order_count: i64,
    version: i64,
}

impl CustomerResponse {
    fn of(row: CustomerRow) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            phone: row.phone,
            email: row.email,
            language: row.language,
            created_at: moment(row.created_at),
            order_count: row.order_count,
            version: row.version,
        }
    }
}

/// Customers.
#[utoipa::path(get, path = "/customers", tag = "customers", params(CustomerListParams),
    responses((status = 200, body = List<CustomerResponse>), (status = "4XX", body = Problem)))]
async fn list_customers(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<CustomerListParams>,
) -> Answer<Json<List<CustomerResponse>>> {
    let (limit, after) = (within_page(params.limit)?, params.cursor.map(CustomerId));
    let (rows, next) = server.app.list_customers(&ctx, &params.q, after, limit).await?;
    let items = rows.into_iter().map(CustomerResponse::of).collect();
    Ok(Json(List { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// Registers a customer who has no account, such as one who calls.
#[utoipa::path(post, path = "/customers", tag = "customers", request_body = AddCustomerRequest,
    responses((status = 201, body = CustomerResponse), (status = "4XX", body = Problem)))]
async fn add_customer(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddCustomerRequest>,
) -> Answer<Response> {
    let profile = CustomerProfile {
        name: request.name,
        phone: Some(request.phone),
        email: request.email,
        language: request.language.unwrap_or_else(|| "en-IN".to_owned()),
    };
    let row = server.app.add_customer(&ctx, &profile).await?;
    let location = [("location", format!("/customers/{}", row.id))];
    Ok((StatusCode::CREATED, location, Json(CustomerResponse::of(row))).into_response())
}

/// One customer.
#[utoipa::path(get, path = "/customers/{id}", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CustomerResponse), (status = "4XX", body = Problem)))]
async fn get_customer(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    asked: Asked,
) -> Answer<Response> {
    let Some(key) = own_key(&server.app, &ctx, Action::CustomerRead, Namespace::CustomerProfiles, id, "profile")?
    else {
        return Ok(uncached(&CustomerResponse::of(server.app.customer(&ctx, id).await?)));
    };
    let load = move |app: Arc<App>| async move { Ok(CustomerResponse::of(app.customer(&ctx, id).await?)) };
    Ok(cached(&server.app, &asked, Read::private(Namespace::CustomerProfiles, &key), load).await)
}

/// The key of a customer's own answer; `None` for staff, who read the database. A stranger's is refused before.
pub(super) fn own_key(
    app: &App,
    ctx: &Ctx,
    action: Action,
    namespace: Namespace,
    id: CustomerId,
    name: &str,
) -> Answer<Option<String>> {
    ctx.may(action, &Owners::customer(id), "customer")?;
    let own = ctx.actor.user().is_some_and(|user| user.role == Role::Customer && user.customer_id == Some(id));
    Ok(own.then(|| app.own_key(namespace, Owner::Customer(id), name)))
}

/// Changes a customer.
#[utoipa::path(patch, path = "/customers/{id}", tag = "customers", params(("id" = Uuid, Path)),
    request_body = UpdateCustomerRequest,
    responses((status = 200, body = CustomerResponse), (status = "4XX", body = Problem)))]
async fn update_customer(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    Body(request): Body<UpdateCustomerRequest>,
) -> Answer<Json<CustomerResponse>> {
    let now = server.app.customer(&ctx, id).await?;
    let profile = CustomerProfile {
        name: request.name.unwrap_or(now.name),
        phone: request.phone.or(now.phone),
        email: request.email.or(now.email),
        language: request.language.unwrap_or(now.language),
    };
    let row = server.app.update_customer(&ctx, id, request.version.unwrap_or(now.version), &profile).await?;
    Ok(Json(CustomerResponse::of(row)))
}

/// Forgets a customer who has no open order: name, phone, e-mail and addresses go, the account is closed.
#[utoipa::path(delete, path = "/customers/{id}", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_customer(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
) -> Answer<StatusCode> {
    server.app.delete_customer(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
