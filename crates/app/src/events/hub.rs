//! Live channels of this node: one per order, customer, kitchen, courier and city, made when somebody listens.
//!
//! Nothing here is kept: a listener who was away reads what happened from the database. A listener who cannot keep up
//! loses the oldest messages and is told how many, so that it reads anew.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use domain::{
    courier::CourierState,
    document::DocumentKind,
    event::{Event, OfferMoved, OrderChanged, OrderMoved, Recorded},
    geo::Point,
    id::{CityId, CourierId, CustomerId, OrderId, RestaurantId},
};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::broadcast;

use crate::positions::Position;

/// What somebody listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Everything that happens to one order.
    Order(OrderId),
    /// Where the courier of one order is.
    Position(OrderId),
    /// A customer's orders.
    Customer(CustomerId),
    /// A kitchen's orders and menu.
    Restaurant(RestaurantId),
    /// A courier's offers and orders.
    Courier(CourierId),
    /// A city.
    City(CityId),
}

impl Topic {
    /// Messages that a slow listener may be behind. Each costs memory for every thing that is listened to, so those that
    /// thousands listen to one by one have few: of positions the newest is all that anybody wants, and a message about an
    /// order only means to look at it.
    const fn backlog(self) -> usize {
        match self {
            Self::Position(_) => 1,
            Self::Order(_) => 4,
            Self::Customer(_) | Self::Courier(_) => 16,
            Self::Restaurant(_) => 64,
            Self::City(_) => 1_024,
        }
    }
}

/// A message to listeners.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// Its name: `order`, `offer`, `courier`, `courier_changed`, `courier_dark`, `application`, `document`, `shift`, `restaurant`, `menu`.
    pub name: &'static str,
    /// Where to continue after it; positions have none, they may be lost.
    pub id: Option<String>,
    /// The order and its version, where it tells of a change of status.
    pub order: Option<(OrderId, i64)>,
    /// The courier and where they are, where it tells of that.
    pub position: Option<(CourierId, Position)>,
    /// What it says, as JSON.
    pub data: String,
}

impl Live {
    /// A courier was somewhere.
    pub fn position(courier: CourierId, point: Point, at: Timestamp, state: CourierState) -> Self {
        let data = json!({
            "courier_id": courier, "lat": point.lat, "lng": point.lng, "at": at, "state": state.as_str(),
        });
        let position = Some((courier, Position { point, at }));
        Self { name: "courier", id: None, order: None, position, data: data.to_string() }
    }

    /// What it says, of another place.
    pub(crate) fn elsewhere(&self, point: Point) -> String {
        let mut data: serde_json::Value = serde_json::from_str(&self.data).unwrap_or_default();
        (data["lat"], data["lng"]) = (point.lat.into(), point.lng.into());
        data.to_string()
    }

    /// Who follows an order looks at it again; nothing is said of it.
    pub(crate) fn look_again(order: OrderId) -> Self {
        let data = json!({ "order_id": order });
        Self { name: "order", id: None, order: None, position: None, data: data.to_string() }
    }

    /// An event as listeners are told it, and where; `None` for what is nobody's business.
    pub fn of(recorded: &Recorded) -> Option<(Self, Vec<Topic>)> {
        let city = Topic::City(recorded.city_id);
        let (name, order, data, topics) = match &recorded.event {
            Event::OrderMoved(moved) => {
                let order = Some((moved.order_id, moved.version));
                ("order", order, order_moved(moved, recorded.at), order_topics(moved.order_id, city, moved))
            }
            Event::OrderChanged(changed) => {
                let topics = changed_topics(changed, city);
                ("order", Some((changed.order_id, changed.version)), order_changed(changed, recorded.at), topics)
            }
            Event::OfferMoved(offer) => {
                ("offer", None, offer_moved(offer), vec![Topic::Courier(offer.courier_id), city])
            }
            Event::CourierChanged { courier_id, on_shift, .. } => {
                let data = json!({ "courier_id": courier_id, "on_shift": on_shift });
                ("courier_changed", None, data, vec![Topic::Courier(*courier_id), city])
            }
            Event::RestaurantChanged { restaurant_id } | Event::ReviewChanged { restaurant_id, .. } => {
                let data = json!({ "restaurant_id": restaurant_id });
                ("restaurant", None, data, vec![Topic::Restaurant(*restaurant_id), city])
            }
            Event::MenuChanged { restaurant_id, .. } => {
                let data = json!({ "restaurant_id": restaurant_id });
                ("menu", None, data, vec![Topic::Restaurant(*restaurant_id)])
            }
            Event::CourierDark { order_id, courier_id, .. } => {
                let data = json!({ "order_id": order_id, "courier_id": courier_id });
                ("courier_dark", None, data, vec![Topic::Courier(*courier_id), city])
            }
            Event::ApplicationMoved { application_id, to, .. } => {
                let data = json!({ "application_id": application_id, "state": to.as_str() });
                ("application", None, data, vec![city])
            }
            Event::DocumentMoved { courier_id, document, state } => {
                let data = document_moved(*courier_id, *document, state);
                ("document", None, data, vec![Topic::Courier(*courier_id), city])
            }
            Event::DocumentDue { courier_id, document, .. } => {
                let data = document_moved(*courier_id, *document, "due");
                ("document", None, data, vec![Topic::Courier(*courier_id), city])
            }
            Event::ShiftChanged { shift_id, courier_id, former } => {
                let data = json!({ "shift_id": shift_id, "courier_id": courier_id });
                let concerned = [*courier_id, *former].into_iter().flatten().map(Topic::Courier);
                ("shift", None, data, [city].into_iter().chain(concerned).collect())
            }
            Event::CustomerChanged { .. }
            | Event::CartChanged { .. }
            | Event::CodeRequested { .. }
            | Event::UserChanged { .. }
            | Event::CacheCleared(_)
            | Event::CachePolicyChanged { .. } => return None,
        };
        let id = Some(format!("{}-{}", recorded.transaction, recorded.sequence));
        Some((Self { name, id, order, position: None, data: data.to_string() }, topics))
    }
}

fn order_moved(moved: &OrderMoved, at: Timestamp) -> serde_json::Value {
    json!({
        "order_id": moved.order_id, "number": moved.number, "status": moved.to.as_str(), "version": moved.version,
        "restaurant_id": moved.restaurant_id, "courier_id": moved.courier_id, "customer_id": moved.customer_id,
        "at": at,
    })
}

fn order_changed(changed: &OrderChanged, at: Timestamp) -> serde_json::Value {
    json!({
        "order_id": changed.order_id, "number": changed.number, "status": changed.status.as_str(),
        "version": changed.version, "what": changed.what, "reason": changed.reason, "restaurant_id": changed.restaurant_id,
        "courier_id": changed.courier_id, "customer_id": changed.customer_id, "at": at,
    })
}

fn offer_moved(offer: &OfferMoved) -> serde_json::Value {
    json!({
        "offer_id": offer.offer_id, "order_id": offer.order_id, "order_ids": offer.orders(),
        "courier_id": offer.courier_id, "state": offer.state.as_str(), "expires_at": offer.expires_at,
    })
}

fn document_moved(courier: CourierId, document: DocumentKind, state: &str) -> serde_json::Value {
    json!({ "courier_id": courier, "document": document.as_str(), "document_state": state })
}

fn order_topics(order: OrderId, city: Topic, moved: &OrderMoved) -> Vec<Topic> {
    let courier = moved.courier_id.map(Topic::Courier);
    let own = [Topic::Order(order), Topic::Customer(moved.customer_id), Topic::Restaurant(moved.restaurant_id), city];
    own.into_iter().chain(courier).collect()
}

fn changed_topics(changed: &OrderChanged, city: Topic) -> Vec<Topic> {
    let courier = changed.courier_id.map(Topic::Courier);
    let (customer, kitchen) = (Topic::Customer(changed.customer_id), Topic::Restaurant(changed.restaurant_id));
    [Topic::Order(changed.order_id), customer, kitchen, city].into_iter().chain(courier).collect()
}

/// The channels.
#[derive(Default)]
pub struct Hub {
    channels: RwLock<HashMap<Topic, broadcast::Sender<Arc<Live>>>>,
}

impl Hub {
    /// Listens to a topic from now on.
    pub fn listen(&self, topic: Topic) -> broadcast::Receiver<Arc<Live>> {
        let mut channels = self.channels.write().unwrap_or_else(PoisonError::into_inner);
        channels.entry(topic).or_insert_with(|| broadcast::channel(topic.backlog()).0).subscribe()
    }

    /// Tells those who listen to any of the topics.
    pub fn publish(&self, topics: impl IntoIterator<Item = Topic>, live: &Live) {
        let live = Arc::new(live.clone());
        let mut deserted = Vec::new();
        let channels = self.channels.read().unwrap_or_else(PoisonError::into_inner);
        for topic in topics {
            if let Some(channel) = channels.get(&topic)
                && channel.send(Arc::clone(&live)).is_err()
            {
                deserted.push(topic);
            }
        }
        drop(channels);
        if !deserted.is_empty() {
            self.close(&deserted);
        }
    }

    /// The same for what is worded only if anybody listens: positions come by the thousand, and most are heard by nobody.
    pub fn publish_made(&self, topics: impl IntoIterator<Item = Topic>, make: impl FnOnce() -> Live) {
        let channels = self.channels.read().unwrap_or_else(PoisonError::into_inner);
        let heard: Vec<Topic> = topics.into_iter().filter(|topic| channels.contains_key(topic)).collect();
        drop(channels);
        if !heard.is_empty() {
            self.publish(heard, &make());
        }
    }

    /// How many topics have a channel.
    pub fn topics(&self) -> usize {
        self.channels.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Closes the channels that nobody listens to any more and nothing will be told on.
    pub fn sweep(&self) {
        let mut channels = self.channels.write().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|_, channel| channel.receiver_count() > 0);
    }

    fn close(&self, deserted: &[Topic]) {
        let mut channels = self.channels.write().unwrap_or_else(PoisonError::into_inner);
        for topic in deserted {
            if channels.get(topic).is_some_and(|channel| channel.receiver_count() == 0) {
                channels.remove(topic);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hub, Live, Topic};
    use domain::id::OrderId;
    use uuid::Uuid;

    fn live() -> Live {
        Live { name: "order", id: Some("0-1".into()), order: None, position: None, data: "{}".into() }
    }

    #[tokio::test]
    async fn only_listeners_of_the_topic_are_told() {
        let hub = Hub::default();
        let (mine, other) = (Topic::Order(OrderId(Uuid::from_u128(1))), Topic::Order(OrderId(Uuid::from_u128(2))));
        let mut listener = hub.listen(mine);
        let mut stranger = hub.listen(other);
        hub.publish([mine], &live());
        assert_eq!(*listener.recv().await.unwrap(), live());
        assert!(stranger.try_recv().is_err());
    }

    #[tokio::test]
    async fn who_is_behind_gets_the_newest_position() {
        let hub = Hub::default();
        let topic = Topic::Position(OrderId(Uuid::from_u128(1)));
        let mut listener = hub.listen(topic);
        for number in 0..100 {
            hub.publish([topic], &Live { data: number.to_string(), ..live() });
        }
        assert!(listener.recv().await.is_err(), "told that some were lost");
        assert_eq!(listener.recv().await.unwrap().data, "99");
    }

    #[test]
    fn a_swept_hub_keeps_only_who_is_listened_to() {
        let hub = Hub::default();
        let kept = hub.listen(Topic::Order(OrderId(Uuid::from_u128(1))));
        drop(hub.listen(Topic::Order(OrderId(Uuid::from_u128(2)))));
        hub.sweep();
        assert_eq!(hub.topics(), 1);
        drop(kept);
        hub.sweep();
        assert_eq!(hub.topics(), 0);
    }

    #[test]
    fn a_deserted_channel_is_closed() {
        let hub = Hub::default();
        let topic = Topic::Order(OrderId(Uuid::from_u128(1)));
        drop(hub.listen(topic));
        assert_eq!(hub.topics(), 1);
        hub.publish([topic], &live());
        assert_eq!(hub.topics(), 0);
    }
}
