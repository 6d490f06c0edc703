//! Products of distributors: what is sold by the cylinder, the can or the box, and what comes back empty.

use std::collections::BTreeMap;

use domain::{
    id::{ProductId, VendorId},
    money::Paise,
    permission::Action,
    rule::Rule,
};
use store::{Tx, args, products};
use uuid::Uuid;

use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
    input, paging,
    stored::json,
};

/// The highest price or deposit of one piece.
pub(crate) const MOST: Paise = Paise::rupees(100_000);
const MOST_ATTRIBUTES: usize = 30;

/// What is said of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductFields {
    /// Its name.
    pub name: String,
    /// What one is: piece, kg, litre.
    pub unit: String,
    /// Whatever else tells it from others: size, valve.
    pub attributes: BTreeMap<String, String>,
    /// Price of one.
    pub price: Paise,
    /// Paid until it comes back.
    pub deposit: Paise,
    /// Comes back empty.
    pub returnable: bool,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Who sells it.
    pub vendor_id: VendorId,
    /// Grows with every change.
    pub version: i64,
    /// The rest.
    pub fields: ProductFields,
}

impl App {
    /// Products by id after a cursor, of one vendor where asked, and the cursor of the next page.
    pub async fn list_products(
        &self,
        ctx: &Ctx,
        vendor: Option<VendorId>,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<(Vec<Product>, Option<ProductId>), Error> {
        ctx.reach(Action::ProductManage)?;
        let (after, count) = (after.unwrap_or(ProductId(Uuid::nil())), paging::rows(limit));
        let rows: Vec<products::ProductRow> = match vendor {
            Some(vendor) => self.db.all(&products::LIST_OF_VENDOR, args![vendor, after, count]).await?,
            None => self.db.all(&products::LIST, args![after, count]).await?,
        };
        let (rows, next) = paging::cut(rows, limit, |row| row.id);
        Ok((rows.into_iter().map(view).collect::<Result<_, _>>()?, next))
    }

    /// One product.
    pub async fn product(&self, ctx: &Ctx, id: ProductId) -> Result<Product, Error> {
        ctx.reach(Action::ProductManage)?;
        self.find_product(id).await
    }

    /// Adds a product to a vendor's.
    pub async fn add_product(&self, ctx: &Ctx, vendor: VendorId, fields: &ProductFields) -> Result<Product, Error> {
        ctx.reach(Action::ProductManage)?;
        let new = check(fields)?;
        if let Err(Error::NotFound(_)) = self.vendor_row(vendor).await {
            return Err(Rule::UnknownReference.at("/vendor_id").into());
        }
        let id: ProductId = ctx.id();
        let attributes = json(&new.attributes)?;
        let (price, deposit) = (new.price.0, new.deposit.0);
        let tx = Tx::new("add product").run(
            &products::INSERT,
            args![id, vendor, new.name, new.unit, attributes, price, deposit, new.returnable, ctx.now_us()],
        );
        self.db.commit(tx).await?;
        self.find_product(id).await
    }

    /// Changes a product, if nobody else did since `version`.
    pub async fn update_product(
        &self,
        ctx: &Ctx,
        id: ProductId,
        version: i64,
        fields: &ProductFields,
    ) -> Result<Product, Error> {
        ctx.reach(Action::ProductManage)?;
        self.find_product(id).await?;
        let new = check(fields)?;
        let attributes = json(&new.attributes)?;
        let (price, deposit) = (new.price.0, new.deposit.0);
        let tx = Tx::new("update product").guard(
            1,
            &products::UPDATE,
            args![id, version, new.name, new.unit, attributes, price, deposit, new.returnable],
        );
        self.db.commit(tx).await?;
        self.find_product(id).await
    }

    /// Removes a product that no customer holds any more.
    pub async fn delete_product(&self, ctx: &Ctx, id: ProductId) -> Result<(), Error> {
        ctx.reach(Action::ProductManage)?;
        self.find_product(id).await?;
        let tx = Tx::new("delete product").guard_as("held", 1, &products::DELETE, args![id, ctx.now_us()]);
        self.db.commit(tx).await.map_err(|error| match failed_guard(&error) {
            Some("held") => Rule::InUse.broken().into(),
            _ => error.into(),
        })
    }

    async fn find_product(&self, id: ProductId) -> Result<Product, Error> {
        let row: Option<products::ProductRow> = self.db.optional(&products::FIND, args![id]).await?;
        view(row.ok_or(Error::NotFound("product"))?)
    }
}

fn check(fields: &ProductFields) -> Result<ProductFields, Error> {
    input::within("/price_paise", fields.price.0, 0..=MOST.0)?;
    input::within("/deposit_paise", fields.deposit.0, 0..=MOST.0)?;
    if fields.attributes.len() > MOST_ATTRIBUTES {
        let most = i64::try_from(MOST_ATTRIBUTES).unwrap_or(i64::MAX);
        return Err(Rule::OutOfRange.at("/attributes").with("max", most).into());
    }
    let mut attributes = BTreeMap::new();
    for (name, value) in &fields.attributes {
        let name = input::required("/attributes", name, 40)?;
        let value = input::required("/attributes", value, 200)?;
        attributes.insert(name, value);
    }
    Ok(ProductFields {
        name: input::required("/name", &fields.name, 120)?,
        unit: input::required("/unit", &fields.unit, 20)?,
        attributes,
        ..*fields
    })
}

fn view(row: products::ProductRow) -> Result<Product, Error> {
    let attributes = serde_json::from_str(&row.attributes)
        .map_err(|error| Error::Internal(format!("product {}: {error}", row.id)))?;
    let fields = ProductFields {
        name: row.name,
        unit: row.unit,
        attributes,
        price: Paise(row.price_paise),
        deposit: Paise(row.deposit_paise),
        returnable: row.returnable,
    };
    Ok(Product { id: row.id, vendor_id: row.vendor_id, version: row.version, fields })
}
