//! Accounts for a measurement: made and logged in before the server starts. Their tokens outlive any measurement.

use std::{collections::HashMap, sync::Arc};

use app::{
    App, Entropy, Settings, SystemClock,
    users::{NewUser, VerifyCode},
};
use domain::{event::Event, permission::Actor};
use store::{Options, outbox::Position};

use crate::commands::measure::place::Place;

const TOKENS_FOR: std::time::Duration = std::time::Duration::from_secs(86_400);
/// Events that are read at once.
const PAGE: usize = 10_000;

/// What went wrong, whatever it was.
pub(super) type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// The application on a database to be filled.
pub(super) async fn open(place: &Place) -> Result<App, String> {
    let db = place.open(Options::default()).await?;
    let settings = Settings { access_token_for: TOKENS_FOR, ..Settings::default() };
    let app = App::open(db, settings, Arc::new(SystemClock), Arc::new(Entropy::from_system())).await;
    app.map_err(|error| error.to_string())
}

/// A phone number that nobody has, by its place.
pub(super) fn phone(number: usize) -> String {
    format!("+9170000{number:05}")
}

/// Makes an account for each of these, all with a phone; answers their access tokens in the same order.
pub(super) async fn log_in(app: &App, users: Vec<NewUser>) -> Result<Vec<String>, Trouble> {
    let mut phones = Vec::with_capacity(users.len());
    for user in users {
        let phone = user.phone.clone().ok_or("an account without a phone")?;
        app.add_user(&app.ctx(Actor::System), user).await?;
        app.request_code(&app.ctx(Actor::Anonymous), &phone).await?;
        phones.push(phone);
    }
    let codes = codes(app).await?;
    let mut tokens = Vec::with_capacity(phones.len());
    for phone in phones {
        let code = codes.get(&phone).cloned().ok_or("a code was not told")?;
        let session = app.verify_code(&app.ctx(Actor::Anonymous), &VerifyCode { phone, code, name: None }).await?;
        tokens.push(session.access_token);
    }
    Ok(tokens)
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
