//! `/ws`: the same over a WebSocket, on a real port.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use server::http::connections;
use testkit::people::ASHA_HOME;
use tokio::{net::TcpListener, net::TcpStream, task::JoinHandle};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, protocol::frame::coding::CloseCode},
};

use super::listening::{Following, PATIENCE};
use crate::{orders::story::typed, support::Web};

/// A server that listens on a port of its own until its test ends.
struct Port {
    at: SocketAddr,
    serving: JoinHandle<()>,
}

impl Drop for Port {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// An open conversation.
struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Port {
    async fn open(web: &Web) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let serving = tokio::spawn(connections::serve(listener, server::front(&web.server), std::future::pending()));
        Self { at, serving }
    }

    async fn connect(&self) -> Socket {
        Socket(connect_async(format!("ws://{}/ws", self.at)).await.unwrap().0)
    }
}

impl Socket {
    async fn says(&mut self, words: &Value) {
        self.0.send(Message::text(words.to_string())).await.unwrap();
    }

    async fn next(&mut self) -> Message {
        tokio::time::timeout(PATIENCE, self.0.next()).await.unwrap().unwrap().unwrap()
    }

    /// The next event of a name.
    async fn next_of(&mut self, name: &str) -> Value {
        loop {
            let Message::Text(text) = self.next().await else { continue };
            let event: Value = serde_json::from_str(&text).unwrap();
            if event["event"] == name {
                return event;
            }
        }
    }

    /// The code with which the server closes.
    async fn closed(&mut self) -> CloseCode {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.unwrap().code;
            }
        }
    }
}

#[tokio::test]
async fn a_conversation_begins_with_who_is_speaking() {
    let web = Web::new().await;
    let port = Port::open(&web).await;
    for first in [
        json!({ "type": "subscribe", "order_id": uuid::Uuid::nil() }),
        json!({ "type": "authenticate", "access_token": "nonsense" }),
        json!({ "type": "authenticate" }),
        json!("hello"),
    ] {
        let mut socket = port.connect().await;
        socket.says(&first).await;
        assert_eq!(socket.closed().await, CloseCode::Policy, "{first}");
    }
}

#[tokio::test]
async fn events_and_positions_come_to_whom_they_concern() {
    let web = Web::new().await;
    let _following = Following::start(&web.city.app, &web).await;
    let port = Port::open(&web).await;
    let (asha, ravi) = (web.user("asha").await, web.user("ravi").await);
    let (mut hers, mut his) = (port.connect().await, port.connect().await);
    hers.says(&json!({ "type": "authenticate", "access_token": asha.token() })).await;
    his.says(&json!({ "type": "authenticate", "access_token": ravi.token() })).await;
    hers.next_of("ping").await;
    his.next_of("ping").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let placed = hers.next_of("order").await;
    assert_eq!((&placed["data"]["order_id"], &placed["data"]["status"]), (&order["id"], &json!("placed")));
    assert!(placed["id"].is_string());
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    // Ravi asks for positions of an order that is not his, and gets none.
    his.says(&json!({ "type": "subscribe", "order_id": order["id"] })).await;
    hers.says(&json!({ "type": "subscribe", "order_id": order["id"] })).await;
    web.city.wait(120);
    let position = moving(&web, &mut hers).await;
    assert_eq!(position["data"]["lng"], json!(ASHA_HOME.lng));
    let curry = ravi.orders(&web.city, "mutton curry", "cod").await;
    let first = his.next().await;
    let Message::Text(text) = first else { panic!("{first:?}") };
    let first: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&first["event"], &first["data"]["order_id"]), (&json!("order"), &curry["id"]));
}

/// Kiran moves until a position is heard: a subscription has no answer that one could wait for.
async fn moving(web: &Web, socket: &mut Socket) -> Value {
    for step in 0..50 {
        web.city.wait(1);
        let near = domain::geo::Point { lat: ASHA_HOME.lat - f64::from(step) / 1e5, lng: ASHA_HOME.lng };
        web.city.courier("kiran").is_at(near).await;
        let heard = tokio::time::timeout(std::time::Duration::from_millis(100), socket.next_of("position"));
        if let Ok(position) = heard.await {
            return position;
        }
    }
    panic!("no position came");
}

#[tokio::test]
async fn a_phone_reports_over_its_socket() {
    let web = Web::new().await;
    let port = Port::open(&web).await;
    let (kiran, asha) = (web.user("kiran").await, web.user("asha").await);
    let mut his = port.connect().await;
    his.says(&json!({ "type": "authenticate", "access_token": kiran.token() })).await;
    his.next_of("ping").await;
    web.city.wait(60);
    let now = web.city.system().now.to_string();
    let fix = json!({ "lat": ASHA_HOME.lat, "lng": ASHA_HOME.lng, "accuracy_m": 9.0, "at": now });
    let twice = json!({ "type": "report", "fixes": [fix, fix] });
    his.says(&twice).await;
    let reported = his.next_of("reported").await;
    assert_eq!(reported["data"], json!({ "accepted": 1, "refused": [{ "index": 1, "code": "not-newer" }] }));
    let seen = web.user("meena").await.get(&format!("/couriers/{}", web.city.courier("kiran").id)).await.ok();
    assert_eq!(seen["lat"], json!(ASHA_HOME.lat));
    his.says(&json!({ "type": "report", "fixes": [] })).await;
    assert_eq!(his.next_of("problem").await["data"]["errors"][0]["pointer"], "/fixes");
    let mut hers = port.connect().await;
    hers.says(&json!({ "type": "authenticate", "access_token": asha.token() })).await;
    hers.says(&twice).await;
    assert_eq!(hers.next_of("problem").await["data"]["code"], "forbidden");
}

#[tokio::test]
async fn a_server_that_stops_says_so() {
    let web = Web::new().await;
    let port = Port::open(&web).await;
    let mut socket = port.connect().await;
    socket.says(&json!({ "type": "authenticate", "access_token": web.user("meena").await.token() })).await;
    socket.next_of("ping").await;
    web.server.drain();
    assert_eq!(socket.closed().await, CloseCode::Restart);
}
