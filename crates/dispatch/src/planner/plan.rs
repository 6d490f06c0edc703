//! A plan: for each courier a chain of bundles, with what the chain costs.
//!
//! Routes are small arrays that are copied whole, so that a step of the search is undone by putting the old ones back.

use super::{
    Situation, Time, Travel,
    board::{Board, narrow},
    evaluate,
};

/// Orders that one bundle holds at most.
pub const LARGEST_BUNDLE: usize = 4;
/// Bundles that the plan of one courier holds at most. What does not fit waits for a later round.
pub(super) const LONGEST: usize = 8;
/// No courier.
pub(super) const NOBODY: u16 = u16::MAX;

/// Orders of one kitchen that are carried together, in the sequence of delivery.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bundle {
    pub(super) pickup: u16,
    len: u8,
    orders: [u16; LARGEST_BUNDLE],
    /// When the last of the orders is ready.
    pub(super) ready_at: Time,
    /// How many of the orders are promised already.
    promised: u8,
}

impl Bundle {
    /// A bundle of one.
    pub(super) fn single(board: &Board, order: u16) -> Self {
        let meal = &board.meals[usize::from(order)];
        let promised = u8::from(meal.is_promised);
        Self { pickup: meal.pickup, len: 1, orders: [order, 0, 0, 0], ready_at: meal.ready_at, promised }
    }

    /// The orders in the sequence of delivery.
    pub(super) fn orders(&self) -> &[u16] {
        &self.orders[..self.len()]
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Whether any of the orders is promised already: then the courier goes for this bundle first.
    pub(super) fn is_begun(&self) -> bool {
        self.promised > 0
    }

    /// Whether there is nothing in it but what is promised already.
    pub(super) fn is_settled(&self) -> bool {
        self.promised == self.len
    }

    /// The bundle with one more order, delivered at this place of the sequence. There must be room.
    pub(super) fn with(mut self, board: &Board, order: u16, position: usize) -> Self {
        let len = self.len();
        self.orders.copy_within(position..len, position + 1);
        self.orders[position] = order;
        self.len += 1;
        let meal = &board.meals[usize::from(order)];
        self.ready_at = self.ready_at.max(meal.ready_at);
        self.promised += u8::from(meal.is_promised);
        self
    }

    fn without(mut self, board: &Board, position: usize) -> Self {
        let len = self.len();
        self.orders.copy_within(position + 1..len, position);
        self.len -= 1;
        let ready = self.orders().iter().map(|order| board.meals[usize::from(*order)].ready_at);
        self.ready_at = ready.max().unwrap_or_default();
        self
    }
}

/// A courier after a part of the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stop {
    /// When they are free there.
    pub(super) time: Time,
    /// The place by its number on the board.
    pub(super) place: usize,
    /// Ticks from ready to drop-off, summed over all orders so far.
    pub(super) late: Time,
    /// Ticks of driving and service so far.
    pub(super) work: Time,
}

/// The chain of one courier.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    len: usize,
    bundles: [Bundle; LONGEST],
    /// Before the first bundle, and after each.
    stops: [Stop; LONGEST + 1],
    pub(super) orders: usize,
    pub(super) cost: f64,
}

impl Route {
    /// Nothing to do.
    pub(super) fn empty(board: &Board, rider: usize) -> Self {
        let start = Stop { time: board.riders[rider].free_at.max(board.now), place: rider, late: 0, work: 0 };
        let mut stops = [Stop::default(); LONGEST + 1];
        stops[0] = start;
        let cost = evaluate::cost(board, rider, start, 0);
        Self { len: 0, bundles: [Bundle::default(); LONGEST], stops, orders: 0, cost }
    }

    pub(super) fn bundles(&self) -> &[Bundle] {
        &self.bundles[..self.len]
    }

    /// The courier before a bundle; with the number of bundles, after all.
    pub(super) fn stop(&self, before: usize) -> Stop {
        self.stops[before]
    }

    /// The courier after the whole chain.
    pub(super) fn end(&self) -> Stop {
        self.stops[self.len]
    }

    pub(super) fn is_full(&self) -> bool {
        self.len == LONGEST
    }

    /// Puts a bundle before another, or behind all. False, and a broken route, if it cannot be driven.
    pub(super) fn insert(&mut self, board: &Board, rider: usize, position: usize, bundle: Bundle) -> bool {
        self.bundles.copy_within(position..self.len, position + 1);
        self.bundles[position] = bundle;
        self.len += 1;
        self.orders += bundle.len();
        self.drive(board, rider, position)
    }

    /// Puts another bundle in the place of one. False, and a broken route, if it cannot be driven.
    pub(super) fn replace(&mut self, board: &Board, rider: usize, position: usize, bundle: Bundle) -> bool {
        self.orders = self.orders + bundle.len() - self.bundles[position].len();
        self.bundles[position] = bundle;
        self.drive(board, rider, position)
    }

    /// Takes an order out. False, and a broken route, if what is left cannot be driven: ways are rounded up, so that a
    /// shorter chain can take longer.
    pub(super) fn remove(&mut self, board: &Board, rider: usize, order: u16) -> bool {
        let found = self.bundles().iter().enumerate().find_map(|(number, bundle)| {
            let position = bundle.orders().iter().position(|it| *it == order)?;
            Some((number, position))
        });
        let Some((number, position)) = found else { return true };
        if self.bundles[number].len() > 1 {
            return self.replace(board, rider, number, self.bundles[number].without(board, position));
        }
        self.bundles.copy_within(number + 1..self.len, number);
        self.len -= 1;
        self.orders -= 1;
        self.drive(board, rider, number)
    }

    /// Computes times and cost anew from a bundle on.
    fn drive(&mut self, board: &Board, rider: usize, from: usize) -> bool {
        for number in from..self.len {
            let Some(stop) = evaluate::serve(board, rider, self.stops[number], &self.bundles[number]) else {
                return false;
            };
            self.stops[number + 1] = stop;
        }
        self.cost = evaluate::cost(board, rider, self.end(), self.orders);
        true
    }
}

/// The chains of all couriers.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) routes: Vec<Route>,
    /// Who serves each order, or [`NOBODY`].
    pub(super) owners: Vec<u16>,
    /// Price of an order that is left out, in ticks.
    left_out: f64,
}

impl Plan {
    /// Nobody does anything.
    pub(super) fn empty(board: &Board) -> Self {
        let routes = (0..board.riders.len()).map(|rider| Route::empty(board, rider)).collect();
        let left_out = board.settings.left_out * f64::from(board.settings.minute);
        Self { routes, owners: vec![NOBODY; board.meals.len()], left_out }
    }

    /// Everybody does what they have promised, and nothing else.
    pub(super) fn begun<T: Travel>(board: &Board, situation: &Situation<T>) -> Self {
        let mut plan = Self::empty(board);
        for (rider, number) in board.rider_numbers.iter().enumerate() {
            let courier = Some(situation.couriers[*number].id);
            let promised = (0..).zip(&situation.orders).filter(|(_, order)| order.promised_to == courier);
            let orders: Vec<u16> = promised.map(|(order, _)| order).take(LARGEST_BUNDLE).collect();
            let Some((first, rest)) = orders.split_first() else { continue };
            let add = |bundle: Bundle, order: &u16| bundle.with(board, *order, bundle.len());
            let bundle = rest.iter().fold(Bundle::single(board, *first), add);
            plan.routes[rider].insert(board, rider, 0, bundle);
            for order in bundle.orders() {
                plan.owners[usize::from(*order)] = narrow(rider);
            }
        }
        plan
    }

    /// What everything costs, in ticks.
    pub(super) fn cost(&self) -> f64 {
        let left_out: f64 = self.owners.iter().filter(|owner| **owner == NOBODY).map(|_| self.left_out).sum();
        self.routes.iter().map(|route| route.cost).sum::<f64>() + left_out
    }

    /// The price of an order that is left out, in ticks.
    pub(super) fn left_out(&self) -> f64 {
        self.left_out
    }

    /// Who serves an order.
    pub(super) fn owner(&self, order: u16) -> Option<usize> {
        let owner = self.owners[usize::from(order)];
        (owner != NOBODY).then(|| usize::from(owner))
    }
}
