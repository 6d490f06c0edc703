//! A city's map as it is sent. The text in the store is passed on as it is; these types describe it, and a test holds
//! the demo town's map against them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::{places::Coordinates, words};

/// A map to be drawn, or that a city has none.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum MapResponse {
    /// Roads, parks, water, blocks and places.
    Drawn(DrawnMapResponse),
    /// None.
    None(NoMapResponse),
}

/// A map to be drawn, from the bottom to the top: blocks, parks, water, roads, places.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawnMapResponse {
    /// Where the map comes from.
    #[schema(value_type = words::MapSource)]
    source: String,
    /// What the map must say about itself.
    label: String,
    bounds: BoundsResponse,
    /// Small ones first, so that main roads are drawn on top.
    roads: Vec<RoadResponse>,
    parks: Vec<AreaResponse>,
    water: Vec<AreaResponse>,
    #[schema(value_type = Vec<Vec<Coordinates>>)]
    blocks: Vec<Vec<[f64; 2]>>,
    places: Vec<PlaceResponse>,
}

/// What is sent where a city has no map.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoMapResponse {
    #[schema(value_type = words::NoMapSource)]
    source: String,
    label: String,
}

/// A rectangle in degrees.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundsResponse {
    south: f64,
    west: f64,
    north: f64,
    east: f64,
}

/// A road.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoadResponse {
    #[schema(value_type = words::RoadKind)]
    kind: String,
    name: Option<String>,
    #[schema(value_type = Vec<Coordinates>)]
    points: Vec<[f64; 2]>,
}

/// A park or a lake.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaResponse {
    name: String,
    #[schema(value_type = Vec<Coordinates>)]
    polygon: Vec<[f64; 2]>,
}

/// A label.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceResponse {
    name: String,
    lat: f64,
    lng: f64,
}

impl NoMapResponse {
    /// The text that is sent.
    pub(super) fn text() -> String {
        r#"{"source":"none","label":""}"#.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use domain::geo::Point;
    use sim::town::Town;

    use super::{MapResponse, NoMapResponse};

    #[test]
    fn the_maps_that_are_sent_are_those_described() {
        let town = Town::generate("Bengaluru", Point { lat: 12.9716, lng: 77.5946 }, 1);
        let sent = serde_json::to_value(town.map()).unwrap();
        let described: MapResponse = serde_json::from_value(sent.clone()).unwrap();
        assert!(matches!(described, MapResponse::Drawn(_)));
        assert_eq!(serde_json::to_value(described).unwrap(), sent);
        assert!(matches!(serde_json::from_str(&NoMapResponse::text()).unwrap(), MapResponse::None(_)));
    }
}
