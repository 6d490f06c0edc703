//! Couriers with accounts, on shift in a small city.

use app::{App, couriers::CourierProfile, users::NewUser};
use domain::{
    courier::Vehicle,
    id::{CityId, CourierId},
    permission::{Actor, Role},
};
use sim::CitySpec;

use crate::commands::{
    bench::accounts::{self, Trouble},
    measure::place::Place,
};

/// Somebody with a phone.
pub(in crate::commands::bench) struct Rider {
    pub(in crate::commands::bench) id: CourierId,
    pub(in crate::commands::bench) token: String,
}

/// Fills a database with a small city and couriers who are logged in.
pub(super) async fn hire(place: &Place, seed: u64, count: u16) -> Result<Vec<Rider>, String> {
    let app = accounts::open(place).await?;
    let spec = CitySpec { seed, restaurants: 2, couriers: 1, customers: 1, demo: true, ..CitySpec::default() };
    let riders = async {
        let city = sim::seed_city(&app, &app.ctx(Actor::System), &spec).await?.cast.id;
        enlist(&app, city, count).await
    };
    let riders = riders.await;
    app.close().await;
    riders.map_err(|error| error.to_string())
}

/// Makes couriers who are at work and logged in.
pub(in crate::commands::bench) async fn enlist(app: &App, city: CityId, count: u16) -> Result<Vec<Rider>, Trouble> {
    let ctx = app.ctx(Actor::System);
    let (mut ids, mut users) = (Vec::new(), Vec::new());
    for number in 0..count {
        let (name, phone) = (format!("Rider {number}"), accounts::phone(number.into()));
        let profile = CourierProfile { name: name.clone(), phone: Some(phone.clone()), vehicle: Vehicle::Scooter };
        let id = app.add_courier(&ctx, city, &profile).await?;
        app.set_shift(&ctx, id, true).await?;
        ids.push(id);
        users.push(NewUser {
            role: Role::Courier,
            name,
            login: None,
            phone: Some(phone),
            password: None,
            customer_id: None,
            courier_id: Some(id),
            restaurant_ids: Vec::new(),
        });
    }
    let tokens = accounts::log_in(app, users).await?;
    Ok(ids.into_iter().zip(tokens).map(|(id, token)| Rider { id, token }).collect())
}
