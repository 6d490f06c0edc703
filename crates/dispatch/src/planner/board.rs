//! A situation as the search reads it: couriers, orders and ways by number, computed once a round.
//!
//! A *place* is a number too: first the couriers' places, then the doors, then the kitchens that have an open order.
//! A *class* is a vehicle that occurs. Ways are kept in two bytes each, so that the tables of a city fit the cache of a
//! processor.

use std::collections::HashMap;

use domain::id::CourierId;

use super::{Settings, Situation, Time, Travel, value};

/// A courier by number.
#[derive(Clone, Debug)]
pub(super) struct Rider {
    pub(super) class: usize,
    pub(super) free_at: Time,
    pub(super) off_at: Time,
    /// The kitchen at which the courier stands, by its number here.
    pub(super) stands_at: Option<u16>,
    pub(super) capacity: usize,
    pub(super) within_guarantee: f64,
    /// What the prices of place and work are multiplied with, for they fall near the end of the shift.
    pub(super) price: f64,
}

/// An order by number.
#[derive(Clone, Debug)]
pub(super) struct Meal {
    pub(super) pickup: u16,
    pub(super) ready_at: Time,
    /// For each courier whether they cannot have it; empty if everybody can.
    pub(super) barred: Vec<bool>,
    /// Somebody has promised to fetch it: it changes neither courier nor kitchen.
    pub(super) is_promised: bool,
    /// Since when they could be on the way with it alone, if they could.
    pub(super) held_since: Option<Time>,
}

/// The ways of one class.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    pickups: usize,
    orders: usize,
    to_pickup: Vec<u16>,
    last_mile: Vec<u16>,
    between: Vec<u16>,
    /// How far from demand each place is, in ticks.
    pub(super) value: Vec<f64>,
}

impl Ways {
    /// From a place to a kitchen.
    pub(super) fn to_pickup(&self, place: usize, pickup: u16) -> Time {
        Time::from(self.to_pickup[place * self.pickups + usize::from(pickup)])
    }

    /// From the kitchen of an order to its door.
    pub(super) fn last_mile(&self, order: u16) -> Time {
        Time::from(self.last_mile[usize::from(order)])
    }

    /// Between the doors of two orders of one kitchen.
    pub(super) fn between(&self, from: u16, to: u16) -> Time {
        Time::from(self.between[usize::from(from) * self.orders + usize::from(to)])
    }
}

/// What the search reads.
#[derive(Clone, Debug)]
pub(super) struct Board<'a> {
    pub(super) settings: &'a Settings,
    pub(super) now: Time,
    pub(super) riders: Vec<Rider>,
    pub(super) meals: Vec<Meal>,
    pub(super) ways: Vec<Ways>,
    /// The caller's numbers of the couriers and kitchens.
    pub(super) rider_numbers: Vec<usize>,
    pub(super) pickup_numbers: Vec<usize>,
}

impl<'a> Board<'a> {
    /// Sorts out a situation. Couriers beyond the horizon and after their shift are left out.
    pub(super) fn new<T: Travel>(settings: &'a Settings, situation: &Situation<T>, travel: &T) -> Self {
        let minute = f64::from(settings.minute);
        let until = f64::from(situation.now) + settings.horizon * minute;
        let rider_numbers: Vec<usize> = (0..situation.couriers.len())
            .filter(|number| {
                let courier = &situation.couriers[*number];
                f64::from(courier.free_at) <= until && courier.free_at.max(situation.now) <= courier.off_at
            })
            .collect();
        let mut pickup_numbers: Vec<usize> = situation.orders.iter().map(|order| order.pickup).collect();
        pickup_numbers.sort_unstable();
        pickup_numbers.dedup();
        let mut board = Self {
            settings,
            now: situation.now,
            riders: Vec::new(),
            meals: Vec::new(),
            ways: Vec::new(),
            rider_numbers,
            pickup_numbers,
        };
        board.meals = board.meals(situation);
        let vehicles = board.add_riders(situation);
        board.ways = vehicles.into_iter().map(|vehicle| board.ways(situation, travel, vehicle)).collect();
        board
    }

    /// The ways of a courier's vehicle.
    pub(super) fn ways_of(&self, rider: usize) -> &Ways {
        &self.ways[self.riders[rider].class]
    }

    /// The number of an order's door among the places.
    pub(super) fn door(&self, order: u16) -> usize {
        self.riders.len() + usize::from(order)
    }

    /// The number of a kitchen among the places.
    pub(super) fn kitchen(&self, pickup: u16) -> usize {
        self.riders.len() + self.meals.len() + usize::from(pickup)
    }

    /// When a courier could be at a kitchen, doing nothing else before.
    pub(super) fn arrival(&self, rider: usize, pickup: u16) -> Time {
        let it = &self.riders[rider];
        if it.stands_at == Some(pickup) {
            return it.free_at;
        }
        it.free_at.max(self.now) + self.ways_of(rider).to_pickup(rider, pickup)
    }

    fn pickup_number(&self, pickup: usize) -> Option<u16> {
        self.pickup_numbers.binary_search(&pickup).ok().map(narrow)
    }

    fn meals<T: Travel>(&self, situation: &Situation<T>) -> Vec<Meal> {
        let riders: HashMap<CourierId, usize> =
            (0..).zip(&self.rider_numbers).map(|(number, it)| (situation.couriers[*it].id, number)).collect();
        let meal = |order: &super::Order<T>| Meal {
            pickup: self.pickup_number(order.pickup).unwrap_or_default(),
            ready_at: order.ready_at,
            barred: marks(self.rider_numbers.len(), order.barred.iter().filter_map(|courier| riders.get(courier))),
            is_promised: order.promised_to.is_some(),
            held_since: order.held_since,
        };
        situation.orders.iter().map(meal).collect()
    }

    /// Adds the couriers, and answers the vehicles that occur.
    fn add_riders<T: Travel>(&mut self, situation: &Situation<T>) -> Vec<T::Vehicle> {
        let mut vehicles: Vec<T::Vehicle> = Vec::new();
        let minute = f64::from(self.settings.minute);
        for courier in self.rider_numbers.iter().map(|number| &situation.couriers[*number]) {
            let class = vehicles.iter().position(|vehicle| *vehicle == courier.vehicle).unwrap_or(vehicles.len());
            if class == vehicles.len() {
                vehicles.push(courier.vehicle);
            }
            let left = f64::from(courier.off_at.saturating_sub(self.now)) / minute;
            self.riders.push(Rider {
                class,
                free_at: courier.free_at,
                off_at: courier.off_at,
                stands_at: courier.stands_at.and_then(|pickup| self.pickup_number(pickup)),
                capacity: courier.capacity.min(self.settings.bundle).min(super::LARGEST_BUNDLE),
                within_guarantee: courier.within_guarantee,
                price: (left / self.settings.shift_end).clamp(0.0, 1.0),
            });
        }
        vehicles
    }

    fn ways<T: Travel>(&self, situation: &Situation<T>, travel: &T, vehicle: T::Vehicle) -> Ways {
        let couriers = self.rider_numbers.iter().map(|number| situation.couriers[*number].place);
        let doors = situation.orders.iter().map(|order| order.door);
        let kitchens: Vec<T::Place> =
            self.pickup_numbers.iter().map(|number| situation.pickups[*number].place).collect();
        let places: Vec<T::Place> = couriers.chain(doors).chain(kitchens.iter().copied()).collect();
        let orders = &situation.orders;
        let time = |from, to| short(travel.time(from, to, vehicle));
        let to_pickup = places.iter().flat_map(|from| kitchens.iter().map(|to| time(*from, *to))).collect();
        let last_mile = orders.iter().map(|order| time(situation.pickups[order.pickup].place, order.door)).collect();
        let mut between = vec![0; orders.len() * orders.len()];
        for (from, one) in orders.iter().enumerate() {
            for (to, other) in orders.iter().enumerate() {
                if one.pickup == other.pickup {
                    between[from * orders.len() + to] = time(one.door, other.door);
                }
            }
        }
        let value = value::of_places(self.settings, situation, travel, vehicle, &places);
        Ways { pickups: kitchens.len(), orders: orders.len(), to_pickup, last_mile, between, value }
    }
}

/// Marks some of so many couriers; empty if there is nobody to mark.
fn marks<'a>(count: usize, marked: impl Iterator<Item = &'a usize>) -> Vec<bool> {
    let mut marks = Vec::new();
    for rider in marked {
        marks.resize(count, false);
        marks[*rider] = true;
    }
    marks
}

/// A span in two bytes. What is longer than that is beyond every shift.
fn short(time: Time) -> u16 {
    u16::try_from(time.max(0)).unwrap_or(u16::MAX)
}

/// A number of something, of which a round has fewer than 65,536.
pub(super) fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
