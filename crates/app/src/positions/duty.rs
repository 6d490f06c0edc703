//! What a courier has in hand, as far as positions need it: where they are going, which door they come from, and who may
//! watch.

use domain::{
    courier::CourierState,
    geo::Point,
    id::{CityId, CourierId, OrderId},
    quote::Quote,
    trip,
};
use jiff::Timestamp;
use store::{args, couriers, orders};

use crate::{
    App,
    context::moment,
    couriers::{in_hand, state},
    error::Error,
    orders::{Arrival, stored_quote},
};

/// Nearer to a door than this, the very place would show it: half the side of the square that is shown instead.
const DOORSTEP_M: f64 = 150.0;

/// A courier's duty.
#[derive(Clone, Debug)]
pub(super) struct Duty {
    pub(super) city_id: CityId,
    pub(super) on_shift: bool,
    pub(super) state: CourierState,
    /// Orders in hand, in the order in which they are served.
    pub(super) hands: Vec<Hand>,
    /// The door that was done last, while anything is in hand.
    pub(super) left: Option<Left>,
}

/// A door that a courier has done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    /// Where it is.
    pub(super) door: Point,
    /// When the order for it ended.
    pub(super) at: Timestamp,
}

/// An order in hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand {
    pub(super) order_id: OrderId,
    /// Where the courier is going: to the counter, or with the food to the door.
    pub(super) leads_to: Arrival,
    /// Where that is.
    pub(super) goal: Point,
    /// The door that it is for in the end.
    pub(super) door: Point,
    /// How many deliveries come before; not known until it is on board.
    pub(super) doors_ahead: Option<usize>,
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

    /// How many deliveries come before that of this order; not known until it is on board.
    pub(super) fn doors_ahead(&self, order: OrderId) -> Option<usize> {
        self.hands.iter().find(|hand| hand.order_id == order)?.doors_ahead
    }

    /// Whether a place shows the way of this order alone: it is served before any other, its counter and then its door,
    /// and the courier has left the doorstep of somebody else before.
    pub(super) fn leads_only_to(&self, order: OrderId, place: Point) -> bool {
        let next = self.hands.first().filter(|hand| hand.order_id == order);
        next.is_some_and(|hand| {
            !self.left.is_some_and(|left| left.door != hand.door && left.door.distance_m(place) < DOORSTEP_M)
        })
    }

    /// Whether another door was done since this order was picked up: then its way does not begin at the counter.
    pub(super) fn came_by_another_door(&self, order: OrderId) -> bool {
        let carried = self.hands.iter().find(|hand| hand.order_id == order && hand.on_board());
        carried.zip(self.left).is_some_and(|(hand, left)| left.at >= hand.since)
    }
}

impl Hand {
    fn of(row: &orders::OrderRow, doors_ahead: Option<usize>) -> Result<Self, Error> {
        let kitchen = row.counter();
        let door = stored_quote(row)?.destination.point;
        let (leads_to, since) = match row.picked_up_at {
            Some(picked_up_at) => (Arrival::Door, Some(picked_up_at)),
            None => (Arrival::Counter, row.courier_at),
        };
        Ok(Self {
            order_id: row.id,
            leads_to,
            goal: if leads_to == Arrival::Door { door } else { kitchen },
            door,
            doors_ahead,
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
        let (rows, looking) = self.courier_load(row.id).await?;
        let state = state(self.clock.now(), row, &rows, looking);
        let ahead = trip::doors_ahead(&rows.iter().map(in_hand).collect::<Vec<_>>());
        let hands = rows.iter().map(|row| Hand::of(row, ahead.get(&row.id).copied())).collect::<Result<Vec<_>, _>>()?;
        let left = if hands.is_empty() { None } else { self.door_left(row.id).await? };
        Ok(Duty { city_id: row.city_id, on_shift: row.on_shift, state, hands, left })
    }

    /// The door that a courier did last, well or badly.
    async fn door_left(&self, courier: CourierId) -> Result<Option<Left>, Error> {
        let row: Option<(String, i64)> = self.db.optional(&orders::FIND_DOOR_LEFT, args![courier]).await?;
        let Some((quote, at)) = row else { return Ok(None) };
        let quote: Quote = serde_json::from_str(&quote)
            .map_err(|error| Error::Internal(format!("the last order of courier {courier}: {error}")))?;
        Ok(Some(Left { door: quote.destination.point, at: moment(at) }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Duty, Hand, Left};
    use crate::orders::Arrival;
    use domain::{courier::CourierState, geo::Point, id::OrderId};
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    const DOOR: Point = Point { lat: 12.97, lng: 77.6 };

    fn north(metres: f64) -> Point {
        Point { lat: DOOR.lat + metres / 111_195.0, ..DOOR }
    }

    fn id(number: u128) -> OrderId {
        OrderId(Uuid::from_u128(number))
    }

    fn carried(number: u128, door: Point, doors_ahead: usize) -> Hand {
        let (leads_to, since) = (Arrival::Door, Timestamp::UNIX_EPOCH);
        Hand { order_id: id(number), leads_to, goal: door, door, doors_ahead: Some(doors_ahead), since, there: false }
    }

    fn duty(hands: Vec<Hand>, left: Option<Point>) -> Duty {
        let left = left.map(|door| Left { door, at: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(1) });
        Duty { city_id: Uuid::nil().into(), on_shift: true, state: CourierState::ToDrop, hands, left }
    }

    #[test]
    fn a_place_shows_no_way_but_that_of_the_next_order() {
        let both = duty(vec![carried(1, DOOR, 0), carried(2, north(900.0), 1)], None);
        assert!(both.leads_only_to(id(1), north(400.0)));
        assert!(!both.leads_only_to(id(2), north(400.0)), "another door comes first");
        assert!(!both.leads_only_to(id(3), north(400.0)), "not in hand");
    }

    #[test]
    fn at_the_doorstep_of_the_one_before_a_place_still_shows_that_door() {
        let second = duty(vec![carried(2, north(900.0), 0)], Some(DOOR));
        assert!(!second.leads_only_to(id(2), DOOR));
        assert!(!second.leads_only_to(id(2), north(149.0)));
        assert!(second.leads_only_to(id(2), north(151.0)), "on the way");
        let neighbour = duty(vec![carried(2, DOOR, 0)], Some(DOOR));
        assert!(neighbour.leads_only_to(id(2), DOOR), "it is the reader's own door");
    }

    #[test]
    fn a_way_goes_on_from_the_door_that_was_done_meanwhile() {
        assert!(duty(vec![carried(2, north(900.0), 0)], Some(DOOR)).came_by_another_door(id(2)));
        assert!(!duty(vec![carried(2, north(900.0), 0)], None).came_by_another_door(id(2)));
        let later = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(2);
        let after = duty(vec![Hand { since: later, ..carried(2, north(900.0), 0) }], Some(DOOR));
        assert!(!after.came_by_another_door(id(2)), "that door was done before the pickup");
    }
}
