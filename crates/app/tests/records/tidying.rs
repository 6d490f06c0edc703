//! What nobody reads any more is forgotten.

use domain::id::{CourierId, OfferId, RestaurantId};
use store::{Tx, args, arrivals, decisions, offers};
use uuid::Uuid;

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

#[tokio::test]
async fn what_was_offered_and_why_is_kept_for_half_a_year() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "98765 43211").await;
    let order = town.order(asha).await;
    let now = town.system().now.as_microsecond();
    for (number, days, state) in [(1, 181, "declined"), (2, 179, "expired"), (3, 181, "made")] {
        let (offer, made_at) = (OfferId(Uuid::from_u128(number)), now - days * DAY_US);
        let made = args![offer, town.city, order, kiran, 5_000_i64, "{}", made_at, made_at + HOUR_US];
        let held = args![offer, order, town.city, 1_i64, 5_000_i64];
        let decided = args![
            order,
            made_at + i64::try_from(number).unwrap(),
            town.city,
            "rolling",
            kiran,
            None::<CourierId>,
            None::<String>,
            "[]"
        ];
        let mut tx = Tx::new("offer").run(&offers::INSERT, made).run(&offers::INSERT_ORDER, held);
        if state != "made" {
            tx = tx.run(&offers::END, args![offer, state, made_at + HOUR_US]);
        }
        town.app.db.commit(tx.run(&decisions::INSERT, decided)).await.unwrap();
    }
    town.app.tidy().await.unwrap();
    let left =
        |number| town.app.db.optional::<offers::OfferRow>(&offers::FIND, args![OfferId(Uuid::from_u128(number))]);
    assert!(left(1).await.unwrap().is_none(), "it is older than half a year");
    assert!(left(2).await.unwrap().is_some());
    assert_eq!(left(3).await.unwrap().unwrap().state, "made", "what is open is not forgotten");
    let told: Vec<decisions::DecisionRow> =
        town.app.db.all(&decisions::LIST_OF_ORDER, args![order, 30_i64]).await.unwrap();
    assert_eq!(told.iter().map(|row| row.at).collect::<Vec<_>>(), [now - 179 * DAY_US + 2]);
}
