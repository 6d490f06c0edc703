//! Turns road lines into a planar graph: one node per crossing, no dead stubs, one connected piece.
//!
//! Lines are cut at every crossing, spots closer than [`SNAP`] become one node, and the whole is done twice because
//! snapping can push two edges across each other. Then stubs are pruned (a few stay as dead ends), nodes that only bend
//! a road by a hair are dissolved, and everything outside the largest piece is dropped.

use rand::Rng;
use std::collections::BTreeSet;

use super::RoadKind;
use super::layout::{HALF_HEIGHT, HALF_WIDTH};
use super::lines::Line;
use super::plane::{CellGrid, Spot, number};

const SNAP: f64 = 15.0;

/// One edge: two node numbers and the road (index of its line) it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) road: u32,
    pub(super) kind: RoadKind,
}

/// A graph on the plane.
#[derive(Default)]
pub(super) struct Network {
    pub(super) nodes: Vec<Spot>,
    pub(super) links: Vec<Link>,
}

#[derive(Clone, Copy)]
struct Segment {
    a: Spot,
    b: Spot,
    road: u32,
    kind: RoadKind,
}

impl Network {
    pub(super) fn of_lines(lines: &[Line]) -> Self {
        let mut segments = Vec::new();
        for (road, line) in lines.iter().enumerate() {
            for pair in line.spots.windows(2) {
                segments.push(Segment { a: pair[0], b: pair[1], road: number(road), kind: line.kind });
            }
        }
        let first = planar(&segments);
        let again: Vec<Segment> = first
            .links
            .iter()
            .map(|link| Segment { a: first.at(link.from), b: first.at(link.to), road: link.road, kind: link.kind })
            .collect();
        planar(&again)
    }

    pub(super) fn at(&self, node: u32) -> Spot {
        self.nodes[node as usize]
    }

    pub(super) fn length(&self, link: &Link) -> f64 {
        self.at(link.from).distance(self.at(link.to))
    }

    /// For every node the numbers of its links.
    pub(super) fn links_of_nodes(&self) -> Vec<Vec<u32>> {
        let mut of_node = vec![Vec::new(); self.nodes.len()];
        for (index, link) in self.links.iter().enumerate() {
            of_node[link.from as usize].push(number(index));
            of_node[link.to as usize].push(number(index));
        }
        of_node
    }

    /// Takes out the links for which `drop` says so.
    pub(super) fn remove(&mut self, mut drop: impl FnMut(&Self, &Link) -> bool) {
        let kept = self.links.iter().filter(|link| !drop(self, link)).copied().collect();
        self.links = kept;
    }

    /// Removes dead ends, again and again, except roads out of town and a share of lanes of fitting length.
    pub(super) fn prune<R: Rng>(&mut self, keep_share: f64, rng: &mut R) {
        let mut spared = BTreeSet::new();
        loop {
            let degrees: Vec<usize> = self.links_of_nodes().iter().map(Vec::len).collect();
            let mut dead = BTreeSet::new();
            for (index, link) in self.links.iter().enumerate() {
                let loose = [link.from, link.to].into_iter().find(|node| degrees[*node as usize] == 1);
                let Some(end) = loose.filter(|end| !spared.contains(end)) else { continue };
                let fitting = link.kind == RoadKind::Lane && (40.0..105.0).contains(&self.length(link));
                if self.leaves_town(link, end) || (fitting && rng.random_bool(keep_share)) {
                    spared.insert(end);
                } else {
                    dead.insert(index);
                }
            }
            if dead.is_empty() {
                return;
            }
            let mut index = 0;
            self.links.retain(|_| {
                index += 1;
                !dead.contains(&(index - 1))
            });
        }
    }

    fn leaves_town(&self, link: &Link, end: u32) -> bool {
        let spot = self.at(end);
        link.kind == RoadKind::Arterial && (spot.x.abs() > HALF_WIDTH - 80.0 || spot.y.abs() > HALF_HEIGHT - 80.0)
    }

    /// Joins the two links of a node that only bends one road by less than `hair` metres.
    pub(super) fn dissolve(&mut self, hair: f64) {
        let mut of_node = self.links_of_nodes();
        let mut gone = vec![false; self.links.len()];
        for node in 0..number(self.nodes.len()) {
            let &[first, second] = of_node[node as usize].as_slice() else { continue };
            let (one, two) = (self.links[first as usize], self.links[second as usize]);
            let (start, end) = (other_end(&one, node), other_end(&two, node));
            let chord = self.at(node).project_on(self.at(start), self.at(end)).1;
            let joined =
                of_node[start as usize].iter().any(|link| other_end(&self.links[*link as usize], start) == end);
            if one.road != two.road || start == end || joined || self.at(node).distance(chord) > hair {
                continue;
            }
            self.links[first as usize] = Link { from: start, to: end, ..one };
            gone[second as usize] = true;
            for link in &mut of_node[end as usize] {
                if *link == second {
                    *link = first;
                }
            }
            of_node[node as usize].clear();
        }
        let mut gone = gone.into_iter();
        self.links.retain(|_| !gone.next().unwrap_or(false));
    }

    /// Keeps the largest connected piece and renumbers its nodes from west to east in strips, so that near nodes have
    /// near numbers.
    pub(super) fn keep_largest_piece(&mut self) {
        let piece = self.pieces();
        let mut sizes = vec![0_usize; self.nodes.len()];
        for of in &piece {
            sizes[*of as usize] += 1;
        }
        let largest = (0..sizes.len()).max_by_key(|of| (sizes[*of], usize::MAX - of)).unwrap_or(0);
        let mut order: Vec<u32> =
            (0..number(self.nodes.len())).filter(|node| piece[*node as usize] as usize == largest).collect();
        order.sort_by(|a, b| {
            strip(self.at(*a)).total_cmp(&strip(self.at(*b))).then(self.at(*a).x.total_cmp(&self.at(*b).x))
        });
        let mut new_number = vec![u32::MAX; self.nodes.len()];
        for (new, old) in order.iter().enumerate() {
            new_number[*old as usize] = number(new);
        }
        self.nodes = order.iter().map(|node| self.nodes[*node as usize]).collect();
        self.links.retain(|link| new_number[link.from as usize] != u32::MAX);
        for link in &mut self.links {
            link.from = new_number[link.from as usize];
            link.to = new_number[link.to as usize];
        }
    }

    /// For every node the lowest node number of its connected piece.
    fn pieces(&self) -> Vec<u32> {
        let of_node = self.links_of_nodes();
        let mut piece = vec![u32::MAX; self.nodes.len()];
        for start in 0..number(self.nodes.len()) {
            if piece[start as usize] != u32::MAX {
                continue;
            }
            piece[start as usize] = start;
            let mut open = vec![start];
            while let Some(node) = open.pop() {
                for link in &of_node[node as usize] {
                    let next = other_end(&self.links[*link as usize], node);
                    if piece[next as usize] == u32::MAX {
                        piece[next as usize] = start;
                        open.push(next);
                    }
                }
            }
        }
        piece
    }
}

/// The end of `link` that is not `node`.
pub(super) const fn other_end(link: &Link, node: u32) -> u32 {
    if link.from == node { link.to } else { link.from }
}

fn strip(spot: Spot) -> f64 {
    (spot.y / 250.0).floor()
}

fn planar(segments: &[Segment]) -> Network {
    let cuts = all_cuts(segments);
    let mut network = Network::default();
    let mut known = CellGrid::new(HALF_WIDTH, HALF_HEIGHT, 40.0);
    let mut pairs = BTreeSet::new();
    for (segment, mut cuts) in segments.iter().zip(cuts) {
        cuts.sort_by(f64::total_cmp);
        cuts.push(1.0);
        let mut here = node_at(&mut network, &mut known, segment.a);
        for share in cuts {
            let next = node_at(&mut network, &mut known, segment.a.towards(segment.b, share));
            if next != here && pairs.insert((here.min(next), here.max(next))) {
                network.links.push(Link { from: here, to: next, road: segment.road, kind: segment.kind });
            }
            here = next;
        }
    }
    network
}

/// The node within snapping distance of `spot`, or a new one.
fn node_at(network: &mut Network, known: &mut CellGrid, spot: Spot) -> u32 {
    let nearest = known
        .near(spot, SNAP)
        .map(|node| (network.at(node).distance(spot), node))
        .filter(|(away, _)| *away < SNAP)
        .min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, node)) = nearest {
        return node;
    }
    let node = number(network.nodes.len());
    network.nodes.push(spot);
    known.insert(spot, node);
    node
}

/// For every segment the shares of its length at which another one crosses it.
fn all_cuts(segments: &[Segment]) -> Vec<Vec<f64>> {
    let mut grid = CellGrid::new(HALF_WIDTH, HALF_HEIGHT, 120.0);
    let mut cuts = vec![Vec::new(); segments.len()];
    for (index, segment) in segments.iter().enumerate() {
        let middle = segment.a.towards(segment.b, 0.5);
        let reach = segment.a.distance(segment.b) / 2.0 + SNAP;
        let mut others: Vec<u32> = grid.near(middle, reach).collect();
        others.sort_unstable();
        others.dedup();
        for other in others {
            if let Some((share, other_share)) = crossing(segment, &segments[other as usize]) {
                cuts[index].push(share);
                cuts[other as usize].push(other_share);
            }
            let other = other as usize;
            cuts[index].extend(touches(segment, &segments[other]));
            let touched: Vec<f64> = touches(&segments[other], segment).collect();
            cuts[other].extend(touched);
        }
        grid.insert_segment(segment.a, segment.b, number(index));
    }
    cuts
}

/// Shares of `one` where an end of `two` nearly lies on it.
fn touches(one: &Segment, two: &Segment) -> impl Iterator<Item = f64> {
    let one = *one;
    [two.a, two.b].into_iter().filter_map(move |end| {
        let (share, spot) = end.project_on(one.a, one.b);
        (share > 0.0 && share < 1.0 && end.distance(spot) < SNAP * 0.6).then_some(share)
    })
}

fn crossing(one: &Segment, two: &Segment) -> Option<(f64, f64)> {
    let (along, along_two) = (one.b.minus(one.a), two.b.minus(two.a));
    let turn = along.cross(along_two);
    if turn.abs() < 1e-9 {
        return None;
    }
    let between = two.a.minus(one.a);
    let share = between.cross(along_two) / turn;
    let other_share = between.cross(along) / turn;
    let inside = 0.0..=1.0;
    (inside.contains(&share) && inside.contains(&other_share)).then_some((share, other_share))
}
