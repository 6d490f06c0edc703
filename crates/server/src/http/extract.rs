//! Reading requests: bodies, parameters and ids, each refusal naming the field.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, OptionalFromRequest, Path, Query, Request, rejection::BytesRejection},
    http::{StatusCode, header, request::Parts},
};
use domain::id::TypedId;
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use super::problem::{
    BODY_TOO_LARGE, INVALID_BODY, INVALID_JSON, INVALID_PARAMETER, NOT_FOUND, Problem, UNSUPPORTED_MEDIA_TYPE,
};

/// A JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::of(UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = <Bytes as FromRequest<S>>::from_request(request, state)
            .await
            .map_err(|rejection| unreadable(&rejection))?;
        parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        let bytes = <Bytes as FromRequest<S>>::from_request(request, state)
            .await
            .map_err(|rejection| unreadable(&rejection))?;
        if bytes.is_empty() { Ok(None) } else { parse(&bytes).map(|value| Some(Self(value))) }
    }
}

/// The bytes of a picture, whatever the request calls them.
#[derive(Debug)]
pub struct PictureBody(pub Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for PictureBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match <Bytes as FromRequest<S>>::from_request(request, state).await {
            Ok(bytes) => Ok(Self(bytes.into())),
            // What is larger than any body is larger than any picture.
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(app::Error::from(domain::picture::too_large()).into())
            }
            Err(rejection) => Err(unreadable(&rejection)),
        }
    }
}

fn is_json(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn unreadable(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::of(BODY_TOO_LARGE)
    } else {
        Problem::of(INVALID_JSON).detail("The body could not be read to its end.")
    }
}

/// Reads JSON; what is wrong is named by pointer.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // The library takes the fields of an object from an array too, by their order. A whole body is no such thing.
    let listed = bytes.trim_ascii_start().starts_with(b"[");
    let no_object = || Problem::of(INVALID_BODY).detail("An object is expected.").field("", "wrong-type");
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        match inner.is_data() {
            true if listed => no_object(),
            true => wrong_field(&pointer, &inner.to_string()),
            false => not_json(&inner),
        }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    if listed { Err(no_object()) } else { Ok(value) }
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::of(INVALID_JSON).detail(format!("Line {}, column {}.", error.line(), error.column()))
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let segments = path.iter().filter_map(|segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    segments.collect()
}

/// Serde names a missing or unknown field in its message, not in its path.
fn wrong_field(pointer: &str, message: &str) -> Problem {
    let named = message.split('`').nth(1).unwrap_or_default();
    let what = message.split(" at line ").next().unwrap_or(message).to_owned();
    let (pointer, code) = if message.starts_with("unknown field") {
        (extended(pointer, named), "unknown-field")
    } else if message.starts_with("missing field") {
        (extended(pointer, named), "missing")
    } else {
        (pointer.to_owned(), "wrong-type")
    };
    Problem::of(INVALID_BODY).detail(what).field(pointer, code)
}

/// The path may or may not end in the field already.
fn extended(pointer: &str, field: &str) -> String {
    let suffix = format!("/{field}");
    if pointer.ends_with(&suffix) { pointer.to_owned() } else { format!("{pointer}{suffix}") }
}

/// Parameters in the address.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let text = rejection.body_text();
                let message = text.trim_start_matches("Failed to deserialize query string: ");
                // Either the parameter stands before a colon, or the message quotes it.
                let before = message.split_once(": ").map(|(name, _)| name).filter(|name| !name.contains(' '));
                let named = before.or_else(|| message.split('`').nth(1)).unwrap_or_default();
                let pointer = if named.contains(' ') { String::new() } else { format!("/{named}") };
                Err(Problem::of(INVALID_PARAMETER).detail(message).field(pointer, "invalid-parameter"))
            }
        }
    }
}

/// No parameters: whoever sends some hears that they mean nothing here.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// An id in the address. What is no id names nothing, so it is answered like an absent one.
#[derive(Clone, Copy, Debug)]
pub struct Id<T>(pub T);

impl<T: TypedId, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let absent = || Problem::of(NOT_FOUND).detail(format!("There is no such {}.", T::NOUN));
        let path = Path::<Uuid>::from_request_parts(parts, state).await.map_err(|_| absent())?;
        Ok(Self(T::from(path.0)))
    }
}

/// Two ids in the address, the owner's first.
#[derive(Clone, Copy, Debug)]
pub struct Ids<T, U>(pub T, pub U);

impl<T: TypedId, U: TypedId, S: Send + Sync> FromRequestParts<S> for Ids<T, U> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let absent = || Problem::of(NOT_FOUND).detail(format!("There is no such {}.", U::NOUN));
        let path = Path::<(Uuid, Uuid)>::from_request_parts(parts, state).await.map_err(|_| absent())?;
        Ok(Self(T::from(path.0.0), U::from(path.0.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[expect(dead_code, reason = "only its reading matters")]
        quantity: i64,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        #[expect(dead_code, reason = "only its reading matters")]
        lines: Vec<Line>,
    }

    fn refusal(body: &str) -> serde_json::Value {
        serde_json::to_value(parse::<Order>(body.as_bytes()).unwrap_err()).unwrap()
    }

    #[test]
    fn a_refusal_points_at_the_field() {
        let cases = [
            (r#"{"lines":[{"quantity":"two"}]}"#, "/lines/0/quantity", "wrong-type"),
            (r#"{"lines":[{"quantity":1},{"quantity":1,"price":1}]}"#, "/lines/1/price", "unknown-field"),
            (r#"{"lines":[{}]}"#, "/lines/0/quantity", "missing"),
            (r"{}", "/lines", "missing"),
            (r#" [[{"quantity":1}]]"#, "", "wrong-type"),
        ];
        for (body, pointer, code) in cases {
            let refusal = refusal(body);
            assert_eq!(refusal["code"], "invalid-body", "{body}");
            assert_eq!(refusal["errors"][0]["pointer"], pointer, "{body}");
            assert_eq!(refusal["errors"][0]["code"], code, "{body}");
        }
    }

    #[test]
    fn what_is_not_json_is_said_to_be_so() {
        for body in ["", "{", "[oops", r#"{"lines":[]} x"#] {
            assert_eq!(refusal(body)["code"], "invalid-json", "{body}");
        }
    }
}
