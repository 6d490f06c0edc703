//! Staff keep a courier from work, however they became one.

use domain::{
    application::ApplicationState as State,
    event::Event,
    id::{ApplicationId, CourierId},
    permission::{Action, Owners},
    rule::Rule,
};
use store::{Tx, applications, args, couriers::CourierRow};

use super::{
    Application,
    review::{Step, taken},
};
use crate::{App, context::Ctx, error::Error, input};

/// How a courier whom staff registered came to work, for the record.
const REGISTERED: [(&str, State); 3] =
    [("none", State::Applied), ("applied", State::UnderReview), ("under_review", State::Approved)];

impl App {
    /// Suspends a courier. Who applied is suspended by a step of the application; who was registered by staff gets the
    /// record of one, so that the reason is kept and told, and that they can be let back, in the same way.
    pub async fn suspend_courier(&self, ctx: &Ctx, id: CourierId, reason: &str) -> Result<Application, Error> {
        ctx.may(Action::ApplicationReview, &Owners::default(), "courier")?;
        let row = self.courier_row(id).await?;
        let known: Option<applications::ApplicationRow> =
            self.db.optional(&applications::FIND_OF_COURIER, args![id]).await?;
        if let Some(known) = known {
            let step =
                Step { to: State::Suspended, reason: Some(reason), version: known.version, pictures_until: None };
            return self.review_application(ctx, known.id, step).await;
        }
        let reason = input::required("/reason", reason, 300)?;
        self.record_suspended(ctx, &row, &reason).await
    }

    async fn record_suspended(&self, ctx: &Ctx, row: &CourierRow, reason: &str) -> Result<Application, Error> {
        let id: ApplicationId = ctx.id();
        let user = ctx.actor.user().map(|user| user.id);
        // Who registered them, and when, was never kept.
        let steps = REGISTERED.map(|(from, to)| (from, to, "registered by staff", None));
        let steps = steps.into_iter().chain([("approved", State::Suspended, reason, user)]);
        let mut tx = Tx::new("suspend courier");
        let mut before = None;
        for (position, (from, to, why, user)) in (0_i64..).zip(steps) {
            let step = args![id, position, before, from, to.as_str(), user, Some(why), ctx.now_us()];
            tx = tx.run(&applications::INSERT_STEP, step);
            before = Some(position);
        }
        let version = before.unwrap_or_default();
        let (name, vehicle) = (row.name.as_str(), row.vehicle.as_str());
        let record = args![id, row.city_id, name, vehicle, version, reason, row.id, ctx.now_us()];
        tx = self.bar(ctx, tx.run(&applications::INSERT_SUSPENDED, record), row.id, true).await?;
        let changed = Event::CourierChanged { courier_id: row.id, on_shift: row.on_shift, renamed: false };
        tx = self.tell(ctx, tx, row.city_id, &changed)?;
        let moved = Event::ApplicationMoved { application_id: id, from: Some(State::Approved), to: State::Suspended };
        let done = self.db.commit(self.tell(ctx, tx, row.city_id, &moved)?).await;
        // Somebody else did the same in the same moment.
        done.map_err(|error| taken(error, || Rule::VersionConflict.broken()))?;
        self.application(ctx, id).await
    }
}
