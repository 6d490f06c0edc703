//! Figures by the hour, at the edges of what can be asked.

use domain::rule::Rule;
use jiff::{SignedDuration, Timestamp};

use crate::town::{Town, broken};

#[tokio::test]
async fn the_edges_of_time_are_refused_and_not_fallen_over() {
    let town = Town::new().await;
    let admin = town.admin();
    let figures = |from, to| town.app.hourly_figures(&admin, town.city, from, to);
    let out = (Rule::OutOfRange, "/from".to_owned());
    assert_eq!(broken(figures(None, Some(Timestamp::MIN)).await), out);
    assert_eq!(broken(figures(Some(Timestamp::MIN), None).await), out);
    assert_eq!(broken(figures(Some(Timestamp::MAX), None).await), out);
    assert_eq!(broken(figures(Some(admin.now), Some(admin.now)).await), out);
    let last = figures(Some(Timestamp::MAX - SignedDuration::from_hours(1)), Some(Timestamp::MAX)).await;
    assert!(last.unwrap().is_empty());
    assert!(figures(None, None).await.unwrap().is_empty());
}
