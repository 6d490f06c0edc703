//! Listening: a node that follows the log, and a stream read event by event.

use std::{sync::Arc, time::Duration};

use app::{App, events::hub::Topic};
use axum::{
    body::{Body, BodyDataStream},
    http::Method,
};
use domain::id::RestaurantId;
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::support::{Client, Web};

/// Longer than anything here takes, on a busy machine too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A node that tells its listeners what any node did. It stops with this value.
pub(crate) struct Following(JoinHandle<()>);

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Following {
    /// Follows the log, and returns once it does.
    pub(crate) async fn start(app: &Arc<App>, city: &Web) -> Self {
        let (node, kitchen) = (Arc::clone(app), city.city.restaurant("annapurna"));
        let mut heard = app.hub.listen(Topic::Restaurant(kitchen));
        let following = Self(tokio::spawn(async move {
            node.follow_events().await.unwrap();
        }));
        while tokio::time::timeout(Duration::from_millis(200), heard.recv()).await.is_err() {
            stir(city, kitchen).await;
        }
        following
    }
}

/// Something harmless happens.
async fn stir(city: &Web, kitchen: RestaurantId) {
    city.city.app.resume_restaurant(&city.city.system(), kitchen).await.unwrap();
}

/// A server-sent event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) data: Value,
}

/// A stream of events that is open.
pub(crate) struct Stream {
    body: BodyDataStream,
    read: String,
}

impl Client {
    /// Opens a stream, after an event where one is named.
    pub(crate) async fn listens(&self, path: &str, last: Option<&str>) -> Stream {
        let last = last.map(|id| ("last-event-id", id));
        let headers: Vec<_> = last.into_iter().collect();
        let response = self.open(Method::GET, path, &headers, None).await;
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Stream { body: Body::into_data_stream(response.into_body()), read: String::new() }
    }
}

impl Stream {
    /// The next event, or `None` where the stream ends.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.read.find("\n\n") {
                let event = parse(&self.read[..end]);
                self.read.drain(..end + 2);
                // A comment keeps the line open and says nothing.
                if let Some(event) = event {
                    return Some(event);
                }
                continue;
            }
            let bytes = tokio::time::timeout(PATIENCE, self.body.next()).await;
            let bytes = bytes.unwrap_or_else(|_| panic!("nothing came after {:?}", self.read))?.unwrap();
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// The next event of a name; others in between are passed over.
    pub(crate) async fn next_of(&mut self, name: &str) -> Event {
        let wanted = async {
            loop {
                let event = self.next().await.unwrap_or_else(|| panic!("the stream ended before {name}"));
                if event.name == name {
                    return event;
                }
            }
        };
        // A stream says something every 15 seconds, so waiting for each event would wait for ever.
        tokio::time::timeout(PATIENCE, wanted).await.unwrap_or_else(|_| panic!("no {name} came"))
    }
}

fn parse(text: &str) -> Option<Event> {
    let mut event = Event::default();
    for line in text.lines() {
        let (field, value) = line.split_once(": ").unwrap_or((line, ""));
        match field {
            "event" => value.clone_into(&mut event.name),
            "id" => event.id = Some(value.to_owned()),
            "data" => event.data = serde_json::from_str(value).unwrap(),
            _ => {}
        }
    }
    (!event.name.is_empty()).then_some(event)
}
