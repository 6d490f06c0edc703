//! What people make of news: an event comes in, deeds are planned.

use domain::{
    event::{Event, OrderChanged, OrderMoved, Recorded},
    geo::Point,
    id::CourierId,
    order::{Mover, Status},
};
use jiff::Timestamp;

use super::{World, agenda::Deed, known::Known, luck::Occasion, riders::Courier};
use crate::error::Error;

/// Delivered orders that get a review.
const REVIEWED: f64 = 0.35;

impl World {
    pub(super) async fn react(&mut self, now: Timestamp, recorded: &Recorded) -> Result<(), Error> {
        match &recorded.event {
            Event::OrderMoved(moved) => {
                self.rng = self.luck.on(Occasion::Moved(moved.order_id, moved.to));
                self.order_moved(now, moved).await
            }
            Event::OrderChanged(changed) => {
                self.rng = self.luck.on(Occasion::Changed(changed.order_id));
                self.order_changed(now, changed);
                Ok(())
            }
            Event::OfferMoved(offer) => {
                self.rng = self.luck.on(Occasion::Offer(offer.offer_id.0));
                self.offer_moved(now, offer).await
            }
            Event::CourierChanged { courier_id, on_shift, .. } => self.shift_changed(now, *courier_id, *on_shift).await,
            _ => Ok(()),
        }
    }

    async fn order_moved(&mut self, now: Timestamp, moved: &OrderMoved) -> Result<(), Error> {
        let order = moved.order_id;
        if moved.to == Status::Placed {
            return self.placed(now, moved).await;
        }
        let Some(known) = self.orders.get_mut(&order) else { return Ok(()) };
        known.status = moved.to;
        let by_hand = known.by_hand;
        match moved.to {
            Status::Accepted if by_hand && moved.mover == Mover::Restaurant => self.watch_cooking(order).await,
            Status::Ready => {
                self.food_ready(now, order);
                self.watch_waiting(now, order);
                Ok(())
            }
            Status::PickedUp => {
                if let Some(courier) = moved.courier_id {
                    self.carry(now, courier, order);
                }
                Ok(())
            }
            ended if ended.is_final() => self.ended(now, moved).await,
            _ => Ok(()),
        }
    }

    async fn placed(&mut self, now: Timestamp, moved: &OrderMoved) -> Result<(), Error> {
        let view = self.app.order(&self.as_watcher(), moved.order_id).await?;
        let known = Known {
            restaurant: moved.restaurant_id,
            customer: moved.customer_id,
            door: view.quote.destination.point,
            courier: None,
            trip: None,
            status: Status::Placed,
            by_hand: self.plays_kitchen(moved.restaurant_id),
            fate: self.script.as_mut().and_then(|script| script.take_fate(moved.order_id)),
            accept_by: view.row.accept_by,
        };
        self.orders.insert(moved.order_id, known);
        self.plan_answer(now, moved.order_id);
        Ok(())
    }

    async fn ended(&mut self, now: Timestamp, moved: &OrderMoved) -> Result<(), Error> {
        let order = moved.order_id;
        self.orders.remove(&order);
        self.tally.ended(moved.to);
        if let Some(courier) = moved.courier_id {
            self.released(now, courier, order);
        }
        if moved.to == Status::Delivered {
            let view = self.app.order(&self.as_watcher(), order).await?;
            self.tally.time(&view.row);
            let resident = self.city.residents.iter().any(|resident| resident.id == moved.customer_id);
            if resident && self.chance(REVIEWED) {
                let at = self.after(now, 60.0, 900.0);
                self.agenda.add(at, Deed::Review(order, moved.customer_id));
                return Ok(());
            }
        }
        self.luck.forget(order);
        Ok(())
    }

    fn order_changed(&mut self, now: Timestamp, changed: &OrderChanged) {
        let (order, Some(courier)) = (changed.order_id, changed.courier_id) else { return };
        match changed.what.as_str() {
            "courier_assigned" => {
                if let Some(known) = self.orders.get_mut(&order) {
                    known.courier = Some(courier);
                    self.assigned(now, courier, order);
                }
            }
            "courier_released" => {
                if let Some(known) = self.orders.get_mut(&order) {
                    (known.courier, known.trip) = (None, None);
                }
                self.released(now, courier, order);
            }
            _ => {}
        }
    }

    /// Somebody came to work or went. A player's courier is moved from when they first press the button; couriers whom people
    /// registered ride themselves.
    async fn shift_changed(&mut self, now: Timestamp, id: CourierId, on_shift: bool) -> Result<(), Error> {
        if let Some(courier) = self.couriers.get_mut(&id) {
            courier.note_shift(now, on_shift);
            return Ok(());
        }
        if let Some(players) = self.players.filter(|players| players.rider.id == id && on_shift) {
            let rider = players.rider;
            let row = self.app.courier(&self.as_courier(id), id).await?.row;
            let at = row.lat.zip(row.lng).map_or(rider.home, |(lat, lng)| Point { lat, lng });
            self.couriers.insert(id, Courier::new(rider.vehicle, rider.home, at, Some(now), true));
        }
        Ok(())
    }
}
