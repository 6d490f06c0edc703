//! A routing engine beside the platform: stand-ins that speak the protocols of OSRM, Valhalla and Google Routes, in their
//! senses and out of them.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use app::Routed;
use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse as _, Response},
    routing::any,
};
use domain::geo::Point;
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use roads::{Access, Engine, Failure, Kind, Table};
use serde_json::{Value, json};
use testkit::{city::ANNAPURNA, people::ASHA_HOME};

use crate::{
    orders::story::{basket, typed},
    support::Web,
};

const PATIENCE: Duration = Duration::from_millis(500);
const KEY: &str = "a-key-nobody-prints";
/// What a stand-in in its senses says of every way.
const METRES: i64 = 4_321;
const SECONDS: i64 = 777;

/// What a stand-in does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Sane,
    Negative,
    Flying,
    Endless,
    Roundabout,
    Garbage,
    WrongSize,
    Slow,
    Status(u16),
    BreaksOff,
}

/// Ways in which an engine can be of no use, with how they are counted.
const USELESS: [(Manner, &str); 10] = [
    (Manner::Negative, "nonsense"),
    (Manner::Flying, "nonsense"),
    (Manner::Endless, "nonsense"),
    (Manner::Roundabout, "nonsense"),
    (Manner::Garbage, "nonsense"),
    (Manner::WrongSize, "nonsense"),
    (Manner::BreaksOff, "nonsense"),
    (Manner::Slow, "slow"),
    (Manner::Status(503), "broken"),
    (Manner::Status(429), "limited"),
];

struct StandIn {
    address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    asked: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Desk {
    kind: Kind,
    manner: Arc<Mutex<Manner>>,
    asked: Arc<AtomicUsize>,
}

impl StandIn {
    async fn new(kind: Kind) -> Self {
        let desk = Desk { kind, manner: Arc::new(Mutex::new(Manner::Sane)), asked: Arc::default() };
        let (manner, asked) = (Arc::clone(&desk.manner), Arc::clone(&desk.asked));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(any(answer)).with_state(desk);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, manner, asked, task }
    }

    fn behaves(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    fn engine(&self, kind: Kind) -> Engine {
        let url = format!("http://{}/", self.address);
        Engine::new(Access { kind, url, key: Some(KEY.to_owned()), patience: PATIENCE }).unwrap()
    }
}

/// Answers as its manner is; a question in the wrong words gets 400.
async fn answer(State(desk): State<Desk>, request: Request) -> Response {
    desk.asked.fetch_add(1, Ordering::SeqCst);
    let manner = *desk.manner.lock().unwrap();
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    match manner {
        Manner::Slow => tokio::time::sleep(PATIENCE * 4).await,
        Manner::Status(status) => return StatusCode::from_u16(status).unwrap().into_response(),
        Manner::Garbage => return "<html>It works!</html>".into_response(),
        Manner::BreaksOff => {
            let chunks = [Ok(Bytes::from_static(b"{\"code\":")), Err(std::io::Error::other("gone"))];
            // A moment apart, so that the beginning is on its way.
            let chunks = tokio_stream::iter(chunks).then(|chunk| async {
                tokio::time::sleep(Duration::from_millis(40)).await;
                chunk
            });
            return axum::body::Body::from_stream(chunks).into_response();
        }
        _ => {}
    }
    let (metres, seconds) = match manner {
        Manner::Negative => (-5, SECONDS),
        Manner::Flying => (METRES, 3),
        Manner::Endless => (METRES, 80_000),
        Manner::Roundabout => (3_000_000, 80_000),
        _ => (METRES, SECONDS),
    };
    let more = usize::from(manner == Manner::WrongSize);
    let said = match desk.kind {
        Kind::Osrm => osrm(&parts.uri, metres, seconds, more),
        Kind::Valhalla => valhalla(&parts.uri, &body, metres, seconds, more),
        Kind::Google => google(&parts.uri, &parts.headers, &body, metres, seconds, more),
    };
    said.map_or_else(|| StatusCode::BAD_REQUEST.into_response(), |said| axum::Json(said).into_response())
}

fn osrm(uri: &Uri, metres: i64, seconds: i64, more: usize) -> Option<Value> {
    let (profile, query) = (uri.path(), uri.query()?);
    let places = places(profile.rsplit('/').next()?)?;
    if profile.starts_with("/route/v1/driving/") && query.contains("geometries=polyline6") {
        let route = json!({ "distance": metres, "duration": seconds, "geometry": line(places[0], places[1], 1e6) });
        // A route of another size has none.
        return Some(json!({ "code": "Ok", "routes": if more == 0 { vec![route] } else { vec![json!({})] } }));
    }
    let count = |name: &str| {
        let list = query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))?;
        Some(list.split(';').count())
    };
    let known = profile.starts_with("/table/v1/driving/") && query.contains("annotations=duration,distance");
    let (sources, targets) = (count("sources")?, count("destinations")? + more);
    let table = |value: i64| vec![vec![value; targets]; sources];
    known.then(|| json!({ "code": "Ok", "durations": table(seconds), "distances": table(metres) }))
}

fn places(text: &str) -> Option<Vec<Point>> {
    let place = |pair: &str| {
        let (lng, lat) = pair.split_once(',')?;
        Point::new(lat.parse().ok()?, lng.parse().ok()?)
    };
    text.split(';').map(place).collect()
}

#[expect(clippy::cast_precision_loss, reason = "small numbers of a test")]
fn valhalla(uri: &Uri, body: &[u8], metres: i64, seconds: i64, more: usize) -> Option<Value> {
    let asked: Value = serde_json::from_slice(body).ok()?;
    let known = asked["costing"] == "motor_scooter" && asked["units"] == "kilometers";
    let kilometres = metres as f64 / 1_000.0;
    if uri.path() == "/route" {
        let at = |place: &Value| Point::new(place["lat"].as_f64()?, place["lon"].as_f64()?);
        let places = &asked["locations"];
        let shape = line(at(&places[0])?, at(&places[1])?, 1e6);
        let legs = if more == 0 { vec![json!({ "shape": shape })] } else { Vec::new() };
        let summary = json!({ "time": seconds, "length": kilometres });
        return known.then(|| json!({ "trip": { "status": 0, "legs": legs, "summary": summary } }));
    }
    let (sources, targets) = (asked["sources"].as_array()?.len(), asked["targets"].as_array()?.len() + more);
    let row = vec![json!({ "time": seconds, "distance": kilometres }); targets];
    (known && uri.path() == "/sources_to_targets").then(|| json!({ "sources_to_targets": vec![row; sources] }))
}

fn google(uri: &Uri, headers: &HeaderMap, body: &[u8], metres: i64, seconds: i64, more: usize) -> Option<Value> {
    let asked: Value = serde_json::from_slice(body).ok()?;
    let mask = headers.get("x-goog-fieldmask")?.to_str().ok()?;
    let known = headers.get("x-goog-api-key")?.to_str().ok()? == KEY && asked["travelMode"] == "TWO_WHEELER";
    if !known || asked["routingPreference"] != "TRAFFIC_AWARE" {
        return None;
    }
    let duration = format!("{seconds}s");
    if uri.path() == "/directions/v2:computeRoutes" && mask.contains("routes.polyline.encodedPolyline") {
        let at = |name: &str| {
            let place = &asked[name]["location"]["latLng"];
            Point::new(place["latitude"].as_f64()?, place["longitude"].as_f64()?)
        };
        let shape = if more == 0 { line(at("origin")?, at("destination")?, 1e5) } else { String::new() };
        let polyline = json!({ "encodedPolyline": shape });
        return Some(json!({ "routes": [{ "distanceMeters": metres, "duration": duration, "polyline": polyline }] }));
    }
    let (sources, targets) = (asked["origins"].as_array()?.len(), asked["destinations"].as_array()?.len() + more);
    let element = |place: usize| {
        json!({ "originIndex": place / targets, "destinationIndex": place % targets, "condition": "ROUTE_EXISTS",
            "duration": duration, "distanceMeters": metres })
    };
    // In an order of its own, as the real one.
    let elements: Vec<Value> = (0..sources * targets).rev().map(element).collect();
    (uri.path() == "/distanceMatrix/v2:computeRouteMatrix" && mask.contains("condition")).then(|| elements.into())
}

/// Three points as an encoded line: start, a corner, end.
fn line(from: Point, to: Point, decimals: f64) -> String {
    let corner = Point { lat: from.lat, lng: to.lng };
    let (mut text, mut last) = (String::new(), [0_i64; 2]);
    for point in [from, corner, to] {
        for (before, degrees) in last.iter_mut().zip([point.lat, point.lng]) {
            #[expect(clippy::cast_possible_truncation, reason = "degrees with six decimals")]
            let value = (degrees * decimals).round() as i64;
            let difference = value - std::mem::replace(before, value);
            let mut bits = if difference < 0 { !(difference << 1) } else { difference << 1 };
            while bits >= 0x20 {
                text.push(char::from(u8::try_from((bits & 0x1f) | 0x20).unwrap() + 63));
                bits >>= 5;
            }
            text.push(char::from(u8::try_from(bits).unwrap() + 63));
        }
    }
    text
}

fn table() -> Table {
    let sources = vec![ANNAPURNA, ASHA_HOME];
    Table { sources, targets: vec![ASHA_HOME, ANNAPURNA, ASHA_HOME], vehicle: domain::courier::Vehicle::Scooter }
}

#[tokio::test]
async fn each_engine_is_asked_in_its_own_words() {
    for kind in Kind::ALL {
        let stand_in = StandIn::new(kind).await;
        let engine = stand_in.engine(kind);
        let matrix = engine.table(&table()).await.unwrap_or_else(|failure| panic!("{kind:?}: {failure}"));
        assert_eq!((matrix.len(), matrix[0].len()), (2, 3), "{kind:?}");
        let way = matrix[1][2].unwrap();
        assert!((way.duration_s - 777.0).abs() < 1e-6 && (way.distance_m - 4_321.0).abs() < 1e-6, "{kind:?} {way:?}");
        let route = engine.route(ANNAPURNA, ASHA_HOME, domain::courier::Vehicle::Scooter).await.unwrap();
        assert_eq!(route.points.len(), 3, "{kind:?}");
        assert!(route.points[0].distance_m(ANNAPURNA) < 2.0 && route.points[2].distance_m(ASHA_HOME) < 2.0);
    }
}

#[tokio::test]
async fn no_engine_is_believed_or_waited_for_out_of_its_senses() {
    for kind in Kind::ALL {
        for (manner, code) in USELESS {
            let stand_in = StandIn::new(kind).await;
            stand_in.behaves(manner);
            let engine = stand_in.engine(kind);
            let started = std::time::Instant::now();
            let table = engine.table(&table()).await.unwrap_err();
            let route = engine.route(ANNAPURNA, ASHA_HOME, domain::courier::Vehicle::Scooter).await.unwrap_err();
            assert_eq!((table.code(), route.code()), (code, code), "{kind:?} {manner:?}: {table} {route}");
            assert!(started.elapsed() < PATIENCE * 6, "{kind:?} {manner:?}");
        }
    }
}

#[tokio::test]
async fn an_engine_that_fails_is_left_alone() {
    let stand_in = StandIn::new(Kind::Osrm).await;
    stand_in.behaves(Manner::Status(500));
    let engine = stand_in.engine(Kind::Osrm);
    for _ in 0..3 {
        assert_eq!(engine.table(&table()).await, Err(Failure::Broken(500)));
    }
    assert_eq!(engine.table(&table()).await, Err(Failure::Open));
    assert_eq!(stand_in.asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn prices_dispatch_and_the_map_follow_the_engine() {
    let web = Web::new().await;
    let stand_in = StandIn::new(Kind::Osrm).await;
    web.city.app.set_travel(Arc::new(Routed::new(stand_in.engine(Kind::Osrm), PATIENCE * 2)));
    let asha = web.user("asha").await;
    let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    assert_eq!(quote["distance_m"], METRES);
    let asked = stand_in.asked.load(Ordering::SeqCst);
    asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
    assert_eq!(stand_in.asked.load(Ordering::SeqCst), asked, "the way is at hand");

    let order = asha.orders(&web.city, "masala dosa", "cod").await;
    let route = asha.get(&format!("/orders/{}/route", order["id"].as_str().unwrap())).await.ok();
    let leg = &route["legs"][0];
    assert_eq!((&leg["distance_m"], leg["points"].as_array().unwrap().len()), (&METRES.into(), 3), "{route}");

    web.city.wait(5);
    web.city.courier("kiran").is_at(ANNAPURNA).await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    let meena = web.user("meena").await;
    let candidates = meena.get(&format!("/orders/{}/candidates", order["id"].as_str().unwrap())).await.ok();
    assert_eq!(candidates["items"][0]["distance_m"], METRES, "{candidates}");
    let health = web.stranger().get("/health").await.ok();
    let routing = health["checks"].as_array().unwrap().iter().find(|check| check["component"] == "routing").unwrap();
    assert_eq!((&health["status"], &routing["status"]), (&"pass".into(), &"pass".into()), "{health}");
}

#[tokio::test]
async fn without_the_engine_the_built_in_ways_hold_and_health_says_so() {
    let web = Web::new().await;
    let asha = web.user("asha").await;
    let built_in = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await["distance_m"].clone();
    let stand_in = StandIn::new(Kind::Valhalla).await;
    web.city.app.set_travel(Arc::new(Routed::new(stand_in.engine(Kind::Valhalla), PATIENCE)));
    for manner in [Manner::Flying, Manner::Endless, Manner::Roundabout, Manner::Sane] {
        stand_in.behaves(manner);
        let quote = asha.is_quoted(&basket(&web.city, "masala dosa", &[]).await).await;
        assert_eq!(quote["distance_m"], built_in);
    }
    assert_eq!(stand_in.asked.load(Ordering::SeqCst), 3, "then it is left alone");
    let health = web.stranger().get("/health").await.ok();
    assert_eq!(health["status"], "warn", "{health}");
    let detail = health["checks"].to_string();
    assert!(detail.contains("valhalla is left alone") && !detail.contains(KEY), "{detail}");
    web.stranger().get("/health/ready").await.ok();
}

#[test]
fn the_key_is_never_printed() {
    let access = Access {
        kind: Kind::Google,
        url: "https://routes.googleapis.com".to_owned(),
        key: Some(KEY.to_owned()),
        patience: PATIENCE,
    };
    assert!(!format!("{access:?}").contains(KEY));
}
