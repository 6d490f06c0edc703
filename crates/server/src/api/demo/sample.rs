//! `/demo/create-sample-enterprise-data`: customers with orders, made through the use cases.

use std::sync::Arc;

use app::Error;
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use sim::SampleSpec;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    api::analytics::city_of,
    http::{
        extract::Body,
        guard::Caller,
        problem::{Answer, INVALID_BODY, Problem},
    },
};

/// The endpoint.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(create_sample))
}

const MOST_CUSTOMERS: usize = 50;
const MOST_ORDERS_EACH: usize = 5;

/// How much.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleRequest {
    /// Short name or id of a city; the first one if left out.
    city: Option<String>,
    /// 1 to 50.
    customers: usize,
    /// 0 to 5.
    #[serde(default)]
    orders_each: usize,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleResponse {
    customers: Vec<Uuid>,
    orders: Vec<Uuid>,
    /// Orders that no open kitchen could take.
    refused: usize,
}

/// Adds customers with orders to a city, at kitchens that are open. Only in a demo.
#[utoipa::path(post, path = "/demo/create-sample-enterprise-data", tag = "demo", request_body = SampleRequest,
    responses((status = 201, body = SampleResponse), (status = "4XX", body = Problem)))]
async fn create_sample(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<SampleRequest>,
) -> Answer<(StatusCode, Json<SampleResponse>)> {
    crate::demo::demo(&server)?;
    let wrong = |field: &str| Problem::of(INVALID_BODY).field(field, "out-of-range");
    if !(1..=MOST_CUSTOMERS).contains(&request.customers) {
        return Err(wrong("/customers"));
    }
    if request.orders_each > MOST_ORDERS_EACH {
        return Err(wrong("/orders_each"));
    }
    let city = city_of(&server.app, request.city.as_deref())?;
    let spec = SampleSpec { city, customers: request.customers, orders_each: request.orders_each };
    let made = sim::add_sample(&server.app, &ctx, spec).await.map_err(|error| match error {
        sim::Error::App(error) => error,
        other => Error::Internal(other.to_string()),
    })?;
    let response = SampleResponse {
        customers: made.customers.into_iter().map(Uuid::from).collect(),
        orders: made.orders.into_iter().map(Uuid::from).collect(),
        refused: made.refused,
    };
    Ok((StatusCode::CREATED, Json(response)))
}
