//! Reviews: one for each delivered order, by the customer who had it.
//!
//! The stars are added to the restaurant's and the courier's sums in the transaction that writes the review, and taken
//! away again with it.

use domain::{
    event::Event,
    id::{OrderId, RestaurantId, ReviewId},
    order::Status,
    permission::{Action, Owners},
    rule::Rule,
};
use jiff::Timestamp;
use store::{CommitError, ConstraintKind, Tx, args, couriers, restaurants, reviews};
use uuid::Uuid;

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
    input, paging,
};

/// What a customer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    /// Of which order.
    pub order_id: OrderId,
    /// Stars for the food, 1 to 5.
    pub rating: i64,
    /// In words.
    pub text: Option<String>,
    /// Stars for the courier, 1 to 5.
    pub courier_rating: Option<i64>,
}

/// A review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// The order.
    pub order_id: OrderId,
    /// The kitchen.
    pub restaurant_id: RestaurantId,
    /// The first name of who wrote it: the public needs no more.
    pub author: String,
    /// Stars for the food.
    pub rating: i64,
    /// Stars for the courier; not told in public lists.
    pub courier_rating: Option<i64>,
    /// In words.
    pub text: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

impl App {
    /// Reviews of a restaurant for everybody, newest first, before a cursor, and the cursor of the next page.
    pub async fn list_reviews(
        &self,
        restaurant: RestaurantId,
        before: Option<ReviewId>,
        limit: usize,
    ) -> Result<(Vec<Review>, Option<ReviewId>), Error> {
        self.restaurant(restaurant)?;
        let before = before.unwrap_or(ReviewId(Uuid::max()));
        let args = args![restaurant, before, paging::rows(limit)];
        let rows: Vec<reviews::ReviewRow> = self.db.all(&reviews::LIST_OF_RESTAURANT, args).await?;
        let (rows, next) = paging::cut(rows, limit, |row| row.id);
        let public = |row| Review { courier_rating: None, ..view(row) };
        Ok((rows.into_iter().map(public).collect(), next))
    }

    /// Reviews an own order that was delivered, once.
    pub async fn add_review(&self, ctx: &Ctx, new: &NewReview) -> Result<Review, Error> {
        let order = self.order_row(ctx, new.order_id, Action::ReviewWrite).await?;
        let rating = input::within("/rating", new.rating, 1..=5)?;
        let stars = new.courier_rating.map(|stars| input::within("/courier_rating", stars, 1..=5)).transpose()?;
        let text = input::optional("/text", new.text.as_deref(), 1_000)?;
        if order.status != Status::Delivered.as_str() {
            return Err(Rule::IllegalTransition.at("/order_id").with("from", order.status).into());
        }
        let id: ReviewId = ctx.id();
        let (restaurant, customer, courier) = (order.restaurant_id, order.customer_id, order.courier_id);
        let tx = Tx::new("add review").run(
            &reviews::INSERT,
            args![id, order.id, restaurant, customer, courier, rating, stars, text, ctx.now_us()],
        );
        let mut tx = tx.run(&restaurants::ADD_RATING, args![restaurant, rating * 10, 1_i64]);
        if let (Some(courier), Some(stars)) = (courier, stars) {
            tx = tx.run(&couriers::ADD_RATING, args![courier, stars, 1_i64]);
        }
        let event = Event::ReviewChanged { restaurant_id: restaurant, customer_id: Some(customer) };
        self.db.commit(self.tell(ctx, tx, order.city_id, &event)?).await.map_err(reviewed)?;
        self.reload_restaurant(restaurant).await?;
        self.forget_now(event, order.city_id, ctx.now).await;
        Ok(view(self.review_row(id).await?))
    }

    /// Removes a review and its stars. The order cannot be reviewed again.
    pub async fn delete_review(&self, ctx: &Ctx, id: ReviewId) -> Result<(), Error> {
        ctx.may(Action::ReviewDelete, &Owners::default(), "review")?;
        let row = self.review_row(id).await?;
        let mut tx = Tx::new("delete review")
            .guard(1, &reviews::DELETE, args![id, ctx.now_us()])
            .run(&restaurants::ADD_RATING, args![row.restaurant_id, row.rating * -10, -1_i64]);
        if let (Some(courier), Some(stars)) = (row.courier_id, row.courier_rating) {
            tx = tx.run(&couriers::ADD_RATING, args![courier, -stars, -1_i64]);
        }
        let event = Event::ReviewChanged { restaurant_id: row.restaurant_id, customer_id: Some(row.customer_id) };
        self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await?;
        self.reload_restaurant(row.restaurant_id).await?;
        self.forget_now(event, row.city_id, ctx.now).await;
        Ok(())
    }

    async fn review_row(&self, id: ReviewId) -> Result<reviews::ReviewRow, Error> {
        let row: Option<reviews::ReviewRow> = self.db.optional(&reviews::FIND, args![id]).await?;
        row.ok_or(Error::NotFound("review"))
    }
}

fn view(row: reviews::ReviewRow) -> Review {
    Review {
        id: row.id,
        order_id: row.order_id,
        restaurant_id: row.restaurant_id,
        author: row.customer_name.split_whitespace().next().unwrap_or_default().to_owned(),
        rating: row.rating,
        courier_rating: row.courier_rating,
        text: row.body,
        created_at: moment(row.created_at),
    }
}

fn reviewed(error: CommitError) -> Error {
    match error {
        CommitError::Constraint { kind: ConstraintKind::Unique, .. } => Rule::AlreadyReviewed.at("/order_id").into(),
        other => other.into(),
    }
}
