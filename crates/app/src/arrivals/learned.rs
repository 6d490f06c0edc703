//! What was learned of a city or a kitchen, as it is held in memory.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{arrival::Weather, courier::Vehicle, id::RestaurantId};
use eta::arrival::{Book, Cell, Load, Pace, Part, Ride, Slot, Spread, Tally};
use store::{
    arrivals::{PaceRow, TallyRow, WeatherRow},
    orders::OrderRow,
};

use super::Before;
use crate::{context::moment, error::Error};

/// Spreads that were reckoned once: mixing levels takes longer than everything else in an estimate.
#[derive(Debug, Default)]
struct Reckoned(RwLock<HashMap<(Part, Slot, Load), Spread>>);

impl Reckoned {
    fn get(&self, part: Part, slot: Slot, load: Load, reckon: impl FnOnce() -> Spread) -> Spread {
        let key = (part, slot, load);
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let spread = reckon();
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, spread.clone());
        spread
    }
}

/// What was learned of a kitchen.
#[derive(Debug, Default)]
pub(crate) struct KitchenBook {
    book: Book,
    reckoned: Reckoned,
}

impl From<Book> for KitchenBook {
    fn from(book: Book) -> Self {
        Self { book, reckoned: Reckoned::default() }
    }
}

/// What was learned of a city.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    book: Book,
    reckoned: Reckoned,
    /// How long ways take, by engine.
    paces: HashMap<String, Pace>,
    weather: Option<(Weather, Option<i64>)>,
}

/// How busy a city is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pulse {
    /// Orders that are not yet ready, by kitchen.
    pub(crate) cooking: HashMap<RestaurantId, i64>,
    /// Orders that want a courier and have none.
    pub(crate) waiting: i64,
    /// When the orders that nobody has taken were placed, the oldest first, in epoch microseconds.
    pub(crate) unassigned: Vec<i64>,
    /// Couriers with nothing in hand.
    pub(crate) free: i64,
    /// Couriers at work, these included.
    pub(crate) couriers: i64,
}

/// What an estimate of one order follows from.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// Of the city.
    pub(crate) learned: Arc<Learned>,
    /// Of the kitchen.
    pub(crate) kitchen: Arc<KitchenBook>,
    /// Now.
    pub(crate) pulse: Arc<Pulse>,
    /// Orders that its courier fetches with it, and whose food is not on board yet.
    pub(crate) together: Vec<OrderRow>,
    /// What its courier delivers first, once it is on board.
    pub(crate) before: Before,
}

impl Known {
    /// What to expect of a part.
    pub(crate) fn spread(&self, part: Part, slot: Slot, load: Load) -> Spread {
        let (city, kitchen) = (&self.learned, &self.kitchen);
        // What was never seen of this kitchen is as in its city.
        if kitchen.book.find(part, None).is_none() {
            return city.reckoned.get(part, slot, load, || city.book.spread(part, slot, load, None));
        }
        kitchen.reckoned.get(part, slot, load, || city.book.spread(part, slot, load, Some(&kitchen.book)))
    }
}

impl Pulse {
    /// How busy the couriers are.
    pub(crate) const fn load(&self) -> Load {
        Load::of_city(self.waiting, self.free)
    }

    /// How many orders a kitchen is cooking.
    pub(crate) fn cooking(&self, kitchen: RestaurantId) -> i64 {
        self.cooking.get(&kitchen).copied().unwrap_or_default()
    }
}

impl Learned {
    /// From what is stored.
    pub(super) fn of(book: Book, paces: Vec<PaceRow>, weather: Option<&WeatherRow>) -> Result<Self, Error> {
        let paces = paces.into_iter().map(|row| Ok((row.engine, pace(&row.body)?))).collect::<Result<_, Error>>()?;
        let weather = weather.and_then(|row| Some((Weather::parse(&row.weather)?, row.until)));
        Ok(Self { book, reckoned: Reckoned::default(), paces, weather })
    }

    /// How long ways take compared with what an engine says.
    pub(crate) fn pace(&self, engine: &str) -> Option<&Pace> {
        self.paces.get(engine)
    }

    /// The factor for a ride, and the seconds of the hand-overs: both, and those at the door alone.
    pub(crate) fn ride(&self, engine: &str, ride: Ride) -> (f64, f64, f64) {
        let first = Pace::default();
        let pace = self.pace(engine).unwrap_or(&first);
        (pace.factor(ride), pace.handover_s(), pace.door_s())
    }

    /// The weather at a moment.
    pub(crate) fn weather(&self, now_us: i64) -> Weather {
        let holds = self.weather.filter(|(_, until)| until.is_none_or(|until| now_us < until));
        holds.map(|(weather, _)| weather).unwrap_or_default()
    }

    /// Until when the weather holds, if it has an end.
    pub(crate) fn weather_until(&self) -> Option<jiff::Timestamp> {
        self.weather.and_then(|(_, until)| until).map(moment)
    }
}

/// The pace of a stored row.
pub(super) fn pace(body: &str) -> Result<Pace, Error> {
    serde_json::from_str(body).map_err(|error| Error::Internal(format!("a stored pace: {error}")))
}

/// The book of stored rows.
pub(crate) fn book(rows: Vec<TallyRow>) -> Result<Book, Error> {
    let mut book = Book::default();
    for row in rows {
        let Some(part) = Part::parse(&row.part) else { continue };
        let classes = serde_json::from_str(&row.classes)
            .map_err(|error| Error::Internal(format!("a stored tally of {}: {error}", row.part)))?;
        book.put(part, cell(row.slot, row.load), Tally::stored(classes, row.at_s));
    }
    Ok(book)
}

/// The cell of stored numbers.
fn cell(slot: i64, load: i64) -> Cell {
    Some((Slot::numbered(slot)?, Load::numbered(load)?))
}

/// The stored numbers of a cell.
pub(super) fn numbers(cell: Cell) -> (i64, i64) {
    let number = |number: usize| i64::try_from(number).unwrap_or(-1);
    cell.map_or((-1, -1), |(slot, load)| (number(slot.number()), number(load.number())))
}

/// The vehicle that a quote is priced for.
pub(crate) const USUAL_VEHICLE: Vehicle = Vehicle::Scooter;
