//! Imports: restaurants out of a file that somebody else made.
//!
//! A file is read whole, understood row by row (`catalogue` decides, purely), compared with what is here, and only then
//! written, in batches that each stand for themselves. Each restaurant carries a key made from its source; what is here
//! already is left alone, so an import can be repeated, and one that was interrupted is simply started again. Rows that
//! cannot be used are handed back with their reasons; none is dropped silently. A dry run does all but the writing.

mod here;
mod plan;
mod starter;
mod write;

use catalogue::{
    atlas::Placing,
    columns::{Columns, ColumnsError, Field},
    records::{Record, Sheet, Unreadable},
    rows::RestaurantDraft,
};
use domain::permission::Action;
use india::StateCode;

use crate::{App, context::Ctx, error::Error};
use plan::Plan;
pub use starter::starter_sections;

/// Rows between two reports of progress while reading.
const READ_STEP: usize = 500;

/// What to import, and how.
#[derive(Clone, Debug)]
pub struct ImportSpec {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Where it comes from: part of each restaurant's key. Names that never change are best.
    pub source: String,
    /// Fields whose columns were named by hand.
    pub mapping: Vec<(Field, String)>,
    /// The city of rows that name none.
    pub city: Option<String>,
    /// The State of cities that are new and that nobody knows.
    pub state: Option<StateCode>,
    /// Say what would happen, and do nothing.
    pub dry_run: bool,
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Rows are being understood.
    Reading,
    /// Restaurants are being added.
    Writing,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// How many are done.
    pub done: usize,
    /// Of how many.
    pub total: usize,
}

/// Whoever wants to know how far it is.
pub type OnProgress<'p> = &'p (dyn Fn(Progress) + Sync);

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// Which column was taken for which field.
    pub columns: Vec<(Field, String)>,
    /// The names of all columns.
    pub header: Vec<String>,
    /// Rows in the file.
    pub read: usize,
    /// Restaurants added.
    pub new: usize,
    /// Restaurants that were here already and were left as they are.
    pub same: usize,
    /// Of those, how many say something else in the file: their people may have changed them since.
    pub differing: usize,
    /// Rows that could not be used, in the order of the file.
    pub rejected: Vec<RejectedRow>,
    /// Cities that were added.
    pub cities_created: Vec<CreatedCity>,
    /// Zones added to cities that were here already.
    pub zones_added: usize,
    /// New restaurants placed near their neighbourhood, because the file has no usable coordinates for them.
    pub placed_by_neighbourhood: usize,
    /// New restaurants of which only the city is known.
    pub placed_by_city: usize,
    /// How long it took.
    pub duration_ms: i64,
}

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// The line of the file where it begins, from 1.
    pub line: usize,
    /// Why; at least one reason.
    pub reasons: Vec<String>,
    /// Its fields as written.
    pub fields: Vec<String>,
}

/// A city that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedCity {
    /// Its name.
    pub name: String,
    /// Two digits of the GST table.
    pub state_code: String,
    /// How many zones it has.
    pub zones: usize,
    /// How many restaurants it got.
    pub restaurants: usize,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is not text.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Its columns do not say what is needed.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// Not the file is to blame.
    #[error(transparent)]
    App(#[from] Error),
}

impl App {
    /// Adds the restaurants of a file that are not here yet, with cities, zones, vendors and menus.
    ///
    /// An error after writing began leaves whole restaurants behind and no half ones; the same import again completes
    /// it.
    pub async fn import_restaurants(
        &self,
        ctx: &Ctx,
        spec: &ImportSpec,
        progress: OnProgress<'_>,
    ) -> Result<ImportReport, ImportError> {
        ctx.reach(Action::RestaurantCreate).map_err(ImportError::App)?;
        let started = self.ctx(ctx.actor.clone()).now;
        let sheet = Sheet::read(&spec.bytes)?;
        let columns = Columns::detect(&sheet.header, &spec.mapping)?;
        let (drafts, mut rejected) = understand(&sheet, &columns, progress);
        let here = self.look_around().await?;
        let plan = Plan::make(ctx, spec, drafts, &here);
        rejected.extend(plan.rejected.iter().map(|(line, reason)| reject(&sheet, *line, reason)));
        rejected.sort_by_key(|row| row.line);
        if !spec.dry_run {
            self.write_towns(ctx, &plan).await?;
            self.write_restaurants(ctx, &plan, progress).await?;
        }
        let mapped = columns.mapped().into_iter().map(|(field, column)| (field, column.to_owned())).collect();
        let counted = |placing: Placing| plan.arrivals.iter().filter(|arrival| arrival.placing == placing).count();
        Ok(ImportReport {
            columns: mapped,
            read: sheet.records.len(),
            new: plan.arrivals.len(),
            same: plan.same,
            differing: plan.differing,
            rejected,
            cities_created: plan.cities_created(),
            zones_added: plan.zones_of_known_cities(),
            placed_by_neighbourhood: counted(Placing::Neighbourhood),
            placed_by_city: counted(Placing::Town),
            duration_ms: self.ctx(ctx.actor.clone()).now.as_millisecond() - started.as_millisecond(),
            header: sheet.header,
        })
    }
}

/// Turns records into drafts, and the others into rejected rows.
fn understand(sheet: &Sheet, columns: &Columns, progress: OnProgress<'_>) -> (Vec<RestaurantDraft>, Vec<RejectedRow>) {
    let total = sheet.records.len();
    let (mut drafts, mut rejected) = (Vec::with_capacity(total), Vec::new());
    for (done, record) in sheet.records.iter().enumerate() {
        match RestaurantDraft::read(record, columns) {
            Ok(draft) => drafts.push(draft),
            Err(reasons) => {
                rejected.push(RejectedRow { line: record.line, reasons, fields: record.fields.clone() });
            }
        }
        if done % READ_STEP == 0 {
            progress(Progress { phase: Phase::Reading, done, total });
        }
    }
    progress(Progress { phase: Phase::Reading, done: total, total });
    (drafts, rejected)
}

fn reject(sheet: &Sheet, line: usize, reason: &str) -> RejectedRow {
    let at = sheet.records.binary_search_by_key(&line, |record: &Record| record.line);
    let fields = at.map(|at| sheet.records[at].fields.clone()).unwrap_or_default();
    RejectedRow { line, reasons: vec![reason.to_owned()], fields }
}
