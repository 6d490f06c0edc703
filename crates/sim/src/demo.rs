//! Logins for newcomers: one for each role, with a password that is shown to everybody, in demo mode only.
//!
//! The customer, the kitchen and the courier that they play were seeded like all others, so that each of them has a
//! past, a menu and a place in the town.

use app::{App, Ctx, users::NewUser};
use domain::{permission::Role, rule::Rule};
use serde::Serialize;

use crate::{error::Error, seed::SeededCity};

/// The password of all demo logins.
const PASSWORD: &str = "lunch at one";

/// A login to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoLogin {
    /// What it may do.
    pub role: &'static str,
    /// What to type.
    pub login: &'static str,
    /// The password.
    pub password: &'static str,
}

/// Makes an account for each role where it is missing, and answers how to log in. `ctx` must be allowed everything.
pub async fn demo_logins(app: &App, ctx: &Ctx, city: &SeededCity) -> Result<Vec<DemoLogin>, Error> {
    let figures = [
        (Role::Customer, "asha", "Asha Hegde"),
        (Role::Restaurant, "kitchen", "The kitchen"),
        (Role::Courier, "rider", "Ravi Naik"),
        (Role::Dispatcher, "dispatch", "The desk"),
        (Role::Admin, "admin", "The operator"),
    ];
    let mut logins = Vec::with_capacity(figures.len());
    for (role, login, name) in figures {
        let new = NewUser {
            role,
            name: name.to_owned(),
            login: Some(login.to_owned()),
            phone: None,
            password: Some(PASSWORD.to_owned()),
            customer_id: (role == Role::Customer).then_some(city.players.customer),
            courier_id: (role == Role::Courier).then_some(city.players.rider.id),
            restaurant_ids: if role == Role::Restaurant { vec![city.players.kitchen] } else { Vec::new() },
        };
        match app.add_user(ctx, new).await {
            // Made by an earlier start.
            Err(app::Error::Rule(broken)) if broken.rule == Rule::AlreadyExists => {}
            made => drop(made?),
        }
        logins.push(DemoLogin { role: role.as_str(), login, password: PASSWORD });
    }
    Ok(logins)
}
