//! `/real-time/restaurant-availability/{id}` and `/real-time/delivery-slots`: a kitchen at this moment, and when its food
//! could be at a door.

use std::sync::Arc;

use app::{
    App,
    restaurants::{DeliverySlots, LiveRestaurant},
};
use axum::{extract::State, response::Response};
use cache::Namespace;
use domain::{id::RestaurantId, permission::Actor};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    Server,
    api::places::Door,
    http::{
        cached::{Asked, Read, cached},
        extract::{Id, Params},
        problem::{Answer, INVALID_PARAMETER, Problem},
    },
};

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_availability)).routes(routes!(list_slots))
}

/// A restaurant at this moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AvailabilityResponse {
    restaurant_id: Uuid,
    open: bool,
    /// When it closes, if open; null if it never does.
    #[schema(value_type = Option<String>, format = DateTime)]
    closes_at: Option<Timestamp>,
    /// When it next opens, if closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    opens_at: Option<Timestamp>,
    /// Closed by hand until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    paused_until: Option<Timestamp>,
    /// Slower than usual until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    busy_until: Option<Timestamp>,
    /// Preparation time to expect now.
    prep_minutes: i64,
    /// Orders that are not ready yet.
    cooking: i64,
    /// Orders that it takes at once. Null: no kitchen has said.
    capacity: Option<i64>,
}

/// Which restaurant and which door.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SlotParams {
    restaurant_id: Uuid,
    /// The door, taken to about a hundred metres.
    lat: f64,
    lng: f64,
}

/// When food could be at a door.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotsResponse {
    restaurant_id: Uuid,
    /// The restaurant delivers there.
    deliverable: bool,
    /// Half hours of the next day, soonest first.
    items: Vec<SlotResponse>,
}

/// A half hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotResponse {
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// Orders that still fit. Null: no kitchen has said how many it takes.
    left: Option<i64>,
}

fn availability(id: RestaurantId, live: &LiveRestaurant) -> AvailabilityResponse {
    AvailabilityResponse {
        restaurant_id: id.into(),
        open: live.availability.open,
        closes_at: live.availability.closes_at,
        opens_at: live.availability.opens_at,
        paused_until: live.paused_until,
        busy_until: live.busy_until,
        prep_minutes: live.prep_minutes,
        cooking: live.cooking,
        capacity: None,
    }
}

fn slots(id: RestaurantId, slots: DeliverySlots) -> SlotsResponse {
    let slot = |(from, to)| SlotResponse { from, to, left: None };
    let DeliverySlots { deliverable, slots } = slots;
    SlotsResponse { restaurant_id: id.into(), deliverable, items: slots.into_iter().map(slot).collect() }
}

/// Whether a restaurant takes orders now, and how busy its kitchen is. At most thirty seconds old.
#[utoipa::path(get, path = "/real-time/restaurant-availability/{id}", tag = "real time",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = AvailabilityResponse), (status = "4XX", body = Problem)))]
async fn get_availability(State(server): State<Arc<Server>>, Id(id): Id<RestaurantId>, asked: Asked) -> Response {
    let load = move |app: Arc<App>| async move {
        Ok(availability(id, &app.live_restaurant(&app.ctx(Actor::Anonymous), id).await?))
    };
    let key = id.to_string();
    cached(&server.app, &asked, Read::shared(Namespace::RestaurantCapacity, &key).uncounted(), load).await
}

/// When food of a restaurant could be at a door in the next day. At most thirty seconds old.
#[utoipa::path(get, path = "/real-time/delivery-slots", tag = "real time", params(SlotParams),
    responses((status = 200, body = SlotsResponse), (status = "4XX", body = Problem)))]
async fn list_slots(
    State(server): State<Arc<Server>>,
    asked: Asked,
    Params(params): Params<SlotParams>,
) -> Answer<Response> {
    let wrong = || Problem::of(INVALID_PARAMETER).field("/lat", "out-of-range");
    let door = Door::at(params.lat, params.lng).ok_or_else(wrong)?;
    let id = RestaurantId(params.restaurant_id);
    let key = format!("{id}:{door}");
    let load = move |app: Arc<App>| async move {
        Ok(slots(id, app.delivery_slots(&app.ctx(Actor::Anonymous), id, door.point())?))
    };
    Ok(cached(&server.app, &asked, Read::shared(Namespace::DeliverySlots, &key).uncounted(), load).await)
}
