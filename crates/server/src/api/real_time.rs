//! `/real-time/live-orders`: a city as those see it who watch it.

pub mod restaurants;
pub mod tracking;

use std::sync::Arc;

use app::live::{Exception, Figures, LiveCity, LiveKitchen, LiveOrder};
use axum::{extract::State, response::Response};
use cache::Namespace;
use domain::permission::Action;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{analytics::city_of, couriers::CourierResponse, words};
use crate::{
    Server,
    http::{
        cached::{Asked, Read, cached_bytes, loaded, until},
        extract::Params,
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// However soon something goes wrong, what was said is kept for so long: a large city has troubles every moment.
const SHORTEST: SignedDuration = SignedDuration::from_secs(2);

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_live_orders)).merge(tracking::router()).merge(restaurants::router())
}

/// Which city.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LiveOrdersParams {
    /// Short name or id of a city; the first one if left out.
    city: Option<String>,
}

/// A city, now.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveOrdersResponse {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    city: LiveCityResponse,
    figures: FiguresResponse,
    /// Worst first, at most one an order.
    exceptions: Vec<ExceptionResponse>,
    /// After this something more goes wrong, by the clock alone; null if nothing would. The answer is not kept for longer.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_exception_at: Option<Timestamp>,
    /// Those that have not ended, newest first.
    orders: Vec<LiveOrderResponse>,
    /// Those on shift.
    couriers: Vec<CourierResponse>,
    /// Those with late orders first.
    restaurants: Vec<LiveRestaurantResponse>,
}

/// Which city.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveCityResponse {
    id: Uuid,
    name: String,
    slug: String,
}

/// How it goes.
#[derive(Debug, Serialize, ToSchema)]
pub struct FiguresResponse {
    open_orders: usize,
    delivered_today: i64,
    /// Of these, how many per cent came within the first promise; null while there are none.
    on_time_pct: Option<f64>,
    riders_on_shift: usize,
    /// With nothing to do, neither suspended nor without papers, and heard within the last minute.
    riders_free: usize,
    kitchens_open: usize,
    kitchens_late: usize,
}

/// Something that goes wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionResponse {
    /// What.
    #[schema(value_type = words::ExceptionKind)]
    kind: &'static str,
    order_id: Uuid,
    number: String,
    zone_letter: String,
    restaurant_name: String,
    drop_locality: String,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// First promise to the customer.
    #[schema(value_type = String, format = DateTime)]
    promised_at: Timestamp,
    /// Arrival as it is expected now.
    #[schema(value_type = String, format = DateTime)]
    estimate_at: Timestamp,
}

/// An open order.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveOrderResponse {
    id: Uuid,
    number: String,
    zone_letter: String,
    #[schema(value_type = words::OrderStatus)]
    status: &'static str,
    restaurant_id: Uuid,
    restaurant_name: String,
    drop_locality: String,
    /// The door.
    lat: f64,
    lng: f64,
    pickup_lat: f64,
    pickup_lng: f64,
    courier_id: Option<Uuid>,
    #[schema(value_type = String, format = DateTime)]
    placed_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    promised_at: Timestamp,
    /// When the food was ready, or should be.
    #[schema(value_type = Option<String>, format = DateTime)]
    ready_at: Option<Timestamp>,
    total_paise: i64,
}

/// A kitchen.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveRestaurantResponse {
    id: Uuid,
    name: String,
    lat: f64,
    lng: f64,
    open_now: bool,
    open_orders: usize,
    late_orders: usize,
}

impl LiveOrdersResponse {
    fn of(live: LiveCity) -> Self {
        let city = LiveCityResponse { id: live.city.id.into(), name: live.city.name, slug: live.city.slug };
        Self {
            at: live.at,
            city,
            figures: figures(&live.figures),
            exceptions: live.exceptions.into_iter().map(exception).collect(),
            next_exception_at: live.next_exception_at,
            orders: live.orders.into_iter().map(order).collect(),
            couriers: live.couriers.into_iter().map(CourierResponse::of).collect(),
            restaurants: live.restaurants.into_iter().map(kitchen).collect(),
        }
    }
}

fn figures(figures: &Figures) -> FiguresResponse {
    FiguresResponse {
        open_orders: figures.open_orders,
        delivered_today: figures.delivered_today,
        on_time_pct: figures.on_time_pct,
        riders_on_shift: figures.riders_on_shift,
        riders_free: figures.riders_free,
        kitchens_open: figures.kitchens_open,
        kitchens_late: figures.kitchens_late,
    }
}

fn exception(one: Exception) -> ExceptionResponse {
    ExceptionResponse {
        kind: one.kind.as_str(),
        order_id: one.order_id.into(),
        number: one.number,
        zone_letter: one.zone_letter,
        restaurant_name: one.restaurant_name,
        drop_locality: one.drop_locality,
        since: one.since,
        promised_at: one.promised_at,
        estimate_at: one.estimate_at,
    }
}

fn order(order: LiveOrder) -> LiveOrderResponse {
    LiveOrderResponse {
        id: order.id.into(),
        number: order.number,
        zone_letter: order.zone_letter,
        status: order.status.as_str(),
        restaurant_id: order.restaurant_id.into(),
        restaurant_name: order.restaurant_name,
        drop_locality: order.drop_locality,
        lat: order.drop.lat,
        lng: order.drop.lng,
        pickup_lat: order.pickup.lat,
        pickup_lng: order.pickup.lng,
        courier_id: order.courier_id.map(Uuid::from),
        placed_at: order.placed_at,
        promised_at: order.promised_at,
        ready_at: order.ready_at,
        total_paise: order.total_paise,
    }
}

fn kitchen(kitchen: LiveKitchen) -> LiveRestaurantResponse {
    LiveRestaurantResponse {
        id: kitchen.id.into(),
        name: kitchen.name,
        lat: kitchen.point.lat,
        lng: kitchen.point.lng,
        open_now: kitchen.open_now,
        open_orders: kitchen.open_orders,
        late_orders: kitchen.late_orders,
    }
}

/// A city, now: figures, what goes wrong, open orders, couriers, kitchens.
#[utoipa::path(get, path = "/real-time/live-orders", tag = "real time", params(LiveOrdersParams),
    responses((status = 200, body = LiveOrdersResponse), (status = "4XX", body = Problem)))]
async fn get_live_orders(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    asked: Asked,
    Params(params): Params<LiveOrdersParams>,
) -> Answer<Response> {
    ctx.reach(Action::LiveRead)?;
    let city = city_of(&server.app, params.city.as_deref())?;
    Ok(cached_bytes(
        &server.app,
        &asked,
        Read::private(Namespace::LiveOrders, &city.to_string()),
        move |app| async move {
            // Loaded with the time of the load: whoever asked first may have waited.
            let live = app.live_city(&app.ctx(ctx.actor), city).await?;
            let change = live.next_exception_at.map(|next| next.max(live.at + SHORTEST));
            Ok(until(&app, Namespace::LiveOrders, loaded(&LiveOrdersResponse::of(live))?, change))
        },
    )
    .await)
}
