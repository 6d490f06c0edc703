//! What happened. One event is written with each change, in the same transaction; everything else follows from it.
//!
//! Events are facts in the past tense and carry what their consumers need to find the rest. They are stored as JSON in
//! the outbox; a field may be added, never renamed or removed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    application::ApplicationState,
    document::DocumentKind,
    id::{ApplicationId, CityId, CourierId, CustomerId, MenuItemId, OfferId, OrderId, RestaurantId, ShiftId, UserId},
    ledger::PaymentMethod,
    money::Paise,
    order::{Mover, Status},
};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// An order came to be or moved.
    OrderMoved(OrderMoved),
    /// A kitchen promised another time, or a courier arrived at its counter.
    OrderChanged(OrderChanged),
    /// An offer to a courier was made, lost an order while it was open, or ended.
    OfferMoved(OfferMoved),
    /// A courier began or ended a shift, or changed.
    CourierChanged {
        /// Who.
        courier_id: CourierId,
        /// On shift now.
        on_shift: bool,
        /// Their name or phone changed, or was forgotten: what names them is old.
        #[serde(default, skip_serializing_if = "is_false")]
        renamed: bool,
    },
    /// A courier with food on board has been silent for minutes and is called.
    CourierDark {
        /// With which order.
        order_id: OrderId,
        /// Its spoken number.
        number: String,
        /// Who.
        courier_id: CourierId,
    },
    /// A restaurant changed: hours, pause, profile.
    RestaurantChanged {
        /// Which.
        restaurant_id: RestaurantId,
    },
    /// A menu changed: prices, dishes, what is sold out.
    MenuChanged {
        /// Whose.
        restaurant_id: RestaurantId,
        /// The only dishes that are concerned, where just their stock moved; empty when the menu itself changed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        items: Vec<MenuItemId>,
    },
    /// A customer, their addresses or their preferences changed.
    CustomerChanged {
        /// Who.
        customer_id: CustomerId,
        /// Their name or phone changed, or was forgotten: what names them is old.
        #[serde(default, skip_serializing_if = "is_false")]
        renamed: bool,
    },
    /// A cart was written, emptied or ordered.
    CartChanged {
        /// Whose.
        customer_id: CustomerId,
    },
    /// A review was written or removed.
    ReviewChanged {
        /// Of which restaurant.
        restaurant_id: RestaurantId,
        /// By whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer_id: Option<CustomerId>,
    },
    /// A one-time code was asked for; its delivery is a message.
    CodeRequested {
        /// To which phone.
        phone: String,
        /// The message, already worded in the receiver's language.
        text: String,
    },
    /// An account came to be or changed.
    UserChanged {
        /// Which.
        user_id: UserId,
    },
    /// Somebody applied as a courier, or staff moved an application on.
    ApplicationMoved {
        /// Which.
        application_id: ApplicationId,
        /// Before; `None` when just handed in, and where it stands when a picture came.
        from: Option<ApplicationState>,
        /// Where it stands now.
        to: ApplicationState,
    },
    /// A courier's document will run out soon, or has.
    DocumentDue {
        /// Whose.
        courier_id: CourierId,
        /// Which.
        document: DocumentKind,
        /// The last day on which it holds.
        expires_on: jiff::civil::Date,
        /// Days before the end for which this is the warning; zero once it has run out.
        days: i64,
    },
    /// A document was handed in or decided upon.
    DocumentMoved {
        /// Whose.
        courier_id: CourierId,
        /// Which.
        document: DocumentKind,
        /// `submitted`, `accepted` or `refused`.
        state: String,
    },
    /// A planned shift came to be, was taken, given, given back or cancelled.
    ShiftChanged {
        /// Which.
        shift_id: ShiftId,
        /// Who has it now.
        courier_id: Option<CourierId>,
        /// From whom it was taken who did not give it back.
        #[serde(default)]
        former: Option<CourierId>,
    },
    /// An operator forgot cached answers by hand.
    CacheCleared(CacheCleared),
    /// An operator changed the rules of a cache namespace, or switched it off or on.
    CachePolicyChanged {
        /// Its name.
        namespace: String,
    },
}

/// Cached answers were forgotten by hand: whole namespaces, or what follows from one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheCleared {
    /// The stored record of who did it and why.
    pub clear_id: Uuid,
    /// The process that has done so already.
    pub node: Uuid,
    /// Namespaces forgotten as a whole.
    pub namespaces: Vec<String>,
    /// The thing whose answers were forgotten, if that is what was asked: its kind and its id.
    pub thing: Option<(String, Uuid)>,
}

/// An order came to be (no `from`) or moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderMoved {
    /// Which.
    pub order_id: OrderId,
    /// Its spoken number, such as H24.
    pub number: String,
    /// Its version after the move.
    pub version: i64,
    /// Before; `None` when just placed.
    pub from: Option<Status>,
    /// Now.
    pub to: Status,
    /// Who moved it.
    pub mover: Mover,
    /// Why, where a reason was given.
    pub reason: Option<String>,
    /// The kitchen.
    pub restaurant_id: RestaurantId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The courier, once there is one.
    pub courier_id: Option<CourierId>,
    /// How it is paid.
    pub method: PaymentMethod,
    /// What the customer pays.
    pub total: Paise,
}

/// Something about an order changed, but not its status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderChanged {
    /// Which.
    pub order_id: OrderId,
    /// Its spoken number.
    pub number: String,
    /// Its status.
    pub status: Status,
    /// Its version (unchanged).
    pub version: i64,
    /// `delayed`, `courier_assigned`, `courier_released`, `courier_arrived`, `courier_at_door`,
    /// `trip_changed`, `doors_moved`, `eta_moved`.
    pub what: String,
    /// Why the arrival moved, where that is what changed and something delays it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The kitchen.
    pub restaurant_id: RestaurantId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The courier, if there is one.
    pub courier_id: Option<CourierId>,
}

/// How an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Waiting for the courier.
    Made,
    /// Taken.
    Accepted,
    /// Refused.
    Declined,
    /// Not answered in time.
    Expired,
    /// The order went elsewhere or ended.
    Withdrawn,
}

impl OfferState {
    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// An offer to a courier was made or ended; one that is told as made again lost an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfferMoved {
    /// Which.
    pub offer_id: OfferId,
    /// The first of its orders.
    pub order_id: OrderId,
    /// All of them in the sequence of delivery; empty in events of earlier versions, which knew one.
    #[serde(default)]
    pub order_ids: Vec<OrderId>,
    /// To whom.
    pub courier_id: CourierId,
    /// How it stands now.
    pub state: OfferState,
    /// Until when it may be answered.
    pub expires_at: Timestamp,
}

impl OfferMoved {
    /// All of its orders in the sequence of delivery.
    pub fn orders(&self) -> &[OrderId] {
        if self.order_ids.is_empty() { std::slice::from_ref(&self.order_id) } else { &self.order_ids }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks with")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Event {
    /// The kind as stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::OrderMoved(_) => "order_moved",
            Self::OrderChanged(_) => "order_changed",
            Self::OfferMoved(_) => "offer_moved",
            Self::CourierChanged { .. } => "courier_changed",
            Self::CourierDark { .. } => "courier_dark",
            Self::RestaurantChanged { .. } => "restaurant_changed",
            Self::MenuChanged { .. } => "menu_changed",
            Self::CustomerChanged { .. } => "customer_changed",
            Self::CartChanged { .. } => "cart_changed",
            Self::ReviewChanged { .. } => "review_changed",
            Self::CodeRequested { .. } => "code_requested",
            Self::UserChanged { .. } => "user_changed",
            Self::ApplicationMoved { .. } => "application_moved",
            Self::DocumentDue { .. } => "document_due",
            Self::DocumentMoved { .. } => "document_moved",
            Self::ShiftChanged { .. } => "shift_changed",
            Self::CacheCleared(_) => "cache_cleared",
            Self::CachePolicyChanged { .. } => "cache_policy_changed",
        }
    }

    /// What it is about; nil where that has no id.
    pub const fn subject(&self) -> Uuid {
        match self {
            Self::OrderMoved(OrderMoved { order_id: OrderId(id), .. })
            | Self::OrderChanged(OrderChanged { order_id: OrderId(id), .. })
            | Self::OfferMoved(OfferMoved { offer_id: OfferId(id), .. })
            | Self::CourierChanged { courier_id: CourierId(id), .. }
            | Self::CourierDark { order_id: OrderId(id), .. }
            | Self::RestaurantChanged { restaurant_id: RestaurantId(id) }
            | Self::MenuChanged { restaurant_id: RestaurantId(id), .. }
            | Self::ApplicationMoved { application_id: ApplicationId(id), .. }
            | Self::DocumentDue { courier_id: CourierId(id), .. }
            | Self::DocumentMoved { courier_id: CourierId(id), .. }
            | Self::ShiftChanged { shift_id: ShiftId(id), .. }
            | Self::CustomerChanged { customer_id: CustomerId(id), .. }
            | Self::CartChanged { customer_id: CustomerId(id) }
            | Self::ReviewChanged { restaurant_id: RestaurantId(id), .. }
            | Self::UserChanged { user_id: UserId(id) }
            | Self::CacheCleared(CacheCleared { clear_id: id, .. }) => *id,
            Self::CodeRequested { .. } | Self::CachePolicyChanged { .. } => Uuid::nil(),
        }
    }
}

/// A stored event with its place in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The writer's transaction (PostgreSQL; zero on SQLite).
    pub transaction: i64,
    /// Place in the log.
    pub sequence: i64,
    /// The city it belongs to; nil where it belongs to none.
    pub city_id: CityId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}
