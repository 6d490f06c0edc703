//! What the load is made of: the kitchens that are open, customers who register now, and baskets that were priced once.

use std::{
    net::SocketAddr,
    sync::{PoisonError, RwLock},
};

use app::Entropy;
use bytes::Bytes;
use data_encoding::HEXLOWER;
use hyper::header::HeaderValue;
use serde_json::{Value, json};

use super::{
    Scenario,
    client::{Call, Client, Reply},
};

/// Kitchens whose menus are read.
const KITCHENS: usize = 20;
/// Lines of a basket.
const LINES: usize = 3;
/// Any postal code of the right form.
const PIN: &str = "560001";

/// Everything that requests are made of.
pub(super) struct Town {
    /// Paths of lists, restaurants and menus.
    pub(super) lists: Vec<String>,
    pub(super) restaurants: Vec<String>,
    pub(super) menus: Vec<String>,
    /// Those who order.
    pub(super) guests: Vec<Guest>,
}

/// A customer.
pub(super) struct Guest {
    session: RwLock<Session>,
    /// Bodies of quotes that were priced once.
    pub(super) quotes: Vec<Bytes>,
    /// The path of an order of theirs.
    pub(super) order: Option<String>,
}

struct Session {
    token: HeaderValue,
    refresh: String,
    expires_in_s: u64,
}

struct Kitchen {
    id: String,
    lat: f64,
    lng: f64,
    lines: Value,
}

impl Town {
    /// Looks around, registers customers and prices baskets.
    pub(super) async fn explore(address: SocketAddr, customers: u8, scenario: Scenario) -> Result<Self, String> {
        let mut client = Client::new(address);
        let cities = get(&mut client, "/cities").await?;
        let city = text(&cities["items"][0], "slug").map_err(|_| "the server has no city".to_owned())?;
        let list = format!("/restaurants?city={city}&open_now=true&limit=50");
        let items = get(&mut client, &list).await?["items"].take();
        let mut kitchens = Vec::new();
        for item in items.as_array().into_iter().flatten().take(KITCHENS) {
            kitchens.extend(kitchen(&mut client, item).await?);
        }
        if kitchens.is_empty() {
            return Err("no kitchen is open".to_owned());
        }
        let sorts = ["rating", "price", "name"].map(|sort| format!("/restaurants?city={city}&sort={sort}&limit=20"));
        let mut town = Self {
            lists: [format!("/restaurants?city={city}&limit=20")].into_iter().chain(sorts).collect(),
            restaurants: kitchens.iter().map(|kitchen| format!("/restaurants/{}", kitchen.id)).collect(),
            menus: kitchens.iter().map(|kitchen| format!("/restaurants/{}/menu", kitchen.id)).collect(),
            guests: Vec::new(),
        };
        if scenario != Scenario::Browse {
            let dice = Entropy::from_system();
            for number in 0..usize::from(customers) {
                town.guests.push(Guest::register(&mut client, &kitchens, number, &dice).await?);
            }
        }
        Ok(town)
    }

    /// One that has a single page.
    pub(super) fn bare() -> Self {
        let page = || vec!["/".to_owned()];
        Self { lists: page(), restaurants: page(), menus: page(), guests: Vec::new() }
    }

    /// Seconds until the first session has to be renewed; `None` without sessions.
    pub(super) fn renew_after_s(&self) -> Option<u64> {
        let lasts = |guest: &Guest| guest.session.read().unwrap_or_else(PoisonError::into_inner).expires_in_s;
        self.guests.iter().map(|guest| lasts(guest) * 4 / 5).min()
    }

    /// Gets new tokens for everybody.
    pub(super) async fn renew(&self, address: SocketAddr) -> Result<(), String> {
        let mut client = Client::new(address);
        for guest in &self.guests {
            let refresh = guest.session.read().unwrap_or_else(PoisonError::into_inner).refresh.clone();
            let answer = post(&mut client, "/auth/refresh", None, &json!({ "refresh_token": refresh })).await?;
            *guest.session.write().unwrap_or_else(PoisonError::into_inner) = session(&answer)?;
        }
        Ok(())
    }
}

impl Guest {
    /// The header that says who asks.
    pub(super) fn token(&self) -> HeaderValue {
        self.session.read().unwrap_or_else(PoisonError::into_inner).token.clone()
    }

    async fn register(
        client: &mut Client,
        kitchens: &[Kitchen],
        number: usize,
        dice: &Entropy,
    ) -> Result<Self, String> {
        let name = HEXLOWER.encode(&dice.bytes::<8>());
        let request = json!({
            "name": format!("Load {number}"), "login": format!("load-{name}"), "password": format!("{name}-{name}"),
            "phone": format!("9{:09}", dice.below(1_000_000_000)),
        });
        let answer = post(client, "/auth/register", None, &request).await?;
        let session = session(&answer)?;
        let token = session.token.clone();
        let home = &kitchens[number % kitchens.len()];
        let customer = text(&answer["user"], "customer_id")?;
        let door = json!({ "label": "Home", "line1": "12, First Cross", "pin": PIN, "lat": home.lat, "lng": home.lng });
        let saved = post(client, &format!("/customers/{customer}/addresses"), Some(&token), &door).await?;
        let address = text(&saved, "id")?;
        let mut guest = Self { session: RwLock::new(session), quotes: Vec::new(), order: None };
        for kitchen in kitchens {
            let wanted = json!({ "restaurant_id": kitchen.id, "lines": kitchen.lines, "address_id": address });
            // Too far or below the minimum: another kitchen.
            if let Ok(quote) = post(client, "/quotes", Some(&token), &wanted).await {
                guest.quotes.push(Bytes::from(wanted.to_string()));
                if guest.order.is_none() {
                    guest.order = Some(place(client, &token, &quote, &name).await?);
                }
            }
        }
        if guest.quotes.is_empty() { Err("no kitchen takes an order".to_owned()) } else { Ok(guest) }
    }
}

/// The body of an order.
pub(super) fn order_of(quote_id: &str) -> String {
    format!(r#"{{"quote_id":"{quote_id}","payment":{{"method":"cod"}}}}"#)
}

async fn place(client: &mut Client, token: &HeaderValue, quote: &Value, key: &str) -> Result<String, String> {
    let body = Some(Bytes::from(order_of(&text(quote, "id")?)));
    let call = Call { path: "/orders", body, token: Some(token.clone()), key: Some(key) };
    let placed = accepted("/orders", &client.send(call).await?)?;
    Ok(format!("/real-time/order-tracking/{}", text(&placed, "id")?))
}

/// A kitchen with a basket from its menu; `None` if too little is on sale.
async fn kitchen(client: &mut Client, item: &Value) -> Result<Option<Kitchen>, String> {
    let id = text(item, "id")?;
    let menu = get(client, &format!("/restaurants/{id}/menu")).await?;
    let sections = menu["sections"].as_array().into_iter().flatten();
    let items = sections.flat_map(|section| section["items"].as_array().into_iter().flatten());
    // Counted dishes would sell out.
    let lasting = items.filter(|item| item["available"] == true && item["stock_left"].is_null());
    let lines: Vec<Value> = lasting.take(LINES).map(line).collect();
    let degrees = |name: &str| item[name].as_f64().ok_or_else(|| format!("a restaurant without {name}"));
    let (lat, lng) = (degrees("lat")?, degrees("lng")?);
    Ok((lines.len() == LINES).then(|| Kitchen { id, lat, lng, lines: Value::from(lines) }))
}

fn line(item: &Value) -> Value {
    let groups = item["option_groups"].as_array().into_iter().flatten();
    let fewest = |group: &Value| usize::try_from(group["min"].as_u64().unwrap_or_default()).unwrap_or_default();
    let options = groups.flat_map(|group| group["options"].as_array().into_iter().flatten().take(fewest(group)));
    let ids: Vec<&Value> = options.map(|option| &option["id"]).collect();
    json!({ "item_id": item["id"], "quantity": 1, "option_ids": ids })
}

fn session(answer: &Value) -> Result<Session, String> {
    let token = HeaderValue::try_from(format!("Bearer {}", text(answer, "access_token")?));
    Ok(Session {
        token: token.map_err(|error| error.to_string())?,
        refresh: text(answer, "refresh_token")?,
        expires_in_s: answer["expires_in"].as_u64().unwrap_or(60),
    })
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    value[name].as_str().map(str::to_owned).ok_or_else(|| format!("the answer has no {name}"))
}

async fn get(client: &mut Client, path: &str) -> Result<Value, String> {
    accepted(path, &client.send(Call { path, ..Call::default() }).await?)
}

async fn post(client: &mut Client, path: &str, token: Option<&HeaderValue>, body: &Value) -> Result<Value, String> {
    let call = Call { path, body: Some(Bytes::from(body.to_string())), token: token.cloned(), key: None };
    accepted(path, &client.send(call).await?)
}

fn accepted(path: &str, reply: &Reply) -> Result<Value, String> {
    if (200..300).contains(&reply.status) {
        return serde_json::from_slice(&reply.body).map_err(|error| format!("{path}: {error}"));
    }
    let status = reply.status;
    Err(format!("{path} answered {status}: {}", String::from_utf8_lossy(&reply.body)))
}
