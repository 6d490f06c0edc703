//! The ranges of lists, which reckon with the city and not with each kitchen: as wide as that of a usual order is now, and
//! as much later as couriers are waited for.

use std::sync::Arc;

use domain::{arrival::WANTED_BEFORE_S, id::CityId};
use eta::arrival::{Load, Outlook, Pace, Part, Parts, Slot};

use super::{
    Before, KitchenBook, Known,
    estimate::{USUAL_PREP_S, float},
};
use crate::{App, context::Ctx, error::Error};

/// The way of a usual order.
const USUAL_WAY_S: f64 = 420.0;

/// How a range follows from what is to be expected.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rough {
    /// Its ends without a queue, as shares of what is to be expected.
    shares: (f64, f64),
    /// What a queue adds to both, in seconds.
    queued_s: (i64, i64),
}

impl Default for Rough {
    fn default() -> Self {
        Self { shares: (0.8, 1.4), queued_s: (0, 0) }
    }
}

impl Rough {
    fn of(known: &Known, slot: Slot) -> Self {
        let wanted_in_s = float(USUAL_PREP_S - WANTED_BEFORE_S);
        let queue_s = known.queue_s(slot, known.pulse.ahead(i64::MAX), wanted_in_s);
        let handover = Pace::default().handover_s();
        let outlook = |queue_s| -> Outlook {
            let of = |part| known.spread(part, slot, Load::Calm);
            let parts = Parts {
                wanted_in_s,
                assignment: known.assignment(slot, 0.0, queue_s),
                first_mile: of(Part::FirstMile),
                preparation: of(Part::Preparation).times(float(USUAL_PREP_S)),
                last_mile: of(Part::LastMile).times(USUAL_WAY_S + handover),
            };
            parts.outlook()
        };
        let (calm, now) = (outlook(0.0), outlook(queue_s));
        let share = |seconds| float(seconds) / (float(USUAL_PREP_S) + USUAL_WAY_S + handover);
        Self {
            shares: (share(calm.low_s), share(calm.high_s)),
            queued_s: (now.low_s - calm.low_s, now.high_s - calm.high_s),
        }
    }

    /// The range of a kitchen that cooks for so many seconds, with so many seconds of way, in seconds from now.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds of a day")]
    pub(crate) fn range(&self, prep_s: i64, way_s: i64) -> (i64, i64) {
        let expected = (prep_s + way_s) as f64 + Pace::default().handover_s();
        let at = |share: f64, queued_s: i64| (expected * share) as i64 + queued_s;
        (at(self.shares.0, self.queued_s.0), at(self.shares.1, self.queued_s.1))
    }
}

impl App {
    /// Reads what was learned of a city and how busy it is, so that its lists and ways follow without a quote.
    pub(crate) async fn reckon_roughly(&self, ctx: &Ctx, city: CityId) -> Result<(), Error> {
        let (learned, pulse) = (self.learned(ctx.now, city).await?, self.pulse(ctx.now, city).await?);
        let Some(slot) = self.slot(city, ctx.now) else { return Ok(()) };
        let known = Known {
            learned,
            kitchen: Arc::<KitchenBook>::default(),
            pulse,
            together: Vec::new(),
            before: Before::default(),
        };
        self.arrivals.roughs.get(city, ctx.now, || async { Ok(Rough::of(&known, slot)) }).await.map(drop)
    }

    /// What was last reckoned of a city, without waiting; what is assumed of every city where nothing was reckoned yet.
    pub(crate) fn rough(&self, city: CityId) -> Rough {
        self.arrivals.roughs.last(city).map(|rough| *rough).unwrap_or_default()
    }
}
