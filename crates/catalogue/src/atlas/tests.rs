//! Rows of invented files, and where they end up.

use domain::geo::Point;
use india::StateCode;
use proptest::prelude::*;

use super::{Atlas, Placed, Placing, Refused, state_called};
use crate::{
    columns::Columns,
    records::Sheet,
    rows::RestaurantDraft,
    zones::{Site, divide},
};

fn drafts(text: &str) -> Vec<RestaurantDraft> {
    let sheet = Sheet::read(text.as_bytes()).unwrap();
    let columns = Columns::detect(&sheet.header, &[]).unwrap();
    sheet.records.iter().map(|record| RestaurantDraft::read(record, &columns).unwrap()).collect()
}

fn place(text: &str, city: Option<&str>) -> (Atlas, Vec<Placed>, Vec<Refused>) {
    let mut atlas = Atlas::default();
    let (placed, refused) = atlas.place_all(drafts(text), city, None);
    (atlas, placed, refused)
}

fn metres(placed: &Placed, lat: f64, lng: f64) -> f64 {
    placed.point.distance_m(Point { lat, lng })
}

#[test]
fn old_and_new_names_are_one_town() {
    let (atlas, placed, _) = place(
        "name,city,locality,lat,lng\nA,Bangalore,Ulsoor,12.98,77.62\nB,Bengaluru,Ulsoor,12.98,77.62\nC,BANGALORE,Ulsoor,,\n",
        None,
    );
    assert_eq!(atlas.towns().len(), 1);
    assert_eq!((atlas.towns()[0].name.as_str(), atlas.towns()[0].state.as_str()), ("Bengaluru", "29"));
    assert!(placed.iter().all(|row| row.town == 0));
}

#[test]
fn a_row_without_coordinates_goes_where_its_neighbours_are() {
    let text = "id,name,city,locality,lat,lng\n1,A,Pune,Salmon Gali,18.60,73.90\n2,B,Pune,salmon gali,0.0,0.0\n";
    let (_, placed, _) = place(text, None);
    assert_eq!(placed[0].placing, Placing::Given);
    assert_eq!(placed[1].placing, Placing::Neighbourhood);
    assert!((60.0..460.0).contains(&metres(&placed[1], 18.60, 73.90)));
    assert_eq!(place(text, None).1[1].point, placed[1].point, "the same place again");
}

#[test]
fn a_neighbourhood_that_everybody_knows_needs_no_neighbours() {
    let (_, placed, _) =
        place("name,area,local address\nA,South,Jayanagar 4th Block\nB,Whitefield,Inner Circle\n", Some("Bangalore"));
    assert!(metres(&placed[0], 12.93, 77.58) < 500.0);
    assert!(metres(&placed[1], 12.97, 77.75) < 500.0);
    assert_eq!(placed[0].draft.address, "Jayanagar 4th Block, Bengaluru");
}

#[test]
fn an_unknown_neighbourhood_of_a_known_town_stays_together() {
    let (_, placed, _) = place("name,locality\nA,Inkpot Lines\nB,Inkpot Lines\nC,Blotter Road\n", Some("Indore"));
    assert!(placed.iter().all(|row| row.placing == Placing::Town));
    assert!(placed[0].point.distance_m(placed[1].point) < 1_000.0);
    assert_ne!(placed[0].point, placed[1].point);
    assert!(placed.iter().all(|row| metres(row, 22.72, 75.86) < 7_000.0));
}

#[test]
fn points_far_from_their_town_are_not_believed() {
    let text = "name,city,locality,lat,lng\nA,New Delhi,Saket,35.0,77.0\nB,Noida,Sector 18,28.57,77.32\nC,Noida,Sector 18,28.57,0.0\n";
    let (_, placed, _) = place(text, None);
    let placings: Vec<Placing> = placed.iter().map(|row| row.placing).collect();
    assert_eq!(placings, [Placing::Neighbourhood, Placing::Given, Placing::Neighbourhood]);
    assert!(metres(&placed[0], 28.52, 77.21) < 500.0);
}

#[test]
fn an_unknown_town_lies_where_its_restaurants_are() {
    let text = "name,city,locality,lat,lng\nA,Nowhereganj,Bazaar,26.80,80.90\nB,Nowhereganj,Fort,0,0\n";
    let (atlas, placed, refused) = place(text, None);
    assert_eq!((atlas.towns()[0].name.as_str(), atlas.towns()[0].state.as_str()), ("Nowhereganj", "09"));
    assert_eq!((placed.len(), refused.len()), (2, 0));
}

#[test]
fn what_nothing_is_known_of_is_refused() {
    let (_, placed, refused) =
        place("name,city,locality,lat,lng\nA,Nowhereganj,Bazaar,,\nB,Otherville,Quay,51.5,0.1\nC,,Bazaar,,\n", None);
    assert!(placed.is_empty());
    let reasons: Vec<&str> = refused.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "no city, and none was given with --city",
            "no coordinates, and nothing is known of “Nowhereganj”",
            "its coordinates (51.5, 0.1) are outside India, and “Otherville” is not a known city",
        ]
    );
}

#[test]
fn the_city_may_stand_at_the_end_of_the_address() {
    let (atlas, placed, _) = place("name,address\nA,\"4, Ferry Lane, Baner, Pune, Maharashtra\"\n", Some("Surat"));
    assert_eq!(atlas.towns()[placed[0].town].name, "Pune");
    assert!(metres(&placed[0], 18.56, 73.78) < 500.0);
}

#[test]
fn coordinates_tell_the_city_where_nothing_else_does() {
    let (atlas, placed, refused) =
        place("name,city,locality,lat,lng\nA,,Ferry Lane,18.50,73.90\nB,,Sea,15.0,70.0\n", None);
    assert_eq!(atlas.towns()[placed[0].town].name, "Pune");
    assert_eq!(refused.len(), 1);
}

#[test]
fn towns_that_are_here_already_are_used() {
    let mut atlas = Atlas::default();
    let centre = Point { lat: 12.90, lng: 77.50 };
    atlas.add_town("Bengaluru", "29", centre);
    atlas.add_place(0, "Lantern Row", centre);
    let (placed, _) = atlas.place_all(drafts("name,city,locality\nA,Bangalore,lantern row\n"), None, None);
    assert_eq!((placed[0].town, placed[0].placing), (0, Placing::Neighbourhood));
    assert!(placed[0].point.distance_m(centre) < 460.0);
}

#[test]
fn states_have_many_spellings() {
    for text in ["Karnataka", "KA", "29", "karnataka"] {
        assert_eq!(state_called(text).map(StateCode::number), Some(29), "{text}");
    }
    assert_eq!(state_called("Orissa").map(StateCode::number), Some(21));
    assert_eq!(state_called("Ruritania"), None);
}

proptest! {
    #[test]
    fn any_bytes_are_read_placed_and_divided(
        bytes in proptest::collection::vec(
            prop_oneof![6 => Just(b','), 1 => Just(b'"'), 2 => Just(b'\n'), 4 => b'0'..=b'9', 2 => any::<u8>()], 0..400),
        city in proptest::option::of("\\PC{0,12}")
    ) {
        let mut file = b"name,city,locality,lat,lng,cost,rating,votes\n".to_vec();
        file.extend(&bytes);
        let sheet = Sheet::read(&file).unwrap();
        let columns = Columns::detect(&sheet.header, &[]).unwrap();
        let read = sheet.records.iter().map(|record| RestaurantDraft::read(record, &columns));
        let drafts: Vec<RestaurantDraft> = read.filter_map(Result::ok).collect();
        let (rows, mut atlas) = (drafts.len(), Atlas::default());
        let (placed, refused) = atlas.place_all(drafts, city.as_deref(), None);
        prop_assert_eq!(placed.len() + refused.len(), rows);
        let sites: Vec<Site<'_>> =
            placed.iter().map(|row| Site { point: row.point, locality: &row.draft.locality }).collect();
        prop_assert_eq!(divide(&[sites]).len(), 1);
        prop_assert!(placed.iter().all(|row| !row.draft.locality.is_empty() && !row.draft.address.is_empty()));
    }
}
