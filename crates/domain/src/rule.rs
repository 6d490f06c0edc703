//! A broken business rule: a stable code, and the field that broke it where there is one.
//!
//! The codes are part of the public interface (`/problems/{code}`); the list here is complete, and every layer above
//! passes rules on unchanged.

use serde::Serialize;

/// What kind of answer a broken rule deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// The request itself is wrong: another request is needed.
    Invalid,
    /// The request was fine, the state of things has moved on.
    Conflict,
}

macro_rules! rules {
    ($($name:ident $code:literal $kind:ident $title:literal,)*) => {
        /// Every rule that a request can break.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule {
            $(#[doc = $title] $name,)*
        }

        impl Rule {
            /// All rules, for documentation and coverage tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable kebab-case code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// One sentence for people.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// Whether the request or the moment was wrong.
            pub const fn kind(self) -> RuleKind {
                match self { $(Self::$name => RuleKind::$kind,)* }
            }
        }
    };
}

rules! {
    AlreadyExists "already-exists" Conflict "Something with this name or number exists already.",
    AlreadyReviewed "already-reviewed" Conflict "This order has a review already.",
    ApplicationWaiting "application-waiting" Conflict "An application as a courier waits on this number; the account opens once it is decided.",
    BelowMinimum "below-minimum" Invalid "The order is below this restaurant's minimum.",
    CourierBarred "courier-barred" Conflict "This courier may not work now: suspended, or a document is missing or has run out.",
    CourierUnavailable "courier-unavailable" Conflict "This courier cannot take the order now.",
    CourierFull "courier-full" Conflict "This courier has no room for another order.",
    CourierBusy "courier-busy" Conflict "The courier still has food on board.",
    DocumentExpired "document-expired" Conflict "The document ran out while it waited; only a renewed one can be accepted.",
    DocumentMissing "document-missing" Invalid "A document that this vehicle needs is missing.",
    DocumentDecided "document-decided" Conflict "This document was decided on; only a new one can get another picture.",
    EmptyOrder "empty-order" Invalid "An order needs at least one line.",
    IdempotencyKeyInFlight "idempotency-key-in-flight" Conflict "The first request with this key is still being worked on.",
    IdempotencyKeyMissing "idempotency-key-missing" Invalid "This request needs an Idempotency-Key header of 1 to 255 visible characters.",
    IdempotencyKeyReused "idempotency-key-reused" Invalid "This idempotency key was used for a different request.",
    IllegalStep "illegal-step" Conflict "No such step leads from where this stands.",
    IllegalTransition "illegal-transition" Conflict "The order cannot move to that status from where it is.",
    InUse "in-use" Conflict "Something else still refers to this.",
    ItemUnavailable "item-unavailable" Conflict "A dish or option is sold out.",
    OfferChanged "offer-changed" Conflict "An order left this offer meanwhile; look at it again.",
    OfferGone "offer-gone" Conflict "This offer was taken, withdrawn or has run out.",
    OptionCount "option-count" Invalid "A choice has too few or too many options.",
    OutOfRange "out-of-range" Invalid "A number is outside its range.",
    OutsideZone "outside-zone" Invalid "The address is outside the delivery area.",
    PassEnded "pass-ended" Invalid "The pass to an application is not one of ours or has run out; prove the phone again.",
    PaymentFailed "payment-failed" Conflict "The payment was declined; nothing was charged and the order was not placed.",
    PictureDimensions "picture-dimensions" Invalid "The picture has too few or too many pixels.",
    PictureEmpty "picture-empty" Invalid "There is no picture in the request.",
    PictureFormat "picture-format" Invalid "The picture is no JPEG, PNG or WebP.",
    PictureMissing "picture-missing" Conflict "A document of this kind can only be accepted with a picture of it.",
    PictureTooLarge "picture-too-large" Invalid "The picture is too large.",
    QuoteChanged "quote-changed" Conflict "The price changed since the quote; a new quote is attached.",
    QuoteExpired "quote-expired" Conflict "The quote has expired; ask for a new one.",
    QuoteUsed "quote-used" Conflict "This quote was ordered already.",
    RestaurantClosed "restaurant-closed" Conflict "The restaurant is not taking orders now.",
    ShiftGone "shift-gone" Conflict "This shift was taken, was cancelled or is over.",
    ShiftOverlaps "shift-overlaps" Conflict "The courier has another shift in this time.",
    TooFar "too-far" Invalid "The restaurant does not deliver that far.",
    TripChanged "trip-changed" Conflict "The orders that these would have joined are on board, or not with the courier any more.",
    UnknownItem "unknown-item" Invalid "This dish is not on the restaurant's menu.",
    UnknownOption "unknown-option" Invalid "This option does not belong to the dish.",
    UnknownReference "unknown-reference" Invalid "An id in the request refers to nothing.",
    VersionConflict "version-conflict" Conflict "Somebody changed this meanwhile; read it again.",
    WrongCode "wrong-code" Invalid "The code is wrong.",
    WrongFormat "wrong-format" Invalid "A value is not in the expected form.",
}

/// A rule that was broken, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .rule.title())]
pub struct Broken {
    /// The rule.
    pub rule: Rule,
    /// JSON Pointer (RFC 6901) to the field, where one field is to blame.
    pub pointer: Option<String>,
    /// What a message about it needs: limits, names, times.
    pub params: Vec<(&'static str, Param)>,
}

/// A value inside a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Param {
    /// A whole number.
    Int(i64),
    /// A name, a time, a code.
    Text(String),
}

impl From<i64> for Param {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<String> for Param {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Param {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl Rule {
    /// This rule, broken without one field to blame.
    pub const fn broken(self) -> Broken {
        Broken { rule: self, pointer: None, params: Vec::new() }
    }

    /// This rule, broken by the field at `pointer`.
    pub fn at(self, pointer: impl Into<String>) -> Broken {
        Broken { rule: self, pointer: Some(pointer.into()), params: Vec::new() }
    }
}

impl Broken {
    /// Adds something that the message needs.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Param>) -> Self {
        self.params.push((name, value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut codes: Vec<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Rule::ALL.len());
        for code in codes {
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code}");
        }
    }
}
