//! Fills a city: the town with its zones and map, kitchens with menus, residents with addresses, couriers on shift.
//!
//! Everything goes through the use cases. What was seeded is known again by its telephone numbers, so that seeding twice
//! changes nothing, and people who registered themselves are never taken for figures of the simulation.

mod hours;
mod kitchens;
mod people;
pub(crate) mod phones;

use std::sync::Arc;

use app::{App, Ctx, places::NewCity};
use domain::{
    courier::Vehicle,
    geo::Point,
    id::{AddressId, CityId, CourierId, CustomerId, RestaurantId},
};
use rand::SeedableRng as _;
use rand_chacha::ChaCha12Rng;

use crate::{error::Error, town::Town};

/// A city to be made.
#[derive(Clone, Debug)]
pub struct CitySpec {
    /// Its name.
    pub name: String,
    /// Its short name in addresses.
    pub slug: String,
    /// Its middle.
    pub centre: Point,
    /// GST state code.
    pub state_code: String,
    /// IANA time zone.
    pub timezone: String,
    /// Everything follows from it.
    pub seed: u64,
    /// How many kitchens.
    pub restaurants: u32,
    /// How many couriers.
    pub couriers: u32,
    /// How many customers.
    pub customers: u32,
    /// Most kitchens are open round the clock and cook within minutes, so that a demo shows something at any hour.
    pub demo: bool,
}

impl Default for CitySpec {
    fn default() -> Self {
        Self {
            name: "Bengaluru".to_owned(),
            slug: "bengaluru".to_owned(),
            centre: Point { lat: 12.9716, lng: 77.5946 },
            state_code: "29".to_owned(),
            timezone: "Asia/Kolkata".to_owned(),
            seed: 7,
            restaurants: 40,
            couriers: 34,
            customers: 120,
            demo: false,
        }
    }
}

/// A courier of the simulation.
#[derive(Clone, Copy, Debug)]
pub struct Rider {
    /// Their id.
    pub id: CourierId,
    /// What they ride.
    pub vehicle: Vehicle,
    /// Where they wait for work.
    pub home: Point,
}

/// A customer of the simulation.
#[derive(Clone, Debug)]
pub struct Resident {
    /// Their id.
    pub id: CustomerId,
    /// Their addresses.
    pub doors: Vec<(AddressId, Point)>,
}

/// A city with the kitchens and people that a world moves.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The city.
    pub id: CityId,
    /// Its kitchens, oldest first.
    pub kitchens: Vec<RestaurantId>,
    /// Its couriers, without the one that a newcomer may play.
    pub riders: Vec<Rider>,
    /// Its customers, without the one that a newcomer may play.
    pub residents: Vec<Resident>,
}

/// The figures that newcomers may play.
#[derive(Clone, Copy, Debug)]
pub struct Players {
    /// The kitchen: the first of all.
    pub kitchen: RestaurantId,
    /// The courier; off shift until somebody plays them.
    pub rider: Rider,
    /// The customer.
    pub customer: CustomerId,
}

/// A city that was filled.
#[derive(Clone, Debug)]
pub struct SeededCity {
    /// Its kitchens and people.
    pub cast: Arc<Cast>,
    /// Those that newcomers may play.
    pub players: Players,
    /// Its streets.
    pub town: Arc<Town>,
    /// Whether it was made now, and not found.
    pub fresh: bool,
}

/// Makes and fills the city, or finds it by its short name. `ctx` must be allowed everything.
pub async fn seed_city(app: &App, ctx: &Ctx, spec: &CitySpec) -> Result<SeededCity, Error> {
    let town = Arc::new(Town::generate(&spec.name, spec.centre, spec.seed));
    let found = app.places().city_named(&spec.slug).map(|city| city.id);
    let id = match found {
        Some(id) => id,
        None => add_city(app, ctx, spec, &town).await?,
    };
    let seeding = Seeding { app, ctx, spec, town: &town, city: id };
    // A start that was interrupted is completed: each part is made only where it is missing.
    let kitchens = seeding.kitchens().await?;
    let (riders, rider) = seeding.riders().await?;
    let (residents, customer) = seeding.residents().await?;
    let kitchen = *kitchens.first().ok_or_else(|| Error::Broken("a city needs a kitchen".to_owned()))?;
    let cast = Arc::new(Cast { id, kitchens, riders, residents });
    Ok(SeededCity { cast, players: Players { kitchen, rider, customer }, town, fresh: found.is_none() })
}

/// What the parts of seeding share.
struct Seeding<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    spec: &'a CitySpec,
    town: &'a Town,
    city: CityId,
}

impl Seeding<'_> {
    /// The random stream of one figure: adding a kitchen changes no other one.
    fn stream(&self, kind: phones::Kind, number: u32) -> ChaCha12Rng {
        let stream = u64::from(kind.digit()) << 32 | u64::from(number);
        let mut rng = ChaCha12Rng::seed_from_u64(self.spec.seed);
        rng.set_stream(stream);
        rng
    }
}

async fn add_city(app: &App, ctx: &Ctx, spec: &CitySpec, town: &Town) -> Result<CityId, Error> {
    let map = serde_json::to_string(&town.map()).map_err(|error| Error::Broken(error.to_string()))?;
    let zone = |zone: &crate::town::Zone| (zone.letter.to_string(), zone.name.clone(), zone.polygon.clone());
    let new = NewCity {
        slug: spec.slug.clone(),
        name: spec.name.clone(),
        state_code: spec.state_code.clone(),
        timezone: spec.timezone.clone(),
        centre: spec.centre,
        zones: town.zones.iter().map(zone).collect(),
        map: Some(map),
    };
    Ok(app.add_city(ctx, new).await?)
}
