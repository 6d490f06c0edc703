//! Which orders are taken out of the plan together: some that have to do with each other.

use rand::Rng;

use super::{
    board::{Board, narrow},
    plan::Plan,
};

/// Added to how far two orders are from each other, at most, in minutes.
const NOISE: f64 = 4.0;
/// Orders of one courier are so much nearer to each other.
const SAME_COURIER: f64 = 0.3;

/// What makes two orders related.
#[derive(Clone, Copy, Debug)]
enum Kinship {
    /// Their kitchens are near, and they are ready at about the same time.
    KitchenAndTime,
    /// They are ready at about the same time.
    Time,
    /// The courier of one could soon be at the kitchen of the other.
    Courier,
}

/// Chooses orders to take out.
#[derive(Clone, Debug, Default)]
pub(super) struct Ruin {
    scores: Vec<(f64, u16)>,
}

impl Ruin {
    /// Some orders, of which at least one is in the plan or could be.
    pub(super) fn choose(
        &mut self,
        board: &Board,
        plan: &Plan,
        random: &mut impl Rng,
    ) -> impl Iterator<Item = u16> + '_ {
        let orders = board.meals.len();
        let seed = random.random_range(0..orders);
        let kinship = match random.random_range(0..3_u8) {
            0 => Kinship::KitchenAndTime,
            1 => Kinship::Time,
            _ => Kinship::Courier,
        };
        let count = random.random_range(1..=board.settings.largest_ruin).min(orders);
        self.scores.clear();
        for other in 0..orders {
            let far = if other == seed { -1.0 } else { distance(board, plan, kinship, seed, other, random) };
            self.scores.push((far, narrow(other)));
        }
        if count < orders {
            self.scores.select_nth_unstable_by(count, |one, other| one.0.total_cmp(&other.0));
        }
        self.scores.iter().take(count).map(|(_, order)| *order)
    }
}

/// How little two orders have to do with each other, in ticks.
fn distance(board: &Board, plan: &Plan, kinship: Kinship, seed: usize, other: usize, random: &mut impl Rng) -> f64 {
    let (one, two) = (&board.meals[seed], &board.meals[other]);
    let minute = f64::from(board.settings.minute);
    let apart = f64::from((one.ready_at - two.ready_at).abs());
    let owner = plan.owner(narrow(other));
    let far = match kinship {
        Kinship::KitchenAndTime => {
            let way = board.ways[0].to_pickup(board.kitchen(one.pickup), two.pickup);
            f64::from(way) + 0.5 * apart
        }
        Kinship::Time => apart,
        Kinship::Courier => match owner {
            Some(rider) => f64::from(board.arrival(rider, one.pickup) - board.now),
            None => 0.0,
        },
    };
    let near = owner.is_some() && owner == plan.owner(narrow(seed));
    let noise = random.random::<f64>() * NOISE * minute;
    if near { far * SAME_COURIER + noise } else { far + noise }
}
