//! The queue of deeds: by time, and among those of one moment by the order in which they were planned.

use std::collections::BTreeMap;

use domain::id::{CourierId, CustomerId, OfferId, OrderId};
use jiff::Timestamp;

/// Something that a person is going to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Somebody gets hungry, and the next one is planned.
    Hunger,
    /// Somebody orders.
    Order,
    /// The next order of the script is placed.
    Play,
    /// The customer changes their mind.
    Cancel(OrderId),
    /// The desk calls off what nobody will fetch.
    CallOff(OrderId),
    /// The customer says how it was.
    Review(OrderId, CustomerId),
    /// The kitchen accepts or refuses.
    Answer(OrderId),
    /// The kitchen begins.
    Cook(OrderId),
    /// The kitchen asks for so many minutes more.
    AskForTime(OrderId, i64),
    /// The food is ready.
    FinishCooking(OrderId),
    /// The courier accepts or declines.
    AnswerOffer(OfferId, CourierId),
    /// The courier gets to where a trip leads; the number tells an abandoned trip from the present one.
    Reach(CourierId, u64),
    /// The courier says so at the counter.
    Arrive(CourierId, OrderId),
    /// The courier takes the bag.
    PickUp(CourierId, OrderId),
    /// The courier stands at the door.
    HandOver(CourierId, OrderId),
    /// The courier rides back to where work usually is.
    RideHome(CourierId),
    /// The courier comes to work.
    BeginShift(CourierId),
    /// The courier's time is over.
    EndShift(CourierId),
    /// Phones say where they are.
    ReportPositions,
}

/// All deeds ahead.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    deeds: BTreeMap<(Timestamp, u64), Deed>,
    planned: u64,
}

impl Agenda {
    pub(super) fn add(&mut self, at: Timestamp, deed: Deed) {
        self.planned += 1;
        self.deeds.insert((at, self.planned), deed);
    }

    /// Takes the first deed that is due.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Deed> {
        let first = self.deeds.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// Whether a deed of a kind lies ahead.
    pub(super) fn any(&self, is: impl Fn(&Deed) -> bool) -> bool {
        self.deeds.values().any(is)
    }

    pub(super) fn next_at(&self) -> Option<Timestamp> {
        self.deeds.first_key_value().map(|((at, _), _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Agenda, Deed};
    use domain::id::OrderId;
    use jiff::{Timestamp, ToSpan};
    use uuid::Uuid;

    #[test]
    fn deeds_come_by_time_and_then_in_the_order_of_planning() {
        let (now, order) = (Timestamp::UNIX_EPOCH, OrderId(Uuid::nil()));
        let mut agenda = Agenda::default();
        agenda.add(now + 2.seconds(), Deed::Hunger);
        agenda.add(now + 1.second(), Deed::Cook(order));
        agenda.add(now + 1.second(), Deed::FinishCooking(order));
        assert_eq!(agenda.due(now), None);
        assert_eq!(agenda.next_at(), Some(now + 1.second()));
        let taken: Vec<_> = std::iter::from_fn(|| agenda.due(now + 2.seconds())).collect();
        assert_eq!(taken, [Deed::Cook(order), Deed::FinishCooking(order), Deed::Hunger]);
    }
}
