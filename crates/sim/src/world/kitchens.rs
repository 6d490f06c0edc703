//! Kitchens: they answer within a minute or so, promise a time, cook about as long, and sometimes ask for more.

use app::orders::MoveOrder;
use domain::{
    id::{OrderId, RestaurantId},
    order::{PREP_MINUTES, Status},
};
use jiff::{SignedDuration, Timestamp};
use rand::{Rng as _, seq::IndexedRandom as _};

use super::{World, agenda::Deed};
use crate::{day::Fate, error::Error};

/// Orders that a kitchen never answers: the deadline does.
const SILENT: f64 = 0.012;
/// Orders that a kitchen refuses.
const REFUSED: f64 = 0.02;
/// Lateness from which a kitchen tells the customer, in minutes.
const WORTH_TELLING: f64 = 4.0;

impl World {
    /// Whether a player may act for this kitchen.
    pub(super) fn plays_kitchen(&self, id: RestaurantId) -> bool {
        let played = self.players.is_some_and(|players| players.kitchen == id);
        self.manner.patience.is_some() && (played || !self.city.kitchens.contains(&id))
    }

    /// A new order rings at the counter.
    pub(super) fn plan_answer(&mut self, now: Timestamp, order: OrderId) {
        let Some(known) = self.orders.get(&order) else { return };
        if known.by_hand {
            let patience = self.manner.patience.unwrap_or_default();
            return self.agenda.add(now + patience, Deed::Answer(order));
        }
        let fate = known.fate;
        match fate {
            Some(Fate::Accepted { at, .. } | Fate::Refused { at }) => self.agenda.add(at, Deed::Answer(order)),
            Some(Fate::Silent | Fate::CalledOff { .. }) => {}
            None if self.chance(SILENT) => {}
            None => {
                let at = self.after(now, 6.0, 75.0);
                self.agenda.add(at, Deed::Answer(order));
            }
        }
    }

    pub(super) async fn answer(&mut self, now: Timestamp, order: OrderId) -> Result<(), Error> {
        let Some(known) = self.orders.get(&order).filter(|known| known.status == Status::Placed) else {
            return Ok(());
        };
        let (restaurant, by_hand, fate) = (known.restaurant, known.by_hand, known.fate);
        let ctx = self.as_kitchen(restaurant);
        let unwilling = match fate {
            Some(fate) => matches!(fate, Fate::Refused { .. }),
            None => !by_hand && self.chance(REFUSED),
        };
        if unwilling {
            let reason = ["too-busy", "item-out", "closing"].choose(&mut self.rng).map(|reason| (*reason).to_owned());
            let refused = MoveOrder { to: Some(Status::Rejected), reason, ..MoveOrder::default() };
            self.app.move_order(&ctx, order, &refused).await?;
            return Ok(());
        }
        let (promised, ready_at) = match fate {
            Some(Fate::Accepted { prep_minutes, ready_at, .. }) => (prep_minutes, ready_at),
            _ => (self.promise(now, restaurant)?, None),
        };
        let accepted = MoveOrder { to: Some(Status::Accepted), prep_minutes: Some(promised), ..MoveOrder::default() };
        self.app.move_order(&ctx, order, &accepted).await?;
        if let Some(known) = self.orders.get_mut(&order) {
            // Whoever did not answer is not at the counter: the simulation cooks this one too.
            known.by_hand = false;
        }
        self.plan_cooking(now, order, promised, ready_at);
        Ok(())
    }

    /// In how many minutes a kitchen says that the food is ready.
    fn promise(&mut self, now: Timestamp, restaurant: RestaurantId) -> Result<i64, Error> {
        let usual = self.app.restaurant(restaurant)?.expected_prep_minutes(now);
        Ok((usual + self.more_minutes(restaurant)).clamp(*PREP_MINUTES.start(), *PREP_MINUTES.end()))
    }

    /// What a kitchen adds to its usual time: for the queue, and for how the day goes.
    fn more_minutes(&mut self, restaurant: RestaurantId) -> i64 {
        let queue = i32::try_from(self.cooking_at(restaurant)).unwrap_or(8).min(8);
        let minutes = f64::from(queue / 2) + self.rng.random_range(-1.0..=2.0);
        #[expect(clippy::cast_possible_truncation, reason = "at most six")]
        let whole = (minutes / self.manner.haste.max(0.1)).round() as i64;
        whole
    }

    /// The kitchen cooks until `ready_at`, or as long as luck will have it.
    fn plan_cooking(&mut self, now: Timestamp, order: OrderId, promised: i64, ready_at: Option<Timestamp>) {
        #[expect(clippy::cast_precision_loss, reason = "at most ninety")]
        let promised = promised as f64;
        let takes = ready_at.map_or_else(
            || {
                // The sum of three draws: mostly near the promise, sometimes well over it.
                let noise: f64 = (0..3).map(|_| self.rng.random_range(0.0..1.0)).sum::<f64>() / 3.0;
                promised * (0.62 + 0.76 * noise)
            },
            |ready_at| ready_at.duration_since(now).as_secs_f64() / 60.0,
        );
        let begins = self.after(now, 5.0, 60.0);
        self.agenda.add(begins, Deed::Cook(order));
        if takes > promised + WORTH_TELLING {
            let minutes = if takes > promised + 7.0 { 10 } else { 5 };
            self.agenda.add(now + self.manner.cooking(promised * 48.0), Deed::AskForTime(order, minutes));
        }
        let ready_at = ready_at.unwrap_or_else(|| now + self.manner.cooking(takes * 60.0));
        self.agenda.add(ready_at, Deed::FinishCooking(order));
    }

    /// A player accepted: their promise holds, and the simulation helps only when it has long passed.
    pub(super) async fn watch_cooking(&mut self, order: OrderId) -> Result<(), Error> {
        let view = self.app.order(&self.as_watcher(), order).await?;
        if let Some(promised) = view.row.promised_ready_at {
            let patience = self.manner.patience.unwrap_or_default();
            self.agenda.add(app::moment(promised) + patience, Deed::FinishCooking(order));
        }
        Ok(())
    }

    pub(super) async fn cook(&self, order: OrderId) -> Result<(), Error> {
        self.kitchen_moves(order, Status::Accepted, Status::Preparing).await
    }

    pub(super) async fn ask_for_time(&self, order: OrderId, minutes: i64) -> Result<(), Error> {
        let Some(known) = self.orders.get(&order) else { return Ok(()) };
        if matches!(known.status, Status::Accepted | Status::Preparing) {
            self.app.delay_order(&self.as_kitchen(known.restaurant), order, minutes).await?;
        }
        Ok(())
    }

    pub(super) async fn finish_cooking(&mut self, now: Timestamp, order: OrderId) -> Result<(), Error> {
        let Some(known) = self.orders.get(&order) else { return Ok(()) };
        let status = known.status;
        if known.by_hand {
            let view = self.app.order(&self.as_watcher(), order).await?;
            let promised = view.row.promised_ready_at.map_or(now, app::moment);
            let due = promised + self.manner.patience.unwrap_or(SignedDuration::ZERO);
            if due > now {
                self.agenda.add(due, Deed::FinishCooking(order));
                return Ok(());
            }
        }
        self.kitchen_moves(order, status, Status::Ready).await
    }

    async fn kitchen_moves(&self, order: OrderId, from: Status, to: Status) -> Result<(), Error> {
        let Some(known) = self.orders.get(&order).filter(|known| known.status == from) else { return Ok(()) };
        if from.before_pickup() && from != Status::Placed && from != to {
            let moved = MoveOrder { to: Some(to), ..MoveOrder::default() };
            self.app.move_order(&self.as_kitchen(known.restaurant), order, &moved).await?;
        }
        Ok(())
    }

    fn cooking_at(&self, restaurant: RestaurantId) -> usize {
        let cooking = |known: &&super::Known| {
            known.restaurant == restaurant && matches!(known.status, Status::Accepted | Status::Preparing)
        };
        self.orders.values().filter(cooking).count()
    }
}
