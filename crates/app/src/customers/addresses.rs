//! A customer's addresses. An order keeps its own copy of where it went, so that these may change at any time.

use domain::{
    geo::Point,
    id::{AddressId, CustomerId},
    permission::{Action, Owners},
    rule::Rule,
};
use store::{Tx, args, customers};

use crate::{App, context::Ctx, error::Error, input};

/// What is said of an address.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressFields {
    /// A name such as Home.
    pub label: String,
    /// House and street.
    pub line1: String,
    /// Floor, flat.
    pub line2: Option<String>,
    /// Something to look for.
    pub landmark: Option<String>,
    /// A word to the courier.
    pub instruction: Option<String>,
    /// Postal code.
    pub pin: String,
    /// Latitude of the door.
    pub lat: f64,
    /// Longitude of the door.
    pub lng: f64,
}

/// Fields that were checked, as they are stored.
struct Checked {
    label: String,
    line1: String,
    line2: Option<String>,
    landmark: Option<String>,
    instruction: Option<String>,
    pin: String,
    point: Point,
}

impl App {
    /// The addresses of a customer, oldest first.
    pub async fn addresses(&self, ctx: &Ctx, customer: CustomerId) -> Result<Vec<customers::AddressRow>, Error> {
        ctx.may(Action::AddressManage, &Owners::customer(customer), "customer")?;
        self.customer_row(customer).await?;
        Ok(self.db.all(&customers::LIST_ADDRESSES, args![customer]).await?)
    }

    /// Adds an address.
    pub async fn add_address(
        &self,
        ctx: &Ctx,
        customer: CustomerId,
        fields: &AddressFields,
    ) -> Result<customers::AddressRow, Error> {
        ctx.may(Action::AddressManage, &Owners::customer(customer), "customer")?;
        self.customer_row(customer).await?;
        let new = check(fields)?;
        let id: AddressId = ctx.id();
        let tx = Tx::new("add address").run(
            &customers::INSERT_ADDRESS,
            args![
                id,
                customer,
                new.label,
                new.line1,
                new.line2,
                new.landmark,
                new.instruction,
                new.pin,
                new.point.lat,
                new.point.lng,
                ctx.now_us(),
            ],
        );
        self.db.commit(self.tell_customer(ctx, tx, customer)?).await?;
        self.forget_customer(ctx, customer).await;
        self.address_row(customer, id).await
    }

    /// Changes an address.
    pub async fn update_address(
        &self,
        ctx: &Ctx,
        customer: CustomerId,
        id: AddressId,
        fields: &AddressFields,
    ) -> Result<customers::AddressRow, Error> {
        ctx.may(Action::AddressManage, &Owners::customer(customer), "customer")?;
        self.address_row(customer, id).await?;
        let new = check(fields)?;
        let tx = Tx::new("update address").guard(
            1,
            &customers::UPDATE_ADDRESS,
            args![
                id,
                customer,
                new.label,
                new.line1,
                new.line2,
                new.landmark,
                new.instruction,
                new.pin,
                new.point.lat,
                new.point.lng,
            ],
        );
        self.db.commit(self.tell_customer(ctx, tx, customer)?).await?;
        self.forget_customer(ctx, customer).await;
        self.address_row(customer, id).await
    }

    /// Removes an address.
    pub async fn delete_address(&self, ctx: &Ctx, customer: CustomerId, id: AddressId) -> Result<(), Error> {
        ctx.may(Action::AddressManage, &Owners::customer(customer), "customer")?;
        self.address_row(customer, id).await?;
        let tx = Tx::new("delete address").guard(1, &customers::DELETE_ADDRESS, args![id, customer, ctx.now_us()]);
        self.db.commit(self.tell_customer(ctx, tx, customer)?).await?;
        self.forget_customer(ctx, customer).await;
        Ok(())
    }

    async fn address_row(&self, customer: CustomerId, id: AddressId) -> Result<customers::AddressRow, Error> {
        let row: Option<customers::AddressRow> =
            self.db.optional(&customers::FIND_ADDRESS, args![id, customer]).await?;
        row.ok_or(Error::NotFound("address"))
    }
}

fn check(fields: &AddressFields) -> Result<Checked, Error> {
    let pin = india::Pin::parse(&fields.pin).map_err(|_| Rule::WrongFormat.at("/pin"))?;
    Ok(Checked {
        label: input::required("/label", &fields.label, 40)?,
        line1: input::required("/line1", &fields.line1, 200)?,
        line2: input::optional("/line2", fields.line2.as_deref(), 200)?,
        landmark: input::optional("/landmark", fields.landmark.as_deref(), 200)?,
        instruction: input::optional("/instruction", fields.instruction.as_deref(), 300)?,
        pin: pin.as_str().to_owned(),
        point: input::point("", fields.lat, fields.lng)?,
    })
}
