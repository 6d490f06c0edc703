//! Applications: somebody wants to be a courier, staff look at the documents and decide.
//!
//! Whoever applies proves their phone with a code; the same proves it later that they may read how it stands. Each step
//! is kept with who took it and why. Approval makes the courier and the account in the same transaction.

mod apply;
mod review;
mod suspend;

use domain::{
    application::ApplicationState,
    id::ApplicationId,
    permission::{Action, Owners},
};
use store::{applications, args, documents};

use crate::{
    App,
    context::Ctx,
    documents::{Document, shown},
    error::Error,
    paging,
};

pub use apply::NewApplication;
pub use review::Step;

/// An application with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Application {
    /// The stored row.
    pub row: applications::ApplicationRow,
    /// Where it stands.
    pub state: ApplicationState,
    /// What came with it.
    pub documents: Vec<Document>,
    /// Who decided what; empty for the applicant.
    pub steps: Vec<applications::StepRow>,
    /// With what the applicant may send pictures; nothing for others, and nothing once it is decided on.
    pub picture_pass: Option<String>,
}

impl App {
    /// One application.
    pub async fn application(&self, ctx: &Ctx, id: ApplicationId) -> Result<Application, Error> {
        ctx.may(Action::ApplicationRead, &Owners::default(), "application")?;
        let row: Option<applications::ApplicationRow> = self.db.optional(&applications::FIND, args![id]).await?;
        let row = row.ok_or(Error::NotFound("application"))?;
        let steps = self.db.all(&applications::LIST_STEPS, args![id]).await?;
        self.application_of(ctx, row, steps).await
    }

    /// Applications in a state, oldest first, after a cursor, and the cursor of the next page.
    pub async fn list_applications(
        &self,
        ctx: &Ctx,
        state: ApplicationState,
        after: Option<ApplicationId>,
        limit: usize,
    ) -> Result<(Vec<Application>, Option<ApplicationId>), Error> {
        ctx.reach(Action::ApplicationRead)?;
        let after = after.unwrap_or(ApplicationId(uuid::Uuid::nil()));
        let args = args![state.as_str(), after, paging::rows(limit)];
        let rows: Vec<applications::ApplicationRow> = self.db.all(&applications::LIST, args).await?;
        let (rows, next) = paging::cut(rows, limit, |row| row.id);
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push(self.application_of(ctx, row, Vec::new()).await?);
        }
        Ok((items, next))
    }

    async fn application_of(
        &self,
        ctx: &Ctx,
        row: applications::ApplicationRow,
        steps: Vec<applications::StepRow>,
    ) -> Result<Application, Error> {
        let state = state(&row)?;
        let rows: Vec<documents::DocumentRow> = self.db.all(&documents::LIST_OF_APPLICATION, args![row.id]).await?;
        let documents = rows.into_iter().map(|row| shown(ctx, row)).collect();
        Ok(Application { row, state, documents, steps, picture_pass: None })
    }
}

pub(crate) fn state(row: &applications::ApplicationRow) -> Result<ApplicationState, Error> {
    let state = ApplicationState::parse(&row.state);
    state.ok_or_else(|| Error::Internal(format!("application {}: state {}", row.id, row.state)))
}
