//! `/customers/{id}/inventory`: what a customer holds of a distributor's products.

use std::sync::Arc;

use app::{inventory::Holding, moment};
use axum::{Json, extract::State};
use domain::{
    id::{CustomerId, ProductId},
    money::Paise,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::inventory::InventoryRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::List;
use crate::{
    Server,
    http::{
        extract::{Body, Id, Ids},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_inventory)).routes(routes!(put_inventory))
}

/// What a customer holds of one product, whatever was said before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutInventoryRequest {
    /// Full ones.
    full: i64,
    /// Empty ones.
    empty: i64,
    /// Paid for all of them until they come back.
    deposit_paise: i64,
}

/// What a customer holds of one product.
#[derive(Debug, Serialize, ToSchema)]
pub struct InventoryResponse {
    product_id: Uuid,
    product_name: String,
    /// What one is: piece, kg, litre.
    unit: String,
    full: i64,
    empty: i64,
    deposit_paise: i64,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl InventoryResponse {
    fn of(row: InventoryRow) -> Self {
        Self {
            product_id: row.product_id.into(),
            product_name: row.product_name,
            unit: row.product_unit,
            full: row.full_count,
            empty: row.empty_count,
            deposit_paise: row.deposit_paise,
            updated_at: moment(row.updated_at),
        }
    }
}

/// All that a customer holds, by name of the product.
#[utoipa::path(get, path = "/customers/{id}/inventory", tag = "inventory", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<InventoryResponse>), (status = "4XX", body = Problem)))]
async fn list_inventory(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
) -> Answer<Json<List<InventoryResponse>>> {
    let rows = server.app.inventory(&ctx, id).await?;
    Ok(Json(List::whole(rows.into_iter().map(InventoryResponse::of).collect())))
}

/// Says what a customer holds of a product.
#[utoipa::path(put, path = "/customers/{id}/inventory/{product_id}", tag = "inventory",
    params(("id" = Uuid, Path), ("product_id" = Uuid, Path)), request_body = PutInventoryRequest,
    responses((status = 200, body = InventoryResponse), (status = "4XX", body = Problem)))]
async fn put_inventory(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Ids(customer, product): Ids<CustomerId, ProductId>,
    Body(request): Body<PutInventoryRequest>,
) -> Answer<Json<InventoryResponse>> {
    let holding = Holding { full: request.full, empty: request.empty, deposit: Paise(request.deposit_paise) };
    let row = server.app.put_inventory(&ctx, customer, product, holding).await?;
    Ok(Json(InventoryResponse::of(row)))
}
