//! Sending: each thread drives its connections with a runtime of its own, each connection one operation at a time.

use std::{
    cell::RefCell,
    net::SocketAddr,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use app::Entropy;
use bytes::Bytes;
use data_encoding::HEXLOWER;
use serde::Deserialize;
use tokio::task::LocalSet;

use super::{
    GRACE, LoadtestArgs, Scenario,
    client::{Call, Client},
    tally::{Kind, Tally},
    town::{Guest, Town, order_of},
};

/// What is to be sent when.
pub(super) struct Plan {
    address: SocketAddr,
    town: Arc<Town>,
    scenario: Scenario,
    connections: u16,
    lasts: Duration,
    /// Open loop: when each operation is due, from the start on.
    due: Option<Vec<Duration>>,
    next: AtomicUsize,
    dice: Entropy,
    /// Tells the idempotency keys of this run from those of others.
    run: String,
}

impl Plan {
    pub(super) fn new(args: &LoadtestArgs, address: SocketAddr, town: Arc<Town>) -> Self {
        let lasts = Duration::from_secs(args.seconds.into());
        let dice = Entropy::from_seed(args.seed);
        let due = args.rate.map(|rate| arrivals(&dice, rate, lasts));
        let run = HEXLOWER.encode(&Entropy::from_system().bytes::<6>());
        let (scenario, connections) = (args.scenario, args.connections);
        Self { address, town, scenario, connections, lasts, due, next: AtomicUsize::new(0), dice, run }
    }

    /// The number of the next operation and when it is due; `None` when there is none any more.
    fn next(&self, start: Instant) -> Option<(usize, Instant)> {
        let now = Instant::now();
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        match &self.due {
            None => (now < start + self.lasts).then_some((number, now)),
            Some(due) => {
                let late = now > start + self.lasts + GRACE / 2;
                due.get(number).filter(|_| !late).map(|due| (number, start + *due))
            }
        }
    }

    fn pick<'a, T>(&self, things: &'a [T]) -> &'a T {
        &things[self.dice.below(u32::try_from(things.len()).unwrap_or(u32::MAX)) as usize]
    }
}

/// Moments at which independent people come: the gaps between them follow the exponential distribution.
fn arrivals(dice: &Entropy, rate: u32, lasts: Duration) -> Vec<Duration> {
    let mut moments = Vec::new();
    let mut at = 0.0;
    loop {
        // From just above 0 to 1.
        let share = f64::from(dice.below(u32::MAX)) + 1.0;
        at -= (share / f64::from(u32::MAX)).ln() / f64::from(rate);
        if at >= lasts.as_secs_f64() {
            return moments;
        }
        moments.push(Duration::from_secs_f64(at));
    }
}

/// Carries the plan out; answers once all connections are done.
pub(super) async fn run(plan: Plan, threads: u8) -> Result<Tally, String> {
    let longest = plan.lasts + GRACE;
    let plan = Arc::new(plan);
    let start = Instant::now();
    let drivers: Vec<_> = (0..threads)
        .map(|thread| {
            let plan = Arc::clone(&plan);
            tokio::task::spawn_blocking(move || drive(&plan, thread, threads, start))
        })
        .collect();
    let renewing = tokio::spawn(renew(Arc::clone(&plan)));
    let mut tally = Tally::default();
    for driver in drivers {
        let driven = tokio::time::timeout(longest, driver).await;
        let driven = driven.map_err(|_| "the server does not answer any more".to_owned())?;
        tally.merge(&driven.map_err(|error| error.to_string())??);
    }
    renewing.abort();
    tally.unsent =
        plan.due.as_ref().map_or(0, |due| due.len().saturating_sub(plan.next.load(Ordering::Relaxed))) as u64;
    Ok(tally)
}

/// Renews the sessions in time, for ever.
async fn renew(plan: Arc<Plan>) {
    while let Some(seconds) = plan.town.renew_after_s() {
        tokio::time::sleep(Duration::from_secs(seconds.max(1))).await;
        if plan.town.renew(plan.address).await.is_err() {
            // The requests that are refused tell it.
            return;
        }
    }
}

fn drive(plan: &Arc<Plan>, thread: u8, threads: u8, start: Instant) -> Result<Tally, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let tally = Rc::new(RefCell::new(Tally::default()));
    let all = LocalSet::new();
    for _ in (0..plan.connections).filter(|number| number % u16::from(threads) == u16::from(thread)) {
        let connection =
            Connection { plan: Arc::clone(plan), client: Client::new(plan.address), tally: Rc::clone(&tally) };
        all.spawn_local(connection.work(start));
    }
    runtime.block_on(all);
    let mut tally = tally.take();
    tally.lasted = start.elapsed();
    Ok(tally)
}

/// The part of an answer that the next request needs.
#[derive(Deserialize)]
struct Made<'a> {
    #[serde(borrow)]
    id: &'a str,
}

/// The part of a refusal that is counted.
#[derive(Deserialize)]
struct Refusal {
    code: String,
}

struct Connection {
    plan: Arc<Plan>,
    client: Client,
    tally: Rc<RefCell<Tally>>,
}

impl Connection {
    async fn work(mut self, start: Instant) {
        let plan = Arc::clone(&self.plan);
        while let Some((number, due)) = plan.next(start) {
            if due > Instant::now() {
                tokio::time::sleep_until(due.into()).await;
            }
            if self.operate(&plan, number, due).await.is_some() {
                self.tally.borrow_mut().operations.record(due.elapsed());
            }
        }
    }

    /// One operation; `None` if it failed.
    async fn operate(&mut self, plan: &Plan, number: usize, due: Instant) -> Option<()> {
        match plan.scenario {
            Scenario::Orders => self.order(plan, number, due).await,
            Scenario::Browse => self.browse(plan, due).await,
            Scenario::Track => self.track(plan, number, due).await,
            Scenario::Mixed => match plan.dice.below(100) {
                0..90 => self.browse(plan, due).await,
                90..95 => self.quote(plan, guest(plan, number), due).await.map(drop),
                95..98 => self.order(plan, number, due).await,
                _ => self.track(plan, number, due).await,
            },
        }
    }

    async fn browse(&mut self, plan: &Plan, due: Instant) -> Option<()> {
        let (kind, paths) = match plan.dice.below(10) {
            0..4 => (Kind::List, &plan.town.lists),
            4..6 => (Kind::Restaurant, &plan.town.restaurants),
            _ => (Kind::Menu, &plan.town.menus),
        };
        let path: &String = plan.pick(paths);
        let call = Call { path, ..Call::default() };
        self.send(kind, call, due).await.map(drop)
    }

    async fn track(&mut self, plan: &Plan, number: usize, due: Instant) -> Option<()> {
        let guest = guest(plan, number);
        let path = guest.order.as_deref()?;
        let call = Call { path, token: Some(guest.token()), ..Call::default() };
        self.send(Kind::Track, call, due).await.map(drop)
    }

    async fn quote(&mut self, plan: &Plan, guest: &Guest, due: Instant) -> Option<Bytes> {
        let body = Some(plan.pick(&guest.quotes).clone());
        let call = Call { path: "/quotes", body, token: Some(guest.token()), key: None };
        self.send(Kind::Quote, call, due).await
    }

    async fn order(&mut self, plan: &Plan, number: usize, due: Instant) -> Option<()> {
        let guest = guest(plan, number);
        let quote = self.quote(plan, guest, due).await?;
        let Ok(Made { id }) = serde_json::from_slice(&quote) else {
            self.tally.borrow_mut().failed(Kind::Quote, "no id");
            return None;
        };
        let key = format!("{}-{number}", plan.run);
        let body = Some(Bytes::from(order_of(id)));
        let call = Call { path: "/orders", body, token: Some(guest.token()), key: Some(&key) };
        self.send(Kind::Order, call, Instant::now()).await.map(drop)
    }

    /// Sends a request and counts it; `None` if it failed.
    async fn send(&mut self, kind: Kind, call: Call<'_>, since: Instant) -> Option<Bytes> {
        match self.client.send(call).await {
            Ok(reply) if reply.status == kind.expected() => {
                self.tally.borrow_mut().succeeded(kind, since);
                return Some(reply.body);
            }
            Ok(reply) => {
                let code = serde_json::from_slice(&reply.body).map_or_else(|_| String::new(), |it: Refusal| it.code);
                self.tally.borrow_mut().failed(kind, &format!("{} {code}", reply.status));
            }
            Err(error) => self.tally.borrow_mut().failed(kind, &error),
        }
        // A server that refuses everything must not be flooded with refusals.
        tokio::time::sleep(Duration::from_millis(1)).await;
        None
    }
}

fn guest(plan: &Plan, number: usize) -> &Guest {
    &plan.town.guests[number % plan.town.guests.len()]
}

#[cfg(test)]
mod tests {
    use super::arrivals;
    use app::Entropy;
    use std::time::Duration;

    #[test]
    fn arrivals_are_random_and_keep_the_rate() {
        let moments = arrivals(&Entropy::from_seed(7), 1_000, Duration::from_secs(10));
        assert!((9_700..10_300).contains(&moments.len()), "{}", moments.len());
        assert!(moments.is_sorted() && moments.last().unwrap() < &Duration::from_secs(10));
        let gaps: Vec<f64> = moments.windows(2).map(|two| two[1].as_secs_f64() - two[0].as_secs_f64()).collect();
        let longer = gaps.iter().filter(|gap| **gap > 0.001).count();
        // Of an exponential distribution, 1/e exceeds the mean.
        assert!((3_400..4_000).contains(&longer), "{longer}");
        assert_eq!(moments, arrivals(&Entropy::from_seed(7), 1_000, Duration::from_secs(10)));
    }
}
