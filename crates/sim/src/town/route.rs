//! Shortest ways through the town: A* over a compact arc list.
//!
//! A way starts and ends on the nearest road, not at the nearest crossing, so that nobody rides past the door and
//! back. Costs are whole millimetres, a little more on small streets than on main roads, as people drive; the
//! straight-line heuristic never exceeds them, so the way found is the cheapest one.

use domain::geo::Point;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::plane::{Spot, number, whole};
use super::{Edge, RoadKind, Town};

/// A way to drive.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// From the start over every bend to the end; at least two points.
    pub points: Vec<Point>,
    /// Length in metres along `points`.
    pub distance_m: f64,
}

impl Route {
    /// Seconds for the whole way at a steady speed in metres per second (at least 0.1 is assumed).
    pub fn duration_s(&self, speed_mps: f64) -> f64 {
        self.distance_m / speed_mps.max(0.1)
    }

    /// The place after `travelled_m` metres; the start before, the end after.
    pub fn point_at(&self, travelled_m: f64) -> Point {
        let mut left_m = travelled_m.max(0.0);
        let mut here = self.points[0];
        for next in &self.points[1..] {
            let step_m = here.distance_m(*next);
            if left_m < step_m {
                return here.towards(*next, left_m / step_m);
            }
            left_m -= step_m;
            here = *next;
        }
        here
    }
}

/// Outgoing arcs of every node, side by side in memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Arcs {
    starts: Vec<u32>,
    heads: Vec<(u32, u32)>,
}

impl Arcs {
    pub(super) fn of(nodes: usize, edges: &[Edge]) -> Self {
        let mut starts = vec![0_u32; nodes + 1];
        for edge in edges {
            starts[edge.from as usize + 1] += 1;
            starts[edge.to as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut free = starts.clone();
        let mut heads = vec![(0, 0); edges.len() * 2];
        for edge in edges {
            let cost = number(whole(edge_cost(edge)));
            for (tail, head) in [(edge.from, edge.to), (edge.to, edge.from)] {
                heads[free[tail as usize] as usize] = (head, cost);
                free[tail as usize] += 1;
            }
        }
        Self { starts, heads }
    }

    fn from(&self, node: u32) -> &[(u32, u32)] {
        &self.heads[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }
}

/// Millimetres, made longer on smaller roads.
fn edge_cost(edge: &Edge) -> f64 {
    let factor = match edge.kind {
        RoadKind::Arterial => 1.0,
        RoadKind::Street => 1.08,
        RoadKind::Lane => 1.18,
    };
    edge.length_m * 1_000.0 * factor
}

/// A place on a road.
#[derive(Clone, Copy)]
struct Foot {
    edge: u32,
    share: f64,
    spot: Spot,
}

/// What the search knows about a node: cost so far and the node before.
type Reached = (u32, u32);
const UNREACHED: Reached = (u32::MAX, u32::MAX);

impl Town {
    /// The index of the node nearest to a place.
    pub fn nearest_node(&self, lat: f64, lng: f64) -> u32 {
        let spot = self.projection.spot(Point { lat, lng });
        let foot = self.nearest_foot(spot);
        let edge = &self.edges[foot.edge as usize];
        let mut reach = foot.spot.distance(spot) + edge.length_m;
        reach = reach.min(self.edge_cells.full_reach());
        let ends = self.edge_cells.near(spot, reach).flat_map(|edge| {
            let edge = &self.edges[edge as usize];
            [edge.from, edge.to]
        });
        let nearest = ends.map(|node| (self.spot_of(node).distance(spot), node));
        nearest.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map_or(edge.from, |(_, node)| node)
    }

    /// The way from one place to another over the roads of the town.
    pub fn route(&self, from: Point, to: Point) -> Route {
        let start = self.nearest_foot(self.projection.spot(from));
        let end = self.nearest_foot(self.projection.spot(to));
        let mut points = vec![from, self.projection.point(start.spot)];
        points.extend(self.cheapest_nodes(&start, &end).into_iter().map(|node| self.nodes[node as usize].point()));
        points.extend([self.projection.point(end.spot), to]);
        points.dedup_by(|next, before| next.distance_m(*before) < 0.05);
        if points.len() < 2 {
            points = vec![from, to];
        }
        if let Some(last) = points.last_mut() {
            *last = to;
        }
        let distance_m = points.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum();
        Route { points, distance_m }
    }

    fn spot_of(&self, node: u32) -> Spot {
        self.projection.spot(self.nodes[node as usize].point())
    }

    /// The nearest place on any road.
    fn nearest_foot(&self, spot: Spot) -> Foot {
        let mut reach = 60.0;
        loop {
            let feet = self.edge_cells.near(spot, reach).map(|number| {
                let edge = &self.edges[number as usize];
                let (share, foot) = spot.project_on(self.spot_of(edge.from), self.spot_of(edge.to));
                (foot.distance(spot), Foot { edge: number, share, spot: foot })
            });
            let best = feet.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.edge.cmp(&b.1.edge)));
            let everything = reach >= self.edge_cells.full_reach();
            match best {
                Some((away, foot)) if away <= reach || everything => return foot,
                None if everything => return Foot { edge: 0, share: 0.0, spot },
                _ if spot.length() > self.edge_cells.full_reach() => reach = f64::MAX,
                _ => reach *= 3.0,
            }
        }
    }

    /// The nodes passed between two places on roads; none when they lie on one edge and stay on it.
    fn cheapest_nodes(&self, start: &Foot, end: &Foot) -> Vec<u32> {
        let (first, last) = (&self.edges[start.edge as usize], &self.edges[end.edge as usize]);
        let mut reached = vec![UNREACHED; self.nodes.len()];
        let mut open = BinaryHeap::new();
        for (node, share) in [(first.from, start.share), (first.to, 1.0 - start.share)] {
            let cost = number(whole(edge_cost(first) * share));
            reached[node as usize] = (cost, node);
            open.push(Reverse((cost + self.at_least(node, end.spot), node)));
        }
        let goals = [(last.from, end.share), (last.to, 1.0 - end.share)]
            .map(|(node, share)| (node, number(whole(edge_cost(last) * share))));
        let along = number(whole(edge_cost(first) * (start.share - end.share).abs()));
        let mut best = if start.edge == end.edge { (along, None) } else { (u32::MAX, None) };
        while let Some(Reverse((estimate, node))) = open.pop() {
            if estimate >= best.0 {
                break;
            }
            let cost = reached[node as usize].0;
            if estimate > cost + self.at_least(node, end.spot) {
                continue;
            }
            for (goal, rest) in goals {
                if goal == node && cost + rest < best.0 {
                    best = (cost + rest, Some(node));
                }
            }
            for (next, step) in self.arcs.from(node) {
                if cost + step < reached[*next as usize].0 {
                    reached[*next as usize] = (cost + step, node);
                    open.push(Reverse((cost + step + self.at_least(*next, end.spot), *next)));
                }
            }
        }
        best.1.map(|node| trail(&reached, node)).unwrap_or_default()
    }

    /// Straight-line millimetres to the goal, a hair less so that rounding never makes it too much.
    fn at_least(&self, node: u32, goal: Spot) -> u32 {
        number(whole(self.spot_of(node).distance(goal) * 999.0))
    }
}

/// The nodes from the start to `node`; a start node is its own predecessor.
fn trail(reached: &[Reached], node: u32) -> Vec<u32> {
    let mut nodes = vec![node];
    let mut here = node;
    while reached[here as usize].1 != here {
        here = reached[here as usize].1;
        nodes.push(here);
    }
    nodes.reverse();
    nodes
}
