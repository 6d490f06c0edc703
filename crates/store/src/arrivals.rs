//! What deliveries taught about arrivals, how well promises held, how busy a city is, and its weather.

use domain::id::RestaurantId;

use crate::{record::records, statements};

macro_rules! sum_scores {
    ($of:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $of,
            ", CAST(SUM(s.orders) AS BIGINT) AS orders, CAST(SUM(s.early) AS BIGINT) AS early, ",
            "CAST(SUM(s.late) AS BIGINT) AS late, CAST(SUM(s.under_p50) AS BIGINT) AS under_p50, ",
            "CAST(SUM(s.under_p90) AS BIGINT) AS under_p90, CAST(SUM(s.error_s) AS BIGINT) AS error_s, ",
            "CAST(SUM(s.late_s) AS BIGINT) AS late_s FROM arrival_scores s ",
            $rest
        )
    };
}

/// That a courier accepted an order after the trip was taken to which it belongs.
macro_rules! joined {
    ($order:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM offer_orders l JOIN offers f ON f.id = l.offer_id WHERE l.order_id = ",
            $order,
            ".id AND l.state = 'accepted' AND f.courier_id = ",
            $order,
            ".courier_id AND f.answered_at > ",
            $order,
            ".courier_at)"
        )
    };
}

statements! {
    /// All tallies of a restaurant, or of the city itself under the nil restaurant.
    LIST_TALLIES = "SELECT part, slot, load, classes, at_s FROM arrival_tallies \
        WHERE city_id = $1 AND restaurant_id = $2 ORDER BY part, slot, load";
    /// Stores a tally as it is now.
    PUT_TALLY = "INSERT INTO arrival_tallies (city_id, restaurant_id, part, slot, load, classes, at_s) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (city_id, restaurant_id, part, slot, load) \
        DO UPDATE SET classes = excluded.classes, at_s = excluded.at_s";
    /// How long ways take in a city, by engine.
    LIST_PACES = "SELECT engine, body FROM arrival_paces WHERE city_id = $1 ORDER BY engine";
    /// Stores how long ways take.
    PUT_PACE = "INSERT INTO arrival_paces (city_id, engine, body) VALUES ($1, $2, $3) \
        ON CONFLICT (city_id, engine) DO UPDATE SET body = excluded.body";
    /// Counts deliveries against what was said of a part.
    ADD_SCORE = "INSERT INTO arrival_scores (city_id, hour, restaurant_id, part, orders, early, late, under_p50, \
        under_p90, error_s, late_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        ON CONFLICT (city_id, hour, restaurant_id, part) DO UPDATE SET \
        orders = arrival_scores.orders + excluded.orders, early = arrival_scores.early + excluded.early, \
        late = arrival_scores.late + excluded.late, under_p50 = arrival_scores.under_p50 + excluded.under_p50, \
        under_p90 = arrival_scores.under_p90 + excluded.under_p90, \
        error_s = arrival_scores.error_s + excluded.error_s, late_s = arrival_scores.late_s + excluded.late_s";
    /// Forgets old scores of a city.
    PRUNE_SCORES = "DELETE FROM arrival_scores WHERE city_id = $1 AND hour < $2";
    /// Scores of a city between two hours, by part.
    SUM_BY_PART = sum_scores!("s.part", "WHERE s.city_id = $1 AND s.hour >= $2 AND s.hour < $3 \
        GROUP BY s.part ORDER BY s.part");
    /// The same of whole orders, by hour.
    SUM_BY_HOUR = sum_scores!("s.hour", "WHERE s.city_id = $1 AND s.hour >= $2 AND s.hour < $3 \
        AND s.part = 'total' GROUP BY s.hour ORDER BY s.hour");
    /// The same of whole orders, by restaurant, those with most orders first.
    SUM_BY_RESTAURANT = sum_scores!("s.restaurant_id, MAX(r.name) AS name", "JOIN restaurants r \
        ON r.id = s.restaurant_id WHERE s.city_id = $1 AND s.hour >= $2 AND s.hour < $3 AND s.part = 'total' \
        GROUP BY s.restaurant_id ORDER BY SUM(s.orders) DESC, s.restaurant_id LIMIT $4");
    /// Orders of a city that are not yet ready, by kitchen.
    COUNT_COOKING = "SELECT restaurant_id, CAST(COUNT(*) AS BIGINT) AS orders FROM orders \
        WHERE city_id = $1 AND ended_at IS NULL AND status IN ('placed', 'accepted', 'preparing') \
        GROUP BY restaurant_id ORDER BY restaurant_id";
    /// Orders of a city that no courier has taken, oldest first; so many that no wait would be told for more.
    LIST_UNASSIGNED = "SELECT placed_at, accepted_at, COALESCE(ready_at, promised_ready_at) AS due_at FROM orders \
        WHERE city_id = $1 AND ended_at IS NULL AND courier_id IS NULL ORDER BY placed_at, id LIMIT 20000";
    /// Which parts of what a delivered order took tell nothing of others: it joined a trip, or is not the first of those that
    /// were taken when its trip was; and its courier was at another door between its pickup and its own.
    FIND_LESSON = concat!("SELECT CAST(CASE WHEN ", joined!("o"), " OR EXISTS (SELECT 1 FROM orders p \
            WHERE p.courier_id = o.courier_id AND p.courier_at = o.courier_at AND p.stop IS NOT NULL AND p.stop < o.stop \
            AND p.status NOT IN ('cancelled', 'rejected') AND NOT ", joined!("p"), ") \
            THEN 1 ELSE 0 END AS BIGINT) AS came_along, \
        CAST(CASE WHEN EXISTS (SELECT 1 FROM orders p WHERE p.courier_id = o.courier_id AND p.id <> o.id \
            AND p.picked_up_at IS NOT NULL AND p.ended_at > o.picked_up_at AND p.ended_at <= o.delivered_at) \
            THEN 1 ELSE 0 END AS BIGINT) AS rode_around FROM orders o WHERE o.id = $1");
    /// The weather of a city.
    FIND_WEATHER = "SELECT weather, until, set_at FROM city_weather WHERE city_id = $1";
    /// Sets it.
    SET_WEATHER = "INSERT INTO city_weather (city_id, weather, until, set_by, set_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (city_id) DO UPDATE SET weather = excluded.weather, until = excluded.until, \
        set_by = excluded.set_by, set_at = excluded.set_at";
}

records! {
    /// A fading histogram.
    TallyRow {
        /// What is counted.
        part: String,
        /// Part of the week; -1 for all.
        slot: i64,
        /// How busy; -1 for all.
        load: i64,
        /// Classes and counts as JSON.
        classes: String,
        /// The second of the last change.
        at_s: i64,
    }

    /// How long ways take.
    PaceRow {
        /// Compared with which engine.
        engine: String,
        /// As JSON.
        body: String,
    }

    /// Scores of a part.
    PartScoreRow {
        /// Which.
        part: String,
        /// Orders delivered.
        orders: i64,
        /// Before the early end of the range.
        early: i64,
        /// After the late end.
        late: i64,
        /// Sooner than the middle.
        under_p50: i64,
        /// Sooner than p90.
        under_p90: i64,
        /// Sum of seconds after the middle; negative if before.
        error_s: i64,
        /// Sum of seconds after the late end.
        late_s: i64,
    }

    /// Scores of an hour.
    HourScoreRow {
        /// Its beginning in epoch microseconds.
        hour: i64,
        /// Orders delivered.
        orders: i64,
        /// Before the early end of the range.
        early: i64,
        /// After the late end.
        late: i64,
        /// Sooner than the middle.
        under_p50: i64,
        /// Sooner than p90.
        under_p90: i64,
        /// Sum of seconds after the middle; negative if before.
        error_s: i64,
        /// Sum of seconds after the late end.
        late_s: i64,
    }

    /// Scores of a restaurant.
    RestaurantScoreRow {
        /// Which.
        restaurant_id: RestaurantId,
        /// Its name.
        name: String,
        /// Orders delivered.
        orders: i64,
        /// Before the early end of the range.
        early: i64,
        /// After the late end.
        late: i64,
        /// Sooner than the middle.
        under_p50: i64,
        /// Sooner than p90.
        under_p90: i64,
        /// Sum of seconds after the middle; negative if before.
        error_s: i64,
        /// Sum of seconds after the late end.
        late_s: i64,
    }

    /// A kitchen's queue.
    CookingRow {
        /// Whose.
        restaurant_id: RestaurantId,
        /// Orders that are not yet ready.
        orders: i64,
    }

    /// An order that no courier has taken.
    UnassignedRow {
        /// When it was placed.
        placed_at: i64,
        /// When the kitchen accepted it.
        accepted_at: Option<i64>,
        /// When its food was ready, or is to be.
        due_at: Option<i64>,
    }

    /// What of a delivered order tells nothing of others.
    LessonRow {
        /// When it was taken, and the way to the counter: that was for another order.
        came_along: bool,
        /// The way to the door: it led over another one.
        rode_around: bool,
    }

    /// The weather as it was set.
    WeatherRow {
        /// What.
        weather: String,
        /// Until when; for good where there is none.
        until: Option<i64>,
        /// Since when.
        set_at: i64,
    }
}
