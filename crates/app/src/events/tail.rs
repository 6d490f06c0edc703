//! The tail: every node reads every event, keeps its memory true and tells its listeners.
//!
//! It starts at the end of the log and reads its memory anew from there, so that nothing falls between; where nodes share
//! a tier of the cache, it starts where that was followed to. A node woken by a commit reads at once; a missed wake-up
//! costs no more than the polling interval; where commits come thick, a few share one reading. What cannot be noted is
//! tried again.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use cache::Namespace;
use domain::event::{Event, Recorded};
use store::outbox::Position;

use crate::{
    App,
    caching::{Forgotten, Invalidation},
    error::Error,
    events::{bookmark::Bookmark, hub::Live, invalidation::TABLE},
};

/// How long a missed wake-up may last.
const POLL: Duration = Duration::from_millis(300);
/// The least time between two readings.
const GATHER: Duration = Duration::from_millis(4);
const BATCH: usize = 500;

impl App {
    /// Follows the log for ever; returns only with an error that trying again does not help.
    pub async fn follow_events(&self) -> Result<(), Error> {
        let mut position = self.begin().await?;
        self.note_followed(position);
        let mut bookmark = Bookmark::default();
        let mut committed = self.db.committed();
        loop {
            let next = tokio::time::Instant::now() + GATHER;
            let batch = match self.events_after(position, BATCH).await {
                Ok(batch) => batch,
                Err(Error::Unavailable(_)) => Vec::new(),
                Err(error) => return Err(error),
            };
            let mut noted = 0;
            for recorded in &batch {
                if let Err(error) = self.take_note(recorded).await {
                    tracing::warn!(%error, "an event could not be noted yet");
                    break;
                }
                position = super::position(recorded);
                self.note_followed(position);
                noted += 1;
            }
            if noted == batch.len() {
                bookmark.keep(self, position).await;
            }
            if noted < BATCH {
                // Either is fine: a wake-up or the end of the wait.
                let _ = tokio::time::timeout(POLL, committed.wait()).await;
            }
            tokio::time::sleep_until(next).await;
        }
    }

    /// Reads everything that is new once: for those who drive the application by hand, such as the simulator.
    pub async fn catch_up(&self, mut position: Position) -> Result<Position, Error> {
        loop {
            let batch = self.events_after(position, BATCH).await?;
            for recorded in &batch {
                self.take_note(recorded).await?;
                position = super::position(recorded);
            }
            if batch.is_empty() {
                return Ok(position);
            }
        }
    }

    /// Forgets what this node remembers, and what nodes share unless it was followed: answers from where to go on.
    async fn begin(&self) -> Result<Position, Error> {
        let started = Instant::now();
        let (position, followed_to) = self.place().await?;
        self.reload_directory().await?;
        self.forget_menus();
        self.positions.forget_duties();
        self.take_over_policies().await?;
        let parts = if followed_to {
            Forgotten::in_memory(self.answers.forget_memory())
        } else {
            let mut parts = Vec::new();
            for namespace in followed() {
                parts.push(Forgotten::namespace(namespace, self.answers.invalidate_namespace(namespace).await));
            }
            parts
        };
        let why = "the node began to follow the events";
        self.caching.audit.add(Invalidation::new("started", why, self.now(), parts, started.elapsed()));
        Ok(position)
    }

    async fn take_note(&self, recorded: &Recorded) -> Result<(), Error> {
        match &recorded.event {
            // Only stock moved: the restaurant's own row is as it was.
            Event::MenuChanged { restaurant_id, items } if !items.is_empty() => self.forget_menu(*restaurant_id),
            Event::RestaurantChanged { restaurant_id }
            | Event::MenuChanged { restaurant_id, .. }
            | Event::ReviewChanged { restaurant_id, .. } => {
                self.forget_menu(*restaurant_id);
                self.reload_restaurant(*restaurant_id).await?;
            }
            Event::OrderMoved(moved) => self.positions.forget_duty(moved.courier_id),
            Event::OrderChanged(changed) => self.positions.forget_duty(changed.courier_id),
            Event::OfferMoved(offer) => self.positions.forget_duty(Some(offer.courier_id)),
            Event::CourierChanged { courier_id, on_shift, .. } => self.positions.note_shift(*courier_id, *on_shift),
            Event::CacheCleared(cleared) => self.follow_clear(cleared).await?,
            Event::CachePolicyChanged { namespace } => self.take_over_policy(namespace).await?,
            _ => {}
        }
        // After memory: a load that begins from here on reads what is new.
        self.forget_after(recorded).await?;
        // Most of the time nobody listens: then there is nothing to word.
        if self.hub.topics() > 0
            && let Some((live, topics)) = Live::of(recorded)
        {
            self.hub.publish(topics, &live);
        }
        Ok(())
    }
}

/// The namespaces whose answers follow events: what happened before this node listened may have made them old.
fn followed() -> BTreeSet<Namespace> {
    TABLE.iter().flat_map(|row| row.forgets.iter().map(|(namespace, _)| *namespace)).collect()
}
