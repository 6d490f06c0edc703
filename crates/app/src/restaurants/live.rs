//! A restaurant at this moment: whether it takes orders, how busy its kitchen is, and when food could be at a door.

use domain::{availability::Availability, geo::Point, id::RestaurantId};
use jiff::{SignedDuration, Timestamp};
use store::{args, orders};

use crate::{App, context::Ctx, error::Error};

/// Minutes of a slot.
const SLOT_MINUTES: i64 = 30;
/// How far ahead slots are told.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Whether a restaurant takes orders, and how busy it is.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveRestaurant {
    /// Whether it takes orders, and when that changes.
    pub availability: Availability,
    /// Closed by hand until then.
    pub paused_until: Option<Timestamp>,
    /// Slower until then.
    pub busy_until: Option<Timestamp>,
    /// Preparation time to expect now.
    pub prep_minutes: i64,
    /// Orders that are not ready yet.
    pub cooking: i64,
}

/// When food of a restaurant could be at a door.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeliverySlots {
    /// The restaurant delivers there.
    pub deliverable: bool,
    /// Beginnings of slots, soonest first.
    pub slots: Vec<(Timestamp, Timestamp)>,
}

impl App {
    /// A restaurant at this moment.
    pub async fn live_restaurant(&self, ctx: &Ctx, id: RestaurantId) -> Result<LiveRestaurant, Error> {
        let entry = self.restaurant(id)?;
        let places = self.places();
        let city = places.known_city(entry.city_id)?;
        let (cooking,) = self.db.one::<(i64,)>(&orders::COUNT_COOKING, args![id]).await?;
        let later = |moment: Option<Timestamp>| moment.filter(|moment| *moment > ctx.now);
        Ok(LiveRestaurant {
            availability: entry.availability(ctx.now, &city.zone),
            paused_until: later(entry.schedule.paused_until),
            busy_until: later(entry.busy_until),
            prep_minutes: entry.expected_prep_minutes(ctx.now),
            cooking,
        })
    }

    /// When food of a restaurant could be at a door in the next day: half hours in which it can arrive, because the
    /// kitchen takes orders early enough before. How many orders fit into one is not known: no kitchen has said.
    pub fn delivery_slots(&self, ctx: &Ctx, id: RestaurantId, door: Point) -> Result<DeliverySlots, Error> {
        let entry = self.restaurant(id)?;
        let places = self.places();
        let city = places.known_city(entry.city_id)?;
        let Some(reach) = self.restaurant_reach(&entry, door, ctx.now) else { return Ok(DeliverySlots::default()) };
        let notice = SignedDuration::from_secs(reach.high_s);
        let step = SignedDuration::from_mins(SLOT_MINUTES);
        let mut from = half_hour_after(ctx.now + notice);
        let mut slots = Vec::new();
        while from < ctx.now + AHEAD {
            // Ordered this much earlier, at the latest, the food is there when the slot begins.
            if entry.is_open(from - notice, &city.zone) {
                slots.push((from, from + step));
            }
            from += step;
        }
        Ok(DeliverySlots { deliverable: true, slots })
    }
}

/// The next full or half hour, or this one.
fn half_hour_after(moment: Timestamp) -> Timestamp {
    let seconds = moment.as_second();
    let rest = (-seconds).rem_euclid(SLOT_MINUTES * 60);
    Timestamp::from_second(seconds + rest).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::half_hour_after;

    #[test]
    fn slots_begin_at_full_and_half_hours() {
        let after = |text: &str| half_hour_after(text.parse().unwrap()).to_string();
        assert_eq!(after("2026-11-20T07:18:00Z"), "2026-11-20T07:30:00Z");
        assert_eq!(after("2026-11-20T07:30:00Z"), "2026-11-20T07:30:00Z");
        assert_eq!(after("2026-11-20T23:30:01Z"), "2026-11-21T00:00:00Z");
    }
}
