//! Vendors: the legal entities behind restaurants and depots, with the numbers that the law knows them by.
//!
//! A GSTIN contains the PAN of its holder, so the two must agree; where only the GSTIN is given, it says the PAN.

use domain::{event::Event, id::VendorId, permission::Action, rule::Rule};
use india::IdentifierError;
use store::{Tx, args, restaurants};
use uuid::Uuid;

use crate::{App, context::Ctx, error::Error, input, paging};

/// What is said of a vendor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorProfile {
    /// Its name.
    pub name: String,
    /// As registered.
    pub legal_name: Option<String>,
    /// GST number.
    pub gstin: Option<String>,
    /// Income-tax number.
    pub pan: Option<String>,
    /// Food licence.
    pub fssai: Option<String>,
}

/// A profile that was checked, as it is stored.
struct Checked {
    name: String,
    legal_name: Option<String>,
    gstin: Option<String>,
    pan: Option<String>,
    fssai: Option<String>,
}

impl App {
    /// Vendors by id after a cursor, and the cursor of the next page.
    pub async fn list_vendors(
        &self,
        ctx: &Ctx,
        after: Option<VendorId>,
        limit: usize,
    ) -> Result<(Vec<restaurants::VendorRow>, Option<VendorId>), Error> {
        ctx.reach(Action::VendorManage)?;
        let args = args![after.unwrap_or(VendorId(Uuid::nil())), paging::rows(limit)];
        let rows: Vec<restaurants::VendorRow> = self.db.all(&restaurants::LIST_VENDORS, args).await?;
        Ok(paging::cut(rows, limit, |row| row.id))
    }

    /// One vendor.
    pub async fn vendor(&self, ctx: &Ctx, id: VendorId) -> Result<restaurants::VendorRow, Error> {
        ctx.reach(Action::VendorManage)?;
        self.vendor_row(id).await
    }

    /// Adds a vendor. Nobody needs to know until it has a restaurant.
    pub async fn add_vendor(&self, ctx: &Ctx, profile: &VendorProfile) -> Result<restaurants::VendorRow, Error> {
        ctx.reach(Action::VendorManage)?;
        let new = check(profile)?;
        let id: VendorId = ctx.id();
        let tx = Tx::new("add vendor").run(
            &restaurants::INSERT_VENDOR,
            args![id, new.name, new.legal_name, new.gstin, new.pan, new.fssai, ctx.now_us()],
        );
        self.db.commit(tx).await?;
        self.vendor_row(id).await
    }

    /// Changes a vendor, if nobody else did since `version`. Its restaurants show its numbers, so they change too.
    pub async fn update_vendor(
        &self,
        ctx: &Ctx,
        id: VendorId,
        version: i64,
        profile: &VendorProfile,
    ) -> Result<restaurants::VendorRow, Error> {
        ctx.reach(Action::VendorManage)?;
        let row = self.vendor_row(id).await?;
        let new = check(profile)?;
        let shown = new.gstin != row.gstin || new.fssai != row.fssai;
        let outlets = if shown { self.directory.select(|entry| entry.vendor_id == id) } else { Vec::new() };
        let mut tx = Tx::new("update vendor").guard(
            1,
            &restaurants::UPDATE_VENDOR,
            args![id, version, new.name, new.legal_name, new.gstin, new.pan, new.fssai],
        );
        for outlet in &outlets {
            tx = self.tell(ctx, tx, outlet.city_id, &Event::RestaurantChanged { restaurant_id: outlet.id })?;
        }
        self.db.commit(tx).await?;
        for outlet in outlets {
            self.reload_restaurant(outlet.id).await?;
        }
        self.vendor_row(id).await
    }

    /// The row of a vendor.
    pub(crate) async fn vendor_row(&self, id: VendorId) -> Result<restaurants::VendorRow, Error> {
        let row: Option<restaurants::VendorRow> = self.db.optional(&restaurants::FIND_VENDOR, args![id]).await?;
        row.ok_or(Error::NotFound("vendor"))
    }
}

fn check(profile: &VendorProfile) -> Result<Checked, Error> {
    let gstin = number("/gstin", profile.gstin.as_deref(), india::Gstin::parse)?;
    let pan = number("/pan", profile.pan.as_deref(), india::Pan::parse)?;
    let fssai = number("/fssai", profile.fssai.as_deref(), india::Fssai::parse)?;
    let pan = match (&gstin, pan) {
        (Some(gstin), Some(pan)) if *gstin.pan() != pan => {
            return Err(Rule::WrongFormat.at("/pan").with("reason", "differs-from-gstin").into());
        }
        (Some(gstin), _) => Some(gstin.pan().clone()),
        (None, pan) => pan,
    };
    Ok(Checked {
        name: input::required("/name", &profile.name, 120)?,
        legal_name: input::optional("/legal_name", profile.legal_name.as_deref(), 200)?,
        gstin: gstin.map(|gstin| gstin.as_str().to_owned()),
        pan: pan.map(|pan| pan.as_str().to_owned()),
        fssai: fssai.map(|fssai| fssai.as_str().to_owned()),
    })
}

/// Reads an identifier that may be missing; the refusal says what is wrong with it.
fn number<T>(
    pointer: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<T, IdentifierError>,
) -> Result<Option<T>, Error> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let parsed = text.map(parse).transpose();
    Ok(parsed.map_err(|error| Rule::WrongFormat.at(pointer).with("reason", error.code()))?)
}

#[cfg(test)]
mod tests {
    use super::{VendorProfile, check};
    use crate::Error;

    fn profile(gstin: &str, pan: &str) -> VendorProfile {
        let (name, fssai) = ("Annapurna Foods".to_owned(), Some("112 26 999 000123".to_owned()));
        VendorProfile { name, legal_name: None, gstin: Some(gstin.to_owned()), pan: Some(pan.to_owned()), fssai }
    }

    #[test]
    fn the_gst_number_says_the_pan() {
        let checked = check(&profile("29 aazpz0001a 1zo", "")).unwrap();
        assert_eq!(checked.gstin.as_deref(), Some("29AAZPZ0001A1ZO"));
        assert_eq!(checked.pan.as_deref(), Some("AAZPZ0001A"));
        assert_eq!(checked.fssai.as_deref(), Some("11226999000123"));
    }

    #[test]
    fn numbers_that_disagree_are_refused_by_name() {
        let pointer = |profile: &VendorProfile| match check(profile) {
            Err(Error::Rule(broken)) => broken.pointer.unwrap_or_default(),
            _ => String::new(),
        };
        assert_eq!(pointer(&profile("29AAZPZ0001A1ZO", "AAACZ9999Z")), "/pan");
        assert_eq!(pointer(&profile("29AAZPZ0001A1ZX", "")), "/gstin");
        assert_eq!(pointer(&VendorProfile { fssai: Some("123".to_owned()), ..profile("", "") }), "/fssai");
    }
}
