//! What may be said over a WebSocket, and what is wrong with what may not, as a body over HTTP is refused.

use axum::extract::ws::Message as Frame;
use domain::id::OrderId;
use serde::{Deserialize, de::IgnoredAny};

use crate::{
    api::couriers::FixRequest,
    http::{
        extract::parse,
        problem::{Problem, UNSUPPORTED_MEDIA_TYPE},
    },
};

/// What was said, by its `type`.
pub(super) enum Said {
    Authenticate(Authenticate),
    Subscribe(Subscribe),
    Report(Report),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Authenticate,
    Subscribe,
    Report,
}

/// The type alone. The rest is read once that is known, so that what is wrong in it can be pointed at.
#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Typed {
    r#type: Kind,
}

/// Who speaks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Authenticate {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    pub(super) access_token: String,
    /// Of `/events`.
    pub(super) last_event_id: Option<String>,
}

/// The order to be followed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subscribe {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    pub(super) order_id: OrderId,
    /// Of `/orders/{id}/events`.
    pub(super) last_event_id: Option<String>,
}

/// Where the courier who speaks was.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    pub(super) fixes: Vec<FixRequest>,
}

/// What a frame says; `None` for those that only keep the line open.
pub(super) fn read(frame: &Frame) -> Option<Result<Said, Problem>> {
    match frame {
        Frame::Text(text) => Some(understood(text.as_bytes())),
        Frame::Binary(_) => Some(Err(Problem::of(UNSUPPORTED_MEDIA_TYPE))),
        Frame::Ping(_) | Frame::Pong(_) | Frame::Close(_) => None,
    }
}

fn understood(text: &[u8]) -> Result<Said, Problem> {
    Ok(match parse::<Typed>(text)?.r#type {
        Kind::Authenticate => Said::Authenticate(parse(text)?),
        Kind::Subscribe => Said::Subscribe(parse(text)?),
        Kind::Report => Said::Report(parse(text)?),
    })
}

#[cfg(test)]
mod tests {
    use super::{Frame, read};

    #[test]
    fn what_cannot_be_read_is_refused_like_a_body() {
        let order = r#"{"type":"subscribe","order_id":"one"}"#;
        let cases = [
            (r#"{"type":"report","fixes":[{"lat":1}]}"#, "invalid-body", "/fixes/0/lng", "missing"),
            (r#"{"type":"report","fixes":[{"lat":"north"}]}"#, "invalid-body", "/fixes/0/lat", "wrong-type"),
            (r#"{"type":"report"}"#, "invalid-body", "/fixes", "missing"),
            (order, "invalid-body", "/order_id", "wrong-type"),
            (r#"{"type":"subscribe","to":"all"}"#, "invalid-body", "/to", "unknown-field"),
            (r#"{"type":"dance"}"#, "invalid-body", "/type", "wrong-type"),
            (r#"{"fixes":[]}"#, "invalid-body", "/type", "missing"),
            (r#""nonsense""#, "invalid-body", "", "wrong-type"),
            (r#"["report"]"#, "invalid-body", "", "wrong-type"),
        ];
        for (text, code, pointer, field) in cases {
            let refusal = refusal(&Frame::text(text));
            assert_eq!(refusal["code"], code, "{text}");
            assert_eq!(refusal["errors"][0]["pointer"], pointer, "{text}");
            assert_eq!(refusal["errors"][0]["code"], field, "{text}");
        }
        assert_eq!(refusal(&Frame::text("nonsense"))["code"], "invalid-json");
        assert_eq!(refusal(&Frame::binary(b"{}".as_slice()))["code"], "unsupported-media-type");
    }

    fn refusal(frame: &Frame) -> serde_json::Value {
        let refused = read(frame).and_then(Result::err).unwrap_or_else(|| panic!("{frame:?} was understood"));
        serde_json::to_value(refused).unwrap()
    }

    #[test]
    fn what_keeps_the_line_open_says_nothing() {
        assert!(read(&Frame::Ping(Vec::new().into())).is_none());
        assert!(read(&Frame::Pong(Vec::new().into())).is_none());
    }
}
