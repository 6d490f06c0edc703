//! What customers hold of a distributor's products: full ones, empty ones, and the deposit for them.

use domain::{
    id::{CustomerId, ProductId},
    money::Paise,
    permission::{Action, Owners},
};
use store::{Tx, args, inventory};

use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
    input,
    products::MOST,
};

const MOST_PIECES: i64 = 10_000;

/// What a customer holds of one product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Full ones.
    pub full: i64,
    /// Empty ones.
    pub empty: i64,
    /// Deposit paid for all of them.
    pub deposit: Paise,
}

impl App {
    /// All that a customer holds, by name of the product.
    pub async fn inventory(&self, ctx: &Ctx, customer: CustomerId) -> Result<Vec<inventory::InventoryRow>, Error> {
        ctx.may(Action::InventoryRead, &Owners::customer(customer), "customer")?;
        self.customer_row(customer).await?;
        Ok(self.db.all(&inventory::LIST, args![customer]).await?)
    }

    /// Says what a customer holds of a product, whatever was said before.
    pub async fn put_inventory(
        &self,
        ctx: &Ctx,
        customer: CustomerId,
        product: ProductId,
        holding: Holding,
    ) -> Result<inventory::InventoryRow, Error> {
        ctx.may(Action::InventoryWrite, &Owners::customer(customer), "customer")?;
        self.customer_row(customer).await?;
        let full = input::within("/full", holding.full, 0..=MOST_PIECES)?;
        let empty = input::within("/empty", holding.empty, 0..=MOST_PIECES)?;
        let deposit = input::within("/deposit_paise", holding.deposit.0, 0..=MOST.times(MOST_PIECES).0)?;
        let tx = Tx::new("put inventory").guard_as(
            "known",
            1,
            &inventory::PUT,
            args![customer, product, full, empty, deposit, ctx.now_us()],
        );
        self.db.commit(self.tell_customer(ctx, tx, customer)?).await.map_err(|error| match failed_guard(&error) {
            Some("known") => Error::NotFound("product"),
            _ => error.into(),
        })?;
        Ok(self.db.one(&inventory::FIND, args![customer, product]).await?)
    }
}
