//! What a courier is shown before they answer: pay and way of the whole, and of each order in the sequence of delivery.
//!
//! It is as it was when the offer was made. Each order carries the ways to its door from the counter and from every door
//! before it, so that what is left of an offer can be told without asking for ways again once an order has left it. Orders
//! that the courier has promised to fetch at that counter already stand among them: then the sums are what the offer adds.

use domain::{geo::Point, id::OrderId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::stop::{Stop, Way, detours_s, ends_s, way_m, without};

/// What the courier is shown, as it was when the offer was made. What is said of one order holds for the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// The first order's spoken number.
    pub number: String,
    /// Its zone's letter.
    pub zone_letter: String,
    /// For the jobs, paise.
    pub base_paise: i64,
    /// For the ways, paise.
    pub distance_paise: i64,
    /// From the customers, paise.
    pub tip_paise: i64,
    /// Metres to the kitchen; none where the courier goes there anyway.
    pub first_mile_m: i64,
    /// Seconds to the kitchen, what is in hand before that included; offers of earlier versions do not say.
    #[serde(default)]
    pub first_mile_s: Option<i64>,
    /// Metres from there over all doors, less those without the offer.
    pub last_mile_m: i64,
    /// Seconds for all of it, waiting included, less those without the offer.
    pub duration_s: i64,
    /// The kitchen.
    pub pickup_name: String,
    /// Its neighbourhood.
    pub pickup_locality: String,
    /// Where it is.
    pub pickup: Point,
    /// When the last of the food is ready.
    pub ready_at: Timestamp,
    /// The first door's neighbourhood; the door itself only after accepting.
    pub drop_locality: String,
    /// Where that is, to about a hundred metres.
    pub drop: Point,
    /// Until when it should be there.
    pub drop_by: Timestamp,
    /// Pieces to carry.
    pub item_count: i64,
    /// How it is paid: `cod` if any of the orders is.
    pub payment_method: String,
    /// Cash to collect, paise.
    pub cash_to_collect_paise: i64,
    /// The orders in the sequence of delivery, with those that they join; offers of earlier versions have one and do not list
    /// it.
    #[serde(default)]
    pub stops: Vec<Stop>,
}

/// The way to the counter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Approach {
    /// Where the counter is.
    pub(crate) pickup: Point,
    pub(crate) distance_m: i64,
    /// What is in hand before that included; offers of earlier versions do not say.
    pub(crate) duration_s: Option<i64>,
}

impl Terms {
    /// The terms of these orders in this sequence, as they were at `at`; `None` of nothing.
    pub(crate) fn of(at: Timestamp, approach: Approach, stops: Vec<Stop>) -> Option<Self> {
        let offered = || stops.iter().filter(|stop| !stop.in_hand);
        let first = offered().next()?.clone();
        let sum = |part: fn(&Stop) -> i64| offered().map(part).sum::<i64>();
        let joined = without(&stops, |stop| !stop.in_hand);
        let ends_s = |stops: &[Stop]| ends_s(at, approach.duration_s, stops).unwrap_or_default();
        let cash = offered().find(|stop| stop.payment_method == "cod").unwrap_or(&first);
        Some(Self {
            base_paise: sum(|stop| stop.base_paise),
            distance_paise: sum(|stop| stop.distance_paise),
            tip_paise: sum(|stop| stop.tip_paise),
            first_mile_m: if joined.is_empty() { approach.distance_m } else { 0 },
            first_mile_s: approach.duration_s,
            last_mile_m: (way_m(&stops) - way_m(&joined)).max(0),
            duration_s: (ends_s(&stops) - ends_s(&joined)).max(0),
            pickup: approach.pickup,
            ready_at: offered().map(|stop| stop.ready_at).max()?,
            item_count: sum(|stop| stop.item_count),
            payment_method: cash.payment_method.clone(),
            cash_to_collect_paise: sum(|stop| stop.cash_to_collect_paise),
            number: first.number,
            zone_letter: first.zone_letter,
            pickup_name: first.restaurant_name,
            pickup_locality: first.restaurant_locality,
            drop_locality: first.drop_locality,
            drop: first.drop,
            drop_by: first.drop_by,
            stops,
        })
    }

    /// The same with its one order listed, if it comes from an earlier version.
    pub(crate) fn listed(mut self, order_id: OrderId) -> Self {
        if self.stops.is_empty() {
            let way = Way { distance_m: self.last_mile_m, duration_s: 0 };
            self.stops.push(Stop {
                order_id,
                in_hand: false,
                number: self.number.clone(),
                zone_letter: self.zone_letter.clone(),
                restaurant_name: self.pickup_name.clone(),
                restaurant_locality: self.pickup_locality.clone(),
                ready_at: self.ready_at,
                base_paise: self.base_paise,
                distance_paise: self.distance_paise,
                tip_paise: self.tip_paise,
                drop_locality: self.drop_locality.clone(),
                drop: self.drop,
                drop_by: self.drop_by,
                item_count: self.item_count,
                payment_method: self.payment_method.clone(),
                cash_to_collect_paise: self.cash_to_collect_paise,
                ways: vec![way],
            });
        }
        self
    }

    /// The terms of those orders that are still in the offer, which was made at `at`.
    pub(crate) fn keep(self, at: Timestamp, orders: &[OrderId]) -> Self {
        let left = |stop: &Stop| !stop.in_hand && !orders.contains(&stop.order_id);
        if !self.stops.iter().any(left) {
            return self;
        }
        let approach = Approach { pickup: self.pickup, distance_m: self.first_mile_m, duration_s: self.first_mile_s };
        Self::of(at, approach, without(&self.stops, left)).unwrap_or(self)
    }

    /// The orders on offer, in the sequence of delivery.
    pub fn offered(&self) -> impl Iterator<Item = &Stop> {
        self.stops.iter().filter(|stop| !stop.in_hand)
    }

    /// Those that the courier has promised to fetch at the counter already.
    pub fn joined(&self) -> impl Iterator<Item = &Stop> {
        self.stops.iter().filter(|stop| stop.in_hand)
    }

    /// For each of these orders by how many seconds the doors of those before make it later than the straight way from the
    /// counter.
    pub(crate) fn detours_s(&self, orders: &[OrderId]) -> Vec<(OrderId, i64)> {
        detours_s(&without(&self.stops, |stop| !orders.contains(&stop.order_id)))
    }
}

#[cfg(test)]
mod tests {
    use domain::{geo::Point, id::OrderId};
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    use super::{Approach, Stop, Terms, Way};

    const HERE: Point = Point { lat: 12.97, lng: 77.6 };

    fn id(number: u128) -> OrderId {
        OrderId(Uuid::from_u128(number))
    }

    fn way(minutes: i64) -> Way {
        Way { distance_m: minutes * 400, duration_s: minutes * 60 }
    }

    /// An order that pays so many rupees for the job; ways in minutes, from the counter and from the doors before.
    fn stop(number: u128, rupees: i64, method: &str, ways: &[i64]) -> Stop {
        Stop {
            order_id: id(number),
            in_hand: false,
            number: format!("H{number}"),
            zone_letter: "H".to_owned(),
            restaurant_name: "Annapurna".to_owned(),
            restaurant_locality: "Halasuru".to_owned(),
            ready_at: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(i64::try_from(number).unwrap()),
            base_paise: rupees * 100,
            distance_paise: 500,
            tip_paise: 0,
            drop_locality: format!("Street {number}"),
            drop: HERE,
            drop_by: Timestamp::UNIX_EPOCH,
            item_count: 2,
            payment_method: method.to_owned(),
            cash_to_collect_paise: if method == "cod" { 9_000 } else { 0 },
            ways: ways.iter().copied().map(way).collect(),
        }
    }

    fn three() -> Terms {
        let approach = Approach { pickup: HERE, distance_m: 800, duration_s: Some(60) };
        let stops = vec![stop(1, 30, "sandbox", &[5]), stop(2, 40, "cod", &[9, 3]), stop(3, 50, "cod", &[8, 7, 4])];
        Terms::of(Timestamp::UNIX_EPOCH, approach, stops).unwrap()
    }

    #[test]
    fn the_whole_is_the_sum_of_its_orders_along_the_doors() {
        let terms = three();
        assert_eq!((terms.base_paise, terms.distance_paise, terms.item_count), (12_000, 1_500, 6));
        assert_eq!((terms.payment_method.as_str(), terms.cash_to_collect_paise), ("cod", 18_000));
        assert_eq!(terms.last_mile_m, (5 + 3 + 4) * 400);
        // The last food is ready after three minutes; two minutes at each of the first two doors.
        assert_eq!(terms.duration_s, (3 + 5 + 2 + 3 + 2 + 4) * 60);
        assert_eq!((terms.number.as_str(), terms.drop_locality.as_str()), ("H1", "Street 1"));
        assert_eq!(
            terms.detours_s(&[id(1), id(2), id(3)]),
            [
                (id(1), 0),
                (id(2), 5 * 60 + 120 + 3 * 60 - 9 * 60),
                (id(3), 5 * 60 + 120 + 3 * 60 + 120 + 4 * 60 - 8 * 60)
            ]
        );
    }

    #[test]
    fn an_offer_of_an_earlier_version_is_about_its_one_order() {
        let stored = serde_json::to_value(three().keep(Timestamp::UNIX_EPOCH, &[id(2)])).unwrap();
        let mut earlier = stored.as_object().unwrap().clone();
        earlier.remove("stops");
        let terms: Terms = serde_json::from_value(earlier.into()).unwrap();
        let terms = terms.listed(id(2)).keep(Timestamp::UNIX_EPOCH, &[id(2)]);
        let [only] = &terms.stops[..] else { panic!("one order") };
        assert_eq!((only.order_id, only.pay_paise(), only.way().distance_m), (id(2), 4_500, 9 * 400));
        assert_eq!(terms.detours_s(&[id(2)]), [(id(2), 0)]);
    }

    #[test]
    fn without_the_middle_one_the_way_leads_from_the_first_door_to_the_last() {
        let terms = three().keep(Timestamp::UNIX_EPOCH, &[id(1), id(3)]);
        assert_eq!(terms.base_paise + terms.distance_paise, 9_000);
        assert_eq!(terms.last_mile_m, (5 + 7) * 400);
        assert_eq!(terms.duration_s, (3 + 5 + 2 + 7) * 60);
        assert_eq!(terms.stops.iter().map(Stop::way).collect::<Vec<_>>(), [way(5), way(7)]);
    }

    #[test]
    fn without_the_first_one_the_way_begins_with_the_second() {
        let terms = three().keep(Timestamp::UNIX_EPOCH, &[id(2), id(3)]);
        assert_eq!((terms.number.as_str(), terms.last_mile_m), ("H2", (9 + 4) * 400));
        let alone = terms.keep(Timestamp::UNIX_EPOCH, &[id(3)]);
        assert_eq!((alone.last_mile_m, alone.detours_s(&[id(3)])), (8 * 400, vec![(id(3), 0)]));
        assert_eq!((alone.first_mile_m, alone.duration_s), (800, (3 + 8) * 60));
    }

    /// The middle one of three is promised already; the others join it.
    fn joining() -> Terms {
        let approach = Approach { pickup: HERE, distance_m: 800, duration_s: Some(60) };
        let stops = three().stops.into_iter().map(|stop| Stop { in_hand: stop.order_id == id(2), ..stop });
        Terms::of(Timestamp::UNIX_EPOCH, approach, stops.collect()).unwrap()
    }

    #[test]
    fn of_what_joins_a_trip_only_what_it_adds_is_told() {
        let terms = joining();
        assert_eq!((terms.base_paise, terms.item_count, terms.cash_to_collect_paise), (8_000, 4, 9_000));
        assert_eq!((terms.number.as_str(), terms.first_mile_m), ("H1", 0));
        assert_eq!(terms.last_mile_m, (5 + 3 + 4 - 9) * 400);
        // Alone the middle one would leave after two minutes and be there after nine more.
        assert_eq!(terms.duration_s, (3 + 5 + 2 + 3 + 2 + 4) * 60 - (2 + 9) * 60);
        assert_eq!(terms.offered().map(|stop| stop.order_id).collect::<Vec<_>>(), [id(1), id(3)]);
        assert_eq!(terms.joined().map(|stop| stop.order_id).collect::<Vec<_>>(), [id(2)]);
    }

    #[test]
    fn what_leaves_an_offer_leaves_what_it_joins_in_it() {
        let terms = joining().keep(Timestamp::UNIX_EPOCH, &[id(3)]);
        assert_eq!(terms.stops.iter().map(|stop| stop.order_id).collect::<Vec<_>>(), [id(2), id(3)]);
        assert_eq!((terms.last_mile_m, terms.number.as_str()), (4 * 400, "H3"));
        assert_eq!(terms.detours_s(&[id(3)]), [(id(3), 0)], "the other one has left the trip");
    }
}
