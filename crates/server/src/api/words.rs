//! Closed lists of words, as the API's description names them: statuses, roles, marks, kinds.
//!
//! The words themselves belong to the crates that use them; what stands here only makes the description say them, so
//! that a face cannot ask for a status that does not exist. A field is told its list by
//! `#[schema(value_type = words::OrderStatus)]`. Codes that may grow with every release (problems, reasons) are plain
//! strings and not listed.

use super::demo::Target;
use app::{
    caching::{Basis, Purpose, Severity, Thing},
    live::ExceptionKind as Trouble,
    routes::RouteStatus as Planned,
};
use domain::{
    application,
    arrival::{Delay, Weather as Sky},
    courier::{self, CourierState as Doing},
    document,
    event::OfferState as Offered,
    ledger,
    menu::{self, GroupKind},
    order::{Mover, Status},
    permission, picture, preference,
};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

fn list(about: &str, words: &[&str]) -> RefOr<Schema> {
    let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(about.trim()));
    schema.enum_values(Some(words.iter().copied())).into()
}

macro_rules! words {
    ($(#[doc = $about:literal] $name:ident: $words:expr;)+) => {$(
        #[doc = $about]
        #[derive(Debug)]
        pub enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                list($about, &$words)
            }
        }

        impl ToSchema for $name {}
    )+};
}

words! {
    /// What a user is to the platform.
    Role: permission::Role::ALL.map(permission::Role::as_str);
    /// Who moved an order.
    Actor: [Mover::Customer, Mover::Restaurant, Mover::Courier, Mover::Staff, Mover::System].map(Mover::as_str);
    /// The mark that Indian law asks for beside every dish.
    VegMark: menu::VegMark::ALL.map(menu::VegMark::as_str);
    /// A language that the faces speak.
    Language: preference::Language::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>();
    /// What somebody eats: everything, what is vegetarian, that and egg.
    Diet: preference::Diet::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>();
    /// How hot somebody likes it.
    Spice: preference::Spice::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>();
    /// A choice of one form of the dish, or of additions to it.
    OptionGroupKind: [GroupKind::Variant, GroupKind::Modifier].map(GroupKind::as_str);
    /// When what is off sale comes back by itself: in four hours, at midnight, never.
    AvailabilityUntil: ["4h", "today", "changed"];
    /// How restaurants are sorted. `soonest` needs a place.
    RestaurantSort: ["rating", "soonest", "price", "name"];
    /// Where an order stands.
    OrderStatus: Status::ALL.map(Status::as_str);
    /// Cash to the courier, or the built-in test gateway.
    PaymentMethod: [ledger::PaymentMethod::Cod, ledger::PaymentMethod::Sandbox].map(ledger::PaymentMethod::as_str);
    /// What became of the money.
    PaymentStatus: ["due", "paid", "refunded", "void"];
    /// A charge before tax.
    ChargeCode: ["packing", "delivery", "platform_fee"];
    /// A head of GST on one base.
    TaxCode: [
        "food_cgst",
        "food_sgst",
        "food_utgst",
        "food_igst",
        "delivery_cgst",
        "delivery_sgst",
        "delivery_utgst",
        "delivery_igst",
        "platform_fee_cgst",
        "platform_fee_sgst",
        "platform_fee_utgst",
        "platform_fee_igst",
    ];
    /// Why an arrival moved: food comes later, nobody took it in time, courier or ways are slower, or it was reckoned too short.
    EtaReason: Delay::ALL.map(Delay::as_str);
    /// How the weather is.
    Weather: Sky::ALL.map(Sky::as_str);
    /// What a courier rides or drives.
    Vehicle: courier::Vehicle::ALL.map(courier::Vehicle::as_str);
    /// What a courier is doing.
    CourierState: [
        Doing::Off,
        Doing::OnBreak,
        Doing::Free,
        Doing::Offered,
        Doing::ToPickup,
        Doing::Waiting,
        Doing::ToDrop,
    ]
    .map(Doing::as_str);
    /// Where an application as a courier stands.
    ApplicationState: application::ApplicationState::ALL.map(application::ApplicationState::as_str);
    /// What kind of document.
    DocumentKind: document::DocumentKind::ALL.map(document::DocumentKind::as_str);
    /// How a document stands.
    DocumentState: ["submitted", "accepted", "refused", "replaced"];
    /// What a picture is.
    PictureType: picture::PictureFormat::ALL.map(picture::PictureFormat::media_type);
    /// What happened to a document.
    DocumentNews: ["submitted", "accepted", "refused", "due"];
    /// Whether a candidate has orders in hand.
    CandidateState: ["free", "busy"];
    /// Why a position was not taken.
    RefusedFix: ["off-the-globe", "mocked", "inaccurate", "from-the-future", "too-old", "not-newer", "jump"];
    /// A part of a courier's pay.
    PayPart: ["base", "distance", "tip"];
    /// How an offer stands.
    OfferState: [Offered::Made, Offered::Accepted, Offered::Declined, Offered::Expired, Offered::Withdrawn]
        .map(Offered::as_str);
    /// How it was decided who gets an order: a policy, by hand, or because a courier fell silent.
    DecidedBy: ["nearest", "batched", "rolling", "by-hand", "silent"];
    /// From the courier to the kitchen, or from the kitchen to the door.
    LegKind: ["first_mile", "last_mile"];
    /// What goes wrong with an order, worst first.
    ExceptionKind: Trouble::ALL.map(Trouble::as_str);
    /// How far a planned route is.
    RouteStatus: Planned::ALL.map(Planned::as_str);
    /// How a message goes out.
    MessageChannel: ["sms", "email", "push"];
    /// Where a map comes from.
    MapSource: ["demo"];
    /// There is no map.
    NoMapSource: ["none"];
    /// How big a road is.
    RoadKind: ["arterial", "street", "lane"];
    /// The state of a node or of a part of it.
    HealthStatus: ["pass", "warn", "fail"];
    /// A kind of cached answer.
    CacheNamespace: cache::Namespace::ALL.map(cache::Namespace::name);
    /// How many tiers answer.
    CacheMode: ["two-tier", "memory-only"];
    /// A tier of the cache.
    CacheTier: ["memory", "redis"];
    /// Whose the answers of a namespace are.
    CacheSharing: ["public", "personal", "permitted"];
    /// Whether Redis is asked.
    BreakerState: ["closed", "half-open", "open"];
    /// How bad it is.
    AdviceSeverity: [Severity::Info, Severity::Warning, Severity::Critical].map(Severity::as_str);
    /// Why answers are loaded ahead.
    WarmingPurpose: [Purpose::Start, Purpose::Schedule, Purpose::Operator, Purpose::Forecast].map(Purpose::as_str);
    /// On what an expectation rests.
    ForecastBasis: [Basis::Season, Basis::Recent].map(Basis::as_str);
    /// What cached answers follow from.
    CacheEntity: Thing::ALL.map(Thing::as_str);
    /// An endpoint that a demo may measure.
    MeasuredEndpoint: Target::ALL.map(Target::as_str);
}
