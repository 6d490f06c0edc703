//! Cached answers as their users meet them: what they say of themselves, to whom they are given, when they are forgotten.

mod answers;
mod carts;
mod forgotten;
mod gone;
mod operated;
mod restarted;
mod warmed;

use axum::http::Method;
use serde_json::Value;

use crate::support::{Answer, Client};

impl Client {
    /// Where an answer came from, by its own word.
    async fn gets(&self, path: &str) -> (String, Value) {
        let answer = self.get(path).await;
        let state = answer.header("x-cache").unwrap_or_else(|| panic!("{path} does not say")).to_owned();
        (state, answer.ok())
    }

    async fn deletes(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, &[], None).await
    }

    async fn alters(&self, path: &str, change: &Value) -> Answer {
        self.ask(Method::PATCH, path, &[], Some(change)).await
    }
}
