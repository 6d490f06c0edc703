//! The room in memory: for each courier the newest position and the duty, for each city who is near whom, and what is
//! yet to be written. One lock, held for microseconds.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    geo::{
        Point,
        nearby::{Found, Nearby},
    },
    id::{CityId, CourierId},
};
use jiff::Timestamp;
use store::couriers::CourierRow;

use super::{
    Position,
    arrivals::{self, Noted},
    duty::Duty,
    elsewhere::Told,
    fix::{Fix, Reported, believe},
    gait::Gait,
    trace::{TracePoint, worth_keeping},
    writing::{Doubts, Unwritten},
};

/// What is known of all couriers.
#[derive(Default)]
pub(crate) struct Positions {
    room: Mutex<Room>,
}

#[derive(Default)]
struct Room {
    couriers: HashMap<CourierId, Known>,
    cities: HashMap<CityId, Nearby<CourierId>>,
    unwritten: Unwritten,
    /// What other nodes have not been told, if there is a way to tell them.
    unsaid: Option<HashMap<CourierId, Told>>,
    /// Who arrived where, and nobody said it yet.
    arrivals: Noted,
    /// Since when this node has heard phones and written what they said, without a gap.
    hearing_since: Timestamp,
    /// Counts what was forgotten: a duty that was read before its event must not be remembered after it.
    age: u64,
    all_forgotten_at: u64,
}

/// What is known of a courier.
#[derive(Default)]
struct Known {
    newest: Option<Position>,
    /// How they have moved, as far as they reported it here.
    gait: Gait,
    /// The last point of the way that is kept.
    traced: Option<Position>,
    duty: Option<Arc<Duty>>,
    forgotten_at: u64,
    /// The city in whose index they are.
    placed_in: Option<CityId>,
}

impl Positions {
    /// Takes a report: what became of it, and the newest position if it is a new one.
    pub(super) fn take(
        &self,
        now: Timestamp,
        id: CourierId,
        duty: &Duty,
        fixes: &[Fix],
    ) -> (Reported, Option<Position>) {
        let mut ordered: Vec<(usize, &Fix)> = fixes.iter().enumerate().collect();
        ordered.sort_by_key(|(_, fix)| fix.at);
        let mut room = self.room();
        let room = &mut *room;
        let known = room.couriers.entry(id).or_default();
        let (mut reported, mut moved_to, mut doubts) = (Reported::default(), None, Doubts::default());
        for (index, fix) in ordered {
            match believe(now, known.newest, &mut known.gait, fix) {
                Ok(position) => {
                    known.newest = Some(position);
                    moved_to = Some((position, fix.accuracy_m));
                    reported.accepted += 1;
                    let reached = duty.leg().filter(|hand| arrivals::reached(hand, position, fix.accuracy_m));
                    for hand in reached {
                        // A phone's clock may run ahead; the first time counts.
                        let at = position.at.min(now);
                        room.arrivals.entry((hand.order_id, id, hand.leads_to)).or_insert(at);
                    }
                    if !duty.hands.is_empty() && worth_keeping(known.traced, position) {
                        known.traced = Some(position);
                        let point = TracePoint { position, accuracy_m: fix.accuracy_m };
                        room.unwritten.add_trace(id, duty.city_id, point);
                    }
                }
                Err(code) => {
                    doubts.note(code);
                    reported.refused.push((index, code));
                }
            }
        }
        if let Some((position, accuracy_m)) = moved_to {
            room.unwritten.newest.insert(id, (duty.city_id, TracePoint { position, accuracy_m }));
            let city = duty.on_shift.then_some(duty.city_id);
            place(&mut room.cities, known, id, city);
            if let Some(unsaid) = &mut room.unsaid {
                unsaid.insert(id, Told::of(id, duty, position));
            }
        }
        room.unwritten.add_doubts(id, duty.city_id, doubts, now);
        (reported, moved_to.map(|(position, _)| position))
    }

    /// Rows of the database and this memory made one: of two positions the newer holds, here and there.
    pub(crate) fn freshen(&self, rows: &mut [CourierRow]) {
        let mut room = self.room();
        let room = &mut *room;
        for row in rows {
            let known = room.couriers.entry(row.id).or_default();
            let stored = Position::of(row);
            let mine = known.newest.filter(|mine| stored.is_none_or(|stored| stored.at <= mine.at));
            if let Some(mine) = mine {
                (row.lat, row.lng) = (Some(mine.point.lat), Some(mine.point.lng));
                row.fix_at = Some(mine.at.as_microsecond());
            } else {
                known.newest = stored;
            }
            let city = row.on_shift.then_some(row.city_id);
            if mine.is_none() || city != known.placed_in {
                place(&mut room.cities, known, row.id, city);
            }
        }
    }

    /// From now on there is a way to tell other nodes.
    pub(super) fn tell_others(&self) {
        self.room().unsaid.get_or_insert_default();
    }

    /// What other nodes have not been told.
    pub(super) fn take_unsaid(&self) -> Vec<Told> {
        let mut room = self.room();
        let unsaid = room.unsaid.as_mut().map(std::mem::take).unwrap_or_default();
        unsaid.into_values().collect()
    }

    /// Takes what another node tells, if it is news.
    pub(super) fn hear(&self, told: &Told) -> Option<Position> {
        let position = told.position()?;
        let mut room = self.room();
        let room = &mut *room;
        let known = room.couriers.entry(told.courier).or_default();
        if known.newest.is_some_and(|newest| newest.at >= position.at) {
            return None;
        }
        known.newest = Some(position);
        place(&mut room.cities, known, told.courier, told.on_shift.then_some(told.city));
        Some(position)
    }

    /// The nearest couriers of a city who were heard of since a moment.
    pub(super) fn nearest(
        &self,
        city: CityId,
        to: Point,
        (most, within_m): (usize, f64),
        heard_since: Timestamp,
        takes: impl Fn(CourierId) -> bool,
    ) -> Vec<Found<CourierId>> {
        let room = self.room();
        let Some(index) = room.cities.get(&city) else { return Vec::new() };
        let heard = |id: CourierId| {
            let newest = room.couriers.get(&id).and_then(|known| known.newest);
            newest.is_some_and(|newest| newest.at >= heard_since)
        };
        index.nearest(to, most, within_m, |id| heard(id) && takes(id))
    }

    /// This node could not hear or write until now: silence before is not the couriers'.
    pub(crate) fn hear_anew(&self, now: Timestamp) {
        self.room().hearing_since = now;
    }

    /// Since when this node has heard phones and written what they said, without a gap.
    pub(crate) fn hearing_since(&self) -> Timestamp {
        self.room().hearing_since
    }

    /// Whether anything newer than a moment is known of a courier, written or not.
    pub(crate) fn heard_since(&self, id: CourierId, moment: Timestamp) -> bool {
        self.room().couriers.get(&id).and_then(|known| known.newest).is_some_and(|newest| newest.at > moment)
    }

    /// The duty of a courier, or the age of the room, to be given to [`Self::remember`] once the duty is read.
    pub(super) fn duty(&self, id: CourierId) -> Result<Arc<Duty>, u64> {
        let room = self.room();
        let known = room.couriers.get(&id).and_then(|known| known.duty.clone());
        known.ok_or(room.age)
    }

    /// Remembers a duty, unless what it says was forgotten since it was asked for.
    pub(super) fn remember(&self, id: CourierId, asked_at: u64, duty: &Arc<Duty>) {
        let mut room = self.room();
        let all_forgotten_at = room.all_forgotten_at;
        let known = room.couriers.entry(id).or_default();
        if known.forgotten_at.max(all_forgotten_at) <= asked_at {
            known.duty = Some(Arc::clone(duty));
        }
    }

    /// What a courier has in hand changed.
    pub(crate) fn forget_duty(&self, id: Option<CourierId>) {
        let Some(id) = id else { return };
        let mut room = self.room();
        room.age += 1;
        let age = room.age;
        let known = room.couriers.entry(id).or_default();
        known.forgotten_at = age;
        known.duty = None;
    }

    /// A courier began or ended a shift: who went home is not near anybody.
    pub(crate) fn note_shift(&self, id: CourierId, on_shift: bool) {
        self.forget_duty(Some(id));
        if !on_shift {
            let mut room = self.room();
            let room = &mut *room;
            if let Some(known) = room.couriers.get_mut(&id) {
                place(&mut room.cities, known, id, None);
            }
        }
    }

    /// Anything may have changed.
    pub(crate) fn forget_duties(&self) {
        let mut room = self.room();
        room.age += 1;
        room.all_forgotten_at = room.age;
        room.couriers.values_mut().for_each(|known| known.duty = None);
    }

    /// What is to be written, which the caller gives back if it could not.
    pub(super) fn take_unwritten(&self) -> Unwritten {
        std::mem::take(&mut self.room().unwritten)
    }

    /// What could not be written, kept for the next time.
    pub(super) fn give_back(&self, unwritten: Unwritten) {
        self.room().unwritten.give_back(unwritten);
    }

    /// Who arrived where and when, by order.
    pub(super) fn take_arrivals(&self) -> Noted {
        std::mem::take(&mut self.room().arrivals)
    }

    /// Puts back what could not be stored yet.
    pub(super) fn give_back_arrivals(&self, earlier: Noted) {
        self.room().arrivals.extend(earlier);
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts a courier into the index of a city, or of none.
fn place(cities: &mut HashMap<CityId, Nearby<CourierId>>, known: &mut Known, id: CourierId, city: Option<CityId>) {
    if let Some(former) = known.placed_in.filter(|former| Some(*former) != city)
        && let Some(index) = cities.get_mut(&former)
    {
        index.remove(id);
    }
    known.placed_in = city.filter(|_| known.newest.is_some());
    if let (Some(city), Some(newest)) = (known.placed_in, known.newest) {
        cities.entry(city).or_default().put(id, newest.point);
    }
}
