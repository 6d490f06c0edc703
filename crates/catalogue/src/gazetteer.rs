//! What is generally known about Indian cities: their names old and new, their State, where they lie, and roughly where
//! the neighbourhoods of the largest lie.
//!
//! Positions are rounded to a hundredth of a degree, about a kilometre: enough to put a restaurant whose file says no
//! more than its neighbourhood on the right side of town, not to find its door.

mod cities;
mod neighbourhoods;

use domain::geo::Point;

use crate::text::fold;

/// A city that everybody knows.
#[derive(Debug, PartialEq)]
pub struct City {
    /// Its name today.
    pub name: &'static str,
    /// Folded: other spellings, former names.
    aliases: &'static [&'static str],
    /// Two digits of the GST table.
    pub state: &'static str,
    lat: f64,
    lng: f64,
}

impl City {
    /// Its centre.
    pub const fn centre(&self) -> Point {
        Point { lat: self.lat, lng: self.lng }
    }

    /// Whether a folded name means this city.
    pub fn is_called(&self, folded: &str) -> bool {
        // Names are plain words, so that folding one only lowers its letters.
        self.name.eq_ignore_ascii_case(folded) || self.aliases.contains(&folded)
    }

    /// Where one of its neighbourhoods lies, if that is known.
    pub fn neighbourhood(&self, folded: &str) -> Option<Point> {
        let (_, places) = neighbourhoods::ALL.iter().find(|(city, _)| *city == self.name)?;
        let (_, lat, lng) = places.iter().find(|(names, ..)| names.split('|').any(|name| name == folded))?;
        Some(Point { lat: *lat, lng: *lng })
    }
}

/// The city that a name means.
pub fn city(name: &str) -> Option<&'static City> {
    let folded = fold(name);
    let short = folded.strip_suffix(" city").unwrap_or(&folded);
    cities::ALL.iter().find(|city| city.is_called(&folded) || city.is_called(short))
}

/// The known city that lies nearest to a point.
pub fn nearest(point: Point) -> &'static City {
    let distance = |city: &City| city.centre().distance_m(point);
    cities::ALL.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(&cities::ALL[0])
}

/// Whether a point can be in India at all: a box around it. Neighbours inside the box are told apart by their city.
pub fn in_india(point: Point) -> bool {
    (6.5..=37.6).contains(&point.lat) && (68.0..=97.6).contains(&point.lng)
}

#[cfg(test)]
mod tests {
    use super::{cities, city, in_india, nearest, neighbourhoods};
    use crate::text::fold;
    use domain::geo::Point;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_folded_and_in_india() {
        let mut names = BTreeSet::new();
        for city in cities::ALL {
            assert_eq!(fold(city.name), city.name.to_ascii_lowercase());
            assert!(names.insert(fold(city.name)), "{}", city.name);
            for alias in city.aliases {
                assert_eq!(fold(alias), *alias);
                assert!(names.insert((*alias).to_owned()), "{alias} twice");
            }
            assert!(in_india(city.centre()), "{}", city.name);
            assert_eq!(nearest(city.centre()).name, city.name);
            assert!(india::StateCode::parse(city.state).is_ok(), "{}", city.name);
        }
    }

    #[test]
    fn neighbourhoods_belong_to_known_cities_and_lie_near_them() {
        for (name, places) in neighbourhoods::ALL {
            let city = city(name).unwrap();
            assert_eq!(city.name, *name);
            let mut names = BTreeSet::new();
            for (spellings, lat, lng) in *places {
                for spelling in spellings.split('|') {
                    assert_eq!(fold(spelling), spelling);
                    assert!(names.insert(spelling), "{name}: {spelling} twice");
                }
                let metres = city.centre().distance_m(Point { lat: *lat, lng: *lng });
                assert!(metres < 40_000.0, "{name}: {spellings} is {metres} m away");
            }
        }
    }

    #[test]
    fn old_names_lead_to_new_ones() {
        for (old, new) in [
            ("Bangalore", "Bengaluru"),
            ("GURGAON", "Gurugram"),
            ("Vizag", "Visakhapatnam"),
            ("Bhubaneshwar", "Bhubaneswar"),
            ("Mumbai City", "Mumbai"),
            ("Delhi NCR", "New Delhi"),
        ] {
            assert_eq!(city(old).map(|city| city.name), Some(new), "{old}");
        }
        assert_eq!(city("Colombo"), None);
        assert_eq!(city(""), None);
    }
}
