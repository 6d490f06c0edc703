//! `/menu-items`: single dishes, without sending the whole menu.

use std::sync::Arc;

use app::{
    App,
    menus::{ItemFields, ItemView, Stock},
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use cache::Namespace;
use domain::{
    id::{MenuItemId, RestaurantId},
    menu::VegMark,
    money::Paise,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    List, default_limit,
    menus::{MenuItemResponse, NewGroupRequest},
    within_page, words,
};
use crate::{
    Server, answers,
    http::{
        cached::{Asked, Read, cached_bytes, public},
        extract::{Body, Id, Params},
        guard::Caller,
        patch::Patch,
        problem::{Answer, INVALID_PARAMETER, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(list_menu_items, add_menu_item)).routes(routes!(
        get_menu_item,
        update_menu_item,
        delete_menu_item
    ))
}

/// Which dishes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MenuItemListParams {
    /// Of which restaurant.
    restaurant_id: Uuid,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// A dish to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMenuItemRequest {
    restaurant_id: Uuid,
    /// The heading it stands under, made if there is none of this name.
    section: String,
    name: String,
    description: Option<String>,
    price_paise: i64,
    #[serde(default)]
    packing_paise: i64,
    /// `veg`, `egg` or `non_veg`; not beyond the kitchen's.
    #[schema(value_type = words::VegMark)]
    veg_mark: VegMark,
    #[serde(default)]
    allergens: Vec<String>,
    /// Pieces left, where they are counted.
    stock_left: Option<i64>,
    #[serde(default)]
    popular: bool,
    #[serde(default)]
    option_groups: Vec<NewGroupRequest>,
}

/// What changes; what is left out stays, null goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMenuItemRequest {
    section: Option<String>,
    name: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    description: Patch<String>,
    price_paise: Option<i64>,
    packing_paise: Option<i64>,
    #[schema(value_type = Option<words::VegMark>)]
    veg_mark: Option<VegMark>,
    allergens: Option<Vec<String>>,
    /// Null ends the counting.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    stock_left: Patch<i64>,
    popular: Option<bool>,
    /// All of them anew.
    option_groups: Option<Vec<NewGroupRequest>>,
    /// The menu that was seen; a newer one is a conflict.
    menu_version: Option<i64>,
}

/// A dish and where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacedItemResponse {
    #[serde(flatten)]
    item: MenuItemResponse,
    restaurant_id: Uuid,
    section_id: Uuid,
    section: String,
    menu_version: i64,
}

impl PlacedItemResponse {
    /// A dish as it stands at a moment.
    pub fn of(view: &ItemView, now: Timestamp) -> Self {
        Self {
            item: MenuItemResponse::of(&view.item, now),
            restaurant_id: view.restaurant_id.into(),
            section_id: view.section_id.into(),
            section: view.section.clone(),
            menu_version: view.menu_version,
        }
    }
}

/// Cuts a page out of a whole menu, which is small.
fn page(views: &[ItemView], after: Option<MenuItemId>, limit: usize) -> Answer<(&[ItemView], Option<String>)> {
    let from = match after {
        None => 0,
        Some(after) => match views.iter().position(|view| view.item.id == after) {
            Some(index) => index + 1,
            None => return Err(Problem::of(INVALID_PARAMETER).field("/cursor", "unknown")),
        },
    };
    let end = views.len().min(from + limit);
    let items = &views[from..end];
    let next = items.last().filter(|_| end < views.len()).map(|view| view.item.id.to_string());
    Ok((items, next))
}

/// Dishes of a restaurant, in order of display.
#[utoipa::path(get, path = "/menu-items", tag = "menus", params(MenuItemListParams),
    responses((status = 200, body = List<PlacedItemResponse>), (status = "4XX", body = Problem)))]
async fn list_menu_items(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    asked: Asked,
    Params(params): Params<MenuItemListParams>,
) -> Answer<Response> {
    let limit = within_page(params.limit)?;
    let views = server.app.menu_items(RestaurantId(params.restaurant_id)).await?;
    let (shown, next_cursor) = page(&views, params.cursor.map(MenuItemId), limit)?;
    let items = shown.iter().map(|view| PlacedItemResponse::of(view, ctx.now)).collect();
    Ok(public(&asked, &List { items, next_cursor }))
}

/// Adds a dish at the end of its section.
#[utoipa::path(post, path = "/menu-items", tag = "menus", request_body = AddMenuItemRequest,
    responses((status = 201, body = PlacedItemResponse), (status = "4XX", body = Problem)))]
async fn add_menu_item(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddMenuItemRequest>,
) -> Answer<Response> {
    let fields = ItemFields {
        section: request.section,
        name: request.name,
        description: request.description,
        price: Paise(request.price_paise),
        packing: Paise(request.packing_paise),
        veg_mark: request.veg_mark,
        allergens: request.allergens,
        popular: request.popular,
        stock: request.stock_left.map_or(Stock::Uncounted, Stock::Left),
        option_groups: Some(NewGroupRequest::groups(request.option_groups, &ctx)),
    };
    let view = server.app.add_menu_item(&ctx, RestaurantId(request.restaurant_id), &fields).await?;
    let location = [("location", format!("/menu-items/{}", view.item.id))];
    Ok((StatusCode::CREATED, location, Json(PlacedItemResponse::of(&view, ctx.now))).into_response())
}

/// One dish.
#[utoipa::path(get, path = "/menu-items/{id}", tag = "menus", params(("id" = Uuid, Path)),
    responses((status = 200, body = PlacedItemResponse), (status = "4XX", body = Problem)))]
async fn get_menu_item(State(server): State<Arc<Server>>, Id(id): Id<MenuItemId>, asked: Asked) -> Response {
    let load = move |app: Arc<App>| async move { answers::dish(&app, id).await };
    cached_bytes(&server.app, &asked, Read::shared(Namespace::MenuItems, &id.to_string()), load).await
}

/// Changes a dish.
#[utoipa::path(patch, path = "/menu-items/{id}", tag = "menus", params(("id" = Uuid, Path)),
    request_body = UpdateMenuItemRequest,
    responses((status = 200, body = PlacedItemResponse), (status = "4XX", body = Problem)))]
async fn update_menu_item(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<MenuItemId>,
    Body(request): Body<UpdateMenuItemRequest>,
) -> Answer<Json<PlacedItemResponse>> {
    let ItemView { menu_version, section, item: now, .. } = server.app.menu_item(id).await?;
    let groups = request.option_groups.map(|groups| NewGroupRequest::groups(groups, &ctx));
    let fields = ItemFields {
        section: request.section.unwrap_or(section),
        name: request.name.unwrap_or(now.name),
        description: request.description.or(now.description),
        price: request.price_paise.map_or(now.price, Paise),
        packing: request.packing_paise.map_or(now.packing, Paise),
        veg_mark: request.veg_mark.unwrap_or(now.veg_mark),
        allergens: request.allergens.unwrap_or(now.allergens),
        popular: request.popular.unwrap_or(now.popular),
        stock: stock(&request.stock_left),
        option_groups: groups,
    };
    let version = request.menu_version.unwrap_or(menu_version);
    let view = server.app.update_menu_item(&ctx, id, version, &fields).await?;
    Ok(Json(PlacedItemResponse::of(&view, ctx.now)))
}

const fn stock(left: &Patch<i64>) -> Stock {
    match left {
        Patch::Keep => Stock::Keep,
        Patch::To(None) => Stock::Uncounted,
        Patch::To(Some(pieces)) => Stock::Left(*pieces),
    }
}

/// Takes a dish off the menu.
#[utoipa::path(delete, path = "/menu-items/{id}", tag = "menus", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_menu_item(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<MenuItemId>,
) -> Answer<StatusCode> {
    server.app.delete_menu_item(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
