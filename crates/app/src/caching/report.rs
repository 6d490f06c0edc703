//! Recommendations and alerts, each by a stated rule from figures that it carries along.
//!
//! Nothing is recommended from too few requests to tell. A rule that does not fire says nothing; an empty list means that
//! no rule fired, not that nobody looked.

use std::time::Duration;

use cache::{BreakerState, Health, MemoryUsage, Namespace, NamespaceStats};

use super::{prediction::float, warming::warmable};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// Somebody must act.
    Critical,
}

impl Severity {
    /// As sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// A figure that a recommendation rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Its name, with its unit.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
}

/// A recommendation or an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// The rule, one of [`RULES`].
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Of which namespace; `None` for the cache as a whole.
    pub namespace: Option<Namespace>,
    /// What to do.
    pub advice: &'static str,
    /// The figure's bound.
    pub bound: f64,
    /// The figures it rests on, the deciding one first.
    pub figures: Vec<Figure>,
}

const LEAST_REQUESTS: u64 = 100;
const LOW_HIT_RATIO: f64 = 0.8;
const SLOW_LOAD_MS: f64 = 250.0;
const MANY_STALE: f64 = 0.05;
const MANY_LATE: f64 = 0.05;
const MANY_FAILED: f64 = 0.01;
const MANY_EVICTED: f64 = 0.05;
const SHADOW_STALE: f64 = 0.01;
const MEMORY_WARNING: f64 = 0.8;
const MEMORY_CRITICAL: f64 = 0.95;

/// Every rule: its code and when it fires.
pub const RULES: [(&str, &str); 10] = [
    ("low-hit-ratio", "fewer than 80 % of at least 100 requests were answered without a load"),
    ("slow-loads", "the 99th percentile of at least 100 loads is over 250 ms"),
    ("many-stale", "more than 5 % of at least 100 requests got a stale answer"),
    ("overtaken-loads", "more than 5 % of at least 100 loads were overtaken by an invalidation"),
    ("failing-loads", "more than 1 % of at least 100 loads failed"),
    ("evicted-early", "more than 5 % of at least 100 loads were evicted for want of room"),
    ("measured-stale", "more than 1 % of at least 100 compared hits were out of date"),
    ("switched-off", "the namespace is switched off and was asked for"),
    ("redis-away", "Redis is configured and does not answer, or its messages are not heard"),
    ("memory-full", "memory holds more than 80 % (warning) or 95 % (critical) of its budget"),
];

/// What the figures recommend, worst first.
pub fn advise(stats: &[NamespaceStats], memory: &MemoryUsage, health: &Health) -> Vec<Advice> {
    let mut advice: Vec<Advice> = stats.iter().flat_map(of_namespace).collect();
    advice.extend(redis(health));
    advice.extend(memory_alerts(memory));
    advice.sort_by_key(|one| (std::cmp::Reverse(one.severity), one.rule, one.namespace));
    advice
}

/// What is to be said of memory.
pub fn memory_alerts(memory: &MemoryUsage) -> Vec<Advice> {
    let share = memory.share();
    let (severity, bound) = match share {
        share if share > MEMORY_CRITICAL => (Severity::Critical, MEMORY_CRITICAL),
        share if share > MEMORY_WARNING => (Severity::Warning, MEMORY_WARNING),
        _ => return Vec::new(),
    };
    let figures = vec![
        Figure { name: "share", value: share },
        Figure { name: "bytes", value: float(memory.bytes) },
        Figure { name: "budget_bytes", value: float(memory.budget) },
        Figure { name: "evictions_last_hour", value: float(memory.evictions_last_hour) },
    ];
    let advice = "Raise cache_bytes, or shorten the time to live of the largest namespace.";
    vec![Advice { rule: "memory-full", severity, namespace: None, advice, bound, figures }]
}

fn redis(health: &Health) -> Option<Advice> {
    let redis = health.redis.as_ref()?;
    if redis.breaker == BreakerState::Closed && redis.bus_connected {
        return None;
    }
    let flag = |set| if set { 1.0 } else { 0.0 };
    let figures = vec![
        Figure { name: "answering", value: flag(redis.breaker == BreakerState::Closed) },
        Figure { name: "bus_connected", value: flag(redis.bus_connected) },
        Figure { name: "errors", value: float(redis.errors) },
    ];
    let advice = "Look after Redis. Nothing fails meanwhile; memory is trusted for five seconds only.";
    Some(Advice { rule: "redis-away", severity: Severity::Warning, namespace: None, advice, bound: 1.0, figures })
}

fn of_namespace(stats: &NamespaceStats) -> Vec<Advice> {
    let requests = stats.hits() + stats.misses;
    let share = |part: u64, whole: u64| (whole >= LEAST_REQUESTS).then(|| float(part) / float(whole));
    let over = |value: Option<f64>, bound: f64| value.filter(|value| *value > bound);
    let fired = |rule, severity, advice, bound, value, figures: &[Figure]| Advice {
        rule,
        severity,
        namespace: Some(stats.namespace),
        advice,
        bound,
        figures: [&[value], figures].concat(),
    };
    let asked = Figure { name: "requests", value: float(requests) };
    let loads = Figure { name: "loads", value: float(stats.loads) };
    let ttl = Figure { name: "ttl_s", value: stats.policy.ttl.as_secs_f64() };
    let figure = |name, value| Figure { name, value };
    let mut all = Vec::new();
    let missed = share(stats.misses, requests);
    if let Some(missed) = over(missed, 1.0 - LOW_HIT_RATIO) {
        let advice = if warmable(stats.namespace) {
            "Warm it, or lengthen its time to live if its answers change less often than that."
        } else {
            "Lengthen its time to live if its answers change less often than that; where changes make it forget, leave it."
        };
        let ratio = figure("hit_ratio", 1.0 - missed);
        all.push(fired("low-hit-ratio", Severity::Info, advice, LOW_HIT_RATIO, ratio, &[asked, loads, ttl]));
    }
    let load_p99 = stats.load_p99.filter(|_| stats.loads >= LEAST_REQUESTS);
    if let Some(p99) = over(load_p99.map(milliseconds), SLOW_LOAD_MS) {
        let advice = "Look at the statements behind it; until then warm it, so that nobody waits for them.";
        all.push(fired("slow-loads", Severity::Warning, advice, SLOW_LOAD_MS, figure("load_p99_ms", p99), &[loads]));
    }
    if let Some(stale) = over(share(stats.stale_served, requests), MANY_STALE) {
        let advice = "Renewals are slow or rare: warm it before its busy hours.";
        all.push(fired("many-stale", Severity::Info, advice, MANY_STALE, figure("stale_share", stale), &[asked, ttl]));
    }
    if let Some(late) = over(share(stats.late_loads, stats.loads), MANY_LATE) {
        let advice = "It changes while it is loaded: a shorter time to live costs nothing, caching may gain little.";
        let value = figure("overtaken_share", late);
        all.push(fired("overtaken-loads", Severity::Info, advice, MANY_LATE, value, &[loads]));
    }
    if let Some(failed) = over(share(stats.load_failures, stats.loads), MANY_FAILED) {
        let advice = "Its loader fails: look at the log and at the database.";
        let value = figure("failed_share", failed);
        all.push(fired("failing-loads", Severity::Critical, advice, MANY_FAILED, value, &[loads]));
    }
    if let Some(evicted) = over(share(stats.evictions, stats.loads), MANY_EVICTED) {
        let advice = "There is not enough room for it: raise cache_bytes.";
        let value = figure("evicted_share", evicted);
        all.push(fired("evicted-early", Severity::Warning, advice, MANY_EVICTED, value, &[loads]));
    }
    if let Some(stale) = over(share(stats.shadow_stale, stats.shadow_checks), SHADOW_STALE) {
        let advice = "Its answers change without an event: shorten its time to live, or add the event.";
        let compared = figure("compared", float(stats.shadow_checks));
        let value = figure("out_of_date_share", stale);
        all.push(fired("measured-stale", Severity::Warning, advice, SHADOW_STALE, value, &[compared, ttl]));
    }
    if !stats.policy.enabled && stats.bypassed > 0 {
        let advice = "Switch it on again once the reason is gone.";
        let value = figure("bypassed", float(stats.bypassed));
        all.push(fired("switched-off", Severity::Info, advice, 0.0, value, &[]));
    }
    all
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, time::Duration};

    use super::{RULES, Severity, advise};
    use cache::{BreakerState, Cache, Health, MemoryUsage, Mode, Namespace, NamespaceStats, RedisHealth, SystemClock};

    fn idle() -> NamespaceStats {
        let cache = Cache::builder(std::sync::Arc::new(SystemClock::default()), 1).build().unwrap();
        cache.namespace_stats(Namespace::MenuItems)
    }

    fn memory(bytes: u64) -> MemoryUsage {
        MemoryUsage { bytes, budget: 100, evictions_last_minute: 0, evictions_last_hour: 3, namespaces: Vec::new() }
    }

    fn alone() -> Health {
        Health { mode: Mode::MemoryOnly, redis: None }
    }

    #[tokio::test]
    async fn nothing_is_recommended_from_nothing_or_too_little() {
        let few = NamespaceStats { misses: 99, loads: 99, load_failures: 99, ..idle() };
        assert_eq!(advise(&[idle(), few], &memory(80), &alone()), []);
    }

    #[tokio::test]
    async fn every_rule_fires_and_carries_its_figures() {
        let mut bad = NamespaceStats {
            misses: 100,
            stale_served: 100,
            loads: 100,
            late_loads: 10,
            load_failures: 10,
            evictions: 10,
            shadow_checks: 100,
            shadow_stale: 10,
            bypassed: 1,
            load_p99: Some(Duration::from_millis(300)),
            ..idle()
        };
        bad.policy.enabled = false;
        let redis = RedisHealth {
            address: "redis:6379".to_owned(),
            breaker: BreakerState::Open,
            bus_connected: false,
            clustered: false,
            latency: Duration::ZERO,
            latency_p50: None,
            latency_p99: None,
            errors: 9,
            last_error: None,
            writes_refused: None,
            pending_invalidations: 0,
        };
        let health = Health { mode: Mode::MemoryOnly, redis: Some(redis) };
        let found = advise(&[bad], &memory(96), &health);
        let fired: BTreeSet<_> = found.iter().map(|one| one.rule).collect();
        assert_eq!(fired, RULES.iter().map(|rule| rule.0).collect());
        assert!(found.iter().all(|one| !one.figures.is_empty()));
        assert_eq!(found[0].severity, Severity::Critical);
        let low = found.iter().find(|one| one.rule == "low-hit-ratio").unwrap();
        assert_eq!((low.figures[0].name, low.figures[0].value, low.bound), ("hit_ratio", 0.5, 0.8));
    }
}
