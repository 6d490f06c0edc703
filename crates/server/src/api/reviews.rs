//! `/reviews`: stars and words for an order that was delivered.

use std::sync::Arc;

use app::{
    App,
    reviews::{NewReview, Review},
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use cache::Namespace;
use domain::id::{OrderId, RestaurantId, ReviewId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, default_limit, within_page};
use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached},
        extract::{Body, Id, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_reviews, add_review)).routes(routes!(delete_review))
}

/// Which reviews.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReviewListParams {
    /// Of which restaurant.
    restaurant_id: Uuid,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// A review to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddReviewRequest {
    /// Of which order; an own one that was delivered.
    order_id: Uuid,
    /// Stars for the food, 1 to 5.
    rating: i64,
    /// At most 1000 characters.
    text: Option<String>,
    /// Stars for the courier, 1 to 5.
    courier_rating: Option<i64>,
}

/// A review.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewResponse {
    id: Uuid,
    order_id: Uuid,
    restaurant_id: Uuid,
    /// First name of who wrote it.
    author: String,
    rating: i64,
    /// Only its author is told.
    courier_rating: Option<i64>,
    text: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl ReviewResponse {
    fn of(review: Review) -> Self {
        Self {
            id: review.id.into(),
            order_id: review.order_id.into(),
            restaurant_id: review.restaurant_id.into(),
            author: review.author,
            rating: review.rating,
            courier_rating: review.courier_rating,
            text: review.text,
            created_at: review.created_at,
        }
    }
}

/// Reviews of a restaurant, newest first.
#[utoipa::path(get, path = "/reviews", tag = "reviews", params(ReviewListParams),
    responses((status = 200, body = List<ReviewResponse>), (status = "4XX", body = Problem)))]
async fn list_reviews(
    State(server): State<Arc<Server>>,
    asked: Asked,
    Params(params): Params<ReviewListParams>,
) -> Answer<Response> {
    let (limit, before) = (within_page(params.limit)?, params.cursor.map(ReviewId));
    let restaurant = RestaurantId(params.restaurant_id);
    let key = format!("{restaurant}:{limit}:{}", before.map_or_else(String::new, |id| id.to_string()));
    let load = move |app: Arc<App>| async move {
        let (reviews, next) = app.list_reviews(restaurant, before, limit).await?;
        let items = reviews.into_iter().map(ReviewResponse::of).collect();
        Ok(List { items, next_cursor: next.map(|id| id.to_string()) })
    };
    Ok(cached(&server.app, &asked, Read::shared(Namespace::Reviews, &key).uncounted(), load).await)
}

/// Reviews an order, once.
#[utoipa::path(post, path = "/reviews", tag = "reviews", request_body = AddReviewRequest,
    responses((status = 201, body = ReviewResponse), (status = "4XX", body = Problem)))]
async fn add_review(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddReviewRequest>,
) -> Answer<Response> {
    let AddReviewRequest { order_id, rating, text, courier_rating } = request;
    let new = NewReview { order_id: OrderId(order_id), rating, text, courier_rating };
    let review = server.app.add_review(&ctx, &new).await?;
    let location = [("location", format!("/reviews/{}", review.id))];
    Ok((StatusCode::CREATED, location, Json(ReviewResponse::of(review))).into_response())
}

/// Removes a review and its stars.
#[utoipa::path(delete, path = "/reviews/{id}", tag = "reviews", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_review(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<ReviewId>,
) -> Answer<StatusCode> {
    server.app.delete_review(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
