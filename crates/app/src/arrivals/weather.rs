//! The weather of a city: set by its operators, because there is no weather service, and over by itself.
//!
//! Rain that nobody remembers to end would slow a city for ever, so it ends after a while unless it is set again.

use domain::{arrival::Weather, id::CityId, permission::Action, rule::Rule};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, args, arrivals};

use crate::{App, context::Ctx, error::Error};

/// How long weather holds unless said otherwise.
const USUAL_MINUTES: i64 = 180;
/// The longest that it may be set for.
const MOST_MINUTES: i64 = 24 * 60;

/// The weather of a city and until when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CityWeather {
    /// What.
    pub weather: Weather,
    /// Until when; clear weather has no end.
    pub until: Option<Timestamp>,
}

impl App {
    /// The weather of a city now.
    pub async fn city_weather(&self, ctx: &Ctx, city: CityId) -> Result<CityWeather, Error> {
        ctx.reach(Action::LiveRead)?;
        self.places().known_city(city)?;
        let learned = self.learned(ctx.now, city).await?;
        let weather = learned.weather(ctx.now_us());
        let until = learned.weather_until().filter(|_| weather != Weather::Clear);
        Ok(CityWeather { weather, until })
    }

    /// Sets the weather of a city for some minutes. Other nodes hear of it within a minute.
    pub async fn set_weather(
        &self,
        ctx: &Ctx,
        city: CityId,
        weather: Weather,
        minutes: Option<i64>,
    ) -> Result<CityWeather, Error> {
        ctx.reach(Action::WeatherSet)?;
        self.places().known_city(city)?;
        let minutes = minutes.unwrap_or(USUAL_MINUTES);
        if !(1..=MOST_MINUTES).contains(&minutes) {
            return Err(Rule::OutOfRange.at("/minutes").with("min", 1).with("max", MOST_MINUTES).into());
        }
        let until = (weather != Weather::Clear).then(|| ctx.now + SignedDuration::from_mins(minutes));
        let user = ctx.actor.user().map(|user| user.id);
        let until_us = until.map(Timestamp::as_microsecond);
        let args = args![city, weather.as_str(), until_us, user, ctx.now_us()];
        self.db.commit(Tx::new("set weather").run(&arrivals::SET_WEATHER, args)).await?;
        self.arrivals.learned.forget(city).await;
        Ok(CityWeather { weather, until })
    }
}
