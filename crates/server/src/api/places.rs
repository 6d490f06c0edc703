//! Points and addresses as several endpoints send and receive them.

use domain::{geo::Point, quote::Destination};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, Type, schema::ArrayItems},
};
use uuid::Uuid;

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
