//! A decision tree as plain data.

use serde::{Deserialize, Serialize};

/// A tree; the first node is its root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
}

/// A question or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Node {
    /// Is the number of a column at most `cut`?
    Split {
        column: u32,
        cut: f64,
        /// Where a row goes whose number is unknown.
        unknown_left: bool,
        /// The node of the rows that say yes; the next one is that of the others.
        left: u32,
    },
    /// What this tree adds to the prediction.
    Leaf { value: f64 },
}

impl Tree {
    /// What it adds for a row.
    pub fn predict(&self, row: &[f64]) -> f64 {
        let mut at = 0;
        loop {
            if let Node::Leaf { value } = self.nodes[at] {
                return value;
            }
            at = self.next(at, row);
        }
    }

    /// The child of a node that a row belongs to; a leaf has none but itself.
    pub(super) fn next(&self, at: usize, row: &[f64]) -> usize {
        match self.nodes[at] {
            Node::Leaf { .. } => at,
            Node::Split { column, cut, unknown_left, left } => {
                let value = row[column as usize];
                let goes_left = value <= cut || (unknown_left && value.is_nan());
                left as usize + usize::from(!goes_left)
            }
        }
    }
}
