//! Reviews: who may write one, and what the stars do.

use app::reviews::NewReview;
use domain::{event::Event, id::OrderId, order::Status, rule::Rule};

use crate::town::{Town, broken, is_forbidden, is_missing};

fn praise(order_id: OrderId) -> NewReview {
    NewReview { order_id, rating: 5, text: Some(" Crisp and hot. ".to_owned()), courier_rating: Some(3) }
}

#[tokio::test]
async fn asha_reviews_what_she_ate_once() {
    let town = Town::new().await;
    let asha = town.register("Asha Rao", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let order = town.order(asha).await;
    let early = town.app.add_review(&town.customer(asha), &praise(order)).await;
    assert_eq!(broken(early), (Rule::IllegalTransition, "/order_id".to_owned()));
    town.deliver(order, kiran).await;
    let review = town.app.add_review(&town.customer(asha), &praise(order)).await.unwrap();
    assert_eq!((review.author.as_str(), review.text.as_deref()), ("Asha", Some("Crisp and hot.")));
    town.told(Event::ReviewChanged { restaurant_id: town.kitchen, customer_id: Some(asha) }).await;
    let again = town.app.add_review(&town.customer(asha), &praise(order)).await;
    assert_eq!(broken(again), (Rule::AlreadyReviewed, "/order_id".to_owned()));
    // One rating of four stars was there before.
    let entry = town.app.restaurant(town.kitchen).unwrap();
    assert_eq!((entry.rating_tenths, entry.rating_count), (Some(45), 2));
    let rider = town.app.courier(&town.admin(), kiran).await.unwrap().row;
    assert_eq!((rider.rating_sum, rider.rating_count), (3, 1));
}

#[tokio::test]
async fn the_stars_go_with_the_review() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let order = town.order(asha).await;
    town.deliver(order, kiran).await;
    let review = town.app.add_review(&town.customer(asha), &praise(order)).await.unwrap();
    assert!(is_forbidden(&town.app.delete_review(&town.customer(asha), review.id).await));
    assert!(is_forbidden(&town.app.delete_review(&town.cook(), review.id).await));
    town.app.delete_review(&town.admin(), review.id).await.unwrap();
    assert!(is_missing(&town.app.delete_review(&town.admin(), review.id).await));
    let entry = town.app.restaurant(town.kitchen).unwrap();
    assert_eq!((entry.rating_tenths, entry.rating_count), (Some(40), 1));
    let rider = town.app.courier(&town.admin(), kiran).await.unwrap().row;
    assert_eq!((rider.rating_sum, rider.rating_count), (0, 0));
    let again = town.app.add_review(&town.customer(asha), &praise(order)).await;
    assert_eq!(broken(again).0, Rule::AlreadyReviewed);
}

#[tokio::test]
async fn only_the_one_who_ate_reviews() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let ravi = town.register("Ravi", "98765 00000").await;
    let order = town.order(asha).await;
    assert!(is_missing(&town.app.add_review(&town.customer(ravi), &praise(order)).await));
    assert!(is_forbidden(&town.app.add_review(&town.cook(), &praise(order)).await));
    let six = NewReview { rating: 6, ..praise(order) };
    assert_eq!(broken(town.app.add_review(&town.customer(asha), &six).await).1, "/rating");
    let none = NewReview { courier_rating: Some(0), ..praise(order) };
    assert_eq!(broken(town.app.add_review(&town.customer(asha), &none).await).1, "/courier_rating");
    town.move_to(&town.cook(), order, Status::Rejected, None).await;
    assert_eq!(broken(town.app.add_review(&town.customer(asha), &praise(order)).await).0, Rule::IllegalTransition);
}

#[tokio::test]
async fn everybody_reads_the_newest_first() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "91234 56789").await;
    let mut written = Vec::new();
    for rating in [5, 2] {
        let order = town.order(asha).await;
        town.deliver(order, kiran).await;
        let new = NewReview { rating, ..praise(order) };
        written.push(town.app.add_review(&town.customer(asha), &new).await.unwrap());
        town.wait(60);
    }
    let (page, next) = town.app.list_reviews(town.kitchen, None, 1).await.unwrap();
    assert_eq!((page[0].id, page[0].courier_rating), (written[1].id, None));
    let (page, next) = town.app.list_reviews(town.kitchen, next, 1).await.unwrap();
    assert_eq!((page[0].id, next), (written[0].id, None));
}
