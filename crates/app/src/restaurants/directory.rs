//! The directory: every restaurant in memory, so that lists are searched, filtered and ranked without the database.
//!
//! A row weighs about half a kilobyte; a city of ten thousand restaurants fits into five megabytes. Events keep it up to
//! date. What matters when money moves is checked again by the database.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{
    availability::{self, Availability, Hours, Schedule},
    geo::Point,
    id::{CityId, RestaurantId, VendorId, ZoneId},
    menu::VegMark,
    money::Paise,
};
use jiff::{Timestamp, tz::TimeZone};
use store::restaurants::RestaurantRow;

use crate::{context::moment, error::Error, menus::veg_mark};

/// A restaurant as lists and prices need it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: RestaurantId,
    /// Its city.
    pub city_id: CityId,
    /// Its vendor.
    pub vendor_id: VendorId,
    /// Its zone.
    pub zone_id: ZoneId,
    /// The zone's letter.
    pub zone_letter: String,
    /// Its name.
    pub name: String,
    /// Its neighbourhood.
    pub locality: String,
    /// House and street.
    pub address: String,
    /// Postal code.
    pub pin: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Where it stands.
    pub point: Point,
    /// What it cooks.
    pub cuisines: Vec<String>,
    /// What it serves at most.
    pub veg_mark: VegMark,
    /// About what two people pay.
    pub price_for_two: Option<Paise>,
    /// Smallest order.
    pub minimum_order: Paise,
    /// Packing charge of an order.
    pub packing: Paise,
    /// Usual preparation time.
    pub prep_minutes: i64,
    /// The platform's share, in basis points.
    pub commission_bp: i64,
    /// Hours, pause, activity.
    pub schedule: Schedule,
    /// Slower until then.
    pub busy_until: Option<Timestamp>,
    /// By how many minutes.
    pub busy_extra_minutes: i64,
    /// Mean rating in tenths of a star.
    pub rating_tenths: Option<i64>,
    /// Number of ratings.
    pub rating_count: i64,
    /// Grows with every change that a quote depends on.
    pub menu_version: i64,
    /// Grows with every change.
    pub version: i64,
    /// GST number.
    pub gstin: Option<String>,
    /// Food licence.
    pub fssai: Option<String>,
    /// Name, neighbourhood and cuisines in lower case, for search.
    pub words: String,
}

impl Entry {
    pub(crate) fn from_row(row: RestaurantRow) -> Result<Self, Error> {
        let wrong = |error: serde_json::Error| Error::Internal(format!("restaurant {}: {error}", row.id));
        let cuisines: Vec<String> = serde_json::from_str(&row.cuisines).map_err(wrong)?;
        let hours: Vec<Hours> = serde_json::from_str(&row.hours).map_err(wrong)?;
        let words = format!("{} {} {}", row.name, row.locality, cuisines.join(" ")).to_lowercase();
        let paused_until = row.paused_until.map(moment);
        Ok(Self {
            id: row.id,
            city_id: row.city_id,
            vendor_id: row.vendor_id,
            zone_id: row.zone_id,
            zone_letter: row.zone_letter,
            name: row.name,
            locality: row.locality,
            address: row.address,
            pin: row.pin,
            phone: row.phone,
            point: Point { lat: row.lat, lng: row.lng },
            cuisines,
            veg_mark: veg_mark(&row.veg_mark)?,
            price_for_two: row.price_for_two_paise.map(Paise),
            minimum_order: Paise(row.minimum_order_paise),
            packing: Paise(row.packing_paise),
            prep_minutes: row.prep_minutes,
            commission_bp: row.commission_bp,
            schedule: Schedule { hours, paused_until, active: row.active },
            busy_until: row.busy_until.map(moment),
            busy_extra_minutes: row.busy_extra_minutes,
            rating_tenths: (row.rating_count > 0).then(|| row.rating_sum / row.rating_count),
            rating_count: row.rating_count,
            menu_version: row.menu_version,
            version: row.version,
            gstin: row.gstin,
            fssai: row.fssai,
            words,
        })
    }

    /// Whether it takes orders, and when that changes.
    pub fn availability(&self, now: Timestamp, zone: &TimeZone) -> Availability {
        availability::at(&self.schedule, now, zone)
    }

    /// Whether it takes orders now.
    pub fn is_open(&self, now: Timestamp, zone: &TimeZone) -> bool {
        availability::is_open(&self.schedule, now, zone)
    }

    /// Preparation time to expect now, in minutes.
    pub fn expected_prep_minutes(&self, now: Timestamp) -> i64 {
        let busy = self.busy_until.is_some_and(|until| until > now);
        self.prep_minutes + if busy { self.busy_extra_minutes } else { 0 }
    }
}

/// All of them.
#[derive(Default)]
pub(crate) struct Directory(RwLock<HashMap<RestaurantId, Arc<Entry>>>);

impl Directory {
    pub(crate) fn find(&self, id: RestaurantId) -> Option<Arc<Entry>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub(crate) fn replace(&self, entries: Vec<Entry>) {
        let entries = entries.into_iter().map(|entry| (entry.id, Arc::new(entry))).collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = entries;
    }

    pub(crate) fn put(&self, entry: Entry) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(entry.id, Arc::new(entry));
    }

    pub(crate) fn remove(&self, id: RestaurantId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Those that fit.
    pub(crate) fn select(&self, fits: impl Fn(&Entry) -> bool) -> Vec<Arc<Entry>> {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        entries.values().filter(|entry| fits(entry)).cloned().collect()
    }
}
