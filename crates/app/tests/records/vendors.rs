//! Vendors and their numbers.

use app::vendors::VendorProfile;
use domain::rule::Rule;

use crate::town::{Town, annapurna, broken, is_forbidden};

#[tokio::test]
async fn an_admin_keeps_vendors() {
    let town = Town::new().await;
    let admin = town.admin();
    let vendor = town.app.restaurant(town.kitchen).unwrap().vendor_id;
    let row = town.app.vendor(&admin, vendor).await.unwrap();
    assert_eq!(row.pan.as_deref(), Some("AAZPZ0001A"));
    town.tick();
    let unregistered = VendorProfile { gstin: None, pan: None, ..annapurna() };
    let second = town.app.add_vendor(&town.admin(), &unregistered).await.unwrap();
    let (page, next) = town.app.list_vendors(&admin, None, 1).await.unwrap();
    assert_eq!((page[0].id, next), (vendor, Some(vendor)));
    let (page, next) = town.app.list_vendors(&admin, next, 1).await.unwrap();
    assert_eq!((page[0].id, next), (second.id, None));
    assert!(is_forbidden(&town.app.vendor(&town.dispatcher(), vendor).await));
}

#[tokio::test]
async fn a_new_number_shows_at_every_outlet() {
    let town = Town::new().await;
    let admin = town.admin();
    let vendor = town.app.restaurant(town.kitchen).unwrap().vendor_id;
    let moved = VendorProfile { gstin: Some("29AAZPZ0001A2ZN".to_owned()), ..annapurna() };
    let row = town.app.update_vendor(&admin, vendor, 1, &moved).await.unwrap();
    assert_eq!(row.version, 2);
    assert_eq!(town.app.restaurant(town.kitchen).unwrap().gstin.as_deref(), Some("29AAZPZ0001A2ZN"));
    assert_eq!(broken(town.app.update_vendor(&admin, vendor, 1, &moved).await).0, Rule::VersionConflict);
}

#[tokio::test]
async fn a_pan_that_is_not_in_the_gst_number_is_refused() {
    let town = Town::new().await;
    let foreign = VendorProfile { pan: Some("AAACZ9999Z".to_owned()), ..annapurna() };
    let refused = town.app.add_vendor(&town.admin(), &foreign).await;
    assert_eq!(broken(refused), (Rule::WrongFormat, "/pan".to_owned()));
}
