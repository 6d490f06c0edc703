//! Typed identifiers: one list of kinds, so that a courier's id can never stand where an order's is expected.
//!
//! Every id is a UUIDv7 (RFC 9562): ordered by time of creation, which keeps index pages of new rows together. Ids are
//! made by the caller's context, never here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An identifier of one kind of thing.
pub trait TypedId: Copy + Eq + std::fmt::Display + From<Uuid> + Into<Uuid> {
    /// The noun, as it is used in messages.
    const NOUN: &'static str;
}

macro_rules! ids {
    ($($name:ident $noun:literal,)*) => {$(
        #[doc = concat!("Identifies one ", $noun, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl TypedId for $name {
            const NOUN: &'static str = $noun;
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

/// Hands the one list of kinds to another macro, for conversions that must cover all of them.
#[macro_export]
macro_rules! id_kinds {
    ($receiver:ident) => {
        $receiver! {
            AddressId "address",
            ApplicationId "application",
            CityId "city",
            CourierId "courier",
            CustomerId "customer",
            DocumentId "document",
            MenuItemId "menu item",
            OfferId "offer",
            OptionGroupId "option group",
            OptionId "option",
            OrderId "order",
            PaymentId "payment",
            ProductId "product",
            QuoteId "quote",
            RestaurantId "restaurant",
            ReviewId "review",
            RouteId "route",
            SectionId "menu section",
            SessionId "session",
            ShiftId "shift",
            TrackingLinkId "tracking link",
            UserId "user",
            VendorId "vendor",
            ZoneId "zone",
        }
    };
}

id_kinds!(ids);
