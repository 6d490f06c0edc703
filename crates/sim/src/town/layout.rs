//! The lie of the land: outline, lake, canal, old centre, the diagonal road, and which way streets run at any spot.
//!
//! Street directions follow a tensor field (Chen, Esch, Wonka, Müller and Zhang, "Interactive procedural street
//! modeling", 2008): a base grid, a few districts with grids of their own, rings around the old centre and around the
//! lake, blended by distance. Directions are averaged as doubled angles, so that "north" and "south" are the same.

use rand::Rng;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::plane::{Spot, real};

pub(super) const HALF_WIDTH: f64 = 3_000.0;
pub(super) const HALF_HEIGHT: f64 = 2_500.0;

/// A part of town whose streets have a grid of their own.
struct District {
    centre: Spot,
    angle: f64,
    reach: f64,
}

/// A rounded, slightly wavy shape around a centre.
pub(super) struct Blob {
    pub(super) centre: Spot,
    wide: f64,
    high: f64,
    turn: f64,
    waves: [(f64, f64); 3],
}

impl Blob {
    /// Distance from the centre to the shore in direction `angle`.
    fn radius(&self, angle: f64) -> f64 {
        let (sin, cos) = (angle - self.turn).sin_cos();
        let ellipse = self.wide * self.high / (self.high * cos).hypot(self.wide * sin);
        let wave: f64 = self
            .waves
            .iter()
            .zip([2.0, 3.0, 5.0])
            .map(|((size, phase), count)| size * (count * angle + phase).sin())
            .sum();
        ellipse * (1.0 + wave)
    }

    /// Metres from the shore along the ray from the centre; negative in the water.
    pub(super) fn beyond_shore(&self, spot: Spot) -> f64 {
        let from_centre = spot.minus(self.centre);
        from_centre.length() - self.radius(from_centre.y.atan2(from_centre.x))
    }

    /// The shore pushed outwards by `margin` metres, anticlockwise, first corner not repeated.
    pub(super) fn shore(&self, margin: f64, corners: u32) -> Vec<Spot> {
        (0..corners)
            .map(|corner| {
                let angle = TAU * f64::from(corner) / f64::from(corners);
                self.centre.plus(Spot::facing(angle).times(self.radius(angle) + margin))
            })
            .collect()
    }
}

/// Everything that is decided before the first street is drawn.
pub(super) struct Layout {
    base_angle: f64,
    districts: Vec<District>,
    pub(super) old_centre: Spot,
    pub(super) lake: Blob,
    /// The middle line of the canal, if the town has one.
    pub(super) canal: Option<Vec<Spot>>,
    pub(super) canal_width: f64,
    /// The middle line of the main road that cuts across the grid.
    pub(super) diagonal: Vec<Spot>,
    edge_waves: [(f64, f64); 3],
    phase: f64,
}

impl Layout {
    pub(super) fn draw<R: Rng>(rng: &mut R) -> Self {
        let mirror = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
        let diagonal = draw_diagonal(rng, mirror);
        let lake_angle: f64 = FRAC_PI_2 + mirror * rng.random_range(0.55..0.95);
        let lake = Blob {
            centre: Spot::facing(lake_angle).times(rng.random_range(1_350.0..1_600.0)),
            wide: rng.random_range(420.0..560.0),
            high: rng.random_range(260.0..360.0),
            turn: rng.random_range(0.0..TAU),
            waves: draw_waves(rng, 0.09),
        };
        let canal = rng.random_bool(0.6).then(|| draw_canal(rng, mirror));
        let districts = draw_districts(rng);
        Self {
            base_angle: rng.random_range(-0.16..0.16),
            districts,
            old_centre: Spot::new(-mirror * rng.random_range(150.0..500.0), rng.random_range(100.0..450.0)),
            lake,
            canal,
            canal_width: rng.random_range(34.0..52.0),
            diagonal,
            edge_waves: draw_waves(rng, 0.03),
            phase: rng.random_range(0.0..TAU),
        }
    }

    /// The angle of the streets of the first family; the second family runs square to it.
    pub(super) fn angle(&self, spot: Spot) -> f64 {
        let mut blend = Spot::facing(2.0 * self.base_angle).times(0.5);
        for district in &self.districts {
            let away = spot.distance(district.centre) / district.reach;
            blend = blend.plus(Spot::facing(2.0 * district.angle).times((-away * away).exp()));
        }
        let from_old = spot.minus(self.old_centre);
        let ring = from_old.y.atan2(from_old.x) + FRAC_PI_2;
        let away = from_old.length() / 430.0;
        blend = blend.plus(Spot::facing(2.0 * ring).times(2.2 * (-away * away).exp()));
        let from_lake = spot.minus(self.lake.centre);
        let shore = from_lake.y.atan2(from_lake.x) + FRAC_PI_2;
        let away = self.lake.beyond_shore(spot).max(0.0) / 240.0;
        blend = blend.plus(Spot::facing(2.0 * shore).times(2.0 * (-away * away).exp()));
        let sway = 0.09 * ((spot.x + 0.6 * spot.y) / 330.0 + self.phase).sin()
            + 0.08 * ((spot.y - 0.4 * spot.x) / 290.0 - self.phase).sin();
        blend.y.atan2(blend.x) / 2.0 + sway
    }

    /// A spot moved by a few metres, smoothly, so that even straight streets look laid out by hand.
    pub(super) fn nudged(&self, spot: Spot) -> Spot {
        let x = 4.0 * (spot.y / 37.0 + self.phase).sin() + 2.0 * ((spot.x + spot.y) / 23.0).sin();
        let y = 4.0 * (spot.x / 35.0 - self.phase).sin() + 2.0 * ((spot.x - spot.y) / 21.0).sin();
        spot.plus(Spot::new(x, y))
    }

    /// Whether streets are built here: inside the wavy edge of town.
    pub(super) fn built_up(&self, spot: Spot) -> bool {
        let angle = spot.y.atan2(spot.x);
        let wave: f64 = self
            .edge_waves
            .iter()
            .zip([3.0, 5.0, 8.0])
            .map(|((size, phase), count)| size * (count * angle + phase).sin())
            .sum();
        outline_reach(spot) < 0.955 + wave
    }

    pub(super) fn in_lake(&self, spot: Spot) -> bool {
        self.lake.beyond_shore(spot) < 0.0
    }

    pub(super) fn in_canal(&self, spot: Spot) -> bool {
        self.canal.as_ref().is_some_and(|line| {
            line.windows(2).any(|pair| spot.distance(spot.project_on(pair[0], pair[1]).1) < self.canal_width / 2.0)
        })
    }

    /// The canal's water as a polygon.
    pub(super) fn canal_polygon(&self) -> Option<Vec<Spot>> {
        let line = self.canal.as_ref()?;
        let mut polygon = beside(line, self.canal_width / 2.0);
        polygon.extend(beside(line, -self.canal_width / 2.0).into_iter().rev());
        Some(polygon)
    }

    /// Wanted distance between parallel lanes: narrow in the old centre, wide at the edge of town.
    pub(super) fn spacing(&self, spot: Spot) -> f64 {
        let away = (spot.distance(self.old_centre) / 2_600.0).min(1.0);
        0.74 + 0.42 * away
    }
}

/// 1.0 on the outline of the served area (a superellipse), less inside.
pub(super) fn outline_reach(spot: Spot) -> f64 {
    let x = (spot.x / (HALF_WIDTH - 60.0)).abs().powi(4);
    let y = (spot.y / (HALF_HEIGHT - 60.0)).abs().powi(4);
    (x + y).powf(0.25)
}

/// The outline of the served area, anticlockwise.
pub(super) fn outline() -> Vec<Spot> {
    (0..72)
        .map(|corner| {
            let direction = Spot::facing(TAU * f64::from(corner) / 72.0);
            direction.times(1.0 / outline_reach(direction))
        })
        .collect()
}

/// A line moved to the left by `offset` metres (to the right when negative).
pub(super) fn beside(line: &[Spot], offset: f64) -> Vec<Spot> {
    (0..line.len())
        .map(|at| {
            let before = line[at.saturating_sub(1)];
            let after = line[(at + 1).min(line.len() - 1)];
            let along = after.minus(before);
            line[at].plus(along.left().times(offset / along.length().max(1.0)))
        })
        .collect()
}

fn draw_waves<R: Rng>(rng: &mut R, size: f64) -> [(f64, f64); 3] {
    [1.0, 0.7, 0.45].map(|share| (size * share * rng.random_range(0.6..1.0), rng.random_range(0.0..TAU)))
}

fn draw_diagonal<R: Rng>(rng: &mut R, mirror: f64) -> Vec<Spot> {
    let start = Spot::new(-mirror * HALF_WIDTH, rng.random_range(-0.95..-0.7) * HALF_HEIGHT);
    let end = Spot::new(mirror * HALF_WIDTH, rng.random_range(0.35..0.6) * HALF_HEIGHT);
    swaying(start, end, rng.random_range(90.0..170.0), rng.random_range(0.0..TAU))
}

fn draw_canal<R: Rng>(rng: &mut R, mirror: f64) -> Vec<Spot> {
    let start = Spot::new(mirror * rng.random_range(0.12..0.34) * HALF_WIDTH, -HALF_HEIGHT);
    let end = Spot::new(mirror * HALF_WIDTH, rng.random_range(-0.12..0.1) * HALF_HEIGHT);
    swaying(start, end, rng.random_range(110.0..190.0), rng.random_range(0.0..TAU))
}

fn draw_districts<R: Rng>(rng: &mut R) -> Vec<District> {
    let mut districts = Vec::new();
    for column in [-0.62, 0.0, 0.62] {
        for row in [-0.55, 0.55] {
            districts.push(District {
                centre: Spot::new(
                    (column + rng.random_range(-0.16..0.16)) * HALF_WIDTH,
                    (row + rng.random_range(-0.16..0.16)) * HALF_HEIGHT,
                ),
                angle: rng.random_range(-0.42..0.42),
                reach: rng.random_range(750.0..1_050.0),
            });
        }
    }
    districts
}

/// A line from `start` to `end` that sways to both sides by about `sway` metres and keeps its ends.
fn swaying(start: Spot, end: Spot, sway: f64, phase: f64) -> Vec<Spot> {
    let steps = 64;
    let aside = end.minus(start).left().times(1.0 / start.distance(end));
    (0..=steps)
        .map(|step| {
            let share = real(step) / real(steps);
            let wave = (TAU * 1.2 * share + phase).sin() + 0.4 * (TAU * 2.9 * share + 2.0 * phase).sin();
            start.towards(end, share).plus(aside.times(sway * wave * (PI * share).sin()))
        })
        .collect()
}
