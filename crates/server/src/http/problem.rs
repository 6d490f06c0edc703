//! Refusals: the one place that knows status codes. RFC 9457, with a stable code whose page the server itself serves.

use app::{AmountChange, Error, LoginProblem};
use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::rule::{Broken, Param, Rule, RuleKind};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::api::quotes::QuoteResponse;

/// A refusal, `application/problem+json`. Boxed, because most answers are none.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Problem(Box<ProblemDetails>);

/// A refusal as it is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// Address of a page about this kind of problem.
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem in one sentence.
    title: String,
    /// HTTP status.
    status: u16,
    /// What happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The stable code.
    code: String,
    /// Fields that are to blame.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    /// Seconds after which trying again makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// A new quote, with `quote-changed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<Box<QuoteResponse>>,
    /// What differs, with `quote-changed`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<ChangeResponse>,
}

/// A field that is to blame.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON Pointer (RFC 6901) into the request.
    pointer: String,
    /// What is wrong with it.
    code: String,
    /// What a message about it needs.
    params: Map<String, Value>,
}

/// An amount that changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeResponse {
    /// Which.
    code: String,
    /// Before.
    from_paise: Option<i64>,
    /// Now.
    to_paise: Option<i64>,
}

/// A kind of problem that is not a business rule.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The stable code.
    pub code: &'static str,
    /// One sentence.
    pub title: &'static str,
    /// HTTP status.
    pub status: StatusCode,
}

macro_rules! kinds {
    ($($name:ident $code:literal $status:ident $title:literal,)*) => {
        $(#[doc = $title] pub const $name: Kind = Kind { code: $code, title: $title, status: StatusCode::$status };)*
        /// All kinds that are not business rules.
        pub const KINDS: &[Kind] = &[$($name),*];
    };
}

kinds! {
    BODY_TOO_LARGE "body-too-large" PAYLOAD_TOO_LARGE "The request body is too large.",
    FORBIDDEN "forbidden" FORBIDDEN "Your role may not do this.",
    INTERNAL "internal" INTERNAL_SERVER_ERROR "Something went wrong on our side; it has been recorded.",
    INVALID_BODY "invalid-body" UNPROCESSABLE_ENTITY "A field of the request body is wrong.",
    INVALID_JSON "invalid-json" BAD_REQUEST "The request body is not JSON.",
    INVALID_PARAMETER "invalid-parameter" UNPROCESSABLE_ENTITY "A parameter in the address is wrong.",
    METHOD_NOT_ALLOWED "method-not-allowed" METHOD_NOT_ALLOWED "This address does not know this method.",
    NOT_FOUND "not-found" NOT_FOUND "There is no such thing, or it is not yours.",
    REFRESH_REUSED "refresh-reused" UNAUTHORIZED "This refresh token was used before; the session has been ended.",
    TIMEOUT "timeout" GATEWAY_TIMEOUT "The request took too long and was given up.",
    TOKEN_EXPIRED "token-expired" UNAUTHORIZED "The access token has expired; refresh it.",
    TOKEN_INVALID "token-invalid" UNAUTHORIZED "The token is not one of ours.",
    TOO_MANY_REQUESTS "too-many-requests" TOO_MANY_REQUESTS "Too many requests of this kind.",
    UNAUTHENTICATED "unauthenticated" UNAUTHORIZED "Log in first.",
    UNAVAILABLE "unavailable" SERVICE_UNAVAILABLE "Temporarily unavailable; ask again, with the same key where there is one.",
    NOT_WARMABLE "not-warmable" UNPROCESSABLE_ENTITY "Answers of this namespace cannot be loaded before they are asked for.",
    UNKNOWN_NAMESPACE "unknown-namespace" NOT_FOUND "There is no cache namespace of this name.",
    UNSUPPORTED_MEDIA_TYPE "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "Send the body as application/json.",
    WRONG_CREDENTIALS "wrong-credentials" UNAUTHORIZED "Unknown login or wrong password.",
}

/// The status that a broken rule deserves.
pub const fn rule_status(rule: Rule) -> StatusCode {
    match (rule, rule.kind()) {
        (Rule::IdempotencyKeyMissing, _) => StatusCode::BAD_REQUEST,
        (Rule::PictureTooLarge, _) => StatusCode::PAYLOAD_TOO_LARGE,
        (Rule::PaymentFailed, _) => StatusCode::PAYMENT_REQUIRED,
        (_, RuleKind::Invalid) => StatusCode::UNPROCESSABLE_ENTITY,
        (_, RuleKind::Conflict) => StatusCode::CONFLICT,
    }
}

impl Problem {
    /// A problem of a kind.
    pub fn of(kind: Kind) -> Self {
        Self::named(kind.code, kind.title, kind.status)
    }

    /// Says what happened this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Names a field.
    #[must_use]
    pub fn field(mut self, pointer: impl Into<String>, code: &str) -> Self {
        self.0.errors.push(FieldProblem { pointer: pointer.into(), code: code.to_owned(), params: Map::new() });
        self
    }

    fn named(code: &str, title: &str, status: StatusCode) -> Self {
        Self(Box::new(ProblemDetails {
            kind: format!("/problems/{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            code: code.to_owned(),
            errors: Vec::new(),
            retry_after: None,
            quote: None,
            changes: Vec::new(),
        }))
    }

    /// Says when trying again makes sense.
    fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    fn broken(broken: Broken) -> Self {
        let Broken { rule, pointer, params } = broken;
        let mut problem = Self::named(rule.code(), rule.title(), rule_status(rule));
        let values = params.into_iter().map(|(name, value)| {
            let value = match value {
                Param::Int(value) => json!(value),
                Param::Text(value) => json!(value),
            };
            (name.to_owned(), value)
        });
        let params: Map<_, _> = values.collect();
        if pointer.is_some() || !params.is_empty() {
            let pointer = pointer.unwrap_or_default();
            problem.0.errors.push(FieldProblem { pointer, code: rule.code().to_owned(), params });
        }
        problem
    }

    fn login(problem: LoginProblem) -> Self {
        Self::of(match problem {
            LoginProblem::Missing => UNAUTHENTICATED,
            LoginProblem::Invalid => TOKEN_INVALID,
            LoginProblem::Expired => TOKEN_EXPIRED,
            LoginProblem::WrongCredentials => WRONG_CREDENTIALS,
            LoginProblem::RefreshReused => REFRESH_REUSED,
        })
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Rule(broken) => Self::broken(broken),
            Error::QuoteChanged { quote, changes } => {
                let mut problem = Self::broken(Rule::QuoteChanged.broken());
                problem.0.quote = Some(Box::new(QuoteResponse::of(&quote)));
                problem.0.changes = changes.into_iter().map(change).collect();
                problem
            }
            Error::Unauthenticated(problem) => Self::login(problem),
            Error::Forbidden => Self::of(FORBIDDEN),
            Error::NotFound(noun) => Self::of(NOT_FOUND).detail(format!("There is no such {noun}.")),
            Error::TooMany { retry_after_s } => Self::of(TOO_MANY_REQUESTS).retry_after(retry_after_s),
            Error::Unavailable(cause) => {
                tracing::warn!(cause, "unavailable");
                Self::of(UNAVAILABLE).retry_after(1)
            }
            Error::Internal(cause) => {
                tracing::error!(cause, "internal error");
                Self::of(INTERNAL)
            }
        }
    }
}

fn change(change: AmountChange) -> ChangeResponse {
    ChangeResponse {
        code: change.code,
        from_paise: change.from.map(|paise| paise.0),
        to_paise: change.to.map(|paise| paise.0),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.0.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            headers.insert(HeaderName::from_static("www-authenticate"), challenge);
        }
        response
    }
}

/// What an endpoint answers: a value or a refusal.
pub type Answer<T> = Result<T, Problem>;
