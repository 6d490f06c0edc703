//! The parts and what is assumed of each before anything was delivered.

use super::{Load, tally::Mixed};

/// Something that takes time and is learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Seconds until a courier takes the order, from when one is wanted, where no queue is reckoned.
    Assignment,
    /// The same in a queue, as a ratio to the reckoned wait ([`super::wait_ratio`]).
    Queue,
    /// Seconds that an order binds a courier: from taking it to the door, shared by those taken together.
    Bound,
    /// Seconds from there to the counter, while nobody knows who will come.
    FirstMile,
    /// The same for a known courier, as a ratio to what the travel times say.
    FirstMileRatio,
    /// From placing until the food is ready, as a ratio to the kitchen's usual minutes.
    Preparation,
    /// From accepting until the food is ready, as a ratio to the minutes that the kitchen promised.
    Promise,
    /// From when the bag could leave to the door, as a ratio to what the travel times and the usual hand-overs say.
    LastMile,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Assignment,
        Self::Queue,
        Self::Bound,
        Self::FirstMile,
        Self::FirstMileRatio,
        Self::Preparation,
        Self::Promise,
        Self::LastMile,
    ];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assignment => "assignment",
            Self::Queue => "queue",
            Self::Bound => "bound",
            Self::FirstMile => "first_mile",
            Self::FirstMileRatio => "first_mile_ratio",
            Self::Preparation => "preparation",
            Self::Promise => "promise",
            Self::LastMile => "last_mile",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == text)
    }

    /// What is assumed before anything was seen: log-normal, because durations are positive and their late side is
    /// longer. Medians are the platform's own rules where there are some (offers hold 45 seconds, kitchens name their
    /// minutes); the deviations are wide, so that nothing is promised too soon.
    pub(super) fn prior(self, load: Load) -> Mixed {
        let (median, sigma) = match (self, load) {
            (Self::Assignment, Load::Calm) => (45.0, 0.9),
            (Self::Assignment, Load::Busy | Load::Full) => (90.0, 0.9),
            // Some are taken out of turn, and some wait for all those.
            (Self::Queue, _) => (1.0, 0.6),
            // Both miles and a short wait at the counter, with now and then two orders on one way.
            (Self::Bound, _) => (800.0, 0.4),
            // Two kilometres on a scooter in a city.
            (Self::FirstMile, _) => (320.0, 0.5),
            (Self::FirstMileRatio, _) => (1.1, 0.35),
            // Answering comes on top of cooking, and a full kitchen's usual minutes are too few.
            (Self::Preparation, Load::Calm) => (1.05, 0.30),
            (Self::Preparation, Load::Busy) => (1.15, 0.30),
            (Self::Preparation, Load::Full) => (1.35, 0.35),
            (Self::Promise, _) => (1.0, 0.25),
            (Self::LastMile, _) => (1.0, 0.30),
        };
        Mixed::prior(median, sigma)
    }
}
