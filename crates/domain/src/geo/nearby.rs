//! Who is near: moving things on the globe, found again by distance.
//!
//! Everything is kept as points on the unit sphere, and closeness is the length of the chord between two of them: it
//! grows with the great-circle distance, and knows neither poles nor the antimeridian. Cells are squares of a grid of
//! degrees, two levels of them, the small ones inside the large ones. A cell remembers its first member and how far any
//! other was ever from it, which bounds the distance to all of them from below (triangle inequality). A search opens
//! cells in the order of that bound and stops where no unopened cell can hold anything closer.
//!
//! A move costs two look-ups in hash tables. A search costs a visit to each large cell, which is a few hundred in a city,
//! then the small cells and members around the place asked for; with everybody in one small cell, one walk through a
//! contiguous list.

use std::{
    cmp::Ordering,
    collections::{BinaryHeap, HashMap},
    hash::Hash,
};

use super::{EARTH_RADIUS_M, Point};

/// Side of a small cell, degrees: 167 m of latitude.
const SMALL: f64 = 0.001_5;
/// Small cells along the side of a large one, which is then 2.7 km of latitude.
const SIDE: i64 = 16;
/// Room for rounding in a bound: 6 micrometres.
const SLACK: f64 = 1e-12;

/// Things by place.
#[derive(Debug)]
pub struct Nearby<K> {
    places: HashMap<K, Place>,
    large: HashMap<Square, Large<K>>,
}

/// A thing that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found<K> {
    /// Which.
    pub key: K,
    /// How far it is, metres on the great circle.
    pub distance_m: f64,
}

type Vector = [f64; 3];
/// Row and column of a cell.
type Square = (i64, i64);

/// Where a thing is kept.
#[derive(Clone, Copy, Debug)]
struct Place {
    small: Square,
    index: usize,
}

#[derive(Debug)]
struct Large<K> {
    reach: Reach,
    cells: HashMap<Square, Small<K>>,
}

#[derive(Debug)]
struct Small<K> {
    reach: Reach,
    members: Vec<(Vector, K)>,
}

/// A ball around every member that a cell had since it was empty.
#[derive(Clone, Copy, Debug)]
struct Reach {
    centre: Vector,
    radius: f64,
}

impl<K> Default for Nearby<K> {
    fn default() -> Self {
        Self { places: HashMap::new(), large: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash> Nearby<K> {
    /// How many things there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Puts a thing at a place, away from where it was.
    pub fn put(&mut self, key: K, point: Point) {
        let (small, at) = (square(point), vector(point));
        let known = self.places.get(&key).copied();
        if let Some(place) = known.filter(|place| place.small == small)
            && let Some(large) = self.large.get_mut(&around(small))
            && let Some(cell) = large.cells.get_mut(&small)
            && let Some(member) = cell.members.get_mut(place.index)
        {
            member.0 = at;
            cell.reach.include(at);
            large.reach.include(at);
            return;
        }
        if known.is_some() {
            self.remove(key);
        }
        let large = self.large.entry(around(small)).or_insert_with(|| Large::around(at));
        large.reach.include(at);
        let cell = large.cells.entry(small).or_insert_with(|| Small::around(at));
        cell.reach.include(at);
        self.places.insert(key, Place { small, index: cell.members.len() });
        cell.members.push((at, key));
    }

    /// Forgets a thing; whether it was known.
    pub fn remove(&mut self, key: K) -> bool {
        let Some(place) = self.places.remove(&key) else { return false };
        let Some(large) = self.large.get_mut(&around(place.small)) else { return true };
        if let Some(cell) = large.cells.get_mut(&place.small) {
            cell.members.swap_remove(place.index);
            // The last one took the free seat.
            if let Some((_, moved)) = cell.members.get(place.index)
                && let Some(moved) = self.places.get_mut(moved)
            {
                moved.index = place.index;
            }
            if cell.members.is_empty() {
                large.cells.remove(&place.small);
            }
        }
        if large.cells.is_empty() {
            self.large.remove(&around(place.small));
        }
        true
    }

    /// The `most` nearest things within a radius in metres that `takes` lets pass, nearest first. It is asked only about
    /// things that would be among them.
    pub fn nearest(&self, to: Point, most: usize, within_m: f64, takes: impl Fn(K) -> bool) -> Vec<Found<K>> {
        // A radius that is no number holds nothing.
        if most == 0 || within_m.is_nan() || within_m < 0.0 {
            return Vec::new();
        }
        let mut search = Search { from: vector(to), most, limit: chord(within_m), best: BinaryHeap::new(), takes };
        let mut open = BinaryHeap::new();
        open.extend(self.large.values().filter_map(|large| search.may_hold(large.reach, Inside::Large(large))));
        while let Some(Open { bound, inside }) = open.pop() {
            if bound > search.limit {
                break;
            }
            match inside {
                Inside::Large(large) => {
                    let cells = large.cells.values();
                    open.extend(cells.filter_map(|small| search.may_hold(small.reach, Inside::Small(small))));
                }
                Inside::Small(small) => search.look_at(&small.members),
            }
        }
        let sorted = search.best.into_sorted_vec();
        sorted.into_iter().map(|one| Found { key: one.key, distance_m: metres(one.chord) }).collect()
    }
}

impl<K> Large<K> {
    fn around(at: Vector) -> Self {
        Self { reach: Reach { centre: at, radius: 0.0 }, cells: HashMap::new() }
    }
}

impl<K> Small<K> {
    const fn around(at: Vector) -> Self {
        Self { reach: Reach { centre: at, radius: 0.0 }, members: Vec::new() }
    }
}

impl Reach {
    fn include(&mut self, at: Vector) {
        self.radius = self.radius.max(between(self.centre, at));
    }

    /// No member is closer to `from` than this.
    fn bound(&self, from: Vector) -> f64 {
        (between(self.centre, from) - self.radius - SLACK).max(0.0)
    }
}

/// A search under way.
struct Search<K, F> {
    from: Vector,
    most: usize,
    /// The longest chord that is still of interest: the radius, then the worst of the best.
    limit: f64,
    best: BinaryHeap<Near<K>>,
    takes: F,
}

impl<K: Copy, F: Fn(K) -> bool> Search<K, F> {
    fn may_hold<'a>(&self, reach: Reach, inside: Inside<'a, K>) -> Option<Open<'a, K>> {
        let bound = reach.bound(self.from);
        (bound <= self.limit).then_some(Open { bound, inside })
    }

    fn look_at(&mut self, members: &[(Vector, K)]) {
        for &(at, key) in members {
            let chord = between(self.from, at);
            let full = self.best.len() == self.most;
            if chord > self.limit || (full && chord >= self.limit) || !(self.takes)(key) {
                continue;
            }
            if full {
                self.best.pop();
            }
            self.best.push(Near { chord, key });
            if self.best.len() == self.most
                && let Some(worst) = self.best.peek()
            {
                self.limit = worst.chord;
            }
        }
    }
}

/// One of the best so far; the farthest is the greatest.
struct Near<K> {
    chord: f64,
    key: K,
}

/// A cell that was not looked into yet; the nearest is the greatest.
struct Open<'a, K> {
    bound: f64,
    inside: Inside<'a, K>,
}

enum Inside<'a, K> {
    Large(&'a Large<K>),
    Small(&'a Small<K>),
}

impl<K> Ord for Near<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.chord.total_cmp(&other.chord)
    }
}

impl<K> Ord for Open<'_, K> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound)
    }
}

impl<K> PartialOrd for Near<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> PartialOrd for Open<'_, K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> PartialEq for Near<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K> PartialEq for Open<'_, K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K> Eq for Near<K> {}
impl<K> Eq for Open<'_, K> {}

/// The small cell of a point.
#[expect(clippy::cast_possible_truncation, reason = "degrees of the globe in small cells: some 240,000 at most")]
fn square(point: Point) -> Square {
    ((point.lat / SMALL).floor() as i64, (point.lng / SMALL).floor() as i64)
}

/// The large cell of a small one.
const fn around(small: Square) -> Square {
    (small.0.div_euclid(SIDE), small.1.div_euclid(SIDE))
}

/// A point on the unit sphere.
fn vector(point: Point) -> Vector {
    let (sin_lat, cos_lat) = point.lat.to_radians().sin_cos();
    let (sin_lng, cos_lng) = point.lng.to_radians().sin_cos();
    [cos_lat * cos_lng, cos_lat * sin_lng, sin_lat]
}

/// The length of the chord between two points of the unit sphere.
fn between(from: Vector, to: Vector) -> f64 {
    let along = |axis: usize| (from[axis] - to[axis]) * (from[axis] - to[axis]);
    // Not fused: without the processor's own instruction that is a call, and this is the innermost loop.
    (along(0) + along(1) + along(2)).sqrt()
}

/// The chord of so many metres on the great circle; half round the globe is the farthest.
fn chord(metres: f64) -> f64 {
    2.0 * (metres / EARTH_RADIUS_M / 2.0).min(std::f64::consts::FRAC_PI_2).sin()
}

/// The reverse of [`chord`].
fn metres(chord: f64) -> f64 {
    2.0 * EARTH_RADIUS_M * (chord / 2.0).min(1.0).asin()
}

#[cfg(test)]
mod tests;
