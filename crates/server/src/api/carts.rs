//! `/customers/{id}/cart`: what a customer means to order, kept between visits.

use std::sync::Arc;

use app::{App, carts::Cart};
use axum::{Json, extract::State, http::StatusCode, response::Response};
use cache::Namespace;
use domain::{
    cart::CartLine,
    id::{CustomerId, MenuItemId, OptionId, RestaurantId},
    permission::Action,
    quote::WantedLine,
    rule::Rule,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::customers::own_key;
use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached_part, uncached},
        extract::{Body, Id, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_cart, put_cart, delete_cart))
}

/// A cart. It has no prices: those are the word of a quote.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartResponse {
    /// From where; null while it is empty.
    restaurant_id: Option<Uuid>,
    lines: Vec<CartLineResponse>,
    /// Grows with every change and never comes twice; 0 while the cart is empty.
    version: i64,
    /// When it changed last; null while it is empty.
    #[schema(value_type = Option<String>, format = DateTime)]
    changed_at: Option<Timestamp>,
}

/// A line of a cart.
#[derive(Debug, Serialize, ToSchema)]
pub struct CartLineResponse {
    item_id: Uuid,
    /// What the dish was called when the line was written; null if it was on no menu.
    name: Option<String>,
    option_ids: Vec<Uuid>,
    quantity: i64,
    note: Option<String>,
    /// The code with which a quote would refuse the line now, such as `unknown-item` or `item-unavailable`; null while it
    /// can be had.
    unavailable: Option<&'static str>,
}

/// A whole cart, from one restaurant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutCartRequest {
    restaurant_id: Uuid,
    /// 1 to 50.
    lines: Vec<CartLineRequest>,
    /// The version that was seen, 0 for an empty cart; another one is a conflict.
    version: i64,
}

/// A line of a cart.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartLineRequest {
    item_id: Uuid,
    /// Chosen options, at most fifty.
    #[serde(default)]
    option_ids: Vec<Uuid>,
    /// 1 to 50.
    quantity: i64,
    /// A word to the cook, at most 140 characters.
    note: Option<String>,
}

/// Which cart.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EmptyCartParams {
    /// The version that was seen; another one is a conflict. Without it, whatever is in the cart goes.
    version: Option<i64>,
}

impl CartResponse {
    fn of(cart: Cart, unavailable: Vec<Option<Rule>>) -> Self {
        let lines = cart.lines.into_iter().zip(unavailable).map(|(line, rule)| CartLineResponse::of(line, rule));
        Self {
            restaurant_id: cart.restaurant_id.map(Uuid::from),
            lines: lines.collect(),
            version: cart.version,
            changed_at: cart.changed_at,
        }
    }
}

impl CartLineResponse {
    fn of(line: CartLine, unavailable: Option<Rule>) -> Self {
        Self {
            item_id: line.wanted.item_id.into(),
            name: line.name,
            option_ids: line.wanted.option_ids.into_iter().map(Uuid::from).collect(),
            quantity: line.wanted.quantity,
            note: line.wanted.note,
            unavailable: unavailable.map(Rule::code),
        }
    }
}

impl CartLineRequest {
    fn wanted(self) -> WantedLine {
        WantedLine {
            item_id: MenuItemId(self.item_id),
            quantity: self.quantity,
            option_ids: self.option_ids.into_iter().map(OptionId).collect(),
            note: self.note,
        }
    }
}

/// A cart with what its menu says of its lines now.
async fn complete(app: &App, ctx: &app::Ctx, cart: Cart) -> Result<CartResponse, app::Error> {
    let unavailable = app.unavailable_lines(ctx, &cart).await?;
    Ok(CartResponse::of(cart, unavailable))
}

/// A customer's cart.
#[utoipa::path(get, path = "/customers/{id}/cart", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = CartResponse), (status = "4XX", body = Problem)))]
async fn get_cart(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    asked: Asked,
) -> Answer<Response> {
    let app = &server.app;
    let Some(key) = own_key(app, &ctx, Action::CartManage, Namespace::Sessions, id, "cart")? else {
        return Ok(uncached(&complete(app, &ctx, app.cart(&ctx, id).await?).await?));
    };
    let caller = ctx.clone();
    let load = move |app: Arc<App>| async move { app.cart(&caller, id).await };
    let whole = |cart| complete(app, &ctx, cart);
    cached_part(app, &asked, Read::private(Namespace::Sessions, &key), load, whole).await
}

/// Replaces a customer's cart.
#[utoipa::path(put, path = "/customers/{id}/cart", tag = "customers", params(("id" = Uuid, Path)),
    request_body = PutCartRequest,
    responses((status = 200, body = CartResponse), (status = "4XX", body = Problem)))]
async fn put_cart(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    Body(request): Body<PutCartRequest>,
) -> Answer<Json<CartResponse>> {
    let restaurant = RestaurantId(request.restaurant_id);
    let lines = request.lines.into_iter().map(CartLineRequest::wanted).collect();
    let cart = server.app.put_cart(&ctx, id, request.version, restaurant, lines).await?;
    Ok(Json(complete(&server.app, &ctx, cart).await?))
}

/// Empties a customer's cart.
#[utoipa::path(delete, path = "/customers/{id}/cart", tag = "customers",
    params(("id" = Uuid, Path), EmptyCartParams), responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_cart(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    Params(params): Params<EmptyCartParams>,
) -> Answer<StatusCode> {
    server.app.delete_cart(&ctx, id, params.version).await?;
    Ok(StatusCode::NO_CONTENT)
}
