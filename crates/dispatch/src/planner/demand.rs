//! How much is ordered at each kitchen at present: an exponential average of what was ordered today.
//!
//! It may start with a guess, a few orders that may come from any kitchen, which is forgotten as orders are. Where couriers
//! may be sent ahead, that spreads them before the first orders; otherwise it brings nothing.

/// Memory of the demand, in minutes.
const MEMORY: f64 = 60.0;
/// Orders an hour that are expected of all kitchens together before anything is known.
const FIRST_GUESS: f64 = 10.0;

/// Orders an hour at each kitchen.
#[derive(Clone, Debug)]
pub struct Demand {
    hourly: Vec<f64>,
}

impl Demand {
    /// No orders yet, at so many kitchens.
    pub fn new(pickups: usize) -> Self {
        Self { hourly: vec![0.0; pickups] }
    }

    /// Ten orders an hour, evenly from so many kitchens.
    pub fn guess(pickups: usize) -> Self {
        let kitchens = u32::try_from(pickups).unwrap_or(u32::MAX).max(1);
        Self { hourly: vec![FIRST_GUESS / f64::from(kitchens); pickups] }
    }

    /// Lets minutes pass.
    pub fn pass(&mut self, minutes: f64) {
        let kept = (-minutes / MEMORY).exp();
        for hourly in &mut self.hourly {
            *hourly *= kept;
        }
    }

    /// An order was placed.
    pub fn add(&mut self, pickup: usize) {
        if let Some(hourly) = self.hourly.get_mut(pickup) {
            *hourly += 60.0 / MEMORY;
        }
    }

    /// Orders an hour at a kitchen.
    pub fn hourly(&self, pickup: usize) -> f64 {
        self.hourly.get(pickup).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{Demand, FIRST_GUESS};

    #[test]
    fn the_first_guess_is_even_and_is_forgotten_as_orders_are() {
        let mut demand = Demand::guess(2);
        assert!((0..2).all(|kitchen| (demand.hourly(kitchen) - FIRST_GUESS / 2.0).abs() < 1e-9), "{demand:?}");
        demand.add(0);
        demand.pass(1_000.0);
        assert!(demand.hourly(0) < 1e-4 && demand.hourly(0) > demand.hourly(1));
    }
}
