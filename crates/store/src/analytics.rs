//! The first roll-ups: orders by hour, dishes by day.

use domain::id::{MenuItemId, RestaurantId};

use crate::{record::records, statements};

statements! {
    /// Counts orders and revenue in an hour of a restaurant.
    ADD_HOUR = "INSERT INTO hourly_orders (city_id, restaurant_id, hour, placed, delivered, rejected, cancelled, \
        failed, revenue_paise) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (city_id, hour, restaurant_id) DO UPDATE SET placed = hourly_orders.placed + excluded.placed, \
        delivered = hourly_orders.delivered + excluded.delivered, \
        rejected = hourly_orders.rejected + excluded.rejected, \
        cancelled = hourly_orders.cancelled + excluded.cancelled, failed = hourly_orders.failed + excluded.failed, \
        revenue_paise = hourly_orders.revenue_paise + excluded.revenue_paise";
    /// Counts pieces and revenue of a dish in a day.
    ADD_ITEM = "INSERT INTO daily_items (city_id, restaurant_id, item_id, day, name, quantity, revenue_paise) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (city_id, day, restaurant_id, item_id) DO UPDATE SET \
        name = excluded.name, quantity = daily_items.quantity + excluded.quantity, \
        revenue_paise = daily_items.revenue_paise + excluded.revenue_paise";
    /// Hours of a city from a moment to before another.
    LIST_HOURS = "SELECT hour, CAST(SUM(placed) AS BIGINT) AS placed, \
        CAST(SUM(delivered) AS BIGINT) AS delivered, CAST(SUM(rejected) AS BIGINT) AS rejected, \
        CAST(SUM(cancelled) AS BIGINT) AS cancelled, CAST(SUM(failed) AS BIGINT) AS failed, \
        CAST(SUM(revenue_paise) AS BIGINT) AS revenue_paise FROM hourly_orders \
        WHERE city_id = $1 AND hour >= $2 AND hour < $3 GROUP BY hour ORDER BY hour";
    /// The most ordered dishes of a city since a day.
    LIST_POPULAR = "SELECT d.item_id, MAX(d.name) AS name, d.restaurant_id, MAX(r.name) AS restaurant_name, \
        CAST(SUM(d.quantity) AS BIGINT) AS quantity, CAST(SUM(d.revenue_paise) AS BIGINT) AS revenue_paise FROM daily_items d JOIN restaurants r ON r.id = d.restaurant_id \
        WHERE d.city_id = $1 AND d.day >= $2 GROUP BY d.item_id, d.restaurant_id \
        ORDER BY SUM(d.quantity) DESC, d.item_id LIMIT $3";
    /// The most ordered dishes of a restaurant since a day.
    LIST_POPULAR_OF_RESTAURANT = "SELECT d.item_id, MAX(d.name) AS name, d.restaurant_id, MAX(r.name) AS restaurant_name, \
        CAST(SUM(d.quantity) AS BIGINT) AS quantity, CAST(SUM(d.revenue_paise) AS BIGINT) AS revenue_paise \
        FROM daily_items d JOIN restaurants r ON r.id = d.restaurant_id \
        WHERE d.city_id = $1 AND d.day >= $2 AND d.restaurant_id = $4 GROUP BY d.item_id, d.restaurant_id \
        ORDER BY SUM(d.quantity) DESC, d.item_id LIMIT $3";
}

records! {
    /// One hour of a city.
    HourRow {
        /// Its beginning in epoch microseconds.
        hour: i64,
        /// Orders placed.
        placed: i64,
        /// Orders delivered.
        delivered: i64,
        /// Orders rejected.
        rejected: i64,
        /// Orders cancelled.
        cancelled: i64,
        /// Deliveries failed.
        failed: i64,
        /// What customers paid for delivered orders.
        revenue_paise: i64,
    }

    /// One dish.
    PopularRow {
        /// The dish.
        item_id: MenuItemId,
        /// Its name.
        name: String,
        /// The restaurant.
        restaurant_id: RestaurantId,
        /// Its name.
        restaurant_name: String,
        /// Pieces ordered.
        quantity: i64,
        /// Their price.
        revenue_paise: i64,
    }
}
