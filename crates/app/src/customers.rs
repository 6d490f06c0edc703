//! Customers: found, registered, changed, forgotten.
//!
//! The phone here is where a customer is called; the one an account logs in with belongs to the account and changes
//! only there, with a code. Removing a customer takes name, phone, e-mail and addresses away and closes the account; the
//! orders stay, as bills must, with the address that each was sent to. Cart and preferences go as well.

mod addresses;
mod preferences;

use domain::{
    event::Event,
    id::{CityId, CustomerId},
    permission::{Action, Owners},
    rule::Rule,
};
use store::{CommitError, ConstraintKind, Tx, args, carts, customers, users};
use uuid::Uuid;

use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
    input, paging,
};

pub use addresses::AddressFields;
pub use preferences::Preferences;

/// What is said of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerProfile {
    /// Their name.
    pub name: String,
    /// Where they are called. It may change, but not go away.
    pub phone: Option<String>,
    /// Their e-mail address.
    pub email: Option<String>,
    /// The language they read, as in `en-IN`.
    pub language: String,
}

/// A profile that was checked, as it is stored.
struct Checked {
    name: String,
    phone: Option<String>,
    email: Option<String>,
    language: String,
}

impl App {
    /// Customers by id after a cursor, and the cursor of the next page. Words are looked for in name, phone and e-mail.
    pub async fn list_customers(
        &self,
        ctx: &Ctx,
        words: &str,
        after: Option<CustomerId>,
        limit: usize,
    ) -> Result<(Vec<customers::CustomerRow>, Option<CustomerId>), Error> {
        ctx.reach(Action::CustomerList)?;
        let words = input::optional("/q", Some(words), 100)?.unwrap_or_default();
        let after = after.unwrap_or(CustomerId(Uuid::nil()));
        let args = args![after, pattern(&words), phone_pattern(&words), paging::rows(limit)];
        let rows: Vec<customers::CustomerRow> = self.db.all(&customers::SEARCH, args).await?;
        Ok(paging::cut(rows, limit, |row| row.id))
    }

    /// One customer.
    pub async fn customer(&self, ctx: &Ctx, id: CustomerId) -> Result<customers::CustomerRow, Error> {
        ctx.may(Action::CustomerRead, &Owners::customer(id), "customer")?;
        self.customer_row(id).await
    }

    /// Registers a customer, who must be reachable by phone.
    pub async fn add_customer(&self, ctx: &Ctx, profile: &CustomerProfile) -> Result<customers::CustomerRow, Error> {
        ctx.reach(Action::CustomerCreate)?;
        let profile = check(profile)?;
        if profile.phone.is_none() {
            return Err(Rule::WrongFormat.at("/phone").into());
        }
        let id: CustomerId = ctx.id();
        let tx = Tx::new("add customer").run(
            &customers::INSERT,
            args![id, profile.name, profile.phone, profile.email, profile.language, ctx.now_us()],
        );
        self.db.commit(self.tell_customer(ctx, tx, id)?).await.map_err(phone_taken)?;
        self.customer_row(id).await
    }

    /// Changes a customer, if nobody else did since `version`.
    pub async fn update_customer(
        &self,
        ctx: &Ctx,
        id: CustomerId,
        version: i64,
        profile: &CustomerProfile,
    ) -> Result<customers::CustomerRow, Error> {
        ctx.may(Action::CustomerWrite, &Owners::customer(id), "customer")?;
        let row = self.customer_row(id).await?;
        let profile = check(profile)?;
        if profile.phone.is_none() && row.phone.is_some() {
            return Err(Rule::WrongFormat.at("/phone").into());
        }
        let renamed = profile.name != row.name;
        let reached_otherwise = profile.phone != row.phone;
        let mut tx = Tx::new("update customer").guard(
            1,
            &customers::UPDATE,
            args![id, version, profile.name.as_str(), profile.phone, profile.email, profile.language],
        );
        if renamed {
            tx = tx.run(&users::RENAME_OF_CUSTOMER, args![id, profile.name]);
            tx = self.tell_account(ctx, tx, id).await?;
        }
        let event = Event::CustomerChanged { customer_id: id, renamed: renamed || reached_otherwise };
        self.db.commit(self.tell(ctx, tx, CityId(Uuid::nil()), &event)?).await.map_err(phone_taken)?;
        self.forget_now(event, CityId(Uuid::nil()), ctx.now).await;
        self.customer_row(id).await
    }

    /// Forgets a customer who has no open order, closes the account and ends its sessions.
    pub async fn delete_customer(&self, ctx: &Ctx, id: CustomerId) -> Result<(), Error> {
        ctx.may(Action::CustomerDelete, &Owners::customer(id), "customer")?;
        self.customer_row(id).await?;
        // An account must have a login; this one nobody can have taken.
        let login = format!("deleted-{}", ctx.id::<Uuid>());
        let tx = Tx::new("delete customer")
            // Removed first: an order that is being placed waits for this row or has it, and is then seen below.
            .guard(1, &customers::DELETE, args![id, ctx.now_us()])
            .guard_as("order-open", 0, &customers::FIND_OPEN_ORDER, args![id])
            .run(&store::preferences::DELETE, args![id])
            .run(&customers::DELETE_ADDRESSES, args![id])
            .run(&carts::DELETE, args![id])
            // Closed before its sessions end: one that is being opened right now is then seen.
            .run(&customers::CLOSE_USER, args![id, login])
            .run(&customers::REVOKE_SESSIONS, args![id, ctx.now_us(), "customer-deleted"]);
        let tx = self.tell_account(ctx, tx, id).await?;
        let tx = self.tell_cart(ctx, tx, id)?;
        let event = Event::CustomerChanged { customer_id: id, renamed: true };
        self.db.commit(self.tell(ctx, tx, CityId(Uuid::nil()), &event)?).await.map_err(|error| {
            match failed_guard(&error) {
                Some("order-open") => Error::from(Rule::InUse.broken()),
                _ => error.into(),
            }
        })?;
        self.forget_now(event, CityId(Uuid::nil()), ctx.now).await;
        self.forget_cart(ctx, id).await;
        Ok(())
    }

    /// The row of a customer.
    pub(crate) async fn customer_row(&self, id: CustomerId) -> Result<customers::CustomerRow, Error> {
        let row: Option<customers::CustomerRow> = self.db.optional(&customers::FIND, args![id]).await?;
        row.ok_or(Error::NotFound("customer"))
    }

    /// Forgets at once what this node cached of a customer, so that its author reads what was written.
    pub(crate) async fn forget_customer(&self, ctx: &Ctx, id: CustomerId) {
        self.forget_now(Event::CustomerChanged { customer_id: id, renamed: false }, CityId(Uuid::nil()), ctx.now).await;
    }

    /// Tells that the account of a customer changed with them, if there is one.
    async fn tell_account(&self, ctx: &Ctx, tx: Tx, id: CustomerId) -> Result<Tx, Error> {
        let row: Option<users::UserRow> = self.db.optional(&users::FIND_BY_CUSTOMER, args![id]).await?;
        match row {
            Some(row) => self.tell(ctx, tx, CityId(Uuid::nil()), &Event::UserChanged { user_id: row.id }),
            None => Ok(tx),
        }
    }

    /// Tells that a customer changed. Customers belong to no city.
    pub(crate) fn tell_customer(&self, ctx: &Ctx, tx: Tx, id: CustomerId) -> Result<Tx, Error> {
        self.tell(ctx, tx, CityId(Uuid::nil()), &Event::CustomerChanged { customer_id: id, renamed: false })
    }
}

fn check(profile: &CustomerProfile) -> Result<Checked, Error> {
    let phone = profile.phone.as_deref().map(india::Mobile::parse).transpose();
    let phone = phone.map_err(|_| Rule::WrongFormat.at("/phone"))?;
    Ok(Checked {
        name: input::required("/name", &profile.name, 120)?,
        phone: phone.map(|phone| phone.as_str().to_owned()),
        email: email(profile.email.as_deref())?,
        language: language(&profile.language)?,
    })
}

/// Only the form: whether anybody reads there, only a letter can tell. 254 is the longest path of RFC 5321.
fn email(text: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = input::optional("/email", text, 254)? else { return Ok(None) };
    let (name, host) = text.rsplit_once('@').unwrap_or_default();
    let dotted = host.split('.').count() > 1 && host.split('.').all(|label| !label.is_empty());
    if name.is_empty() || !dotted || text.contains(|letter: char| letter.is_whitespace() || letter == ',') {
        return Err(Rule::WrongFormat.at("/email").into());
    }
    Ok(Some(text))
}

/// A language tag of the form that BCP 47 gives: words of letters and digits, the first of two or three letters.
fn language(text: &str) -> Result<String, Error> {
    let text = input::required("/language", text, 35)?;
    let mut words = text.split('-');
    let first = words.next().unwrap_or_default();
    let named = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_lowercase());
    let word = |word: &str| (1..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if named && words.all(word) { Ok(text) } else { Err(Rule::WrongFormat.at("/language").into()) }
}

/// What `LIKE` is told for words that may occur anywhere; nothing for no words.
fn pattern(words: &str) -> String {
    if words.is_empty() {
        return String::new();
    }
    let mut pattern = String::from("%");
    for letter in words.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Phones are stored without gaps and with the country's code, and people type them otherwise.
fn phone_pattern(words: &str) -> String {
    if let Ok(phone) = india::Mobile::parse(words) {
        return phone.as_str().to_owned();
    }
    let dense: String = words.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    pattern(if dense.is_empty() { words } else { &dense })
}

fn phone_taken(error: CommitError) -> Error {
    match error {
        CommitError::Constraint { kind: ConstraintKind::Unique, .. } => Rule::AlreadyExists.at("/phone").into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{email, language, pattern, phone_pattern};

    #[test]
    fn the_wildcards_of_the_database_stand_for_themselves() {
        assert_eq!(pattern("50%_Off!"), "%50!%!_off!!%");
        assert_eq!(pattern(""), "");
    }

    #[test]
    fn a_phone_is_found_however_it_is_typed() {
        assert_eq!(phone_pattern("098765 43210"), "+919876543210");
        assert_eq!(phone_pattern("98765 43"), "%9876543%");
        assert_eq!(phone_pattern("-"), "%-%");
    }

    #[test]
    fn addresses_and_languages_have_a_form() {
        assert!(email(Some("asha@example.in")).is_ok());
        assert!(email(Some(" ")).unwrap().is_none());
        for wrong in ["asha", "@example.in", "asha@", "asha@example", "asha@.in", "a sha@example.in", "a@b.in, c@d.in"]
        {
            assert!(email(Some(wrong)).is_err(), "{wrong}");
        }
        assert!(["en-IN", "hi", "ta", "sa-Deva-IN"].into_iter().all(|tag| language(tag).is_ok()));
        assert!(["", "e", "EN", "english", "en_IN", "en-"].into_iter().all(|tag| language(tag).is_err()));
    }
}
