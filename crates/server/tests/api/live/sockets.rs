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
use crate::{
    orders::story::typed,
    support::{Client, Web},
};

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

    /// A conversation in which somebody has said who they are.
    async fn introduced(&self, client: &Client) -> Socket {
        let mut socket = self.connect().await;
        socket.says(&json!({ "type": "authenticate", "access_token": client.token() })).await;
        socket.next_of("ping").await;
        socket
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
        let wanted = async {
            loop {
                let Message::Text(text) = self.next().await else { continue };
                let event: Value = serde_json::from_str(&text).unwrap();
                if event["event"] == name {
                    return event;
                }
            }
        };
        tokio::time::timeout(PATIENCE, wanted).await.unwrap_or_else(|_| panic!("no {name} came"))
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
    let (mut hers, mut his) = (port.introduced(&asha).await, port.introduced(&ravi).await);
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let placed = hers.next_of("order").await;
    assert_eq!((&placed["data"]["order_id"], &placed["data"]["status"]), (&order["id"], &json!("placed")));
    assert!(placed["id"].is_string());
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    // Ravi asks for an order that is not his.
    his.says(&json!({ "type": "subscribe", "order_id": order["id"] })).await;
    assert_eq!(his.next_of("problem").await["data"]["code"], "not-found");
    hers.says(&json!({ "type": "subscribe", "order_id": order["id"] })).await;
    assert_eq!(hers.next_of("eta").await["data"]["courier"]["name"], "Kiran");
    web.city.wait(120);
    web.city.courier("kiran").is_at(ASHA_HOME).await;
    while hers.next_of("position").await["data"]["lng"] != json!(ASHA_HOME.lng) {}
    let curry = ravi.orders(&web.city, "mutton curry", "cod").await;
    let first = his.next().await;
    let Message::Text(text) = first else { panic!("{first:?}") };
    let first: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&first["event"], &first["data"]["order_id"]), (&json!("order"), &curry["id"]));
}

#[tokio::test]
async fn who_subscribes_is_told_what_the_stream_of_the_order_tells() {
    let web = Web::new().await;
    let _following = Following::start(&web.city.app, &web).await;
    let port = Port::open(&web).await;
    let asha = web.user("asha").await;
    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let mut hers = port.introduced(&asha).await;
    hers.says(&json!({ "type": "subscribe", "order_id": order["id"] })).await;
    let placed = hers.next_of("status").await;
    assert_eq!((&placed["id"], &placed["data"]["status"]), (&json!("0"), &json!("placed")));
    assert_eq!(hers.next_of("eta").await["data"]["eta"], order["eta"]);
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    assert_eq!(hers.next_of("status").await["data"]["status"], "accepted");
    while hers.next_of("eta").await["data"]["courier"]["name"] != "Kiran" {}
    web.city.kitchen("annapurna").readies(typed(&order)).await;
    web.city.courier("kiran").picks_up(typed(&order)).await;
    while hers.next_of("eta").await["data"]["courier"]["doors_ahead"] != 0 {}
    web.city.courier("kiran").delivers(typed(&order)).await;
    assert_eq!(hers.next_of("end").await["data"]["status"], "delivered");
    // The conversation goes on, and who comes back hears the rest.
    hers.says(&json!({ "type": "subscribe", "order_id": order["id"], "last_event_id": "2" })).await;
    assert_eq!(hers.next_of("status").await["data"]["status"], "picked_up");
    assert_eq!(hers.next_of("end").await["data"]["status"], "delivered");
}

#[tokio::test]
async fn who_loses_the_order_is_told_no_more_of_it() {
    let web = Web::new().await;
    let _following = Following::start(&web.city.app, &web).await;
    let port = Port::open(&web).await;
    let order = web.user("asha").await.orders(&web.city, "masala dosa", "cod").await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    let mut his = port.introduced(&web.user("kiran").await).await;
    his.says(&json!({ "type": "subscribe", "order_id": order["id"] })).await;
    his.next_of("eta").await;
    web.city.dispatcher().assigns(typed(&order), "lata").await;
    assert_eq!(his.next_of("problem").await["data"]["code"], "not-found");
}

#[tokio::test]
async fn what_cannot_be_read_is_answered() {
    let web = Web::new().await;
    let port = Port::open(&web).await;
    let kiran = web.user("kiran").await;
    let mut his = port.introduced(&kiran).await;
    let refusals = [
        (json!({ "type": "report", "fixes": [{ "lat": 1 }] }), "invalid-body", "/fixes/0/lng"),
        (json!({ "type": "dance" }), "invalid-body", "/type"),
        (json!("nonsense"), "invalid-body", ""),
        (json!({ "type": "subscribe", "order_id": 7 }), "invalid-body", "/order_id"),
    ];
    for (words, code, pointer) in refusals {
        his.says(&words).await;
        let problem = his.next_of("problem").await;
        assert_eq!(
            (&problem["data"]["code"], &problem["data"]["errors"][0]["pointer"]),
            (&json!(code), &json!(pointer))
        );
    }
    his.says(&json!({ "type": "authenticate", "access_token": kiran.token() })).await;
    assert_eq!(his.next_of("problem").await["data"]["code"], "forbidden");
}

#[tokio::test]
async fn a_phone_reports_over_its_socket() {
    let web = Web::new().await;
    let port = Port::open(&web).await;
    let (kiran, asha) = (web.user("kiran").await, web.user("asha").await);
    let mut his = port.introduced(&kiran).await;
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
    let mut hers = port.introduced(&asha).await;
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
