//! `/customers/{id}/addresses`: where a customer is at home.

use std::sync::Arc;

use app::{App, Error, customers::AddressFields};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use cache::Namespace;
use domain::{
    id::{AddressId, CustomerId},
    permission::Action,
};
use serde::Deserialize;
use store::customers::AddressRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::own_key;
use crate::{
    Server,
    api::{List, places::AddressResponse},
    http::{
        cached::{Asked, Read, cached, uncached},
        extract::{Body, Id, Ids},
        guard::Caller,
        patch::Patch,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_addresses, add_address)).routes(routes!(update_address, delete_address))
}

/// An address to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddAddressRequest {
    /// A name such as Home.
    label: String,
    /// House and street.
    line1: String,
    /// Floor, flat.
    line2: Option<String>,
    /// Something to look for.
    landmark: Option<String>,
    /// A word to the courier.
    instruction: Option<String>,
    /// Postal code, six digits.
    pin: String,
    lat: f64,
    lng: f64,
}

/// What changes; what is left out stays, null goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateAddressRequest {
    label: Option<String>,
    line1: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    line2: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    landmark: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    instruction: Patch<String>,
    pin: Option<String>,
    lat: Option<f64>,
    lng: Option<f64>,
}

fn response(row: AddressRow) -> AddressResponse {
    AddressResponse {
        id: Some(row.id.into()),
        label: row.label,
        line1: row.line1,
        line2: row.line2,
        landmark: row.landmark,
        instruction: row.instruction,
        pin: row.pin,
        lat: row.lat,
        lng: row.lng,
        locality: None,
    }
}

/// A customer's addresses, oldest first.
#[utoipa::path(get, path = "/customers/{id}/addresses", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<AddressResponse>), (status = "4XX", body = Problem)))]
async fn list_addresses(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    asked: Asked,
) -> Answer<Response> {
    let listed = |rows: Vec<AddressRow>| List::whole(rows.into_iter().map(response).collect());
    let Some(key) = own_key(&server.app, &ctx, Action::AddressManage, Namespace::Customers, id, "addresses")? else {
        return Ok(uncached(&listed(server.app.addresses(&ctx, id).await?)));
    };
    let load = move |app: Arc<App>| async move { Ok(listed(app.addresses(&ctx, id).await?)) };
    Ok(cached(&server.app, &asked, Read::private(Namespace::Customers, &key), load).await)
}

/// Keeps an address.
#[utoipa::path(post, path = "/customers/{id}/addresses", tag = "customers", params(("id" = Uuid, Path)),
    request_body = AddAddressRequest,
    responses((status = 201, body = AddressResponse), (status = "4XX", body = Problem)))]
async fn add_address(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    Body(request): Body<AddAddressRequest>,
) -> Answer<Response> {
    let AddAddressRequest { label, line1, line2, landmark, instruction, pin, lat, lng } = request;
    let fields = AddressFields { label, line1, line2, landmark, instruction, pin, lat, lng };
    let row = server.app.add_address(&ctx, id, &fields).await?;
    let location = [("location", format!("/customers/{id}/addresses/{}", row.id))];
    Ok((StatusCode::CREATED, location, Json(response(row))).into_response())
}

/// Changes an address. Orders keep the one that they were placed with.
#[utoipa::path(patch, path = "/customers/{id}/addresses/{address_id}", tag = "customers",
    params(("id" = Uuid, Path), ("address_id" = Uuid, Path)), request_body = UpdateAddressRequest,
    responses((status = 200, body = AddressResponse), (status = "4XX", body = Problem)))]
async fn update_address(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Ids(customer, id): Ids<CustomerId, AddressId>,
    Body(request): Body<UpdateAddressRequest>,
) -> Answer<Json<AddressResponse>> {
    let all = server.app.addresses(&ctx, customer).await?;
    let now = all.into_iter().find(|row| row.id == id).ok_or(Error::NotFound("address"))?;
    let fields = AddressFields {
        label: request.label.unwrap_or(now.label),
        line1: request.line1.unwrap_or(now.line1),
        line2: request.line2.or(now.line2),
        landmark: request.landmark.or(now.landmark),
        instruction: request.instruction.or(now.instruction),
        pin: request.pin.unwrap_or(now.pin),
        lat: request.lat.unwrap_or(now.lat),
        lng: request.lng.unwrap_or(now.lng),
    };
    Ok(Json(response(server.app.update_address(&ctx, customer, id, &fields).await?)))
}

/// Forgets an address.
#[utoipa::path(delete, path = "/customers/{id}/addresses/{address_id}", tag = "customers",
    params(("id" = Uuid, Path), ("address_id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_address(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Ids(customer, id): Ids<CustomerId, AddressId>,
) -> Answer<StatusCode> {
    server.app.delete_address(&ctx, customer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
