//! What a restaurant's people may say of it: checked, and changed field by field.

use domain::{
    availability::{DAY_MINUTES, Hours},
    money::Paise,
    rule::Rule,
};

use super::directory::Entry;
use crate::{error::Error, input};

/// The highest amount that a restaurant can name: a lakh of rupees.
const MOST: Paise = Paise::rupees(100_000);
const MOST_HOURS: usize = 50;
const MOST_CUISINES: usize = 20;

/// What a restaurant's people may change.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Its neighbourhood.
    pub locality: String,
    /// House and street.
    pub address: String,
    /// Postal code.
    pub pin: Option<String>,
    /// Mobile number.
    pub phone: Option<String>,
    /// What it cooks.
    pub cuisines: Vec<String>,
    /// About what two people pay.
    pub price_for_two: Option<Paise>,
    /// Smallest order.
    pub minimum_order: Paise,
    /// Packing charge of an order.
    pub packing: Paise,
    /// Usual preparation time, minutes.
    pub prep_minutes: i64,
    /// When it is open.
    pub hours: Vec<Hours>,
    /// Takes orders at all.
    pub active: bool,
}

/// A profile in part: what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProfileChange {
    /// Its name.
    pub name: Option<String>,
    /// Its neighbourhood.
    pub locality: Option<String>,
    /// House and street.
    pub address: Option<String>,
    /// Postal code; an empty one takes it away.
    pub pin: Option<String>,
    /// Mobile number; an empty one takes it away.
    pub phone: Option<String>,
    /// What it cooks.
    pub cuisines: Option<Vec<String>>,
    /// About what two people pay.
    pub price_for_two: Option<Paise>,
    /// Smallest order.
    pub minimum_order: Option<Paise>,
    /// Packing charge of an order.
    pub packing: Option<Paise>,
    /// Usual preparation time, minutes.
    pub prep_minutes: Option<i64>,
    /// When it is open.
    pub hours: Option<Vec<Hours>>,
    /// Takes orders at all.
    pub active: Option<bool>,
}

impl ProfileChange {
    /// The profile after the change.
    pub(super) fn of(self, now: &Entry) -> Profile {
        Profile {
            name: self.name.unwrap_or_else(|| now.name.clone()),
            locality: self.locality.unwrap_or_else(|| now.locality.clone()),
            address: self.address.unwrap_or_else(|| now.address.clone()),
            pin: self.pin.or_else(|| now.pin.clone()),
            phone: self.phone.or_else(|| now.phone.clone()),
            cuisines: self.cuisines.unwrap_or_else(|| now.cuisines.clone()),
            price_for_two: self.price_for_two.or(now.price_for_two),
            minimum_order: self.minimum_order.unwrap_or(now.minimum_order),
            packing: self.packing.unwrap_or(now.packing),
            prep_minutes: self.prep_minutes.unwrap_or(now.prep_minutes),
            hours: self.hours.unwrap_or_else(|| now.schedule.hours.clone()),
            active: self.active.unwrap_or(now.schedule.active),
        }
    }
}

impl Profile {
    /// The profile as it is stored, or which field is wrong.
    pub(super) fn checked(&self) -> Result<Self, Error> {
        let amount = |pointer: &str, paise: Paise| input::within(pointer, paise.0, 0..=MOST.0).map(Paise);
        Ok(Self {
            name: input::required("/name", &self.name, 120)?,
            locality: input::required("/locality", &self.locality, 120)?,
            address: input::required("/address", &self.address, 400)?,
            pin: pin(self.pin.as_deref())?,
            phone: phone(self.phone.as_deref())?,
            cuisines: cuisines(&self.cuisines)?,
            price_for_two: self.price_for_two.map(|paise| amount("/price_for_two_paise", paise)).transpose()?,
            minimum_order: amount("/minimum_order_paise", self.minimum_order)?,
            packing: amount("/packing_paise", self.packing)?,
            prep_minutes: input::within("/prep_minutes", self.prep_minutes, 1..=180)?,
            hours: hours(&self.hours)?,
            active: self.active,
        })
    }
}

fn pin(text: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = input::optional("/pin", text, 40)? else { return Ok(None) };
    let pin = india::Pin::parse(&text).map_err(|_| Rule::WrongFormat.at("/pin"))?;
    Ok(Some(pin.as_str().to_owned()))
}

fn phone(text: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = input::optional("/phone", text, 40)? else { return Ok(None) };
    let phone = india::Mobile::parse(&text).map_err(|_| Rule::WrongFormat.at("/phone"))?;
    Ok(Some(phone.as_str().to_owned()))
}

fn cuisines(names: &[String]) -> Result<Vec<String>, Error> {
    few("/cuisines", names, MOST_CUISINES)?;
    let name = |(index, name): (usize, &String)| input::required(&format!("/cuisines/{index}"), name, 40);
    names.iter().enumerate().map(name).collect()
}

fn hours(spans: &[Hours]) -> Result<Vec<Hours>, Error> {
    few("/hours", spans, MOST_HOURS)?;
    let wrong = |span: &Hours| !(1..=7).contains(&span.day) || span.open >= DAY_MINUTES || span.close > DAY_MINUTES;
    match spans.iter().position(wrong) {
        Some(index) => Err(Rule::OutOfRange.at(format!("/hours/{index}")).into()),
        None => Ok(spans.to_vec()),
    }
}

fn few<T>(pointer: &str, list: &[T], most: usize) -> Result<(), Error> {
    if list.len() <= most {
        return Ok(());
    }
    Err(Rule::OutOfRange.at(pointer).with("max", i64::try_from(most).unwrap_or(i64::MAX)).into())
}

#[cfg(test)]
mod tests {
    use super::Profile;
    use crate::error::Error;
    use domain::{availability::Hours, money::Paise};

    fn annapurna() -> Profile {
        Profile {
            name: " Annapurna Tiffin Room ".to_owned(),
            locality: "Halasuru".to_owned(),
            address: "12 Car Street".to_owned(),
            pin: Some("560 008".to_owned()),
            phone: Some("098450 00001".to_owned()),
            cuisines: vec!["South Indian".to_owned()],
            price_for_two: Some(Paise::rupees(300)),
            minimum_order: Paise::ZERO,
            packing: Paise(1_000),
            prep_minutes: 15,
            hours: (1..=7).map(|day| Hours { day, open: 420, close: 1_320 }).collect(),
            active: true,
        }
    }

    #[test]
    fn what_is_stored_has_one_form() {
        let stored = annapurna().checked().unwrap();
        assert_eq!(stored.name, "Annapurna Tiffin Room");
        assert_eq!((stored.pin.as_deref(), stored.phone.as_deref()), (Some("560008"), Some("+919845000001")));
        let bare = Profile { pin: None, phone: Some(" ".to_owned()), ..annapurna() };
        assert_eq!(bare.checked().unwrap().phone, None);
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        let good = annapurna;
        let dear = Paise(10_000_001);
        let wrong = [
            (Profile { name: " ".to_owned(), ..good() }, "/name"),
            (Profile { pin: Some("056008".to_owned()), ..good() }, "/pin"),
            (Profile { phone: Some("044 2123 4567".to_owned()), ..good() }, "/phone"),
            (Profile { price_for_two: Some(Paise(-1)), ..good() }, "/price_for_two_paise"),
            (Profile { minimum_order: Paise(-1), ..good() }, "/minimum_order_paise"),
            (Profile { packing: dear, ..good() }, "/packing_paise"),
            (Profile { prep_minutes: 0, ..good() }, "/prep_minutes"),
            (Profile { cuisines: vec!["Thali".to_owned(); 21], ..good() }, "/cuisines"),
            (Profile { cuisines: vec!["t".repeat(41)], ..good() }, "/cuisines/0"),
            (Profile { hours: vec![Hours { day: 1, open: 0, close: 0 }; 51], ..good() }, "/hours"),
            (Profile { hours: vec![Hours { day: 8, open: 0, close: 0 }], ..good() }, "/hours/0"),
        ];
        for (profile, pointer) in wrong {
            let Err(Error::Rule(broken)) = profile.checked() else { panic!("{pointer} was accepted") };
            assert_eq!(broken.pointer.as_deref(), Some(pointer));
        }
    }
}
