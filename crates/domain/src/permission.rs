//! Who may do what, and to whose things: one table.
//!
//! Every action lists the roles that may take it and how far they reach: their own things or anybody's. What the table
//! does not say is forbidden. A foreign thing answers exactly like an absent one, so nobody can probe for ids.

use serde::{Deserialize, Serialize};

use crate::id::{CourierId, CustomerId, RestaurantId, UserId};

/// What a user is to the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Orders food.
    Customer,
    /// Works in a kitchen.
    Restaurant,
    /// Carries orders.
    Courier,
    /// Watches a city.
    Dispatcher,
    /// Runs the platform.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [Self::Customer, Self::Restaurant, Self::Courier, Self::Dispatcher, Self::Admin];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Restaurant => "restaurant",
            Self::Courier => "courier",
            Self::Dispatcher => "dispatcher",
            Self::Admin => "admin",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody has logged in.
    Anonymous,
    /// A user with a session.
    User(User),
    /// A deadline, a reconciler, the simulator's set-up.
    System,
}

/// A logged-in user, and what is theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The account.
    pub id: UserId,
    /// Its role.
    pub role: Role,
    /// The customer it orders for.
    pub customer_id: Option<CustomerId>,
    /// The courier it is.
    pub courier_id: Option<CourierId>,
    /// The kitchens it works for.
    pub restaurant_ids: Vec<RestaurantId>,
}

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Only what belongs to the user.
    Own,
    /// Everybody's.
    Any,
}

/// To whom a thing belongs. A thing may belong to several: an order has a customer, a kitchen and a courier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// The customer it belongs to.
    pub customer: Option<CustomerId>,
    /// The restaurant it belongs to.
    pub restaurant: Option<RestaurantId>,
    /// The courier it belongs to.
    pub courier: Option<CourierId>,
}

impl Owners {
    /// Belongs to a customer.
    pub const fn customer(id: CustomerId) -> Self {
        Self { customer: Some(id), restaurant: None, courier: None }
    }

    /// Belongs to a restaurant.
    pub const fn restaurant(id: RestaurantId) -> Self {
        Self { customer: None, restaurant: Some(id), courier: None }
    }

    /// Belongs to a courier.
    pub const fn courier(id: CourierId) -> Self {
        Self { customer: None, restaurant: None, courier: Some(id) }
    }

    /// Whether `user` is one of them, in the part that its role plays.
    pub fn include(&self, user: &User) -> bool {
        match user.role {
            Role::Customer => self.customer.is_some() && self.customer == user.customer_id,
            Role::Restaurant => self.restaurant.is_some_and(|id| user.restaurant_ids.contains(&id)),
            Role::Courier => self.courier.is_some() && self.courier == user.courier_id,
            Role::Dispatcher | Role::Admin => false,
        }
    }
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is logged in.
    #[error("not logged in")]
    Unauthenticated,
    /// The role may never do this.
    #[error("the role may not do this")]
    Forbidden,
    /// The thing is somebody else's: to be answered like an absent one.
    #[error("somebody else's")]
    NotYours,
}

macro_rules! matrix {
    ($($action:ident $title:literal : $($role:ident $scope:ident),* ;)*) => {
        /// Everything that needs permission.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $(#[doc = $title] $action,)* }

        impl Action {
            /// All actions.
            pub const ALL: &'static [Self] = &[$(Self::$action,)*];

            /// In words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$action => $title,)* }
            }

            /// The roles that may, and how far they reach.
            pub const fn grants(self) -> &'static [(Role, Scope)] {
                match self { $(Self::$action => &[$((Role::$role, Scope::$scope)),*],)* }
            }
        }
    };
}

matrix! {
    AddressManage "Read and change a customer's addresses": Customer Own, Dispatcher Any, Admin Any;
    AnalyticsRead "Read the platform's figures": Dispatcher Any, Admin Any;
    ApplicationRead "Read applications of couriers": Dispatcher Any, Admin Any;
    ApplicationReview "Decide on applications and documents of couriers": Admin Any;
    CacheManage "Clear, warm and tune the cache": Admin Any;
    CacheRead "Read the cache's figures and keys": Admin Any;
    CartManage "Read and change a customer's cart": Customer Own;
    CourierCreate "Register a courier": Admin Any;
    CourierDelete "Remove a courier": Admin Any;
    CourierList "List couriers": Dispatcher Any, Admin Any;
    CourierRead "Read a courier": Courier Own, Dispatcher Any, Admin Any;
    CourierReport "Report a courier's position": Courier Own;
    CourierShift "Begin and end a shift": Courier Own, Dispatcher Any, Admin Any;
    CourierWrite "Change a courier": Admin Any;
    CustomerCreate "Create a customer": Dispatcher Any, Admin Any;
    CustomerDelete "Remove a customer": Customer Own, Admin Any;
    CustomerList "Search customers": Dispatcher Any, Admin Any;
    CustomerRead "Read a customer": Customer Own, Dispatcher Any, Admin Any;
    CustomerWrite "Change a customer": Customer Own, Dispatcher Any, Admin Any;
    DemandRead "Read where orders are expected": Courier Own, Dispatcher Any, Admin Any;
    DocumentRead "Read a courier's documents": Courier Own, Dispatcher Any, Admin Any;
    DocumentSee "See the pictures of a courier's documents": Courier Own, Admin Any;
    DocumentSubmit "Hand in a courier's document": Courier Own, Admin Any;
    EarningsRead "Read a courier's earnings": Courier Own, Admin Any;
    InventoryRead "Read what a customer holds": Customer Own, Dispatcher Any, Admin Any;
    InventoryWrite "Change what a customer holds": Dispatcher Any, Admin Any;
    LiveRead "Watch a city live": Dispatcher Any, Admin Any;
    MenuWrite "Change a menu": Restaurant Own, Admin Any;
    OfferAnswer "Accept or decline an offer": Courier Own;
    OfferRead "Read a courier's offers": Courier Own, Dispatcher Any, Admin Any;
    OrderArrive "Say that the courier is at the counter": Courier Own;
    OrderAssign "Give an order to a courier by hand": Dispatcher Any, Admin Any;
    OrderDelay "Promise a later time": Restaurant Own, Dispatcher Any, Admin Any;
    OrderMove "Change an order's status": Customer Own, Restaurant Own, Courier Own, Dispatcher Any, Admin Any;
    OrderPlace "Place an order": Customer Own;
    OrderRead "Read an order": Customer Own, Restaurant Own, Courier Own, Dispatcher Any, Admin Any;
    OrderShare "Share an order's way by a link": Customer Own, Dispatcher Any, Admin Any;
    PerformanceRead "Read how a restaurant does": Restaurant Own, Dispatcher Any, Admin Any;
    PreferencesWrite "Change a customer's preferences": Customer Own;
    ProductManage "Manage products": Dispatcher Any, Admin Any;
    QuoteMake "Ask for a price": Customer Own;
    RestaurantCreate "Add a restaurant": Admin Any;
    RestaurantDelete "Remove a restaurant": Admin Any;
    RestaurantPause "Pause, slow down or resume a restaurant": Restaurant Own, Dispatcher Any, Admin Any;
    RestaurantWrite "Change a restaurant": Restaurant Own, Admin Any;
    ReviewDelete "Remove a review": Admin Any;
    ReviewWrite "Review an order": Customer Own;
    RouteManage "Plan routes": Dispatcher Any, Admin Any;
    RouteRead "Read a route": Courier Own, Dispatcher Any, Admin Any;
    ShiftManage "Plan shifts and give them to couriers": Dispatcher Any, Admin Any;
    ShiftRead "Read a courier's planned shifts": Courier Own, Dispatcher Any, Admin Any;
    ShiftTake "Take and give back a planned shift": Courier Own;
    UserManage "Manage accounts": Admin Any;
    VendorManage "Manage vendors": Admin Any;
    WeatherSet "Say how the weather is in a city": Dispatcher Any, Admin Any;
}

impl Action {
    /// How far `role` reaches with this action; `None` where it may not at all.
    pub fn scope(self, role: Role) -> Option<Scope> {
        self.grants().iter().find(|grant| grant.0 == role).map(|grant| grant.1)
    }
}

impl Actor {
    /// The user, if one is logged in.
    pub const fn user(&self) -> Option<&User> {
        match self {
            Self::User(user) => Some(user),
            Self::Anonymous | Self::System => None,
        }
    }

    /// How far the actor reaches with `action`.
    pub fn reach(&self, action: Action) -> Result<Scope, Denied> {
        match self {
            Self::Anonymous => Err(Denied::Unauthenticated),
            Self::System => Ok(Scope::Any),
            Self::User(user) => action.scope(user.role).ok_or(Denied::Forbidden),
        }
    }

    /// Whether the actor may take `action` on a thing that belongs to `owners`.
    pub fn may(&self, action: Action, owners: &Owners) -> Result<(), Denied> {
        match self.reach(action)? {
            Scope::Any => Ok(()),
            Scope::Own if self.user().is_some_and(|user| owners.include(user)) => Ok(()),
            Scope::Own => Err(Denied::NotYours),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Actor, Denied, Owners, Role, User};
    use crate::id::{CustomerId, UserId};
    use uuid::Uuid;

    fn asha() -> User {
        User {
            id: UserId(Uuid::from_u128(1)),
            role: Role::Customer,
            customer_id: Some(CustomerId(Uuid::from_u128(2))),
            courier_id: None,
            restaurant_ids: Vec::new(),
        }
    }

    #[test]
    fn a_customer_reads_only_own_orders() {
        let actor = Actor::User(asha());
        let own = Owners::customer(CustomerId(Uuid::from_u128(2)));
        let foreign = Owners::customer(CustomerId(Uuid::from_u128(3)));
        assert_eq!(actor.may(Action::OrderRead, &own), Ok(()));
        assert_eq!(actor.may(Action::OrderRead, &foreign), Err(Denied::NotYours));
        assert_eq!(actor.may(Action::OrderRead, &Owners::default()), Err(Denied::NotYours));
        assert_eq!(actor.may(Action::UserManage, &own), Err(Denied::Forbidden));
        assert_eq!(Actor::Anonymous.may(Action::OrderRead, &own), Err(Denied::Unauthenticated));
    }

    #[test]
    fn a_user_without_a_customer_owns_nothing_that_has_none() {
        let stray = Actor::User(User { customer_id: None, ..asha() });
        assert_eq!(stray.may(Action::OrderRead, &Owners::default()), Err(Denied::NotYours));
    }

    #[test]
    fn no_role_is_granted_twice() {
        for action in Action::ALL {
            for role in Role::ALL {
                let grants = action.grants().iter().filter(|grant| grant.0 == role).count();
                assert!(grants <= 1, "{action:?} {role:?}");
            }
        }
    }
}
