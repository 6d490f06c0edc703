//! A customer who keeps ordering until the server dies, remembers every answer, and asks again for what got none.
//!
//! Kitchen, dispatcher and courier act through the same customer's hands, so that each order has one driver and every
//! surprise is a fault of the server. Only the kitchen's silence, which the server ends by itself, may get in between.

mod moves;

use std::{sync::Arc, time::Duration};

use app::Entropy;
use domain::order::Status;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    city::{City, KITCHEN},
    client::{Answer, Connection, Request},
};
use moves::Moving;

/// How long to wait before asking again when told "not now".
const PAUSE: Duration = Duration::from_millis(5);

/// An order that the server has acknowledged.
pub(crate) struct Order {
    pub(crate) key: String,
    pub(crate) id: Uuid,
    /// The first answer, byte for byte.
    pub(crate) answer: String,
    pub(crate) sandbox: bool,
    /// Which dishes, and how many of each.
    pub(crate) lines: Vec<(usize, i64)>,
    /// Every status that was acknowledged.
    pub(crate) reached: Vec<Status>,
    /// The kitchen's silence ended it before a step of ours arrived.
    pub(crate) silenced: bool,
    /// Whom a dispatcher gave it to.
    pub(crate) courier: Option<usize>,
    request: Request,
    code: String,
}

/// What happened on the way.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Acknowledged orders.
    pub(crate) orders: usize,
    /// Orders that were refused, because a dish was sold out.
    pub(crate) refused: usize,
    /// Acknowledged steps.
    pub(crate) steps: usize,
    /// Requests that change something and got no answer.
    pub(crate) unanswered: usize,
    /// Unanswered orders that had been placed, as the retry showed.
    pub(crate) had_happened: usize,
    /// Answered requests that were sent again, or sent twice at once.
    pub(crate) repeated: usize,
    /// "Try again": unavailable, or another step in the way.
    pub(crate) again: usize,
}

/// Somebody with one request in hand at most.
pub(crate) struct Customer {
    pub(crate) orders: Vec<Order>,
    /// Keys whose order was refused.
    pub(crate) refused: Vec<String>,
    pub(crate) tally: Tally,
    city: Arc<City>,
    dice: Arc<Entropy>,
    number: usize,
    attempts: usize,
    pending: Option<Pending>,
}

/// Two connections of one person: the second is for the same request at the same time.
struct Lines {
    first: Connection,
    second: Connection,
}

/// What waits for an answer.
#[derive(Clone)]
enum Pending {
    Place(Placing),
    Move(Moving),
}

#[derive(Clone)]
struct Placing {
    request: Request,
    lines: Vec<(usize, i64)>,
    sandbox: bool,
    /// Whether it was sent before and stayed without an answer.
    unanswered: bool,
}

impl Customer {
    pub(crate) fn new(city: &Arc<City>, dice: &Arc<Entropy>, number: usize) -> Self {
        Self {
            orders: Vec::new(),
            refused: Vec::new(),
            tally: Tally::default(),
            city: Arc::clone(city),
            dice: Arc::clone(dice),
            number,
            attempts: 0,
            pending: None,
        }
    }

    /// Orders until the server is gone. First comes what is most at risk: the newest acknowledged order.
    pub(crate) async fn live(&mut self, port: u16) {
        let Some(mut lines) = Lines::open(port).await else { return };
        if let Some(newest) = self.orders.len().checked_sub(1)
            && self.repeat(&mut lines, newest).await.is_none()
        {
            return;
        }
        while self.act(&mut lines).await.is_some() {}
    }

    /// Gets an answer to what is open, then compares every answer with the first. For a server that stays.
    pub(crate) async fn settle(&mut self, port: u16) {
        let mut lines = Lines::open(port).await.unwrap();
        while self.pending.is_some() {
            self.act(&mut lines).await.unwrap();
        }
        for index in 0..self.orders.len() {
            self.repeat(&mut lines, index).await.unwrap();
        }
    }

    /// One request; `None` when the server is gone.
    async fn act(&mut self, lines: &mut Lines) -> Option<()> {
        match self.pending.clone() {
            Some(Pending::Place(placing)) => self.place(lines, placing).await,
            Some(Pending::Move(moving)) => self.go(lines, moving).await,
            None => self.choose(lines).await,
        }
    }

    async fn choose(&mut self, lines: &mut Lines) -> Option<()> {
        match self.dice.below(8) {
            0 if !self.orders.is_empty() => {
                let index = self.below(self.orders.len());
                self.repeat(lines, index).await
            }
            1..=3 => {
                self.choose_move();
                Some(())
            }
            _ => self.quote(lines).await,
        }
    }

    /// Asks for a price; a quote that was acknowledged is ordered next, be it from the next process.
    async fn quote(&mut self, lines: &mut Lines) -> Option<()> {
        let wanted = self.choose_lines();
        let dishes = self.city.dishes;
        let items = wanted.iter().map(|(dish, quantity)| json!({"item_id": dishes[*dish], "quantity": quantity}));
        let body = json!({
            "restaurant_id": self.city.kitchen,
            "lines": items.collect::<Vec<_>>(),
            "address": {"lat": KITCHEN.lat + 0.005, "lng": KITCHEN.lng + 0.005, "line1": "7 Church Street", "pin": "560001"},
            "tip_paise": self.dice.below(3) * 500,
        });
        let answer = lines.first.ask(&Request::post("/quotes", self.token(), &body)).await?;
        match answer.status {
            201 => self.pending = Some(Pending::Place(self.placing(wanted, &answer.json()["id"]))),
            409 if answer.code() == "item-unavailable" => {}
            503 => self.later().await,
            _ => panic!("a quote was answered {answer:?}"),
        }
        Some(())
    }

    fn choose_lines(&self) -> Vec<(usize, i64)> {
        let mut lines = vec![(0, i64::from(1 + self.dice.below(2)))];
        if self.dice.below(2) == 0 {
            lines.push((1, i64::from(1 + self.dice.below(3))));
        }
        if self.dice.below(6) == 0 {
            lines.push((2, i64::from(1 + self.dice.below(2))));
        }
        lines
    }

    fn placing(&mut self, lines: Vec<(usize, i64)>, quote: &Value) -> Placing {
        self.attempts += 1;
        let sandbox = self.dice.below(2) == 0;
        let body = json!({"quote_id": quote, "payment": {"method": if sandbox { "sandbox" } else { "cod" }}});
        let mut request = Request::post("/orders", self.token(), &body);
        request.key = Some(format!("customer{}-{}", self.number, self.attempts));
        Placing { request, lines, sandbox, unanswered: false }
    }

    /// Orders, sometimes twice at once.
    async fn place(&mut self, lines: &mut Lines, placing: Placing) -> Option<()> {
        let answers = if self.dice.below(4) == 0 {
            self.tally.repeated += 1;
            lines.ask_twice(&placing.request).await
        } else {
            vec![lines.first.ask(&placing.request).await]
        };
        let gone = answers.iter().any(Option::is_none);
        let answers: Vec<Answer> = answers.into_iter().flatten().collect();
        let placed = answers.iter().filter(|answer| answer.status == 201).collect::<Vec<_>>();
        if let Some(first) = placed.first() {
            assert!(placed.iter().all(|answer| answer.body == first.body), "two answers to one key: {placed:?}");
            self.tally.had_happened += usize::from(placing.unanswered && placed.iter().all(|answer| answer.replayed));
            self.pending = None;
            self.orders.push(order(placing, first));
        } else if gone {
            self.tally.unanswered += 1;
            self.pending = Some(Pending::Place(Placing { unanswered: true, ..placing }));
        } else if answers.iter().all(|answer| answer.status == 409 && answer.code() == "item-unavailable") {
            self.pending = None;
            self.refused.extend(placing.request.key);
        } else {
            assert!(answers.iter().any(|answer| answer.status == 503), "an order was answered {answers:?}");
            self.later().await;
        }
        (!gone).then_some(())
    }

    /// The same request again: the same answer, to the byte, and said to be a repetition.
    async fn repeat(&mut self, lines: &mut Lines, index: usize) -> Option<()> {
        self.tally.repeated += 1;
        let order = &self.orders[index];
        let answer = lines.first.ask(&order.request).await?;
        if answer.status == 503 {
            self.later().await;
            return Some(());
        }
        assert_eq!((answer.status, &answer.body), (201, &order.answer), "acknowledged under {}", order.key);
        assert!(answer.replayed, "a repetition was not said to be one: {}", order.key);
        Some(())
    }

    /// The server said "not now".
    async fn later(&mut self) {
        self.tally.again += 1;
        tokio::time::sleep(PAUSE).await;
    }

    fn token(&self) -> &str {
        &self.city.customers[self.number]
    }

    fn below(&self, bound: usize) -> usize {
        self.dice.below(u32::try_from(bound).unwrap()) as usize
    }
}

impl Lines {
    async fn open(port: u16) -> Option<Self> {
        Some(Self { first: Connection::open(port).await?, second: Connection::open(port).await? })
    }

    async fn ask_twice(&mut self, request: &Request) -> Vec<Option<Answer>> {
        let (first, second) = tokio::join!(self.first.ask(request), self.second.ask(request));
        vec![first, second]
    }
}

fn order(placing: Placing, answer: &Answer) -> Order {
    let body = answer.json();
    assert_eq!(body["status"], "placed");
    Order {
        key: placing.request.key.clone().unwrap(),
        id: body["id"].as_str().unwrap().parse().unwrap(),
        answer: answer.body.clone(),
        sandbox: placing.sandbox,
        lines: placing.lines,
        reached: vec![Status::Placed],
        silenced: false,
        courier: None,
        code: body["delivery_code"].as_str().unwrap().to_owned(),
        request: placing.request,
    }
}
