//! Staff decide: look, approve, reject, suspend, take back.

use domain::{
    application::ApplicationState as State,
    event::Event,
    id::{ApplicationId, CourierId},
    permission::{Action, Owners},
    rule::{Broken, Rule},
};
use jiff::Timestamp;
use store::{CommitError, ConstraintKind, Tx, applications, args, couriers, documents};

use super::{Application, state};
use crate::{
    App,
    context::Ctx,
    documents::{pictured, still_good},
    error::Error,
    input,
};

/// A step that staff want an application to take.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Where to.
    pub to: State,
    /// Why, where that must be said.
    pub reason: Option<&'a str>,
    /// The version that they saw.
    pub version: i64,
    /// When the newest picture came that they saw; one that came later lets nothing be approved.
    pub pictures_until: Option<Timestamp>,
}

impl App {
    /// Moves an application on, if nobody else did since it was seen.
    ///
    /// Approving makes the courier and the account; suspending withdraws what is offered, but not what is in hand.
    pub async fn review_application(&self, ctx: &Ctx, id: ApplicationId, step: Step<'_>) -> Result<Application, Error> {
        ctx.may(Action::ApplicationReview, &Owners::default(), "application")?;
        let row: Option<applications::ApplicationRow> = self.db.optional(&applications::FIND, args![id]).await?;
        let row = row.ok_or(Error::NotFound("application"))?;
        let from = state(&row)?;
        let Step { to, reason, version, pictures_until } = step;
        let reason = input::optional("/reason", reason, 300)?;
        from.check(to, reason.as_deref())?;
        if row.version != version {
            return Err(Rule::VersionConflict.broken().into());
        }
        let waiting = match (from, to) {
            (State::UnderReview, State::Approved) => self.acceptable_documents(ctx, &row).await?,
            _ => 0,
        };
        let user = ctx.actor.user().map(|user| user.id);
        let courier = row.courier_id.or_else(|| (to == State::Approved).then(|| ctx.id::<CourierId>()));
        let on_shift = match row.courier_id {
            Some(courier) => self.courier_row(courier).await?.on_shift,
            None => false,
        };
        let mut tx = Tx::new("review application").run(
            &applications::INSERT_STEP,
            args![id, version + 1, version, from.as_str(), to.as_str(), user, reason.as_deref(), ctx.now_us()],
        );
        if let Some(courier) = courier.filter(|_| row.courier_id.is_none()) {
            tx = self.become_courier(ctx, tx, &row, courier)?;
        }
        tx =
            tx.guard(1, &applications::MOVE, args![id, version, to.as_str(), reason.as_deref(), courier, ctx.now_us()]);
        if let Some(courier) = courier {
            tx = if from == State::UnderReview {
                let until = pictures_until.map_or(i64::MAX, Timestamp::as_microsecond);
                let accepted = args![id, courier, user, ctx.now_us(), until];
                tx.guard(waiting, &documents::ACCEPT_OF_APPLICATION, accepted)
            } else {
                self.bar(ctx, tx, courier, to == State::Suspended).await?
            };
            let event = Event::CourierChanged { courier_id: courier, on_shift, renamed: false };
            tx = self.tell(ctx, tx, row.city_id, &event)?;
        }
        let event = Event::ApplicationMoved { application_id: id, from: Some(from), to };
        if let Err(error) = self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await {
            return Err(self.overtaken(id, version, error).await);
        }
        self.application(ctx, id).await
    }

    /// Keeps a courier from work, or lets them work again.
    pub(super) async fn bar(&self, ctx: &Ctx, tx: Tx, courier: CourierId, suspended: bool) -> Result<Tx, Error> {
        let tx = tx.guard(1, &couriers::SET_SUSPENDED, args![courier, suspended]);
        if suspended { self.withdraw_offers(ctx, tx, courier).await } else { Ok(tx) }
    }

    /// Why a step was not taken: somebody else took one first, or the phone was given to somebody else since the person
    /// applied.
    async fn overtaken(&self, id: ApplicationId, version: i64, error: CommitError) -> Error {
        let now = self.db.optional::<applications::ApplicationRow>(&applications::FIND, args![id]).await;
        let moved = now.is_ok_and(|row| row.is_some_and(|row| row.version != version));
        taken(error, || if moved { Rule::VersionConflict.broken() } else { Rule::AlreadyExists.at("/phone") })
    }

    /// How many documents an approval accepts, if each may be.
    async fn acceptable_documents(&self, ctx: &Ctx, row: &applications::ApplicationRow) -> Result<u64, Error> {
        let papers: Vec<documents::DocumentRow> = self.db.all(&documents::LIST_OF_APPLICATION, args![row.id]).await?;
        still_good("/state", &papers, self.local_day(ctx, row.city_id)?)?;
        pictured("/state", &papers)?;
        Ok(papers.iter().filter(|paper| paper.state == "submitted").map(|_| 1).sum())
    }

    /// The courier and the account that an approved application becomes.
    fn become_courier(
        &self,
        ctx: &Ctx,
        tx: Tx,
        row: &applications::ApplicationRow,
        courier: CourierId,
    ) -> Result<Tx, Error> {
        let args =
            args![courier, row.city_id, row.name.as_str(), row.phone.as_str(), row.vehicle.as_str(), ctx.now_us()];
        self.add_courier_account(ctx, tx.run(&couriers::INSERT, args), courier, &row.name, &row.phone)
    }
}

/// What is there once already is refused with a rule of its own.
pub(super) fn taken(error: CommitError, rule: impl FnOnce() -> Broken) -> Error {
    match error {
        CommitError::Constraint { kind: ConstraintKind::Unique, .. } => rule().into(),
        other => other.into(),
    }
}
