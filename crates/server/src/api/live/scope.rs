//! What a user hears of: the topics of a role.

use app::{App, events::hub::Topic};
use domain::permission::{Role, User};

/// The topics that a user may listen to.
pub fn topics(app: &App, user: &User) -> Vec<Topic> {
    match user.role {
        Role::Customer => user.customer_id.map(Topic::Customer).into_iter().collect(),
        Role::Restaurant => user.restaurant_ids.iter().copied().map(Topic::Restaurant).collect(),
        Role::Courier => user.courier_id.map(Topic::Courier).into_iter().collect(),
        Role::Dispatcher | Role::Admin => app.places().cities.iter().map(|city| Topic::City(city.id)).collect(),
    }
}
