//! The table: each cause with the namespaces and keys that follow from it.

use cache::Namespace;

/// Why something is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// An order was placed.
    OrderPlaced,
    /// An order moved along.
    StatusChanged,
    /// An order was delivered, refused, cancelled, or failed.
    OrderEnded,
    /// A promise moved, or a courier was given, took or reached an order.
    OrderChanged,
    /// An offer was made, lost an order or ended.
    OfferMoved,
    /// A courier began or ended a shift, or changed.
    CourierChanged,
    /// An application, a document or a planned shift of a courier changed.
    PapersChanged,
    /// A restaurant's profile, hours or pause changed.
    RestaurantChanged,
    /// A menu changed: a dish, a price, what is on sale.
    MenuChanged,
    /// An order took or returned counted pieces.
    StockMoved,
    /// A customer, their addresses or their preferences changed.
    CustomerChanged,
    /// The name or the phone of a customer changed, or was forgotten.
    CustomerRenamed,
    /// The name or the phone of a courier changed, or was forgotten.
    CourierRenamed,
    /// A cart was written, emptied or ordered.
    CartChanged,
    /// A review was written or removed.
    ReviewChanged,
    /// A one-time code was asked for.
    CodeRequested,
    /// An account changed.
    UserChanged,
    /// Somebody asked for what is kept of an order to be forgotten: no event does, because a delivered one stays as it is.
    OrderDoubted,
    /// Answers were forgotten by hand on another node, which says itself what to forget.
    Cleared,
    /// The rules of a namespace changed.
    PolicyChanged,
}

/// Which keys of a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// The restaurant's id.
    Restaurant,
    /// Every key that begins with the restaurant's id.
    OfRestaurant,
    /// The dishes of the restaurant, or only those whose stock moved.
    Dishes,
    /// The order's id, unless the answer is of the new version already (write-through).
    Order,
    /// The order's id with each part that may read it.
    OrderSides,
    /// The city's id.
    City,
    /// The customer's own key of this name.
    Customer(&'static str),
    /// The account's own key of this name.
    User(&'static str),
    /// The whole namespace.
    All,
}

/// What follows from a cause.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The cause.
    pub cause: Cause,
    /// In words, for the audit.
    pub why: &'static str,
    /// What is forgotten; empty where nothing cached depends on it.
    pub forgets: &'static [(Namespace, Keys)],
}

const fn row(cause: Cause, why: &'static str, forgets: &'static [(Namespace, Keys)]) -> Row {
    Row { cause, why, forgets }
}

/// The table.
pub static TABLE: &[Row] = &[
    row(
        Cause::OrderPlaced,
        "an order was placed",
        &[
            (Namespace::LiveOrders, Keys::City),
            (Namespace::RestaurantCapacity, Keys::Restaurant),
            (Namespace::CustomerProfiles, Keys::Customer("profile")),
            (Namespace::CustomerInsights, Keys::Customer("insights")),
        ],
    ),
    row(
        Cause::StatusChanged,
        "an order moved along",
        &[
            (Namespace::OrderStatus, Keys::Order),
            (Namespace::LiveOrders, Keys::City),
            (Namespace::RestaurantCapacity, Keys::Restaurant),
        ],
    ),
    row(
        Cause::OrderEnded,
        "an order ended",
        &[
            (Namespace::OrderStatus, Keys::Order),
            (Namespace::LiveOrders, Keys::City),
            (Namespace::RestaurantCapacity, Keys::Restaurant),
            (Namespace::CustomerInsights, Keys::Customer("insights")),
        ],
    ),
    row(
        Cause::OrderChanged,
        "a promise or the courier of an order changed",
        &[(Namespace::OrderStatus, Keys::Order), (Namespace::LiveOrders, Keys::City)],
    ),
    row(Cause::OfferMoved, "an offer was made, lost an order or ended", &[(Namespace::LiveOrders, Keys::City)]),
    row(Cause::CourierChanged, "a courier came, went or changed", &[(Namespace::LiveOrders, Keys::City)]),
    row(Cause::PapersChanged, "applications, documents and planned shifts are never cached", &[]),
    row(
        Cause::RestaurantChanged,
        "a restaurant changed",
        &[
            (Namespace::Restaurants, Keys::Restaurant),
            (Namespace::RestaurantAvailability, Keys::All),
            (Namespace::RestaurantCapacity, Keys::Restaurant),
            (Namespace::RestaurantPerformance, Keys::Restaurant),
            (Namespace::MenuItems, Keys::Restaurant),
            (Namespace::DeliverySlots, Keys::OfRestaurant),
            (Namespace::LiveOrders, Keys::City),
        ],
    ),
    row(
        Cause::MenuChanged,
        "a menu or its prices changed",
        &[
            (Namespace::MenuItems, Keys::Restaurant),
            (Namespace::MenuItems, Keys::Dishes),
            (Namespace::Restaurants, Keys::Restaurant),
        ],
    ),
    row(
        Cause::StockMoved,
        "an order took or returned counted pieces",
        &[(Namespace::MenuItems, Keys::Restaurant), (Namespace::MenuItems, Keys::Dishes)],
    ),
    row(
        Cause::CustomerChanged,
        "a customer, their addresses or their preferences changed",
        &[
            (Namespace::CustomerProfiles, Keys::Customer("profile")),
            (Namespace::CustomerPreferences, Keys::Customer("preferences")),
            (Namespace::Customers, Keys::Customer("addresses")),
            (Namespace::CustomerInsights, Keys::Customer("insights")),
        ],
    ),
    row(
        Cause::CustomerRenamed,
        "the name or phone of a customer changed, or was forgotten",
        &[
            (Namespace::CustomerProfiles, Keys::Customer("profile")),
            (Namespace::CustomerPreferences, Keys::Customer("preferences")),
            (Namespace::Customers, Keys::Customer("addresses")),
            (Namespace::CustomerInsights, Keys::Customer("insights")),
            (Namespace::Orders, Keys::All),
            (Namespace::Reviews, Keys::All),
        ],
    ),
    row(
        Cause::CourierRenamed,
        "the name or phone of a courier changed, or was forgotten",
        &[(Namespace::LiveOrders, Keys::City), (Namespace::Orders, Keys::All)],
    ),
    row(Cause::CartChanged, "a cart was written, emptied or ordered", &[(Namespace::Sessions, Keys::Customer("cart"))]),
    row(
        Cause::ReviewChanged,
        "a review was written or removed",
        &[
            (Namespace::Reviews, Keys::OfRestaurant),
            (Namespace::Restaurants, Keys::Restaurant),
            (Namespace::RestaurantAvailability, Keys::All),
            (Namespace::RestaurantPerformance, Keys::Restaurant),
            (Namespace::CustomerInsights, Keys::Customer("insights")),
        ],
    ),
    row(Cause::CodeRequested, "codes are never cached", &[]),
    row(Cause::UserChanged, "an account changed", &[(Namespace::Sessions, Keys::User("me"))]),
    row(
        Cause::OrderDoubted,
        "an order was doubted",
        &[(Namespace::OrderStatus, Keys::Order), (Namespace::Orders, Keys::OrderSides)],
    ),
    row(Cause::Cleared, "the clear itself says what", &[]),
    row(Cause::PolicyChanged, "a switched-off namespace is emptied by its switch", &[]),
];
