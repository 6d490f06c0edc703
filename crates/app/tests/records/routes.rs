//! Routes: planned by staff, seen by the courier once published.

use app::routes::{RouteFilter, RoutePlan, RouteStatus, Stop};
use domain::{
    id::{CityId, CourierId},
    rule::Rule,
};
use uuid::Uuid;

use crate::town::{KITCHEN, Town, broken, is_forbidden, is_missing};

fn stop(name: &str) -> Stop {
    Stop {
        lat: 12.98,
        lng: 77.61,
        name: name.to_owned(),
        window_from: Some("2026-11-21T04:30:00Z".parse().unwrap()),
        window_to: Some("2026-11-21T06:30:00Z".parse().unwrap()),
        note: Some("Ring twice".to_owned()),
    }
}

fn draft() -> RoutePlan {
    RoutePlan {
        courier_id: None,
        name: "Morning cylinders".to_owned(),
        day: "2026-11-21".parse().unwrap(),
        status: RouteStatus::Draft,
        depot_lat: KITCHEN.lat,
        depot_lng: KITCHEN.lng,
        stops: vec![stop("Asha"), stop("Ravi")],
    }
}

#[tokio::test]
async fn a_courier_sees_the_own_route_once_it_is_published() {
    let town = Town::new().await;
    let staff = town.dispatcher();
    let kiran = town.courier("Kiran", "91234 56789").await;
    let other = town.courier("Mohan", "91234 00000").await;
    let plan = RoutePlan { courier_id: Some(kiran), ..draft() };
    let route = town.app.add_route(&staff, town.city, &plan).await.unwrap();
    assert_eq!(route.plan, plan);
    let all = RouteFilter { limit: 20, ..RouteFilter::default() };
    assert!(is_missing(&town.app.route(&town.rider(kiran), route.id).await));
    assert!(town.app.list_routes(&town.rider(kiran), &all).await.unwrap().0.is_empty());
    let published = RoutePlan { status: RouteStatus::Published, ..plan };
    let route = town.app.update_route(&staff, route.id, 1, &published).await.unwrap();
    assert_eq!(route.version, 2);
    assert_eq!(town.app.route(&town.rider(kiran), route.id).await.unwrap(), route);
    assert_eq!(town.app.list_routes(&town.rider(kiran), &all).await.unwrap().0.len(), 1);
    assert!(is_missing(&town.app.route(&town.rider(other), route.id).await));
    assert!(town.app.list_routes(&town.rider(other), &all).await.unwrap().0.is_empty());
    assert!(is_forbidden(&town.app.update_route(&town.rider(kiran), route.id, 2, &published).await));
}

#[tokio::test]
async fn staff_find_routes_by_city_and_day() {
    let town = Town::new().await;
    let staff = town.dispatcher();
    let first = town.app.add_route(&staff, town.city, &draft()).await.unwrap();
    town.tick();
    let next_day = RoutePlan { day: "2026-11-22".parse().unwrap(), ..draft() };
    let second = town.app.add_route(&town.dispatcher(), town.city, &next_day).await.unwrap();
    let filter = RouteFilter { limit: 1, ..RouteFilter::default() };
    let (page, next) = town.app.list_routes(&staff, &filter).await.unwrap();
    assert_eq!((page[0].id, next), (first.id, Some(first.id)));
    let of_day = RouteFilter { city: Some(town.city), day: Some(next_day.day), ..filter };
    let (page, next) = town.app.list_routes(&staff, &of_day).await.unwrap();
    assert_eq!((page[0].id, next), (second.id, None));
    let elsewhere = RouteFilter { city: Some(CityId(Uuid::from_u128(1))), ..filter };
    assert!(town.app.list_routes(&staff, &elsewhere).await.unwrap().0.is_empty());
    town.app.delete_route(&staff, first.id).await.unwrap();
    assert!(is_missing(&town.app.route(&staff, first.id).await));
}

#[tokio::test]
async fn a_wrong_route_is_refused_by_field() {
    let town = Town::new().await;
    let staff = town.dispatcher();
    let (early, late) = (stop("Asha").window_from, stop("Asha").window_to);
    let with = |stop| RoutePlan { stops: vec![self::stop("Asha"), stop], ..draft() };
    for (wrong, expected) in [
        (RoutePlan { name: " ".to_owned(), ..draft() }, (Rule::WrongFormat, "/name")),
        (RoutePlan { depot_lng: 181.0, ..draft() }, (Rule::OutOfRange, "/depot/lng")),
        (RoutePlan { courier_id: Some(CourierId(Uuid::nil())), ..draft() }, (Rule::UnknownReference, "/courier_id")),
        (RoutePlan { status: RouteStatus::Published, ..draft() }, (Rule::WrongFormat, "/courier_id")),
        (RoutePlan { status: RouteStatus::Published, stops: vec![], ..draft() }, (Rule::OutOfRange, "/stops")),
        (with(Stop { lat: -91.0, ..stop("Ravi") }), (Rule::OutOfRange, "/stops/1/lat")),
        (with(Stop { name: String::new(), ..stop("Ravi") }), (Rule::WrongFormat, "/stops/1/name")),
        (with(Stop { window_from: late, window_to: early, ..stop("Ravi") }), (Rule::OutOfRange, "/stops/1/window_to")),
    ] {
        let (rule, pointer) = broken(town.app.add_route(&staff, town.city, &wrong).await);
        assert_eq!((rule, pointer.as_str()), expected);
    }
}

#[tokio::test]
async fn what_was_driven_stays_driven() {
    let town = Town::new().await;
    let staff = town.dispatcher();
    let kiran = town.courier("Kiran", "91234 56789").await;
    let done = RoutePlan { courier_id: Some(kiran), status: RouteStatus::Done, ..draft() };
    let route = town.app.add_route(&staff, town.city, &done).await.unwrap();
    let back = RoutePlan { status: RouteStatus::Draft, ..done.clone() };
    let refused = town.app.update_route(&staff, route.id, 1, &back).await;
    assert_eq!(broken(refused), (Rule::IllegalTransition, "/status".to_owned()));
    assert_eq!(broken(town.app.update_route(&staff, route.id, 9, &done).await).0, Rule::VersionConflict);
}
