//! The report as one page: no scripts, no other files, light and dark.

use std::fmt::Write as _;

use crate::commands::measure::{
    Document,
    histogram::{Histogram, float},
};

const STYLE: &str = include_str!("report.css");
/// The figures that matter most, shown large.
const HEADLINES: [&str; 6] = [
    "orders_per_second",
    "operations_per_second",
    "operation_p50",
    "operation_p99",
    "server_cpu_per_request",
    "failed_requests",
];

/// The page of a run.
pub(super) fn page(document: &Document, latencies: &Histogram, hints: &[String]) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>Dabba load test</title><style>{STYLE}</style></head>\
         <body><h1>Dabba load test</h1><p>{}</p><p class=\"soft\">{}</p><p class=\"soft\"><code>{}</code></p>",
        escaped(&document.instance),
        escaped(&document.machine.to_string()),
        escaped(&document.parameters.to_string()),
    );
    html.push_str(&headline(document));
    for hint in hints {
        add(&mut html, format_args!("<p class=\"hint\">{}</p>", escaped(hint)));
    }
    html.push_str("<h2>Latency of an operation</h2>");
    html.push_str(&picture(latencies));
    html.push_str("<h2>Figures</h2><table><tbody>");
    for figure in &document.figures {
        let name = escaped(&figure.metric.replace('_', " "));
        add(&mut html, format_args!("<tr><td>{name}</td><td>{}</td><td>{}</td></tr>", figure.value, figure.unit));
    }
    html.push_str("</tbody></table>");
    let failures: Vec<_> = document.notes.iter().filter(|note| !hints.contains(note)).collect();
    if !failures.is_empty() {
        html.push_str("<h2>What failed</h2>");
        for failure in failures {
            add(&mut html, format_args!("<p>{}</p>", escaped(failure)));
        }
    }
    html.push_str("</body></html>");
    html
}

fn headline(document: &Document) -> String {
    let mut html = "<div class=\"big\">".to_owned();
    for figure in document.figures.iter().filter(|figure| HEADLINES.contains(&figure.metric.as_str())) {
        let name = escaped(&figure.metric.replace('_', " "));
        add(&mut html, format_args!("<div><b>{}</b>{name}, {}</div>", figure.value, figure.unit));
    }
    html.push_str("</div>");
    html
}

/// Bars over a logarithmic scale of time.
fn picture(latencies: &Histogram) -> String {
    const WIDTH: f64 = 800.0;
    const HEIGHT: f64 = 180.0;
    let bars = latencies.by_powers();
    let most = bars.iter().map(|bar| bar.1).max().unwrap_or(0).max(1);
    let wide = WIDTH / float(bars.len().max(1) as u64);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"Histogram: median {} ms, 99 % below {} ms\">",
        HEIGHT + 24.0,
        latencies.quantile_ms(0.5),
        latencies.quantile_ms(0.99),
    );
    // A label for every few bars, so that they do not touch.
    let each = bars.len().div_ceil(12).max(1);
    for (index, (until_ms, count)) in bars.iter().enumerate() {
        let (left, tall) = (wide * float(index as u64), HEIGHT * float(*count) / float(most));
        let (x, y, width) = (left + 1.0, HEIGHT - tall, (wide - 2.0).max(1.0));
        add(&mut svg, format_args!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{tall:.1}\">"));
        add(&mut svg, format_args!("<title>up to {until_ms:.3} ms: {count}</title></rect>"));
        if index % each == 0 {
            let below = HEIGHT + 16.0;
            add(&mut svg, format_args!("<text x=\"{left:.1}\" y=\"{below:.1}\">{}</text>", short(*until_ms)));
        }
    }
    add(&mut svg, format_args!("<line x1=\"0\" y1=\"{HEIGHT}\" x2=\"{WIDTH}\" y2=\"{HEIGHT}\"/></svg>"));
    svg
}

fn short(ms: f64) -> String {
    if ms < 1.0 {
        format!("{ms:.2} ms")
    } else if ms < 1_000.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1_000.0)
    }
}

/// Writing to a string cannot fail.
fn add(html: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = html.write_fmt(text);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::commands::measure::{Document, histogram::Histogram, machine::Machine};
    use std::time::Duration;

    #[test]
    fn a_report_stands_alone_and_shows_no_foreign_markup() {
        let mut document = Document {
            benchmark: "loadtest",
            instance: "<script>".to_owned(),
            parameters: serde_json::json!({}),
            seed: 7,
            seconds: 1.0,
            machine: Machine::now(),
            figures: Vec::new(),
            notes: vec!["3 x order: 409 quote-used".to_owned()],
        };
        document.add("orders_per_second", 3_000.4, "1/s");
        let mut latencies = Histogram::default();
        (1..500).for_each(|us| latencies.record(Duration::from_micros(us * us)));
        let html = page(&document, &latencies, &["The <disk> is slow.".to_owned()]);
        assert!(html.contains("<b>3000</b>orders per second") && html.contains("The &lt;disk&gt; is slow."));
        assert!(html.contains("3 x order: 409 quote-used") && html.contains("<rect "));
        for outside in ["<script", "http://", "https://", "src=", "<link"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}
