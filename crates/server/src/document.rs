//! The API's description, `/openapi.json`.
//!
//! The endpoints describe themselves; what is said here holds for all of them. Refusals are
//! `application/problem+json`. And whatever is sent, is sent whole: a field of an answer that may be null is always
//! there, and only fields that are never null may be missing. Requests are not touched: there null and missing may
//! mean the same.

use utoipa::openapi::{
    Info, License, OpenApi, PathItem, RefOr, Response, Schema, Type,
    path::Operation,
    schema::SchemaType,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use crate::surface::{Access, SURFACE};

/// What the description calls the token.
const BEARER: &str = "bearer";

/// Says what holds for the whole API.
pub fn described(mut document: OpenApi) -> OpenApi {
    document.info = Info::new("Dabba", env!("CARGO_PKG_VERSION"));
    document.info.license = Some(License::new("Apache-2.0"));
    document.info.description = Some(
        "Self-hosted multi-vendor delivery. Money is whole paise, times are RFC 3339 in UTC, problems are RFC 9457 with \
         a stable `code`."
            .to_owned(),
    );
    secure(&mut document);
    let refusals = document.paths.paths.values_mut().flat_map(operations).filter_map(refusal);
    for refusal in refusals {
        refusal.content = std::mem::take(&mut refusal.content)
            .into_values()
            .map(|content| ("application/problem+json".to_owned(), content))
            .collect();
    }
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.iter_mut());
    for (_, schema) in schemas.filter(|(name, _)| is_sent(name)) {
        send_whole(schema);
    }
    document
}

/// Says which endpoints want a token, as the table of access has it.
fn secure(document: &mut OpenApi) {
    let token =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("`access_token` of `POST /auth/login`"));
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(BEARER, SecurityScheme::Http(token.build()));
    for (method, path, _) in SURFACE.iter().filter(|(_, _, access)| *access != Access::Public) {
        let operation = document.paths.paths.get_mut(*path).and_then(|item| operation(item, method));
        if let Some(operation) = operation {
            operation.security = Some(vec![SecurityRequirement::new(BEARER, [] as [&str; 0])]);
        }
    }
}

fn operation<'a>(path: &'a mut PathItem, method: &str) -> Option<&'a mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = path;
    let named = [("GET", get), ("PUT", put), ("POST", post), ("DELETE", delete), ("PATCH", patch)];
    named.into_iter().find(|(name, _)| *name == method).and_then(|(_, operation)| operation.as_mut())
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = path;
    [get, put, post, delete, patch].into_iter().flatten()
}

fn refusal(operation: &mut Operation) -> Option<&mut Response> {
    match operation.responses.responses.get_mut("4XX")? {
        RefOr::T(response) => Some(response),
        RefOr::Ref(_) => None,
    }
}

/// By the names that wire types have, see `docs/architecture.md`.
fn is_sent(name: &str) -> bool {
    name.ends_with("Response") || name.ends_with("Event") || name.starts_with("List_")
}

fn send_whole(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::AllOf(all)) => all.items.iter_mut().for_each(send_whole),
        RefOr::T(Schema::Object(object)) => {
            let nullable = object.properties.iter().filter(|(_, schema)| may_be_null(schema));
            let missing = nullable.map(|(name, _)| name).filter(|name| !object.required.contains(name));
            let missing: Vec<_> = missing.cloned().collect();
            object.required.extend(missing);
        }
        _ => {}
    }
}

fn may_be_null(schema: &RefOr<Schema>) -> bool {
    let kind = match schema {
        RefOr::T(Schema::OneOf(one)) => return one.items.iter().any(may_be_null),
        RefOr::T(Schema::Object(object)) => &object.schema_type,
        RefOr::T(Schema::Array(array)) => &array.schema_type,
        _ => return false,
    };
    match kind {
        SchemaType::Type(one) => *one == Type::Null,
        SchemaType::Array(some) => some.contains(&Type::Null),
        SchemaType::AnyValue => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    fn required(of: &str) -> Vec<String> {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        let schema = &document["components"]["schemas"][of];
        let parts = schema["allOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
        let required = parts.iter().filter_map(|part| part["required"].as_array()).flatten();
        required.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn has(of: &str, field: &str) -> bool {
        required(of).iter().any(|one| one == field)
    }

    #[test]
    fn every_refusal_is_a_problem() {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        let operations = document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap());
        let refusals = operations.filter_map(|(_, operation)| operation["responses"].get("4XX"));
        let kinds = refusals.map(|refusal| refusal["content"].as_object().unwrap().keys().collect::<Vec<_>>());
        let kinds: Vec<_> = kinds.collect();
        assert!(kinds.len() > 50 && kinds.iter().all(|kinds| *kinds == ["application/problem+json"]), "{kinds:?}");
    }

    #[test]
    fn answers_are_whole_and_requests_need_not_be() {
        assert!(has("OrderResponse", "courier") && has("OrderResponse", "reason"), "plain fields and objects");
        assert!(has("RestaurantDetailResponse", "phone"), "flattened ones too");
        assert!(has("List_OrderResponse", "next_cursor"), "and pages");
        assert!(!has("OrderEvent", "what"), "what is never null may be missing");
        assert!(!has("MoveOrderRequest", "reason"), "requests stay");
    }
}
