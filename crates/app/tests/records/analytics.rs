//! Figures by the hour, at the edges of what can be asked, and dishes beyond the first.

use domain::{id::MenuItemId, rule::Rule};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, analytics, args};
use uuid::Uuid;

use crate::town::{Town, broken};

#[tokio::test]
async fn the_edges_of_time_are_refused_and_not_fallen_over() {
    let town = Town::new().await;
    let admin = town.admin();
    let figures = async |from, to| {
        let span = town.app.figures_span(&admin, from, to)?;
        town.app.hourly_figures(&admin, town.city, span).await
    };
    let out = (Rule::OutOfRange, "/from".to_owned());
    assert_eq!(broken(figures(None, Some(Timestamp::MIN)).await), out);
    assert_eq!(broken(figures(Some(Timestamp::MIN), None).await), out);
    assert_eq!(broken(figures(Some(Timestamp::MAX), None).await), out);
    assert_eq!(broken(figures(Some(admin.now), Some(admin.now)).await), out);
    let last = figures(Some(Timestamp::MAX - SignedDuration::from_hours(1)), Some(Timestamp::MAX)).await;
    assert!(last.unwrap().is_empty());
    assert!(figures(None, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn hours_are_those_of_the_city() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    town.order(asha).await;
    town.app.consume_all().await.unwrap();
    let admin = town.admin();
    let places = town.app.places();
    let begin = Timestamp::from_microsecond(places.city(town.city).unwrap().hour_of(admin.now)).unwrap();
    let local = begin.to_zoned(places.city(town.city).unwrap().zone.clone());
    assert_eq!((local.minute(), local.second(), begin.as_second() % 3_600), (0, 0, 1_800), "India is half an hour off");
    let day_before = begin - SignedDuration::from_hours(24);
    for (from, to, orders) in [
        (None, None, 1),
        (Some(begin), None, 1),
        (Some(day_before), Some(begin), 0),
        (Some(day_before), Some(begin + SignedDuration::from_secs(1)), 1),
    ] {
        let span = town.app.figures_span(&admin, from, to).unwrap();
        let hours = town.app.hourly_figures(&admin, town.city, span).await.unwrap();
        assert_eq!(hours.iter().map(|row| row.placed).sum::<i64>(), orders, "{from:?} {to:?}");
        assert!(hours.iter().all(|row| row.hour == begin.as_microsecond()), "{hours:?}");
    }
}

#[tokio::test]
async fn a_short_list_of_popular_dishes_knows_how_much_was_ordered_of_all() {
    let town = Town::new().await;
    let admin = town.admin();
    let today = town.app.places().city(town.city).unwrap().day_of(admin.now);
    for (number, name, pieces) in [(1, "Dosa", 3_i64), (2, "Idli", 2)] {
        let dish = MenuItemId(Uuid::from_u128(number));
        let sold = args![town.city, town.kitchen, dish, today, name, pieces, 9_000 * pieces];
        town.app.db.commit(Tx::new("sold").run(&analytics::ADD_ITEM, sold)).await.unwrap();
    }
    for restaurant in [None, Some(town.kitchen)] {
        let popular = town.app.popular_items(&admin, town.city, restaurant, 1).await.unwrap();
        let told: Vec<_> = popular.iter().map(|row| (row.name.as_str(), row.quantity, row.quantity_of_all)).collect();
        assert_eq!(told, [("Dosa", 3, 5)]);
    }
}
