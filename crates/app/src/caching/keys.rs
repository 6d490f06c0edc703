//! Whose an answer is, and keys that say so without naming anybody.
//!
//! The key of a personal answer begins with a keyed hash of namespace and owner (`cache::PrivateKeys`). Nobody without the
//! platform's secret can make one, it does not say who, the same owner has another in every namespace, and the platform
//! can tell from it whose it is. A key is no permission: who may read is decided before the cache is asked, every time.

use std::fmt;

use cache::Namespace;
use domain::{
    id::{CustomerId, UserId},
    permission::{Action, Role, Scope},
};
use store::{args, users};

use crate::{App, context::Ctx, error::Error, input};

/// To whom a personal answer belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A customer.
    Customer(CustomerId),
    /// An account.
    User(UserId),
}

/// Who may be given answers of a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Everybody: the answer is the same for all.
    Public,
    /// One person, under a key that nobody else has.
    Personal,
    /// Those whom the table of permissions lets take this action.
    Permitted(Action),
}

/// Who may be given answers of a namespace.
pub const fn sharing(namespace: Namespace) -> Sharing {
    use Namespace as N;
    match namespace {
        N::Static
        | N::Dynamic
        | N::Restaurants
        | N::MenuItems
        | N::Reviews
        | N::DeliverySlots
        | N::RestaurantCapacity
        | N::RestaurantAvailability
        | N::DynamicPricing
        | N::TrendingItems
        | N::PopularItems => Sharing::Public,
        N::Sessions
        | N::Customers
        | N::Notifications
        | N::CustomerProfiles
        | N::CustomerPreferences
        | N::CustomerInsights => Sharing::Personal,
        N::Orders | N::OrderStatus | N::Deliveries | N::DeliveryTracking | N::LiveTracking => {
            Sharing::Permitted(Action::OrderRead)
        }
        N::Realtime | N::LiveOrders => Sharing::Permitted(Action::LiveRead),
        N::RestaurantPerformance => Sharing::Permitted(Action::PerformanceRead),
        N::Analytics | N::RevenueMetrics | N::RevenueAnalytics | N::RevenueReports | N::DailyReports => {
            Sharing::Permitted(Action::AnalyticsRead)
        }
    }
}

/// Whether an account may be given an answer, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validation {
    /// It may.
    pub allowed: bool,
    /// How far: `any`, `own` or `none`.
    pub reach: &'static str,
    /// A stable word: `public`, `own-key`, `own-only`, `foreign-key`, `role`, `role-may-not`, `account-closed`.
    pub reason: &'static str,
}

/// A key made for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecureKey {
    /// The key within its namespace.
    pub key: String,
    /// Whether it belongs to one person.
    pub personal: bool,
}

impl App {
    /// The key of a personal answer.
    pub fn own_key(&self, namespace: Namespace, owner: Owner, name: &str) -> String {
        self.secrets.cache_keys.name(namespace, &owner.to_string(), name)
    }

    /// Whether an account may be given answers of a namespace; with a key, whether it may be given that one.
    pub async fn validate_cache_access(
        &self,
        ctx: &Ctx,
        namespace: Namespace,
        user: UserId,
        key: Option<&str>,
    ) -> Result<Validation, Error> {
        ctx.reach(Action::CacheRead)?;
        let row = self.cache_user(user).await?;
        if row.disabled {
            return Ok(Validation { allowed: false, reach: "none", reason: "account-closed" });
        }
        let role = Role::parse(&row.role).ok_or_else(|| Error::Internal(format!("user {user}: role {}", row.role)))?;
        Ok(match sharing(namespace) {
            Sharing::Public => Validation { allowed: true, reach: "any", reason: "public" },
            Sharing::Permitted(action) => permitted(action.scope(role)),
            Sharing::Personal => match key {
                None => Validation { allowed: true, reach: "own", reason: "own-only" },
                Some(key) if self.is_own(namespace, key, &row) => {
                    Validation { allowed: true, reach: "own", reason: "own-key" }
                }
                Some(_) => Validation { allowed: false, reach: "own", reason: "foreign-key" },
            },
        })
    }

    fn is_own(&self, namespace: Namespace, key: &str, user: &users::UserRow) -> bool {
        let owners = [Some(Owner::User(user.id)), user.customer_id.map(Owner::Customer)];
        let mut marks =
            owners.into_iter().flatten().map(|owner| self.secrets.cache_keys.owner(namespace, &owner.to_string()));
        marks.any(|mark| key.starts_with(&mark))
    }

    /// A key for an answer of a namespace: hashed, and bound to an account where the namespace is personal.
    pub async fn secure_cache_key(
        &self,
        ctx: &Ctx,
        namespace: Namespace,
        user: Option<UserId>,
        name: &str,
    ) -> Result<SecureKey, Error> {
        ctx.reach(Action::CacheManage)?;
        let name = input::required("/name", name, 200)?;
        let user = match user {
            Some(user) => Some(self.cache_user(user).await?.id),
            None => ctx.actor.user().map(|user| user.id),
        };
        let personal = sharing(namespace) == Sharing::Personal;
        let key = match user.filter(|_| personal) {
            Some(user) => self.own_key(namespace, Owner::User(user), &name),
            // What is nobody's has nobody's mark: the name alone is hashed, so that it shows nothing either.
            None => self.secrets.cache_keys.owner(namespace, &format!("nobody:{name}")),
        };
        Ok(SecureKey { key, personal })
    }

    async fn cache_user(&self, user: UserId) -> Result<users::UserRow, Error> {
        self.db.optional(&users::FIND, args![user]).await?.ok_or(Error::NotFound("user"))
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => write!(formatter, "customer:{id}"),
            Self::User(id) => write!(formatter, "user:{id}"),
        }
    }
}

const fn permitted(scope: Option<Scope>) -> Validation {
    match scope {
        Some(Scope::Any) => Validation { allowed: true, reach: "any", reason: "role" },
        Some(Scope::Own) => Validation { allowed: true, reach: "own", reason: "own-only" },
        None => Validation { allowed: false, reach: "none", reason: "role-may-not" },
    }
}
