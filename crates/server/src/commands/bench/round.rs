//! `dabba bench round`: how long one round of dispatch takes over many open orders and couriers.
//!
//! What is measured is what a node does between reading the city and writing the offers: the policy decides, and each
//! proposal is explained by the whole ranking of its orders. Every round is another situation from the seed. Ways are the
//! product's built-in ones, the straight line times a factor; a city with streets asks a search instead, whose answers it
//! keeps.

use std::time::Instant;

use app::{StraightLine, TravelTimes as _};
use clap::Args;
use dispatch::{OnShift, OpenOrder, Round, Strategy, rank};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CityId, CourierId, OrderId},
};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use uuid::Uuid;

use crate::commands::measure::{Document, histogram::Histogram, machine::Machine};

/// Half the side of the city, in degrees: about sixteen kilometres across.
const HALF_SIDE: f64 = 0.075;
const CENTRE: Point = Point { lat: 12.9716, lng: 77.5946 };
/// What couriers ride, as often as it occurs here.
const VEHICLES: [Vehicle; 6] =
    [Vehicle::Scooter, Vehicle::Scooter, Vehicle::Motorcycle, Vehicle::EBike, Vehicle::Bicycle, Vehicle::Car];

/// How large the city is, and how often it is decided.
#[derive(Debug, Args)]
pub(in crate::commands) struct RoundArgs {
    /// Open orders without a courier
    #[arg(long, default_value_t = 300)]
    orders: u128,
    /// Couriers on shift
    #[arg(long, default_value_t = 200)]
    couriers: u128,
    /// Kitchens that the orders come from
    #[arg(long, default_value_t = 120)]
    kitchens: usize,
    /// How many rounds
    #[arg(long, default_value_t = 200)]
    rounds: u64,
    /// Which policy decides: nearest, batched or rolling
    #[arg(long, default_value_t)]
    policy: Strategy,
    /// Everything random follows from it
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// `dabba bench round`.
pub(super) fn round(args: &RoundArgs) -> Result<(), String> {
    let machine = Machine::now();
    let started = Instant::now();
    let (times, proposals, orders) = decide(args);
    let mut document = Document {
        benchmark: "round",
        instance: format!("{} orders, {} couriers", args.orders, args.couriers),
        parameters: json!({ "orders": args.orders.to_string(), "couriers": args.couriers.to_string(),
            "kitchens": args.kitchens, "rounds": args.rounds, "policy": args.policy.to_string() }),
        seed: args.seed,
        seconds: started.elapsed().as_secs_f64(),
        machine,
        figures: Vec::new(),
        notes: vec!["deciding and explaining; neither reading the city nor writing the offers".to_owned()],
    };
    if document.machine.build == "debug" {
        document.notes.push("a debug build: its times mean nothing".to_owned());
    }
    document.add("round_ms_p50", times.quantile_ms(0.5), "ms");
    document.add("round_ms_p99", times.quantile_ms(0.99), "ms");
    document.add("round_ms_most", times.most_ms(), "ms");
    #[expect(clippy::cast_precision_loss, reason = "some thousand")]
    document.add("proposals_a_round", proposals as f64 / args.rounds.max(1) as f64, "proposals");
    #[expect(clippy::cast_precision_loss, reason = "some thousand")]
    document.add("orders_per_proposal", orders as f64 / proposals.max(1) as f64, "orders");
    document.print(args.json)
}

/// How long each round took, how many proposals all of them made, and of how many orders.
fn decide(args: &RoundArgs) -> (Histogram, usize, usize) {
    let mut random = ChaCha8Rng::seed_from_u64(args.seed);
    let way_s = |from, to, vehicle| StraightLine.leg(CityId(Uuid::nil()), from, to, vehicle).duration_s;
    let (mut times, mut made, mut orders) = (Histogram::default(), 0, 0);
    for _ in 0..args.rounds {
        let situation = situation(args, &mut random);
        let started = Instant::now();
        let proposals = args.policy.policy().propose(&situation, &way_s);
        let proposed = proposals.iter().flat_map(|it| &it.orders);
        let explained = proposed.filter_map(|id| situation.orders.iter().find(|order| order.id == *id));
        let ranked: usize = explained.map(|order| rank(order, &situation, &way_s).0.len()).sum();
        times.record(started.elapsed());
        if ranked > 0 {
            made += proposals.len();
            orders += proposals.iter().map(|it| it.orders.len()).sum::<usize>();
        }
    }
    (times, made, orders)
}

/// A busy city: food ready from five minutes ago to a quarter of an hour ahead, every third courier with food in hand.
fn situation(args: &RoundArgs, random: &mut ChaCha8Rng) -> Round {
    let kitchens: Vec<Point> = (0..args.kitchens.max(1)).map(|_| somewhere(random)).collect();
    let order = |number: u128, random: &mut ChaCha8Rng| {
        let pickup = kitchens[random.random_range(0..kitchens.len())];
        let near = |random: &mut ChaCha8Rng| random.random_range(-0.03..0.03);
        let door = Point { lat: pickup.lat + near(random), lng: pickup.lng + near(random) };
        let ready_s = random.random_range(-300..900);
        let id = OrderId(Uuid::from_u128(number));
        OpenOrder { id, pickup, door, ready_s, unassigned_s: random.random_range(0..300), refused_by: Vec::new() }
    };
    let courier = |number: u128, random: &mut ChaCha8Rng| {
        let busy = number.is_multiple_of(3);
        OnShift {
            id: CourierId(Uuid::from_u128(number)),
            vehicle: VEHICLES[random.random_range(0..VEHICLES.len())],
            at: somewhere(random),
            free_in_s: if busy { random.random_range(60..900) } else { 0 },
            in_hand: usize::from(busy),
            offered: false,
            silent_s: random.random_range(0..30),
            on_break: false,
            barred: false,
            shift_ends_s: Some(random.random_range(1_800..14_400)),
            errand: None,
        }
    };
    let orders = (1..=args.orders).map(|number| order(number, random)).collect();
    let couriers = (1..=args.couriers).map(|number| courier(number, random)).collect();
    Round { orders, couriers, early_s: 180, reach_s: 1_500, silent_after_s: 60, most_bag_s: 2_700, most_delay_s: 600 }
}

fn somewhere(random: &mut ChaCha8Rng) -> Point {
    let mut off = || random.random_range(-HALF_SIDE..HALF_SIDE);
    Point { lat: CENTRE.lat + off(), lng: CENTRE.lng + off() }
}
