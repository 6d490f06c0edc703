//! Fields of a change: left out they stay, null takes the value away (JSON Merge Patch, RFC 7396).

use serde::{Deserialize, Deserializer};

/// A field that may be without a value. Needs `#[serde(default)]` where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Left out: it stays.
    #[default]
    Keep,
    /// Given, or taken away.
    To(Option<T>),
}

impl<T> Patch<T> {
    /// What the field is after the change.
    pub fn or(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::To(after) => after,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::To)
    }
}

#[cfg(test)]
mod tests {
    use super::Patch;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Change {
        #[serde(default)]
        email: Patch<String>,
    }

    #[test]
    fn left_out_and_null_differ() {
        let email = |body: &str| serde_json::from_str::<Change>(body).unwrap().email;
        let before = || Some("old".to_owned());
        assert_eq!(email("{}").or(before()), before());
        assert_eq!(email(r#"{"email":null}"#).or(before()), None);
        assert_eq!(email(r#"{"email":"new"}"#).or(before()).as_deref(), Some("new"));
    }
}
