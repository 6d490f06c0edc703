//! The first roll-ups: orders by hour and kitchen, dishes by day, as the clocks of the city say.

use std::collections::BTreeMap;

use domain::{
    event::{Event, OrderMoved, Recorded},
    id::{CityId, RestaurantId},
    order::Status,
};
use jiff::Timestamp;
use store::{Tx, analytics, args, orders};

use crate::{App, context::Ctx, error::Error, places::City};

use super::consumers::Consumer;

/// Counts.
pub(crate) struct Rollups;

impl Consumer for Rollups {
    const NAME: &'static str = "rollups";

    async fn effects(app: &App, _: &Ctx, batch: &[Recorded], mut tx: Tx) -> Result<Tx, Error> {
        let mut hours: BTreeMap<HourKey, [i64; 6]> = BTreeMap::new();
        // Another node may have added a city just before.
        if batch.iter().any(|recorded| counts(&recorded.event) && app.places().city(recorded.city_id).is_none()) {
            app.reload_places().await?;
        }
        let places = app.places();
        for recorded in batch {
            let Event::OrderMoved(moved) = &recorded.event else { continue };
            let city = places.known_city(recorded.city_id)?;
            count_order(&mut hours, city, recorded.at, moved);
            if moved.to == Status::Delivered {
                tx = count_items(app, tx, city, recorded.at, moved).await?;
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

const fn counts(event: &Event) -> bool {
    matches!(event, Event::OrderMoved(_))
}

/// City, kitchen and hour.
type HourKey = (CityId, RestaurantId, i64);

/// Adds an order to the counts of its hour: placed, delivered, rejected, cancelled, failed, revenue.
fn count_order(hours: &mut BTreeMap<HourKey, [i64; 6]>, city: &City, at: Timestamp, moved: &OrderMoved) {
    let is = |status: Status| i64::from(moved.to == status);
    let ends = [Status::Placed, Status::Delivered, Status::Rejected, Status::Cancelled, Status::Failed].map(is);
    if ends.iter().sum::<i64>() == 0 {
        return;
    }
    let revenue = if moved.to == Status::Delivered { moved.total.0 } else { 0 };
    let counts = hours.entry((city.id, moved.restaurant_id, city.hour_of(at))).or_default();
    for (count, more) in counts.iter_mut().zip(ends.into_iter().chain([revenue])) {
        *count += more;
    }
}

async fn count_items(app: &App, mut tx: Tx, city: &City, at: Timestamp, moved: &OrderMoved) -> Result<Tx, Error> {
    let lines: Vec<orders::LineRow> = app.db.all(&orders::LIST_LINES, args![moved.order_id]).await?;
    for line in lines {
        let revenue = line.unit_paise * line.quantity;
        tx = tx.run(
            &analytics::ADD_ITEM,
            args![city.id, moved.restaurant_id, line.item_id, city.day_of(at), line.name, line.quantity, revenue],
        );
    }
    Ok(tx)
}
