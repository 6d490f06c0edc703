//! `/cities/{id}/weather`: how it is, as operators say; ways take longer accordingly.

use std::sync::Arc;

use app::arrivals::weather::CityWeather;
use axum::{Json, extract::State};
use domain::{arrival::Weather, id::CityId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Server,
    api::words,
    http::{
        extract::{Body, Id},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_weather, set_weather))
}

/// The weather of a city.
#[derive(Debug, Serialize, ToSchema)]
pub struct WeatherResponse {
    #[schema(value_type = words::Weather)]
    weather: &'static str,
    /// Until when; null for clear weather, which has no end.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// How the weather is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetWeatherRequest {
    #[schema(value_type = words::Weather)]
    weather: Weather,
    /// For so many minutes, 1 to 1,440; three hours if left out. Then it is clear again.
    minutes: Option<i64>,
}

impl From<CityWeather> for WeatherResponse {
    fn from(now: CityWeather) -> Self {
        Self { weather: now.weather.as_str(), until: now.until }
    }
}

/// The weather now.
#[utoipa::path(get, path = "/cities/{id}/weather", tag = "places", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = WeatherResponse), (status = "4XX", body = Problem)))]
async fn get_weather(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CityId>,
) -> Answer<Json<WeatherResponse>> {
    Ok(Json(server.app.city_weather(&ctx, id).await?.into()))
}

/// Says how the weather is, for a while.
#[utoipa::path(put, path = "/cities/{id}/weather", tag = "places", params(("id" = uuid::Uuid, Path)),
    request_body = SetWeatherRequest,
    responses((status = 200, body = WeatherResponse), (status = "4XX", body = Problem)))]
async fn set_weather(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CityId>,
    Body(request): Body<SetWeatherRequest>,
) -> Answer<Json<WeatherResponse>> {
    let set = server.app.set_weather(&ctx, id, request.weather, request.minutes).await?;
    Ok(Json(set.into()))
}
