//! `/products`: what distributors sell by the cylinder, the can or the box.

use std::{collections::BTreeMap, sync::Arc};

use app::products::{Product, ProductFields};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::{
    id::{ProductId, VendorId},
    money::Paise,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, default_limit, within_page};
use crate::{
    Server,
    http::{
        extract::{Body, Id, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_products, add_product)).routes(routes!(
        get_product,
        update_product,
        delete_product
    ))
}

/// Which products.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductListParams {
    /// Only of this vendor.
    vendor_id: Option<Uuid>,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// A product to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddProductRequest {
    /// Who sells it.
    vendor_id: Uuid,
    name: String,
    /// What one is: piece, kg, litre.
    unit: String,
    /// Whatever else tells it from others: size, valve.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    price_paise: i64,
    /// Paid until it comes back.
    #[serde(default)]
    deposit_paise: i64,
    /// Comes back empty.
    #[serde(default)]
    returnable: bool,
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateProductRequest {
    name: Option<String>,
    unit: Option<String>,
    /// All of them anew.
    attributes: Option<BTreeMap<String, String>>,
    price_paise: Option<i64>,
    deposit_paise: Option<i64>,
    returnable: Option<bool>,
    /// The version that was seen; a newer one is a conflict.
    version: Option<i64>,
}

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductResponse {
    id: Uuid,
    vendor_id: Uuid,
    name: String,
    unit: String,
    attributes: BTreeMap<String, String>,
    price_paise: i64,
    deposit_paise: i64,
    returnable: bool,
    version: i64,
}

impl ProductResponse {
    fn of(product: Product) -> Self {
        let ProductFields { name, unit, attributes, price, deposit, returnable } = product.fields;
        Self {
            id: product.id.into(),
            vendor_id: product.vendor_id.into(),
            name,
            unit,
            attributes,
            price_paise: price.0,
            deposit_paise: deposit.0,
            returnable,
            version: product.version,
        }
    }
}

/// Products.
#[utoipa::path(get, path = "/products", tag = "products", params(ProductListParams),
    responses((status = 200, body = List<ProductResponse>), (status = "4XX", body = Problem)))]
async fn list_products(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<ProductListParams>,
) -> Answer<Json<List<ProductResponse>>> {
    let (limit, after) = (within_page(params.limit)?, params.cursor.map(ProductId));
    let (products, next) = server.app.list_products(&ctx, params.vendor_id.map(VendorId), after, limit).await?;
    let items = products.into_iter().map(ProductResponse::of).collect();
    Ok(Json(List { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// Adds a product to a vendor's.
#[utoipa::path(post, path = "/products", tag = "products", request_body = AddProductRequest,
    responses((status = 201, body = ProductResponse), (status = "4XX", body = Problem)))]
async fn add_product(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddProductRequest>,
) -> Answer<Response> {
    let fields = ProductFields {
        name: request.name,
        unit: request.unit,
        attributes: request.attributes,
        price: Paise(request.price_paise),
        deposit: Paise(request.deposit_paise),
        returnable: request.returnable,
    };
    let product = server.app.add_product(&ctx, VendorId(request.vendor_id), &fields).await?;
    let location = [("location", format!("/products/{}", product.id))];
    Ok((StatusCode::CREATED, location, Json(ProductResponse::of(product))).into_response())
}

/// One product.
#[utoipa::path(get, path = "/products/{id}", tag = "products", params(("id" = Uuid, Path)),
    responses((status = 200, body = ProductResponse), (status = "4XX", body = Problem)))]
async fn get_product(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<ProductId>,
) -> Answer<Json<ProductResponse>> {
    Ok(Json(ProductResponse::of(server.app.product(&ctx, id).await?)))
}

/// Changes a product.
#[utoipa::path(patch, path = "/products/{id}", tag = "products", params(("id" = Uuid, Path)),
    request_body = UpdateProductRequest,
    responses((status = 200, body = ProductResponse), (status = "4XX", body = Problem)))]
async fn update_product(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<ProductId>,
    Body(request): Body<UpdateProductRequest>,
) -> Answer<Json<ProductResponse>> {
    let Product { version, fields: now, .. } = server.app.product(&ctx, id).await?;
    let fields = ProductFields {
        name: request.name.unwrap_or(now.name),
        unit: request.unit.unwrap_or(now.unit),
        attributes: request.attributes.unwrap_or(now.attributes),
        price: request.price_paise.map_or(now.price, Paise),
        deposit: request.deposit_paise.map_or(now.deposit, Paise),
        returnable: request.returnable.unwrap_or(now.returnable),
    };
    let product = server.app.update_product(&ctx, id, request.version.unwrap_or(version), &fields).await?;
    Ok(Json(ProductResponse::of(product)))
}

/// Removes a product that no customer holds any more.
#[utoipa::path(delete, path = "/products/{id}", tag = "products", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_product(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<ProductId>,
) -> Answer<StatusCode> {
    server.app.delete_product(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
