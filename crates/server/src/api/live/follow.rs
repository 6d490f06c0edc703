//! Following: what a stream tells, one message after the other.
//!
//! Thousands of streams are held at once and wait nearly all the time. So none of them is a task or has a channel of its
//! own: it moves when its connection asks for the next message.

use std::{collections::VecDeque, convert::Infallible, ops::ControlFlow, pin::Pin, time::Duration};

use app::events::hub::Live;
use axum::response::{
    Sse,
    sse::{Event, KeepAlive},
};
use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};
use jiff::Timestamp;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::{
    Message, Stop,
    channels::{Channels, Heard},
    stopped,
};

/// How often a stream says something, if only that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Comes when a stream must end.
pub(in crate::api) type Over = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

/// How long a token is good for yet; what came without one does not end by it.
pub(in crate::api) fn lasts(now: Timestamp, expires: Option<Timestamp>) -> Duration {
    expires.map_or(Duration::MAX, |expires| expires.duration_since(now).try_into().unwrap_or_default())
}

/// Waits until the server is to stop, or the token that opened a stream ends.
pub(in crate::api) fn over(stop: Stop, lasts: Duration) -> Over {
    Box::pin(async move {
        tokio::select! {
            () = stopped(stop) => {}
            () = tokio::time::sleep(lasts) => {}
        }
    })
}

/// When a stream looks or speaks in any case. Who was held up does not do it the more often afterwards.
pub(super) fn heartbeat() -> Interval {
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat
}

/// One who follows something, and tells of it.
pub(in crate::api) trait Follow: Send + 'static {
    /// What is told next; `None` once there is no more to tell.
    fn next(&mut self) -> impl Future<Output = Option<Message>> + Send;
}

/// What somebody tells, as long as they do.
pub(super) fn told(follower: impl Follow) -> impl Stream<Item = Message> + Send + 'static {
    stream::unfold(Box::new(follower), |mut follower| async move {
        let message = follower.next().await?;
        Some((message, follower))
    })
}

/// The same as server-sent events. While nothing can be told, as when the database is away, a comment keeps them alive.
pub(in crate::api) fn answer(follower: impl Follow) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = told(follower).map(|message| Ok(message.sse()));
    Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))
}

/// What is still to be told, and whether that is all.
#[derive(Default)]
pub(in crate::api) struct Telling {
    waiting: VecDeque<Message>,
    ended: bool,
}

impl Telling {
    /// This as well.
    pub(in crate::api) fn say(&mut self, message: Message) {
        self.waiting.push_back(message);
    }

    /// No more than that.
    pub(in crate::api) const fn end(&mut self) {
        self.ended = true;
    }

    /// Breaks with what is told now, or with nothing once that was all or `over` has come: what still waits is not told
    /// after it.
    pub(super) fn due(&mut self, over: &mut Over) -> ControlFlow<Option<Message>> {
        if over.now_or_never().is_some() {
            return ControlFlow::Break(None);
        }
        let Some(message) = self.waiting.pop_front() else {
            return if self.ended { ControlFlow::Break(None) } else { ControlFlow::Continue(()) };
        };
        // What was missed may be much, and a stream lives long: the room for it is not kept.
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        ControlFlow::Break(Some(message))
    }
}

/// One who watches an order.
pub(in crate::api) trait Watch: Send + 'static {
    /// Looks at the order again and tells what is new.
    fn look(&mut self, telling: &mut Telling) -> impl Future<Output = ()> + Send;

    /// Tells that its courier is somewhere else now.
    fn position(&mut self, live: &Live, telling: &mut Telling) -> impl Future<Output = ()> + Send;
}

/// Following an order with somebody's eyes.
pub(in crate::api) struct Watching<W> {
    watch: W,
    channels: Channels,
    heartbeat: Interval,
    over: Over,
    telling: Telling,
}

impl<W: Watch> Watching<W> {
    /// From now on; what is `telling` already comes first.
    pub(in crate::api) fn of(watch: W, channels: Channels, over: Over, telling: Telling) -> Self {
        Self { watch, channels, heartbeat: heartbeat(), over, telling }
    }
}

impl<W: Watch> Follow for Watching<W> {
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let ControlFlow::Break(told) = self.telling.due(&mut self.over) {
                return told;
            }
            let heard = tokio::select! {
                biased;
                () = &mut self.over => return None,
                heard = self.channels.hear() => heard?,
                _ = self.heartbeat.tick() => Heard::Change,
            };
            // Boxed: a stream waits far longer than it reads, and should not keep the room for it.
            match heard {
                Heard::Change => Box::pin(self.watch.look(&mut self.telling)).await,
                Heard::Position(live) => Box::pin(self.watch.position(&live, &mut self.telling)).await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::events::hub::{Hub, Topic};
    use domain::{courier::CourierState, id::OrderId};
    use uuid::Uuid;

    /// Tells positions as they are, and counts looks.
    struct Eyes(usize);

    impl Watch for Eyes {
        async fn look(&mut self, telling: &mut Telling) {
            self.0 += 1;
            telling.say(Message::worded("look", None, self.0.to_string()));
        }

        async fn position(&mut self, live: &Live, telling: &mut Telling) {
            telling.say(Message::worded("position", None, live.data.clone()));
        }
    }

    fn somewhere(lat: f64) -> Live {
        let point = domain::geo::Point::new(lat, 77.6).unwrap();
        Live::position(Uuid::nil().into(), point, Timestamp::UNIX_EPOCH, CourierState::Free)
    }

    fn watching(hub: &Hub, over: Over) -> (OrderId, Watching<Eyes>) {
        let order = OrderId(Uuid::max());
        (order, Watching::of(Eyes(0), Channels::open(hub, order), over, Telling::default()))
    }

    #[tokio::test]
    async fn of_positions_that_come_too_fast_the_newest_is_told_at_once() {
        let hub = Hub::default();
        let (order, mut watching) = watching(&hub, Box::pin(std::future::pending()));
        for lat in [12.1, 12.2, 12.3] {
            hub.publish([Topic::Position(order)], &somewhere(lat));
        }
        let told = tokio::time::timeout(Duration::from_secs(5), watching.next()).await.unwrap().unwrap();
        assert!(told.data.contains("12.3"), "{}", told.data);
    }

    #[tokio::test]
    async fn a_burst_of_changes_is_looked_at_once() {
        let hub = Hub::default();
        let (order, mut watching) = watching(&hub, Box::pin(std::future::pending()));
        for _ in 0..9 {
            hub.publish([Topic::Order(order)], &somewhere(12.1));
        }
        hub.publish([Topic::Position(order)], &somewhere(12.2));
        assert_eq!(watching.next().await.unwrap().name, "look");
        assert_eq!(watching.next().await.unwrap().name, "position");
    }

    #[tokio::test]
    async fn nothing_is_told_after_the_end() {
        let hub = Hub::default();
        let (_, mut watching) = watching(&hub, Box::pin(std::future::ready(())));
        watching.telling.say(Message::worded("late", None, String::new()));
        assert!(watching.next().await.is_none());
    }
}
