//! Growing one tree: the leaf that gains most is split first, until there are enough leaves.
//!
//! The gain of a split is that of a second-order expansion of the loss (Chen and Guestrin, XGBoost, 2016). The histogram of the
//! larger child is its parent's less that of the smaller, so a row is looked at rarely.

use std::ops::Range;

use super::{
    Settings, Tree,
    bins::{Binned, Bins},
    objective::Gradient,
    tree::Node,
};

/// What the rows of one interval add up to.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    slope: f64,
    curvature: f64,
    rows: u32,
}

/// A tree and which of the rows ended where.
pub(super) struct Grown {
    pub(super) tree: Tree,
    /// The rows it was grown on, reordered so that those of a leaf stand together.
    pub(super) rows: Vec<u32>,
    /// Node and rows of each leaf.
    pub(super) leaves: Vec<(usize, Range<usize>)>,
    /// What is known of each node besides.
    pub(super) origins: Vec<Origin>,
}

/// What a node was before it was split, and where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// What it would add as a leaf, were there no learning rate.
    pub(super) value: f64,
    /// Column and interval of its split.
    pub(super) split: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct Split {
    gain: f64,
    column: usize,
    bin: usize,
    unknown_left: bool,
    left: Cell,
}

struct Leaf {
    node: usize,
    depth: u32,
    rows: Range<usize>,
    total: Cell,
    histogram: Vec<Cell>,
    best: Option<Split>,
}

pub(super) struct Grower<'a> {
    pub(super) settings: &'a Settings,
    pub(super) bins: &'a Bins,
    pub(super) binned: &'a Binned,
    pub(super) gradients: &'a [Gradient],
    /// The columns that this tree may ask about.
    pub(super) columns: Vec<usize>,
}

impl Grower<'_> {
    /// Grows a tree on some rows.
    pub(super) fn grow(&self, rows: Vec<u32>) -> Grown {
        let mut grown = Grown { tree: Tree { nodes: Vec::new() }, rows, leaves: Vec::new(), origins: Vec::new() };
        let everything = 0..grown.rows.len();
        let histogram = self.histogram(&grown.rows);
        let total = self.total(&grown.rows);
        let mut leaves = vec![self.leaf(&mut grown, 0, everything, total, histogram)];
        while leaves.len() < self.settings.leaves {
            let Some(widest) = most_gain(&leaves) else { break };
            let leaf = leaves.swap_remove(widest);
            leaves.extend(self.split(&mut grown, leaf));
        }
        grown.leaves = leaves.into_iter().map(|leaf| (leaf.node, leaf.rows)).collect();
        grown
    }

    /// A leaf as a node of the tree, with the best way to split it.
    fn leaf(&self, grown: &mut Grown, depth: u32, rows: Range<usize>, total: Cell, histogram: Vec<Cell>) -> Leaf {
        let value = -total.slope / (total.curvature + self.settings.lambda);
        grown.origins.push(Origin { value, split: None });
        grown.tree.nodes.push(Node::Leaf { value: self.settings.learning_rate * value });
        let may_split = depth < self.settings.depth && rows.len() >= 2 * self.settings.leaf_rows as usize;
        let best = may_split.then(|| self.best_split(&histogram, total)).flatten();
        Leaf { node: grown.tree.nodes.len() - 1, depth, rows, total, histogram, best }
    }

    fn split(&self, grown: &mut Grown, leaf: Leaf) -> Vec<Leaf> {
        let Some(split) = leaf.best else { return vec![leaf] };
        let middle = leaf.rows.start + self.part(&mut grown.rows[leaf.rows.clone()], &split);
        let (left_rows, right_rows) = (leaf.rows.start..middle, middle..leaf.rows.end);
        let right_total = leaf.total.less(split.left);
        let left_is_smaller = left_rows.len() < right_rows.len();
        let smaller = if left_is_smaller { left_rows.clone() } else { right_rows.clone() };
        let small = self.histogram(&grown.rows[smaller]);
        let mut large = leaf.histogram;
        large.iter_mut().zip(&small).for_each(|(cell, other)| *cell = cell.less(*other));
        let (left, right) = if left_is_smaller { (small, large) } else { (large, small) };
        let left = self.leaf(grown, leaf.depth + 1, left_rows, split.left, left);
        let right = self.leaf(grown, leaf.depth + 1, right_rows, right_total, right);
        grown.origins[leaf.node].split = Some((split.column, split.bin));
        grown.tree.nodes[leaf.node] = Node::Split {
            column: index(split.column),
            cut: self.bins.cut(split.column, split.bin),
            unknown_left: split.unknown_left,
            left: index(left.node),
        };
        vec![left, right]
    }

    /// Puts the rows that go left first and says how many they are.
    fn part(&self, rows: &mut [u32], split: &Split) -> usize {
        let goes_left = |row: u32| match usize::from(self.binned.row(row)[split.column]) {
            0 => split.unknown_left,
            bin => bin <= split.bin,
        };
        let (mut left, right): (Vec<u32>, Vec<u32>) = rows.iter().partition(|row| goes_left(**row));
        let middle = left.len();
        left.extend(right);
        rows.copy_from_slice(&left);
        middle
    }

    fn histogram(&self, rows: &[u32]) -> Vec<Cell> {
        let offsets = &self.binned.offsets;
        let mut cells = vec![Cell::default(); offsets.last().copied().unwrap_or(0)];
        for row in rows {
            let Gradient { slope, curvature } = self.gradients[*row as usize];
            let bins = self.binned.row(*row);
            for column in &self.columns {
                let cell = &mut cells[offsets[*column] + usize::from(bins[*column])];
                cell.slope += slope;
                cell.curvature += curvature;
                cell.rows += 1;
            }
        }
        cells
    }

    fn total(&self, rows: &[u32]) -> Cell {
        let mut total = Cell::default();
        for row in rows {
            let Gradient { slope, curvature } = self.gradients[*row as usize];
            total = total.plus(Cell { slope, curvature, rows: 1 });
        }
        total
    }

    fn best_split(&self, histogram: &[Cell], total: Cell) -> Option<Split> {
        let mut best: Option<Split> = None;
        for column in &self.columns {
            let cells = &histogram[self.binned.offsets[*column]..self.binned.offsets[column + 1]];
            let unknown = cells[0];
            self.scan(*column, cells, total, None, &mut best);
            if unknown.rows > 0 {
                self.scan(*column, cells, total, Some(unknown), &mut best);
            }
        }
        best
    }

    /// Tries every cut of a column, with the unknown on the right or (given) on the left.
    fn scan(&self, column: usize, cells: &[Cell], total: Cell, unknown: Option<Cell>, best: &mut Option<Split>) {
        let mut left = unknown.unwrap_or_default();
        let alone = self.score(total);
        for (bin, cell) in cells.iter().enumerate().take(cells.len() - 1).skip(1) {
            left = left.plus(*cell);
            let right = total.less(left);
            if left.rows < self.settings.leaf_rows || cell.rows == 0 {
                continue;
            }
            if right.rows < self.settings.leaf_rows {
                break;
            }
            let gain = self.score(left) + self.score(right) - alone;
            if gain > self.settings.least_gain.max(1e-9) && best.is_none_or(|best| gain > best.gain) {
                *best = Some(Split { gain, column, bin, unknown_left: unknown.is_some(), left });
            }
        }
    }

    fn score(&self, cell: Cell) -> f64 {
        cell.slope * cell.slope / (cell.curvature + self.settings.lambda).max(1e-12)
    }
}

impl Cell {
    fn plus(self, other: Self) -> Self {
        let (slope, curvature) = (self.slope + other.slope, self.curvature + other.curvature);
        Self { slope, curvature, rows: self.rows + other.rows }
    }

    fn less(self, other: Self) -> Self {
        let (slope, curvature) = (self.slope - other.slope, self.curvature - other.curvature);
        Self { slope, curvature, rows: self.rows - other.rows }
    }
}

fn most_gain(leaves: &[Leaf]) -> Option<usize> {
    let gains = leaves.iter().enumerate().filter_map(|(place, leaf)| Some((place, leaf.best?.gain)));
    gains.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(place, _)| place)
}

fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
