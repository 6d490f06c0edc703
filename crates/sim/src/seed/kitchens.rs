//! Kitchens: names, places, hours, ratings, and a menu that follows from their cuisines.

use app::{
    places::Places,
    restaurants::{NewRestaurant, Profile, Search},
};
use catalogue::menus::{StarterItem, StarterMenu, starter_menu};
use domain::{
    geo::Point,
    id::{MenuItemId, OptionGroupId, OptionId, RestaurantId, SectionId, VendorId},
    menu::{MenuItem, MenuOption, OnSale, OptionGroup, Section, VegMark},
    money::Paise,
};
use jiff::tz::TimeZone;
use rand::{Rng, seq::IndexedRandom as _};
use rand_chacha::ChaCha12Rng;

use super::{
    Seeding,
    hours::{Habit, hours},
    phones::{self, Kind},
};
use crate::{error::Error, names, town::Address};

/// Cuisines, whether the kitchen is pure vegetarian, and about what two people pay there, in rupees.
const KINDS: &[(&[&str], bool, i64)] = &[
    (&["South Indian"], true, 300),
    (&["Biryani", "Andhra"], false, 600),
    (&["North Indian", "Mughlai"], false, 700),
    (&["South Indian", "Street Food"], true, 250),
    (&["Chinese"], false, 500),
    (&["Kerala", "Coastal"], false, 550),
    (&["Pizza", "Italian"], false, 800),
    (&["North Indian", "Chinese"], false, 550),
    (&["Gujarati", "Rajasthani"], true, 400),
    (&["Fast Food", "Beverages"], false, 400),
    (&["Chettinad"], false, 500),
    (&["Mithai", "Street Food"], true, 250),
    (&["Momos", "Chinese"], false, 300),
    (&["Cafe", "Bakery"], false, 450),
    (&["Kebab", "Rolls"], false, 450),
    (&["Healthy"], true, 600),
    (&["Arabian"], false, 650),
    (&["Maharashtrian"], true, 300),
    (&["Bengali"], false, 500),
    (&["Ice Cream", "Beverages"], true, 250),
];

/// The share that the platform keeps of the food, in basis points.
const COMMISSION_BP: std::ops::RangeInclusive<i64> = 1_500..=2_200;

impl Seeding<'_> {
    /// All kitchens, made where they are missing.
    pub(super) async fn kitchens(&self) -> Result<Vec<RestaurantId>, Error> {
        let search = Search { city: Some(self.city), limit: 100_000, ..Search::default() };
        let mut known: Vec<(u32, RestaurantId, VendorId)> = Vec::new();
        for found in self.app.search_restaurants(self.ctx, &search)?.items {
            let number = phones::figure(&self.spec.slug, Kind::Kitchen, found.entry.phone.as_deref());
            known.extend(number.map(|number| (number, found.entry.id, found.entry.vendor_id)));
        }
        for number in 0..self.spec.restaurants.max(1) {
            if known.iter().all(|kitchen| kitchen.0 != number) {
                // Every sixth kitchen is another outlet of the one before.
                let sister = known.iter().find(|kitchen| number % 6 == 5 && kitchen.0 + 1 == number);
                let vendor = sister.map(|kitchen| kitchen.2);
                known.extend(self.kitchen(number, vendor).await?.map(|(id, vendor)| (number, id, vendor)));
            }
        }
        known.sort_unstable_by_key(|kitchen| kitchen.0);
        Ok(known.into_iter().map(|kitchen| kitchen.1).collect())
    }

    async fn kitchen(&self, number: u32, vendor: Option<VendorId>) -> Result<Option<(RestaurantId, VendorId)>, Error> {
        let mut rng = self.stream(Kind::Kitchen, number);
        let (cuisines, pure_veg, for_two) = KINDS[number as usize % KINDS.len()];
        let name = names::restaurant_name(cuisines, &mut rng);
        let vendor = match vendor {
            Some(vendor) => vendor,
            None => self.vendor(number, &name).await?,
        };
        let price_for_two = Paise::rupees(for_two * rng.random_range(80..=130) / 100 / 50 * 50);
        let menu = starter_menu(cuisines, Some(price_for_two.0), pure_veg, &mut rng);
        let marks = menu.items().map(|item| item.veg_mark);
        let (rating_sum, rating_count) = ratings(&mut rng);
        let door = self.busy_corner(&mut rng);
        let new = NewRestaurant {
            vendor_id: vendor,
            city_id: self.city,
            point: Point { lat: door.lat, lng: door.lng },
            zone_id: None,
            source_key: Some(format!("sim:{}:{number}", self.spec.slug)),
            veg_mark: marks.max().unwrap_or(VegMark::Veg),
            commission_bp: rng.random_range(COMMISSION_BP),
            rating_sum,
            rating_count,
            profile: self.profile(number, name, cuisines, price_for_two, &door, &mut rng),
            sections: self.sections(number, menu, &mut rng),
        };
        let id = self.app.add_restaurant(self.ctx, &new).await?;
        Ok(id.map(|id| (id, vendor)))
    }

    fn profile(
        &self,
        number: u32,
        name: String,
        cuisines: &[&str],
        price_for_two: Paise,
        door: &Address,
        rng: &mut ChaCha12Rng,
    ) -> Profile {
        let prep_minutes = if self.spec.demo { rng.random_range(5..=6) } else { rng.random_range(8..=26) };
        let local = self.ctx.now.to_zoned(zone(&self.app.places(), self.city));
        Profile {
            name,
            locality: door.locality.clone(),
            address: door.line1.clone(),
            pin: Some(door.pin.clone()),
            phone: Some(phones::phone(&self.spec.slug, Kind::Kitchen, number)),
            cuisines: cuisines.iter().map(|cuisine| (*cuisine).to_owned()).collect(),
            price_for_two: Some(price_for_two),
            minimum_order: Paise::rupees(*[0, 0, 99, 149].choose(rng).unwrap_or(&0)),
            packing: Paise::rupees(*[0, 5, 10, 15].choose(rng).unwrap_or(&0)),
            prep_minutes,
            hours: hours(habit(self.spec.demo, number, rng), &local),
            active: true,
        }
    }

    /// Of three doors the one nearest to the middle: kitchens crowd where the people are.
    fn busy_corner(&self, rng: &mut ChaCha12Rng) -> Address {
        let away = |door: &Address| Point { lat: door.lat, lng: door.lng }.distance_m(self.spec.centre);
        let first = self.town.random_address(rng);
        (0..2).fold(first, |best, _| {
            let other = self.town.random_address(rng);
            if away(&other) < away(&best) { other } else { best }
        })
    }

    /// The menu with ids; every fourth kitchen counts the pieces of two dishes.
    fn sections(&self, number: u32, menu: StarterMenu, rng: &mut ChaCha12Rng) -> Vec<Section> {
        let dishes = menu.items().count().max(1);
        let popular: Vec<usize> = (0..4).map(|_| rng.random_range(0..dishes)).collect();
        let counted: Vec<usize> = if number % 4 == 3 { vec![rng.random_range(0..dishes), 0] } else { Vec::new() };
        let mut place = 0;
        let mut dish = |item: StarterItem| {
            let stock_left = counted.contains(&place).then(|| rng.random_range(15..=60));
            let made = self.dish(item, popular.contains(&place), stock_left);
            place += 1;
            made
        };
        let section = |section: catalogue::menus::StarterSection| Section {
            id: self.ctx.id::<SectionId>(),
            name: section.name,
            items: section.items.into_iter().map(&mut dish).collect(),
        };
        menu.sections.into_iter().map(section).collect()
    }

    fn dish(&self, item: StarterItem, popular: bool, stock_left: Option<i64>) -> MenuItem {
        let groups = item.option_groups.into_iter().map(|group| OptionGroup {
            id: self.ctx.id::<OptionGroupId>(),
            name: group.name,
            kind: group.kind,
            min: i64::from(group.min),
            max: i64::from(group.max),
            options: group
                .options
                .into_iter()
                .map(|option| MenuOption {
                    id: self.ctx.id::<OptionId>(),
                    name: option.name,
                    price: Paise(option.price_paise),
                    veg_mark: option.veg_mark,
                    on_sale: OnSale::ALWAYS,
                })
                .collect(),
        });
        MenuItem {
            option_groups: groups.collect(),
            id: self.ctx.id::<MenuItemId>(),
            name: item.name,
            description: Some(item.description).filter(|text| !text.is_empty()),
            price: Paise(item.price_paise),
            packing: Paise(item.packing_paise),
            veg_mark: item.veg_mark,
            allergens: item.allergens,
            on_sale: OnSale { stock_left, ..OnSale::ALWAYS },
            popular,
        }
    }
}

/// The first kitchens are open: newcomers meet them first. Every twelfth is closed now.
fn habit(demo: bool, number: u32, rng: &mut ChaCha12Rng) -> Habit {
    let usual = match rng.random_range(0..10) {
        0..5 => Habit::AllDay,
        5..8 => Habit::Split,
        8 => Habit::Late,
        _ => Habit::RoundTheClock,
    };
    match number {
        0 => Habit::RoundTheClock,
        _ if number % 12 == 11 => Habit::ClosedNow,
        _ if demo && number % 5 != 4 => Habit::RoundTheClock,
        _ => usual,
    }
}

/// Sum in tenths of a star and number of ratings; one kitchen in ten is too new to have any.
fn ratings(rng: &mut ChaCha12Rng) -> (i64, i64) {
    if rng.random_bool(0.1) {
        return (0, 0);
    }
    let count = rng.random_range(12..900);
    (count * rng.random_range(33..=47), count)
}

fn zone(places: &Places, city: domain::id::CityId) -> TimeZone {
    places.city(city).map_or(TimeZone::UTC, |city| city.zone.clone())
}
