//! How well the kitchens are covered: how long the orders that may be placed next would wait for a courier.
//!
//! An order that is placed now is fetched by who can be there first, after what the plan has for them already. It waits if
//! its food is ready earlier. A courier is worth, in a minute, what the orders of that minute would wait longer without
//! them; a move is worth the difference between two places, from the arrival until the courier will be needed anyway.

use super::{
    Situation, Time, Travel,
    board::Board,
    plan::{Plan, Route},
    preparation::Preparation,
};

/// For so many minutes a courier stays where they went.
const SPAN: f64 = 15.0;
/// Who is where is judged for so many minutes ahead, about the middle of that span. By then those under way have arrived,
/// and nobody follows them.
const AHEAD: Time = 7;
/// Couriers farther away than so many minutes are as good as none.
const FARTHEST: Time = 40;
/// Kitchens at which less is ordered in an hour are left out.
const LEAST_DEMAND: f64 = 0.01;

/// Who can be where, and when.
pub(super) struct Coverage<'a> {
    board: &'a Board<'a>,
    /// The caller's numbers of the kitchens at which something is ordered.
    pub(super) kitchens: Vec<usize>,
    /// Orders a minute at each kitchen.
    rates: Vec<f64>,
    /// For each courier the ticks until they could be at each kitchen, told to go some minutes from now; none for those
    /// who work no more.
    reach: Vec<Vec<Time>>,
    /// For each class the ways between the kitchens.
    between: Vec<Vec<Vec<Time>>>,
    /// How long food waits for who is there after so many ticks.
    waits: Vec<f64>,
}

impl<'a> Coverage<'a> {
    pub(super) fn new<T: Travel>(
        board: &'a Board<'a>,
        plan: &Plan,
        situation: &Situation<T>,
        travel: &T,
        preparation: &Preparation,
    ) -> Self {
        let pickups = &situation.pickups;
        let kitchens: Vec<usize> = (0..pickups.len()).filter(|it| pickups[*it].demand > LEAST_DEMAND).collect();
        let vehicle = |rider: usize| situation.couriers[board.rider_numbers[rider]].vehicle;
        let ways = |from, vehicle| kitchens.iter().map(move |to| travel.time(from, pickups[*to].place, vehicle));
        let ahead = AHEAD * board.settings.minute;
        let reach = |(rider, route): (usize, &Route)| {
            let end = route.end();
            let place = match end.place.checked_sub(board.riders.len()) {
                Some(order) => situation.orders[order].door,
                None => situation.couriers[board.rider_numbers[rider]].place,
            };
            let works = end.time <= board.riders[rider].off_at;
            let reach = ways(place, vehicle(rider)).map(|way| (end.time - board.now - ahead).max(0) + way);
            if works { reach.collect() } else { Vec::new() }
        };
        let table = |class: usize| {
            let rider = board.riders.iter().position(|rider| rider.class == class).unwrap_or_default();
            kitchens.iter().map(|from| ways(pickups[*from].place, vehicle(rider)).collect()).collect()
        };
        Self {
            board,
            rates: kitchens.iter().map(|it| pickups[*it].demand / 60.0).collect(),
            reach: plan.routes.iter().enumerate().map(reach).collect(),
            between: (0..board.ways.len()).map(table).collect(),
            waits: preparation.waits(usize::try_from(FARTHEST * board.settings.minute).unwrap_or_default()),
            kitchens,
        }
    }

    /// The move that is worth most, in ticks: who goes to which of the kitchens, by its place in `kitchens`.
    pub(super) fn best_move(&self, idle: &[usize]) -> Option<(f64, usize, usize)> {
        let first = self.first();
        let moves = idle.iter().flat_map(|rider| {
            let others: Vec<f64> = first.iter().map(|it| self.wait(it.without(*rider))).collect();
            let here = self.worth(&self.reach[*rider], &others);
            let between = &self.between[self.board.riders[*rider].class];
            (0..self.kitchens.len()).filter_map(move |kitchen| {
                let way = f64::from(self.reach[*rider][kitchen]) / f64::from(self.board.settings.minute);
                let stays = SPAN - way;
                if way <= 0.0 || stays <= 0.0 {
                    return None;
                }
                let there = self.worth(&between[kitchen], &others);
                Some((there * stays - here * SPAN, *rider, kitchen))
            })
        });
        moves.max_by(|one, other| one.0.total_cmp(&other.0))
    }

    /// The courier is on the way to a kitchen from now on.
    pub(super) fn go(&mut self, rider: usize, kitchen: usize) {
        let way = self.reach[rider][kitchen];
        let between = &self.between[self.board.riders[rider].class][kitchen];
        let left = (way - AHEAD * self.board.settings.minute).max(0);
        self.reach[rider] = between.iter().map(|onward| left + onward).collect();
    }

    /// What the orders of a minute wait less, in ticks, if somebody is so far from each kitchen.
    fn worth(&self, ways: &[Time], others: &[f64]) -> f64 {
        let saved = |((way, other), rate): ((&Time, &f64), &f64)| rate * (other - self.wait(*way)).max(0.0);
        ways.iter().zip(others).zip(&self.rates).map(saved).sum()
    }

    fn wait(&self, reach: Time) -> f64 {
        let at_counter = usize::try_from(reach.saturating_add(self.board.settings.half_pickup)).unwrap_or_default();
        self.waits[at_counter.min(self.waits.len() - 1)]
    }

    /// Who is first at each kitchen.
    fn first(&self) -> Vec<First> {
        let mut first = vec![First { rider: usize::MAX, reach: Time::MAX, second: Time::MAX }; self.kitchens.len()];
        for (rider, reach) in self.reach.iter().enumerate() {
            for (first, reach) in first.iter_mut().zip(reach) {
                if *reach < first.reach {
                    *first = First { rider, reach: *reach, second: first.reach };
                } else {
                    first.second = first.second.min(*reach);
                }
            }
        }
        first
    }
}

/// The first courier at a kitchen.
#[derive(Clone, Copy, Debug)]
struct First {
    rider: usize,
    reach: Time,
    /// When the next one is there.
    second: Time,
}

impl First {
    /// When somebody else is there.
    fn without(&self, rider: usize) -> Time {
        if self.rider == rider { self.second } else { self.reach }
    }
}
