//! Settling: the city of a recorded day is made in an empty database, through the use cases like every other one.
//!
//! Whatever the document does not tell is the plainest that will do: one zone around everything, kitchens that are always
//! open and sell an order's food as one dish, one customer behind each door.

use std::collections::BTreeMap;

use app::{
    App, Ctx,
    couriers::CourierProfile,
    customers::{AddressFields, CustomerProfile},
    places::NewCity,
    restaurants::{NewRestaurant, Profile},
    vendors::VendorProfile,
};
use domain::{
    availability::Hours,
    geo::Point,
    id::{AddressId, CityId, CustomerId, MenuItemId, RestaurantId, SectionId, VendorId},
    menu::{MenuItem, OnSale, Section, VegMark},
    money::Paise,
};

use super::{Day, Kitchen};
use crate::{
    error::Error,
    seed::{Cast, Resident, Rider, phones},
    world::{Cue, Script},
};

/// Degrees between the outermost places and the edge of the zone: about a kilometre.
const MARGIN: f64 = 0.01;
/// Addresses need a postal code. Nothing reads this one.
const PIN: &str = "100001";

/// The orders of one price of a kitchen are one dish.
type Dishes = BTreeMap<(RestaurantId, i64), MenuItemId>;
/// Who lives behind which door, by its exact coordinates.
type Doors = BTreeMap<[u64; 2], (CustomerId, AddressId)>;

/// Makes the city of a day with its kitchens, couriers and doors, and what is to happen there.
pub(crate) async fn settle(app: &App, ctx: &Ctx, day: &Day) -> Result<(Cast, Script), Error> {
    if !app.places().cities.is_empty() {
        return Err(Error::NoDay("the database has a city already; a replay needs an empty one".to_owned()));
    }
    let settling = Settling { app, ctx, day, city: add_city(app, ctx, day).await? };
    let (kitchens, dishes) = settling.kitchens().await?;
    let riders = settling.riders().await?;
    let (residents, doors) = settling.residents().await?;
    let shifts = riders.iter().zip(&day.couriers);
    let shifts = shifts.flat_map(|(rider, courier)| courier.shifts.iter().map(|shift| (rider.id, *shift)));
    let script = Script::new(settling.cues(&kitchens, &dishes, &doors), shifts.collect());
    let kitchens = kitchens.into_values().collect();
    Ok((Cast { id: settling.city, kitchens, riders, residents }, script))
}

struct Settling<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    day: &'a Day,
    city: CityId,
}

impl Settling<'_> {
    /// All kitchens by the ids of the document, and their dishes.
    async fn kitchens(&self) -> Result<(BTreeMap<RestaurantId, RestaurantId>, Dishes), Error> {
        let name = self.day.city.name.clone();
        let vendor = VendorProfile { name, legal_name: None, gstin: None, pan: None, fssai: None };
        let vendor = self.app.add_vendor(self.ctx, &vendor).await?.id;
        let (mut kitchens, mut dishes) = (BTreeMap::new(), Dishes::new());
        for kitchen in &self.day.kitchens {
            let prices = self.day.orders.iter().filter(|order| order.kitchen == kitchen.id);
            let mut items = Vec::new();
            for price in prices.map(|order| order.food_paise) {
                dishes.entry((kitchen.id, price)).or_insert_with(|| {
                    let dish = dish(self.ctx.id(), Paise(price));
                    let id = dish.id;
                    items.push(dish);
                    id
                });
            }
            let sections = vec![Section { id: self.ctx.id::<SectionId>(), name: "Orders".to_owned(), items }];
            let new = restaurant(self.city, vendor, kitchen, sections);
            // Without a key of its source it cannot be there already.
            let id = self.app.add_restaurant(self.ctx, &new).await?;
            kitchens.extend(id.map(|id| (kitchen.id, id)));
        }
        Ok((kitchens, dishes))
    }

    /// All couriers, in the sequence of the document; off shift until theirs begins.
    async fn riders(&self) -> Result<Vec<Rider>, Error> {
        let mut riders = Vec::new();
        for (number, courier) in (1..).zip(&self.day.couriers) {
            let vehicle = courier.vehicle;
            let profile = CourierProfile { name: format!("Courier {number}"), phone: None, vehicle };
            let id = self.app.add_courier(self.ctx, self.city, &profile).await?;
            riders.push(Rider { id, vehicle, home: courier.seen });
        }
        Ok(riders)
    }

    /// A customer behind each door.
    async fn residents(&self) -> Result<(Vec<Resident>, Doors), Error> {
        let (mut residents, mut doors) = (Vec::new(), Doors::new());
        for order in &self.day.orders {
            if !doors.contains_key(&key(order.door)) {
                let (customer, address) = self.resident(doors.len(), order.door).await?;
                doors.insert(key(order.door), (customer, address));
                residents.push(Resident { id: customer, doors: vec![(address, order.door)] });
            }
        }
        Ok((residents, doors))
    }

    async fn resident(&self, number: usize, door: Point) -> Result<(CustomerId, AddressId), Error> {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let profile = CustomerProfile {
            name: format!("Customer {}", number.saturating_add(1)),
            phone: Some(phones::phone(&self.day.city.slug, phones::Kind::Customer, number)),
            email: None,
            language: "en-IN".to_owned(),
        };
        let fields = AddressFields {
            label: "Home".to_owned(),
            line1: format!("Door {}", number.saturating_add(1)),
            line2: None,
            landmark: None,
            instruction: None,
            pin: PIN.to_owned(),
            lat: door.lat,
            lng: door.lng,
        };
        let customer = self.app.add_customer(self.ctx, &profile).await?.id;
        Ok((customer, self.app.add_address(self.ctx, customer, &fields).await?.id))
    }

    /// The orders by the ids of this database.
    fn cues(&self, kitchens: &BTreeMap<RestaurantId, RestaurantId>, dishes: &Dishes, doors: &Doors) -> Vec<Cue> {
        let cue = |order: &super::Order| {
            let (customer, address) = *doors.get(&key(order.door))?;
            Some(Cue {
                at: order.placed_at,
                customer,
                address,
                kitchen: *kitchens.get(&order.kitchen)?,
                dish: *dishes.get(&(order.kitchen, order.food_paise))?,
                tip: Paise(order.tip_paise),
                fate: order.fate,
            })
        };
        self.day.orders.iter().filter_map(cue).collect()
    }
}

async fn add_city(app: &App, ctx: &Ctx, day: &Day) -> Result<CityId, Error> {
    let places = day.kitchens.iter().map(|kitchen| kitchen.point).chain(day.orders.iter().map(|order| order.door));
    let (low, high) = places.fold(([f64::MAX; 2], [f64::MIN; 2]), |(low, high), place| {
        let low = [place.lat.min(low[0]), place.lng.min(low[1])];
        (low, [place.lat.max(high[0]), place.lng.max(high[1])])
    });
    let ([south, west], [north, east]) = (low.map(|degrees| degrees - MARGIN), high.map(|degrees| degrees + MARGIN));
    let corner = |lat, lng| Point { lat, lng };
    let around = vec![corner(south, west), corner(south, east), corner(north, east), corner(north, west)];
    let new = NewCity {
        slug: day.city.slug.clone(),
        name: day.city.name.clone(),
        state_code: day.city.state_code.clone(),
        timezone: day.city.timezone.clone(),
        centre: corner(south, west).towards(corner(north, east), 0.5),
        zones: vec![("A".to_owned(), day.city.name.clone(), around)],
        map: None,
    };
    Ok(app.add_city(ctx, new).await?)
}

fn restaurant(city_id: CityId, vendor_id: VendorId, kitchen: &Kitchen, sections: Vec<Section>) -> NewRestaurant {
    NewRestaurant {
        vendor_id,
        city_id,
        point: kitchen.point,
        zone_id: None,
        source_key: None,
        veg_mark: VegMark::NonVeg,
        commission_bp: kitchen.commission_bp,
        rating_sum: 0,
        rating_count: 0,
        profile: Profile {
            name: kitchen.name.clone(),
            locality: "Recorded".to_owned(),
            address: "Recorded".to_owned(),
            pin: None,
            phone: None,
            cuisines: Vec::new(),
            price_for_two: None,
            minimum_order: Paise::ZERO,
            packing: Paise::ZERO,
            prep_minutes: kitchen.prep_minutes,
            // Open is when somebody could order.
            hours: (1..=7).map(|day| Hours { day, open: 0, close: 0 }).collect(),
            active: true,
        },
        sections,
    }
}

fn dish(id: MenuItemId, price: Paise) -> MenuItem {
    MenuItem {
        id,
        name: "An order".to_owned(),
        description: None,
        price,
        packing: Paise::ZERO,
        veg_mark: VegMark::NonVeg,
        allergens: Vec::new(),
        on_sale: OnSale::ALWAYS,
        popular: false,
        option_groups: Vec::new(),
    }
}

fn key(door: Point) -> [u64; 2] {
    [door.lat, door.lng].map(f64::to_bits)
}
