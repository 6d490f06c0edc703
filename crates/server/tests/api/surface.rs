//! The whole surface, by list: the table of access, the API's description and the routes are one set, every endpoint
//! answers every kind of user as the table of permissions says, and so does the page on security.

mod matrix;
mod papers;
mod samples;
mod things;

use std::collections::BTreeSet;

use axum::http::Method;
use domain::permission::{Action, Role, Scope};
use server::surface::{PAGES, SURFACE};

use crate::support::Web;

const METHODS: [&str; 5] = ["DELETE", "GET", "PATCH", "POST", "PUT"];

const SECURITY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/security.md"));

fn table() -> BTreeSet<(String, String)> {
    SURFACE.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect()
}

fn described() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys().map(|method| method.to_uppercase());
        methods.filter(|method| METHODS.contains(&method.as_str())).map(|method| (method, path.clone()))
    });
    operations.collect()
}

/// The addresses that the router knows. It lists them only in its debugging output.
fn routed(web: &Web) -> BTreeSet<String> {
    let printed = format!("{:?}", server::front(&web.server));
    let listed = printed.split("paths: {").skip(1).map(|rest| rest.split('}').next_back().map_or(rest, |_| rest));
    let quoted = listed.flat_map(|part| part.split('"').skip(1).step_by(2));
    quoted.filter(|text| text.starts_with('/')).map(str::to_owned).collect()
}

/// The table of permissions, as lines of a page.
fn permissions() -> Vec<String> {
    let heads = Role::ALL.map(Role::as_str).join(" | ");
    let rows = Action::ALL.iter().map(|action| {
        let reaches = Role::ALL.iter().map(|role| match action.scope(*role) {
            Some(Scope::Own) => " own |",
            Some(Scope::Any) => " any |",
            None => " |",
        });
        format!("| {} |{}", action.title(), reaches.collect::<String>())
    });
    [format!("| | {heads} |"), "|---|---|---|---|---|---|".to_owned()].into_iter().chain(rows).collect()
}

#[test]
fn the_page_on_security_has_the_table_of_permissions() {
    let written: Vec<&str> = SECURITY.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(written, permissions());
}

#[test]
fn the_table_and_the_description_are_one_set() {
    assert_eq!(table().difference(&described()).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
    assert_eq!(described().difference(&table()).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
    assert_eq!(table().len(), SURFACE.len(), "no endpoint stands in the table twice");
}

#[tokio::test]
async fn the_table_and_the_router_are_one_set() {
    let web = Web::new().await;
    let paths: BTreeSet<String> = table().into_iter().map(|(_, path)| path).collect();
    let routed: BTreeSet<String> = routed(&web).into_iter().filter(|path| !path.contains("__private")).collect();
    // The root belongs to the faces, which answer whatever is nobody else's.
    let expected = PAGES.iter().copied().chain(["/"]).map(str::to_owned).chain(paths.iter().cloned());
    assert_eq!(routed, expected.collect());
    let stranger = web.stranger();
    for path in &paths {
        let address = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
        let address = address.collect::<Vec<_>>().join("/");
        for method in METHODS {
            let answer = stranger.ask(Method::from_bytes(method.as_bytes()).unwrap(), &address, &[], None).await;
            let known = table().contains(&(method.to_owned(), path.clone()));
            assert_eq!(answer.status != 405, known, "{method} {path}: {}", answer.text());
            if !known {
                answer.refused(405, "method-not-allowed");
                assert!(answer.header("allow").is_some(), "{method} {path} says what is allowed");
            }
        }
    }
}
