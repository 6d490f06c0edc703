//! Draws the middle lines of all roads before they are joined into a graph.
//!
//! First the given roads (diagonal, lake ring, canal banks and bridges, rings of the old centre), then streamlines of
//! the layout's field: arterials, streets, lanes. Streamlines keep their distance from others of their own family
//! (Jobard and Lefer, "Creating evenly-spaced streamlines of arbitrary density", 1997) and stop where they come too
//! close, which is what makes junctions stagger instead of forming a chessboard.

use rand::Rng;
use rand::seq::SliceRandom;
use std::f64::consts::{FRAC_PI_2, TAU};

use super::RoadKind;
use super::layout::{HALF_HEIGHT, HALF_WIDTH, Layout, beside};
use super::plane::{CellGrid, Spot, number, real, simplified, whole};

const STEP: f64 = 18.0;

/// What a road is, which decides its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The main road across the grid.
    Diagonal,
    /// The road around the lake.
    LakeRing,
    /// A road along the canal.
    CanalBank,
    /// A short road over the canal.
    Bridge,
    /// A ring around the old centre.
    OldRing,
    /// A road of the first family.
    First,
    /// A road of the second family, square to the first.
    Second,
}

/// The middle line of one road.
pub(super) struct Line {
    pub(super) kind: RoadKind,
    pub(super) role: Role,
    pub(super) spots: Vec<Spot>,
}

/// Distances in metres that one pass of streamlines keeps.
struct Pass {
    kind: RoadKind,
    apart: [f64; 2],
    shortest: f64,
}

/// Samples of all lines of one family, to keep the distance.
struct Family {
    grid: CellGrid,
    samples: Vec<Spot>,
}

impl Family {
    fn new() -> Self {
        Self { grid: CellGrid::new(HALF_WIDTH, HALF_HEIGHT, 100.0), samples: Vec::new() }
    }

    fn add(&mut self, spot: Spot) {
        self.grid.insert(spot, number(self.samples.len()));
        self.samples.push(spot);
    }

    fn clear(&self, spot: Spot, distance: f64) -> bool {
        self.grid.near(spot, distance).all(|sample| self.samples[sample as usize].distance(spot) >= distance)
    }
}

/// Draws all lines, most important first.
pub(super) fn draw<R: Rng>(layout: &Layout, rng: &mut R) -> Vec<Line> {
    let mut drawing = Drawing { layout, lines: Vec::new(), families: [Family::new(), Family::new()] };
    drawing.given_roads();
    let passes = [
        Pass { kind: RoadKind::Arterial, apart: [1_000.0, 1_000.0], shortest: 900.0 },
        Pass { kind: RoadKind::Street, apart: [300.0, 380.0], shortest: 420.0 },
        Pass { kind: RoadKind::Lane, apart: [76.0, 104.0], shortest: 130.0 },
    ];
    for pass in &passes {
        drawing.streamlines(pass, rng);
    }
    drawing.lines
}

struct Drawing<'layout> {
    layout: &'layout Layout,
    lines: Vec<Line>,
    families: [Family; 2],
}

impl Drawing<'_> {
    fn given_roads(&mut self) {
        let layout = self.layout;
        self.give(RoadKind::Arterial, Role::Diagonal, &layout.diagonal);
        let mut shore = layout.lake.shore(32.0, 60);
        shore.push(shore[0]);
        self.give(RoadKind::Street, Role::LakeRing, &shore);
        if let Some(canal) = &layout.canal {
            let aside = layout.canal_width / 2.0 + 24.0;
            for bank in [aside, -aside] {
                let line = beside(canal, bank);
                let built: Vec<Spot> = line.into_iter().filter(|spot| layout.built_up(*spot)).collect();
                self.give(RoadKind::Street, Role::CanalBank, &built);
            }
            for at in (4..canal.len() - 4).step_by(8) {
                let across = canal[at + 1].minus(canal[at - 1]).left();
                let half = across.times((aside + 45.0) / across.length());
                self.give(RoadKind::Street, Role::Bridge, &[canal[at].minus(half), canal[at].plus(half)]);
            }
        }
        for radius in [105.0, 215.0] {
            let ring: Vec<Spot> = (0..=28)
                .map(|corner| {
                    let angle = TAU * f64::from(corner % 28) / 28.0;
                    let wave = 1.0 + 0.09 * (3.0 * angle).sin() + 0.05 * (5.0 * angle + 1.0).cos();
                    layout.old_centre.plus(Spot::facing(angle).times(radius * wave))
                })
                .collect();
            self.give(RoadKind::Street, Role::OldRing, &ring);
        }
    }

    fn give(&mut self, kind: RoadKind, role: Role, spots: &[Spot]) {
        if spots.len() < 2 {
            return;
        }
        for pair in spots.windows(2) {
            let along = pair[1].minus(pair[0]);
            let pieces = whole(along.length() / STEP) + 1;
            for piece in 0..pieces {
                let spot = pair[0].plus(along.times(real(piece) / real(pieces)));
                let turn = along.y.atan2(along.x) - self.layout.angle(spot);
                if turn.cos().abs() > 0.82 {
                    self.families[0].add(spot);
                }
                if turn.sin().abs() > 0.82 {
                    self.families[1].add(spot);
                }
            }
        }
        self.lines.push(Line { kind, role, spots: simplified(spots, 2.0) });
    }

    fn streamlines<R: Rng>(&mut self, pass: &Pass, rng: &mut R) {
        let finest = pass.apart[0].min(pass.apart[1]) * 0.5;
        let mut starts = Vec::new();
        for row in 0..whole(2.0 * HALF_HEIGHT / finest) {
            for column in 0..whole(2.0 * HALF_WIDTH / finest) {
                let x = (real(column) + rng.random::<f64>()) * finest - HALF_WIDTH;
                let y = (real(row) + rng.random::<f64>()) * finest - HALF_HEIGHT;
                starts.push(Spot::new(x, y));
            }
        }
        starts.shuffle(rng);
        for start in starts {
            for family in 0..2 {
                self.try_streamline(pass, family, start);
            }
        }
    }

    fn try_streamline(&mut self, pass: &Pass, family: usize, start: Spot) {
        let apart = self.apart(pass, family, start);
        if !self.passable(pass.kind, start) || !self.families[family].clear(start, apart) {
            return;
        }
        let mut spots = self.trace(pass, family, start, -1.0);
        spots.reverse();
        let ahead = self.trace(pass, family, start, 1.0);
        spots.extend(ahead.into_iter().skip(1));
        let length: f64 = spots.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
        let built = spots.iter().filter(|spot| self.layout.built_up(**spot)).count();
        if length < pass.shortest || built * 4 < spots.len() * 3 {
            return;
        }
        for spot in &spots {
            self.families[family].add(*spot);
        }
        let role = if family == 0 { Role::First } else { Role::Second };
        self.lines.push(Line { kind: pass.kind, role, spots: simplified(&spots, 2.5) });
    }

    /// Follows the field from `start` until the land ends or another line of the family comes near.
    fn trace(&self, pass: &Pass, family: usize, start: Spot, sense: f64) -> Vec<Spot> {
        let mut spots = vec![start];
        let mut heading = self.direction(family, start).times(sense);
        let mut here = start;
        for step in 0..800 {
            let half_way = here.plus(heading.times(STEP / 2.0));
            let mut ahead = self.direction(family, half_way);
            if ahead.dot(heading) < 0.0 {
                ahead = ahead.times(-1.0);
            }
            if ahead.dot(heading) < 0.6 {
                break;
            }
            here = here.plus(ahead.times(STEP));
            heading = ahead;
            let returned = step > 12 && here.distance(start) < STEP * 1.5;
            spots.push(if returned { start } else { here });
            let near = self.apart(pass, family, here) * 0.62;
            if returned || !self.passable(pass.kind, here) || !self.families[family].clear(here, near) {
                break;
            }
        }
        spots
    }

    fn direction(&self, family: usize, spot: Spot) -> Spot {
        let turn = if family == 0 { 0.0 } else { FRAC_PI_2 };
        Spot::facing(self.layout.angle(spot) + turn)
    }

    fn apart(&self, pass: &Pass, family: usize, spot: Spot) -> f64 {
        let factor = if pass.kind == RoadKind::Arterial { 1.0 } else { self.layout.spacing(spot) };
        pass.apart[family] * factor
    }

    /// Arterials leave town and cross the canal; smaller roads do neither.
    fn passable(&self, kind: RoadKind, spot: Spot) -> bool {
        if self.layout.in_lake(spot) {
            return false;
        }
        if kind == RoadKind::Arterial {
            return spot.x.abs() < HALF_WIDTH && spot.y.abs() < HALF_HEIGHT;
        }
        self.layout.built_up(spot) && !self.layout.in_canal(spot)
    }
}
