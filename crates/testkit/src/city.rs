//! A city for a test: three zones, two kitchens with menus, and the people of [`crate::people`], on a database of its own.
//!
//! It is Friday, 12:48 in Bengaluru, and the clock stands still until the test moves it. Annapurna Tiffin Room in
//! Halasuru (H) never closes; Biryani House in Koramangala (K) is open from eleven to eleven. Yelahanka (Y) is ours too,
//! but too far for either. Everything is made through the use cases.

mod menus;

use std::{collections::BTreeMap, sync::Arc};

use app::{
    App, Ctx, Entropy, ManualClock, Settings,
    places::NewCity,
    restaurants::{NewRestaurant, Profile},
    vendors::VendorProfile,
};
use domain::{
    availability::Hours,
    geo::Point,
    id::{CityId, MenuItemId, OptionId, RestaurantId, VendorId},
    menu::VegMark,
    money::Paise,
    permission::Actor,
    quote::WantedLine,
};
use jiff::SignedDuration;

use crate::{TestDatabase, database, people::Person};

/// Annapurna Tiffin Room.
pub const ANNAPURNA: Point = Point { lat: 12.970, lng: 77.600 };
/// Biryani House.
pub const BIRYANI: Point = Point { lat: 12.935, lng: 77.620 };
/// A door in no zone.
pub const OUTSIDE: Point = Point { lat: 12.800, lng: 77.600 };
/// A door in Yelahanka.
pub const FAR: Point = Point { lat: 13.100, lng: 77.600 };

/// A city of a test.
pub struct TestCity {
    /// The use cases.
    pub app: Arc<App>,
    /// The time, in the test's hand.
    pub clock: Arc<ManualClock>,
    /// The city.
    pub id: CityId,
    /// The first vendor.
    pub vendor: VendorId,
    settings: Settings,
    kitchens: BTreeMap<&'static str, RestaurantId>,
    pub(crate) people: BTreeMap<&'static str, Person>,
    database: TestDatabase,
}

/// A dish that somebody may order.
#[derive(Clone, Debug)]
pub struct Dish {
    /// The kitchen.
    pub restaurant: RestaurantId,
    /// The dish.
    pub item: MenuItemId,
    /// Its options by lower-case name.
    pub options: BTreeMap<String, OptionId>,
}

impl TestCity {
    /// The city. Access tokens outlive the longest story.
    pub async fn new() -> Self {
        let month = std::time::Duration::from_secs(30 * 86_400);
        Self::with(Settings { access_token_for: month, ..Settings::default() }).await
    }

    /// The city, tuned.
    pub async fn with(settings: Settings) -> Self {
        let database = database().await;
        let clock = Arc::new(ManualClock::new("2026-11-20T07:18:00Z".parse().unwrap()));
        let opened = App::open(
            database.db.clone(),
            settings.clone(),
            Arc::<ManualClock>::clone(&clock),
            Arc::new(Entropy::from_seed(7)),
        );
        let app = Arc::new(opened.await.unwrap());
        let ctx = app.ctx(Actor::System);
        let id = app.add_city(&ctx, bengaluru()).await.unwrap();
        let (vendor, annapurna) = kitchen(&app, id, "Annapurna Tiffin Room").await;
        let (_, biryani) = kitchen(&app, id, "Biryani House").await;
        let kitchens = BTreeMap::from([("annapurna", annapurna), ("biryani", biryani)]);
        let mut city = Self { app, clock, id, vendor, settings, kitchens, people: BTreeMap::new(), database };
        city.people = crate::people::settle(&city).await;
        city
    }

    /// The same application as another node has it: its own connections, memory and ids, the same database and clock.
    pub async fn another_node(&self) -> App {
        let db = self.database.open().await;
        let entropy = Arc::new(Entropy::from_seed(8));
        App::open(db, self.settings.clone(), Arc::<ManualClock>::clone(&self.clock), entropy).await.unwrap()
    }

    /// Whether the database is one that several nodes can share.
    pub fn shared(&self) -> bool {
        self.database.url.starts_with("postgres")
    }

    /// The context of the platform itself.
    pub fn system(&self) -> Ctx {
        self.app.ctx(Actor::System)
    }

    /// Time goes by.
    pub fn wait(&self, seconds: i64) {
        self.clock.set(self.system().now + SignedDuration::from_secs(seconds));
    }

    /// A millisecond goes by: ids order what was made in different ones.
    pub fn tick(&self) {
        self.clock.set(self.system().now + SignedDuration::from_millis(1));
    }

    /// `annapurna` or `biryani`.
    pub fn restaurant(&self, name: &str) -> RestaurantId {
        *self.kitchens.get(name).unwrap_or_else(|| panic!("there is no kitchen {name}"))
    }

    /// A dish by its name, as the menu stands in the database.
    pub async fn dish(&self, name: &str) -> Dish {
        for restaurant in self.kitchens.values() {
            let menu = self.app.load_menu(*restaurant).await.unwrap();
            if let Some(item) = menu.items().find(|item| item.name.to_lowercase() == name) {
                let options = item.option_groups.iter().flat_map(|group| &group.options);
                let options = options.map(|option| (option.name.to_lowercase(), option.id)).collect();
                return Dish { restaurant: *restaurant, item: item.id, options };
            }
        }
        panic!("nobody sells {name}");
    }
}

impl Dish {
    /// One of it with the named options.
    pub fn line(&self, options: &[&str]) -> WantedLine {
        let option_ids = options.iter().map(|name| self.option(name)).collect();
        WantedLine { item_id: self.item, quantity: 1, option_ids, note: None }
    }

    /// An option by its lower-case name.
    pub fn option(&self, name: &str) -> OptionId {
        *self.options.get(name).unwrap_or_else(|| panic!("there is no option {name}"))
    }
}

fn bengaluru() -> NewCity {
    let zone = |letter: &str, name: &str, south: f64, north: f64| {
        let corners = [(south, 77.55), (south, 77.68), (north, 77.68), (north, 77.55)];
        let corners = corners.into_iter().map(|(lat, lng)| Point { lat, lng }).collect();
        (letter.to_owned(), name.to_owned(), corners)
    };
    NewCity {
        slug: "bengaluru".to_owned(),
        name: "Bengaluru".to_owned(),
        state_code: "29".to_owned(),
        timezone: "Asia/Kolkata".to_owned(),
        centre: ANNAPURNA,
        zones: vec![
            zone("H", "Halasuru", 12.955, 13.000),
            zone("K", "Koramangala", 12.900, 12.955),
            zone("Y", "Yelahanka", 13.080, 13.130),
        ],
        map: None,
    }
}

async fn kitchen(app: &App, city: CityId, name: &str) -> (VendorId, RestaurantId) {
    let ctx = app.ctx(Actor::System);
    let gstin = (name == "Annapurna Tiffin Room").then(|| "29AAZPZ0001A1ZO".to_owned());
    let fssai = Some("11226999000123".to_owned());
    let profile = VendorProfile { name: format!("{name} LLP"), legal_name: None, gstin, pan: None, fssai };
    let vendor = app.add_vendor(&ctx, &profile).await.unwrap().id;
    let annapurna = name == "Annapurna Tiffin Room";
    let new = NewRestaurant {
        vendor_id: vendor,
        city_id: city,
        point: if annapurna { ANNAPURNA } else { BIRYANI },
        zone_id: None,
        source_key: None,
        veg_mark: if annapurna { VegMark::Veg } else { VegMark::NonVeg },
        commission_bp: 1_800,
        rating_sum: 0,
        rating_count: 0,
        profile: self::profile(name, annapurna),
        sections: if annapurna { menus::annapurna(&ctx) } else { menus::biryani(&ctx) },
    };
    let restaurant = app.add_restaurant(&ctx, &new).await.unwrap().unwrap();
    (vendor, restaurant)
}

fn profile(name: &str, always: bool) -> Profile {
    let (open, close) = if always { (0, 0) } else { (11 * 60, 23 * 60) };
    Profile {
        name: name.to_owned(),
        locality: if always { "Halasuru" } else { "Koramangala" }.to_owned(),
        address: "12 Car Street".to_owned(),
        pin: Some("560008".to_owned()),
        phone: Some("+918041234567".to_owned()),
        cuisines: vec![if always { "South Indian" } else { "Biryani" }.to_owned()],
        price_for_two: Some(Paise::rupees(300)),
        minimum_order: Paise::rupees(50),
        packing: Paise::rupees(10),
        prep_minutes: 15,
        hours: (1..=7).map(|day| Hours { day, open, close }).collect(),
        active: true,
    }
}
