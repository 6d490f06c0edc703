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
    restaurants::directory::Entry,
};
use catalogue::columns::Field;
use domain::{
    geo::{self, Point},
    id::UserId,
    menu::{GroupKind, VegMark},
    money::Paise,
    permission::{Actor, Role, User},
    quote::WantedLine,
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
        let places = self.app.places();
        let mut all: Vec<Arc<Entry>> = Vec::new();
        for city in &places.cities {
            let search = app::restaurants::Search { city: city.id, ..everything(city.centre) };
            let found = self.app.search_restaurants(&self.system(), &search).unwrap();
            all.extend(found.items.into_iter().map(|found| found.entry));
        }
        all.sort_by(|a, b| (&a.name, &a.address).cmp(&(&b.name, &b.address)));
        all
    }
}
