//! A quote belongs to the platform, not to the node that made it.

use std::sync::Arc;

use app::{Entropy, Settings};
use domain::{ledger::PaymentMethod, rule::Rule};

use super::town::{Town, broken, is_missing};

#[tokio::test]
async fn a_quote_is_ordered_at_another_node_and_the_answer_repeated_at_its_own() {
    let town = Town::new().await;
    let asha = town.register("Asha", "+919845012345").await;
    let other = town.other_node(Settings::default(), Arc::new(Entropy::from_seed(8))).await;
    let (ctx, place) = town.quoted(asha).await;
    let placed = other.place_order(&ctx, "first-key", &place).await.unwrap();
    assert!(!placed.replayed);
    // The node that made the quote has it in memory and must notice that it was used.
    let again = town.app.place_order(&ctx, "first-key", &place).await.unwrap();
    assert!(again.replayed);
    assert_eq!((again.order_id, again.body), (placed.order_id, placed.body));
    assert_eq!(broken(town.app.place_order(&ctx, "second-key", &place).await).0, Rule::QuoteUsed);
}

#[tokio::test]
async fn a_quote_in_memory_expires_like_any_other() {
    let town = Town::new().await;
    let asha = town.register("Asha", "+919845012345").await;
    let (_, place) = town.quoted(asha).await;
    town.wait(601);
    let late = town.customer(asha);
    assert_eq!(broken(town.app.place_order(&late, "late-key", &place).await).0, Rule::QuoteExpired);
}

#[tokio::test]
async fn a_quote_in_memory_is_its_customers_alone() {
    let town = Town::new().await;
    let asha = town.register("Asha", "+919845012345").await;
    let ravi = town.register("Ravi", "+919845012346").await;
    let (_, place) = town.quoted(asha).await;
    let theft = town.app.place_order(&town.customer(ravi), "a-key", &place).await;
    assert!(is_missing(&theft));
}

#[tokio::test]
async fn a_declined_payment_leaves_the_quote_to_be_ordered() {
    let town = Town::new().await;
    let asha = town.register("Asha", "+919845012345").await;
    let (ctx, mut place) = town.quoted(asha).await;
    place.method = PaymentMethod::Sandbox;
    place.payment_token = Some("decline".to_owned());
    assert_eq!(broken(town.app.place_order(&ctx, "a-key", &place).await).0, Rule::PaymentFailed);
    place.payment_token = None;
    assert!(!town.app.place_order(&ctx, "another-key", &place).await.unwrap().replayed);
}
