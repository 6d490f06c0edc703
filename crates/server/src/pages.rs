//! What is neither API nor face: metrics, the API's description and its reader, a page for every problem.

use std::{fmt::Write as _, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use domain::rule::Rule;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    Server,
    http::problem::{KINDS, NOT_FOUND, Problem, rule_status},
};

/// The pages.
pub fn router(document: OpenApi) -> Router<Arc<Server>> {
    Router::new()
        .merge(SwaggerUi::new("/docs").url("/openapi.json", document))
        .route("/metrics", get(metrics))
        .route("/problems", get(list_problems))
        .route("/problems/{code}", get(get_problem))
}

async fn metrics(State(server): State<Arc<Server>>) -> Response {
    let Some(handle) = &server.metrics else {
        return Problem::of(NOT_FOUND).into_response();
    };
    server.app.answers.record_metrics();
    #[expect(clippy::cast_precision_loss, reason = "a gauge")]
    metrics::gauge!("dabba_live_topics").set(server.app.hub.topics() as f64);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response()
}

/// Every kind of problem: code, sentence, status.
pub fn problems() -> Vec<(&'static str, &'static str, StatusCode)> {
    let rules = Rule::ALL.iter().map(|rule| (rule.code(), rule.title(), rule_status(*rule)));
    let mut all: Vec<_> = KINDS.iter().map(|kind| (kind.code, kind.title, kind.status)).chain(rules).collect();
    all.sort_unstable_by_key(|problem| problem.0);
    all
}

async fn list_problems() -> Html<String> {
    let mut rows = String::new();
    for (code, title, status) in problems() {
        // Writing to a string cannot fail.
        let _ = write!(rows, "<dt><a href=\"/problems/{code}\">{code}</a> · {}</dt><dd>{title}</dd>", status.as_u16());
    }
    page("Problems", &format!("<dl>{rows}</dl>"))
}

async fn get_problem(Path(code): Path<String>) -> Response {
    let Some((code, title, status)) = problems().into_iter().find(|problem| problem.0 == code) else {
        return Problem::of(NOT_FOUND).into_response();
    };
    let text = format!(
        "<p>{title}</p><p>Answered with status {} and <code>\"code\": \"{code}\"</code>. Where a field is to blame, \
         <code>errors</code> names it by JSON Pointer.</p><p><a href=\"/problems\">All problems</a></p>",
        status.as_u16()
    );
    page(code, &text).into_response()
}

/// A plain page that needs neither script nor stylesheet of its own.
pub fn page(title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"en-IN\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><title>{title} · Dabba</title><style>:root{{color-scheme:light \
         dark}}body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}}dt{{margin-top:\
         1rem}}dd{{margin:0}}pre{{white-space:pre-wrap}}</style><h1>{title}</h1>{body}"
    ))
}
