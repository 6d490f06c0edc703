//! Reading a document, and saying which field of it is wrong, by its JSON pointer.

use std::{collections::BTreeSet, ops::RangeInclusive};

use domain::{geo::Point, id::RestaurantId, order::PREP_MINUTES, quote::MAX_TIP};
use india::StateCode;
use jiff::{SignedDuration, Timestamp, ToSpan as _, tz::TimeZone};
use serde::{Deserialize, de::DeserializeOwned};
use serde_path_to_error::Segment;

use super::{Courier, Day, Fate, Kitchen, Order, VERSION};

/// What began on a day is over so long after its midnight.
const OVER_AFTER: SignedDuration = SignedDuration::from_hours(48);
/// The largest order, in paise: a crore of rupees.
const MOST_FOOD: i64 = 1_000_000_000;

/// Why a document is no day that can be lived again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {why}")]
pub struct DayError {
    /// The field, as a JSON pointer.
    pub at: String,
    /// What is wrong with it.
    pub why: String,
}

/// The moments that a day may speak of.
struct Bounds {
    midnight: Timestamp,
    next_midnight: Timestamp,
    over: Timestamp,
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

impl Day {
    /// Reads a document that can be lived again.
    pub fn parse(json: &str) -> Result<Self, DayError> {
        // The version comes first: of another one the rest may look quite different.
        let Head { version } = read(json)?;
        if version != VERSION {
            return Err(wrong("/version", format!("{version} is not known; this program reads {VERSION}")));
        }
        let day: Self = read(json)?;
        day.check()?;
        Ok(day)
    }

    /// The local midnight with which the day begins, and the next one.
    pub fn midnights(&self) -> Result<(Timestamp, Timestamp), DayError> {
        let unknown = |_| wrong("/city/timezone", format!("`{}` is not known", self.city.timezone));
        let zone = TimeZone::get(&self.city.timezone).map_err(unknown)?;
        let off = |_| wrong("/date", format!("{} lies outside of the calendar", self.date));
        let next = self.date.checked_add(1.day()).map_err(off)?;
        let midnight = |date: jiff::civil::Date| date.to_zoned(zone.clone()).map_err(off);
        Ok((midnight(self.date)?.timestamp(), midnight(next)?.timestamp()))
    }

    pub(super) fn check(&self) -> Result<(), DayError> {
        for (name, text) in [("name", &self.city.name), ("slug", &self.city.slug)] {
            if text.trim().is_empty() {
                return Err(wrong(format!("/city/{name}"), "is empty"));
            }
        }
        StateCode::parse(&self.city.state_code).map_err(|error| wrong("/city/state_code", error.to_string()))?;
        let (midnight, next_midnight) = self.midnights()?;
        let over = midnight.checked_add(OVER_AFTER).map_err(|error| wrong("/date", error.to_string()))?;
        let bounds = Bounds { midnight, next_midnight, over };
        if self.orders.is_empty() {
            return Err(wrong("/orders", "is empty: nobody ordered on this day"));
        }
        let mut kitchens = BTreeSet::new();
        for (index, kitchen) in self.kitchens.iter().enumerate() {
            kitchen.check(&format!("/kitchens/{index}"), &mut kitchens)?;
        }
        for (index, courier) in self.couriers.iter().enumerate() {
            courier.check(&format!("/couriers/{index}"), &bounds)?;
        }
        let mut before = bounds.midnight;
        for (index, order) in self.orders.iter().enumerate() {
            order.check(&format!("/orders/{index}"), &kitchens, &bounds, before)?;
            before = order.placed_at;
        }
        Ok(())
    }
}

impl Kitchen {
    fn check(&self, at: &str, known: &mut BTreeSet<RestaurantId>) -> Result<(), DayError> {
        if !known.insert(self.id) {
            return Err(wrong(format!("{at}/id"), format!("{} is the id of another kitchen as well", self.id)));
        }
        if self.name.trim().is_empty() {
            return Err(wrong(format!("{at}/name"), "is empty"));
        }
        on_globe(&format!("{at}/point"), self.point)?;
        within(format!("{at}/prep_minutes"), self.prep_minutes, 1..=180)?;
        within(format!("{at}/commission_bp"), self.commission_bp, 0..=5_000)
    }
}

impl Courier {
    fn check(&self, at: &str, bounds: &Bounds) -> Result<(), DayError> {
        on_globe(&format!("{at}/seen"), self.seen)?;
        let mut before = Some(bounds.midnight);
        for (index, shift) in self.shifts.iter().enumerate() {
            let at = format!("{at}/shifts/{index}");
            let from = format!("{at}/from");
            let after = before.ok_or_else(|| wrong(&from, "comes after a shift without an end"))?;
            in_time(from, shift.from, after, bounds.next_midnight)?;
            if let Some(to) = shift.to {
                in_time(format!("{at}/to"), to, shift.from, bounds.over)?;
            }
            before = shift.to;
        }
        Ok(())
    }
}

impl Order {
    fn check(
        &self,
        at: &str,
        kitchens: &BTreeSet<RestaurantId>,
        bounds: &Bounds,
        before: Timestamp,
    ) -> Result<(), DayError> {
        let placed_at = format!("{at}/placed_at");
        if self.placed_at < before && self.placed_at >= bounds.midnight {
            return Err(wrong(placed_at, format!("{} is before the order above it", self.placed_at)));
        }
        in_time(placed_at, self.placed_at, bounds.midnight, bounds.next_midnight)?;
        if !kitchens.contains(&self.kitchen) {
            return Err(wrong(format!("{at}/kitchen"), format!("{} is none of the kitchens", self.kitchen)));
        }
        on_globe(&format!("{at}/door"), self.door)?;
        within(format!("{at}/food_paise"), self.food_paise, 0..=MOST_FOOD)?;
        within(format!("{at}/tip_paise"), self.tip_paise, 0..=MAX_TIP.0)?;
        let fate = format!("{at}/fate");
        let then = |name: &str, moment, after| in_time(format!("{fate}/{name}"), moment, after, bounds.over);
        match self.fate {
            None | Some(Fate::Silent) => Ok(()),
            Some(Fate::Refused { at }) => then("refused/at", at, self.placed_at),
            Some(Fate::CalledOff { at }) => then("called_off/at", at, self.placed_at),
            Some(Fate::Accepted { at, prep_minutes, ready_at }) => {
                then("accepted/at", at, self.placed_at)?;
                within(format!("{fate}/accepted/prep_minutes"), prep_minutes, PREP_MINUTES)?;
                ready_at.map_or(Ok(()), |ready_at| then("accepted/ready_at", ready_at, at))
            }
        }
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, DayError> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let value = serde_path_to_error::deserialize(&mut reader);
    let value = value.map_err(|error| wrong(pointer(error.path()), error.inner().to_string()))?;
    reader.end().map_err(|error| wrong("/", error.to_string()))?;
    Ok(value)
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key: name } | Segment::Enum { variant: name } => format!("/{name}"),
        Segment::Unknown => String::new(),
    };
    let fields: String = path.iter().map(segment).collect();
    if fields.is_empty() { "/".to_owned() } else { fields }
}

fn wrong(at: impl Into<String>, why: impl Into<String>) -> DayError {
    DayError { at: at.into(), why: why.into() }
}

fn on_globe(at: &str, point: Point) -> Result<(), DayError> {
    let degrees = |name: &str, value: f64, most: f64| {
        let on_globe = (-most..=most).contains(&value);
        on_globe.then_some(()).ok_or_else(|| wrong(format!("{at}/{name}"), format!("{value} is not on the globe")))
    };
    degrees("lat", point.lat, 90.0)?;
    degrees("lng", point.lng, 180.0)
}

fn within(at: String, value: i64, range: RangeInclusive<i64>) -> Result<(), DayError> {
    let (least, most) = (range.start(), range.end());
    let outside = || wrong(at, format!("{value} is not from {least} to {most}"));
    range.contains(&value).then_some(()).ok_or_else(outside)
}

/// From one moment on, and before another.
fn in_time(at: String, moment: Timestamp, from: Timestamp, before: Timestamp) -> Result<(), DayError> {
    let outside = || wrong(at, format!("{moment} is not from {from} to before {before}"));
    (from..before).contains(&moment).then_some(()).ok_or_else(outside)
}

#[cfg(test)]
mod tests {
    use super::Day;
    use serde_json::{Value, json};

    const KITCHEN: &str = "0190a0b0-0000-7000-8000-000000000001";

    fn day() -> Value {
        json!({
            "version": 1,
            "date": "2026-11-21",
            "city": { "name": "Pune", "slug": "pune", "state_code": "27", "timezone": "Asia/Kolkata" },
            "kitchens": [{
                "id": KITCHEN, "name": "Corner", "point": { "lat": 18.52, "lng": 73.85 },
                "prep_minutes": 20, "commission_bp": 1800
            }],
            "couriers": [{
                "vehicle": "scooter", "seen": { "lat": 18.52, "lng": 73.86 },
                "shifts": [{ "from": "2026-11-21T05:00:00Z", "to": "2026-11-21T09:00:00Z" },
                    { "from": "2026-11-21T12:00:00Z" }]
            }],
            "orders": [
                order("2026-11-21T07:00:00Z", &json!({ "accepted":
                    { "at": "2026-11-21T07:01:00Z", "prep_minutes": 15, "ready_at": "2026-11-21T07:18:00Z" } })),
                order("2026-11-21T07:00:00Z", &json!("silent")),
                order("2026-11-21T07:05:00Z", &Value::Null),
            ]
        })
    }

    fn order(placed_at: &str, fate: &Value) -> Value {
        let door = json!({ "lat": 18.53, "lng": 73.85 });
        json!({ "placed_at": placed_at, "kitchen": KITCHEN, "door": door, "food_paise": 30_000, "tip_paise": 0,
            "fate": fate })
    }

    #[test]
    fn a_day_is_read_and_written_as_it_was() {
        let day = Day::parse(&day().to_string()).unwrap();
        assert_eq!(day.orders.len(), 3);
        assert_eq!(Day::parse(&serde_json::to_string(&day).unwrap()), Ok(day));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("/version", json!(2), "/version", "2 is not known"),
            ("/date", json!("2026-13-01"), "/date", "month"),
            ("/city/timezone", json!("Asia/Atlantis"), "/city/timezone", "Atlantis"),
            ("/city/state_code", json!("99999"), "/city/state_code", ""),
            ("/city/slug", json!(" "), "/city/slug", "empty"),
            ("/kitchens/0/point/lat", json!(90.5), "/kitchens/0/point/lat", "not on the globe"),
            ("/kitchens/0/prep_minutes", json!(0), "/kitchens/0/prep_minutes", "1 to 180"),
            ("/kitchens/0/commission_bp", json!("much"), "/kitchens/0/commission_bp", "invalid type"),
            ("/couriers/0/vehicle", json!("camel"), "/couriers/0/vehicle", "camel"),
            ("/couriers/0/seen/lng", json!(-181), "/couriers/0/seen/lng", "not on the globe"),
            ("/couriers/0/shifts/1/from", json!("2026-11-21T08:00:00Z"), "/couriers/0/shifts/1/from", "not from"),
            ("/couriers/0/shifts/0/to", json!("2026-11-21T04:00:00Z"), "/couriers/0/shifts/0/to", "not from"),
            ("/couriers/0/shifts/0/to", Value::Null, "/couriers/0/shifts/1/from", "without an end"),
            ("/orders", json!([]), "/orders", "nobody ordered"),
            ("/orders/0/placed_at", json!("2026-11-20T18:29:59Z"), "/orders/0/placed_at", "not from"),
            ("/orders/2/placed_at", json!("2026-11-21T06:59:59Z"), "/orders/2/placed_at", "before the order above"),
            ("/orders/2/placed_at", json!("soon"), "/orders/2/placed_at", ""),
            ("/orders/1/kitchen", json!(KITCHEN.replace('1', "2")), "/orders/1/kitchen", "none of the kitchens"),
            ("/orders/1/door/lat", json!(-91), "/orders/1/door/lat", "not on the globe"),
            ("/orders/1/tip_paise", json!(-1), "/orders/1/tip_paise", "not from 0"),
            ("/orders/1/door/lat", json!("north"), "/orders/1/door/lat", "invalid type"),
            ("/orders/0/fate/accepted/prep_minutes", json!(4), "/orders/0/fate/accepted/prep_minutes", "5 to 90"),
            ("/orders/0/fate/accepted/ready_at", json!("2026-11-21T07:00:59Z"), "/orders/0/fate/accepted/ready_at", ""),
            ("/orders/0/fate/accepted/at", json!("2026-11-21T06:59:59Z"), "/orders/0/fate/accepted/at", "not from"),
            ("/orders/1/fate", json!("eaten"), "/orders/1/fate", "eaten"),
        ];
        for (field, value, named, why) in cases {
            let mut day = day();
            *day.pointer_mut(field).unwrap() = value;
            let error = Day::parse(&day.to_string()).unwrap_err();
            assert_eq!(error.at, named, "{error}");
            assert!(error.why.contains(why), "{error}");
        }
    }

    #[test]
    fn what_is_missing_or_too_much_is_named() {
        let mut short = day();
        short["orders"][1].as_object_mut().unwrap().remove("door");
        let error = Day::parse(&short.to_string()).unwrap_err();
        assert!(error.at == "/orders/1" && error.why.contains("`door`"), "{error}");
        let mut named = day();
        named["couriers"][0]["phone"] = json!("+919800000000");
        let error = Day::parse(&named.to_string()).unwrap_err();
        assert!(error.at.starts_with("/couriers/0") && error.why.contains("`phone`"), "{error}");
        let mut twice = day();
        let kitchen = twice["kitchens"][0].clone();
        twice["kitchens"].as_array_mut().unwrap().push(kitchen);
        assert_eq!(Day::parse(&twice.to_string()).unwrap_err().at, "/kitchens/1/id");
        for text in ["", "{", "[]", "{\"version\": 1} and more"] {
            assert_eq!(Day::parse(text).unwrap_err().at, "/", "{text}");
        }
    }
}
