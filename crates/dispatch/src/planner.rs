//! A rolling horizon: at every moment a whole plan, and of it only what must happen now.
//!
//! A plan is a chain of bundles for every courier. Each round takes over the plan of the round before, puts the new orders
//! in, improves it by ruin and recreate, and commits the first bundle of a courier only when the courier must leave to be
//! at the kitchen when the food is ready, or, where they have promised to fetch others there, before those are picked up (the
//! two-stage idea of Reyes, Erera, Savelsbergh, Sahasrabudhe and O'Neil: *The
//! Meal Delivery Routing Problem*, 2018). Where a courier ends up has a price, see [`value`].
//!
//! The planner knows no clock, no unit and no geography: the caller says how long a tick is and how long ways take.
//! The same situations and the same seed give the same instructions.

mod board;
mod commit;
mod coverage;
mod demand;
mod evaluate;
mod fresh;
mod insert;
mod plan;
mod preparation;
mod reposition;
#[cfg(test)]
mod road;
mod ruin;
mod search;
mod settings;
mod situation;
mod stage;
mod value;

use std::collections::{HashMap, HashSet};

use domain::id::{CourierId, OrderId};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use board::{Board, narrow};
use insert::Inserter;
use plan::{Bundle, Plan};
use preparation::Preparation;

pub use demand::Demand;
pub use plan::LARGEST_BUNDLE;
pub use settings::Settings;
pub use situation::{Courier, Instruction, Order, Pickup, Situation, Time, Travel};

/// A courier's bundles by their ids, as they are remembered from round to round.
type Kept = (CourierId, Vec<Vec<OrderId>>);

/// The plan from round to round.
#[derive(Clone, Debug)]
pub struct Planner {
    settings: Settings,
    random: ChaCha8Rng,
    kept: Vec<Kept>,
    known: HashSet<OrderId>,
    preparation: Preparation,
}

impl Planner {
    /// A planner without a plan. Everything random follows from the seed.
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            preparation: Preparation::new(settings.minute),
            settings,
            random: ChaCha8Rng::seed_from_u64(seed),
            kept: Vec::new(),
            known: HashSet::new(),
        }
    }

    /// One round. Orders and couriers that are missing now are forgotten.
    pub fn round<T: Travel>(&mut self, situation: &Situation<T>, travel: &T) -> Vec<Instruction> {
        let settings = self.settings.clone();
        let board = Board::new(&settings, situation, travel);
        let inserter = Inserter::new(&board);
        let mut plan = self.recall(&board, situation);
        let steps = self.steps(situation);
        search::fill(&board, &inserter, &mut plan);
        let plan = search::improve(&board, &inserter, plan, steps, &mut self.random);
        let mut due = commit::due(&board, &plan, situation, travel);
        if settings.late_binding {
            self.see_new_orders(situation);
            due.extend(reposition::moves(&board, &plan, situation, travel, &self.preparation));
        }
        let leaving: HashSet<usize> =
            due.iter().filter(|(_, it)| matches!(it, Instruction::Serve { .. })).map(|(rider, _)| *rider).collect();
        self.known = situation.orders.iter().map(|order| order.id).collect();
        self.kept = keep(&board, &plan, situation, &leaving);
        due.into_iter().map(|(_, instruction)| instruction).collect()
    }

    /// How long to search: less in a round that brings nothing new.
    fn steps<T: Travel>(&self, situation: &Situation<T>) -> usize {
        let settings = &self.settings;
        let wanted = settings.iterations_per_order * situation.orders.len();
        let steps = wanted.clamp(settings.least_iterations, settings.most_iterations);
        if situation.orders.iter().any(|order| !self.known.contains(&order.id)) {
            return steps;
        }
        part(steps, settings.quiet)
    }

    fn see_new_orders<T: Travel>(&mut self, situation: &Situation<T>) {
        for order in situation.orders.iter().filter(|order| !self.known.contains(&order.id)) {
            self.preparation.see(order.ready_at - situation.now);
        }
    }

    /// The plan of the round before, as far as it can still be driven.
    fn recall<T: Travel>(&self, board: &Board, situation: &Situation<T>) -> Plan {
        let orders: HashMap<OrderId, u16> = (0..).zip(&situation.orders).map(|(number, it)| (it.id, number)).collect();
        let riders: HashMap<CourierId, usize> = board
            .rider_numbers
            .iter()
            .enumerate()
            .map(|(rider, number)| (situation.couriers[*number].id, rider))
            .collect();
        let mut plan = Plan::begun(board, situation);
        let is_promised = |order: &u16| board.meals[usize::from(*order)].is_promised;
        for (courier, bundles) in &self.kept {
            let Some(rider) = riders.get(courier).copied() else { continue };
            for bundle in bundles {
                let here = bundle.iter().filter_map(|order| orders.get(order).copied());
                let here = here.filter(|order| !is_promised(order));
                append(board, &mut plan, rider, here);
            }
        }
        plan
    }
}

/// Puts a bundle at the end of a route, if it can be driven.
fn append(board: &Board, plan: &mut Plan, rider: usize, orders: impl Iterator<Item = u16>) {
    let allowed = |order: &u16| board.meals[usize::from(*order)].barred.get(rider) != Some(&true);
    let mut bundle: Option<Bundle> = None;
    for order in orders.filter(allowed).take(board.riders[rider].capacity) {
        bundle = Some(bundle.map_or_else(|| Bundle::single(board, order), |it| it.with(board, order, it.len())));
    }
    let before = plan.routes[rider];
    let (Some(bundle), false) = (bundle, before.is_full()) else { return };
    if !plan.routes[rider].insert(board, rider, before.bundles().len(), bundle) {
        plan.routes[rider] = before;
        return;
    }
    for order in bundle.orders() {
        plan.owners[usize::from(*order)] = narrow(rider);
    }
}

/// The plan by ids, without what leaves now.
fn keep<T: Travel>(board: &Board, plan: &Plan, situation: &Situation<T>, leaving: &HashSet<usize>) -> Vec<Kept> {
    let ids = |bundle: &Bundle| bundle.orders().iter().map(|order| situation.orders[usize::from(*order)].id).collect();
    let kept = plan.routes.iter().enumerate().map(|(rider, route)| {
        let courier = situation.couriers[board.rider_numbers[rider]].id;
        let bundles = route.bundles().iter().skip(usize::from(leaving.contains(&rider))).map(ids);
        (courier, bundles.collect::<Vec<_>>())
    });
    kept.filter(|(_, bundles)| !bundles.is_empty()).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "thousands of steps"
)]
fn part(steps: usize, share: f64) -> usize {
    (steps as f64 * share) as usize
}
