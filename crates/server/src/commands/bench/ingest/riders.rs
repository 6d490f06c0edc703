//! Couriers with accounts, on shift in a small city, logged in before the server starts.

use std::{collections::HashMap, sync::Arc};

use app::{App, Entropy, Settings, SystemClock, couriers::CourierProfile, users::{NewUser, VerifyCode}};
use domain::{
    courier::Vehicle,
    event::Event,
    id::CourierId,
    permission::{Actor, Role},
};
use sim::CitySpec;
use store::{Options, outbox::Position};

use crate::commands::measure::place::Place;

/// Access tokens outlive any measurement.
const TOKENS_FOR: std::time::Duration = std::time::Duration::from_secs(86_400);
/// Events that are read at once.
const PAGE: i64 = 10_000;

/// Somebody with a phone.
pub(super) struct Rider {
    pub(super) id: CourierId,
    pub(super) token: String,
}

/// Fills a database with a small city and couriers who are logged in.
pub(super) async fn hire(place: &Place, seed: u64, count: u16) -> Result<Vec<Rider>, String> {
    let db = place.open(Options::default()).await?;
    let settings = Settings { access_token_for: TOKENS_FOR, ..Settings::default() };
    let app = App::open(db, settings, Arc::new(SystemClock), Arc::new(Entropy::from_system())).await;
    let app = app.map_err(|error| error.to_string())?;
    let riders = enlist(&app, seed, count).await;
    app.close().await;
    riders.map_err(|error| error.to_string())
}

async fn enlist(app: &App, seed: u64, count: u16) -> Result<Vec<Rider>, Box<dyn std::error::Error + Send + Sync>> {
    let ctx = app.ctx(Actor::System);
    let spec = CitySpec { seed, restaurants: 2, couriers: 1, customers: 1, demo: true, ..CitySpec::default() };
    let city = sim::seed_city(app, &ctx, &spec).await?.id;
    let mut hired = Vec::with_capacity(count.into());
    for number in 0..count {
        let (name, phone) = (format!("Rider {number}"), format!("+9170000{number:05}"));
        let profile = CourierProfile { name: name.clone(), phone: Some(phone.clone()), vehicle: Vehicle::Scooter };
        let id = app.add_courier(&ctx, city, &profile).await?;
        app.set_shift(&ctx, id, true).await?;
        let new = NewUser {
            role: Role::Courier,
            name,
            login: None,
            phone: Some(phone.clone()),
            password: None,
            customer_id: None,
            courier_id: Some(id),
            restaurant_ids: Vec::new(),
        };
        app.add_user(&ctx, new).await?;
        app.request_code(&app.ctx(Actor::Anonymous), &phone).await?;
        hired.push((id, phone));
    }
    let codes = codes(app).await?;
    let mut riders = Vec::with_capacity(hired.len());
    for (id, phone) in hired {
        let code = codes.get(&phone).cloned().ok_or("a code was not told")?;
        let session = app.verify_code(&app.ctx(Actor::Anonymous), &VerifyCode { phone, code, name: None }).await?;
        riders.push(Rider { id, token: session.access_token });
    }
    Ok(riders)
}

/// The codes that were told to phones.
async fn codes(app: &App) -> Result<HashMap<String, String>, app::Error> {
    let (mut codes, mut position) = (HashMap::new(), Position::default());
    loop {
        let page = app.events_after(position, PAGE).await?;
        let Some(last) = page.last() else { return Ok(codes) };
        position = app::events::position(last);
        for recorded in page {
            if let Event::CodeRequested { phone, text } = recorded.event {
                codes.insert(phone, text.chars().take(6).collect());
            }
        }
    }
}
