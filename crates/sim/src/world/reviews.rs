//! Reviews: stars for most, words for some.

use app::reviews::NewReview;
use domain::id::{CustomerId, OrderId};
use rand::seq::IndexedRandom as _;

use super::World;
use crate::error::Error;

const KIND: &[&str] = &[
    "Still hot when it came.",
    "Tastes like at home.",
    "Portion is generous, packing is neat.",
    "Chutney was fresh. Will order again.",
    "On time to the minute.",
    "Best in this part of town.",
    "Children finished everything.",
];
const MIXED: &[&str] =
    &["Good taste, small portion.", "Fine, but a little oily.", "Nice food, came late.", "Average today."];
const UNKIND: &[&str] =
    &["Cold when it came.", "Too much salt.", "Gravy had leaked into the bag.", "Not what was ordered."];

impl World {
    pub(super) async fn review(&mut self, order: OrderId, customer: CustomerId) -> Result<(), Error> {
        // The last that is asked about the order, whatever becomes of it.
        self.luck.forget(order);
        let rating = *[3, 4, 4, 4, 5, 5, 5, 5, 2, 1].choose(&mut self.rng).unwrap_or(&4);
        let courier_rating = if self.chance(0.6) { [4, 5, 5, 5, 3].choose(&mut self.rng).copied() } else { None };
        let words = match rating {
            4..=5 => KIND,
            3 => MIXED,
            _ => UNKIND,
        };
        let text = if self.chance(0.4) { words.choose(&mut self.rng).map(|text| (*text).to_owned()) } else { None };
        let review = NewReview { order_id: order, rating, text, courier_rating };
        self.app.add_review(&self.as_customer(customer), &review).await?;
        self.tally.reviewed += 1;
        Ok(())
    }
}
