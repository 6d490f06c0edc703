//! Where couriers are: taken from their phones, kept in memory, written behind.
//!
//! Phones report far more often than anybody asks, so a report touches no database. The newest position of each courier,
//! what they have in hand and who is near whom stand in one room of memory ([`Positions`]); the positions are written
//! in batches about once a second and when the server stops. A crash loses that second, and the next report repairs it.
//! What a courier has in hand is read once and forgotten when an event says that it changed.

mod arrivals;
mod duty;
mod elsewhere;
mod fix;
mod gait;
mod room;
mod trace;
mod watched;
mod writing;

use std::sync::Arc;

use domain::{
    courier::{CourierState, SILENT_AFTER_S},
    geo::{Point, nearby::Found},
    id::{CityId, CourierId, OrderId},
    permission::{Action, Owners},
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use store::couriers;

pub use fix::{Fix, Reported};
pub(crate) use room::Positions;
pub use trace::TracePoint;
pub(crate) use watched::is_customer;

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
    events::hub::{Live, Topic},
};
use duty::Duty;

/// Fixes in one report.
pub const MOST_FIXES: usize = 500;

/// Where somebody was, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Where.
    pub point: Point,
    /// When.
    pub at: Timestamp,
}

impl Position {
    /// The position in a stored row, if it has one.
    pub(crate) fn of(row: &couriers::CourierRow) -> Option<Self> {
        Some(Self { point: Point { lat: row.lat?, lng: row.lng? }, at: moment(row.fix_at?) })
    }
}

impl App {
    /// Takes positions from a courier's phone: the newest good one counts, each bad one is named.
    pub async fn report_positions(&self, ctx: &Ctx, id: CourierId, fixes: &[Fix]) -> Result<Reported, Error> {
        ctx.may(Action::CourierReport, &Owners::courier(id), "courier")?;
        if fixes.is_empty() || fixes.len() > MOST_FIXES {
            let most = i64::try_from(MOST_FIXES).unwrap_or(i64::MAX);
            return Err(Rule::OutOfRange.at("/fixes").with("min", 1).with("max", most).into());
        }
        let duty = self.duty(id).await?;
        let (reported, moved_to) = self.positions.take(ctx.now, id, &duty, fixes);
        if let Some(position) = moved_to {
            let orders: Vec<OrderId> = duty.hands.iter().map(|hand| hand.order_id).collect();
            self.tell_listeners(id, duty.city_id, &orders, duty.state, position);
        }
        Ok(reported)
    }

    /// Tells a position to those who watch the courier, the city, or an order in hand.
    fn tell_listeners(&self, id: CourierId, city: CityId, orders: &[OrderId], state: CourierState, position: Position) {
        let orders = orders.iter().copied().map(Topic::Position);
        let topics = orders.chain([Topic::City(city), Topic::Courier(id)]);
        self.hub.publish_made(topics, || Live::position(id, position.point, position.at, state));
    }

    /// Couriers at work who were heard of within the last minute, by distance from a point: the nearest `most` within so
    /// many metres that `takes` lets pass.
    pub fn nearest_couriers(
        &self,
        ctx: &Ctx,
        city: CityId,
        to: Point,
        (most, within_m): (usize, f64),
        takes: impl Fn(CourierId) -> bool,
    ) -> Vec<Found<CourierId>> {
        let heard_since = ctx.now - SignedDuration::from_secs(SILENT_AFTER_S);
        self.positions.nearest(city, to, (most, within_m), heard_since, takes)
    }

    /// How many deliveries a courier makes before that of an order; not known until it is on board.
    pub(crate) async fn doors_ahead(&self, id: CourierId, order: OrderId) -> Result<Option<usize>, Error> {
        Ok(self.duty(id).await?.doors_ahead(order))
    }

    /// Whether a courier has been at another door since the pickup of this order.
    pub(crate) async fn came_by_another_door(&self, id: CourierId, order: OrderId) -> Result<bool, Error> {
        Ok(self.duty(id).await?.came_by_another_door(order))
    }

    /// What a courier has in hand: from memory, or read once.
    async fn duty(&self, id: CourierId) -> Result<Arc<Duty>, Error> {
        let seen = match self.positions.duty(id) {
            Ok(duty) => return Ok(duty),
            Err(seen) => seen,
        };
        let row = self.courier_row(id).await?;
        let duty = Arc::new(self.load_duty(&row).await?);
        self.positions.remember(id, seen, &duty);
        Ok(duty)
    }
}
