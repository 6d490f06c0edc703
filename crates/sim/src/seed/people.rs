//! People: couriers on shift at their corners, residents with one or two doors, and the vendors behind the kitchens.

use app::{
    couriers::CourierProfile,
    customers::{AddressFields, CustomerProfile},
    positions::Fix,
    vendors::VendorProfile,
};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{CourierId, CustomerId, VendorId},
};
use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha12Rng;
use store::couriers::CourierRow;

use super::{
    Resident, Rider, Seeding,
    phones::{self, Kind},
};
use crate::{
    error::Error,
    names,
    town::{Address, Town},
};

const PAGE: usize = 200;
/// What couriers ride; most have scooters.
const VEHICLES: [Vehicle; 10] = [
    Vehicle::Scooter,
    Vehicle::Scooter,
    Vehicle::Motorcycle,
    Vehicle::Scooter,
    Vehicle::EBike,
    Vehicle::Scooter,
    Vehicle::Motorcycle,
    Vehicle::Bicycle,
    Vehicle::Scooter,
    Vehicle::EBike,
];
/// The courier and the customer that a newcomer may play come before all others.
const PLAYER: u32 = 0;
const PLAYER_NAME: &str = "Asha Hegde";
const RIDER_NAME: &str = "Ravi Naik";

impl Seeding<'_> {
    pub(super) async fn vendor(&self, number: u32, name: &str) -> Result<VendorId, Error> {
        let profile = VendorProfile {
            name: name.to_owned(),
            legal_name: Some(format!("{name} Foods LLP")),
            gstin: None,
            pan: None,
            fssai: Some(format!("1{}24{:03}{number:06}", self.spec.state_code, self.spec.seed % 1_000)),
        };
        Ok(self.app.add_vendor(self.ctx, &profile).await?.id)
    }

    /// All couriers, made where they are missing; the player's apart from the rest.
    pub(super) async fn riders(&self) -> Result<(Vec<Rider>, Rider), Error> {
        let mut known: Vec<(u32, CourierRow)> = Vec::new();
        let mut after: Option<CourierId> = None;
        loop {
            let page = self.app.list_couriers(self.ctx, false, after, PAGE).await?;
            after = page.last().map(|view| view.row.id);
            for view in page {
                let number = phones::figure(&self.spec.slug, Kind::Courier, view.row.phone.as_deref());
                known.extend(number.map(|number| (number, view.row)));
            }
            if after.is_none() {
                break;
            }
        }
        let mut riders = Vec::new();
        for number in PLAYER..=self.spec.couriers {
            let row = known.iter().find(|courier| courier.0 == number).map(|courier| &courier.1);
            riders.push(self.rider(number, row).await?);
        }
        let player = riders.remove(0);
        Ok((riders, player))
    }

    async fn rider(&self, number: u32, known: Option<&CourierRow>) -> Result<Rider, Error> {
        let mut rng = self.stream(Kind::Courier, number);
        let name = names::person_name(&mut rng);
        let name = if number == PLAYER { RIDER_NAME.to_owned() } else { name };
        let vehicle = VEHICLES[number as usize % VEHICLES.len()];
        let door = self.town.random_address(&mut rng);
        // Corners near the middle, where the kitchens are.
        let home = Point { lat: door.lat, lng: door.lng }.towards(self.spec.centre, 0.35);
        let phone = Some(phones::phone(&self.spec.slug, Kind::Courier, number));
        let profile = CourierProfile { name, phone, vehicle };
        let id = match known {
            Some(row) => row.id,
            None => self.app.add_courier(self.ctx, self.city, &profile).await?,
        };
        if known.is_none_or(|row| row.fix_at.is_none()) {
            let fix = Fix { lat: home.lat, lng: home.lng, accuracy_m: 8.0, at: self.ctx.now, mocked: false };
            self.app.report_positions(self.ctx, id, &[fix]).await?;
        }
        if number != PLAYER && known.is_none_or(|row| !row.on_shift) {
            self.app.set_shift(self.ctx, id, true).await?;
        }
        Ok(Rider { id, vehicle, home })
    }

    /// All residents, made where they are missing; the player's id apart from the rest.
    pub(super) async fn residents(&self) -> Result<(Vec<Resident>, CustomerId), Error> {
        let mut known: Vec<(u32, CustomerId)> = Vec::new();
        let mut after: Option<CustomerId> = None;
        loop {
            let prefix = phones::prefix(&self.spec.slug, Kind::Customer);
            let (page, next) = self.app.list_customers(self.ctx, &prefix, after, PAGE).await?;
            for row in page {
                let number = phones::figure(&self.spec.slug, Kind::Customer, row.phone.as_deref());
                known.extend(number.map(|number| (number, row.id)));
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
        let mut residents = Vec::new();
        for number in PLAYER..=self.spec.customers {
            let found = known.iter().find(|customer| customer.0 == number).map(|customer| customer.1);
            residents.push(self.resident(number, found).await?);
        }
        let player = residents.remove(0);
        Ok((residents, player.id))
    }

    async fn resident(&self, number: u32, known: Option<CustomerId>) -> Result<Resident, Error> {
        let mut rng = self.stream(Kind::Customer, number);
        let name = names::person_name(&mut rng);
        let name = if number == PLAYER { PLAYER_NAME.to_owned() } else { name };
        let id = match known {
            Some(id) => id,
            None => self.register(number, name).await?,
        };
        let mut rows = self.app.addresses(self.ctx, id).await?;
        if rows.is_empty() {
            let wanted = if number == PLAYER || rng.random_bool(0.3) { 2 } else { 1 };
            for label in ["Home", "Work"].into_iter().take(wanted) {
                let fields = address_fields(self.town, label, &mut rng);
                rows.push(self.app.add_address(self.ctx, id, &fields).await?);
            }
        }
        rows.sort_unstable_by_key(|row| row.id);
        let doors = rows.iter().map(|row| (row.id, Point { lat: row.lat, lng: row.lng })).collect();
        Ok(Resident { id, doors })
    }

    async fn register(&self, number: u32, name: String) -> Result<CustomerId, Error> {
        let phone = Some(phones::phone(&self.spec.slug, Kind::Customer, number));
        let language = if number % 4 == 3 { "hi" } else { "en-IN" };
        let profile = CustomerProfile { name, phone, email: None, language: language.to_owned() };
        Ok(self.app.add_customer(self.ctx, &profile).await?.id)
    }
}

fn address_fields(town: &Town, label: &str, rng: &mut ChaCha12Rng) -> AddressFields {
    let door: Address = town.random_address(rng);
    let landmark = town.places.choose(rng).map(|place| format!("Near {}", place.name));
    let instruction = ["Ring the bell once.", "The gate on the left.", "Call from downstairs."].choose(rng);
    AddressFields {
        label: label.to_owned(),
        line1: door.line1,
        line2: Some(door.locality),
        landmark: landmark.filter(|_| rng.random_bool(0.2)),
        instruction: instruction.filter(|_| rng.random_bool(0.3)).map(|text| (*text).to_owned()),
        pin: door.pin,
        lat: door.lat,
        lng: door.lng,
    }
}
