//! Cuts the served area into six zones that meet without gaps or overlaps.
//!
//! A zone is the Voronoi cell of its seed, clipped to the outline. Every border between two zones then gets the same
//! sway on both sides, computed from its two ends in a fixed order, so that borders look drawn by hand and still fit.

use rand::Rng;
use std::f64::consts::{PI, TAU};

use super::layout::{HALF_HEIGHT, HALF_WIDTH, outline, outline_reach};
use super::plane::{Spot, real, whole};

/// The polygons of the six zones, anticlockwise, west to east in two rows.
pub(super) fn polygons<R: Rng>(rng: &mut R) -> Vec<Vec<Spot>> {
    let seeds = seeds(rng);
    let edge = outline();
    seeds
        .iter()
        .map(|seed| {
            let mut cell = edge.clone();
            for other in seeds.iter().filter(|other| *other != seed) {
                cell = nearer_part(&cell, *seed, *other);
            }
            swayed(&cell.into_iter().map(to_decimetre).collect::<Vec<_>>())
        })
        .collect()
}

fn seeds<R: Rng>(rng: &mut R) -> Vec<Spot> {
    let mut seeds = Vec::new();
    for row in [0.46, -0.46] {
        let shift = rng.random_range(-0.1..0.1);
        for column in [-0.62, 0.0, 0.62] {
            let x = (column + shift + rng.random_range(-0.09..0.09)) * HALF_WIDTH;
            let y = (row + rng.random_range(-0.14..0.14)) * HALF_HEIGHT;
            seeds.push(Spot::new(x, y));
        }
    }
    seeds
}

/// The part of a polygon that is nearer to `seed` than to `other` (Sutherland and Hodgman with one half-plane).
fn nearer_part(polygon: &[Spot], seed: Spot, other: Spot) -> Vec<Spot> {
    let between = seed.towards(other, 0.5);
    let beyond = |spot: Spot| spot.minus(between).dot(other.minus(seed));
    let mut part = Vec::new();
    for (at, here) in polygon.iter().enumerate() {
        let next = polygon[(at + 1) % polygon.len()];
        let (side, next_side) = (beyond(*here), beyond(next));
        if side <= 0.0 {
            part.push(*here);
        }
        if (side < 0.0 && next_side > 0.0) || (side > 0.0 && next_side < 0.0) {
            part.push(here.towards(next, side / (side - next_side)));
        }
    }
    part
}

/// Two neighbours compute a shared corner from different sides; rounding makes it one corner.
fn to_decimetre(spot: Spot) -> Spot {
    Spot::new((spot.x * 10.0).round() / 10.0, (spot.y * 10.0).round() / 10.0)
}

fn swayed(polygon: &[Spot]) -> Vec<Spot> {
    let mut result = Vec::new();
    for (at, here) in polygon.iter().enumerate() {
        let next = polygon[(at + 1) % polygon.len()];
        result.push(*here);
        let inner = outline_reach(here.towards(next, 0.5)) < 0.985;
        if inner && here.distance(next) > 200.0 {
            result.extend(border(*here, next));
        }
    }
    result
}

/// The corners between two ends of a border; the same corners, reversed, when the ends are swapped.
fn border(start: Spot, end: Spot) -> Vec<Spot> {
    let turned = (start.x, start.y) > (end.x, end.y);
    let (first, last) = if turned { (end, start) } else { (start, end) };
    let length = first.distance(last);
    let aside = last.minus(first).left().times(0.045);
    let phase = (first.x + 3.0 * last.y) / 170.0;
    let pieces = whole(length / 110.0).max(2);
    let mut corners: Vec<Spot> = (1..pieces)
        .map(|piece| {
            let share = real(piece) / real(pieces);
            let wave = (PI * share).sin() * ((TAU * 1.5 * share + phase).sin() + 0.4 * (TAU * 4.0 * share).sin());
            first.towards(last, share).plus(aside.times(wave))
        })
        .collect();
    if turned {
        corners.reverse();
    }
    corners
}
