//! `/cities` and `/serviceability`: where Dabba delivers, and the map that is drawn.

pub mod map;
pub mod weather;

use std::sync::Arc;

use app::{App, Error};
use axum::{extract::State, response::Response};
use cache::Namespace;
use domain::{geo::Point, id::CityId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    List,
    places::{Coordinates, line},
};
use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached, public},
        extract::{Id, Params},
        problem::{Answer, INVALID_PARAMETER, Problem},
    },
};

use map::{MapResponse, NoMapResponse};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_cities))
        .routes(routes!(list_zones))
        .routes(routes!(get_map))
        .routes(routes!(get_serviceability))
        .merge(weather::router())
}

/// A city.
#[derive(Debug, Serialize, ToSchema)]
pub struct CityResponse {
    id: Uuid,
    /// Short name in addresses.
    slug: String,
    name: String,
    lat: f64,
    lng: f64,
    /// IANA time zone.
    timezone: String,
}

/// A delivery zone.
#[derive(Debug, Serialize, ToSchema)]
pub struct ZoneResponse {
    id: Uuid,
    /// The letter in order numbers.
    letter: String,
    name: String,
    /// `[lat, lng]` corners.
    #[schema(value_type = Vec<Coordinates>)]
    polygon: Vec<[f64; 2]>,
}

/// A point.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ServiceabilityParams {
    /// Latitude in degrees.
    lat: f64,
    /// Longitude in degrees.
    lng: f64,
}

/// Whether Dabba delivers to a point.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceabilityResponse {
    serviceable: bool,
    city_id: Option<Uuid>,
    zone_id: Option<Uuid>,
    zone_letter: Option<String>,
    zone_name: Option<String>,
}

/// All cities.
#[utoipa::path(get, path = "/cities", tag = "places", responses((status = 200, body = List<CityResponse>)))]
async fn list_cities(State(server): State<Arc<Server>>, asked: Asked) -> Response {
    let places = server.app.places();
    let cities = places.cities.iter().map(|city| CityResponse {
        id: city.id.into(),
        slug: city.slug.clone(),
        name: city.name.clone(),
        lat: city.centre.lat,
        lng: city.centre.lng,
        timezone: city.timezone.clone(),
    });
    public(&asked, &List::whole(cities.collect()))
}

/// The zones of a city.
#[utoipa::path(get, path = "/cities/{id}/zones", tag = "places", params(("id" = Uuid, Path)),
    responses((status = 200, body = List<ZoneResponse>), (status = "4XX", body = Problem)))]
async fn list_zones(State(server): State<Arc<Server>>, Id(id): Id<CityId>, asked: Asked) -> Answer<Response> {
    let places = server.app.places();
    places.city(id).ok_or(Error::NotFound("city"))?;
    let zones = places.zones.iter().filter(|zone| zone.city_id == id).map(|zone| ZoneResponse {
        id: zone.id.into(),
        letter: zone.letter.clone(),
        name: zone.name.clone(),
        polygon: line(&zone.polygon),
    });
    Ok(public(&asked, &List::whole(zones.collect())))
}

/// The map of a city.
#[utoipa::path(get, path = "/cities/{id}/map", tag = "places", params(("id" = Uuid, Path)),
    responses((status = 200, body = MapResponse), (status = "4XX", body = Problem)))]
async fn get_map(State(server): State<Arc<Server>>, Id(id): Id<CityId>, asked: Asked) -> Response {
    let load = move |app: Arc<App>| async move {
        app.places().city(id).ok_or(Error::NotFound("city"))?;
        let map = app.city_map(id).await?.unwrap_or_else(NoMapResponse::text);
        serde_json::from_str::<Box<serde_json::value::RawValue>>(&map)
            .map_err(|error| Error::Internal(format!("the map of city {id}: {error}")))
    };
    cached(&server.app, &asked, Read::shared(Namespace::Static, &format!("map:{id}")).uncounted(), load).await
}

/// Whether Dabba delivers to a point.
#[utoipa::path(get, path = "/serviceability", tag = "places", params(ServiceabilityParams),
    responses((status = 200, body = ServiceabilityResponse), (status = "4XX", body = Problem)))]
async fn get_serviceability(
    State(server): State<Arc<Server>>,
    asked: Asked,
    Params(params): Params<ServiceabilityParams>,
) -> Answer<Response> {
    let point = Point::new(params.lat, params.lng)
        .ok_or_else(|| Problem::of(INVALID_PARAMETER).field("/lat", "out-of-range"))?;
    let places = server.app.places();
    let zone = places.zone_at(point);
    let answer = ServiceabilityResponse {
        serviceable: zone.is_some(),
        city_id: zone.map(|zone| zone.city_id.into()),
        zone_id: zone.map(|zone| zone.id.into()),
        zone_letter: zone.map(|zone| zone.letter.clone()),
        zone_name: zone.map(|zone| zone.name.clone()),
    };
    Ok(public(&asked, &answer))
}
