//! What a customer likes, in closed lists of words.

macro_rules! words {
    ($($(#[doc = $about:literal])+ $name:ident { $($(#[doc = $says:literal])+ $word:ident $text:literal,)+ })+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[doc = $says])+ $word,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$word,)+];

            /// As stored and sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)+ }
            }

            /// The reverse of [`Self::as_str`].
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    )+};
}

words! {
    /// A language that the faces speak.
    Language {
        /// English.
        English "en",
        /// Hindi.
        Hindi "hi",
        /// Tamil.
        Tamil "ta",
    }

    /// What somebody eats, by the mark that a dish carries at most.
    Diet {
        /// Everything.
        Any "any",
        /// Only what is vegetarian.
        Veg "veg",
        /// What is vegetarian, and egg.
        Egg "egg",
    }

    /// How hot somebody likes it.
    Spice {
        /// A little.
        Mild "mild",
        /// As most do.
        Medium "medium",
        /// Very.
        Hot "hot",
    }
}

impl Language {
    /// The language of a tag such as `en-IN`, or English where the faces do not speak it.
    pub fn of_tag(tag: &str) -> Self {
        tag.split('-').next().and_then(Self::parse).unwrap_or(Self::English)
    }

    /// The tag of a customer who chooses this language and read `before` until now: a closer tag of it stays.
    pub fn tag(self, before: &str) -> String {
        if before.split('-').next() == Some(self.as_str()) {
            return before.to_owned();
        }
        if self == Self::English { "en-IN".to_owned() } else { self.as_str().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Diet, Language, Spice};

    #[test]
    fn every_word_is_read_back() {
        assert!(Language::ALL.iter().all(|one| Language::parse(one.as_str()) == Some(*one)));
        assert!(Diet::ALL.iter().all(|one| Diet::parse(one.as_str()) == Some(*one)));
        assert!(Spice::ALL.iter().all(|one| Spice::parse(one.as_str()) == Some(*one)));
        assert_eq!(Diet::parse("non_veg"), None);
    }

    #[test]
    fn a_closer_tag_of_the_same_language_stays() {
        assert_eq!(Language::of_tag("hi-IN"), Language::Hindi);
        assert_eq!(Language::of_tag("kn"), Language::English);
        assert_eq!(Language::Hindi.tag("hi-IN"), "hi-IN");
        assert_eq!(Language::Tamil.tag("hi-IN"), "ta");
        assert_eq!(Language::English.tag("kn"), "en-IN");
    }
}
