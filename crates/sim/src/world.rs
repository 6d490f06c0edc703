//! The people of a city and what they do next, as one queue of timed deeds.
//!
//! The world learns what happened from the event log, like every face, and answers with deeds planned for later; each
//! deed is one use case called as the persona whose it is. Deeds run one after the other in the order of their times, and
//! each draws its luck from the seed alone, so a world that is stepped at the same times does the same things. A refusal by a
//! business rule is part of life: it is counted, and the person moves on.

mod adopt;
mod agenda;
pub(crate) mod basket;
mod customers;
mod kitchens;
mod known;
mod luck;
mod manner;
mod offers;
mod personas;
mod positions;
mod reactions;
mod reviews;
mod riders;
mod script;
mod shifts;
mod tally;

use std::{collections::BTreeMap, sync::Arc};

use app::App;
use domain::{
    id::{CourierId, OfferId, OrderId},
    order::Status,
};
use jiff::{SignedDuration, Timestamp};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use store::outbox::{self, Position};

use crate::{
    error::Error,
    seed::{Cast, Players, SeededCity},
};

pub use manner::Manner;
pub(crate) use script::{Cue, Script};
pub use tally::Tally;

use agenda::{Agenda, Deed};
use known::Known;
use luck::Luck;
use riders::Courier;

/// How long a person waits before trying again what the store could not do.
const AGAIN: SignedDuration = SignedDuration::from_secs(2);
const EVENTS_AT_ONCE: usize = 500;

/// A city's people in motion.
pub struct World {
    app: Arc<App>,
    city: Arc<Cast>,
    /// Whom newcomers may play, where they may.
    players: Option<Players>,
    manner: Manner,
    /// What is certain, on a day that is lived again.
    script: Option<Script>,
    luck: Luck,
    /// The dice of what is being done.
    rng: ChaCha12Rng,
    agenda: Agenda,
    position: Position,
    orders: BTreeMap<OrderId, Known>,
    couriers: BTreeMap<CourierId, Courier>,
    offers: BTreeMap<OfferId, Timestamp>,
    tally: Tally,
}

impl World {
    /// The people of a seeded city as they stand now, open orders included.
    pub async fn new(app: Arc<App>, city: &SeededCity, manner: Manner, seed: u64) -> Result<Self, Error> {
        let mut world = Self::of(app, Arc::clone(&city.cast), Some(city.players), manner, seed).await?;
        let now = world.now();
        for place in 0..world.manner.opening_rush {
            world.agenda.add(now + SignedDuration::from_millis(i64::from(place) * 700), Deed::Order);
        }
        world.plan_next_customer(now);
        Ok(world)
    }

    /// The people of a recorded day, who do what its script says.
    pub(crate) async fn replaying(
        app: Arc<App>,
        city: Arc<Cast>,
        script: Script,
        manner: Manner,
        seed: u64,
    ) -> Result<Self, Error> {
        let mut world = Self::of(app, city, None, manner, seed).await?;
        world.begin(script);
        Ok(world)
    }

    async fn of(
        app: Arc<App>,
        city: Arc<Cast>,
        players: Option<Players>,
        manner: Manner,
        seed: u64,
    ) -> Result<Self, Error> {
        let position = outbox::tail(&app.db).await?;
        let mut world = Self {
            app,
            city,
            players,
            manner,
            script: None,
            luck: Luck::new(seed),
            rng: ChaCha12Rng::seed_from_u64(seed),
            agenda: Agenda::default(),
            position,
            orders: BTreeMap::new(),
            couriers: BTreeMap::new(),
            offers: BTreeMap::new(),
            tally: Tally::default(),
        };
        let now = world.now();
        world.take_up(now).await?;
        world.agenda.add(now, Deed::ReportPositions);
        Ok(world)
    }

    fn now(&self) -> Timestamp {
        self.app.ctx(domain::permission::Actor::System).now
    }

    /// Does everything that is due by `now`, and takes in what happened.
    pub async fn step(&mut self, now: Timestamp) -> Result<(), Error> {
        self.take_in_events(now).await?;
        while let Some(deed) = self.agenda.due(now) {
            tracing::trace!(?deed, "due");
            let done = self.perform(now, &deed).await;
            self.judge(now, deed, done)?;
            self.take_in_events(now).await?;
        }
        Ok(())
    }

    /// When the next deed is due.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.agenda.next_at()
    }

    /// What came of it all so far.
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Kilometres that couriers rode so far, ways home included.
    pub fn ridden_km(&self) -> f64 {
        self.couriers.values().map(|courier| courier.ridden_m).sum::<f64>() / 1_000.0
    }

    /// What each courier who worked earned until `now`, in paise, nought for who carried nothing, and in how many hours.
    pub fn earnings(&self, now: Timestamp) -> Vec<(i64, f64)> {
        let earned = |id: &CourierId| self.tally.earned.get(id).copied().unwrap_or_default();
        let all = self.couriers.iter().map(|(id, courier)| (earned(id), courier.worked_h(now)));
        all.filter(|(_, hours)| *hours > 0.0).collect()
    }

    /// Whether everybody who was to order has, every order has ended, and nobody has anything left to say.
    pub fn is_over(&self) -> bool {
        let reviews = self.agenda.any(|deed| matches!(deed, Deed::Review(..)));
        let everybody_came = self.has_enough() || self.script.as_ref().is_some_and(Script::is_over);
        everybody_came && self.orders.is_empty() && !reviews
    }

    /// Whether a deadline has passed that a reconciler watches, or an order looks for a courier.
    pub fn needs_reconciling(&self, now: Timestamp) -> bool {
        let overdue = self.offers.values().any(|expires| *expires <= now);
        let waits = |known: &Known| match known.status {
            Status::Placed => known.accept_by <= now.as_microsecond(),
            Status::Accepted | Status::Preparing | Status::Ready => known.courier.is_none(),
            _ => false,
        };
        overdue || self.orders.values().any(waits)
    }

    /// How many orders have not ended.
    pub fn open_orders(&self) -> usize {
        self.orders.len()
    }

    async fn perform(&mut self, now: Timestamp, deed: &Deed) -> Result<(), Error> {
        self.rng = self.luck.of_deed(deed);
        match *deed {
            Deed::Hunger => self.hunger(now).await,
            Deed::Order => self.order(now).await,
            Deed::Play => self.play().await,
            Deed::Cancel(order) => self.cancel(order).await,
            Deed::CallOff(order) => self.call_off(now, order).await,
            Deed::Review(order, customer) => self.review(order, customer).await,
            Deed::Answer(order) => self.answer(now, order).await,
            Deed::Cook(order) => self.cook(order).await,
            Deed::AskForTime(order, minutes) => self.ask_for_time(order, minutes).await,
            Deed::FinishCooking(order) => self.finish_cooking(now, order).await,
            Deed::AnswerOffer(offer, courier) => self.answer_offer(offer, courier).await,
            Deed::Reach(courier, trip) => {
                self.reach(now, courier, trip);
                Ok(())
            }
            Deed::Arrive(courier, order) => self.arrive(now, courier, order).await,
            Deed::PickUp(courier, order) => self.pick_up(courier, order).await,
            Deed::HandOver(courier, order) => self.hand_over(now, courier, order).await,
            Deed::RideHome(courier) => {
                self.ride_home(now, courier);
                Ok(())
            }
            Deed::BeginShift(courier) => self.begin_shift(now, courier).await,
            Deed::EndShift(courier) => self.end_shift(courier).await,
            Deed::ReportPositions => self.report_positions(now).await,
        }
    }

    /// Rules and the absence of things are answers; a database that is away is waited for; the rest is a defect.
    fn judge(&mut self, now: Timestamp, deed: Deed, done: Result<(), Error>) -> Result<(), Error> {
        if let Err(error) = &done {
            tracing::debug!(?deed, %error, "a deed did not happen");
        }
        match done {
            Err(Error::App(app::Error::Rule(broken))) => self.tally.refused(broken.rule.code()),
            Err(Error::App(app::Error::NotFound(_))) => self.tally.refused("not-found"),
            Err(Error::App(app::Error::Unavailable(_))) => {
                self.tally.refused("unavailable");
                self.agenda.add(now + AGAIN, deed);
            }
            other => return other,
        }
        Ok(())
    }

    async fn take_in_events(&mut self, now: Timestamp) -> Result<(), Error> {
        if self.manner.patience.is_none() {
            // Nobody plays, so the clock stands still meanwhile, and no day depends on what else the database does.
            self.app.settle().await?;
        }
        loop {
            let batch = self.app.events_after(self.position, EVENTS_AT_ONCE).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            self.position = app::events::position(last);
            for recorded in &batch {
                if recorded.city_id == self.city.id {
                    let done = self.react(now, recorded).await;
                    self.judge(now, Deed::ReportPositions, done)?;
                }
            }
        }
    }

    /// A moment between `low_s` and `high_s` seconds after `now`, in this world's haste.
    fn after(&mut self, now: Timestamp, low_s: f64, high_s: f64) -> Timestamp {
        now + self.manner.span(self.rng.random_range(low_s..=high_s))
    }

    fn chance(&mut self, share: f64) -> bool {
        self.rng.random_bool(share)
    }
}
