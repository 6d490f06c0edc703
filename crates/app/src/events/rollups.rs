//! The first roll-ups: orders by hour and kitchen, dishes by day.

use std::collections::BTreeMap;

use domain::{
    event::{Event, OrderMoved, Recorded},
    id::{CityId, RestaurantId},
    order::Status,
};
use jiff::Timestamp;
use store::{Tx, analytics, args, orders};

use crate::{App, context::Ctx, error::Error};

use super::consumers::Consumer;

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// Counts.
pub(crate) struct Rollups;

impl Consumer for Rollups {
    const NAME: &'static str = "rollups";

    async fn effects(app: &App, _: &Ctx, batch: &[Recorded], mut tx: Tx) -> Result<Tx, Error> {
        let mut hours: BTreeMap<HourKey, [i64; 6]> = BTreeMap::new();
        for recorded in batch {
            let Event::OrderMoved(moved) = &recorded.event else { continue };
            count_order(&mut hours, recorded, moved);
            if moved.to == Status::Delivered {
                tx = count_items(app, tx, recorded, moved).await?;
            }
        }
        // One statement for each hour of a kitchen, however many orders it had in this batch.
        for ((city, restaurant, hour), [placed, delivered, rejected, cancelled, failed, revenue]) in hours {
            let args = args![city, restaurant, hour, placed, delivered, rejected, cancelled, failed, revenue];
            tx = tx.run(&analytics::ADD_HOUR, args);
        }
        Ok(tx)
    }
}

/// City, kitchen and hour.
type HourKey = (CityId, RestaurantId, i64);

/// The beginning of the hour of a moment, in epoch microseconds.
pub(crate) fn hour(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(HOUR_US) * HOUR_US
}

/// The number of the day of a moment since the epoch.
pub(crate) fn day(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(DAY_US)
}

/// Adds an order to the counts of its hour: placed, delivered, rejected, cancelled, failed, revenue.
fn count_order(hours: &mut BTreeMap<HourKey, [i64; 6]>, recorded: &Recorded, moved: &OrderMoved) {
    let is = |status: Status| i64::from(moved.to == status);
    let ends = [Status::Placed, Status::Delivered, Status::Rejected, Status::Cancelled, Status::Failed].map(is);
    if ends.iter().sum::<i64>() == 0 {
        return;
    }
    let revenue = if moved.to == Status::Delivered { moved.total.0 } else { 0 };
    let counts = hours.entry((recorded.city_id, moved.restaurant_id, hour(recorded.at))).or_default();
    for (count, more) in counts.iter_mut().zip(ends.into_iter().chain([revenue])) {
        *count += more;
    }
}

async fn count_items(app: &App, mut tx: Tx, recorded: &Recorded, moved: &OrderMoved) -> Result<Tx, Error> {
    let lines: Vec<orders::LineRow> = app.db.all(&orders::LIST_LINES, args![moved.order_id]).await?;
    for line in lines {
        let revenue = line.unit_paise * line.quantity;
        tx = tx.run(
            &analytics::ADD_ITEM,
            args![
                recorded.city_id,
                moved.restaurant_id,
                line.item_id,
                day(recorded.at),
                line.name,
                line.quantity,
                revenue
            ],
        );
    }
    Ok(tx)
}
