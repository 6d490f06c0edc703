//! Answers that can be loaded before anybody asks: the same ones that the handlers give, by namespace and key.
//!
//! An answer that changes by itself (a kitchen closes, a dish comes back) is fresh until then and no longer.

mod sameness;

use std::sync::Arc;

use app::{
    App, Error,
    caching::{FIGURES, Loader},
    restaurants::{Found, Search, directory::Entry},
};
use axum::{extract::Query, http::Uri};
use cache::{Loaded, Namespace};
use domain::{
    geo::Point,
    id::{MenuItemId, RestaurantId},
    menu::{Menu, MenuItem, OnSale},
    permission::Actor,
};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::{
    api::{
        List,
        analytics::{PopularItemsParams, popular_items},
        menu_items::PlacedItemResponse,
        menus::MenuResponse,
        restaurants::{
            list::{self, RestaurantListParams},
            response::{RestaurantDetailResponse, RestaurantResponse},
        },
    },
    http::cached::{loaded, until},
};

pub use sameness::same;

/// How answers are loaded ahead.
pub fn loader() -> Loader {
    Box::new(|app, namespace, key| Box::pin(load(app, namespace, key)))
}

/// Loads an answer by its key. `None` for what cannot be loaded ahead or is not there any more.
async fn load(app: Arc<App>, namespace: Namespace, key: String) -> Result<Option<Loaded>, Error> {
    app.load_current(namespace, find(&app, namespace, &key)).await
}

async fn find(app: &App, namespace: Namespace, key: &str) -> Result<Loaded, Error> {
    let none = || Error::NotFound("answer");
    let id = key.parse().ok().map(RestaurantId);
    match (namespace, id) {
        (Namespace::Restaurants, Some(id)) => restaurant(app, id, None),
        (Namespace::MenuItems, Some(id)) if app.restaurant(id).is_ok() => menu(app, id).await,
        (Namespace::MenuItems, Some(id)) => dish(app, MenuItemId(id.0)).await,
        (Namespace::RestaurantAvailability, None) => restaurants(app, &search(app, key).ok_or_else(none)?),
        (Namespace::PopularItems, None) => {
            let (actor, params) = popular(app, key).ok_or_else(none)?;
            popular_items(app, &app.ctx(actor), &params).await
        }
        _ => Err(none()),
    }
}

/// What follows the question mark, as it was sent.
fn params<T: DeserializeOwned>(query: &str) -> Option<T> {
    let uri: Uri = format!("/?{query}").parse().ok()?;
    Query::try_from_uri(&uri).ok().map(|query: Query<T>| query.0)
}

/// The search that a key names. What nobody asks for under this key is not loaded.
fn search(app: &App, key: &str) -> Option<Search> {
    let search = params::<RestaurantListParams>(key)?.into_search(app).ok()?;
    (list::key(app, &search) == key).then_some(search)
}

/// The popular dishes that a key names, as those may know them for whom it is kept.
fn popular(app: &App, key: &str) -> Option<(Actor, PopularItemsParams)> {
    let figures = key.strip_suffix(FIGURES);
    let query = figures.unwrap_or(key);
    let params = params::<PopularItemsParams>(query)?;
    let actor = if figures.is_some() { Actor::System } else { Actor::Anonymous };
    (params.key(app).is_ok_and(|asked| asked == query)).then_some((actor, params))
}

/// A restaurant, perhaps as it is seen from a door.
pub fn restaurant(app: &App, id: RestaurantId, from: Option<Point>) -> Result<Loaded, Error> {
    let entry = app.restaurant(id)?;
    let places = app.places();
    let city = places.city(entry.city_id).ok_or(Error::NotFound("city"))?;
    let now = app.now();
    let availability = entry.availability(now, &city.zone);
    let changes = [availability.closes_at, availability.opens_at].into_iter().flatten().chain(by_itself(&entry));
    let change = changes.filter(|change| *change > now).min();
    let reach = from.and_then(|from| app.restaurant_reach(&entry, from, now));
    let answer = loaded(&RestaurantDetailResponse::of(&Found { entry, availability, reach }))?;
    // Fee and time to a door are older sooner than the restaurant.
    let namespace = if from.is_some() { Namespace::RestaurantAvailability } else { Namespace::Restaurants };
    Ok(until(app, namespace, answer, change))
}

fn by_itself(entry: &Entry) -> impl Iterator<Item = Timestamp> {
    [entry.schedule.paused_until, entry.busy_until].into_iter().flatten()
}

/// Restaurants that fit a search.
pub fn restaurants(app: &App, search: &Search) -> Result<Loaded, Error> {
    let page = app.search_restaurants(&app.ctx(Actor::Anonymous), search)?;
    let items = page.items.iter().map(RestaurantResponse::of).collect();
    loaded(&List { items, next_cursor: page.next_cursor })
}

/// The menu of a restaurant.
pub async fn menu(app: &App, id: RestaurantId) -> Result<Loaded, Error> {
    let menu = app.load_menu(id).await?;
    let now = app.now();
    let answer = loaded(&MenuResponse::of(&menu, now))?;
    Ok(until(app, Namespace::MenuItems, answer, next_return(&menu, now)))
}

/// One dish.
pub async fn dish(app: &App, id: MenuItemId) -> Result<Loaded, Error> {
    let view = app.menu_item(id).await?;
    let now = app.now();
    let answer = loaded(&PlacedItemResponse::of(&view, now))?;
    let change = sales(&view.item).filter_map(|on_sale| back(on_sale, now)).min();
    Ok(until(app, Namespace::MenuItems, answer, change))
}

/// When the next dish or option of a menu comes back by itself.
fn next_return(menu: &Menu, now: Timestamp) -> Option<Timestamp> {
    let items = menu.sections.iter().flat_map(|section| &section.items);
    items.flat_map(sales).filter_map(|on_sale| back(on_sale, now)).min()
}

fn sales(item: &MenuItem) -> impl Iterator<Item = &OnSale> {
    let options = item.option_groups.iter().flat_map(|group| &group.options);
    options.map(|option| &option.on_sale).chain([&item.on_sale])
}

fn back(on_sale: &OnSale, now: Timestamp) -> Option<Timestamp> {
    on_sale.off_until.filter(|until| on_sale.off && *until > now)
}
