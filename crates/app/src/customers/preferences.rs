//! What a customer likes and wants to hear of: replaced as a whole by whoever saw the newest version.
//!
//! The language is the customer's own, kept with the profile: there is one answer to what somebody reads. Messages about
//! an order are always sent; what is kept here is whether offers and news may be, and they may not until somebody says so.

use domain::{
    id::{AddressId, CustomerId},
    money::Paise,
    permission::{Action, Owners},
    preference::{Diet, Language, Spice},
    quote::MAX_TIP,
    rule::Rule,
};
use store::{Tx, args, customers, preferences};

use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
    input,
    stored::json,
};

/// What a customer prefers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// The language of the faces.
    pub language: Language,
    /// What they eat.
    pub diet: Diet,
    /// How hot they like it.
    pub spice: Option<Spice>,
    /// What they avoid, as lower-case words.
    pub allergens: Vec<String>,
    /// Offers may be sent.
    pub offers: bool,
    /// News may be sent.
    pub news: bool,
    /// Where to, unless they say otherwise. It goes with the address.
    pub address_id: Option<AddressId>,
    /// The tip to begin with.
    pub tip: Paise,
    /// Grows with every change; 0 while nothing was said.
    pub version: i64,
}

impl App {
    /// What a customer prefers.
    pub async fn preferences(&self, ctx: &Ctx, id: CustomerId) -> Result<Preferences, Error> {
        ctx.may(Action::CustomerRead, &Owners::customer(id), "customer")?;
        Preferences::of(&self.preferences_row(id).await?)
    }

    /// Replaces what a customer prefers, if it is still as of `version`; without one, whatever it is.
    pub async fn put_preferences(
        &self,
        ctx: &Ctx,
        id: CustomerId,
        version: Option<i64>,
        wanted: &Preferences,
    ) -> Result<Preferences, Error> {
        ctx.may(Action::PreferencesWrite, &Owners::customer(id), "customer")?;
        let before = self.preferences_row(id).await?;
        let allergens = input::allergens(&wanted.allergens)?;
        input::within("/default_tip_paise", wanted.tip.0, 0..=MAX_TIP.0)?;
        self.check_own_address(id, wanted.address_id).await?;
        let mut args = args![
            id,
            wanted.diet.as_str(),
            wanted.spice.map(Spice::as_str),
            json(&allergens)?,
            wanted.offers,
            wanted.news,
            wanted.address_id,
            wanted.tip.0,
            ctx.now_us(),
        ];
        let statement = match version {
            None => &preferences::PUT,
            Some(0) => &preferences::INSERT,
            Some(seen) => {
                args.push(seen.into());
                &preferences::UPDATE
            }
        };
        let language = wanted.language.tag(&before.language);
        let tx = Tx::new("put preferences")
            .guard_as("customer", 1, &preferences::SET_LANGUAGE, args![id, language])
            .guard_as("preferences", 1, statement, args);
        self.db.commit(self.tell_customer(ctx, tx, id)?).await.map_err(|error| match failed_guard(&error) {
            Some("customer") => Error::NotFound("customer"),
            Some("preferences") => Rule::VersionConflict.at("/version").into(),
            _ => error.into(),
        })?;
        self.forget_customer(ctx, id).await;
        Preferences::of(&self.preferences_row(id).await?)
    }

    async fn check_own_address(&self, customer: CustomerId, address: Option<AddressId>) -> Result<(), Error> {
        let Some(address) = address else { return Ok(()) };
        let row: Option<customers::AddressRow> =
            self.db.optional(&customers::FIND_ADDRESS, args![address, customer]).await?;
        row.map(drop).ok_or_else(|| Rule::UnknownReference.at("/default_address_id").into())
    }

    async fn preferences_row(&self, id: CustomerId) -> Result<preferences::PreferencesRow, Error> {
        let row: Option<preferences::PreferencesRow> = self.db.optional(&preferences::FIND, args![id]).await?;
        row.ok_or(Error::NotFound("customer"))
    }
}

impl Preferences {
    fn of(row: &preferences::PreferencesRow) -> Result<Self, Error> {
        let allergens = row.allergens.as_deref().map_or_else(|| Ok(Vec::new()), serde_json::from_str);
        Ok(Self {
            language: Language::of_tag(&row.language),
            diet: row.diet.as_deref().and_then(Diet::parse).unwrap_or(Diet::Any),
            spice: row.spice.as_deref().and_then(Spice::parse),
            allergens: allergens.map_err(|error| Error::Internal(format!("preferences of {}: {error}", row.id)))?,
            offers: row.offers == Some(1),
            news: row.news == Some(1),
            address_id: row.address_id,
            tip: Paise(row.tip_paise.unwrap_or_default()),
            version: row.version.unwrap_or_default(),
        })
    }
}
