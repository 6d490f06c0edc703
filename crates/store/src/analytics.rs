//! The first roll-ups: orders by hour, dishes by day.

use domain::id::{CityId, MenuItemId, RestaurantId};
use uuid::Uuid;

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
        CAST(SUM(d.quantity) AS BIGINT) AS quantity, CAST(SUM(d.revenue_paise) AS BIGINT) AS revenue_paise, \
        CAST(SUM(SUM(d.quantity)) OVER () AS BIGINT) AS quantity_of_all \
        FROM daily_items d JOIN restaurants r ON r.id = d.restaurant_id \
        WHERE d.city_id = $1 AND d.day >= $2 GROUP BY d.item_id, d.restaurant_id \
        ORDER BY SUM(d.quantity) DESC, d.item_id LIMIT $3";
    /// The most ordered dishes of a restaurant since a day.
    LIST_POPULAR_OF_RESTAURANT = "SELECT d.item_id, MAX(d.name) AS name, d.restaurant_id, MAX(r.name) AS restaurant_name, \
        CAST(SUM(d.quantity) AS BIGINT) AS quantity, CAST(SUM(d.revenue_paise) AS BIGINT) AS revenue_paise, \
        CAST(SUM(SUM(d.quantity)) OVER () AS BIGINT) AS quantity_of_all \
        FROM daily_items d JOIN restaurants r ON r.id = d.restaurant_id \
        WHERE d.city_id = $1 AND d.day >= $2 AND d.restaurant_id = $4 GROUP BY d.item_id, d.restaurant_id \
        ORDER BY SUM(d.quantity) DESC, d.item_id LIMIT $3";
    /// What a customer ordered: orders, delivered, called off by the customer, refused or failed, paid for delivered
    /// ones, first and last placing.
    SUM_OF_CUSTOMER = "SELECT CAST(COUNT(*) AS BIGINT) AS placed, \
        CAST(COALESCE(SUM(CASE WHEN status = 'delivered' THEN 1 ELSE 0 END), 0) AS BIGINT) AS delivered, \
        CAST(COALESCE(SUM(CASE WHEN status = 'cancelled' THEN 1 ELSE 0 END), 0) AS BIGINT) AS cancelled, \
        CAST(COALESCE(SUM(CASE WHEN status IN ('rejected', 'failed') THEN 1 ELSE 0 END), 0) AS BIGINT) AS failed, \
        CAST(COALESCE(SUM(CASE WHEN status = 'delivered' THEN total_paise ELSE 0 END), 0) AS BIGINT) AS paid_paise, \
        MIN(placed_at) AS first_at, MAX(placed_at) AS last_at FROM orders WHERE customer_id = $1";
    /// The restaurants that a customer had most deliveries from.
    LIST_KITCHENS_OF_CUSTOMER = "SELECT o.restaurant_id AS id, MAX(r.name) AS name, \
        CAST(COUNT(*) AS BIGINT) AS count FROM orders o JOIN restaurants r ON r.id = o.restaurant_id \
        WHERE o.customer_id = $1 AND o.status = 'delivered' GROUP BY o.restaurant_id \
        ORDER BY COUNT(*) DESC, o.restaurant_id LIMIT $2";
    /// The dishes that a customer had delivered most.
    LIST_DISHES_OF_CUSTOMER = "SELECT l.item_id AS id, MAX(l.name) AS name, \
        CAST(SUM(l.quantity) AS BIGINT) AS count FROM orders o JOIN order_lines l ON l.order_id = o.id \
        WHERE o.customer_id = $1 AND o.status = 'delivered' GROUP BY l.item_id \
        ORDER BY SUM(l.quantity) DESC, l.item_id LIMIT $2";
    /// When and where a customer ordered lately: moment, city.
    LIST_TIMES_OF_CUSTOMER = "SELECT placed_at, city_id FROM orders WHERE customer_id = $1 \
        ORDER BY placed_at DESC LIMIT $2";
    /// How a customer rated: reviews, sum of stars.
    SUM_REVIEWS_OF_CUSTOMER = "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(rating), 0) AS BIGINT) \
        FROM reviews WHERE customer_id = $1 AND deleted_at IS NULL";
    /// Orders and revenue of a restaurant since an hour.
    SUM_OF_RESTAURANT = "SELECT CAST(COALESCE(SUM(placed), 0) AS BIGINT) AS placed, \
        CAST(COALESCE(SUM(delivered), 0) AS BIGINT) AS delivered, \
        CAST(COALESCE(SUM(rejected), 0) AS BIGINT) AS rejected, \
        CAST(COALESCE(SUM(cancelled), 0) AS BIGINT) AS cancelled, \
        CAST(COALESCE(SUM(failed), 0) AS BIGINT) AS failed, \
        CAST(COALESCE(SUM(revenue_paise), 0) AS BIGINT) AS revenue_paise \
        FROM hourly_orders WHERE restaurant_id = $1 AND hour >= $2";
    /// Times of a restaurant's newest delivered orders after one.
    LIST_TIMES_OF_RESTAURANT = "SELECT placed_at, accepted_at, promised_ready_at, ready_at, delivered_at, \
        first_eta_high FROM orders WHERE restaurant_id = $1 AND status = 'delivered' AND id > $2 \
        ORDER BY id DESC LIMIT $3";
}

records! {
    /// What a customer ordered.
    CustomerSumRow {
        /// Orders.
        placed: i64,
        /// Delivered.
        delivered: i64,
        /// Called off.
        cancelled: i64,
        /// Refused by the kitchen or failed on the way.
        failed: i64,
        /// Paid for delivered ones.
        paid_paise: i64,
        /// When the first was placed.
        first_at: Option<i64>,
        /// When the last was placed.
        last_at: Option<i64>,
    }

    /// A favourite.
    FavouriteRow {
        /// Its id.
        id: Uuid,
        /// Its name.
        name: String,
        /// How often.
        count: i64,
    }

    /// When and where somebody ordered.
    PlacingRow {
        /// When.
        placed_at: i64,
        /// Where.
        city_id: CityId,
    }

    /// Orders and revenue of a restaurant.
    RestaurantSumRow {
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

    /// Times of a delivered order.
    TimesRow {
        /// When it was placed.
        placed_at: i64,
        /// When the kitchen accepted.
        accepted_at: Option<i64>,
        /// When the food should have been ready.
        promised_ready_at: Option<i64>,
        /// When it was.
        ready_at: Option<i64>,
        /// When it arrived.
        delivered_at: Option<i64>,
        /// The first promise to the customer.
        first_eta_high: i64,
    }

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
        /// Pieces ordered of all dishes that were looked at, also of those beyond the limit.
        quantity_of_all: i64,
    }
}
