//! Delivery zones for towns that have none: each the part of the map nearest to its own cluster of restaurants.
//!
//! Clusters come from Lloyd's algorithm (1982), begun with the point farthest from all others (Gonzalez 1985). A zone is
//! the Voronoi cell of its cluster's middle, cut to an octagon wide enough that every place within [`MARGIN_M`] of a
//! restaurant lies in some zone. The cells of all towns are cut together, so that no zone lies over another. All
//! geometry is on one plane, stretched for 22° N: in the far north or south of India an octagon is a little wide or
//! narrow, which nobody notices.

use std::collections::{BTreeMap, HashMap};

use domain::geo::Point;

/// How far from a restaurant addresses are still inside a zone, in metres.
pub const MARGIN_M: f64 = 2_500.0;
/// Zones of one town at most; letters are spoken, so they should be few.
const MOST_ZONES: usize = 20;
/// The side of the squares that measure how large a town is.
const SQUARE_M: f64 = 2_500.0;
/// Inhabited squares of one zone.
const SQUARES_OF_ZONE: usize = 5;
const ROUNDS: usize = 12;
/// How often a town may get one more middle at its borders.
const BORDER_ROUNDS: usize = 4;
/// A restaurant is a stranger where those of other towns are so many times its own town's.
const STRANGERS_SHARE: usize = 4;
/// Restaurants beyond a border that are worth another middle.
const FEWEST_ASTRAY: usize = 5;
const METRES_A_DEGREE: f64 = 111_195.0;
/// Cosine of 22°.
const STRETCH: f64 = 0.927_183_85;

/// A restaurant, for drawing zones.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// Where it stands.
    pub point: Point,
    /// Its neighbourhood, from which the zone takes its name.
    pub locality: &'a str,
}

/// A zone to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneDraft {
    /// The commonest neighbourhood in it that no other zone of the town is called by.
    pub name: String,
    /// Its corners.
    pub polygon: Vec<Point>,
    /// Which sites belong to it, by number; the zone with the most comes first.
    pub sites: Vec<usize>,
}

/// Draws the zones of several towns, given the restaurants of each.
pub fn divide(towns: &[Vec<Site<'_>>]) -> Vec<Vec<ZoneDraft>> {
    let spots: Vec<Vec<Spot>> =
        towns.iter().map(|sites| sites.iter().map(|site| Spot::of(site.point)).collect()).collect();
    let natives = natives(&spots);
    let mut middles: Vec<Vec<Spot>> = natives.iter().map(|spots| middles(spots)).collect();
    settle_borders(&natives, &mut middles);
    let mut clusters: Vec<Vec<Cluster>> = spots
        .iter()
        .zip(&natives)
        .zip(middles)
        .map(|((all, natives), middles)| clusters(all, natives, middles))
        .collect();
    embrace(&spots, &mut clusters);
    let all: Vec<&Cluster> = clusters.iter().flatten().collect();
    let zones = towns.iter().zip(&clusters).map(|(sites, clusters)| {
        let names = names(sites, clusters);
        let zone = |(cluster, name): (&Cluster, String)| {
            let polygon = cell(cluster, &all).into_iter().map(Spot::to_point).collect();
            ZoneDraft { name, polygon, sites: cluster.members.clone() }
        };
        clusters.iter().zip(names).map(zone).collect()
    });
    zones.collect()
}

/// Letters for zones: A to Z without I and O, which are heard and read as numbers, then AA, AB and on.
pub fn letters() -> impl Iterator<Item = String> {
    let single = || ('A'..='Z').filter(|letter| !matches!(letter, 'I' | 'O'));
    let double = single().flat_map(move |first| single().map(move |second| format!("{first}{second}")));
    single().map(String::from).chain(double)
}

/// A spot on the plane, in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spot {
    x: f64,
    y: f64,
}

impl Spot {
    fn of(point: Point) -> Self {
        Self { x: point.lng * METRES_A_DEGREE * STRETCH, y: point.lat * METRES_A_DEGREE }
    }

    fn to_point(self) -> Point {
        let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
        Point { lat: rounded(self.y / METRES_A_DEGREE), lng: rounded(self.x / (METRES_A_DEGREE * STRETCH)) }
    }

    fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

struct Cluster {
    middle: Spot,
    /// Distance of the farthest member.
    radius: f64,
    members: Vec<usize>,
}

/// The middles of a town's clusters.
fn middles(spots: &[Spot]) -> Vec<Spot> {
    let mut middles = seeds(spots);
    let mut members = nearest_of(spots, &middles);
    for _ in 0..ROUNDS {
        for (middle, members) in middles.iter_mut().zip(&members) {
            if let Some(mean) = mean(spots, members) {
                *middle = mean;
            }
        }
        let moved = nearest_of(spots, &middles);
        if moved == members {
            break;
        }
        members = moved;
    }
    middles
}

/// Towns that touch: restaurants nearer to a middle of another town would lie in its zones. Where there are many such,
/// their town gets one more middle among them, so that the border between towns runs between their restaurants.
fn settle_borders(spots: &[Vec<Spot>], middles: &mut [Vec<Spot>]) {
    for _ in 0..BORDER_ROUNDS {
        let mut changed = false;
        for town in 0..spots.len() {
            let foreign: Vec<Spot> = others(middles, town);
            let nearest =
                |spot: &Spot, of: &[Spot]| of.iter().map(|middle| spot.distance(*middle)).fold(f64::INFINITY, f64::min);
            let astray: Vec<usize> = (0..spots[town].len())
                .filter(|at| nearest(&spots[town][*at], &foreign) < nearest(&spots[town][*at], &middles[town]))
                .collect();
            let many = astray.len() >= FEWEST_ASTRAY && middles[town].len() < MOST_ZONES + BORDER_ROUNDS;
            if let Some(middle) = mean(&spots[town], &astray).filter(|_| many) {
                middles[town].push(middle);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

/// The middles of all towns but one.
fn others(middles: &[Vec<Spot>], town: usize) -> Vec<Spot> {
    middles.iter().enumerate().filter(|(at, _)| *at != town).flat_map(|(_, middles)| middles.iter().copied()).collect()
}

/// Clusters of a town, the largest first, around the middles that have natives. Strangers join the nearest.
fn clusters(all: &[Spot], natives: &[Spot], middles: Vec<Spot>) -> Vec<Cluster> {
    let settled = nearest_of(natives, &middles).into_iter().zip(middles).filter(|(members, _)| !members.is_empty());
    let (settled, middles): (Vec<Vec<usize>>, Vec<Spot>) = settled.unzip();
    let members = nearest_of(all, &middles);
    let cluster = |((natives_at, middle), members): ((Vec<usize>, Spot), Vec<usize>)| {
        let radius = natives_at.iter().map(|at| natives[*at].distance(middle)).fold(0.0, f64::max);
        Cluster { middle, radius, members }
    };
    let mut clusters: Vec<Cluster> = settled.into_iter().zip(middles).zip(members).map(cluster).collect();
    clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.members.len()));
    clusters
}

/// The restaurants of each town without its strangers: those among many more of another town. A list gives some
/// restaurants the coordinates of a head office; such must not found a zone in the midst of the next town. A town whose
/// restaurants all live among another's, such as a suburb, has natives all the same.
fn natives(spots: &[Vec<Spot>]) -> Vec<Vec<Spot>> {
    let mut counts: HashMap<(i64, i64), BTreeMap<usize, usize>> = HashMap::new();
    for (town, spots) in spots.iter().enumerate() {
        for spot in spots {
            *counts.entry(square(*spot)).or_default().entry(town).or_default() += 1;
        }
    }
    let around = |spot: Spot, town: usize| {
        let (x, y) = square(spot);
        let near = (-1..=1).flat_map(|right| (-1..=1).map(move |up| (x + right, y + up)));
        let near = near.filter_map(|at| counts.get(&at)).flatten();
        let (mut own, mut others) = (0, 0);
        for (of, count) in near {
            *(if *of == town { &mut own } else { &mut others }) += *count;
        }
        (own, others)
    };
    let of_town = |(town, spots): (usize, &Vec<Spot>)| {
        let native = |spot: &&Spot| {
            let (own, others) = around(**spot, town);
            own * STRANGERS_SHARE >= others
        };
        let natives: Vec<Spot> = spots.iter().filter(native).copied().collect();
        if natives.is_empty() { spots.clone() } else { natives }
    };
    spots.iter().enumerate().map(of_town).collect()
}

/// Widens clusters, so that places near strangers too lie in a zone: that of the cluster they really are in.
fn embrace(spots: &[Vec<Spot>], clusters: &mut [Vec<Cluster>]) {
    for spot in spots.iter().flatten() {
        let all = clusters.iter_mut().flatten();
        let nearest = all.min_by(|a, b| a.middle.distance(*spot).total_cmp(&b.middle.distance(*spot)));
        if let Some(cluster) = nearest {
            cluster.radius = cluster.radius.max(cluster.middle.distance(*spot));
        }
    }
}

/// Begins with the spot nearest to the mean, then adds the one farthest from all chosen.
fn seeds(spots: &[Spot]) -> Vec<Spot> {
    let all: Vec<usize> = (0..spots.len()).collect();
    let Some(mean) = mean(spots, &all) else { return Vec::new() };
    let Some(first) = spots.iter().min_by(|a, b| a.distance(mean).total_cmp(&b.distance(mean))) else {
        return Vec::new();
    };
    let wanted = squares(spots).div_ceil(SQUARES_OF_ZONE).clamp(1, MOST_ZONES);
    let mut seeds = vec![*first];
    let mut distances: Vec<f64> = spots.iter().map(|spot| spot.distance(*first)).collect();
    while seeds.len() < wanted {
        let farthest = distances.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((at, _)) = farthest.filter(|(_, distance)| **distance > SQUARE_M) else { break };
        let seed = spots[at];
        seeds.push(seed);
        for (distance, spot) in distances.iter_mut().zip(spots) {
            *distance = distance.min(spot.distance(seed));
        }
    }
    seeds
}

/// How many squares of the plane hold a restaurant.
fn squares(spots: &[Spot]) -> usize {
    let mut squares: Vec<(i64, i64)> = spots.iter().map(|spot| square(*spot)).collect();
    squares.sort_unstable();
    squares.dedup();
    squares.len()
}

#[expect(clippy::cast_possible_truncation, reason = "metres on Earth, in squares, are below 20,000")]
fn square(spot: Spot) -> (i64, i64) {
    ((spot.x / SQUARE_M).floor() as i64, (spot.y / SQUARE_M).floor() as i64)
}

fn nearest_of(spots: &[Spot], middles: &[Spot]) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); middles.len()];
    for (at, spot) in spots.iter().enumerate() {
        let distances = middles.iter().map(|middle| spot.distance(*middle)).enumerate();
        if let Some((nearest, _)) = distances.min_by(|a, b| a.1.total_cmp(&b.1)) {
            members[nearest].push(at);
        }
    }
    members
}

#[expect(clippy::cast_precision_loss, reason = "a town has fewer restaurants than 2^52")]
fn mean(spots: &[Spot], members: &[usize]) -> Option<Spot> {
    let count = members.len() as f64;
    let sum = members.iter().fold((0.0, 0.0), |sum, at| (sum.0 + spots[*at].x, sum.1 + spots[*at].y));
    (!members.is_empty()).then(|| Spot { x: sum.0 / count, y: sum.1 / count })
}

/// The cell of a cluster: an octagon, cut at the border to every other cluster near enough to matter.
///
/// A place within the margin of a restaurant of cluster A is nearest to the middle of some B no farther off than A's
/// radius and the margin; so B's octagon must hold a circle of that size.
fn cell(cluster: &Cluster, all: &[&Cluster]) -> Vec<Spot> {
    let reach = |other: &Cluster| other.radius + MARGIN_M;
    let near = all.iter().filter(|other| other.middle.distance(cluster.middle) <= 2.0 * reach(other));
    let widest = near.map(|other| reach(other)).fold(reach(cluster), f64::max);
    let mut corners = octagon(cluster.middle, widest);
    for other in all.iter().filter(|other| other.middle != cluster.middle) {
        corners = nearer_part(&corners, cluster.middle, other.middle);
    }
    corners
}

/// The regular octagon around a circle.
fn octagon(middle: Spot, radius: f64) -> Vec<Spot> {
    let half_side = radius * (std::f64::consts::PI / 8.0).tan();
    let offsets = [
        (radius, -half_side),
        (radius, half_side),
        (half_side, radius),
        (-half_side, radius),
        (-radius, half_side),
        (-radius, -half_side),
        (-half_side, -radius),
        (half_side, -radius),
    ];
    offsets.map(|(x, y)| Spot { x: middle.x + x, y: middle.y + y }).to_vec()
}

/// The part of a convex polygon that is nearer to one spot than to another (Sutherland and Hodgman 1974).
fn nearer_part(polygon: &[Spot], own: Spot, other: Spot) -> Vec<Spot> {
    let between = Spot { x: f64::midpoint(own.x, other.x), y: f64::midpoint(own.y, other.y) };
    let beyond = |spot: Spot| (spot.x - between.x) * (other.x - own.x) + (spot.y - between.y) * (other.y - own.y);
    let mut part = Vec::with_capacity(polygon.len() + 1);
    for (at, here) in polygon.iter().enumerate() {
        let next = polygon[(at + 1) % polygon.len()];
        let (side, next_side) = (beyond(*here), beyond(next));
        if side <= 0.0 {
            part.push(*here);
        }
        if (side < 0.0 && next_side > 0.0) || (side > 0.0 && next_side < 0.0) {
            let share = side / (side - next_side);
            part.push(Spot { x: here.x + (next.x - here.x) * share, y: here.y + (next.y - here.y) * share });
        }
    }
    part
}

fn names(sites: &[Site<'_>], clusters: &[Cluster]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for cluster in clusters {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for at in &cluster.members {
            *counts.entry(sites[*at].locality).or_default() += 1;
        }
        let mut common: Vec<(&str, usize)> = counts.into_iter().collect();
        common.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        let unused = common.iter().find(|(name, _)| !names.iter().any(|known| known == name));
        let first = common.first().map_or("", |(name, _)| name);
        let name = unused.map_or_else(|| format!("{first} {}", names.len() + 1), |(name, _)| (*name).to_owned());
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests;
