//! Importing restaurants: what arrives, what is refused, and that it can be done again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use app::{
    App, Ctx, Entropy, Error, ManualClock, Settings,
    customers::CustomerProfile,
    imports::{ImportError, ImportReport, ImportSpec},
    quotes::{WantedAddress, WantedOrder},
    restaurants::{Search, Sort, directory::Entry},
};
use catalogue::columns::Field;
use domain::{
    geo::{self, Point},
    id::UserId,
    menu::{GroupKind, VegMark},
    money::Paise,
    permission::{Actor, Role, User},
    quote::{Quote, WantedLine},
};
use testkit::TestDatabase;
use uuid::Uuid;

/// The shape with coordinates; every restaurant is invented.
const WITH_POINTS: &str = "\
RestaurantID,RestaurantName,CountryCode,City,Address,Locality,LocalityVerbose,Longitude,Latitude,Cuisines,Currency,Votes,\
Average_Cost_for_two,Rating
901,Lantern & Loom,1,Gurgaon,\"14, Kite Lane, Sector 31, Gurgaon\",Sector 31,\"Sector 31, Gurgaon\",77.05,28.45,\
\"North Indian, Chinese\",Indian Rupees(Rs.),210,\"1,200\",4.1
902,Lantern & Loom,1,Gurgaon,\"2, Drum Road, Sector 14, Gurgaon\",Sector 14,\"Sector 14, Gurgaon\",77.04,28.47,\
\"North Indian, Chinese\",Indian Rupees(Rs.),90,1200,3.9
903,Sita Pure Veg Rasoi,1,Noida,\"Shop 9, Sector 18, Noida\",Sector 18,\"Sector 18, Noida\",77.32,28.57,South Indian,\
Indian Rupees(Rs.),0,300,1.0
904,Paper Boat Caf\u{c3}\u{a9},1,Noida,\"Shop 12, Sector 18, Noida\",Sector 18,\"Sector 18, Noida\",0.0,0.0,Cafe,\
Indian Rupees(Rs.),12,500,3.5
903,Number Twice,1,Noida,\"Shop 3, Sector 62, Noida\",Sector 62,\"Sector 62, Noida\",77.36,28.62,Cafe,\
Indian Rupees(Rs.),1,500,3.5
905,,1,Noida,\"Shop 4, Sector 62, Noida\",Sector 62,\"Sector 62, Noida\",77.36,28.62,Cafe,Indian Rupees(Rs.),1,500,3.5
906,Bad Sum,1,Noida,\"Shop 5, Sector 62, Noida\",Sector 62,\"Sector 62, Noida\",77.36,28.62,Cafe,Indian Rupees(Rs.),1,much,3.5
907,Cut Short,1
";

/// The shape without coordinates or city.
const WITHOUT_POINTS: &str = "\
,Unnamed: 0,restaurant name,restaurant type,rate (out of 5),num of ratings,avg cost (two people),online_order,table booking,\
cuisines type,area,local address
0,0,Crumb & Candle,Bakery,4.2,310,400,Yes,No,\"Bakery, Desserts\",Jayanagar,Jayanagar
1,1,The Idli Engine,Quick Bites,NEW,0,,Yes,No,South Indian,Indiranagar,Domlur
2,2,Inkwell Diner,Casual Dining,3.1,6,700,No,No,Continental,Whitefield,Blotting Paper Lane
3,3,crumb & candle,Bakery,4.2,310,400,Yes,No,\"Bakery, Desserts\",BTM,Jayanagar
";

struct Stage {
    app: App,
    _database: TestDatabase,
}

impl Stage {
    async fn new() -> Self {
        let database = testkit::database().await;
        let clock = Arc::new(ManualClock::new("2026-11-20T07:18:00Z".parse().unwrap()));
        let app = App::open(database.db.clone(), Settings::default(), clock, Arc::new(Entropy::from_seed(7)));
        Self { app: app.await.unwrap(), _database: database }
    }

    fn system(&self) -> Ctx {
        self.app.ctx(Actor::System)
    }

    async fn try_import(&self, spec: &ImportSpec) -> Result<ImportReport, ImportError> {
        self.app.import_restaurants(&self.system(), spec, &|_| {}).await
    }

    async fn import(&self, spec: &ImportSpec) -> ImportReport {
        self.try_import(spec).await.unwrap()
    }

    /// All restaurants by name.
    fn restaurants(&self) -> Vec<Arc<Entry>> {
        let search = Search { sort: Sort::Name, limit: 1_000, ..Search::default() };
        let found = self.app.search_restaurants(&self.system(), &search).unwrap();
        found.items.into_iter().map(|found| found.entry).collect()
    }

    /// Asha, who orders one dish of a restaurant with the fewest options it allows, to a door 300 m north of it.
    async fn asha_orders_from(&self, restaurant: &Entry) -> Result<Quote, Error> {
        let profile = CustomerProfile {
            name: "Asha".to_owned(),
            phone: Some("9845000001".to_owned()),
            email: None,
            language: "en-IN".to_owned(),
        };
        let customer = self.app.add_customer(&self.system(), &profile).await.unwrap();
        let menu = self.app.menu(restaurant.id).await.unwrap();
        let dish = menu.items().find(|item| !item.option_groups.is_empty()).unwrap();
        let chosen = dish.option_groups.iter().flat_map(|group| {
            let fewest = usize::try_from(group.min).unwrap();
            group.options.iter().take(fewest).map(|option| option.id)
        });
        let line = WantedLine { item_id: dish.id, quantity: 2, option_ids: chosen.collect(), note: None };
        let door = Point { lat: restaurant.point.lat + 0.002_7, lng: restaurant.point.lng };
        let address = WantedAddress::New { point: door, line1: "7 Kite Lane".to_owned(), pin: "560001".to_owned() };
        let wanted = WantedOrder { restaurant_id: restaurant.id, lines: vec![line], address, tip: Paise::ZERO };
        let user = User {
            id: UserId(Uuid::from_u128(1)),
            role: Role::Customer,
            customer_id: Some(customer.id),
            courier_id: None,
            restaurant_ids: Vec::new(),
        };
        self.app.quote(&self.app.ctx(Actor::User(user)), &wanted).await
    }
}

fn spec(text: &str, source: &str) -> ImportSpec {
    ImportSpec {
        bytes: text.as_bytes().to_vec(),
        source: source.to_owned(),
        mapping: Vec::new(),
        city: None,
        state: None,
        dry_run: false,
    }
}

fn without_points() -> ImportSpec {
    ImportSpec { city: Some("Bangalore".to_owned()), ..spec(WITHOUT_POINTS, "south") }
}

fn rejections(report: &ImportReport) -> Vec<(usize, &str)> {
    report.rejected.iter().map(|row| (row.line, row.reasons[0].as_str())).collect()
}

#[tokio::test]
async fn a_file_with_coordinates_brings_cities_zones_vendors_and_menus() {
    let stage = Stage::new().await;
    let report = stage.import(&spec(WITH_POINTS, "north")).await;
    assert_eq!((report.read, report.new, report.same), (8, 4, 0));
    assert_eq!(
        rejections(&report),
        [
            (6, "number 903 is on line 4 already"),
            (7, "no name"),
            (8, "cost for two “much” is not a number"),
            (9, "3 fields where the header has 14"),
        ]
    );
    assert_eq!(report.rejected[3].fields, ["907", "Cut Short", "1"]);
    let cities: Vec<_> =
        report.cities_created.iter().map(|city| (city.name.as_str(), city.state_code.as_str())).collect();
    assert_eq!(cities, [("Gurugram", "06"), ("Noida", "09")]);
    assert_eq!((report.placed_by_neighbourhood, report.placed_by_city), (1, 0));

    let all = stage.restaurants();
    let names: Vec<&str> = all.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["Lantern & Loom", "Lantern & Loom", "Paper Boat Café", "Sita Pure Veg Rasoi"]);
    assert_eq!(all[0].vendor_id, all[1].vendor_id, "one vendor for each name in a city");
    assert_eq!((all[3].veg_mark, all[3].rating_tenths, all[3].rating_count), (VegMark::Veg, None, 0));
    assert_eq!(all[0].price_for_two, Some(Paise(120_000)));
    assert!(all[2].point.distance_m(all[3].point) < 460.0, "beside the other one of Sector 18");
    let places = stage.app.places();
    for entry in &all {
        let zone = places.zone(entry.zone_id).unwrap();
        assert!(zone.city_id == entry.city_id && geo::contains(&zone.polygon, entry.point), "{}", entry.name);
    }
    let menu = stage.app.menu(all[3].id).await.unwrap();
    assert!(menu.items().count() >= 6 && menu.items().all(|item| item.veg_mark == VegMark::Veg));
}

#[tokio::test]
async fn every_imported_restaurant_can_be_ordered_from() {
    let stage = Stage::new().await;
    stage.import(&without_points()).await;
    let crumb = stage.restaurants().into_iter().find(|entry| entry.name == "Crumb & Candle").unwrap();
    let quote = stage.asha_orders_from(&crumb).await.unwrap();
    assert!(quote.total() > Paise::ZERO);
    let menu = stage.app.menu(crumb.id).await.unwrap();
    let groups = || menu.items().flat_map(|item| &item.option_groups);
    assert!(groups().all(|group| group.kind != GroupKind::Variant || (group.min, group.max) == (1, 1)));
}

#[tokio::test]
async fn a_file_without_coordinates_is_placed_by_neighbourhood() {
    let stage = Stage::new().await;
    let report = stage.import(&without_points()).await;
    assert_eq!((report.new, report.placed_by_neighbourhood, report.placed_by_city), (3, 3, 0));
    assert_eq!(rejections(&report), [(5, "the same name and address as line 2")]);
    let all = stage.restaurants();
    let localities: Vec<&str> = all.iter().map(|entry| entry.locality.as_str()).collect();
    assert_eq!(localities, ["Jayanagar", "Blotting Paper Lane", "Domlur"]);
    assert!(all[1].point.distance_m(Point { lat: 12.97, lng: 77.75 }) < 500.0, "its wider area is known");
    assert_eq!((all[2].rating_tenths, all[2].price_for_two), (None, None));
}

#[tokio::test]
async fn again_everything_is_here_and_nothing_changes() {
    let stage = Stage::new().await;
    stage.import(&spec(WITH_POINTS, "north")).await;
    let before = format!("{:?} {:?}", stage.restaurants(), stage.app.places());
    let again = stage.import(&spec(WITH_POINTS, "north")).await;
    assert_eq!((again.new, again.same, again.differing, again.rejected.len()), (0, 4, 0, 4));
    assert!(again.cities_created.is_empty() && again.zones_added == 0);
    assert_eq!(format!("{:?} {:?}", stage.restaurants(), stage.app.places()), before);

    let renamed = stage.import(&spec(WITH_POINTS, "the-same-file-under-another-name")).await;
    assert_eq!((renamed.new, renamed.same), (0, 4));
    let dearer = spec(&WITH_POINTS.replace("Rs.),90,1200", "Rs.),90,1500"), "north");
    let dearer = stage.import(&dearer).await;
    assert_eq!((dearer.same, dearer.differing), (4, 1));
    assert_eq!(stage.restaurants()[1].price_for_two, Some(Paise(120_000)), "what people here entered stays");
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_changes_nothing() {
    let stage = Stage::new().await;
    let dry = stage.import(&ImportSpec { dry_run: true, ..spec(WITH_POINTS, "north") }).await;
    assert!(stage.restaurants().is_empty() && stage.app.places().cities.is_empty());
    let real = stage.import(&spec(WITH_POINTS, "north")).await;
    assert_eq!((dry.new, dry.rejected, dry.cities_created), (real.new, real.rejected, real.cities_created));
}

#[tokio::test]
async fn an_interrupted_import_is_completed_by_the_next() {
    let stage = Stage::new().await;
    let half: Vec<&str> = WITHOUT_POINTS.lines().take(3).collect();
    let half = ImportSpec { bytes: half.join("\n").into_bytes(), ..without_points() };
    assert_eq!(stage.import(&half).await.new, 2);
    let rest = stage.import(&without_points()).await;
    assert_eq!((rest.new, rest.same), (1, 2));
    assert_eq!(stage.restaurants().len(), 3);
    assert_eq!(stage.app.places().cities.len(), 1);
    let zones = stage.app.places().zones.len();
    assert!(zones >= 2 && rest.zones_added >= 1, "Whitefield lies outside the first zones");
}

#[tokio::test]
async fn bytes_marks_and_column_orders_do_not_matter() {
    let stage = Stage::new().await;
    let mut bytes = "\u{feff}Locality;Longitude;Latitude;City;Price for 2;Outlet\r\n".as_bytes().to_vec();
    bytes.extend(b"Baner;73,78;18,56;Poona;\"Rs. 1,200/-\";Caf\xe9 Quill\r\n");
    let file = ImportSpec { bytes, ..spec("", "west") };
    let report = stage.import(&file).await;
    assert_eq!((report.new, rejections(&report)), (1, vec![]));
    let all = stage.restaurants();
    assert_eq!((all[0].name.as_str(), all[0].address.as_str()), ("Café Quill", "Baner, Pune"));
    assert_eq!(all[0].price_for_two, Some(Paise(120_000)));
}

#[tokio::test]
async fn columns_can_be_named_and_missing_ones_are_told() {
    let stage = Stage::new().await;
    let text = "Signboard,Quarter\nThe Idli Engine,Domlur\n";
    let error = stage.try_import(&spec(text, "x")).await.unwrap_err();
    assert!(matches!(error, ImportError::Columns(_)));
    assert!(error.to_string().contains("“Signboard”, “Quarter”"), "{error}");
    let mapping = vec![(Field::Name, "Signboard".to_owned()), (Field::Locality, "quarter".to_owned())];
    let named = ImportSpec { mapping, city: Some("Bengaluru".to_owned()), ..spec(text, "x") };
    assert_eq!(stage.import(&named).await.new, 1);
    assert!(matches!(stage.try_import(&spec("", "x")).await, Err(ImportError::Unreadable(_))));
}

#[tokio::test]
async fn progress_is_told_to_the_end_and_strangers_import_nothing() {
    let stage = Stage::new().await;
    let (calls, written) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let note = |progress: app::imports::Progress| {
        calls.fetch_add(1, Ordering::SeqCst);
        assert!(progress.done <= progress.total);
        if progress.phase == app::imports::Phase::Writing {
            written.store(progress.done, Ordering::SeqCst);
        }
    };
    stage.app.import_restaurants(&stage.system(), &without_points(), &note).await.unwrap();
    assert_eq!(written.load(Ordering::SeqCst), 3);
    assert!(calls.load(Ordering::SeqCst) >= 4);
    let stranger = stage.app.ctx(Actor::Anonymous);
    match stage.app.import_restaurants(&stranger, &without_points(), &note).await {
        Err(ImportError::App(Error::Unauthenticated(_))) => {}
        other => panic!("{other:?}"),
    }
}
