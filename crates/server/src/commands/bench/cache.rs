//! `dabba bench cache`: what the cache of answers is worth.
//!
//! A small city in a database to throw away is read through the server's own front, without a network: pages chosen by
//! popularity (Zipf 0.99), on a clock that the replay moves, so that answers age, expire and are forgotten as in real
//! hours. The same requests then go past the cache, which is switched off. Then answers are timed tier by tier.

mod catalogue;
mod relay;
mod replay;
mod seasons;
mod tiers;
mod torture;

use std::{path::PathBuf, sync::Arc, time::Duration};

use app::{App, Entropy, Settings, SystemClock};
use cache::{Cache, ManualClock, Namespace, Policy};
use clap::Args;
use serde_json::json;
use store::Options;

use self::{
    catalogue::Catalogue,
    replay::{Pace, Readers, Replayed},
    seasons::Seasons,
};
use crate::commands::measure::{Document, histogram::float, machine::Machine, place::Place};

/// A page changes after so many requests.
const CHANGE_EVERY: usize = 500;
/// Messages of a lossy bus that are lost, of a thousand.
const LOST_PER_MILLE: u32 = 100;
/// So many requests has a busy hour of the city, of those of a replay: one of ten.
const HOUR_SHARE: usize = 10;
const HOUR: Duration = Duration::from_secs(3_600);

/// How the cache is measured.
#[derive(Debug, Args)]
pub(in crate::commands) struct CacheArgs {
    /// A Redis server (`redis://..`) for the second tier; its keys are removed afterwards
    #[arg(long)]
    redis: Option<String>,
    /// Directory of the temporary SQLite file, if not the system's
    #[arg(long)]
    data: Option<PathBuf>,
    /// Requests of a replay
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1_000..))]
    requests: u32,
    /// Pages that are read: lists, restaurants and menus
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(10..))]
    keys: u32,
    /// Requests a second on the clock of the cache
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
    /// Also change things so many times on one node and watch them on another, over Redis
    #[arg(long, hide = true, requires = "redis")]
    writes: Option<u32>,
    /// Everything random follows from it
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// `dabba bench cache`.
pub(super) async fn cache(args: &CacheArgs) -> Result<(), String> {
    let place = Place::make(None, args.data.as_ref()).await?;
    let measured = measure(args, &place).await;
    place.remove().await?;
    measured?.print(args.json)
}

async fn measure(args: &CacheArgs, place: &Place) -> Result<Document, String> {
    let machine = Machine::now();
    let db = place.open(Options::default()).await?;
    let entropy = Arc::new(Entropy::from_seed(args.seed));
    let clock = Arc::new(ManualClock::new());
    let answers = Cache::builder(Arc::<ManualClock>::clone(&clock), args.seed).build();
    let answers = answers.map_err(|error| error.to_string())?;
    let app = App::open(db, Settings::default(), Arc::new(SystemClock), entropy).await;
    let app = Arc::new(app.map_err(|error| error.to_string())?.with_answers(answers));
    let mut document = args.document(place, machine);
    let catalogue = Catalogue::seed(&app, args.seed, args.keys).await?;
    let bench = Bench { args, readers: Readers::new(Arc::clone(&app), clock, catalogue) };
    let outcome = bench.run(&mut document).await;
    app.db.close().await;
    outcome.map(|()| document)
}

impl CacheArgs {
    fn document(&self, place: &Place, machine: Machine) -> Document {
        let Self { requests, keys, rate, .. } = self;
        let mut notes = vec![
            "hit_ratio: requests answered without waiting for a load, from an empty cache, stale answers included".to_owned(),
            "warm and cold: one hour of a Friday evening (a tenth of the requests, on its own clock), begun with what the model of use expected of it after eight recorded days, and begun empty".to_owned(),
            "cpu: of this process, by the kernel, over the whole replay, loads included".to_owned(),
            "l1_hit and l2_hit: from the call of the cache to its answer, without HTTP".to_owned(),
        ];
        if self.redis.is_none() {
            notes.push("no Redis was given: nothing is said about the second tier".to_owned());
        }
        if machine.build == "debug" {
            notes.push("a debug build: these figures mean nothing".to_owned());
        }
        Document {
            benchmark: "cache",
            instance: place.instance.clone(),
            parameters: json!({ "requests": requests, "keys": keys, "requests_per_second_on_the_clock": rate,
                "requests_per_change": CHANGE_EVERY, "zipf": 0.99, "redis": self.redis.is_some() }),
            seed: self.seed,
            seconds: 0.0,
            machine,
            figures: Vec::new(),
            notes,
        }
    }
}

struct Bench<'a> {
    args: &'a CacheArgs,
    readers: Readers,
}

impl Bench<'_> {
    async fn run(&self, document: &mut Document) -> Result<(), String> {
        let requests = self.readers.catalogue.requests(self.args.seed, self.args.requests as usize);
        let (cold, warm) = self.forecast_hour(document).await?;
        let cached = self.begun_empty(&requests, self.pace()).await?;
        let uncached = self.past_the_cache(&requests).await?;
        document.add("hit_ratio", cached.hit_ratio(), "of 1");
        document.add("cold_hit_ratio", cold.hit_ratio(), "of 1");
        document.add("warm_hit_ratio", warm.hit_ratio(), "of 1");
        document.add("loads", float(cached.loads), "loads");
        document.add("loads_without_cache", float(uncached.loads), "loads");
        document.add("cpu_us_per_request_cached", cached.cpu_us(), "us");
        document.add("cpu_us_per_request_uncached", uncached.cpu_us(), "us");
        document.add("cpu_ratio", uncached.cpu_us() / cached.cpu_us().max(0.001), "times");
        let others = (cached.others_s + uncached.others_s) / (cached.seconds + uncached.seconds).max(0.001);
        document.add("others_cores", others, "cores");
        document.seconds = [cold, warm, cached, uncached].iter().map(|replayed| replayed.seconds).sum();
        self.tiers(document, &requests).await
    }

    async fn tiers(&self, document: &mut Document, requests: &[usize]) -> Result<(), String> {
        let mut memory = tiers::from_memory(&self.readers, requests).await?;
        for (name, share) in [("l1_hit_p50_us", 0.5), ("l1_hit_p99_us", 0.99)] {
            let hit = memory.quantile_us(share).ok_or("no answer came from memory")?;
            document.add(name, hit, "us");
        }
        document.add("l1_hits_timed", float(memory.count() as u64), "hits");
        let Some(address) = &self.args.redis else { return Ok(()) };
        let mut redis = tiers::from_redis(&self.readers, address, self.args.seed).await?;
        for (name, share) in [("l2_hit_p50_us", 0.5), ("l2_hit_p99_us", 0.99)] {
            let hit = redis.quantile_us(share).ok_or("no answer came from redis")?;
            document.add(name, hit, "us");
        }
        document.add("l2_hits_timed", float(redis.count() as u64), "hits");
        match self.args.writes {
            Some(changes) => self.torture(document, address, changes as usize).await,
            None => Ok(()),
        }
    }

    /// Changes on one node, seen on another: with the whole bus, and with a tenth of its messages lost.
    async fn torture(&self, document: &mut Document, address: &str, changes: usize) -> Result<(), String> {
        let seed = self.args.seed.wrapping_add(1_000);
        let lossy = relay::lossy(address, LOST_PER_MILLE, seed).await.map_err(|error| error.to_string())?;
        for (name, way, number) in [("bus", address, 1), ("lossy_bus", lossy.as_str(), 3)] {
            let writer = tiers::node(address, seed.wrapping_add(number)).await?;
            let reader = tiers::node(way, seed.wrapping_add(number + 1)).await?;
            let mut delays = torture::unseen(&writer, &reader, changes).await?;
            for (quantile, share) in [("p50", 0.5), ("p99", 0.99), ("max", 1.0)] {
                let delay = delays.quantile_us(share).ok_or("nothing changed")?;
                document.add(format!("unseen_{name}_{quantile}_ms"), delay / 1_000.0, "ms");
            }
            document.add(format!("unseen_{name}_changes"), float(delays.count() as u64), "changes");
            tiers::clear(&writer).await;
        }
        Ok(())
    }

    fn pace(&self) -> Pace {
        Pace { step: Duration::from_secs(1) / self.args.rate, change_every: CHANGE_EVERY }
    }

    async fn begun_empty(&self, requests: &[usize], pace: Pace) -> Result<Replayed, String> {
        self.empty().await;
        self.readers.replay(requests, pace).await
    }

    /// An hour begun empty, and the same hour begun with what the model of use expects of it.
    async fn forecast_hour(&self, document: &mut Document) -> Result<(Replayed, Replayed), String> {
        let seasons = Seasons::new(&self.readers.catalogue, self.args.seed, self.args.requests as usize / HOUR_SHARE);
        let (requests, app) = (seasons.requests()?, &self.readers.app);
        let pace = Pace { step: HOUR.div_f64(float(requests.len() as u64)), change_every: CHANGE_EVERY };
        // Before the replays, which are counted as well.
        seasons.record(app).await?;
        self.empty().await;
        let (job, forecast) = seasons.warm(app).await?;
        let warm = self.readers.replay(&requests, pace).await?;
        let benefit = app.caching.usage.benefit();
        let cold = self.begun_empty(&requests, pace).await?;
        document.add("forecast_known", float(forecast.known as u64), "answers");
        document.add("warmed", float(job.loaded as u64), "answers");
        document.add("warmed_used_share", float(benefit.used) / float(benefit.warmed).max(1.0), "of 1");
        Ok((cold, warm))
    }

    async fn past_the_cache(&self, requests: &[usize]) -> Result<Replayed, String> {
        self.switch(false);
        let replayed = self.readers.replay(requests, self.pace()).await;
        self.switch(true);
        replayed
    }

    async fn empty(&self) {
        for namespace in Namespace::ALL {
            self.readers.answers().invalidate_namespace(namespace).await;
        }
    }

    fn switch(&self, enabled: bool) {
        for namespace in Namespace::ALL {
            let policy = Policy { enabled, ..self.readers.answers().policy(namespace) };
            self.readers.answers().set_policy(namespace, policy);
        }
    }
}
