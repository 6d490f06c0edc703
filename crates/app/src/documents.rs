//! Documents of couriers: handed in with an application or later, decided on by staff, watched until they run out.
//!
//! Numbers are checked and kept in one form. Only who reviews reads them whole; everybody else, the courier too, sees
//! them masked. Of an Aadhaar only the last four digits are taken: a whole number is refused, and there is no column for
//! it. A picture may come with each, see `pictures`; most kinds are accepted only with one.

mod pictures;
mod watch;

use domain::{
    courier::Vehicle,
    document::{Accepted, DocumentKind, Seen, lapsed},
    event::Event,
    id::{ApplicationId, CourierId, DocumentId},
    permission::{Action, Owners},
    rule::Rule,
};
use jiff::{Timestamp, civil::Date};
use store::{Tx, args, documents};

pub(crate) use pictures::pictured;
pub use pictures::{PictureFacts, StoredPicture};

use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    input,
};

/// A licence is given for twenty years at most; nothing lasts longer.
const LONGEST_YEARS: i16 = 40;

/// A document as it is handed in.
#[derive(Clone)]
pub struct NewDocument {
    /// What kind.
    pub kind: DocumentKind,
    /// Its number; of an identity the last four digits.
    pub number: String,
    /// The last day on which it holds, for what runs out.
    pub expires_on: Option<Date>,
}

/// A document as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Whose it is, once there is a courier.
    pub courier_id: Option<CourierId>,
    /// What kind.
    pub kind: DocumentKind,
    /// Its number, masked unless the reader reviews documents.
    pub number: String,
    /// The last day on which it holds.
    pub expires_on: Option<Date>,
    /// `submitted`, `accepted`, `refused` or `replaced`.
    pub state: String,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When it was handed in.
    pub submitted_at: Timestamp,
    /// When it was decided on.
    pub decided_at: Option<Timestamp>,
    /// Whether it is accepted only with a picture.
    pub picture_required: bool,
    /// What is known of its picture, if there is one.
    pub picture: Option<PictureFacts>,
}

/// The documents of a courier, and what the vehicle still misses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Papers {
    /// All of them, newest first.
    pub documents: Vec<Document>,
    /// Kinds that are missing or have run out: while there is one, nothing is offered.
    pub missing: Vec<DocumentKind>,
}

impl App {
    /// The documents of a courier.
    pub async fn courier_papers(&self, ctx: &Ctx, id: CourierId) -> Result<Papers, Error> {
        ctx.may(Action::DocumentRead, &Owners::courier(id), "courier")?;
        let row = self.courier_row(id).await?;
        let rows: Vec<documents::DocumentRow> = self.db.all(&documents::LIST_OF_COURIER, args![id]).await?;
        let vehicle = Vehicle::parse(&row.vehicle).unwrap_or(Vehicle::Scooter);
        let accepted: Vec<Accepted> = rows.iter().filter_map(accepted).collect();
        let missing = lapsed(vehicle, &accepted, seen(&rows), self.local_day(ctx, row.city_id)?);
        Ok(Papers { documents: rows.into_iter().map(|row| shown(ctx, row)).collect(), missing })
    }

    /// Documents that couriers handed in later and that nobody has decided on, oldest first.
    pub async fn waiting_documents(
        &self,
        ctx: &Ctx,
        after: Option<DocumentId>,
        limit: usize,
    ) -> Result<(Vec<Document>, Option<DocumentId>), Error> {
        ctx.reach(Action::ApplicationRead)?;
        let after = after.unwrap_or(DocumentId(uuid::Uuid::nil()));
        let args = args![after, crate::paging::rows(limit)];
        let rows: Vec<documents::DocumentRow> = self.db.all(&documents::LIST_WAITING, args).await?;
        let (rows, next) = crate::paging::cut(rows, limit, |row| row.id);
        Ok((rows.into_iter().map(|row| shown(ctx, row)).collect(), next))
    }

    /// A courier hands a document in, usually a renewed one. What waited for a decision until now is put away.
    pub async fn submit_document(&self, ctx: &Ctx, id: CourierId, new: &NewDocument) -> Result<Papers, Error> {
        ctx.may(Action::DocumentSubmit, &Owners::courier(id), "courier")?;
        let row = self.courier_row(id).await?;
        let number = checked("", new, self.local_day(ctx, row.city_id)?)?;
        let document: DocumentId = ctx.id();
        let tx = Tx::new("submit document")
            .run(&documents::REPLACE_SUBMITTED, args![id, new.kind.as_str(), ctx.now_us()])
            .run(&documents::INSERT, inserted(document, (None, Some(id)), new, number, ctx.now_us()));
        let event = moved(id, new.kind, "submitted");
        self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await?;
        self.courier_papers(ctx, id).await
    }

    /// Staff accept a document that a courier handed in, or refuse it and say why. A picture that came after
    /// `pictures_until` was not seen by them, and lets nothing be decided.
    pub async fn decide_document(
        &self,
        ctx: &Ctx,
        id: DocumentId,
        (accept, reason): (bool, Option<&str>),
        pictures_until: Option<Timestamp>,
    ) -> Result<Papers, Error> {
        ctx.may(Action::ApplicationReview, &Owners::default(), "document")?;
        let row: Option<documents::DocumentRow> = self.db.optional(&documents::FIND, args![id]).await?;
        let row = row.ok_or(Error::NotFound("document"))?;
        let reason = input::optional("/reason", reason, 300)?;
        if !accept && reason.is_none() {
            return Err(Rule::WrongFormat.at("/reason").with("min", 1).with("max", 300).into());
        }
        // What came with an application is decided on with it.
        let Some(courier) = row.courier_id else { return Err(Rule::IllegalStep.broken().into()) };
        let city = self.courier_row(courier).await?.city_id;
        if accept {
            still_good("/accept", std::slice::from_ref(&row), self.local_day(ctx, city)?)?;
            pictured("/accept", std::slice::from_ref(&row))?;
        }
        let kind = kind_of(&row)?;
        let state = if accept { "accepted" } else { "refused" };
        let user = ctx.actor.user().map(|user| user.id);
        let mut tx = Tx::new("decide document");
        if accept {
            tx = tx.run(&documents::REPLACE_ACCEPTED, args![courier, kind.as_str(), ctx.now_us()]);
        }
        let until = pictures_until.map_or(i64::MAX, Timestamp::as_microsecond);
        let tx = tx.guard_as("waiting", 1, &documents::DECIDE, args![id, state, reason, user, ctx.now_us(), until]);
        let tx = self.tell(ctx, tx, city, &moved(courier, kind, state))?;
        self.db.commit(tx).await.map_err(|error| match failed_guard(&error) {
            Some("waiting") if row.state == "submitted" => Rule::VersionConflict.broken().into(),
            Some("waiting") => Rule::IllegalStep.broken().with("from", row.state).into(),
            _ => Error::from(error),
        })?;
        self.check_papers(ctx, courier).await?;
        self.courier_papers(ctx, courier).await
    }

    /// The date in a city.
    pub(crate) fn local_day(&self, ctx: &Ctx, city: domain::id::CityId) -> Result<Date, Error> {
        let places = self.places();
        let city = places.known_city(city)?;
        Ok(ctx.now.to_zoned(city.zone.clone()).date())
    }
}

/// What is stored of a document when it is handed in.
pub(crate) fn inserted(
    id: DocumentId,
    (application, courier): (Option<ApplicationId>, Option<CourierId>),
    new: &NewDocument,
    number: String,
    now: i64,
) -> Vec<store::Value> {
    let expires_on = new.expires_on.map(|day| day.to_string());
    args![id, application, courier, new.kind.as_str(), number, expires_on, now, new.kind.needs_picture()]
}

/// The number of a document in its one form, if everything about it can be true. `pointer` leads to the document.
pub(crate) fn checked(pointer: &str, new: &NewDocument, today: Date) -> Result<String, Error> {
    let wrong = |field: &str| Error::from(Rule::WrongFormat.at(format!("{pointer}/{field}")));
    if new.kind.expires() != new.expires_on.is_some() {
        return Err(wrong("expires_on"));
    }
    if let Some(last) = new.expires_on
        && (last < today || last.year() > today.year() + LONGEST_YEARS)
    {
        let rule = Rule::OutOfRange.at(format!("{pointer}/expires_on")).with("min", today.to_string());
        return Err(rule.into());
    }
    let refused = |error: india::IdentifierError| {
        Error::from(Rule::WrongFormat.at(format!("{pointer}/number")).with("reason", error.code()))
    };
    match new.kind {
        DocumentKind::DrivingLicence => {
            Ok(india::DrivingLicence::parse(&new.number).map_err(refused)?.as_str().to_owned())
        }
        DocumentKind::VehicleRegistration => {
            Ok(india::Vehicle::parse(&new.number).map_err(refused)?.as_str().to_owned())
        }
        DocumentKind::Pan => Ok(india::Pan::parse(&new.number).map_err(refused)?.as_str().to_owned()),
        DocumentKind::Insurance => policy(&new.number).ok_or_else(|| wrong("number")),
        DocumentKind::Identity => {
            let four = new.number.trim();
            let only = four.len() == 4 && four.bytes().all(|byte| byte.is_ascii_digit());
            let rule = || Rule::WrongFormat.at(format!("{pointer}/number")).with("reason", "last-four-digits-only");
            only.then(|| four.to_owned()).ok_or_else(|| rule().into())
        }
    }
}

/// Refuses a decision that would accept a document whose last day is over.
pub(crate) fn still_good(pointer: &str, rows: &[documents::DocumentRow], today: Date) -> Result<(), Error> {
    let ended = |row: &&documents::DocumentRow| {
        let last: Option<Date> = row.expires_on.as_deref().and_then(|day| day.parse().ok());
        row.state == "submitted" && last.is_some_and(|last| last < today)
    };
    match rows.iter().find(ended) {
        Some(row) => Err(Rule::DocumentExpired.at(pointer).with("kind", row.kind.as_str()).into()),
        None => Ok(()),
    }
}

/// The number of an insurance policy: insurers agree on no form.
fn policy(text: &str) -> Option<String> {
    let number = text.trim().to_ascii_uppercase();
    let fits = (6..=32).contains(&number.len());
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b' ');
    (fits && number.bytes().all(known) && !india::looks_like_aadhaar(&number)).then_some(number)
}

/// A document as the reader of `ctx` may see it.
pub(crate) fn shown(ctx: &Ctx, row: documents::DocumentRow) -> Document {
    let kind = DocumentKind::parse(&row.kind).unwrap_or(DocumentKind::Identity);
    let whole = ctx.actor.reach(Action::ApplicationReview).is_ok();
    let picture = PictureFacts::of(&row);
    Document {
        id: row.id,
        courier_id: row.courier_id,
        kind,
        number: if whole && kind != DocumentKind::Identity { row.number } else { masked(kind, &row.number) },
        expires_on: row.expires_on.as_deref().and_then(|day| day.parse().ok()),
        state: row.state,
        reason: row.reason,
        decided_by: row.decided_by.filter(|_| whole),
        submitted_at: moment(row.submitted_at),
        decided_at: row.decided_at.map(moment),
        picture_required: row.picture_required,
        picture,
    }
}

/// A number with all but its last four characters hidden.
fn masked(kind: DocumentKind, number: &str) -> String {
    if kind == DocumentKind::Identity {
        return format!("XXXX XXXX {number}");
    }
    let hidden = number.chars().count().saturating_sub(4);
    number.chars().enumerate().map(|(index, letter)| if index < hidden { 'X' } else { letter }).collect()
}

fn kind_of(row: &documents::DocumentRow) -> Result<DocumentKind, Error> {
    DocumentKind::parse(&row.kind).ok_or_else(|| Error::Internal(format!("document {}: kind {}", row.id, row.kind)))
}

fn accepted(row: &documents::DocumentRow) -> Option<Accepted> {
    let expires_on = row.expires_on.as_deref().and_then(|day| day.parse().ok());
    (row.state == "accepted").then_some(Accepted { kind: DocumentKind::parse(&row.kind)?, expires_on })
}

/// Whether all papers of a courier are on file here, which they are for whoever applied.
fn seen(rows: &[documents::DocumentRow]) -> Seen {
    if rows.iter().any(|row| row.application_id.is_some()) { Seen::Here } else { Seen::Elsewhere }
}

fn moved(courier_id: CourierId, document: DocumentKind, state: &str) -> Event {
    Event::DocumentMoved { courier_id, document, state: state.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{NewDocument, checked, masked};
    use crate::Error;
    use domain::document::DocumentKind;
    use jiff::civil::{Date, date};

    const TODAY: Date = date(2026, 11, 20);

    fn new(kind: DocumentKind, number: &str) -> NewDocument {
        let expires_on = kind.expires().then_some(date(2027, 1, 1));
        NewDocument { kind, number: number.to_owned(), expires_on }
    }

    fn pointer(outcome: Result<String, Error>) -> String {
        match outcome {
            Err(Error::Rule(broken)) => broken.pointer.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_come_into_one_form() {
        let form = |kind, number| checked("", &new(kind, number), TODAY).unwrap();
        assert_eq!(form(DocumentKind::DrivingLicence, "ka01 2019 0001234"), "KA0120190001234");
        assert_eq!(form(DocumentKind::VehicleRegistration, "KA-01-AB-1234"), "KA01AB1234");
        assert_eq!(form(DocumentKind::Pan, "aazpz0001a"), "AAZPZ0001A");
        assert_eq!(form(DocumentKind::Insurance, " pol/2026-77 "), "POL/2026-77");
        assert_eq!(form(DocumentKind::Identity, "7058"), "7058");
    }

    #[test]
    fn a_whole_aadhaar_number_is_never_taken() {
        for number in ["999941057058", "9999 4105 7058", "12345", "705x"] {
            assert_eq!(
                pointer(checked("/documents/4", &new(DocumentKind::Identity, number), TODAY)),
                "/documents/4/number"
            );
        }
        assert!(checked("", &new(DocumentKind::Insurance, "9999 4105 7058"), TODAY).is_err());
    }

    #[test]
    fn the_end_must_be_said_where_there_is_one_and_lie_ahead() {
        let licence = |expires_on| NewDocument { expires_on, ..new(DocumentKind::DrivingLicence, "KA0120190001234") };
        for expires_on in [None, Some(date(2026, 11, 19)), Some(date(2067, 1, 1))] {
            assert_eq!(pointer(checked("", &licence(expires_on), TODAY)), "/expires_on");
        }
        assert!(checked("", &licence(Some(TODAY)), TODAY).is_ok());
        let pan = NewDocument { expires_on: Some(TODAY), ..new(DocumentKind::Pan, "AAZPZ0001A") };
        assert_eq!(pointer(checked("", &pan, TODAY)), "/expires_on");
    }

    #[test]
    fn masked_numbers_show_four_characters() {
        assert_eq!(masked(DocumentKind::Pan, "AAZPZ0001A"), "XXXXXX001A");
        assert_eq!(masked(DocumentKind::Identity, "7058"), "XXXX XXXX 7058");
    }
}
