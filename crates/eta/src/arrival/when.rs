//! When it is and how busy: the coarse classes that durations are learned by.

use jiff::{civil::DateTime, civil::Weekday};

/// A part of the week: six parts of the day, apart for weekdays and weekends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(u8);

impl Slot {
    /// How many there are.
    pub const COUNT: usize = 12;
    /// In words, by number.
    const NAMES: [&'static str; 6] = ["night", "morning", "lunch", "afternoon", "dinner", "late"];

    /// The slot of a local time.
    pub fn at(local: DateTime) -> Self {
        let day = match local.hour() {
            0..=5 => 0,
            6..=10 => 1,
            11..=14 => 2,
            15..=17 => 3,
            18..=21 => 4,
            _ => 5,
        };
        let weekend = matches!(local.date().weekday(), Weekday::Saturday | Weekday::Sunday);
        Self(day + if weekend { 6 } else { 0 })
    }

    /// Its number, below [`Self::COUNT`].
    pub const fn number(self) -> usize {
        self.0 as usize
    }

    /// The slot of a number.
    pub fn numbered(number: i64) -> Option<Self> {
        u8::try_from(number).ok().filter(|number| usize::from(*number) < Self::COUNT).map(Self)
    }

    /// The part of the day in a word.
    pub const fn day_part(self) -> &'static str {
        Self::NAMES[self.number() % 6]
    }
}

/// How busy a kitchen or a city is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Load {
    /// Hardly.
    Calm,
    /// Usual.
    Busy,
    /// At the limit.
    Full,
}

impl Load {
    /// How many there are.
    pub const COUNT: usize = 3;

    /// Of a kitchen with so many orders that are not yet ready.
    pub const fn of_kitchen(cooking: i64) -> Self {
        match cooking {
            ..=2 => Self::Calm,
            3..=6 => Self::Busy,
            _ => Self::Full,
        }
    }

    /// Of a city in which orders wait for a courier while some couriers are free.
    pub const fn of_city(waiting: i64, free: i64) -> Self {
        if waiting > free {
            Self::Full
        } else if waiting * 3 > free {
            Self::Busy
        } else {
            Self::Calm
        }
    }

    /// Its number, below [`Self::COUNT`].
    pub const fn number(self) -> usize {
        self as usize
    }

    /// The load of a number.
    pub fn numbered(number: i64) -> Option<Self> {
        [Self::Calm, Self::Busy, Self::Full].into_iter().find(|load| i64::try_from(load.number()) == Ok(number))
    }
}

#[cfg(test)]
mod tests {
    use super::{Load, Slot};
    use jiff::civil::date;

    #[test]
    fn weekdays_and_weekends_are_apart() {
        let friday = Slot::at(date(2026, 11, 20).at(12, 30, 0, 0));
        let saturday = Slot::at(date(2026, 11, 21).at(12, 30, 0, 0));
        assert_eq!((friday.number(), saturday.number()), (2, 8));
        assert_eq!((friday.day_part(), saturday.day_part()), ("lunch", "lunch"));
    }

    #[test]
    fn a_city_without_free_couriers_is_full_once_somebody_waits() {
        assert_eq!(Load::of_city(0, 0), Load::Calm);
        assert_eq!(Load::of_city(1, 0), Load::Full);
        assert_eq!(Load::of_city(2, 5), Load::Busy);
        assert_eq!(Load::of_kitchen(7), Load::Full);
    }
}
