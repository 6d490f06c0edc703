//! `/restaurants`: found, read, changed, paused.

pub mod list;
pub mod response;

use std::sync::Arc;

use app::{
    App, Error,
    restaurants::{Found, NewRestaurant, Profile, ProfileChange},
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use cache::Namespace;
use domain::{
    geo::Point,
    id::{CityId, RestaurantId, VendorId},
    menu::VegMark,
    money::Paise,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, places::Door, words};
use crate::{
    Server, answers,
    http::{
        cached::{Asked, Read, cached_bytes},
        extract::{Body, Id, Params},
        guard::Caller,
        problem::{Answer, INVALID_BODY, Problem},
    },
};
use list::RestaurantListParams;
use response::{HoursWire, RestaurantDetailResponse, RestaurantResponse};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_restaurants, add_restaurant))
        .routes(routes!(get_restaurant, update_restaurant, delete_restaurant))
        .routes(routes!(slow_restaurant))
        .routes(routes!(pause_restaurant))
        .routes(routes!(resume_restaurant))
}

/// Where one restaurant is seen from.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RestaurantParams {
    /// Seen from this latitude, taken to about a hundred metres: adds distance, fee and time to the door.
    lat: Option<f64>,
    /// And this longitude.
    lng: Option<f64>,
}

/// A restaurant to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddRestaurantRequest {
    city_id: Uuid,
    vendor_id: Uuid,
    name: String,
    locality: String,
    address: String,
    pin: Option<String>,
    phone: Option<String>,
    lat: f64,
    lng: f64,
    cuisines: Vec<String>,
    /// `veg`, `egg` or `non_veg`.
    #[schema(value_type = words::VegMark)]
    veg_mark: VegMark,
    price_for_two_paise: Option<i64>,
    #[serde(default)]
    minimum_order_paise: i64,
    #[serde(default)]
    packing_paise: i64,
    prep_minutes: i64,
    /// The platform's share in basis points.
    commission_bp: i64,
    hours: Vec<HoursWire>,
}

/// What changes; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRestaurantRequest {
    name: Option<String>,
    locality: Option<String>,
    address: Option<String>,
    pin: Option<String>,
    phone: Option<String>,
    cuisines: Option<Vec<String>>,
    price_for_two_paise: Option<i64>,
    minimum_order_paise: Option<i64>,
    packing_paise: Option<i64>,
    prep_minutes: Option<i64>,
    hours: Option<Vec<HoursWire>>,
    active: Option<bool>,
    /// The version that was seen; a newer one is a conflict.
    version: Option<i64>,
}

/// Slower for a while.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlowRestaurantRequest {
    /// Minutes added to every preparation time, 1 to 120.
    extra_minutes: i64,
    /// For how many minutes, 5 to 720.
    minutes: i64,
}

/// Closed for a while.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseRestaurantRequest {
    /// For how many minutes, 5 to 1440.
    minutes: i64,
}

/// Restaurants that fit.
#[utoipa::path(get, path = "/restaurants", tag = "restaurants", params(RestaurantListParams),
    responses((status = 200, body = List<RestaurantResponse>), (status = "4XX", body = Problem)))]
async fn list_restaurants(
    State(server): State<Arc<Server>>,
    asked: Asked,
    Params(params): Params<RestaurantListParams>,
) -> Response {
    let search = match params.into_search(&server.app) {
        Ok(search) => search,
        Err(problem) => return problem.into_response(),
    };
    let key = list::key(&server.app, &search);
    let read = Read::shared(Namespace::RestaurantAvailability, &key);
    // Where somebody stands, what they typed and how far they read is nobody's pattern.
    let ones_own = search.from.is_some() || search.words.is_some() || search.cursor.is_some();
    let read = if ones_own { read.uncounted() } else { read };
    let load = move |app: Arc<App>| async move { answers::restaurants(&app, &search) };
    cached_bytes(&server.app, &asked, read, load).await
}

/// One restaurant.
#[utoipa::path(get, path = "/restaurants/{id}", tag = "restaurants", params(("id" = Uuid, Path), RestaurantParams),
    responses((status = 200, body = RestaurantDetailResponse), (status = "4XX", body = Problem)))]
async fn get_restaurant(
    State(server): State<Arc<Server>>,
    Id(id): Id<RestaurantId>,
    Params(params): Params<RestaurantParams>,
    asked: Asked,
) -> Response {
    let from = match list::from(params.lat, params.lng) {
        Ok(from) => from,
        Err(problem) => return problem.into_response(),
    };
    let load = move |app: Arc<App>| async move { answers::restaurant(&app, id, from.map(Door::point)) };
    match from {
        None => cached_bytes(&server.app, &asked, Read::shared(Namespace::Restaurants, &id.to_string()), load).await,
        Some(from) => {
            let key = format!("{id}:{from}");
            let read = Read::shared(Namespace::RestaurantAvailability, &key).uncounted();
            cached_bytes(&server.app, &asked, read, load).await
        }
    }
}

fn detail(app: &App, id: RestaurantId) -> Result<RestaurantDetailResponse, Error> {
    let entry = app.restaurant(id)?;
    let places = app.places();
    let city = places.city(entry.city_id).ok_or(Error::NotFound("city"))?;
    let availability = entry.availability(app.now(), &city.zone);
    Ok(RestaurantDetailResponse::of(&Found { entry, availability, reach: None }))
}

/// Adds a restaurant with an empty menu.
#[utoipa::path(post, path = "/restaurants", tag = "restaurants", request_body = AddRestaurantRequest,
    responses((status = 201, body = RestaurantDetailResponse), (status = "4XX", body = Problem)))]
async fn add_restaurant(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<AddRestaurantRequest>,
) -> Answer<Response> {
    let new = request.into_new()?;
    let id = server.app.add_restaurant(&ctx, &new).await?.ok_or(Error::NotFound("restaurant"))?;
    let location = [("location", format!("/restaurants/{id}"))];
    Ok((StatusCode::CREATED, location, Json(detail(&server.app, id)?)).into_response())
}

impl AddRestaurantRequest {
    fn into_new(self) -> Answer<NewRestaurant> {
        let point =
            Point::new(self.lat, self.lng).ok_or_else(|| Problem::of(INVALID_BODY).field("/lat", "out-of-range"))?;
        let hours = response::read_hours(&self.hours)?;
        Ok(NewRestaurant {
            vendor_id: VendorId(self.vendor_id),
            city_id: CityId(self.city_id),
            point,
            zone_id: None,
            source_key: None,
            veg_mark: self.veg_mark,
            commission_bp: self.commission_bp,
            rating_sum: 0,
            rating_count: 0,
            profile: Profile {
                name: self.name,
                locality: self.locality,
                address: self.address,
                pin: self.pin,
                phone: self.phone,
                cuisines: self.cuisines,
                price_for_two: self.price_for_two_paise.map(Paise),
                minimum_order: Paise(self.minimum_order_paise),
                packing: Paise(self.packing_paise),
                prep_minutes: self.prep_minutes,
                hours,
                active: true,
            },
            sections: Vec::new(),
        })
    }
}

/// Changes a restaurant.
#[utoipa::path(patch, path = "/restaurants/{id}", tag = "restaurants", params(("id" = Uuid, Path)),
    request_body = UpdateRestaurantRequest,
    responses((status = 200, body = RestaurantDetailResponse), (status = "4XX", body = Problem)))]
async fn update_restaurant(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RestaurantId>,
    Body(request): Body<UpdateRestaurantRequest>,
) -> Answer<Json<RestaurantDetailResponse>> {
    let (version, change) = (request.version, request.into_change()?);
    server.app.update_restaurant(&ctx, id, version, change).await?;
    Ok(Json(detail(&server.app, id)?))
}

impl UpdateRestaurantRequest {
    fn into_change(self) -> Answer<ProfileChange> {
        Ok(ProfileChange {
            hours: self.hours.as_deref().map(response::read_hours).transpose()?,
            name: self.name,
            locality: self.locality,
            address: self.address,
            pin: self.pin,
            phone: self.phone,
            cuisines: self.cuisines,
            price_for_two: self.price_for_two_paise.map(Paise),
            minimum_order: self.minimum_order_paise.map(Paise),
            packing: self.packing_paise.map(Paise),
            prep_minutes: self.prep_minutes,
            active: self.active,
        })
    }
}

/// Takes a restaurant off the platform.
#[utoipa::path(delete, path = "/restaurants/{id}", tag = "restaurants", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
async fn delete_restaurant(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RestaurantId>,
) -> Answer<StatusCode> {
    server.app.delete_restaurant(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds minutes to every preparation time for a while.
#[utoipa::path(post, path = "/restaurants/{id}/busy", tag = "restaurants", params(("id" = Uuid, Path)),
    request_body = SlowRestaurantRequest,
    responses((status = 200, body = RestaurantDetailResponse), (status = "4XX", body = Problem)))]
async fn slow_restaurant(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RestaurantId>,
    Body(request): Body<SlowRestaurantRequest>,
) -> Answer<Json<RestaurantDetailResponse>> {
    server.app.slow_restaurant(&ctx, id, request.extra_minutes, request.minutes).await?;
    Ok(Json(detail(&server.app, id)?))
}

/// Takes no orders for a while.
#[utoipa::path(post, path = "/restaurants/{id}/pause", tag = "restaurants", params(("id" = Uuid, Path)),
    request_body = PauseRestaurantRequest,
    responses((status = 200, body = RestaurantDetailResponse), (status = "4XX", body = Problem)))]
async fn pause_restaurant(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RestaurantId>,
    Body(request): Body<PauseRestaurantRequest>,
) -> Answer<Json<RestaurantDetailResponse>> {
    server.app.pause_restaurant(&ctx, id, request.minutes).await?;
    Ok(Json(detail(&server.app, id)?))
}

/// Takes orders again, at the usual speed.
#[utoipa::path(post, path = "/restaurants/{id}/resume", tag = "restaurants", params(("id" = Uuid, Path)),
    responses((status = 200, body = RestaurantDetailResponse), (status = "4XX", body = Problem)))]
async fn resume_restaurant(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<RestaurantId>,
) -> Answer<Json<RestaurantDetailResponse>> {
    server.app.resume_restaurant(&ctx, id).await?;
    Ok(Json(detail(&server.app, id)?))
}
