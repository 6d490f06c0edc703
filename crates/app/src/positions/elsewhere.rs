//! Positions between nodes: what phones reported to one is told to the others five times a second, where Redis is there.
//!
//! Only the newest of each courier goes out, with whoever may watch it, so that a node that hears it has nothing to look
//! up. It may be lost: without Redis the other nodes learn positions from the database.

use domain::{
    courier::CourierState,
    geo::Point,
    id::{CityId, CourierId, OrderId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{App, context::moment, error::Error};

use super::{Position, duty::Duty};

/// Positions in one message.
const IN_ONE: usize = 500;

/// A courier's newest position, as one node tells the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) courier: CourierId,
    pub(super) city: CityId,
    lat: f64,
    lng: f64,
    at_us: i64,
    pub(super) on_shift: bool,
    pub(super) state: CourierState,
    pub(super) orders: Vec<OrderId>,
}

#[derive(Serialize, Deserialize)]
struct News {
    node: Uuid,
    positions: Vec<Told>,
}

impl Told {
    pub(super) fn of(courier: CourierId, duty: &Duty, position: Position) -> Self {
        Self {
            courier,
            city: duty.city_id,
            lat: position.point.lat,
            lng: position.point.lng,
            at_us: position.at.as_microsecond(),
            on_shift: duty.on_shift,
            state: duty.state,
            orders: duty.hands.iter().map(|hand| hand.order_id).collect(),
        }
    }

    pub(super) fn position(&self) -> Option<Position> {
        Some(Position { point: Point::new(self.lat, self.lng)?, at: moment(self.at_us) })
    }
}

impl App {
    /// The same application with a radio, over which nodes tell each other positions.
    #[must_use]
    pub fn with_radio(self, radio: cache::Radio) -> Self {
        self.positions.tell_others();
        Self { radio: Some(radio), ..self }
    }

    /// Tells the other nodes what was reported to this one since the last time.
    pub async fn say_positions(&self) -> Result<(), Error> {
        let Some(radio) = &self.radio else { return Ok(()) };
        let mut unsaid = self.positions.take_unsaid().into_iter();
        loop {
            let positions: Vec<Told> = unsaid.by_ref().take(IN_ONE).collect();
            if positions.is_empty() {
                return Ok(());
            }
            let news = serde_json::to_vec(&News { node: self.node, positions });
            // What Redis does not take is old before it could be said again.
            radio.say(news.map_err(|error| Error::Internal(error.to_string()))?).await;
        }
    }

    /// Hears what was reported to other nodes, for as long as it is waited for.
    pub async fn hear_positions(&self) -> Result<(), Error> {
        match &self.radio {
            Some(radio) => radio.listen(|news| self.hear(news)).await,
            None => std::future::pending().await,
        }
        Ok(())
    }

    fn hear(&self, news: &[u8]) {
        let Ok(news) = serde_json::from_slice::<News>(news) else {
            return tracing::warn!("positions of another node cannot be read");
        };
        for told in news.positions.iter().filter(|_| news.node != self.node) {
            if let Some(position) = self.positions.hear(told) {
                self.tell_listeners(told.courier, told.city, &told.orders, told.state, position);
            }
        }
    }
}
