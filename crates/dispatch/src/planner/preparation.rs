//! How long kitchens take: what was seen of it so far, and how long food then waits for a courier who comes late.
//!
//! It starts with a guess that weighs as much as some dozens of orders, for the first ones tell little.

use super::Time;

/// Minutes that food takes, each as likely as the others, before anything is known.
const FIRST_GUESS: [Time; 7] = [1, 5, 9, 13, 17, 22, 32];
/// Orders that each of them counts for.
const FIRST_GUESS_ORDERS: u32 = 10;

/// How often each preparation was seen, by its ticks.
#[derive(Clone, Debug)]
pub(super) struct Preparation {
    seen: Vec<u32>,
    count: u32,
}

impl Preparation {
    /// The first guess, on a clock with so many ticks in a minute.
    pub(super) fn new(minute: Time) -> Self {
        let mut preparation = Self { seen: Vec::new(), count: 0 };
        for minutes in FIRST_GUESS {
            for _ in 0..FIRST_GUESS_ORDERS {
                preparation.see(minutes * minute);
            }
        }
        preparation
    }

    /// An order was placed whose food is ready after so many ticks.
    pub(super) fn see(&mut self, ticks: Time) {
        let ticks = usize::try_from(ticks).unwrap_or_default();
        if self.seen.len() <= ticks {
            self.seen.resize(ticks + 1, 0);
        }
        self.seen[ticks] += 1;
        self.count += 1;
    }

    /// How long food waits on average if its courier is at the counter 0, 1, 2, ... ticks after the placement. With every
    /// tick the wait grows by the part of the food that is ready by then.
    pub(super) fn waits(&self, ticks: usize) -> Vec<f64> {
        let mut waits = Vec::with_capacity(ticks + 1);
        let (mut ready, mut wait) = (0.0, 0.0);
        for tick in 0..=ticks {
            waits.push(wait);
            ready += self.seen.get(tick).copied().map_or(0.0, f64::from);
            wait += ready / f64::from(self.count.max(1));
        }
        waits
    }
}

#[cfg(test)]
mod tests {
    use super::Preparation;

    #[test]
    fn food_waits_from_when_it_is_ready() {
        let mut preparation = Preparation { seen: Vec::new(), count: 0 };
        assert_eq!(preparation.waits(3), [0.0; 4]);
        preparation.see(1);
        preparation.see(3);
        assert_eq!(preparation.waits(5), [0.0, 0.0, 0.5, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn before_anything_is_seen_there_is_a_guess() {
        let waits = Preparation::new(60).waits(300);
        assert!(waits[60] < 1e-9 && (waits[300] - 240.0 / 7.0).abs() < 1e-9, "{waits:?}");
    }
}
