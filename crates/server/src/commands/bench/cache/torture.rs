//! How long a change on one node goes unseen on another: with all messages of the bus, and with a tenth of them lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use cache::{Cache, Loaded, Namespace};

use super::tiers::Durations;

const KEYS: usize = 100;
const NAMESPACE: Namespace = Namespace::OrderStatus;
/// No change may go unseen for longer: the reader gives up then.
const PATIENCE: Duration = Duration::from_secs(30);

/// The truth: for each key a number that only rises, and when each number became true.
struct Truth {
    began: Instant,
    now: Vec<AtomicUsize>,
    /// Microseconds since the beginning, by key and number.
    since: Vec<Vec<AtomicU64>>,
}

impl Truth {
    fn new(changes: usize) -> Self {
        let numbers = changes.div_ceil(KEYS) + 1;
        let since = || (0..numbers).map(|_| AtomicU64::new(0)).collect();
        Self {
            began: Instant::now(),
            now: (0..KEYS).map(|_| AtomicUsize::new(0)).collect(),
            since: (0..KEYS).map(|_| since()).collect(),
        }
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn raise(&self, key: usize) {
        let next = self.now[key].load(Ordering::SeqCst) + 1;
        self.since[key][next].store(self.micros(), Ordering::SeqCst);
        self.now[key].store(next, Ordering::SeqCst);
    }
}

/// Changes the truth `changes` times and invalidates each time on `writer`, while `reader` reads every key again and
/// again until it has seen the last change. Answers for each change how long it took until it was seen.
pub(super) async fn unseen(writer: &Cache, reader: &Cache, changes: usize) -> Result<Durations, String> {
    let truth = Arc::new(Truth::new(changes));
    let writing = tokio::spawn(write(Arc::clone(&truth), writer.clone(), changes));
    let mut delays = Durations::default();
    let mut seen = vec![0; KEYS];
    let mut quiet_since = None;
    loop {
        for (key, seen) in seen.iter_mut().enumerate() {
            let now_seen = read(reader, &truth, key).await?;
            let now = truth.micros();
            for number in *seen + 1..=now_seen {
                let since = truth.since[key][number].load(Ordering::SeqCst);
                delays.add(Duration::from_micros(now.saturating_sub(since)));
            }
            *seen = now_seen.max(*seen);
        }
        if delays.count() >= changes {
            break;
        }
        if writing.is_finished() && *quiet_since.get_or_insert_with(Instant::now) + PATIENCE < Instant::now() {
            return Err(format!("{} changes were never seen", changes - delays.count()));
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    writing.await.map_err(|error| error.to_string())?;
    Ok(delays)
}

async fn write(truth: Arc<Truth>, writer: Cache, changes: usize) {
    for change in 0..changes {
        let key = change % KEYS;
        truth.raise(key);
        writer.invalidate(NAMESPACE, &key.to_string()).await;
    }
}

async fn read(reader: &Cache, truth: &Arc<Truth>, key: usize) -> Result<usize, String> {
    let truth = Arc::clone(truth);
    let load = move || async move {
        let now = truth.now[key].load(Ordering::SeqCst);
        Ok::<_, Arc<str>>(Some(Loaded::new(now.to_string())))
    };
    let answer = reader.get_or_load(NAMESPACE, &key.to_string(), load).await.map_err(|error| error.to_string())?;
    let body = answer.map(|answer| answer.body).unwrap_or_default();
    let number = std::str::from_utf8(&body).ok().and_then(|text| text.parse().ok());
    number.ok_or_else(|| "a number came back as something else".to_owned())
}
