//! A restaurant as it is sent.

use app::restaurants::{Found, directory::Entry};
use domain::availability::{Availability, Hours};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::words,
    http::problem::{Answer, INVALID_BODY, Problem},
};

/// A restaurant in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestaurantResponse {
    id: Uuid,
    name: String,
    city_id: Uuid,
    zone_letter: String,
    locality: String,
    lat: f64,
    lng: f64,
    cuisines: Vec<String>,
    /// What it serves at most: `veg`, `egg` or `non_veg`.
    #[schema(value_type = words::VegMark)]
    veg_mark: &'static str,
    /// Mean of the stars; null until somebody rated.
    rating: Option<f64>,
    rating_count: i64,
    price_for_two_paise: Option<i64>,
    /// Takes orders now.
    open_now: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    opens_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    closes_at: Option<Timestamp>,
    /// Slower than usual until then.
    #[schema(value_type = Option<String>, format = DateTime)]
    busy_until: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    paused_until: Option<Timestamp>,
    /// Way to the door; only where the search said from where.
    distance_m: Option<i64>,
    /// Delivery fee before tax.
    delivery_fee_paise: Option<i64>,
    /// Seconds to the door, early end.
    eta_low_s: Option<i64>,
    /// Seconds to the door, late end.
    eta_high_s: Option<i64>,
}

/// A restaurant with everything that is public about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestaurantDetailResponse {
    #[serde(flatten)]
    restaurant: RestaurantResponse,
    address: String,
    pin: Option<String>,
    /// Food licence.
    fssai: Option<String>,
    gstin: Option<String>,
    phone: Option<String>,
    hours: Vec<HoursWire>,
    /// Usual preparation time.
    prep_minutes: i64,
    /// Added to it while busy.
    busy_extra_minutes: i64,
    packing_paise: i64,
    minimum_order_paise: i64,
    vendor_id: Uuid,
    menu_version: i64,
    version: i64,
}

/// A weekly span of opening.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursWire {
    /// 1 is Monday, 7 is Sunday.
    day: u8,
    /// `HH:MM`.
    open: String,
    /// `HH:MM`; not after `open` means the next day.
    close: String,
}

impl RestaurantResponse {
    /// A search result.
    pub fn of(found: &Found) -> Self {
        let reach = found.reach;
        Self {
            distance_m: reach.map(|reach| reach.distance_m),
            delivery_fee_paise: reach.map(|reach| reach.delivery_fee.0),
            eta_low_s: reach.map(|reach| reach.low_s),
            eta_high_s: reach.map(|reach| reach.high_s),
            ..Self::plain(&found.entry, found.availability)
        }
    }

    fn plain(entry: &Entry, availability: Availability) -> Self {
        Self {
            id: entry.id.into(),
            name: entry.name.clone(),
            city_id: entry.city_id.into(),
            zone_letter: entry.zone_letter.clone(),
            locality: entry.locality.clone(),
            lat: entry.point.lat,
            lng: entry.point.lng,
            cuisines: entry.cuisines.clone(),
            veg_mark: entry.veg_mark.as_str(),
            rating: entry.rating_tenths.map(tenths),
            rating_count: entry.rating_count,
            price_for_two_paise: entry.price_for_two.map(|price| price.0),
            open_now: availability.open,
            opens_at: availability.opens_at,
            closes_at: availability.closes_at,
            busy_until: entry.busy_until,
            paused_until: entry.schedule.paused_until,
            distance_m: None,
            delivery_fee_paise: None,
            eta_low_s: None,
            eta_high_s: None,
        }
    }
}

impl RestaurantDetailResponse {
    /// One restaurant.
    pub fn of(found: &Found) -> Self {
        let entry = &found.entry;
        Self {
            restaurant: RestaurantResponse::of(found),
            address: entry.address.clone(),
            pin: entry.pin.clone(),
            fssai: entry.fssai.clone(),
            gstin: entry.gstin.clone(),
            phone: entry.phone.clone(),
            hours: entry.schedule.hours.iter().copied().map(wire).collect(),
            prep_minutes: entry.prep_minutes,
            busy_extra_minutes: entry.busy_extra_minutes,
            packing_paise: entry.packing.0,
            minimum_order_paise: entry.minimum_order.0,
            vendor_id: entry.vendor_id.into(),
            menu_version: entry.menu_version,
            version: entry.version,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a rating has at most 50 tenths")]
fn tenths(tenths: i64) -> f64 {
    tenths as f64 / 10.0
}

fn wire(hours: Hours) -> HoursWire {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    HoursWire { day: hours.day, open: clock(hours.open), close: clock(hours.close) }
}

/// Hours as they are sent, read back.
pub fn read_hours(hours: &[HoursWire]) -> Answer<Vec<Hours>> {
    let span = |(index, wire): (usize, &HoursWire)| {
        let minute = |text: &str, field: &str| {
            minute(text).ok_or_else(|| Problem::of(INVALID_BODY).field(format!("/hours/{index}/{field}"), "not-hh-mm"))
        };
        Ok(Hours { day: wire.day, open: minute(&wire.open, "open")?, close: minute(&wire.close, "close")? })
    };
    hours.iter().enumerate().map(span).collect()
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::{HoursWire, read_hours, wire};

    #[test]
    fn hours_survive_the_wire() {
        let night = HoursWire { day: 5, open: "18:30".into(), close: "02:00".into() };
        let read = read_hours(std::slice::from_ref(&night)).unwrap();
        assert_eq!((read[0].open, read[0].close), (1_110, 120));
        assert_eq!(wire(read[0]).close, "02:00");
        let wrong = HoursWire { day: 5, open: "24:00".into(), close: "02:00".into() };
        assert!(read_hours(&[wrong]).is_err());
    }
}
