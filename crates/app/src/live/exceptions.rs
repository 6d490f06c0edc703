//! What goes wrong with an order, judged from its times alone: a pure function, so that every rule can be tested.

use domain::{
    arrival::{FOUND_WITHIN_S, courier_wanted_at},
    courier::SILENT_AFTER_S,
    order::Status,
};
use jiff::{SignedDuration, Timestamp};

/// Less time than this to answer, and the kitchen should be called.
const ANSWER_SOON_S: i64 = 60;
/// A promise may be missed by so much.
const KITCHEN_LATE_S: i64 = 60;
/// Arrival may move by so much.
const LATE_S: i64 = 300;

/// Food on board of somebody who says nothing for so long is in danger.
const DARK_AFTER_S: i64 = 300;

/// What goes wrong. Worst first: what spoils food comes before what only takes longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExceptionKind {
    /// Whoever carries the food has been silent for minutes.
    CourierDark,
    /// Nobody comes for it.
    Unassigned,
    /// Whoever has it does not say where.
    CourierSilent,
    /// The kitchen missed its promise.
    KitchenLate,
    /// It will arrive later than promised.
    WillBeLate,
    /// The kitchen is about to let the order run out.
    NotAccepted,
}

impl ExceptionKind {
    /// All of them, worst first.
    pub const ALL: [Self; 6] = [
        Self::CourierDark,
        Self::Unassigned,
        Self::CourierSilent,
        Self::KitchenLate,
        Self::WillBeLate,
        Self::NotAccepted,
    ];

    /// As sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CourierDark => "courier_dark",
            Self::Unassigned => "unassigned",
            Self::CourierSilent => "courier_silent",
            Self::KitchenLate => "kitchen_late",
            Self::WillBeLate => "will_be_late",
            Self::NotAccepted => "not_accepted",
        }
    }
}

/// The times of an open order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// Where it stands.
    pub status: Status,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When silence becomes a refusal.
    pub accept_by: Timestamp,
    /// When the kitchen accepted.
    pub accepted_at: Option<Timestamp>,
    /// When the food should be ready.
    pub promised_ready_at: Option<Timestamp>,
    /// When it was.
    pub ready_at: Option<Timestamp>,
    /// When it left.
    pub picked_up_at: Option<Timestamp>,
    /// When a courier took it, if one has it.
    pub courier_at: Option<Timestamp>,
    /// When that courier was last heard of.
    pub fix_at: Option<Timestamp>,
    /// First promise to the customer.
    pub promised_at: Timestamp,
    /// Arrival as it is expected, late end.
    pub expected_at: Timestamp,
}

impl Facts {
    /// When it will be at the door at best: an expectation that has passed is none.
    pub(super) fn estimate_at(&self, now: Timestamp) -> Timestamp {
        self.expected_at.max(now)
    }
}

/// Something that goes wrong, or will if nothing happens.
#[derive(Clone, Copy, Debug)]
struct Trouble {
    /// Since when it has been coming.
    since: Timestamp,
    /// It is told after this.
    after: Timestamp,
}

/// The worst that is wrong with an order, and since when.
pub(super) fn judge(now: Timestamp, facts: &Facts) -> Option<(ExceptionKind, Timestamp)> {
    let told = |kind| trouble(kind, facts).filter(|trouble| trouble.after < now);
    ExceptionKind::ALL.into_iter().find_map(|kind| Some((kind, told(kind)?.since)))
}

/// After when something more is wrong with an order, if nothing happens until then.
pub(super) fn next(now: Timestamp, facts: &Facts) -> Option<Timestamp> {
    let troubles = ExceptionKind::ALL.into_iter().filter_map(|kind| trouble(kind, facts));
    troubles.map(|trouble| trouble.after).filter(|after| *after >= now).min()
}

/// Whether a kitchen is late with an order.
pub(super) fn kitchen_late(now: Timestamp, facts: &Facts) -> bool {
    trouble(ExceptionKind::KitchenLate, facts).is_some_and(|trouble| trouble.after < now)
}

fn trouble(kind: ExceptionKind, facts: &Facts) -> Option<Trouble> {
    match kind {
        ExceptionKind::CourierDark => facts.picked_up_at.and(silence(facts, DARK_AFTER_S)),
        ExceptionKind::Unassigned => unassigned(facts),
        ExceptionKind::CourierSilent => silence(facts, SILENT_AFTER_S),
        ExceptionKind::KitchenLate => unready(facts),
        ExceptionKind::WillBeLate => Some(late(facts)),
        ExceptionKind::NotAccepted => unanswered(facts),
    }
}

/// The courier says nothing for so many seconds.
fn silence(facts: &Facts, seconds: i64) -> Option<Trouble> {
    // Somebody who never said where they are has been silent since they took the order.
    let since = facts.courier_at.map(|taken| facts.fix_at.unwrap_or(taken))?;
    Some(Trouble { since, after: later(since, seconds) })
}

fn unassigned(facts: &Facts) -> Option<Trouble> {
    let accepted = facts.accepted_at.filter(|_| facts.courier_at.is_none() && facts.picked_up_at.is_none())?;
    let due = facts.promised_ready_at.unwrap_or(accepted);
    let since = courier_wanted_at(accepted, due, facts.ready_at);
    Some(Trouble { since, after: later(since, FOUND_WITHIN_S) })
}

fn unready(facts: &Facts) -> Option<Trouble> {
    let since = facts.promised_ready_at.filter(|_| facts.ready_at.is_none() && facts.picked_up_at.is_none())?;
    Some(Trouble { since, after: later(since, KITCHEN_LATE_S) })
}

/// It is expected too late already, or will be by the clock. Told since the step that the expectation comes from.
fn late(facts: &Facts) -> Trouble {
    let since = facts.picked_up_at.or(facts.ready_at).or(facts.accepted_at).unwrap_or(facts.placed_at);
    let tolerated = later(facts.promised_at, LATE_S);
    Trouble { since, after: if facts.expected_at > tolerated { Timestamp::MIN } else { tolerated } }
}

fn unanswered(facts: &Facts) -> Option<Trouble> {
    let after = later(facts.accept_by, -ANSWER_SOON_S);
    (facts.status == Status::Placed).then_some(Trouble { since: facts.placed_at, after })
}

fn later(from: Timestamp, seconds: i64) -> Timestamp {
    from + SignedDuration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::{ExceptionKind, Facts, judge, next};
    use domain::order::Status;
    use jiff::{SignedDuration, Timestamp};

    /// Noon and so many seconds.
    fn at(seconds: i64) -> Timestamp {
        "2026-11-20T06:30:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
    }

    /// Placed at 0, to be answered by 180, promised to the customer by 2400.
    fn placed() -> Facts {
        Facts {
            status: Status::Placed,
            placed_at: at(0),
            accept_by: at(180),
            accepted_at: None,
            promised_ready_at: None,
            ready_at: None,
            picked_up_at: None,
            courier_at: None,
            fix_at: None,
            promised_at: at(2_400),
            expected_at: at(2_400),
        }
    }

    /// Accepted at 60, ready by 1260.
    fn accepted() -> Facts {
        Facts { status: Status::Accepted, accepted_at: Some(at(60)), promised_ready_at: Some(at(1_260)), ..placed() }
    }

    /// A courier took it at 120 and was last heard of at `fix`.
    fn taken(fix: Option<i64>) -> Facts {
        Facts { courier_at: Some(at(120)), fix_at: fix.map(at), ..accepted() }
    }

    fn kind(now: i64, facts: &Facts) -> Option<ExceptionKind> {
        judge(at(now), facts).map(|found| found.0)
    }

    #[test]
    fn a_kitchen_that_does_not_answer_is_called_in_the_last_minute() {
        assert_eq!(kind(120, &placed()), None);
        assert_eq!(judge(at(121), &placed()), Some((ExceptionKind::NotAccepted, at(0))));
    }

    #[test]
    fn a_courier_is_looked_for_for_three_minutes() {
        let quick = Facts { promised_ready_at: Some(at(360)), ..accepted() };
        assert_eq!(kind(240, &quick), None);
        assert_eq!(judge(at(241), &quick), Some((ExceptionKind::Unassigned, at(60))));
    }

    #[test]
    fn nobody_is_missed_long_before_the_food_is_ready() {
        assert_eq!(kind(1_140, &accepted()), None);
        assert_eq!(judge(at(1_141), &accepted()), Some((ExceptionKind::Unassigned, at(960))));
        let sooner = Facts { ready_at: Some(at(700)), ..accepted() };
        assert_eq!(kind(880, &sooner), None);
        assert_eq!(judge(at(881), &sooner), Some((ExceptionKind::Unassigned, at(700))));
    }

    #[test]
    fn a_courier_is_silent_after_a_minute() {
        assert_eq!(kind(360, &taken(Some(300))), None);
        assert_eq!(judge(at(361), &taken(Some(300))), Some((ExceptionKind::CourierSilent, at(300))));
        assert_eq!(kind(180, &taken(None)), None);
        assert_eq!(judge(at(181), &taken(None)), Some((ExceptionKind::CourierSilent, at(120))));
    }

    #[test]
    fn food_with_somebody_silent_is_the_worst() {
        let carried = Facts { picked_up_at: Some(at(1_300)), ready_at: Some(at(1_260)), ..taken(Some(1_320)) };
        assert_eq!(kind(1_620, &carried), Some(ExceptionKind::CourierSilent));
        assert_eq!(judge(at(1_621), &carried), Some((ExceptionKind::CourierDark, at(1_320))));
        assert_eq!(kind(1_621, &Facts { picked_up_at: None, ..carried }), Some(ExceptionKind::CourierSilent));
    }

    #[test]
    fn a_kitchen_is_late_a_minute_after_its_promise() {
        assert_eq!(kind(1_320, &taken(Some(1_320))), None);
        assert_eq!(judge(at(1_321), &taken(Some(1_321))), Some((ExceptionKind::KitchenLate, at(1_260))));
        let ready = Facts { ready_at: Some(at(1_300)), ..taken(Some(1_321)) };
        assert_eq!(kind(1_321, &ready), None);
    }

    #[test]
    fn an_arrival_may_move_by_five_minutes() {
        let on_the_way = Facts { picked_up_at: Some(at(1_500)), ready_at: Some(at(1_260)), ..taken(Some(1_600)) };
        let expected = |seconds| Facts { expected_at: at(seconds), ..on_the_way };
        assert_eq!(kind(1_600, &expected(2_700)), None);
        assert_eq!(judge(at(1_600), &expected(2_701)), Some((ExceptionKind::WillBeLate, at(1_500))));
    }

    #[test]
    fn an_expectation_that_has_passed_counts_as_now() {
        let lost = Facts { picked_up_at: Some(at(1_500)), ready_at: Some(at(1_260)), ..taken(Some(2_701)) };
        assert_eq!(kind(2_700, &lost), None);
        assert_eq!(kind(2_701, &lost), Some(ExceptionKind::WillBeLate));
    }

    #[test]
    fn of_several_the_worst_is_told() {
        let all = Facts { expected_at: at(9_000), ..taken(Some(0)) };
        assert_eq!(kind(2_000, &all), Some(ExceptionKind::CourierSilent));
        assert_eq!(kind(2_000, &Facts { courier_at: None, ..all }), Some(ExceptionKind::Unassigned));
        assert_eq!(kind(2_000, &Facts { fix_at: Some(at(2_000)), ..all }), Some(ExceptionKind::KitchenLate));
    }

    #[test]
    fn what_goes_wrong_next_is_known_before() {
        assert_eq!(next(at(0), &placed()), Some(at(120)));
        assert_eq!(next(at(120), &placed()), Some(at(120)));
        assert_eq!(next(at(121), &placed()), Some(at(2_700)));
        assert_eq!(next(at(130), &accepted()), Some(at(1_140)));
        assert_eq!(next(at(130), &taken(Some(125))), Some(at(185)));
        let spoilt = Facts { expected_at: at(9_000), picked_up_at: Some(at(1_300)), ..taken(Some(0)) };
        assert_eq!(next(at(2_000), &spoilt), None);
    }

    #[test]
    fn nothing_goes_wrong_before_the_next_trouble() {
        for facts in [placed(), accepted(), taken(Some(300)), taken(None)] {
            let mut now = at(0);
            while let Some(after) = next(now, &facts) {
                assert_eq!(judge(after, &facts), judge(now, &facts));
                now = after + SignedDuration::from_nanos(1);
                assert_ne!(judge(now, &facts), None);
            }
        }
    }
}
