//! What nobody reads any more is forgotten.

use domain::id::RestaurantId;
use store::{Tx, args, arrivals};

use crate::town::Town;

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

async fn hours(town: &Town) -> Vec<i64> {
    let rows: Vec<arrivals::HourScoreRow> =
        town.app.db.all(&arrivals::SUM_BY_HOUR, args![town.city, 0_i64, i64::MAX]).await.unwrap();
    rows.into_iter().map(|row| row.hour).collect()
}

async fn delivered_in(town: &Town, kitchen: RestaurantId, hour: i64) {
    let score = args![town.city, hour, kitchen, "total", 1_i64, 0_i64, 0_i64, 1_i64, 1_i64, 0_i64, 0_i64];
    town.app.db.commit(Tx::new("score").run(&arrivals::ADD_SCORE, score)).await.unwrap();
}

#[tokio::test]
async fn how_well_promises_held_is_kept_for_half_a_year() {
    let town = Town::new().await;
    let now = town.system().now.as_microsecond() / HOUR_US * HOUR_US;
    let (old, young) = (now - 185 * DAY_US, now - 183 * DAY_US);
    delivered_in(&town, town.kitchen, old).await;
    delivered_in(&town, town.kitchen, young).await;
    assert_eq!(hours(&town).await, [old, young]);
    town.app.tidy().await.unwrap();
    assert_eq!(hours(&town).await, [young]);
}
