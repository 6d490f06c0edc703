//! Watching documents run out: warnings ahead, and no new offers for whoever lacks one. Food in hand stays in hand.

use std::collections::BTreeSet;

use domain::{
    courier::Vehicle,
    document::{Accepted, DocumentKind, WARNINGS, lapsed},
    event::Event,
    id::{CityId, CourierId},
    permission::Actor,
};
use jiff::{Span, civil::Date};
use store::{CommitError, Tx, args, couriers, documents};

use super::{accepted, seen};
use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
};

impl App {
    /// Gives the warnings that are due in every city and bars or frees couriers by their papers. May run twice.
    pub async fn watch_documents(&self) -> Result<(), Error> {
        let ctx = self.ctx(Actor::System);
        let cities: Vec<CityId> = self.places().cities.iter().map(|city| city.id).collect();
        let mut outcome = Ok(());
        for city in cities {
            outcome = outcome.and(self.watch_documents_of(&ctx, city).await);
        }
        outcome
    }

    async fn watch_documents_of(&self, ctx: &Ctx, city: CityId) -> Result<(), Error> {
        let today = self.local_day(ctx, city)?;
        let ahead = WARNINGS.into_iter().max().unwrap_or_default();
        let until = today.checked_add(Span::new().days(ahead)).unwrap_or(Date::MAX);
        let due: Vec<documents::DueRow> = self.db.all(&documents::LIST_DUE, args![city, until.to_string()]).await?;
        let mut of_whom = BTreeSet::new();
        for row in &due {
            of_whom.insert(row.courier_id);
            self.warn(ctx, row, today).await?;
        }
        for courier in of_whom {
            self.check_papers(ctx, courier).await?;
        }
        Ok(())
    }

    async fn warn(&self, ctx: &Ctx, row: &documents::DueRow, today: Date) -> Result<(), Error> {
        let expires_on = row.expires_on.as_deref().and_then(|day| day.parse().ok());
        let (Some(kind), Some(expires_on)) = (DocumentKind::parse(&row.kind), expires_on) else { return Ok(()) };
        let warning = Accepted { kind, expires_on: Some(expires_on) }.warning_due(today);
        let Some(days) = warning.filter(|days| row.warned_days.is_none_or(|given| given > *days)) else {
            return Ok(());
        };
        let tx = Tx::new("warn of document").guard_as("not-yet", 1, &documents::WARN, args![row.id, days]);
        let event = Event::DocumentDue { courier_id: row.courier_id, document: kind, expires_on, days };
        ended_elsewhere(self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await)
    }

    /// Compares whether a courier is barred for missing papers with whether they should be.
    pub(crate) async fn check_papers(&self, ctx: &Ctx, id: CourierId) -> Result<(), Error> {
        let row = self.courier_row(id).await?;
        let rows: Vec<documents::DocumentRow> = self.db.all(&documents::LIST_OF_COURIER, args![id]).await?;
        let vehicle = Vehicle::parse(&row.vehicle).unwrap_or(Vehicle::Scooter);
        let shown: Vec<Accepted> = rows.iter().filter_map(accepted).collect();
        let wanted = !lapsed(vehicle, &shown, seen(&rows), self.local_day(ctx, row.city_id)?).is_empty();
        if wanted == row.papers_lapsed {
            return Ok(());
        }
        let mut tx = Tx::new("check papers").guard_as("not-yet", 1, &couriers::SET_PAPERS_LAPSED, args![id, wanted]);
        if wanted {
            tx = self.withdraw_offers(ctx, tx, id).await?;
        }
        let event = Event::CourierChanged { courier_id: id, on_shift: row.on_shift, renamed: false };
        ended_elsewhere(self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await)
    }
}

/// Another node did the same in the same moment: then it is done.
fn ended_elsewhere(outcome: Result<(), CommitError>) -> Result<(), Error> {
    match outcome {
        Err(error) if failed_guard(&error) != Some("not-yet") => Err(error.into()),
        _ => Ok(()),
    }
}
