//! Searching the directory: filters, ranking, pages.
//!
//! A page ends at a key, not at a number, so that a restaurant that opens meanwhile neither repeats nor hides another.

use std::{cmp::Reverse, sync::Arc};

use data_encoding::BASE64URL_NOPAD;
use domain::{
    availability::Availability,
    courier::Vehicle,
    geo::Point,
    id::{CityId, RestaurantId},
    menu::VegMark,
    money::Paise,
    rule::Rule,
};
use jiff::Timestamp;

use crate::{App, error::Error, quotes::delivery_fee};

use super::directory::Entry;

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Best rated first.
    #[default]
    Rating,
    /// Soonest at the door first; needs a place.
    Soonest,
    /// Cheapest first.
    Price,
    /// By name.
    Name,
}

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only in this city.
    pub city: Option<CityId>,
    /// Words in name, neighbourhood or cuisine; all must occur.
    pub words: Option<String>,
    /// Only pure vegetarian kitchens.
    pub veg: bool,
    /// Only those that take orders now.
    pub open_now: bool,
    /// In which order.
    pub sort: Sort,
    /// Seen from here: adds distance, fee and time to the door, and leaves out what does not deliver that far.
    pub from: Option<Point>,
    /// At most so many.
    pub limit: usize,
    /// After this key.
    pub cursor: Option<String>,
}

impl Search {
    /// Whether its cursor is one of ours.
    pub fn check(&self) -> Result<(), Error> {
        self.cursor.as_deref().map_or(Ok(()), |cursor| read_cursor(cursor).map(drop))
    }
}

/// A restaurant that fits.
#[derive(Clone, Debug)]
pub struct Found {
    /// The restaurant.
    pub entry: Arc<Entry>,
    /// Whether it takes orders.
    pub availability: Availability,
    /// How far and how soon, if the search said from where.
    pub reach: Option<Reach>,
}

/// How far and how soon.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Way from kitchen to door in metres.
    pub distance_m: i64,
    /// Delivery fee before tax.
    pub delivery_fee: Paise,
    /// Early end of the time to the door, in seconds.
    pub low_s: i64,
    /// Late end.
    pub high_s: i64,
}

/// A page of results.
#[derive(Clone, Debug)]
pub struct Page {
    /// The restaurants.
    pub items: Vec<Found>,
    /// Key of the next page, if there is one.
    pub next_cursor: Option<String>,
}

type Key = (bool, Reverse<i64>, i64, String, RestaurantId);

pub(super) fn search(app: &App, now: Timestamp, search: &Search) -> Result<Page, Error> {
    let after = search.cursor.as_deref().map(read_cursor).transpose()?;
    let words: Vec<String> =
        search.words.iter().flat_map(|words| words.split_whitespace()).map(str::to_lowercase).collect();
    let fits = |entry: &Entry| {
        search.city.is_none_or(|city| entry.city_id == city)
            && (!search.veg || entry.veg_mark == VegMark::Veg)
            && words.iter().all(|word| entry.words.contains(word.as_str()))
    };
    let mut found: Vec<(Key, Found)> = app
        .directory
        .select(fits)
        .into_iter()
        .filter_map(|entry| found(app, entry, now, search))
        .map(|found| (key(&found, search.sort), found))
        .filter(|(key, _)| after.as_ref().is_none_or(|after| key > after))
        .collect();
    let more = found.len() > search.limit;
    if more {
        found.select_nth_unstable_by(search.limit, |left, right| left.0.cmp(&right.0));
        found.truncate(search.limit);
    }
    found.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    let next_cursor = found.last().filter(|_| more).map(|(key, _)| write_cursor(key)).transpose()?;
    Ok(Page { items: found.into_iter().map(|(_, found)| found).collect(), next_cursor })
}

fn found(app: &App, entry: Arc<Entry>, now: Timestamp, search: &Search) -> Option<Found> {
    let places = app.places();
    let city = places.city(entry.city_id)?;
    let availability = entry.availability(now, &city.zone);
    if search.open_now && !availability.open {
        return None;
    }
    let reach = match search.from {
        None => None,
        // Out of reach is out of the list.
        Some(from) => Some(app.restaurant_reach(&entry, from, now)?),
    };
    Some(Found { entry, availability, reach })
}

impl App {
    /// How far and how soon a restaurant is seen from a place; `None` where it does not deliver that far.
    pub fn restaurant_reach(&self, entry: &Entry, from: Point, now: Timestamp) -> Option<Reach> {
        let metres = rough_distance_m(entry.point, from);
        let delivery_fee = delivery_fee(&self.places(), entry.city_id, metres, now).ok()?;
        let way_s = seconds(metres, Vehicle::Scooter);
        let (low_s, high_s) = self.rough(entry.city_id).range(entry.expected_prep_minutes(now) * 60, way_s);
        Some(Reach { distance_m: metres, delivery_fee, low_s, high_s })
    }
}

/// Metres of road between two points, without asking for the way: good enough for a list.
#[expect(clippy::cast_possible_truncation, reason = "ways on a globe are below 2^53 metres")]
fn rough_distance_m(from: Point, to: Point) -> i64 {
    (from.distance_m(to) * 1.3).ceil() as i64
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "metres within a city")]
fn seconds(metres: i64, vehicle: Vehicle) -> i64 {
    (metres as f64 / vehicle.speed_mps()).ceil() as i64
}

/// Open before closed, then as asked, then by name and id: a total order.
fn key(found: &Found, sort: Sort) -> Key {
    let entry = &found.entry;
    let rating = Reverse(entry.rating_tenths.unwrap_or(0));
    let closed = !found.availability.open;
    let name = || entry.name.to_lowercase();
    match sort {
        Sort::Rating => (closed, rating, -entry.rating_count, String::new(), entry.id),
        Sort::Soonest => {
            let soonest = found.reach.map_or(i64::MAX, |reach| reach.low_s + reach.high_s);
            (closed, Reverse(-soonest), -rating.0, String::new(), entry.id)
        }
        Sort::Price => {
            let price = entry.price_for_two.map_or(i64::MAX, |price| price.0);
            (closed, Reverse(-price), -rating.0, String::new(), entry.id)
        }
        Sort::Name => (false, Reverse(0), 0, name(), entry.id),
    }
}

fn write_cursor(key: &Key) -> Result<String, Error> {
    let parts = (key.0, key.1.0, key.2, &key.3, key.4);
    let text = serde_json::to_vec(&parts).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(BASE64URL_NOPAD.encode(&text))
}

fn read_cursor(cursor: &str) -> Result<Key, Error> {
    let wrong = || Rule::WrongFormat.at("/cursor");
    let text = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| wrong())?;
    let parts: (bool, i64, i64, String, RestaurantId) = serde_json::from_slice(&text).map_err(|_| wrong())?;
    Ok((parts.0, Reverse(parts.1), parts.2, parts.3, parts.4))
}
