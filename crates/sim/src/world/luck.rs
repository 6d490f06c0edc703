//! Luck: what is left to chance in a deed follows from the seed, the deed, and the customer whose order it is about.
//!
//! Not from what happened before it: so the same customers order the same, the same dishes take as long and the same doors
//! stay shut whichever policy sends the couriers, and two policies can be compared on one day.

use std::collections::BTreeMap;

use domain::{id::OrderId, order::Status};
use rand::SeedableRng as _;
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

use super::agenda::Deed;

/// Deeds and news draw from streams of their own.
const KINDS: u64 = 64;
/// Those of an order that comes to a status begin here.
const STATUSES: u64 = 32;

/// Something that is left to chance.
#[derive(Clone, Copy, Debug)]
pub(super) enum Occasion {
    /// The next customer.
    Customer,
    /// An order came to a status.
    Moved(OrderId, Status),
    /// Something else became of an order.
    Changed(OrderId),
    /// An offer, by its number.
    Offer(Uuid),
}

/// Where chance comes from.
#[derive(Debug)]
pub(super) struct Luck {
    seed: u64,
    /// Customers so far.
    customers: u64,
    /// What was ridden or reported for no order.
    rides: u64,
    /// Which customer placed which order.
    placed: BTreeMap<OrderId, u64>,
    /// How often a kind of thing has happened to an order.
    again: BTreeMap<(OrderId, u64), u64>,
}

impl Luck {
    pub(super) const fn new(seed: u64) -> Self {
        Self { seed, customers: 0, rides: 0, placed: BTreeMap::new(), again: BTreeMap::new() }
    }

    /// The dice of a deed.
    pub(super) fn of_deed(&mut self, deed: &Deed) -> ChaCha12Rng {
        match *deed {
            Deed::Hunger | Deed::Order | Deed::Play => self.on(Occasion::Customer),
            Deed::Cancel(order) => self.of_order(3, order),
            Deed::Review(order, _) => self.of_order(4, order),
            Deed::Answer(order) => self.of_order(5, order),
            Deed::Cook(order) => self.of_order(6, order),
            Deed::AskForTime(order, _) => self.of_order(7, order),
            Deed::FinishCooking(order) => self.of_order(8, order),
            Deed::Arrive(_, order) => self.of_order(9, order),
            Deed::PickUp(_, order) => self.of_order(10, order),
            Deed::HandOver(_, order) => self.of_order(11, order),
            Deed::CallOff(order) => self.of_order(14, order),
            Deed::AnswerOffer(offer, _) => self.dice(12, folded(offer.0)),
            Deed::Reach(..) | Deed::RideHome(_) | Deed::BeginShift(_) | Deed::EndShift(_) | Deed::ReportPositions => {
                self.rides += 1;
                self.dice(13, self.rides)
            }
        }
    }

    /// The dice of an occasion.
    pub(super) fn on(&mut self, occasion: Occasion) -> ChaCha12Rng {
        match occasion {
            Occasion::Customer => {
                self.customers += 1;
                self.dice(0, self.customers)
            }
            Occasion::Moved(order, status) => self.of_order(STATUSES + status as u64, order),
            Occasion::Changed(order) => self.of_order(1, order),
            Occasion::Offer(offer) => self.dice(2, folded(offer)),
        }
    }

    /// The customer of the hour placed an order.
    pub(super) fn note_placed(&mut self, order: OrderId) {
        self.placed.insert(order, self.customers);
    }

    /// Nothing more will be asked about an order.
    pub(super) fn forget(&mut self, order: OrderId) {
        self.placed.remove(&order);
        self.again.retain(|(of, _), _| *of != order);
    }

    /// The dice of a kind of thing that happens to an order, other ones each time. Orders of people go by their own number.
    fn of_order(&mut self, kind: u64, order: OrderId) -> ChaCha12Rng {
        let number = self.placed.get(&order).copied().unwrap_or_else(|| folded(order.0));
        let times = self.again.entry((order, kind)).or_default();
        *times += 1;
        let times = *times;
        self.dice(kind, number.wrapping_add(times << 40))
    }

    fn dice(&self, kind: u64, number: u64) -> ChaCha12Rng {
        let mut dice = ChaCha12Rng::seed_from_u64(self.seed);
        dice.set_stream(number.wrapping_mul(KINDS).wrapping_add(kind));
        dice
    }
}

fn folded(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    high.rotate_left(17) ^ low
}
