//! Writing a plan: cities and zones first, in one transaction, then restaurants in batches.

use catalogue::{
    menus::starter_menu,
    text::{fold, stable_hash},
};
use domain::{availability::Hours, event::Event, id::RestaurantId, menu::VegMark, money::Paise};
use rand::SeedableRng as _;
use rand_chacha::ChaCha12Rng;
use store::{Tx, args, places, restaurants};

use super::{
    OnProgress, Phase, Progress,
    plan::{Arrival, Founding, Plan},
    starter_sections,
};
use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
    restaurants::{NewRestaurant, Profile},
    stored::json,
};

/// Restaurants in one transaction: about a hundred rows each.
const BATCH: usize = 40;
/// Files do not say when a kitchen is open: ten to eleven, every day.
const OPEN: u16 = 10 * 60;
const CLOSE: u16 = 23 * 60;
const PREP_MINUTES: i64 = 20;
/// The platform's share of the food until the contract says otherwise: 18 %.
const COMMISSION_BP: i64 = 1_800;
const TIMEZONE: &str = "Asia/Kolkata";

impl App {
    /// Adds the cities and zones of a plan.
    pub(super) async fn write_towns(&self, ctx: &Ctx, plan: &Plan) -> Result<(), Error> {
        if plan.foundings.is_empty() {
            return Ok(());
        }
        let mut taken: Vec<String> = self.places().cities.iter().map(|city| city.slug.clone()).collect();
        let mut tx = Tx::new("import cities");
        for founding in &plan.foundings {
            if founding.new {
                let slug = free_slug(&founding.town.name, &taken);
                tx = insert_city(ctx, tx, founding, &slug);
                taken.push(slug);
            }
            for zone in &founding.zones {
                let corners: Vec<_> = zone.polygon.iter().map(|corner| (corner.lat, corner.lng)).collect();
                let corners = json(&corners)?;
                let args = args![zone.id, founding.id, zone.letter.as_str(), zone.name.as_str(), corners];
                tx = tx.run(&places::INSERT_ZONE, args);
            }
        }
        self.db.commit(tx).await?;
        self.reload_places().await
    }

    /// Adds the restaurants of a plan.
    pub(super) async fn write_restaurants(
        &self,
        ctx: &Ctx,
        plan: &Plan,
        progress: OnProgress<'_>,
    ) -> Result<(), Error> {
        let total = plan.arrivals.len();
        for (batch, arrivals) in plan.arrivals.chunks(BATCH).enumerate() {
            progress(Progress { phase: Phase::Writing, done: batch * BATCH, total });
            // A new moment for each batch: ids grow with time, and growing ids are written to the end of an index.
            let ctx = self.ctx(ctx.actor.clone());
            match self.write_batch(&ctx, arrivals).await {
                // Somebody else is importing the same file; what they have is skipped one by one.
                Err(BatchError::KnownKey) => self.write_singly(&ctx, arrivals).await?,
                Err(BatchError::Other(error)) => return Err(error),
                Ok(()) => {}
            }
        }
        progress(Progress { phase: Phase::Writing, done: total, total });
        self.reload_directory().await
    }

    async fn write_batch(&self, ctx: &Ctx, arrivals: &[Arrival]) -> Result<(), BatchError> {
        let mut tx = Tx::new("import restaurants");
        for arrival in arrivals {
            tx = self.insert_arrival(ctx, tx, arrival).map_err(BatchError::Other)?;
        }
        match self.db.commit(tx).await {
            Ok(()) => Ok(()),
            Err(error) if failed_guard(&error) == Some("source-key") => Err(BatchError::KnownKey),
            Err(error) => Err(BatchError::Other(error.into())),
        }
    }

    async fn write_singly(&self, ctx: &Ctx, arrivals: &[Arrival]) -> Result<(), Error> {
        for arrival in arrivals {
            match self.write_batch(ctx, std::slice::from_ref(arrival)).await {
                Ok(()) | Err(BatchError::KnownKey) => {}
                Err(BatchError::Other(error)) => return Err(error),
            }
        }
        Ok(())
    }

    fn insert_arrival(&self, ctx: &Ctx, mut tx: Tx, arrival: &Arrival) -> Result<Tx, Error> {
        if arrival.founds_vendor {
            let none = None::<&str>;
            let name = arrival.draft.name.as_str();
            tx = tx
                .run(&restaurants::INSERT_VENDOR, args![arrival.vendor_id, name, none, none, none, none, ctx.now_us()]);
        }
        let restaurant_id: RestaurantId = ctx.id();
        let tx = self.insert_restaurant(ctx, tx, restaurant_id, &new_restaurant(ctx, arrival))?;
        self.tell(ctx, tx, arrival.city_id, &Event::RestaurantChanged { restaurant_id })
    }
}

enum BatchError {
    KnownKey,
    Other(Error),
}

fn insert_city(ctx: &Ctx, tx: Tx, founding: &Founding, slug: &str) -> Tx {
    let town = &founding.town;
    // A town without a centre has no restaurants either, and is not founded.
    let (lat, lng) = town.centre.map_or((0.0, 0.0), |centre| (centre.lat, centre.lng));
    tx.run(
        &places::INSERT_CITY,
        args![founding.id, slug, town.name.as_str(), town.state.as_str(), TIMEZONE, lat, lng, ctx.now_us()],
    )
}

/// The name for addresses: "new-delhi", with a number where that is taken.
fn free_slug(name: &str, taken: &[String]) -> String {
    let plain = fold(name).replace(' ', "-");
    let plain = if plain.is_empty() { "city".to_owned() } else { plain };
    let numbered = (2..).map(|number: usize| format!("{plain}-{number}"));
    let mut candidates = std::iter::once(plain.clone()).chain(numbered);
    candidates.find(|slug| !taken.contains(slug)).unwrap_or(plain)
}

fn new_restaurant(ctx: &Ctx, arrival: &Arrival) -> NewRestaurant {
    let draft = &arrival.draft;
    let cuisines: Vec<&str> = draft.cuisines.iter().map(String::as_str).collect();
    let mut rng = ChaCha12Rng::seed_from_u64(stable_hash(&[&arrival.key]));
    let price = draft.price_for_two.map(|price| price.0);
    let menu = starter_menu(&cuisines, price, draft.veg_mark == VegMark::Veg, &mut rng);
    NewRestaurant {
        vendor_id: arrival.vendor_id,
        city_id: arrival.city_id,
        point: arrival.point,
        zone_id: Some(arrival.zone_id),
        source_key: Some(arrival.key.clone()),
        veg_mark: draft.veg_mark,
        commission_bp: COMMISSION_BP,
        rating_sum: draft.rating_tenths.unwrap_or(0) * draft.rating_count,
        rating_count: draft.rating_count,
        profile: Profile {
            name: draft.name.clone(),
            locality: draft.locality.clone(),
            address: draft.address.clone(),
            pin: draft.pin.clone(),
            phone: draft.phone.clone(),
            cuisines: draft.cuisines.clone(),
            price_for_two: draft.price_for_two,
            minimum_order: Paise::ZERO,
            packing: Paise::ZERO,
            prep_minutes: PREP_MINUTES,
            hours: (1..=7).map(|day| Hours { day, open: OPEN, close: CLOSE }).collect(),
            active: true,
        },
        sections: starter_sections(ctx, &menu),
    }
}
