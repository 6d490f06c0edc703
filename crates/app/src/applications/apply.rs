//! Applying, and asking how an application stands: both with a code that was sent to the phone.

use std::collections::BTreeSet;

use domain::{
    application::LANGUAGES,
    courier::Vehicle,
    event::Event,
    id::{ApplicationId, CityId, DocumentId},
    rule::Rule,
};
use store::{CommitError, ConstraintKind, Tx, applications, args, documents, users};

use super::Application;
use crate::{
    App,
    context::Ctx,
    documents::{NewDocument, checked, inserted},
    error::{Error, failed_guard},
    users::fields,
};

/// What somebody says who wants to be a courier.
#[derive(Clone)]
pub struct NewApplication {
    /// Their mobile number.
    pub phone: String,
    /// The code that was sent to it.
    pub code: String,
    /// Their name.
    pub name: String,
    /// Where they want to work.
    pub city_id: CityId,
    /// What they ride.
    pub vehicle: Vehicle,
    /// Codes of the languages they speak.
    pub languages: Vec<String>,
    /// What they show.
    pub documents: Vec<NewDocument>,
}

impl App {
    /// Hands an application in. A phone has one at a time; after a rejection the next may follow.
    pub async fn apply_as_courier(&self, ctx: &Ctx, new: &NewApplication) -> Result<Application, Error> {
        let name = fields::name(&new.name)?;
        if self.places().city(new.city_id).is_none() {
            return Err(Rule::UnknownReference.at("/city_id").into());
        }
        let languages = languages(&new.languages)?;
        let numbers = self.check_documents(ctx, new)?;
        let proved = self.prove_phone(ctx, &new.phone, &new.code).await?;
        let phone = proved.phone.as_str();
        // One account a phone and one role an account: who orders food with this number cannot carry it with the same.
        if self.db.optional::<users::UserRow>(&users::FIND_BY_PHONE, args![phone]).await?.is_some() {
            return Err(Rule::AlreadyExists.at("/phone").into());
        }
        let (id, now): (ApplicationId, i64) = (ctx.id(), ctx.now_us());
        let step = args![id, 0_i64, None::<i64>, "none", "applied", None::<uuid::Uuid>, None::<&str>, now];
        let mut tx = proved
            .using(Tx::new("apply as courier"))
            .run(&applications::INSERT_STEP, step)
            .run(&applications::INSERT, args![id, new.city_id, name, phone, new.vehicle.as_str(), languages, now]);
        for (document, number) in new.documents.iter().zip(numbers) {
            let args = inserted(ctx.id::<DocumentId>(), (Some(id), None), document, number, now);
            tx = tx.run(&documents::INSERT, args);
        }
        let to = domain::application::ApplicationState::Applied;
        let event = Event::ApplicationMoved { application_id: id, from: None, to };
        self.db.commit(self.tell(ctx, tx, new.city_id, &event)?).await.map_err(refused)?;
        self.newest_application(ctx, phone).await
    }

    /// The newest application of whoever holds the phone.
    pub async fn own_application(&self, ctx: &Ctx, phone: &str, code: &str) -> Result<Application, Error> {
        let proved = self.prove_phone(ctx, phone, code).await?;
        self.db.commit(proved.using(Tx::new("read application"))).await.map_err(refused)?;
        self.newest_application(ctx, &proved.phone).await
    }

    /// The newest application of a phone that was just proved, with the pass to its pictures.
    async fn newest_application(&self, ctx: &Ctx, phone: &str) -> Result<Application, Error> {
        let row: Option<applications::ApplicationRow> =
            self.db.optional(&applications::FIND_OF_PHONE, args![phone]).await?;
        let found = self.application_of(ctx, row.ok_or(Error::NotFound("application"))?, Vec::new()).await?;
        let picture_pass = self.picture_pass(ctx, found.row.id, found.state);
        Ok(Application { picture_pass, ..found })
    }

    /// The numbers of the documents in their one form: each kind once, and all that the vehicle needs.
    fn check_documents(&self, ctx: &Ctx, new: &NewApplication) -> Result<Vec<String>, Error> {
        let today = self.local_day(ctx, new.city_id)?;
        let mut kinds = BTreeSet::new();
        let mut numbers = Vec::with_capacity(new.documents.len());
        for (index, document) in new.documents.iter().enumerate() {
            let pointer = format!("/documents/{index}");
            if !kinds.insert(document.kind) {
                return Err(Rule::AlreadyExists.at(format!("{pointer}/kind")).into());
            }
            numbers.push(checked(&pointer, document, today)?);
        }
        match new.vehicle.required_documents().find(|kind| !kinds.contains(kind)) {
            Some(missing) => Err(Rule::DocumentMissing.at("/documents").with("kind", missing.as_str()).into()),
            None => Ok(numbers),
        }
    }
}

/// The codes in their order, separated by spaces.
fn languages(codes: &[String]) -> Result<String, Error> {
    let unknown = codes.iter().position(|code| !LANGUAGES.contains(&code.as_str()));
    if let Some(index) = unknown {
        return Err(Rule::UnknownReference.at(format!("/languages/{index}")).into());
    }
    let spoken: BTreeSet<&str> = codes.iter().map(String::as_str).collect();
    if spoken.is_empty() {
        return Err(Rule::WrongFormat.at("/languages").with("min", 1).into());
    }
    Ok(spoken.into_iter().collect::<Vec<_>>().join(" "))
}

fn refused(error: CommitError) -> Error {
    match &error {
        CommitError::Constraint { kind: ConstraintKind::Unique, .. } => Rule::AlreadyExists.at("/phone").into(),
        _ if failed_guard(&error) == Some("code") => Rule::WrongCode.at("/code").into(),
        _ => error.into(),
    }
}
