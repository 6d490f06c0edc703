//! How somebody becomes a courier: the states of an application, and the steps between them.
//!
//! `applied -> under_review -> approved | rejected`, and `approved <-> suspended`. A rejected application is closed; the
//! person may apply anew. Whoever rejects or suspends says why.

use serde::{Deserialize, Serialize};

use crate::rule::{Broken, Rule};

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationState {
    /// Handed in; nobody has looked yet.
    Applied,
    /// Somebody is looking.
    UnderReview,
    /// The person is a courier.
    Approved,
    /// Not taken.
    Rejected,
    /// A courier who may not work for now.
    Suspended,
}

impl ApplicationState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Applied, Self::UnderReview, Self::Approved, Self::Rejected, Self::Suspended];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::UnderReview => "under_review",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Suspended => "suspended",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the step to it must say why.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Rejected | Self::Suspended)
    }

    /// Whether a step leads from here to `next`.
    pub const fn leads_to(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Applied, Self::UnderReview)
                | (Self::UnderReview | Self::Suspended, Self::Approved)
                | (Self::UnderReview, Self::Rejected)
                | (Self::Approved, Self::Suspended)
        )
    }

    /// Whether this step may be taken now, with or without a reason.
    pub fn check(self, next: Self, reason: Option<&str>) -> Result<(), Broken> {
        if !self.leads_to(next) {
            return Err(Rule::IllegalStep.at("/state").with("from", self.as_str()).with("to", next.as_str()));
        }
        if next.needs_reason() && reason.is_none() {
            return Err(Rule::WrongFormat.at("/reason").with("min", 1).with("max", 300));
        }
        Ok(())
    }
}

/// Languages that a courier may say they speak: English and those of the Eighth Schedule that cities here need, by
/// their ISO 639 codes.
pub const LANGUAGES: [&str; 13] = ["as", "bn", "en", "gu", "hi", "kn", "ml", "mr", "or", "pa", "ta", "te", "ur"];

#[cfg(test)]
mod tests {
    use super::{ApplicationState as State, LANGUAGES};
    use crate::rule::Rule;

    #[test]
    fn only_these_steps_exist() {
        let steps = State::ALL.into_iter().flat_map(|from| State::ALL.map(|to| (from, to)));
        let legal: Vec<_> =
            steps.filter(|(from, to)| from.leads_to(*to)).map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let wanted = [
            ("applied", "under_review"),
            ("under_review", "approved"),
            ("under_review", "rejected"),
            ("approved", "suspended"),
            ("suspended", "approved"),
        ];
        assert_eq!(legal, wanted);
    }

    #[test]
    fn a_jump_names_both_ends() {
        let jump = State::Applied.check(State::Approved, None).unwrap_err();
        assert_eq!(jump, Rule::IllegalStep.at("/state").with("from", "applied").with("to", "approved"));
    }

    #[test]
    fn a_rejection_says_why() {
        assert!(State::UnderReview.check(State::Rejected, None).is_err());
        assert!(State::UnderReview.check(State::Rejected, Some("the licence is somebody else's")).is_ok());
        assert!(State::UnderReview.check(State::Approved, None).is_ok());
    }

    #[test]
    fn languages_are_sorted_and_unique() {
        assert!(LANGUAGES.is_sorted_by(|one, next| one < next));
    }
}
