//! Cities, zones and dated rates, held in memory: they are few, change rarely, and every quote needs them.

use std::sync::{Arc, PoisonError};

use domain::{
    geo::{self, Point},
    id::{CityId, ZoneId},
    rule::Rule,
};
use jiff::{Timestamp, tz::TimeZone};
use store::{args, places};
use uuid::Uuid;

use crate::{App, context::Ctx, error::Error};

const HOUR_US: i64 = 3_600_000_000;

/// A city.
#[derive(Clone, Debug)]
pub struct City {
    /// Its id.
    pub id: CityId,
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// GST state code.
    pub state_code: String,
    /// IANA name of its time zone.
    pub timezone: String,
    /// Its time zone.
    pub zone: TimeZone,
    /// Its centre.
    pub centre: Point,
}

/// A delivery zone.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its id.
    pub id: ZoneId,
    /// Its city.
    pub city_id: CityId,
    /// The letter in order numbers.
    pub letter: String,
    /// Its name.
    pub name: String,
    /// Its corners.
    pub polygon: Vec<Point>,
}

/// A rate and when it holds.
#[derive(Clone, Debug)]
pub struct Rate {
    /// What it is for.
    pub code: String,
    /// Where; nil means everywhere.
    pub city_id: CityId,
    /// From when.
    pub valid_from: i64,
    /// Until before when.
    pub valid_to: Option<i64>,
    /// How much.
    pub value: i64,
}

/// All of it at one moment.
#[derive(Debug, Default)]
pub struct Places {
    /// Cities by name.
    pub cities: Vec<City>,
    /// Zones by city and letter.
    pub zones: Vec<Zone>,
    rates: Vec<Rate>,
}

impl City {
    /// The beginning of the local hour of a moment, in epoch microseconds: half of the world's cities have hours that
    /// begin with those of UTC, and India's do not.
    pub fn hour_of(&self, at: Timestamp) -> i64 {
        self.local_us(at).div_euclid(HOUR_US) * HOUR_US - self.offset_us(at)
    }

    /// The number of the local day of a moment since the epoch.
    pub fn day_of(&self, at: Timestamp) -> i64 {
        self.local_us(at).div_euclid(24 * HOUR_US)
    }

    fn local_us(&self, at: Timestamp) -> i64 {
        at.as_microsecond() + self.offset_us(at)
    }

    fn offset_us(&self, at: Timestamp) -> i64 {
        i64::from(self.zone.to_offset(at).seconds()) * 1_000_000
    }
}

impl Places {
    /// A city by id.
    pub fn city(&self, id: CityId) -> Option<&City> {
        self.cities.iter().find(|city| city.id == id)
    }

    /// The same where it has to be there.
    pub fn known_city(&self, id: CityId) -> Result<&City, Error> {
        self.city(id).ok_or(Error::NotFound("city"))
    }

    /// A city by id or short name.
    pub fn city_named(&self, name: &str) -> Option<&City> {
        self.cities.iter().find(|city| city.slug == name || city.id.to_string() == name)
    }

    /// A zone by id.
    pub fn zone(&self, id: ZoneId) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.id == id)
    }

    /// The zone that holds a point.
    pub fn zone_at(&self, point: Point) -> Option<&Zone> {
        self.zones.iter().find(|zone| geo::contains(&zone.polygon, point))
    }

    /// The rate that holds at a moment: the city's own, else the one for everywhere.
    pub fn rate(&self, code: &str, city: CityId, at: Timestamp) -> Result<&Rate, Error> {
        let at = at.as_microsecond();
        let holds =
            |rate: &&Rate| rate.code == code && rate.valid_from <= at && rate.valid_to.is_none_or(|end| at < end);
        let newest = |owner: CityId| {
            let own = self.rates.iter().filter(holds).filter(|rate| rate.city_id == owner);
            own.max_by_key(|rate| rate.valid_from)
        };
        newest(city)
            .or_else(|| newest(CityId(Uuid::nil())))
            .ok_or_else(|| Error::Internal(format!("no rate {code} holds for city {city}")))
    }
}

/// What it takes to add a city.
#[derive(Clone, Debug)]
pub struct NewCity {
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// GST state code.
    pub state_code: String,
    /// IANA time zone.
    pub timezone: String,
    /// Its centre.
    pub centre: Point,
    /// Letter, name and corners of each zone.
    pub zones: Vec<(String, String, Vec<Point>)>,
    /// The map that the faces draw, as JSON, if there is one.
    pub map: Option<String>,
}

impl App {
    /// The current snapshot.
    pub fn places(&self) -> Arc<Places> {
        Arc::clone(&self.places.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads cities, zones and rates anew.
    pub async fn reload_places(&self) -> Result<(), Error> {
        let cities = self.db.all::<places::CityRow>(&places::LIST_CITIES, args![]).await?;
        let zones = self.db.all::<places::ZoneRow>(&places::LIST_ZONES, args![]).await?;
        let rates = self.db.all::<places::RateRow>(&places::LIST_RATES, args![]).await?;
        let snapshot = Places {
            cities: cities.into_iter().map(city).collect::<Result<_, _>>()?,
            zones: zones.into_iter().map(zone).collect::<Result<_, _>>()?,
            rates: rates.into_iter().map(rate).collect(),
        };
        *self.places.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    /// Adds a city with its zones and map, and answers its id.
    pub async fn add_city(&self, ctx: &Ctx, new: NewCity) -> Result<CityId, Error> {
        if TimeZone::get(&new.timezone).is_err() {
            return Err(Rule::WrongFormat.at("/timezone").into());
        }
        let id: CityId = ctx.id();
        let mut tx = store::Tx::new("add city").run(
            &places::INSERT_CITY,
            args![id, new.slug, new.name, new.state_code, new.timezone, new.centre.lat, new.centre.lng, ctx.now_us()],
        );
        for (letter, name, polygon) in new.zones {
            let corners: Vec<_> = polygon.iter().map(|corner| (corner.lat, corner.lng)).collect();
            let corners = serde_json::to_string(&corners).map_err(|error| Error::Internal(error.to_string()))?;
            tx = tx.run(&places::INSERT_ZONE, args![ctx.id::<ZoneId>(), id, letter, name, corners]);
        }
        if let Some(map) = new.map {
            tx = tx.run(&places::INSERT_MAP, args![id, map]);
        }
        self.db.commit(tx).await?;
        self.reload_places().await?;
        Ok(id)
    }

    /// The map of a city as JSON, if it has one.
    pub async fn city_map(&self, id: CityId) -> Result<Option<String>, Error> {
        let row = self.db.optional::<(String,)>(&places::FIND_MAP, args![id]).await?;
        Ok(row.map(|(body,)| body))
    }
}

fn city(row: places::CityRow) -> Result<City, Error> {
    let zone = TimeZone::get(&row.timezone).map_err(|error| Error::Internal(format!("city {}: {error}", row.slug)))?;
    Ok(City {
        id: row.id,
        slug: row.slug,
        name: row.name,
        state_code: row.state_code,
        timezone: row.timezone,
        zone,
        centre: Point { lat: row.lat, lng: row.lng },
    })
}

fn zone(row: places::ZoneRow) -> Result<Zone, Error> {
    let corners: Vec<(f64, f64)> =
        serde_json::from_str(&row.polygon).map_err(|error| Error::Internal(format!("zone {}: {error}", row.letter)))?;
    let polygon = corners.into_iter().map(|(lat, lng)| Point { lat, lng }).collect();
    Ok(Zone { id: row.id, city_id: row.city_id, letter: row.letter, name: row.name, polygon })
}

fn rate(row: places::RateRow) -> Rate {
    Rate { code: row.code, city_id: row.city_id, valid_from: row.valid_from, valid_to: row.valid_to, value: row.value }
}
