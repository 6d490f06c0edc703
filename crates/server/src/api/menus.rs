//! `/restaurants/{id}/menu` and what is on sale.

pub mod wire;

use std::sync::Arc;

use app::{App, menus::OffUntil};
use axum::{Json, extract::State, response::Response};
use cache::Namespace;
use domain::id::{MenuItemId, OptionId, RestaurantId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::words;
use crate::{
    Server, answers,
    http::{
        cached::{Asked, Read, cached_bytes},
        extract::{Body, Id},
        guard::Caller,
        problem::{Answer, INVALID_BODY, Problem},
    },
};
use wire::PutMenuRequest;
pub use wire::{MenuItemResponse, MenuResponse, NewGroupRequest};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(get_menu, put_menu))
        .routes(routes!(set_item_on_sale))
        .routes(routes!(set_option_on_sale))
}

/// Whether something can be had.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnSaleRequest {
    available: bool,
    /// When it comes back by itself: `4h`, `today` (at midnight) or `changed` (never; the default).
    #[schema(value_type = Option<words::AvailabilityUntil>)]
    until: Option<String>,
}

impl OnSaleRequest {
    fn until(&self) -> Answer<OffUntil> {
        match self.until.as_deref() {
            None | Some("changed") => Ok(OffUntil::Changed),
            Some("4h") => Ok(OffUntil::FourHours),
            Some("today") => Ok(OffUntil::Today),
            Some(_) => Err(Problem::of(INVALID_BODY).detail("One of 4h, today, changed.").field("/until", "unknown")),
        }
    }
}

/// The menu of a restaurant.
#[utoipa::path(get, path = "/restaurants/{id}/menu", tag = "menus", params(("id" = Uuid, Path)),
    responses((status = 200, body = MenuResponse), (status = "4XX", body = Problem)))]
async fn get_menu(State(server): State<Arc<Server>>, Id(id): Id<RestaurantId>, asked: Asked) -> Response {
    let load = move |app: Arc<App>| async move { answers::menu(&app, id).await };
    cached_bytes(&server.app, &asked, Read::shared(Namespace::MenuItems, &id.to_string()), load).await
}

/// Replaces the whole menu.
#[utoipa::path(put, path = "/restaurants/{id}/menu", tag = "menus", params(("id" = Uuid, Path)),
    request_body = PutMenuRequest,
    responses((status = 200, body = MenuResponse), (status = "4XX", body = Problem)))]
async fn put_menu(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RestaurantId>,
    Body(request): Body<PutMenuRequest>,
) -> Answer<Json<MenuResponse>> {
    let sections = request.sections(&ctx);
    let menu = server.app.put_menu(&ctx, id, &sections).await?;
    Ok(Json(MenuResponse::of(&menu, ctx.now)))
}

/// Takes a dish off sale or puts it back.
#[utoipa::path(post, path = "/menu-items/{id}/availability", tag = "menus", params(("id" = Uuid, Path)),
    request_body = OnSaleRequest,
    responses((status = 200, body = MenuItemResponse), (status = "4XX", body = Problem)))]
async fn set_item_on_sale(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<MenuItemId>,
    Body(request): Body<OnSaleRequest>,
) -> Answer<Json<MenuItemResponse>> {
    let item = server.app.set_item_on_sale(&ctx, id, request.available, request.until()?).await?;
    Ok(Json(MenuItemResponse::of(&item, ctx.now)))
}

/// Takes an option off sale or puts it back; answers its dish.
#[utoipa::path(post, path = "/menu-options/{id}/availability", tag = "menus", params(("id" = Uuid, Path)),
    request_body = OnSaleRequest,
    responses((status = 200, body = MenuItemResponse), (status = "4XX", body = Problem)))]
async fn set_option_on_sale(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<OptionId>,
    Body(request): Body<OnSaleRequest>,
) -> Answer<Json<MenuItemResponse>> {
    let item = server.app.set_option_on_sale(&ctx, id, request.available, request.until()?).await?;
    Ok(Json(MenuItemResponse::of(&item, ctx.now)))
}
