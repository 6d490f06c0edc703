//! Ruin and recreate (Schrimpf et al. 2000): some related orders are taken out and put back at their cheapest places. A
//! step that makes the plan a little worse is kept now and then, less and less; the best plan is remembered.

use rand::{Rng, seq::SliceRandom};

use super::{
    board::Board,
    insert::Inserter,
    plan::{NOBODY, Plan, Route},
    ruin::Ruin,
};

/// Improves a plan by so many steps.
pub(super) fn improve(board: &Board, inserter: &Inserter, plan: Plan, steps: usize, random: &mut impl Rng) -> Plan {
    if board.meals.is_empty() || board.riders.is_empty() {
        return plan;
    }
    let mut search = Search::new(board, inserter, plan);
    let hottest = board.settings.temperature * f64::from(board.settings.minute);
    let count = f64::from(u32::try_from(steps).unwrap_or(u32::MAX));
    let mut done = 0.0;
    while done < count {
        search.step(hottest * (1.0 - done / count), random);
        done += 1.0;
    }
    search.best()
}

/// Puts orders that nobody serves at their cheapest places, those ready first at first.
pub(super) fn fill(board: &Board, inserter: &Inserter, plan: &mut Plan) {
    let is_open = |order: &u16| plan.owner(*order).is_none() && !board.meals[usize::from(*order)].is_promised;
    let mut open: Vec<u16> = (0..).take(board.meals.len()).filter(is_open).collect();
    open.sort_by_key(|order| board.meals[usize::from(*order)].ready_at);
    for order in open {
        if let Some(spot) = inserter.cheapest(board, plan, order, None::<&mut rand_chacha::ChaCha8Rng>) {
            spot.take(board, plan, order);
        }
    }
}

struct Search<'a> {
    board: &'a Board<'a>,
    inserter: &'a Inserter,
    plan: Plan,
    cost: f64,
    best: Plan,
    best_cost: f64,
    /// Couriers whose route may differ from that in the best plan.
    differing: Vec<usize>,
    differs: Vec<bool>,
    /// Routes before the step.
    routes: Vec<(usize, Route)>,
    /// Owners before the step.
    owners: Vec<(u16, u16)>,
    open: Vec<u16>,
    ruin: Ruin,
}

impl<'a> Search<'a> {
    fn new(board: &'a Board<'a>, inserter: &'a Inserter, plan: Plan) -> Self {
        let cost = plan.cost();
        Self {
            board,
            inserter,
            best: plan.clone(),
            cost,
            best_cost: cost,
            differing: Vec::new(),
            differs: vec![false; plan.routes.len()],
            plan,
            routes: Vec::new(),
            owners: Vec::new(),
            open: Vec::new(),
            ruin: Ruin::default(),
        }
    }

    fn best(mut self) -> Plan {
        if self.best_cost < self.cost { self.best } else { std::mem::replace(&mut self.plan, self.best) }
    }

    fn step(&mut self, temperature: f64, random: &mut impl Rng) {
        self.routes.clear();
        self.owners.clear();
        let before = self.cost;
        let fits = self.take_out(random);
        if fits {
            self.put_back(random);
        }
        let luck = 1.0 - random.random::<f64>();
        if !fits || self.cost > before - temperature * luck.ln() {
            self.undo(before);
            return;
        }
        for (rider, _) in &self.routes {
            if !self.differs[*rider] {
                self.differs[*rider] = true;
                self.differing.push(*rider);
            }
        }
        if self.cost < self.best_cost - 1e-6 {
            self.remember();
        }
    }

    /// Takes related orders out. False if what is left cannot be driven.
    fn take_out(&mut self, random: &mut impl Rng) -> bool {
        let mut chosen = std::mem::take(&mut self.open);
        chosen.clear();
        let meals = &self.board.meals;
        let chosen_now = self.ruin.choose(self.board, &self.plan, random);
        chosen.extend(chosen_now.filter(|order| !meals[usize::from(*order)].is_promised));
        let mut fits = true;
        for order in &chosen {
            self.owners.push((*order, self.plan.owners[usize::from(*order)]));
            let Some(rider) = self.plan.owner(*order) else { continue };
            self.save(rider);
            let route = &mut self.plan.routes[rider];
            self.cost -= route.cost;
            fits &= route.remove(self.board, rider, *order);
            self.cost += route.cost + self.plan.left_out();
            self.plan.owners[usize::from(*order)] = NOBODY;
        }
        self.open = chosen;
        fits
    }

    /// Puts the orders back in a sequence drawn at random.
    fn put_back(&mut self, random: &mut impl Rng) {
        let meals = &self.board.meals;
        self.open.shuffle(random);
        match random.random_range(0..4_u8) {
            0 => self.open.sort_by_key(|order| meals[usize::from(*order)].ready_at),
            1 => self.open.sort_by_key(|order| std::cmp::Reverse(self.board.ways[0].last_mile(*order))),
            _ => {}
        }
        let open = std::mem::take(&mut self.open);
        for order in &open {
            let Some(spot) = self.inserter.cheapest(self.board, &self.plan, *order, Some(random)) else { continue };
            if spot.extra >= self.plan.left_out() {
                continue;
            }
            self.save(spot.rider);
            spot.take(self.board, &mut self.plan, *order);
            self.cost += spot.extra - self.plan.left_out();
        }
        self.open = open;
    }

    fn save(&mut self, rider: usize) {
        if self.routes.iter().all(|(saved, _)| *saved != rider) {
            self.routes.push((rider, self.plan.routes[rider]));
        }
    }

    fn undo(&mut self, cost: f64) {
        for (rider, route) in self.routes.drain(..) {
            self.plan.routes[rider] = route;
        }
        for (order, owner) in self.owners.drain(..).rev() {
            self.plan.owners[usize::from(order)] = owner;
        }
        self.cost = cost;
    }

    fn remember(&mut self) {
        for rider in self.differing.drain(..) {
            self.differs[rider] = false;
            self.best.routes[rider] = self.plan.routes[rider];
        }
        self.best.owners.copy_from_slice(&self.plan.owners);
        self.best_cost = self.cost;
    }
}
