//! Whose an answer is, and keys that say so without naming anybody.
//!
//! The key of a personal answer begins with a keyed hash of namespace and owner (`cache::PrivateKeys`). Nobody without the
//! platform's secret can make one, it does not say who, the same owner has another in every namespace, and the platform
//! can tell from it whose it is. A key is no permission: who may read is decided before the cache is asked, every time.

use std::fmt;

use cache::Namespace;
use domain::{
    id::{CustomerId, OrderId, RestaurantId, UserId},
    permission::{Action, Actor, Role, Scope, User},
};

use crate::{App, context::Ctx, error::Error, input, users::Account};

/// What the key of an answer with the platform's figures ends with, where others get one without. No query that is sent
/// can contain it.
pub const FIGURES: &str = "#figures";

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
    /// The same, and those whom the table of permissions lets take this action on everybody.
    PersonalOr(Action),
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
        N::Sessions | N::Customers | N::Notifications | N::CustomerProfiles | N::CustomerPreferences => {
            Sharing::Personal
        }
        N::CustomerInsights => Sharing::PersonalOr(Action::CustomerRead),
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

    /// Whether an account may be given answers of a namespace; with a key, whether it may be given that one. Decided as
    /// the endpoints decide it, whose the thing behind the key is included.
    pub async fn validate_cache_access(
        &self,
        ctx: &Ctx,
        namespace: Namespace,
        user: UserId,
        key: Option<&str>,
    ) -> Result<Validation, Error> {
        ctx.reach(Action::CacheRead)?;
        let account = self.cache_account(user).await?;
        if account.disabled {
            return Ok(Validation { allowed: false, reach: "none", reason: "account-closed" });
        }
        let user = account.user;
        let key = key.filter(|key| !key.is_empty());
        let foreign = |reach| Validation { allowed: false, reach, reason: "foreign-key" };
        Ok(match (sharing(namespace), key) {
            (Sharing::Public, Some(key)) if is_of_staff(namespace, key) => match Action::AnalyticsRead.scope(user.role)
            {
                None => foreign("none"),
                scope => permitted(scope),
            },
            (Sharing::Public, _) => Validation { allowed: true, reach: "any", reason: "public" },
            (Sharing::Permitted(action), key) => {
                let role = permitted(action.scope(user.role));
                let Some(key) = key.filter(|_| role.allowed) else { return Ok(role) };
                let own = role.reach == "own";
                if !self.may_read_key(ctx, namespace, action, key, user).await? {
                    return Ok(foreign(role.reach));
                }
                if own { Validation { reason: "own-key", ..role } } else { role }
            }
            (Sharing::PersonalOr(action), _) if action.scope(user.role) == Some(Scope::Any) => {
                permitted(Some(Scope::Any))
            }
            (Sharing::Personal | Sharing::PersonalOr(_), None) => {
                Validation { allowed: true, reach: "own", reason: "own-only" }
            }
            (Sharing::Personal | Sharing::PersonalOr(_), Some(key)) if self.is_own(namespace, key, &user) => {
                Validation { allowed: true, reach: "own", reason: "own-key" }
            }
            (Sharing::Personal | Sharing::PersonalOr(_), Some(_)) => foreign("own"),
        })
    }

    /// Whether a user whose role may take the action may also read what this key names.
    async fn may_read_key(
        &self,
        ctx: &Ctx,
        namespace: Namespace,
        action: Action,
        key: &str,
        user: User,
    ) -> Result<bool, Error> {
        let role = user.role;
        let ctx = ctx.acting_as(Actor::User(user));
        let decided = match action {
            Action::OrderRead => match order_named(namespace, key, role) {
                Some(order) => self.order_gist(&ctx, order).await.map(drop),
                None => return Ok(false),
            },
            Action::PerformanceRead => match key.parse() {
                Ok(id) => self.may_read_performance(&ctx, RestaurantId(id)),
                Err(_) => return Ok(false),
            },
            // Whoever may take the others may take them on everything.
            _ => Ok(()),
        };
        match decided {
            Ok(()) => Ok(true),
            Err(Error::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn is_own(&self, namespace: Namespace, key: &str, user: &User) -> bool {
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
            Some(user) => Some(self.cache_account(user).await?.user.id),
            None => ctx.actor.user().map(|user| user.id),
        };
        let personal = matches!(sharing(namespace), Sharing::Personal | Sharing::PersonalOr(_));
        let key = match user.filter(|_| personal) {
            Some(user) => self.own_key(namespace, Owner::User(user), &name),
            // What is nobody's has nobody's mark: the name alone is hashed, so that it shows nothing either.
            None => self.secrets.cache_keys.owner(namespace, &format!("nobody:{name}")),
        };
        Ok(SecureKey { key, personal })
    }

    async fn cache_account(&self, user: UserId) -> Result<Account, Error> {
        self.find_account(user).await?.ok_or(Error::NotFound("user"))
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

/// Whether a key of a public namespace is that of an answer with the platform's figures.
fn is_of_staff(namespace: Namespace, key: &str) -> bool {
    namespace == Namespace::PopularItems && key.ends_with(FIGURES)
}

/// The order that a key names. What is kept once for each part is for that part alone: another sees another side.
fn order_named(namespace: Namespace, key: &str, role: Role) -> Option<OrderId> {
    let id = match namespace {
        Namespace::Orders => key.strip_suffix(role.as_str())?.strip_suffix(':')?,
        _ => key,
    };
    id.parse().ok().map(OrderId)
}

const fn permitted(scope: Option<Scope>) -> Validation {
    match scope {
        Some(Scope::Any) => Validation { allowed: true, reach: "any", reason: "role" },
        Some(Scope::Own) => Validation { allowed: true, reach: "own", reason: "own-only" },
        None => Validation { allowed: false, reach: "none", reason: "role-may-not" },
    }
}
