//! What the events of the streams say.
//!
//! The hub words most of them once for all who listen, without these types; a test holds its words against them. Events
//! are thin: they say what to read again. Those of one order stand apart.

mod followed;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::words;
pub use followed::{ArrivalEvent, BringerResponse, EndEvent, FollowedEvent, StatusEvent};

/// What an event of `/events` says, by its name: `order`, `offer`, `courier` (a position; may be lost),
/// `courier_changed`, `courier_dark`, `application`, `document`, `shift`, `restaurant`, `menu`, `reload` (read everything anew) or `ping` (every 15 seconds).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum UserEvent {
    /// `order`.
    Order(OrderEvent),
    /// `offer`.
    Offer(OfferEvent),
    /// `courier`.
    Position(PositionEvent),
    /// `courier_changed`.
    Shift(ShiftEvent),
    /// `courier_dark`.
    Dark(DarkEvent),
    /// `application`.
    Application(ApplicationEvent),
    /// `document`.
    Document(DocumentEvent),
    /// `shift`.
    PlannedShift(PlannedShiftEvent),
    /// `restaurant` and `menu`.
    Restaurant(RestaurantEvent),
    /// `reload`.
    Reload(ReloadEvent),
    /// `ping`.
    Ping(PingEvent),
}

/// A courier with food on board has been silent for minutes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DarkEvent {
    order_id: Uuid,
    courier_id: Uuid,
}

/// An application as a courier came to be or moved.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationEvent {
    application_id: Uuid,
    #[schema(value_type = words::ApplicationState)]
    state: String,
}

/// A courier's document was handed in, decided on, or runs out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentEvent {
    courier_id: Uuid,
    #[schema(value_type = words::DocumentKind)]
    document: String,
    #[schema(value_type = words::DocumentNews)]
    document_state: String,
}

/// A planned shift changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedShiftEvent {
    shift_id: Uuid,
    /// Who has it now.
    courier_id: Option<Uuid>,
}

/// An order came to be, moved or changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderEvent {
    order_id: Uuid,
    number: String,
    #[schema(value_type = words::OrderStatus)]
    status: String,
    version: i64,
    /// Only where the status stayed: `delayed`, `courier_assigned`, `courier_released`, `courier_arrived`,
    /// `courier_at_door`, `trip_changed`, `doors_moved` (the courier makes more or fewer deliveries before it) or
    /// `eta_moved`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    what: Option<String>,
    /// Why the arrival moved, if that is what changed and something delays it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<words::EtaReason>)]
    reason: Option<String>,
    restaurant_id: Uuid,
    courier_id: Option<Uuid>,
    customer_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// An offer was made, lost an order while it was open, or ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferEvent {
    offer_id: Uuid,
    /// The first of its orders.
    order_id: Uuid,
    /// All of them in the sequence of delivery.
    order_ids: Vec<Uuid>,
    courier_id: Uuid,
    /// An offer that is `made` again lost an order.
    #[schema(value_type = words::OfferState)]
    state: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// A courier was somewhere.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PositionEvent {
    courier_id: Uuid,
    lat: f64,
    lng: f64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(value_type = words::CourierState)]
    state: String,
}

/// A courier began or ended a shift, or changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShiftEvent {
    courier_id: Uuid,
    on_shift: bool,
}

/// A restaurant or its menu changed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestaurantEvent {
    restaurant_id: Uuid,
}

/// Events were lost.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReloadEvent {
    /// How many, as far as it is known.
    pub(super) missed: u64,
}

/// The stream lives.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PingEvent {
    #[schema(value_type = String, format = DateTime)]
    pub(super) at: Timestamp,
}

#[cfg(test)]
mod tests {
    use app::events::hub::Live;
    use domain::{
        application::ApplicationState,
        courier::CourierState,
        document::DocumentKind,
        event::{Event, OfferMoved, OfferState, OrderChanged, OrderMoved, Recorded},
        geo::Point,
        id::{ApplicationId, CityId, CourierId, CustomerId, OfferId, OrderId, RestaurantId, ShiftId},
        ledger::PaymentMethod,
        money::Paise,
        order::{Mover, Status},
    };
    use jiff::Timestamp;
    use serde_json::Value;
    use uuid::Uuid;

    use super::UserEvent;

    const ONE: Uuid = Uuid::from_u128(1);

    fn moved() -> Event {
        Event::OrderMoved(OrderMoved {
            order_id: OrderId(ONE),
            number: "H24".into(),
            version: 3,
            from: Some(Status::Placed),
            to: Status::Accepted,
            mover: Mover::Restaurant,
            reason: None,
            restaurant_id: RestaurantId(ONE),
            customer_id: CustomerId(ONE),
            courier_id: None,
            method: PaymentMethod::Cod,
            total: Paise(100),
        })
    }

    fn changed() -> Event {
        Event::OrderChanged(OrderChanged {
            order_id: OrderId(ONE),
            number: "H24".into(),
            status: Status::Ready,
            version: 3,
            what: "eta_moved".into(),
            reason: Some("traffic".into()),
            restaurant_id: RestaurantId(ONE),
            customer_id: CustomerId(ONE),
            courier_id: Some(CourierId(ONE)),
        })
    }

    fn offered() -> Event {
        let (offer_id, order_id, courier_id) = (OfferId(ONE), OrderId(ONE), CourierId(ONE));
        let (state, expires_at) = (OfferState::Made, Timestamp::UNIX_EPOCH);
        Event::OfferMoved(OfferMoved { offer_id, order_id, order_ids: Vec::new(), courier_id, state, expires_at })
    }

    fn told(event: Event) -> Live {
        let (city_id, at) = (CityId(ONE), Timestamp::UNIX_EPOCH);
        Live::of(&Recorded { transaction: 1, sequence: 1, city_id, at, event }).unwrap().0
    }

    #[test]
    fn what_the_hub_says_is_what_is_described() {
        let position =
            Live::position(CourierId(ONE), Point { lat: 1.5, lng: 2.5 }, Timestamp::UNIX_EPOCH, CourierState::Free);
        let events = [
            (told(moved()), "order"),
            (told(changed()), "order"),
            (told(offered()), "offer"),
            (position, "courier"),
            (
                told(Event::CourierChanged { courier_id: CourierId(ONE), on_shift: true, renamed: false }),
                "courier_changed",
            ),
            (
                told(Event::ApplicationMoved {
                    application_id: ApplicationId(ONE),
                    from: None,
                    to: ApplicationState::Applied,
                }),
                "application",
            ),
            (
                told(Event::DocumentMoved {
                    courier_id: CourierId(ONE),
                    document: DocumentKind::Pan,
                    state: "accepted".to_owned(),
                }),
                "document",
            ),
            (
                told(Event::CourierDark {
                    order_id: OrderId(ONE),
                    number: "H01".to_owned(),
                    courier_id: CourierId(ONE),
                }),
                "courier_dark",
            ),
            (told(Event::ShiftChanged { shift_id: ShiftId(ONE), courier_id: None, former: None }), "shift"),
            (told(Event::RestaurantChanged { restaurant_id: RestaurantId(ONE) }), "restaurant"),
            (told(Event::MenuChanged { restaurant_id: RestaurantId(ONE), items: Vec::new() }), "menu"),
        ];
        for (live, name) in events {
            assert_eq!(live.name, name);
            let said: Value = serde_json::from_str(&live.data).unwrap();
            let described: UserEvent = serde_json::from_str(&live.data).unwrap();
            assert_eq!(serde_json::to_value(described).unwrap(), said, "{name}");
        }
    }
}
