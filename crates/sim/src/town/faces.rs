//! The blocks between the roads: the faces of the planar graph.
//!
//! Every edge is walked once in each direction; at every node the walk takes the next edge clockwise, so that a face
//! lies to the left of its walk. Dead ends are left out first, so that no block has a spike.

use super::network::{Network, other_end};
use super::plane::{Spot, double_area, middle, number};

/// A block: its corners anticlockwise, with its area.
pub(super) struct Face {
    pub(super) corners: Vec<Spot>,
    pub(super) middle: Spot,
    pub(super) area_m2: f64,
}

/// All bounded faces of the graph, in a fixed order.
pub(super) fn faces(network: &Network) -> Vec<Face> {
    let around = sorted_neighbours(network);
    let mut walked: Vec<Vec<bool>> = around.iter().map(|nodes| vec![false; nodes.len()]).collect();
    let mut found = Vec::new();
    for start in 0..around.len() {
        for side in 0..around[start].len() {
            if walked[start][side] {
                continue;
            }
            let corners = walk(network, &around, &mut walked, (start, side));
            let area_m2 = double_area(&corners) / 2.0;
            if area_m2 > 0.0 {
                found.push(Face { middle: middle(&corners), corners, area_m2 });
            }
        }
    }
    found
}

fn walk(network: &Network, around: &[Vec<u32>], walked: &mut [Vec<bool>], start: (usize, usize)) -> Vec<Spot> {
    let (mut node, mut side) = start;
    let mut corners = Vec::new();
    while !walked[node][side] {
        walked[node][side] = true;
        corners.push(network.nodes[node]);
        let next = around[node][side] as usize;
        let back = around[next].iter().position(|other| *other as usize == node).unwrap_or(0);
        side = (back + around[next].len() - 1) % around[next].len();
        node = next;
    }
    corners
}

/// For every node its neighbours anticlockwise from east, without dead ends.
fn sorted_neighbours(network: &Network) -> Vec<Vec<u32>> {
    let links = network.links_of_nodes();
    let mut degree: Vec<usize> = links.iter().map(Vec::len).collect();
    let mut loose: Vec<u32> = (0..number(degree.len())).filter(|node| degree[*node as usize] == 1).collect();
    while let Some(node) = loose.pop() {
        degree[node as usize] = 0;
        for link in &links[node as usize] {
            let next = other_end(&network.links[*link as usize], node);
            let left = degree[next as usize].saturating_sub(1);
            degree[next as usize] = left;
            if left == 1 {
                loose.push(next);
            }
        }
    }
    let mut around: Vec<Vec<u32>> = vec![Vec::new(); degree.len()];
    for node in (0..degree.len()).filter(|node| degree[*node] > 0) {
        let here = network.nodes[node];
        let neighbours = links[node].iter().map(|link| other_end(&network.links[*link as usize], number(node)));
        let mut kept: Vec<u32> = neighbours.filter(|next| degree[*next as usize] > 0).collect();
        kept.sort_by(|a, b| angle_to(here, network.at(*a)).total_cmp(&angle_to(here, network.at(*b))));
        around[node] = kept;
    }
    around
}

fn angle_to(here: Spot, there: Spot) -> f64 {
    let along = there.minus(here);
    along.y.atan2(along.x)
}
