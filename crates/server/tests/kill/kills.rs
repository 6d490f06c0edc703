//! Kill -9 at any moment loses no acknowledged order, fifty times on each database.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use app::Entropy;
use store::{Db, Options};
use tokio::task::JoinSet;

use crate::{
    books,
    city::{application, seed},
    customer::{Customer, Tally},
    process::Process,
};

const KILLS: u32 = 50;
const CUSTOMERS: usize = 8;
/// A server is killed so many milliseconds after it was ready.
const ALIVE_MS: (u32, u32) = (20, 400);
/// Every so many kills one more hits the server while it starts, at most so many milliseconds after its birth.
const STARTING: (u32, u32) = (5, 100);
const SEED: u64 = 20_261_120;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let home = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", home.path().join("dabba.sqlite").display());
    let data = ("DABBA_DATA", home.path().display().to_string());
    Box::pin(acknowledged_orders_outlive(home.path(), &url, data)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stderr, reason = "says what was not tested")]
async fn postgres() {
    if std::env::var("TEST_DATABASE_URL").is_err() {
        eprintln!("TEST_DATABASE_URL is not set: nothing was killed on PostgreSQL");
        return;
    }
    let database = testkit::database().await;
    let home = tempfile::tempdir().unwrap();
    let place = ("DATABASE_URL", database.url.clone());
    Box::pin(acknowledged_orders_outlive(home.path(), &database.url, place)).await;
}

async fn acknowledged_orders_outlive(home: &Path, url: &str, database: (&'static str, String)) {
    let started = Instant::now();
    let seed_number = std::env::var("KILL_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    say(&format!("seed {seed_number}"));
    let dice = Arc::new(Entropy::from_seed(seed_number));
    let settings = [
        database,
        // Silence and unanswered offers end soon, so that the server's own work is interrupted as well.
        ("DABBA_ACCEPT_WITHIN_S", "3".to_owned()),
        ("DABBA_OFFER_FOR_S", "2".to_owned()),
        ("DABBA_DATABASE_CONNECTIONS", "8".to_owned()),
    ];
    let db = open(url).await;
    db.migrate().await.unwrap();
    let city = Arc::new(seed(&application(db.clone(), &dice).await, CUSTOMERS).await);
    db.close().await;

    let mut customers: Vec<Customer> = (0..CUSTOMERS).map(|number| Customer::new(&city, &dice, number)).collect();
    kill_again_and_again(home, &settings, &dice, &mut customers).await;
    say(&format!("{KILLS} kills after {:.1?}", started.elapsed()));

    let mut server = Process::served(home, &settings).await;
    let mut lives = begin(&mut customers, server.port, Ending::Settled);
    end(&mut lives, &mut customers).await;
    assert!(server.kill());
    assert_eq!(complaints(&server.log()), Vec::<&str>::new());
    let tally = sum(&customers);
    say(&format!("all answered after {:.1?}: {tally:?}", started.elapsed()));
    // Otherwise the kills hit an idle server and prove nothing.
    assert!(tally.unanswered >= KILLS as usize, "the kills interrupted only {tally:?}");

    let db = open(url).await;
    books::audit(&db, &dice, &city, &customers).await;
    db.close().await;
    say(&format!("the books are right after {:.1?}", started.elapsed()));
}

async fn kill_again_and_again(home: &Path, settings: &[(&str, String)], dice: &Entropy, customers: &mut Vec<Customer>) {
    let mut starting = Duration::ZERO;
    for kill in 0..KILLS {
        if kill % STARTING.0 == 0 {
            kill_while_starting(home, settings, dice).await;
        }
        let born = Instant::now();
        let mut server = Process::served(home, settings).await;
        starting += born.elapsed();
        let mut lives = begin(customers, server.port, Ending::Killed);
        let alive_ms = ALIVE_MS.0 + dice.below(ALIVE_MS.1 - ALIVE_MS.0 + 1);
        tokio::time::sleep(Duration::from_millis(alive_ms.into())).await;
        assert!(server.kill(), "the server was dead before it was killed");
        end(&mut lives, customers).await;
    }
    say(&format!("from birth to ready took {:.0?} on average", starting / KILLS));
}

#[expect(clippy::print_stdout, reason = "seed and figures belong to the test's output")]
fn say(line: &str) {
    println!("{line}");
}

/// How the server's life ends.
#[derive(Clone, Copy)]
enum Ending {
    Killed,
    Settled,
}

fn begin(customers: &mut Vec<Customer>, port: u16, ending: Ending) -> JoinSet<Customer> {
    let mut lives = JoinSet::new();
    for mut customer in customers.drain(..) {
        lives.spawn(async move {
            match ending {
                Ending::Killed => customer.live(port).await,
                Ending::Settled => customer.settle(port).await,
            }
            customer
        });
    }
    lives
}

async fn end(lives: &mut JoinSet<Customer>, customers: &mut Vec<Customer>) {
    while let Some(customer) = lives.join_next().await {
        customers.push(customer.unwrap());
    }
}

/// Recovery itself may be interrupted.
async fn kill_while_starting(home: &Path, settings: &[(&str, String)], dice: &Entropy) {
    let mut server = Process::serve(home, settings);
    tokio::time::sleep(Duration::from_millis(dice.below(STARTING.1).into())).await;
    server.kill();
}

async fn open(url: &str) -> Db {
    Db::open(&url.parse().unwrap(), Options::default()).await.unwrap()
}

/// What the servers said of faults: nothing.
fn complaints(log: &str) -> Vec<&str> {
    log.lines().filter(|line| line.contains("\"level\":\"ERROR\"") || line.contains("panicked")).collect()
}

fn sum(customers: &[Customer]) -> Tally {
    let mut total = Tally::default();
    for customer in customers {
        total.orders += customer.orders.len();
        total.refused += customer.refused.len();
        total.steps += customer.orders.iter().map(|order| order.reached.len() - 1).sum::<usize>();
        total.unanswered += customer.tally.unanswered;
        total.had_happened += customer.tally.had_happened;
        total.repeated += customer.tally.repeated;
        total.again += customer.tally.again;
    }
    total
}
