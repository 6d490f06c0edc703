//! Taking up where things stand: couriers at their last positions, orders that were open before this process began.

use app::orders::{OrderFilter, OrderView};
use domain::{
    geo::Point,
    id::{CourierId, OrderId},
    order::Status,
};
use jiff::Timestamp;

use super::{World, agenda::Deed, known::Known, riders::Courier};
use crate::{error::Error, seed::Rider};

const ORDERS_AT_ONCE: usize = 200;

impl World {
    pub(super) async fn take_up(&mut self, now: Timestamp) -> Result<(), Error> {
        let city = std::sync::Arc::clone(&self.city);
        for rider in &city.riders {
            self.take_up_courier(now, rider, false).await?;
        }
        if let Some(players) = self.players.filter(|_| self.manner.patience.is_some()) {
            self.take_up_courier(now, &players.rider, true).await?;
        }
        for view in self.open_order_views().await? {
            self.take_up_order(now, &view);
        }
        let ids: Vec<CourierId> = self.couriers.keys().copied().collect();
        for id in ids {
            self.resume(now, id);
        }
        Ok(())
    }

    async fn take_up_courier(&mut self, now: Timestamp, rider: &Rider, by_hand: bool) -> Result<(), Error> {
        let row = self.app.courier(&self.as_courier(rider.id), rider.id).await?.row;
        if by_hand && !row.on_shift {
            return Ok(());
        }
        let at = row.lat.zip(row.lng).map_or(rider.home, |(lat, lng)| Point { lat, lng });
        let since = row.on_shift.then_some(now);
        self.couriers.insert(rider.id, Courier::new(rider.vehicle, rider.home, at, since, by_hand));
        for offer in self.app.open_offers(&self.as_courier(rider.id), rider.id).await? {
            self.offers.insert(offer.row.id, app::moment(offer.row.expires_at));
            if !by_hand {
                let at = self.after(now, 3.0, 15.0);
                self.agenda.add(at, Deed::AnswerOffer(offer.row.id, rider.id));
            }
        }
        Ok(())
    }

    /// Open orders of this city, oldest first.
    async fn open_order_views(&self) -> Result<Vec<OrderView>, Error> {
        let ctx = self.as_watcher();
        let (mut views, mut before): (Vec<OrderView>, Option<OrderId>) = (Vec::new(), None);
        loop {
            let filter = OrderFilter { open: true, before, limit: ORDERS_AT_ONCE, ..OrderFilter::default() };
            let (page, next) = self.app.list_orders(&ctx, &filter).await?;
            views.extend(page.into_iter().filter(|view| view.row.city_id == self.city.id));
            before = next;
            if before.is_none() {
                views.reverse();
                return Ok(views);
            }
        }
    }

    fn take_up_order(&mut self, now: Timestamp, view: &OrderView) {
        let (order, row) = (view.row.id, &view.row);
        let known = Known {
            restaurant: row.restaurant_id,
            customer: row.customer_id,
            door: view.quote.destination.point,
            courier: row.courier_id,
            trip: row.courier_at.zip(row.stop),
            status: view.status,
            by_hand: self.plays_kitchen(row.restaurant_id),
            fate: None,
            accept_by: row.accept_by,
        };
        self.orders.insert(order, known);
        match view.status {
            Status::Placed => self.plan_answer(now, order),
            Status::Accepted | Status::Preparing => {
                let at = self.after(now, 10.0, 120.0);
                self.agenda.add(at, Deed::FinishCooking(order));
            }
            _ => {}
        }
        if let Some(courier) = row.courier_id.and_then(|id| self.couriers.get_mut(&id)) {
            courier.jobs.push_back(order);
        }
    }

    fn resume(&mut self, now: Timestamp, id: CourierId) {
        let Some(courier) = self.couriers.get_mut(&id).filter(|courier| !courier.jobs.is_empty()) else { return };
        // What is on board is served before what still waits at a counter, and what was taken together in its sequence.
        courier.jobs.make_contiguous().sort_by_key(|job| {
            let known = self.orders.get(job);
            known.map(|known| (known.status != Status::PickedUp, known.trip))
        });
        self.serve_next(now, id);
    }
}
