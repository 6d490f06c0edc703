//! `/vendors`: the legal entities behind restaurants and depots.

use std::sync::Arc;

use app::vendors::VendorProfile;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::id::VendorId;
use serde::{Deserialize, Serialize};
use store::restaurants::VendorRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, default_limit, within_page};
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
    OpenApiRouter::new().routes(routes!(list_vendors, add_vendor)).routes(routes!(get_vendor, update_vendor))
}

/// Which vendors.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VendorListParams {
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// A vendor to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddVendorRequest {
    name: String,
    /// As registered.
    legal_name: Option<String>,
    /// GST number; it says the PAN too.
    gstin: Option<String>,
    /// Income-tax number.
    pan: Option<String>,
    /// Food licence.
    fssai: Option<String>,
}

/// What changes; what is left out stays, null goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateVendorRequest {
    name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    legal_name: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    gstin: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pan: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    fssai: Patch<String>,
    /// The version that was seen; a newer one is a conflict.
    version: Option<i64>,
}

/// A vendor.
#[derive(Debug, Serialize, ToSchema)]
pub struct VendorResponse {
    id: Uuid,
    name: String,
    legal_name: Option<String>,
    gstin: Option<String>,
    pan: Option<String>,
    fssai: Option<String>,
    version: i64,
}

impl VendorResponse {
    fn of(row: VendorRow) -> Self {
        let VendorRow { id, name, legal_name, gstin, pan, fssai, version } = row;
        Self { id: id.into(), name, legal_name, gstin, pan, fssai, version }
    }
}

/// Vendors.
#[utoipa::path(get, path = "/vendors", tag = "vendors", params(VendorListParams),
    responses((status = 200, body = List<VendorResponse>), (status = "4XX", body = Problem)))]
async fn list_vendors(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<VendorListParams>,
) -> Answer<Json<List<VendorResponse>>> {
    let (limit, after) = (within_page(params.limit)?, params.cursor.map(VendorId));
    let (rows, next) = server.app.list_vendors(&ctx, after, limit).await?;
    let items = rows.into_iter().map(VendorResponse::of).collect();
    Ok(Json(List { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// Adds a vendor.
#[utoipa::path(post, path = "/vendors", tag = "vendors", request_body = AddVendorRequest,
    responses((status = 201, body = VendorResponse), (status = "4XX", body = Problem)))]
async fn add_vendor(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddVendorRequest>,
) -> Answer<Response> {
    let AddVendorRequest { name, legal_name, gstin, pan, fssai } = request;
    let row = server.app.add_vendor(&ctx, &VendorProfile { name, legal_name, gstin, pan, fssai }).await?;
    let location = [("location", format!("/vendors/{}", row.id))];
    Ok((StatusCode::CREATED, location, Json(VendorResponse::of(row))).into_response())
}

/// One vendor.
#[utoipa::path(get, path = "/vendors/{id}", tag = "vendors", params(("id" = Uuid, Path)),
    responses((status = 200, body = VendorResponse), (status = "4XX", body = Problem)))]
async fn get_vendor(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<VendorId>,
) -> Answer<Json<VendorResponse>> {
    Ok(Json(VendorResponse::of(server.app.vendor(&ctx, id).await?)))
}

/// Changes a vendor. Its restaurants show its numbers.
#[utoipa::path(patch, path = "/vendors/{id}", tag = "vendors", params(("id" = Uuid, Path)),
    request_body = UpdateVendorRequest,
    responses((status = 200, body = VendorResponse), (status = "4XX", body = Problem)))]
async fn update_vendor(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<VendorId>,
    Body(request): Body<UpdateVendorRequest>,
) -> Answer<Json<VendorResponse>> {
    let now = server.app.vendor(&ctx, id).await?;
    let profile = VendorProfile {
        name: request.name.unwrap_or(now.name),
        legal_name: request.legal_name.or(now.legal_name),
        gstin: request.gstin.or(now.gstin),
        pan: request.pan.or(now.pan),
        fssai: request.fssai.or(now.fssai),
    };
    let row = server.app.update_vendor(&ctx, id, request.version.unwrap_or(now.version), &profile).await?;
    Ok(Json(VendorResponse::of(row)))
}
