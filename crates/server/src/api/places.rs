//! Points and addresses as several endpoints send and receive them.

use std::fmt;

use domain::{geo::Point, quote::Destination};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, Type, schema::ArrayItems},
};
use uuid::Uuid;

/// A door as public answers are made for it: to a thousandth of a degree, about a hundred metres. Neighbours share an
/// answer, and no key says who lives where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Door(Point);

impl Door {
    /// Where a point is, as far as it counts. `None` for what is not on the globe.
    pub fn at(lat: f64, lng: f64) -> Option<Self> {
        // What rounds to nought from below would read as another key.
        let coarse = |degrees: f64| (degrees * 1_000.0).round() / 1_000.0 + 0.0;
        Point::new(lat, lng).map(|point| Self(Point { lat: coarse(point.lat), lng: coarse(point.lng) }))
    }

    /// The point that answers are made for.
    pub const fn point(self) -> Point {
        self.0
    }
}

impl fmt::Display for Door {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.3},{:.3}", self.0.lat, self.0.lng)
    }
}

/// An address written out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAddressRequest {
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lng: f64,
    /// House and street.
    pub line1: String,
    /// Postal code, six digits.
    pub pin: String,
}

/// An address.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressResponse {
    /// Its id, if it is a saved one.
    pub id: Option<Uuid>,
    /// A name such as Home.
    pub label: String,
    /// House and street.
    pub line1: String,
    /// Floor, flat.
    pub line2: Option<String>,
    /// Something to look for.
    pub landmark: Option<String>,
    /// A word to the courier.
    pub instruction: Option<String>,
    /// Postal code.
    pub pin: String,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lng: f64,
    /// Neighbourhood, where it is known.
    pub locality: Option<String>,
}

impl AddressResponse {
    /// Where an order goes.
    pub fn of(destination: &Destination) -> Self {
        Self {
            id: destination.address_id.map(Uuid::from),
            label: destination.label.clone(),
            line1: destination.line1.clone(),
            line2: destination.line2.clone(),
            landmark: destination.landmark.clone(),
            instruction: destination.instruction.clone(),
            pin: destination.pin.clone(),
            lat: destination.point.lat,
            lng: destination.point.lng,
            locality: Some(destination.locality.clone()),
        }
    }
}

/// A point on the map as one is sent in a line: `[lat, lng]` in degrees.
#[derive(Debug)]
pub enum Coordinates {}

impl PartialSchema for Coordinates {
    fn schema() -> RefOr<Schema> {
        let degrees = || Schema::from(ObjectBuilder::new().schema_type(Type::Number).build());
        let pair = ArrayBuilder::new().prefix_items([degrees(), degrees()]).items(ArrayItems::False);
        pair.description(Some("Latitude and longitude in degrees.")).into()
    }
}

impl ToSchema for Coordinates {}

/// A line on the map, `[lat, lng]` pairs.
pub fn line(points: &[Point]) -> Vec<[f64; 2]> {
    points.iter().map(|point| [point.lat, point.lng]).collect()
}

#[cfg(test)]
mod tests {
    use super::Door;

    #[test]
    fn a_door_is_known_to_a_hundred_metres() {
        let named = |lat, lng| Door::at(lat, lng).map(|door| door.to_string());
        assert_eq!(named(12.971_6, 77.594_6), Some("12.972,77.595".to_owned()));
        assert_eq!(named(12.971_6, 77.594_6), named(12.972_4, 77.595_4));
        assert_eq!(named(-0.000_2, 0.000_2), Some("0.000,0.000".to_owned()));
        assert_eq!(named(-33.856_8, 151.215_3), Some("-33.857,151.215".to_owned()));
        assert_eq!((named(90.000_4, 0.0), named(f64::NAN, 0.0)), (None, None));
    }
}
