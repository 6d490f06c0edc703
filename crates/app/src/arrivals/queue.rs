//! The queue before an order: how many orders wait in front of it, and how long its courier is to be waited for.

use eta::arrival::{Load, Part, Queue, Slot, Spread, assignment};

use super::{Known, Pulse, count};

impl Pulse {
    /// Orders that nobody has taken and that were placed before a moment, in epoch microseconds.
    pub(super) fn ahead(&self, placed_at: i64) -> i64 {
        count(self.unassigned.partition_point(|other| *other < placed_at))
    }
}

impl Known {
    /// The wait for a courier that is reckoned from the orders in front, in seconds from when one is wanted.
    pub(super) fn queue_s(&self, slot: Slot, ahead: i64, wanted_in_s: f64) -> f64 {
        let Pulse { free, couriers, .. } = *self.pulse;
        let bound_s = self.spread(Part::Bound, slot, Load::Calm).mean();
        Queue { ahead, free, couriers, bound_s }.wait_s(wanted_in_s)
    }

    /// How long a courier is still to be waited for, `waited_s` after one was wanted, with a queue of so many seconds in
    /// front. Who waits longer than usual without one is overdue; a queue counts from now.
    pub(super) fn assignment(&self, slot: Slot, waited_s: f64, queue_s: f64) -> Spread {
        let calm = self.spread(Part::Assignment, slot, Load::Calm);
        let unqueued = match self.pulse.load() {
            Load::Calm => calm,
            // A busier city is not believed to be quicker.
            Load::Busy | Load::Full => calm.at_least(&self.spread(Part::Assignment, slot, Load::Busy)),
        };
        assignment(&unqueued.left_after(waited_s), &self.spread(Part::Queue, slot, Load::Full), queue_s)
    }
}
