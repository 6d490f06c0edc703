//! Recording: a day is read from the database of a platform. Nothing is written there.

use std::collections::BTreeMap;

use app::{demand::first_id, moment};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::CourierId,
    order::{Mover, Status},
};
use jiff::civil::Date;
use serde::Deserialize;
use store::{
    Db, args,
    days::{self, DayCourierRow, DayKitchenRow, DayOrderRow},
    places::{self, CityRow},
};

use super::{
    City, Courier, Day, Fate, Kitchen, Order, Shift, VERSION, rounded,
    shifts::{Evidence, last_mark, shifts},
};
use crate::error::Error;

/// What is read of a quote.
#[derive(Deserialize)]
struct Priced {
    destination: Destination,
}

#[derive(Deserialize)]
struct Destination {
    point: Point,
}

/// Reads a day of a city, which is named by its short name and may be left out where there is one only.
pub async fn record(db: &Db, city: Option<&str>, date: Date) -> Result<Day, Error> {
    let row = city_row(db, city).await?;
    let city = City { name: row.name, slug: row.slug, state_code: row.state_code, timezone: row.timezone };
    let mut day = Day { version: VERSION, date, city, kitchens: Vec::new(), couriers: Vec::new(), orders: Vec::new() };
    let (midnight, next_midnight) = day.midnights()?;
    let (first, after) = (first_id(midnight), first_id(next_midnight));
    let kitchens: Vec<DayKitchenRow> = db.all(&days::LIST_KITCHENS, args![row.id, first, after]).await?;
    day.kitchens = kitchens.into_iter().map(kitchen).collect();
    let orders: Vec<DayOrderRow> = db.all(&days::LIST_ORDERS, args![row.id, first, after]).await?;
    if orders.is_empty() {
        return Err(Error::NoDay(format!("nobody ordered in {} on {date}", day.city.name)));
    }
    let (from, to) = (midnight.as_microsecond(), next_midnight.as_microsecond());
    day.orders = orders.iter().map(|row| order(row, last_mark(to))).collect::<Result<_, _>>()?;
    let evidence = Evidence {
        marks: db.all(&days::LIST_MARKS, args![row.id, last_mark(to)]).await?,
        planned: db.all(&days::LIST_PLANNED, args![row.id, from, to]).await?,
        work: db.all(&days::LIST_WORK, args![row.id, from, to, first, after]).await?,
    };
    let shifts = shifts(evidence, midnight, next_midnight)?;
    let rows: Vec<DayCourierRow> = db.all(&days::LIST_COURIERS, args![row.id, from, to]).await?;
    day.couriers = couriers(rows, shifts, Point { lat: row.lat, lng: row.lng })?;
    // What is written can be read.
    day.check()?;
    Ok(day)
}

async fn city_row(db: &Db, wanted: Option<&str>) -> Result<CityRow, Error> {
    let mut cities: Vec<CityRow> = db.all(&places::LIST_CITIES, args![]).await?;
    let found = match wanted {
        Some(slug) => cities.iter().position(|city| city.slug == slug),
        None => (cities.len() == 1).then_some(0),
    };
    let known = || cities.iter().map(|city| city.slug.as_str()).collect::<Vec<_>>().join(", ");
    match (found, wanted) {
        (Some(index), _) => Ok(cities.swap_remove(index)),
        (None, _) if cities.is_empty() => Err(Error::NoDay("the database has no city".to_owned())),
        (None, Some(slug)) => Err(Error::NoDay(format!("the database has no city `{slug}`, but {}", known()))),
        (None, None) => Err(Error::NoDay(format!("the database has several cities, say which: {}", known()))),
    }
}

fn kitchen(row: DayKitchenRow) -> Kitchen {
    let point = Point { lat: row.lat, lng: row.lng };
    Kitchen { id: row.id, name: row.name, point, prep_minutes: row.prep_minutes, commission_bp: row.commission_bp }
}

fn order(row: &DayOrderRow, last: i64) -> Result<Order, Error> {
    let quote: Priced =
        serde_json::from_str(&row.quote).map_err(|error| Error::Broken(format!("a stored quote: {error}")))?;
    Ok(Order {
        placed_at: moment(row.placed_at),
        kitchen: row.restaurant_id,
        door: rounded(quote.destination.point),
        food_paise: row.food_paise,
        tip_paise: row.tip_paise,
        fate: fate(row, last),
    })
}

/// Staff who call an order off after the kitchen accepted it may have done so because nobody carried it: that a replay
/// decides anew.
fn fate(row: &DayOrderRow, last: i64) -> Option<Fate> {
    let in_time = |at: &i64| *at < last;
    if let Some((at, prep_minutes)) = row.accepted_at.filter(in_time).zip(row.prep_minutes) {
        return Some(Fate::Accepted {
            at: moment(at),
            prep_minutes,
            ready_at: row.ready_at.filter(in_time).map(moment),
        });
    }
    let at = moment(row.ended_at.filter(in_time)?);
    match Status::parse(&row.status)? {
        Status::Rejected if row.mover == Mover::System.as_str() => Some(Fate::Silent),
        Status::Rejected => Some(Fate::Refused { at }),
        Status::Cancelled => Some(Fate::CalledOff { at }),
        _ => None,
    }
}

/// Those who worked. Whoever was never seen begins in the middle of the city.
fn couriers(
    rows: Vec<DayCourierRow>,
    mut shifts: BTreeMap<CourierId, Vec<Shift>>,
    middle: Point,
) -> Result<Vec<Courier>, Error> {
    let mut couriers = Vec::new();
    for row in rows {
        let shifts = shifts.remove(&row.id).unwrap_or_default();
        if !shifts.is_empty() {
            let vehicle = Vehicle::parse(&row.vehicle)
                .ok_or_else(|| Error::Broken(format!("a courier rides a `{}`", row.vehicle)))?;
            let seen = row.lat.zip(row.lng).map_or(middle, |(lat, lng)| Point { lat, lng });
            couriers.push(Courier { vehicle, seen: rounded(seen), shifts });
        }
    }
    Ok(couriers)
}
