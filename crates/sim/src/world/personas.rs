//! Who acts: each persona's context, with what is theirs and nothing else.

use app::Ctx;
use domain::{
    id::{CourierId, CustomerId, RestaurantId, UserId},
    permission::{Actor, Role, User},
};
use uuid::Uuid;

use super::World;

impl World {
    pub(super) fn as_customer(&self, id: CustomerId) -> Ctx {
        self.app.ctx(Actor::User(User { customer_id: Some(id), ..user(id.into(), Role::Customer) }))
    }

    pub(super) fn as_kitchen(&self, id: RestaurantId) -> Ctx {
        self.app.ctx(Actor::User(User { restaurant_ids: vec![id], ..user(id.into(), Role::Restaurant) }))
    }

    pub(super) fn as_courier(&self, id: CourierId) -> Ctx {
        self.app.ctx(Actor::User(User { courier_id: Some(id), ..user(id.into(), Role::Courier) }))
    }

    /// Somebody who may look at everything.
    pub(super) fn as_watcher(&self) -> Ctx {
        self.app.ctx(Actor::User(user(self.city.id.into(), Role::Admin)))
    }
}

/// An account without possessions. Figures have no stored account; their thing's id stands for it in the history.
const fn user(id: Uuid, role: Role) -> User {
    User { id: UserId(id), role, customer_id: None, courier_id: None, restaurant_ids: Vec::new() }
}
