//! The table holds what it promises: a row a cause, and no row that its events cannot follow.

use std::collections::HashSet;

use super::{Cause, Keys, Subjects, TABLE};
use cache::Namespace;
use domain::{
    application::ApplicationState,
    document::DocumentKind,
    event::{CacheCleared, Event, OfferMoved, OfferState, OrderChanged, OrderMoved},
    id::{ApplicationId, CityId, CourierId, CustomerId, MenuItemId, OfferId, OrderId, RestaurantId, ShiftId, UserId},
    ledger::PaymentMethod,
    money::Paise,
    order::{Mover, Status},
};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

const ONE: Uuid = Uuid::from_u128(1);

const CAUSES: [Cause; 20] = [
    Cause::OrderPlaced,
    Cause::StatusChanged,
    Cause::OrderEnded,
    Cause::OrderChanged,
    Cause::OfferMoved,
    Cause::CourierChanged,
    Cause::PapersChanged,
    Cause::RestaurantChanged,
    Cause::MenuChanged,
    Cause::StockMoved,
    Cause::CustomerChanged,
    Cause::CustomerRenamed,
    Cause::CourierRenamed,
    Cause::CartChanged,
    Cause::ReviewChanged,
    Cause::CodeRequested,
    Cause::UserChanged,
    Cause::OrderDoubted,
    Cause::Cleared,
    Cause::PolicyChanged,
];

#[test]
fn every_cause_has_one_row_and_no_row_repeats_itself() {
    assert_eq!(TABLE.len(), CAUSES.len());
    for cause in CAUSES {
        assert_eq!(TABLE.iter().filter(|row| row.cause == cause).count(), 1, "{cause:?}");
        let row = cause.row();
        assert_eq!(row.cause, cause);
        let named: HashSet<String> = row.forgets.iter().map(|part| format!("{part:?}")).collect();
        assert_eq!(named.len(), row.forgets.len(), "{cause:?}");
    }
}

#[test]
fn checkout_and_books_are_in_no_row() {
    let cached: HashSet<Namespace> =
        TABLE.iter().flat_map(|row| row.forgets.iter().map(|(namespace, _)| *namespace)).collect();
    assert!(!cached.contains(&Namespace::DynamicPricing), "prices at checkout come from the database");
    let whole = TABLE.iter().flat_map(|row| row.forgets).filter(|(_, keys)| *keys == Keys::All);
    let whole: HashSet<Namespace> = whole.map(|(namespace, _)| *namespace).collect();
    // What names somebody stands under orders and restaurants; people are seldom called otherwise.
    let expected = [Namespace::RestaurantAvailability, Namespace::Orders, Namespace::Reviews];
    assert_eq!(whole, HashSet::from(expected), "others name their keys");
}

fn moved(from: Option<Status>, to: Status) -> Event {
    Event::OrderMoved(OrderMoved {
        order_id: OrderId(ONE),
        number: "H01".to_owned(),
        version: 1,
        from,
        to,
        mover: Mover::System,
        reason: None,
        restaurant_id: RestaurantId(ONE),
        customer_id: CustomerId(ONE),
        courier_id: None,
        method: PaymentMethod::Cod,
        total: Paise::ZERO,
    })
}

fn changed() -> Event {
    Event::OrderChanged(OrderChanged {
        order_id: OrderId(ONE),
        number: "H01".to_owned(),
        status: Status::Accepted,
        version: 1,
        what: "delayed".to_owned(),
        reason: None,
        restaurant_id: RestaurantId(ONE),
        customer_id: CustomerId(ONE),
        courier_id: None,
    })
}

/// One of every kind, and of every kind of move.
fn events() -> Vec<Event> {
    let cleared = CacheCleared { clear_id: ONE, node: ONE, namespaces: Vec::new(), thing: None };
    let offer = OfferMoved {
        offer_id: OfferId(ONE),
        order_id: OrderId(ONE),
        order_ids: vec![OrderId(ONE)],
        courier_id: CourierId(ONE),
        state: OfferState::Made,
        expires_at: Timestamp::UNIX_EPOCH,
    };
    let restaurant_id = RestaurantId(ONE);
    vec![
        moved(None, Status::Placed),
        moved(Some(Status::Placed), Status::Accepted),
        moved(Some(Status::PickedUp), Status::Delivered),
        changed(),
        Event::OfferMoved(offer),
        Event::CourierChanged { courier_id: CourierId(ONE), on_shift: true, renamed: false },
        Event::CourierChanged { courier_id: CourierId(ONE), on_shift: true, renamed: true },
        Event::CourierDark { order_id: OrderId(ONE), number: "H01".to_owned(), courier_id: CourierId(ONE) },
        Event::ApplicationMoved { application_id: ApplicationId(ONE), from: None, to: ApplicationState::Applied },
        Event::DocumentDue { courier_id: CourierId(ONE), document: DocumentKind::Pan, expires_on: Date::MAX, days: 1 },
        Event::DocumentMoved { courier_id: CourierId(ONE), document: DocumentKind::Pan, state: "accepted".to_owned() },
        Event::ShiftChanged { shift_id: ShiftId(ONE), courier_id: None, former: None },
        Event::RestaurantChanged { restaurant_id },
        Event::MenuChanged { restaurant_id, items: Vec::new() },
        Event::MenuChanged { restaurant_id, items: vec![MenuItemId(ONE)] },
        Event::CustomerChanged { customer_id: CustomerId(ONE), renamed: false },
        Event::CustomerChanged { customer_id: CustomerId(ONE), renamed: true },
        Event::CartChanged { customer_id: CustomerId(ONE) },
        Event::ReviewChanged { restaurant_id, customer_id: Some(CustomerId(ONE)) },
        Event::CodeRequested { phone: String::new(), text: String::new() },
        Event::UserChanged { user_id: UserId(ONE) },
        Event::CacheCleared(cleared),
        Event::CachePolicyChanged { namespace: String::new() },
    ]
}

/// Whether the subjects say what a row needs to name its keys.
fn says(subjects: &Subjects, keys: Keys) -> bool {
    match keys {
        Keys::Restaurant | Keys::OfRestaurant | Keys::Dishes => subjects.restaurant.is_some(),
        Keys::Order | Keys::OrderSides => subjects.order.is_some(),
        Keys::City => subjects.city.is_some(),
        Keys::Customer(_) => subjects.customer.is_some(),
        Keys::User(_) => subjects.user.is_some(),
        Keys::All => true,
    }
}

#[test]
fn every_event_names_what_its_row_forgets() {
    let mut met = HashSet::from([Cause::OrderDoubted]);
    for event in events() {
        let (cause, subjects) = Cause::of(&event, CityId(ONE));
        met.insert(cause);
        for (namespace, keys) in cause.row().forgets {
            assert!(says(&subjects, *keys), "{} cannot name {keys:?} of {namespace}", event.kind());
        }
    }
    assert_eq!(met, CAUSES.into_iter().collect(), "every cause is what some event comes to");
}
