//! Staff decide: look, approve, reject, suspend, take back.

use domain::{
    application::ApplicationState as State,
    event::Event,
    id::{ApplicationId, CourierId},
    permission::{Action, Owners},
    rule::Rule,
};
use store::{CommitError, ConstraintKind, Tx, applications, args, couriers, documents, offers};

use super::{Application, state};
use crate::{App, context::Ctx, documents::still_good, error::Error, input};

impl App {
    /// Moves an application on, if nobody else did since `version`.
    ///
    /// Approving makes the courier and the account; suspending withdraws what is offered, but not what is in hand.
    pub async fn review_application(
        &self,
        ctx: &Ctx,
        id: ApplicationId,
        version: i64,
        to: State,
        reason: Option<&str>,
    ) -> Result<Application, Error> {
        ctx.may(Action::ApplicationReview, &Owners::default(), "application")?;
        let row: Option<applications::ApplicationRow> = self.db.optional(&applications::FIND, args![id]).await?;
        let row = row.ok_or(Error::NotFound("application"))?;
        let from = state(&row)?;
        let reason = input::optional("/reason", reason, 300)?;
        from.check(to, reason.as_deref())?;
        if row.version != version {
            return Err(Rule::VersionConflict.broken().into());
        }
        if (from, to) == (State::UnderReview, State::Approved) {
            let papers: Vec<documents::DocumentRow> = self.db.all(&documents::LIST_OF_APPLICATION, args![id]).await?;
            still_good("/state", &papers, self.local_day(ctx, row.city_id)?)?;
        }
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
            tx = follow(ctx, tx, &row, courier, (from, to));
            let event = Event::CourierChanged { courier_id: courier, on_shift };
            tx = self.tell(ctx, tx, row.city_id, &event)?;
        }
        let event = Event::ApplicationMoved { application_id: id, from: Some(from), to };
        self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await.map_err(taken)?;
        self.application(ctx, id).await
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

/// What a step means for the courier who is there.
fn follow(ctx: &Ctx, tx: Tx, row: &applications::ApplicationRow, courier: CourierId, (from, to): (State, State)) -> Tx {
    let (now, user) = (ctx.now_us(), ctx.actor.user().map(|user| user.id));
    if from == State::UnderReview {
        return tx.run(&documents::ACCEPT_OF_APPLICATION, args![row.id, courier, user, now]);
    }
    let suspended = to == State::Suspended;
    let tx = tx.guard(1, &couriers::SET_SUSPENDED, args![courier, suspended]);
    if suspended { tx.run(&offers::WITHDRAW_OF_COURIER, args![courier, now]) } else { tx }
}

/// The phone was given to somebody else since the person applied.
fn taken(error: CommitError) -> Error {
    match error {
        CommitError::Constraint { kind: ConstraintKind::Unique, .. } => Rule::AlreadyExists.at("/phone").into(),
        other => other.into(),
    }
}
