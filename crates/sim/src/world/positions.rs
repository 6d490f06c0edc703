//! What phones of those at work report: riders often, those who stand now and then, so that nobody counts as silent.
//!
//! The reports of one moment go out together, as they would from many phones; they leave no trace in the event log, so
//! their order among themselves decides nothing.

use app::positions::Fix;
use domain::{geo::Point, id::CourierId};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::{World, agenda::Deed};
use crate::error::Error;

/// What a phone says of its own exactness, metres.
pub(super) const ACCURACY_M: f64 = 8.0;

impl World {
    pub(super) async fn report_positions(&mut self, now: Timestamp) -> Result<(), Error> {
        self.agenda.add(now + SignedDuration::from_secs(self.manner.riding_report_s), Deed::ReportPositions);
        let standing = SignedDuration::from_secs(self.manner.standing_report_s);
        let mut news: Vec<(CourierId, Point)> = Vec::new();
        for (id, courier) in &mut self.couriers {
            let here = courier.here(now);
            let silent = courier.silent_until.is_some_and(|until| until > now);
            let due = courier.reported.is_none_or(|(before, at)| before != here || now.duration_since(at) >= standing);
            if due && !silent && courier.since.is_some() {
                courier.reported = Some((here, now));
                news.push((*id, here));
            }
        }
        let world = &*self;
        let sent = news.into_iter().map(|(id, here)| async move {
            let ctx = world.as_courier(id);
            let fix = Fix { lat: here.lat, lng: here.lng, accuracy_m: ACCURACY_M, at: ctx.now, mocked: false };
            (id, world.app.report_positions(&ctx, id, &[fix]).await)
        });
        for (id, answer) in join_all(sent).await {
            match answer {
                Ok(_) | Err(app::Error::Unavailable(_)) => {}
                // Taken off the platform meanwhile.
                Err(app::Error::NotFound(_)) => drop(self.couriers.remove(&id)),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
