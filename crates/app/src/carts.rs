//! Carts: one a customer, of one restaurant, kept between visits and devices.
//!
//! A cart is replaced as a whole by whoever saw its newest version; of two devices the slower is told and must look
//! again. What an order took is emptied by the consumer `ordered-carts`; what nobody touched for thirty days is forgotten.

use domain::{
    cart::{CartLine, check_lines},
    event::Event,
    id::{CityId, CustomerId, RestaurantId},
    permission::{Action, Owners},
    quote::WantedLine,
    rule::Rule,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{CommitError, Tx, args, carts};
use uuid::Uuid;

use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    input,
    stored::json,
};

/// How long a cart is kept that nobody touches, in microseconds.
const KEPT_US: i64 = 30 * 24 * 3_600 * 1_000_000;
/// Old carts that are forgotten at a time.
const AT_ONCE: i64 = 200;

/// A cart as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cart {
    /// From where; `None` while it is empty.
    pub restaurant_id: Option<RestaurantId>,
    /// What.
    pub lines: Vec<CartLine>,
    /// Grows with every change and never comes twice; 0 while the cart is empty.
    pub version: i64,
    /// When it changed last.
    pub changed_at: Option<Timestamp>,
}

impl App {
    /// The cart of a customer.
    pub async fn cart(&self, ctx: &Ctx, id: CustomerId) -> Result<Cart, Error> {
        ctx.may(Action::CartManage, &Owners::customer(id), "customer")?;
        self.customer_row(id).await?;
        let row: Option<carts::CartRow> = self.db.optional(&carts::FIND, args![id]).await?;
        row.as_ref().map_or_else(|| Ok(Cart::default()), Cart::of)
    }

    /// For each line of a cart the rule by which a quote would refuse it now.
    pub async fn unavailable_lines(&self, ctx: &Ctx, cart: &Cart) -> Result<Vec<Option<Rule>>, Error> {
        let menu = match cart.restaurant_id {
            Some(id) => match self.menu(id).await {
                Ok(menu) => Some(menu),
                // The restaurant is gone, and its dishes with it.
                Err(Error::NotFound(_)) => None,
                Err(error) => return Err(error),
            },
            None => None,
        };
        Ok(cart.lines.iter().map(|line| line.unavailable(menu.as_deref(), ctx.now)).collect())
    }

    /// Replaces the cart of a customer, if it is still as of `version`; 0 stands for an empty one.
    pub async fn put_cart(
        &self,
        ctx: &Ctx,
        id: CustomerId,
        version: i64,
        restaurant: RestaurantId,
        wanted: Vec<WantedLine>,
    ) -> Result<Cart, Error> {
        ctx.may(Action::CartManage, &Owners::customer(id), "customer")?;
        self.customer_row(id).await?;
        check_lines(&wanted)?;
        let lines = self.named(restaurant, wanted).await?;
        let first = ctx.now_us();
        let (statement, stated, next) = match version {
            0 => (&carts::INSERT, first, first),
            seen => (&carts::UPDATE, seen, seen.saturating_add(1)),
        };
        let tx = Tx::new("put cart").guard_as("customer", 1, &carts::HOLD_CUSTOMER, args![id]).guard_as(
            "cart",
            1,
            statement,
            args![id, restaurant, json(&lines)?, stated, ctx.now_us()],
        );
        let committed = self.db.commit(self.tell_cart(ctx, tx, id)?).await;
        self.forget_cart(ctx, id).await;
        committed.map_err(refused)?;
        Ok(Cart { restaurant_id: Some(restaurant), lines, version: next, changed_at: Some(moment(ctx.now_us())) })
    }

    /// Empties the cart of a customer; with a version only if it is still that one. An empty one stays empty.
    pub async fn delete_cart(&self, ctx: &Ctx, id: CustomerId, version: Option<i64>) -> Result<(), Error> {
        ctx.may(Action::CartManage, &Owners::customer(id), "customer")?;
        self.customer_row(id).await?;
        let row: Option<carts::CartRow> = self.db.optional(&carts::FIND, args![id]).await?;
        if row.is_none() {
            return Ok(());
        }
        let tx = Tx::new("empty cart");
        let tx = match version {
            Some(version) => tx.guard_as("cart", 1, &carts::DELETE_VERSION, args![id, version]),
            None => tx.run(&carts::DELETE, args![id]),
        };
        let committed = self.db.commit(self.tell_cart(ctx, tx, id)?).await;
        self.forget_cart(ctx, id).await;
        committed.map_err(refused)
    }

    /// Forgets carts that nobody touched for thirty days.
    pub async fn forget_old_carts(&self, ctx: &Ctx) -> Result<(), Error> {
        let old: Vec<carts::OldCartRow> = self.db.all(&carts::LIST_OLD, args![ctx.now_us() - KEPT_US, AT_ONCE]).await?;
        if old.is_empty() {
            return Ok(());
        }
        let mut tx = Tx::new("forget old carts");
        for cart in old {
            tx = tx.run(&carts::DELETE_VERSION, args![cart.customer_id, cart.version]);
            tx = self.tell_cart(ctx, tx, cart.customer_id)?;
        }
        Ok(self.db.commit(tx).await?)
    }

    /// The lines with the names that the menu has for their dishes today.
    async fn named(&self, restaurant: RestaurantId, wanted: Vec<WantedLine>) -> Result<Vec<CartLine>, Error> {
        let menu = match self.menu(restaurant).await {
            Err(Error::NotFound(_)) => return Err(Rule::UnknownReference.at("/restaurant_id").into()),
            menu => menu?,
        };
        let named = |(index, line): (usize, WantedLine)| {
            let note = input::optional(&format!("/lines/{index}/note"), line.note.as_deref(), domain::cart::MAX_NOTE)?;
            let name = menu.item(line.item_id).map(|item| item.name.clone());
            Ok(CartLine { wanted: WantedLine { note, ..line }, name })
        };
        wanted.into_iter().enumerate().map(named).collect()
    }

    /// Tells that a cart changed. Customers belong to no city.
    pub(crate) fn tell_cart(&self, ctx: &Ctx, tx: Tx, id: CustomerId) -> Result<Tx, Error> {
        self.tell(ctx, tx, CityId(Uuid::nil()), &Event::CartChanged { customer_id: id })
    }

    /// Forgets at once what this node cached of a cart: its author reads what was written, and who was told of a conflict
    /// reads what is there.
    pub(crate) async fn forget_cart(&self, ctx: &Ctx, id: CustomerId) {
        self.forget_now(Event::CartChanged { customer_id: id }, CityId(Uuid::nil()), ctx.now).await;
    }
}

impl Cart {
    fn of(row: &carts::CartRow) -> Result<Self, Error> {
        Ok(Self {
            restaurant_id: Some(row.restaurant_id),
            lines: lines(&row.lines)?,
            version: row.version,
            changed_at: Some(moment(row.changed_at)),
        })
    }
}

/// Stored lines.
pub(crate) fn lines(text: &str) -> Result<Vec<CartLine>, Error> {
    serde_json::from_str(text).map_err(|error| Error::Internal(format!("lines of a cart: {error}")))
}

fn refused(error: CommitError) -> Error {
    match failed_guard(&error) {
        Some("customer") => Error::NotFound("customer"),
        Some("cart") => Rule::VersionConflict.at("/version").into(),
        _ => error.into(),
    }
}
