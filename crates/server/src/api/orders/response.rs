//! An order as it is sent.

use app::{moment, orders::OrderView};
use jiff::Timestamp;
use serde::Serialize;
use store::orders::OrderRow;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{
    places::AddressResponse,
    quotes::{Bill, ChargeResponse, DiscountResponse, LineResponse, RangeResponse, TaxResponse},
    words,
};

/// An order. Times are null until they have happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderResponse {
    id: Uuid,
    /// Spoken number of the day, such as H24.
    number: String,
    zone_letter: String,
    #[schema(value_type = words::OrderStatus)]
    status: &'static str,
    version: i64,
    city_id: Uuid,
    restaurant: KitchenResponse,
    customer: PersonResponse,
    /// The door. To its courier, once the order has ended, no more than the neighbourhood.
    address: AddressResponse,
    lines: Vec<LineResponse>,
    charges: Vec<ChargeResponse>,
    taxes: Vec<TaxResponse>,
    tip_paise: i64,
    discounts: Vec<DiscountResponse>,
    total_paise: i64,
    note: Option<String>,
    payment: PaymentResponse,
    #[schema(value_type = String, format = DateTime)]
    placed_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    accept_by: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    accepted_at: Option<Timestamp>,
    prep_minutes: Option<i64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    promised_ready_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ready_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    picked_up_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    reason: Option<String>,
    eta: EtaResponse,
    first_eta: RangeResponse,
    courier: Option<CarrierResponse>,
    /// To be said at the door; only the customer sees it.
    delivery_code: Option<String>,
    /// What happened; empty in lists.
    timeline: Vec<StepResponse>,
    /// Statuses that the caller may set now.
    #[schema(value_type = Vec<words::OrderStatus>)]
    allowed: Vec<&'static str>,
}

/// The kitchen of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct KitchenResponse {
    id: Uuid,
    name: String,
    locality: String,
    lat: f64,
    lng: f64,
    phone: Option<String>,
}

/// The customer of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonResponse {
    id: Uuid,
    name: String,
    /// Staff, and the customer, see it; kitchen and courier until the order has ended.
    phone: Option<String>,
}

/// How an order is paid.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentResponse {
    /// `cod` or `sandbox`.
    #[schema(value_type = words::PaymentMethod)]
    method: &'static str,
    /// `due`, `paid`, `refunded` or `void`.
    #[schema(value_type = words::PaymentStatus)]
    status: String,
}

/// When it should arrive, and why that moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct EtaResponse {
    #[schema(value_type = String, format = DateTime)]
    low: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    high: Timestamp,
    /// What holds it up, where it comes later than first said and that can be named. `no-courier-yet` only once somebody
    /// should have been found: before, an order has no courier because nobody is wanted yet.
    #[schema(value_type = Option<words::EtaReason>)]
    reason: Option<String>,
}

/// The courier of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct CarrierResponse {
    id: Uuid,
    name: String,
    #[schema(value_type = words::Vehicle)]
    vehicle: String,
    /// Mean of the stars.
    rating: Option<f64>,
    /// Staff, and the courier, see it; customer and kitchen until the order has ended.
    phone: Option<String>,
    lat: Option<f64>,
    lng: Option<f64>,
    #[schema(value_type = Option<String>, format = DateTime)]
    fix_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    arrived_at_restaurant_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    arrived_at_door_at: Option<Timestamp>,
    /// When the courier took it; what was taken together has the same time.
    #[schema(value_type = Option<String>, format = DateTime)]
    taken_at: Option<Timestamp>,
    /// The place among the doors of what was taken together, from 1; null for an order that rides alone. It stays when the
    /// doors before are done.
    stop: Option<i64>,
    /// How many deliveries the courier makes before this one, by what is still in hand: 0 if it is next. Null until the
    /// order is on board, after its end, and in lists.
    doors_ahead: Option<usize>,
}

/// A step in an order's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepResponse {
    #[schema(value_type = words::OrderStatus)]
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `customer`, `restaurant`, `courier`, `staff` or `system`.
    #[schema(value_type = words::Actor)]
    actor: String,
    reason: Option<String>,
}

impl OrderResponse {
    /// An order as the one who asks may see it.
    pub fn of(view: OrderView) -> Self {
        let number = view.number();
        let courier = carrier(&view);
        let Bill { lines, charges, taxes, discounts } = Bill::of(&view.quote);
        let address = AddressResponse::of(&view.quote.destination);
        let timeline = view.history.into_iter().map(|step| StepResponse {
            status: step.status.as_str(),
            at: step.at,
            actor: step.mover,
            reason: step.reason,
        });
        let row = view.row;
        let eta = EtaResponse::of(&row);
        Self {
            id: row.id.into(),
            number,
            zone_letter: row.letter,
            status: view.status.as_str(),
            version: row.version,
            city_id: row.city_id.into(),
            restaurant: KitchenResponse {
                id: row.restaurant_id.into(),
                name: row.restaurant_name,
                locality: row.restaurant_locality,
                lat: row.restaurant_lat,
                lng: row.restaurant_lng,
                phone: row.restaurant_phone,
            },
            customer: PersonResponse { id: row.customer_id.into(), name: row.customer_name, phone: row.customer_phone },
            address,
            lines,
            charges,
            taxes,
            tip_paise: row.tip_paise,
            discounts,
            total_paise: row.total_paise,
            note: row.note,
            payment: PaymentResponse { method: view.method.as_str(), status: row.payment_status },
            placed_at: moment(row.placed_at),
            accept_by: moment(row.accept_by),
            accepted_at: row.accepted_at.map(moment),
            prep_minutes: row.prep_minutes,
            promised_ready_at: row.promised_ready_at.map(moment),
            ready_at: row.ready_at.map(moment),
            picked_up_at: row.picked_up_at.map(moment),
            delivered_at: row.delivered_at.map(moment),
            ended_at: row.ended_at.map(moment),
            reason: row.reason,
            eta,
            first_eta: RangeResponse { low: moment(row.first_eta_low), high: moment(row.first_eta_high) },
            courier,
            delivery_code: view.shows_code.then_some(row.delivery_code),
            timeline: timeline.collect(),
            allowed: view.allowed.into_iter().map(domain::order::Status::as_str).collect(),
        }
    }
}

impl EtaResponse {
    /// The arrival of an order.
    pub fn of(row: &OrderRow) -> Self {
        Self { low: moment(row.eta_low), high: moment(row.eta_high), reason: row.eta_reason.clone() }
    }
}

fn carrier(view: &OrderView) -> Option<CarrierResponse> {
    let row = &view.row;
    let point = view.courier_at.map(|(point, _)| point);
    Some(CarrierResponse {
        id: row.courier_id?.into(),
        name: row.courier_name.clone()?,
        vehicle: row.courier_vehicle.clone()?,
        rating: stars(row.courier_rating_sum?, row.courier_rating_count?),
        phone: row.courier_phone.clone(),
        lat: point.map(|point| point.lat),
        lng: point.map(|point| point.lng),
        fix_at: view.courier_at.map(|(_, at)| at),
        arrived_at_restaurant_at: row.arrived_at.map(moment),
        arrived_at_door_at: row.door_at.map(moment),
        taken_at: row.courier_at.map(moment),
        stop: row.stop,
        doors_ahead: view.doors_ahead,
    })
}

/// Mean of so many stars, to one decimal.
#[expect(clippy::cast_precision_loss, reason = "sums of ratings stay far below 2^52")]
pub fn stars(sum: i64, count: i64) -> Option<f64> {
    (count > 0).then(|| (sum as f64 / count as f64 * 10.0).round() / 10.0)
}
