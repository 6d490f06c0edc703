//! The policies by name: what an operator chooses and what stands in stored decisions.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Batched, Nearest, Policy, Rolling};

/// Which policy decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// [`Nearest`].
    Nearest,
    /// [`Batched`].
    Batched,
    /// [`Rolling`].
    #[default]
    Rolling,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Nearest, Self::Batched, Self::Rolling];

    /// The policy itself.
    pub fn policy(self) -> &'static dyn Policy {
        match self {
            Self::Nearest => &Nearest,
            Self::Batched => &Batched,
            Self::Rolling => &Rolling,
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.policy().name())
    }
}

impl FromStr for Strategy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|strategy| strategy.policy().name() == text);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(ToString::to_string).collect();
            format!("`{text}` is no policy; there are {}", names.join(", "))
        })
    }
}
