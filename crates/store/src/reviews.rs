//! Reviews of delivered orders, one an order.

use domain::id::{CityId, CourierId, CustomerId, OrderId, RestaurantId, ReviewId};

use crate::{record::records, statements};

macro_rules! select_reviews {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.order_id, v.restaurant_id, r.city_id, v.courier_id, v.customer_id, c.name AS customer_name, v.rating, ",
            "v.courier_rating, v.body, v.created_at FROM reviews v JOIN restaurants r ON r.id = v.restaurant_id ",
            "JOIN customers c ON c.id = v.customer_id ",
            $rest
        )
    };
}

statements! {
    /// Adds a review; the key allows one an order.
    INSERT = "INSERT INTO reviews (id, order_id, restaurant_id, customer_id, courier_id, rating, courier_rating, \
        body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Removes a review. Its row stays, so that the order is not reviewed again.
    DELETE = "UPDATE reviews SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL";
    /// One review.
    FIND = select_reviews!("WHERE v.id = $1 AND v.deleted_at IS NULL");
    /// Reviews of a restaurant, newest first, before a cursor.
    LIST_OF_RESTAURANT = select_reviews!("WHERE v.restaurant_id = $1 AND v.deleted_at IS NULL AND v.id < $2 \
        ORDER BY v.id DESC LIMIT $3");
}

records! {
    /// A review with the name of who wrote it.
    ReviewRow {
        /// Its id.
        id: ReviewId,
        /// The order.
        order_id: OrderId,
        /// The kitchen.
        restaurant_id: RestaurantId,
        /// The kitchen's city.
        city_id: CityId,
        /// Who brought it.
        courier_id: Option<CourierId>,
        /// Who wrote it.
        customer_id: CustomerId,
        /// Their name.
        customer_name: String,
        /// Stars for the food.
        rating: i64,
        /// Stars for the courier.
        courier_rating: Option<i64>,
        /// What was written.
        body: Option<String>,
        /// When.
        created_at: i64,
    }
}
