//! Who follows what: customers with open orders, and the couriers who carry them and report.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use app::{
    App,
    orders::{ByHand, MoveOrder},
    users::NewUser,
};
use bytes::Bytes;
use domain::{
    id::{CustomerId, OrderId},
    order::Status,
    permission::{Actor, Role, User},
};
use hyper::header::HeaderValue;
use serde_json::json;
use uuid::Uuid;

use crate::commands::{
    bench::{
        accounts::{self, Trouble},
        guests::{Guests, cash},
        ingest::riders::{Rider, enlist},
    },
    loadtest::client::{Call, Client},
    measure::place::Place,
};

/// Customers who order.
const GUESTS: u32 = 16;
/// Couriers who carry the orders, several each.
const RIDERS: u16 = 64;

/// An order and the token of the customer who may follow it.
pub(super) struct Followed {
    pub(super) order: OrderId,
    pub(super) token: String,
}

/// Orders that may be followed, and who carries them.
pub(super) struct Audience {
    pub(super) orders: Vec<Followed>,
    riders: Vec<Rider>,
}

impl Audience {
    /// Fills a database with a small city and orders that couriers have in hand.
    pub(super) async fn gather(place: &Place, seed: u64, orders: u16) -> Result<Self, String> {
        let app = accounts::open(place).await?;
        let audience = gather(&app, seed, orders).await;
        app.close().await;
        audience.map_err(|error| error.to_string())
    }

    /// Reports a position of one courier after the other, so many a second.
    pub(super) async fn ping(&self, address: SocketAddr, per_second: u16, lasts: Duration) -> Result<(), String> {
        let mut client = Client::new(address);
        let mut beat = tokio::time::interval(Duration::from_secs(1) / u32::from(per_second));
        let end = std::time::Instant::now() + lasts;
        for (turn, rider) in self.riders.iter().cycle().enumerate() {
            beat.tick().await;
            if std::time::Instant::now() >= end {
                break;
            }
            let lat = f64::from(u32::try_from(turn / self.riders.len()).unwrap_or_default()).mul_add(0.000_05, 12.9);
            let at = app::Clock::now(&app::SystemClock);
            let body = json!({ "fixes": [{ "lat": lat, "lng": 77.5, "accuracy_m": 8.0, "at": at }] });
            let path = format!("/couriers/{}/locations", rider.id);
            let token = HeaderValue::try_from(format!("Bearer {}", rider.token)).map_err(|error| error.to_string())?;
            let call = Call { path: &path, body: Some(Bytes::from(body.to_string())), token: Some(token), key: None };
            let reply = client.send(call).await?;
            if reply.status != 202 || !reply.body.starts_with(b"{\"accepted\":1") {
                let said = String::from_utf8_lossy(&reply.body);
                return Err(format!("a report was answered {}: {said}", reply.status));
            }
        }
        Ok(())
    }
}

async fn gather(app: &App, seed: u64, orders: u16) -> Result<Audience, Trouble> {
    let guests = Guests::invite(app, seed, GUESTS, 1).await?;
    let tokens = customers(app, &guests).await?;
    let city = app.places().cities.first().ok_or("there is no city")?.id;
    let riders = enlist(app, city, RIDERS).await?;
    let staff = app.ctx(Actor::User(User {
        id: Uuid::nil().into(),
        role: Role::Dispatcher,
        customer_id: None,
        courier_id: None,
        restaurant_ids: Vec::new(),
    }));
    let by_hand = ByHand { note: "measured", beyond_room: true };
    let mut followed = Vec::with_capacity(orders.into());
    for number in 0..usize::from(orders) {
        let (ctx, wanted) = guests.guest(app, number);
        let quote = app.quote(&ctx, wanted).await?.id;
        let order = app.place_order(&ctx, &quote.to_string(), &cash(quote)).await?.order_id;
        let accepted = MoveOrder { to: Some(Status::Accepted), prep_minutes: Some(60), ..MoveOrder::default() };
        app.move_order(&staff, order, &accepted).await?;
        app.assign_order(&staff, order, riders[number % riders.len()].id, by_hand).await?;
        let customer = ctx.actor.user().and_then(|user| user.customer_id).ok_or("a guest is no customer")?;
        followed.push(Followed { order, token: tokens[&customer].clone() });
    }
    Ok(Audience { orders: followed, riders })
}

/// An account for each customer, logged in.
async fn customers(app: &App, guests: &Guests) -> Result<BTreeMap<CustomerId, String>, Trouble> {
    let ids = (0..GUESTS as usize).filter_map(|number| guests.guest(app, number).0.actor.user()?.customer_id);
    let ids: Vec<CustomerId> = ids.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let user = |(number, id): (usize, &CustomerId)| NewUser {
        role: Role::Customer,
        name: format!("Guest {number}"),
        login: None,
        phone: Some(accounts::phone(usize::from(RIDERS) + number)),
        password: None,
        customer_id: Some(*id),
        courier_id: None,
        restaurant_ids: Vec::new(),
    };
    let tokens = accounts::log_in(app, ids.iter().enumerate().map(user).collect()).await?;
    Ok(ids.into_iter().zip(tokens).collect())
}
