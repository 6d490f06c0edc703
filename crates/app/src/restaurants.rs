//! Restaurants: read, searched, changed, paused.

pub mod directory;
mod live;
mod profile;
mod search;

use domain::{
    event::Event,
    id::{CityId, RestaurantId, VendorId, ZoneId},
    menu::VegMark,
    permission::{Action, Owners},
    rule::Rule,
};
use store::{Tx, args, restaurants};

use crate::{App, context::Ctx, error::Error, input, menus::insert_sections, stored::json};
use directory::Entry;
pub use live::{DeliverySlots, LiveRestaurant};
pub use profile::{Profile, ProfileChange};
pub use search::{Found, Page, Reach, Search, Sort};

/// A restaurant to be added.
#[derive(Clone, Debug)]
pub struct NewRestaurant {
    /// Its vendor.
    pub vendor_id: VendorId,
    /// Its city.
    pub city_id: CityId,
    /// Where it stands.
    pub point: domain::geo::Point,
    /// The zone, where the point alone does not say it.
    pub zone_id: Option<ZoneId>,
    /// Where it came from, so that an import can be repeated.
    pub source_key: Option<String>,
    /// What it serves at most.
    pub veg_mark: VegMark,
    /// The platform's share, in basis points.
    pub commission_bp: i64,
    /// Sum of ratings so far in tenths of a star.
    pub rating_sum: i64,
    /// Number of ratings so far.
    pub rating_count: i64,
    /// The rest.
    pub profile: Profile,
    /// Its first menu.
    pub sections: Vec<domain::menu::Section>,
}

/// The largest share that the platform may take: half.
const MOST_COMMISSION_BP: i64 = 5_000;

impl App {
    /// A restaurant from the directory.
    pub fn restaurant(&self, id: RestaurantId) -> Result<std::sync::Arc<Entry>, Error> {
        self.directory.find(id).ok_or(Error::NotFound("restaurant"))
    }

    /// The active restaurant that was rated most often.
    pub fn best_known_restaurant(&self) -> Option<RestaurantId> {
        let mut all = self.directory.select(|entry| entry.schedule.active);
        all.sort_by_key(|entry| (std::cmp::Reverse(entry.rating_count), entry.id));
        all.first().map(|entry| entry.id)
    }

    /// Restaurants that fit a search.
    pub fn search_restaurants(&self, ctx: &Ctx, search: &Search) -> Result<Page, Error> {
        search::search(self, ctx.now, search)
    }

    /// Reads the directory anew.
    pub async fn reload_directory(&self) -> Result<(), Error> {
        let _alone = self.reloading.lock().await;
        let rows: Vec<restaurants::RestaurantRow> = self.db.all(&restaurants::LIST, args![]).await?;
        let entries = rows.into_iter().map(Entry::from_row).collect::<Result<_, _>>()?;
        self.directory.replace(entries);
        Ok(())
    }

    /// Reads one restaurant anew.
    pub async fn reload_restaurant(&self, id: RestaurantId) -> Result<(), Error> {
        let _alone = self.reloading.lock().await;
        let row: Option<restaurants::RestaurantRow> = self.db.optional(&restaurants::FIND, args![id]).await?;
        match row {
            Some(row) => {
                // Another process may have added its zone, and its city, just before.
                if self.places().zone(row.zone_id).is_none() {
                    self.reload_places().await?;
                }
                self.directory.put(Entry::from_row(row)?);
            }
            None => self.directory.remove(id),
        }
        Ok(())
    }

    /// Adds a restaurant with its menu. `None` where its source key is known already.
    pub async fn add_restaurant(&self, ctx: &Ctx, new: &NewRestaurant) -> Result<Option<RestaurantId>, Error> {
        ctx.reach(Action::RestaurantCreate)?;
        let id: RestaurantId = ctx.id();
        let tx = self.insert_restaurant(ctx, Tx::new("add restaurant"), id, new)?;
        let tx = self.tell(ctx, tx, new.city_id, &Event::RestaurantChanged { restaurant_id: id })?;
        match self.db.commit(tx).await {
            Ok(()) => {}
            Err(error) if crate::error::failed_guard(&error) == Some("source-key") => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        self.reload_restaurant(id).await?;
        Ok(Some(id))
    }

    /// Adds the rows of a new restaurant to a transaction.
    pub(crate) fn insert_restaurant(
        &self,
        ctx: &Ctx,
        tx: Tx,
        id: RestaurantId,
        new: &NewRestaurant,
    ) -> Result<Tx, Error> {
        let profile = new.profile.checked()?;
        let commission_bp = input::within("/commission_bp", new.commission_bp, 0..=MOST_COMMISSION_BP)?;
        let places = self.places();
        let zone = match new.zone_id {
            Some(zone) => zone,
            None => places.zone_at(new.point).ok_or_else(|| Rule::OutsideZone.at("/lat"))?.id,
        };
        let tx = tx.guard_as(
            "source-key",
            1,
            &restaurants::INSERT,
            args![
                id,
                new.city_id,
                new.vendor_id,
                zone,
                new.source_key.as_deref(),
                profile.name.as_str(),
                profile.locality.as_str(),
                profile.address.as_str(),
                profile.pin.as_deref(),
                profile.phone.as_deref(),
                new.point.lat,
                new.point.lng,
                json(&profile.cuisines)?,
                new.veg_mark.as_str(),
                profile.price_for_two.map(|paise| paise.0),
                profile.minimum_order.0,
                profile.packing.0,
                profile.prep_minutes,
                commission_bp,
                json(&profile.hours)?,
                profile.active,
                new.rating_sum,
                new.rating_count,
                ctx.now_us(),
            ],
        );
        insert_sections(tx, new.city_id, id, &new.sections)
    }

    /// Changes what `change` says of a restaurant's profile, if nobody else changed it since `version`; without one, since
    /// it was read here. What stays is read from the database: this node's directory may be a moment behind.
    pub async fn update_restaurant(
        &self,
        ctx: &Ctx,
        id: RestaurantId,
        version: Option<i64>,
        change: ProfileChange,
    ) -> Result<(), Error> {
        ctx.may(Action::RestaurantWrite, &Owners::restaurant(id), "restaurant")?;
        self.reload_restaurant(id).await?;
        let now = self.restaurant(id)?;
        if version.is_some_and(|seen| seen != now.version) {
            return Err(Rule::VersionConflict.broken().with("version", now.version).into());
        }
        let (version, profile) = (now.version, change.of(&now).checked()?);
        let tx = Tx::new("update restaurant").guard(
            1,
            &restaurants::UPDATE,
            args![
                id,
                version,
                profile.name.as_str(),
                profile.locality.as_str(),
                profile.address.as_str(),
                profile.pin.as_deref(),
                profile.phone.as_deref(),
                json(&profile.cuisines)?,
                profile.price_for_two.map(|paise| paise.0),
                profile.minimum_order.0,
                profile.packing.0,
                profile.prep_minutes,
                json(&profile.hours)?,
                profile.active,
            ],
        );
        self.commit_restaurant(ctx, id, tx).await
    }

    /// Takes a restaurant off the platform.
    pub async fn delete_restaurant(&self, ctx: &Ctx, id: RestaurantId) -> Result<(), Error> {
        ctx.may(Action::RestaurantDelete, &Owners::restaurant(id), "restaurant")?;
        let tx = Tx::new("delete restaurant").guard(1, &restaurants::DELETE, args![id, ctx.now_us()]);
        // Its dishes and reviews are answers of their own.
        let events = vec![
            Event::RestaurantChanged { restaurant_id: id },
            Event::MenuChanged { restaurant_id: id, items: Vec::new() },
            Event::ReviewChanged { restaurant_id: id, customer_id: None },
        ];
        self.commit_changes(ctx, id, tx, events).await
    }

    /// Closes a restaurant by hand for some minutes.
    pub async fn pause_restaurant(&self, ctx: &Ctx, id: RestaurantId, minutes: i64) -> Result<(), Error> {
        if !(5..=1_440).contains(&minutes) {
            return Err(Rule::OutOfRange.at("/minutes").with("min", 5).with("max", 1_440).into());
        }
        self.set_pause(ctx, id, Some(ctx.now_us() + minutes * 60_000_000)).await
    }

    /// Opens a paused restaurant and ends its busy time.
    pub async fn resume_restaurant(&self, ctx: &Ctx, id: RestaurantId) -> Result<(), Error> {
        self.set_pause(ctx, id, None).await
    }

    /// Tells customers for some minutes that this kitchen takes longer.
    pub async fn slow_restaurant(
        &self,
        ctx: &Ctx,
        id: RestaurantId,
        extra_minutes: i64,
        minutes: i64,
    ) -> Result<(), Error> {
        ctx.may(Action::RestaurantPause, &Owners::restaurant(id), "restaurant")?;
        if !(1..=120).contains(&extra_minutes) {
            return Err(Rule::OutOfRange.at("/extra_minutes").with("min", 1).with("max", 120).into());
        }
        if !(5..=720).contains(&minutes) {
            return Err(Rule::OutOfRange.at("/minutes").with("min", 5).with("max", 720).into());
        }
        let until = ctx.now_us() + minutes * 60_000_000;
        let tx = Tx::new("slow restaurant").guard(1, &restaurants::SET_BUSY, args![id, until, extra_minutes]);
        self.commit_restaurant(ctx, id, tx).await
    }

    async fn set_pause(&self, ctx: &Ctx, id: RestaurantId, until: Option<i64>) -> Result<(), Error> {
        ctx.may(Action::RestaurantPause, &Owners::restaurant(id), "restaurant")?;
        let mut tx = Tx::new("pause restaurant").guard(1, &restaurants::SET_PAUSE, args![id, until]);
        if until.is_none() {
            tx = tx.guard(1, &restaurants::SET_BUSY, args![id, None::<i64>, 0_i64]);
        }
        self.commit_restaurant(ctx, id, tx).await
    }

    async fn commit_restaurant(&self, ctx: &Ctx, id: RestaurantId, tx: Tx) -> Result<(), Error> {
        self.commit_changes(ctx, id, tx, vec![Event::RestaurantChanged { restaurant_id: id }]).await
    }

    async fn commit_changes(&self, ctx: &Ctx, id: RestaurantId, tx: Tx, events: Vec<Event>) -> Result<(), Error> {
        let city = self.restaurant(id)?.city_id;
        let tx = events.iter().try_fold(tx, |tx, event| self.tell(ctx, tx, city, event))?;
        self.db.commit(tx).await?;
        self.forget_menu(id);
        self.reload_restaurant(id).await?;
        for event in events {
            self.forget_now(event, city, ctx.now).await;
        }
        Ok(())
    }
}
