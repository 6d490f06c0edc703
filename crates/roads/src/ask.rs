//! Asking: one HTTP request within a time limit, its status judged, its body limited, its answer read and checked.

use std::time::Instant;

use bytes::Bytes;
use domain::{courier::Vehicle, geo::Point};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{Request, Uri, body::Body as _, header};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::{
    Access, Breaker, BreakerState, Failure, Kind, Matrix, Question, Route, TABLE_SIDE, Table, check, google, osrm,
    valhalla,
};

/// The largest answer that is read.
const MOST_BYTES: usize = 4 << 20;

/// An engine to ask.
pub struct Engine {
    access: Access,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    breaker: Breaker,
}

impl Engine {
    /// An engine; an address that is none is refused.
    pub fn new(mut access: Access) -> Result<Self, String> {
        let uri: Uri = access.url.parse().map_err(|error| format!("the routing engine's address: {error}"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none() {
            return Err("the routing engine's address begins with http:// or https:// and names a host".to_owned());
        }
        if access.kind == Kind::Google && access.key.is_none() {
            return Err("Google Routes wants a key".to_owned());
        }
        access.url.truncate(access.url.trim_end_matches('/').len());
        let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { access, client, breaker: Breaker::default() })
    }

    /// Whose protocol it speaks.
    pub const fn kind(&self) -> Kind {
        self.access.kind
    }

    /// Whether it is asked at present.
    pub fn breaker(&self) -> BreakerState {
        self.breaker.state()
    }

    /// The ways from every source to every target.
    pub async fn table(&self, table: &Table) -> Result<Matrix, Failure> {
        if table.sources.len() > TABLE_SIDE || table.targets.len() > TABLE_SIDE {
            return Err(Failure::NoWay);
        }
        let question = match self.access.kind {
            Kind::Osrm => osrm::ask_table(table),
            Kind::Valhalla => valhalla::ask_table(table),
            Kind::Google => google::ask_table(table),
        };
        let read = |bytes: &[u8]| {
            let matrix = match self.access.kind {
                Kind::Osrm => osrm::read_table(bytes),
                Kind::Valhalla => valhalla::read_table(bytes),
                Kind::Google => google::read_table(bytes, table),
            };
            check::matrix(&table.sources, &table.targets, matrix?)
        };
        self.ask(question, read).await
    }

    /// The way from one point to another with its line.
    pub async fn route(&self, from: Point, to: Point, vehicle: Vehicle) -> Result<Route, Failure> {
        let question = match self.access.kind {
            Kind::Osrm => osrm::ask_route(from, to, vehicle),
            Kind::Valhalla => valhalla::ask_route(from, to, vehicle),
            Kind::Google => google::ask_route(from, to, vehicle),
        };
        let read = |bytes: &[u8]| {
            let route = match self.access.kind {
                Kind::Osrm => osrm::read_route(bytes),
                Kind::Valhalla => valhalla::read_route(bytes),
                Kind::Google => google::read_route(bytes),
            };
            check::route(from, to, route?)
        };
        self.ask(question, read).await
    }

    /// Asks if it may, and tells the breaker what came of it.
    async fn ask<T>(&self, question: Question, read: impl Fn(&[u8]) -> Result<T, Failure>) -> Result<T, Failure> {
        if !self.breaker.may(Instant::now()) {
            return Err(Failure::Open);
        }
        // Whoever stops waiting has learned nothing, and the next one may try.
        let unanswered = Unanswered(Some(&self.breaker));
        let answered = tokio::time::timeout(self.access.patience, self.fetch(&question)).await;
        let answer = answered.unwrap_or(Err(Failure::Slow)).and_then(|bytes| read(&bytes));
        unanswered.settle(answer.as_ref().err());
        answer
    }

    async fn fetch(&self, question: &Question) -> Result<Bytes, Failure> {
        let request = self.request(question)?;
        let unreachable = |error: &dyn std::error::Error| Failure::Unreachable(error.to_string());
        let response = self.client.request(request).await.map_err(|error| unreachable(&error))?;
        let status = response.status().as_u16();
        let known = response.body().size_hint().lower();
        if known > MOST_BYTES as u64 {
            return Err(Failure::Nonsense("an answer without end"));
        }
        let body = Limited::new(response.into_body(), MOST_BYTES).collect().await;
        let bytes = body.map_err(|_| Failure::Nonsense("an answer that breaks off or does not end"))?.to_bytes();
        match status {
            200 => Ok(bytes),
            // Engines say with 400 that there is no way, and in which words.
            400 if no_way(&bytes) => Err(Failure::NoWay),
            400..=499 => Err(Failure::Refused(status)),
            _ => Err(Failure::Broken(status)),
        }
    }

    fn request(&self, question: &Question) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::builder()
            .uri(format!("{}{}", self.access.url, question.path))
            .method(if question.body.is_some() { "POST" } else { "GET" })
            .header(header::ACCEPT, "application/json");
        if let Some(fields) = question.fields {
            request = request.header("X-Goog-FieldMask", fields);
        }
        if let Some(key) = &self.access.key {
            request = match self.access.kind {
                Kind::Google => request.header("X-Goog-Api-Key", key),
                Kind::Osrm | Kind::Valhalla => request.header(header::AUTHORIZATION, format!("Bearer {key}")),
            };
        }
        let body = match &question.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        // The error could quote a header; the key is one.
        request.body(Full::new(body)).map_err(|_| Failure::Unreachable("the request cannot be written".to_owned()))
    }
}

/// A question on its way. Dropped before an answer, it counts as a failure, so that a trial never stays open.
struct Unanswered<'a>(Option<&'a Breaker>);

impl Unanswered<'_> {
    fn settle(mut self, failure: Option<&Failure>) {
        if let Some(breaker) = self.0.take() {
            if failure.is_some_and(Failure::is_a_fault) {
                breaker.failed(Instant::now());
            } else {
                breaker.succeeded();
            }
        }
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(breaker) = self.0 {
            breaker.failed(Instant::now());
        }
    }
}

/// OSRM's and Valhalla's words for it.
fn no_way(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Refusal {
        #[serde(default)]
        code: Option<String>,
        #[serde(default)]
        error_code: Option<i64>,
    }
    serde_json::from_slice::<Refusal>(bytes).is_ok_and(|refusal| {
        matches!(refusal.code.as_deref(), Some("NoRoute" | "NoSegment" | "NoTable"))
            || matches!(refusal.error_code, Some(170 | 171 | 442))
    })
}
