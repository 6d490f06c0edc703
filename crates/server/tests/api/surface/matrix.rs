//! The generated matrix: every endpoint, every kind of user, own, foreign and absent things. What is expected follows
//! from the table of permissions alone; a foreign thing answers word for word like an absent one.

use std::collections::BTreeMap;

use axum::{body::Bytes, http::Method};
use domain::permission::{Actor, Denied, Owners};
use http_body_util::BodyExt as _;
use serde_json::Value;
use server::surface::{Access, SURFACE};
use uuid::Uuid;

use super::{
    samples::{Content, Sample, sample},
    things::{Made, Side, Words, absent, city_words, make},
};
use crate::{
    couriers::pictures::PICTURE,
    support::{Client, Web},
};

const EVERYBODY: [&str; 9] = ["stranger", "asha", "ravi", "annapurna", "biryani", "kiran", "lata", "meena", "anand"];

/// Endpoints that leave a city in a state that others cannot use.
const ALONE: [(&str, &str); 7] = [
    ("PUT", "/restaurants/{id}/menu"),
    ("POST", "/restaurants/{id}/pause"),
    ("DELETE", "/restaurants/{id}"),
    ("DELETE", "/customers/{id}"),
    ("DELETE", "/couriers/{id}"),
    ("POST", "/offers/{id}/accept"),
    ("POST", "/offers/{id}/decline"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Unauthenticated,
    Forbidden,
    NotFound,
    Allowed,
}

impl Class {
    const fn of(status: u16) -> Self {
        match status {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            _ => Self::Allowed,
        }
    }
}

/// What a request names.
#[derive(Clone, Copy, Debug)]
enum Named<'a> {
    /// Nothing that could be somebody's: the role alone counts.
    Nothing,
    /// Something of these owners.
    Owned(&'a Owners),
    /// Something that does not exist.
    Absent,
}

impl Made {
    fn named(&self) -> Named<'_> {
        self.owners.as_ref().map_or(Named::Nothing, Named::Owned)
    }
}

/// What the table of permissions says.
fn expected(access: Access, actor: &Actor, named: Named<'_>) -> Class {
    let reached = match access {
        Access::LoggedIn if matches!(actor, Actor::Anonymous) => Err(Denied::Unauthenticated),
        Access::Public | Access::LoggedIn => Ok(()),
        Access::Needs(action) => actor.reach(action).map(drop),
    };
    let found = match (access, named) {
        (_, Named::Absent) => false,
        (Access::Needs(action), Named::Owned(owners)) => actor.may(action, owners).is_ok(),
        _ => true,
    };
    match reached {
        Err(Denied::Unauthenticated) => Class::Unauthenticated,
        Err(_) => Class::Forbidden,
        Ok(()) if found => Class::Allowed,
        Ok(()) => Class::NotFound,
    }
}

/// A refusal, to be compared: where an address has two ids, the detail may say which of them names nothing.
fn shape((status, body): (u16, String), ids: usize) -> (u16, Value) {
    let mut problem: Value = serde_json::from_str(&body).unwrap_or_default();
    if let Some(fields) = problem.as_object_mut().filter(|_| ids > 1) {
        fields.remove("detail");
    }
    (status, problem)
}

/// A city with everybody logged in.
struct World {
    web: Web,
    clients: BTreeMap<&'static str, Client>,
}

impl World {
    async fn new() -> Self {
        let web = Web::demo().await;
        let mut clients = BTreeMap::from([("stranger", web.stranger())]);
        for name in &EVERYBODY[1..] {
            clients.insert(*name, web.user(name).await);
        }
        Self { web, clients }
    }

    fn actor(&self, name: &str) -> Actor {
        if name == "stranger" { Actor::Anonymous } else { self.web.city.ctx_of(name).actor }
    }
}

/// What came of all the cells.
#[derive(Default)]
struct Tally {
    cells: usize,
    wrong: Vec<String>,
}

/// One endpoint and its sample.
struct Endpoint {
    method: &'static str,
    path: &'static str,
    access: Access,
    sample: Sample,
}

impl Endpoint {
    fn all() -> Vec<Self> {
        let with_sample = |(method, path, access): &(&'static str, &'static str, Access)| {
            let sample = sample(method, path).unwrap_or_else(|| panic!("{method} {path} has no sample"));
            Self { method, path, access: *access, sample }
        };
        SURFACE.iter().map(with_sample).collect()
    }

    fn alone(&self) -> bool {
        ALONE.contains(&(self.method, self.path))
    }

    fn writes(&self) -> bool {
        self.method != "GET"
    }

    /// Sends the sample and answers status and, unless it is a stream, body.
    async fn send(&self, world: &World, name: &str, words: &Words) -> (u16, String) {
        let mut all = city_words(&world.web.city).await;
        all.extend(words.iter().map(|(word, value)| (*word, value.clone())));
        let fill = |text: &str| all.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value));
        let body = self.sample.body.as_ref().map(|body| match body {
            Content::Json(body) => Bytes::from(fill(&body.to_string())),
            Content::Picture => Bytes::from_static(PICTURE),
        });
        let method = Method::from_bytes(self.method.as_bytes()).unwrap();
        let address = fill(&format!("{}{}", self.path, self.sample.query));
        let key = world.web.city.system().id::<Uuid>().to_string();
        let pass = all.get("{pass}").map_or("", String::as_str);
        let headers = [("idempotency-key", key.as_str()), ("application-pass", pass)];
        let response = world.clients[name].open(method, &address, &headers, body).await;
        let status = response.status().as_u16();
        let stream = response.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream");
        let bytes = if stream { Bytes::new() } else { response.into_body().collect().await.unwrap().to_bytes() };
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Tries every cell; refusals first, because what is allowed may change the thing.
    async fn try_all(&self, world: &World, tally: &mut Tally) {
        let (a, b) = (self.make(world, Side::A).await, self.make(world, Side::B).await);
        let nothing = absent(self.sample.thing, &a.words, &b.words);
        let mut succeeded = false;
        let mut allowed = Vec::new();
        for name in EVERYBODY {
            let actor = world.actor(name);
            let mut refusals = Vec::new();
            for (whose, made) in self.sides(&a, &b) {
                let class = expected(self.access, &actor, made.named());
                if class == Class::Allowed {
                    allowed.push((name, whose));
                } else {
                    refusals.push(shape(self.cell(world, name, &made.words, class, tally).await, made.words.len()));
                }
            }
            for words in &nothing {
                let class = expected(self.access, &actor, Named::Absent);
                refusals.push(shape(self.cell(world, name, words, class, tally).await, words.len()));
            }
            refusals.dedup();
            if refusals.len() > 1 {
                tally.wrong.push(format!("{} {} tells {name} apart: {refusals:?}", self.method, self.path));
            }
        }
        for (name, side) in allowed {
            succeeded |= self.try_allowed(world, name, side, if side == Side::A { &a } else { &b }, tally).await;
        }
        if !succeeded {
            tally.wrong.push(format!("{} {} succeeded for nobody", self.method, self.path));
        }
    }

    /// An allowed cell, on a thing of its own where it writes; answers whether it succeeded.
    async fn try_allowed(&self, world: &World, name: &str, side: Side, shared: &Made, tally: &mut Tally) -> bool {
        let status = if self.method == "DELETE" && self.alone() {
            let fresh = World::new().await;
            let made = self.make(&fresh, side).await;
            self.cell(&fresh, name, &made.words, Class::Allowed, tally).await.0
        } else if self.writes() && !self.alone() {
            let made = self.make(world, side).await;
            self.cell(world, name, &made.words, Class::Allowed, tally).await.0
        } else {
            self.cell(world, name, &shared.words, Class::Allowed, tally).await.0
        };
        (200..300).contains(&status)
    }

    async fn make(&self, world: &World, side: Side) -> Made {
        make(&world.web.city, self.sample.thing, side).await
    }

    /// Both sides, or one where there is nothing to own.
    fn sides<'a>(&self, a: &'a Made, b: &'a Made) -> Vec<(Side, &'a Made)> {
        if a.owners.is_some() { vec![(Side::A, a), (Side::B, b)] } else { vec![(Side::A, a)] }
    }

    async fn cell(&self, world: &World, name: &str, words: &Words, wanted: Class, tally: &mut Tally) -> (u16, String) {
        let answer = self.send(world, name, words).await;
        tally.cells += 1;
        if Class::of(answer.0) != wanted || answer.0 >= 500 {
            let (method, path) = (self.method, self.path);
            tally.wrong.push(format!("{method} {path} by {name}: expected {wanted:?}, got {} {}", answer.0, answer.1));
        }
        answer
    }
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "how much was tested is part of the result")]
async fn every_endpoint_answers_everybody_as_the_table_of_permissions_says() {
    let shared = World::new().await;
    let mut tally = Tally::default();
    let endpoints = Endpoint::all();
    for endpoint in &endpoints {
        if endpoint.alone() {
            endpoint.try_all(&World::new().await, &mut tally).await;
        } else {
            endpoint.try_all(&shared, &mut tally).await;
        }
    }
    println!("{} cells of {} endpoints", tally.cells, endpoints.len());
    assert!(tally.wrong.is_empty(), "{} of {} cells:\n{}", tally.wrong.len(), tally.cells, tally.wrong.join("\n"));
}

#[test]
fn every_write_that_takes_a_body_has_a_sample_of_it() {
    let document = serde_json::to_value(server::openapi()).unwrap();
    for endpoint in Endpoint::all() {
        let operation = &document["paths"][endpoint.path][endpoint.method.to_lowercase()];
        assert!(operation.is_object(), "{} {}", endpoint.method, endpoint.path);
        let takes_body = operation.get("requestBody").is_some();
        let filled = endpoint.sample.body.as_ref().is_some_and(Content::is_filled);
        assert_eq!(takes_body, filled, "{} {}", endpoint.method, endpoint.path);
    }
}
