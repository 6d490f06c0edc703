//! The shape of an order as each role sees it: which fields there are, and which are empty for whom.

use std::fmt::Write as _;

use serde_json::Value;

use super::story::typed;
use crate::support::Web;

/// One line a field: its path and what kind of value stands there. Lists show their first element.
fn outline(value: &Value, path: &str, lines: &mut String) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(list) => {
            match list.first() {
                Some(first) => outline(first, &format!("{path}[]"), lines),
                None => writeln!(lines, "{path} empty list").unwrap(),
            }
            return;
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                outline(value, &format!("{path}.{name}"), lines);
            }
            return;
        }
    };
    writeln!(lines, "{path} {kind}").unwrap();
}

#[tokio::test]
async fn each_role_sees_its_part_of_an_order() {
    let web = Web::new().await;
    let order = web.user("asha").await.orders(&web.city, "masala dosa", "cod").await;
    web.city.kitchen("annapurna").accepts(typed(&order)).await;
    web.city.dispatcher().assigns(typed(&order), "kiran").await;
    for (role, name) in
        [("customer", "asha"), ("restaurant", "annapurna"), ("courier", "kiran"), ("dispatcher", "meena")]
    {
        let seen = web.user(name).await.sees(&order).await;
        assert_eq!(seen["delivery_code"].is_string(), role == "customer", "only the customer knows the code");
        let mut lines = String::new();
        outline(&seen, "", &mut lines);
        insta::assert_snapshot!(format!("order_as_{role}"), lines);
    }
}
