//! Which restaurants: the search that parameters say, and the key of its answer.
//!
//! Everybody who asks the same has the same key, in whatever order and spelling they ask, and no key says who lives where.

use std::fmt::Write as _;

use app::{
    App,
    restaurants::{Search, Sort},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    api::{default_limit, places::Door, within_page, words},
    http::problem::{Answer, INVALID_PARAMETER, Problem},
};

/// Room for a key without a position.
const ROOM: usize = 64;

/// The orders of a list; without a word it is the first.
const SORTS: [(&str, Sort); 4] =
    [("rating", Sort::Rating), ("soonest", Sort::Soonest), ("price", Sort::Price), ("name", Sort::Name)];

/// Which restaurants.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RestaurantListParams {
    /// Short name or id of a city.
    city: Option<String>,
    /// Words in name, neighbourhood or cuisine.
    q: Option<String>,
    /// Only pure vegetarian kitchens.
    #[serde(default)]
    veg: bool,
    /// Only those that take orders now.
    #[serde(default)]
    open_now: bool,
    /// `rating` (default), `soonest` (with lat and lng), `price` or `name`.
    #[param(inline, value_type = Option<words::RestaurantSort>)]
    sort: Option<String>,
    /// Seen from this latitude, taken to about a hundred metres: adds distance, fee and time to the door.
    lat: Option<f64>,
    /// And this longitude.
    lng: Option<f64>,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl RestaurantListParams {
    /// The search that the parameters say, or which of them makes no sense.
    pub fn into_search(self, app: &App) -> Answer<Search> {
        let wrong = |field: &str, code| Problem::of(INVALID_PARAMETER).field(format!("/{field}"), code);
        within_page(self.limit)?;
        let (_, sort) = match self.sort.as_deref() {
            None => SORTS[0],
            Some(name) => *SORTS.iter().find(|sort| sort.0 == name).ok_or_else(|| wrong("sort", "unknown"))?,
        };
        let from = from(self.lat, self.lng)?.map(Door::point);
        if sort == Sort::Soonest && from.is_none() {
            return Err(wrong("lat", "missing"));
        }
        let city = match self.city.as_deref() {
            None => None,
            Some(name) => Some(app.places().city_named(name).ok_or_else(|| wrong("city", "unknown"))?.id),
        };
        let Self { q: words, veg, open_now, limit, cursor, .. } = self;
        let search = Search { city, words, veg, open_now, sort, from, limit, cursor };
        search.check()?;
        Ok(search)
    }
}

/// The key of the answer to a search: a query that says the same, the usual left out. What somebody typed stands in
/// quotes, so that it cannot pass for another part.
pub fn key(app: &App, search: &Search) -> String {
    let mut key = String::with_capacity(ROOM);
    let places = app.places();
    if let Some(city) = search.city.and_then(|id| places.city(id)) {
        say(&mut key, format_args!("city={}", city.slug));
    }
    if search.veg {
        say(&mut key, format_args!("veg=true"));
    }
    if search.open_now {
        say(&mut key, format_args!("open_now=true"));
    }
    if let Some((name, _)) = SORTS[1..].iter().find(|sort| sort.1 == search.sort) {
        say(&mut key, format_args!("sort={name}"));
    }
    if let Some(from) = search.from {
        say(&mut key, format_args!("lat={:.3}&lng={:.3}", from.lat, from.lng));
    }
    if search.limit != default_limit() {
        say(&mut key, format_args!("limit={}", search.limit));
    }
    if let Some(words) = &search.words {
        say(&mut key, format_args!("q={words:?}"));
    }
    if let Some(cursor) = &search.cursor {
        say(&mut key, format_args!("cursor={cursor:?}"));
    }
    key
}

fn say(key: &mut String, part: std::fmt::Arguments<'_>) {
    if !key.is_empty() {
        key.push('&');
    }
    // Writing into a string cannot fail.
    let _ = key.write_fmt(part);
}

/// Where it is seen from.
pub(super) fn from(lat: Option<f64>, lng: Option<f64>) -> Answer<Option<Door>> {
    let wrong = |field: &str, code| Problem::of(INVALID_PARAMETER).field(format!("/{field}"), code);
    match (lat, lng) {
        (None, None) => Ok(None),
        (Some(lat), Some(lng)) => Ok(Some(Door::at(lat, lng).ok_or_else(|| wrong("lat", "out-of-range"))?)),
        (None, Some(_)) => Err(wrong("lat", "missing")),
        (Some(_), None) => Err(wrong("lng", "missing")),
    }
}
