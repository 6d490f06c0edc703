//! What a courier has in hand, as far as positions need it: where they are going, and who may watch.

use domain::{
    courier::CourierState,
    geo::Point,
    id::{CityId, OrderId},
};
use jiff::Timestamp;
use store::{couriers, orders};

use crate::{
    App,
    context::moment,
    couriers::{in_sequence, state},
    error::Error,
    orders::{Arrival, stored_quote},
};

/// A courier's duty.
#[derive(Clone, Debug)]
pub(super) struct Duty {
    pub(super) city_id: CityId,
    pub(super) on_shift: bool,
    pub(super) state: CourierState,
    /// Orders in hand, in the order in which they are served.
    pub(super) hands: Vec<Hand>,
}

/// An order in hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand {
    pub(super) order_id: OrderId,
    /// Where the courier is going: to the counter, or with the food to the door.
    pub(super) leads_to: Arrival,
    /// Where that is.
    pub(super) goal: Point,
    /// When the way there began.
    pub(super) since: Timestamp,
    /// They are there already.
    pub(super) there: bool,
}

impl Duty {
    /// The leg at hand: the orders on board if there are any, else those of the counter that is next.
    pub(super) fn leg(&self) -> impl Iterator<Item = &Hand> {
        let laden = self.hands.iter().any(Hand::on_board);
        let next = self.hands.first().map(|hand| hand.goal);
        self.hands.iter().filter(move |hand| if laden { hand.on_board() } else { Some(hand.goal) == next })
    }

    /// Whether the courier is on the way to the door of this order and of no other before it.
    pub(super) fn carries_first(&self, order: OrderId) -> bool {
        self.hands.first().is_some_and(|hand| hand.order_id == order && hand.on_board())
    }

    /// Whether this order is served before any other: its counter, then its door.
    pub(super) fn comes_next(&self, order: OrderId) -> bool {
        self.hands.first().is_some_and(|hand| hand.order_id == order)
    }
}

impl Hand {
    fn of(row: &orders::OrderRow) -> Result<Self, Error> {
        let kitchen = Point { lat: row.restaurant_lat, lng: row.restaurant_lng };
        let (leads_to, since) = match row.picked_up_at {
            Some(picked_up_at) => (Arrival::Door, Some(picked_up_at)),
            None => (Arrival::Counter, row.courier_at),
        };
        Ok(Self {
            order_id: row.id,
            leads_to,
            goal: if leads_to == Arrival::Door { stored_quote(row)?.destination.point } else { kitchen },
            since: moment(since.unwrap_or(row.placed_at)),
            there: leads_to.reached_at(row).is_some(),
        })
    }

    /// Whether the food is on board.
    fn on_board(&self) -> bool {
        self.leads_to == Arrival::Door
    }
}

impl App {
    /// Reads what a courier has in hand.
    pub(super) async fn load_duty(&self, row: &couriers::CourierRow) -> Result<Duty, Error> {
        let (mut in_hand, looking) = self.courier_load(row.id).await?;
        let state = state(self.clock.now(), row, &in_hand, looking);
        in_sequence(&mut in_hand);
        let hands = in_hand.iter().map(Hand::of).collect::<Result<Vec<_>, _>>()?;
        Ok(Duty { city_id: row.city_id, on_shift: row.on_shift, state, hands })
    }
}
