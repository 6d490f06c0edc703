//! Who is free: the one judgement, for the figures of a city, for where orders are expected, and for arrivals.

use std::collections::HashSet;

use domain::{
    courier::{CourierState, SILENT_AFTER_S},
    id::{CityId, CourierId},
};
use jiff::Timestamp;
use store::{
    args,
    couriers::{self, CourierRow},
    offers, orders,
};

use super::state;
use crate::{App, context::moment, error::Error};

/// Whether a courier in this state has nothing to do and can be asked: neither barred nor silent.
pub(crate) fn is_free(now: Timestamp, row: &CourierRow, state: CourierState) -> bool {
    let heard = |at: i64| now.duration_since(moment(at)).as_secs() <= SILENT_AFTER_S;
    let barred = row.suspended || row.papers_lapsed;
    state == CourierState::Free && !barred && row.fix_at.is_some_and(heard)
}

/// Who works in a city now.
pub(crate) struct Crew {
    /// Who is free, with where they are.
    pub(crate) free: Vec<CourierRow>,
    /// How many have an order in hand, look at an offer or are free.
    pub(crate) at_work: usize,
}

impl App {
    /// Couriers of a city who are free, with where they are.
    pub(crate) async fn free_couriers(&self, now: Timestamp, city: CityId) -> Result<Vec<CourierRow>, Error> {
        Ok(self.crew(now, city).await?.free)
    }

    /// Who works in a city now.
    pub(crate) async fn crew(&self, now: Timestamp, city: CityId) -> Result<Crew, Error> {
        let mut rows: Vec<CourierRow> = self.db.all(&couriers::LIST_ON_SHIFT, args![city]).await?;
        self.positions.freshen(&mut rows);
        let busy: Vec<(CourierId,)> = self.db.all(&orders::LIST_BUSY, args![city]).await?;
        let busy: HashSet<CourierId> = busy.into_iter().map(|(courier,)| courier).collect();
        let offered: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN, args![city]).await?;
        let looking: HashSet<CourierId> = offered.iter().map(|offer| offer.courier_id).collect();
        let occupied = |row: &CourierRow| busy.contains(&row.id) || looking.contains(&row.id);
        let at_work = rows.len();
        rows.retain(|row| !occupied(row));
        let occupied = at_work - rows.len();
        rows.retain(|row| is_free(now, row, state(now, row, &[], false)));
        Ok(Crew { at_work: occupied + rows.len(), free: rows })
    }
}
