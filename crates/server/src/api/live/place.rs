//! Which places of a courier are news to somebody who follows an order.
//!
//! Places come as messages and are read when the order is looked at again, because the messages of another node may not
//! come. Whichever is sooner is told, and nothing twice.

use domain::id::CourierId;
use jiff::Timestamp;

/// The courier whose places are told, and the last that was.
#[derive(Default)]
pub(in crate::api) struct LastPlace {
    courier: Option<CourierId>,
    at: Option<Timestamp>,
}

impl LastPlace {
    /// From now on it is this courier's places, and nobody else's.
    pub(in crate::api) fn follow(&mut self, courier: Option<CourierId>) {
        if courier != self.courier {
            *self = Self { courier, at: None };
        }
    }

    /// Whether it is the courier who is followed, at a later moment than was told.
    pub(in crate::api) fn is_news(&self, courier: CourierId, at: Timestamp) -> bool {
        self.courier == Some(courier) && self.at.is_none_or(|told| told < at)
    }

    /// This was told.
    pub(in crate::api) const fn told(&mut self, at: Timestamp) {
        self.at = Some(at);
    }
}

#[cfg(test)]
mod tests {
    use super::LastPlace;
    use domain::id::CourierId;
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    #[test]
    fn only_later_places_of_the_courier_who_has_the_order_are_news() {
        let (kiran, lata) = (CourierId(Uuid::from_u128(1)), CourierId(Uuid::from_u128(2)));
        let (first, then) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1));
        let mut place = LastPlace::default();
        assert!(!place.is_news(kiran, then), "nobody has it");
        place.follow(Some(kiran));
        assert!(place.is_news(kiran, then));
        place.told(then);
        place.follow(Some(kiran));
        assert!(!place.is_news(kiran, first));
        assert!(!place.is_news(kiran, then), "it was told");
        place.follow(Some(lata));
        assert!(!place.is_news(kiran, then + SignedDuration::from_secs(1)), "Kiran has it no longer");
        assert!(place.is_news(lata, first), "hers is news, however old");
    }
}
