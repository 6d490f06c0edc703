use cache::METRICS;
use metrics_exporter_prometheus::PrometheusBuilder;

use crate::support::{Kitchen, MENU, memory_cache, node};

#[test]
fn every_metric_is_recorded_under_its_name() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let shown = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let (cache, _clock) = memory_cache();
            let kitchen = Kitchen::default();
            kitchen.cooks(&cache, "dosa", "dosa").await;
            kitchen.cooks(&cache, "dosa", "dosa").await;
            cache.record_metrics();
            node("redis://127.0.0.1:1", "metrics", 1).record_metrics();
        });
    });
    let text = shown.render();
    for (name, _) in METRICS {
        assert!(text.contains(name), "{name} is missing in:\n{text}");
    }
    let hits = "dabba_cache_requests_total{namespace=\"menu_items\",result=\"memory_hit\"} 1";
    assert!(text.contains(hits), "{text}");
    assert!(!text.contains("namespace=\"orders\""), "unused namespaces stay away: {MENU}");
}
