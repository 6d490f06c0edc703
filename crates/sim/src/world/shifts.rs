//! Shifts of a script: couriers come to work and go home. Who goes takes nothing new, and brings what is in hand to its end.
//!
//! With other hands than on the day itself somebody's food may wait for ever. After a while the desk calls it off.

use app::{orders::MoveOrder, positions::Fix};
use domain::{
    id::{CourierId, OrderId},
    order::Status,
};
use jiff::{SignedDuration, Timestamp};

use super::{World, agenda::Deed, positions::ACCURACY_M};
use crate::error::Error;

/// How long food waits at the counter without a courier until it is called off.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

impl World {
    pub(super) async fn begin_shift(&mut self, now: Timestamp, id: CourierId) -> Result<(), Error> {
        let Some(courier) = self.couriers.get_mut(&id) else { return Ok(()) };
        courier.leaves = false;
        if courier.since.is_some() {
            // Still at work: the shift before lasted until this one.
            return Ok(());
        }
        let here = courier.here(now);
        courier.reported = Some((here, now));
        let ctx = self.as_courier(id);
        let fix = Fix { lat: here.lat, lng: here.lng, accuracy_m: ACCURACY_M, at: ctx.now, mocked: false };
        self.app.report_positions(&ctx, id, &[fix]).await?;
        self.app.set_shift(&ctx, id, true).await?;
        Ok(())
    }

    /// The courier goes, or will once nothing is in hand.
    pub(super) async fn end_shift(&mut self, id: CourierId) -> Result<(), Error> {
        let Some(courier) = self.couriers.get_mut(&id) else { return Ok(()) };
        courier.leaves = true;
        if courier.jobs.is_empty() && courier.since.is_some() {
            self.app.set_shift(&self.as_courier(id), id, false).await?;
        }
        Ok(())
    }

    /// Food is ready that somebody should fetch before the desk loses patience.
    pub(super) fn watch_waiting(&mut self, now: Timestamp, order: OrderId) {
        if self.script.is_some() {
            self.agenda.add(now + PATIENCE, Deed::CallOff(order));
        }
    }

    pub(super) async fn call_off(&mut self, now: Timestamp, order: OrderId) -> Result<(), Error> {
        let Some(known) = self.orders.get(&order).filter(|known| known.status == Status::Ready) else {
            return Ok(());
        };
        if known.courier.is_some() {
            self.watch_waiting(now, order);
            return Ok(());
        }
        let reason = Some("nobody fetches it".to_owned());
        let cancelled = MoveOrder { to: Some(Status::Cancelled), reason, ..MoveOrder::default() };
        self.app.move_order(&self.as_watcher(), order, &cancelled).await?;
        Ok(())
    }
}
