//! News for the other nodes that may be lost, over Redis pub/sub: whoever misses some hears the next.
//!
//! The same breaker, time limit and reconnecting client as the shared tier, on a channel of its own. Nothing is kept and
//! nothing is repeated; what must arrive goes another way.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use redis::aio::PubSub;
use tokio::time::{sleep, timeout};

use crate::shared::{Connector, Link, Names, RedisSettings};
use crate::{BuildError, Clock};

const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
const PAUSE_BETWEEN_CONNECTIONS: Duration = Duration::from_millis(500);

/// A channel that all nodes speak and listen on.
pub struct Radio {
    link: Link,
    names: Names,
    channel: String,
}

impl Radio {
    /// A channel of this name under the prefix of the settings. Connects when it is used.
    pub fn new(settings: &RedisSettings, channel: &str, clock: Arc<dyn Clock>) -> Result<Self, BuildError> {
        let names = settings.names()?;
        let link = Link::new(Connector::new(&settings.address)?, settings.timeout, clock)?;
        Ok(Self { link, channel: names.radio(channel), names })
    }

    /// Says something to whoever listens now. Whether Redis took it.
    pub async fn say(&self, news: Vec<u8>) -> bool {
        let mut write = redis::cmd("UNLINK");
        write.arg(self.names.probe());
        self.link.probe(write).await;
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(&self.channel).arg(news);
        let said = |mut connection| async move { publish.query_async::<i64>(&mut connection).await };
        self.link.run(said).await.is_some()
    }

    /// Hears what all nodes say, this one too, for as long as it is waited for.
    pub async fn listen(&self, mut hear: impl FnMut(&[u8])) {
        for attempt in 0.. {
            if let Some(subscription) = self.subscribe(attempt).await {
                let mut messages = subscription.into_on_message();
                while let Some(message) = messages.next().await {
                    hear(message.get_payload_bytes());
                }
                tracing::warn!(channel = self.channel, "a radio fell silent: it is tuned anew");
            }
            sleep(PAUSE_BETWEEN_CONNECTIONS).await;
        }
    }

    async fn subscribe(&self, attempt: usize) -> Option<PubSub> {
        let mut subscription = timeout(CONNECT_TIMEOUT, self.link.connector().hear(attempt)).await.ok()?.ok()?;
        timeout(CONNECT_TIMEOUT, subscription.subscribe(&self.channel)).await.ok()?.ok()?;
        Some(subscription)
    }
}
