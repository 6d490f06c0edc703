//! Logging in with a one-time code sent to a phone.
//!
//! One code is open per phone, for some minutes and five tries; it is stored as an HMAC over phone and code. Known and
//! unknown phones are answered alike: whoever holds the phone of a newcomer becomes a customer, unless an application as
//! a courier waits on it, whose account is yet to come. The first code of an
//! account that was registered with a password hands it over to whoever holds the phone; the password ends.

use domain::{event::Event, id::CustomerId, rule::Rule};
use jiff::SignedDuration;
use store::{Tx, applications, args, customers, users};

use super::{Account, NOWHERE, Profile, Session, fields, register::new_customer, taken};
use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
};

const DIGITS: usize = 6;
const TRIES: i64 = 5;
/// The window in which a phone may ask for a number of codes.
const WINDOW_US: i64 = 600_000_000;

/// What somebody sends who got a code.
#[derive(Clone)]
pub struct VerifyCode {
    /// Their mobile number, however it is written.
    pub phone: String,
    /// The six digits.
    pub code: String,
    /// Their name, for those who are new.
    pub name: Option<String>,
}

/// A phone whose holder showed the code that was sent to it.
pub(crate) struct ProvedPhone {
    /// The phone, as E.164.
    pub(crate) phone: String,
    hash: Vec<u8>,
}

impl ProvedPhone {
    /// The transaction, which happens only if nobody else has used the code meanwhile: guard `code`.
    pub(crate) fn using(&self, tx: Tx) -> Tx {
        tx.guard_as("code", 1, &users::USE_CODE, args![self.phone.as_str(), self.hash.clone()])
    }
}

impl App {
    /// Sends a code to a phone and answers for how many seconds it holds.
    pub async fn request_code(&self, ctx: &Ctx, phone: &str) -> Result<u64, Error> {
        let phone = fields::phone(phone)?;
        let code = format!("{:0DIGITS$}", ctx.entropy.below(1_000_000));
        let hash = self.secrets.codes.sign(&message(&phone, &code));
        let holds = SignedDuration::try_from(self.settings.code_for).unwrap_or(SignedDuration::ZERO);
        let now = ctx.now_us();
        let ends = (ctx.now + holds).as_microsecond();
        let tx = Tx::new("request code").guard_as(
            "window",
            1,
            &users::PUT_CODE,
            args![phone.as_str(), hash, TRIES, now, ends, now - WINDOW_US, self.settings.codes_per_window],
        );
        let minutes = holds.as_mins();
        let text = format!("{code} is your Dabba code. It holds for {minutes} minutes; tell it to nobody.");
        let tx = self.tell(ctx, tx, NOWHERE, &Event::CodeRequested { phone: phone.clone(), text })?;
        match self.db.commit(tx).await {
            Ok(()) => Ok(self.settings.code_for.as_secs()),
            Err(error) if failed_guard(&error) == Some("window") => Err(self.too_many_codes(ctx, &phone).await?),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a session for whoever got the code of a phone; a phone that nobody has becomes a customer.
    pub async fn verify_code(&self, ctx: &Ctx, wanted: &VerifyCode) -> Result<Session, Error> {
        let name = wanted.name.as_deref().map(fields::name).transpose()?;
        let proved = self.prove_phone(ctx, &wanted.phone, &wanted.code).await?;
        let tx = proved.using(Tx::new("verify code"));
        let wrong = || Error::from(Rule::WrongCode.at("/code"));
        let (tx, account) = self.whose_phone(ctx, tx, &proved.phone, name).await?;
        if account.disabled {
            return Err(wrong());
        }
        let (tx, session) = self.open_session(ctx, tx, account)?;
        self.db.commit(tx).await.map_err(|error| match failed_guard(&error) {
            Some("code") => wrong(),
            Some("account") => Error::Unavailable("the account was changed in this moment".to_owned()),
            _ => taken(error),
        })?;
        Ok(session)
    }

    /// Checks the code of a phone. The code is used up by the transaction that guards it with [`ProvedPhone::using`].
    pub(crate) async fn prove_phone(&self, ctx: &Ctx, phone: &str, code: &str) -> Result<ProvedPhone, Error> {
        let phone = fields::phone(phone)?;
        let wrong = || Error::from(Rule::WrongCode.at("/code"));
        let code = code.trim();
        if code.len() != DIGITS || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        self.entrance.codes.take(&phone, ctx.now_us())?;
        let taken_try = self.db.returning::<(Vec<u8>,)>(&users::TAKE_TRY, args![phone.as_str(), ctx.now_us()]).await?;
        let (hash,) = taken_try.into_iter().next().ok_or_else(wrong)?;
        if !self.secrets.codes.verify(&message(&phone, code), &hash) {
            return Err(wrong());
        }
        self.entrance.codes.give_back(&phone);
        Ok(ProvedPhone { phone, hash })
    }

    /// The account that a phone logs in to; one that is missing is added to the transaction.
    async fn whose_phone(&self, ctx: &Ctx, tx: Tx, phone: &str, name: Option<String>) -> Result<(Tx, Account), Error> {
        if let Some(row) = self.db.optional(&users::FIND_BY_PHONE, args![phone]).await? {
            let before = self.account_of(row).await?;
            let (mut tx, account) = prove(ctx, tx, before.clone());
            if account.version != before.version {
                tx = self.tell(ctx, tx, NOWHERE, &Event::UserChanged { user_id: account.user.id })?;
            }
            return Ok((tx, account));
        }
        let tx = tx.guard_as("applied", 0, &applications::FIND_WAITING, args![phone]);
        let known: Option<(CustomerId,)> = self.db.optional(&customers::FIND_BY_PHONE, args![phone]).await?;
        let Some((customer_id,)) = known else { return self.add_newcomer(ctx, tx, phone, name) };
        let owner: Option<users::UserRow> = self.db.optional(&users::FIND_BY_CUSTOMER, args![customer_id]).await?;
        if owner.is_some() {
            // Somebody wrote this number down as theirs and never proved it; now its owner is here. The number changes
            // hands, the account does not.
            let tx = tx.guard(1, &users::RELEASE_PHONE, args![customer_id, phone]);
            let tx = self.tell(ctx, tx, NOWHERE, &Event::CustomerChanged { customer_id, renamed: false })?;
            return self.add_newcomer(ctx, tx, phone, name);
        }
        let row: customers::CustomerRow = self.db.one(&customers::FIND, args![customer_id]).await?;
        let profile = Profile { name: row.name, login: None, phone: Some(phone.to_owned()) };
        let account = new_customer(ctx, customer_id, profile);
        Ok((self.insert_account(ctx, tx, &account, None, false)?, account))
    }

    fn add_newcomer(&self, ctx: &Ctx, tx: Tx, phone: &str, name: Option<String>) -> Result<(Tx, Account), Error> {
        let name = name.unwrap_or_else(|| format!("Customer {}", &phone[phone.len() - 4..]));
        let profile = Profile { name, login: None, phone: Some(phone.to_owned()) };
        let account = new_customer(ctx, ctx.id(), profile);
        Ok((self.insert_account(ctx, tx, &account, None, true)?, account))
    }

    async fn too_many_codes(&self, ctx: &Ctx, phone: &str) -> Result<Error, Error> {
        let window = self.db.optional::<(i64,)>(&users::FIND_CODE_WINDOW, args![phone]).await?;
        let from = window.map_or(ctx.now_us(), |(from,)| from);
        let wait_us = u64::try_from(from + WINDOW_US - ctx.now_us()).unwrap_or_default();
        Ok(Error::TooMany { retry_after_s: wait_us.div_ceil(1_000_000).max(1) })
    }
}

/// Hands an account to whoever holds its phone, at their first code: somebody else may have registered it in advance, to
/// be in it together with them later. That password and the sessions that it opened end.
fn prove(ctx: &Ctx, tx: Tx, mut account: Account) -> (Tx, Account) {
    if account.phone_proved || account.disabled {
        return (tx, account);
    }
    let tx = tx
        .guard_as("account", 1, &users::PROVE_PHONE, args![account.user.id, account.version])
        .run(&users::REVOKE_SESSIONS, args![account.user.id, ctx.now_us(), "phone-proved"]);
    account.profile.login = None;
    account.phone_proved = true;
    account.version += 1;
    (tx, account)
}

/// What the HMAC is over: a code is good for its phone only.
fn message(phone: &str, code: &str) -> Vec<u8> {
    format!("{phone}:{code}").into_bytes()
}
