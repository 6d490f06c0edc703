//! What is here already: the part of the platform that an import compares itself with.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use catalogue::{
    atlas::{Atlas, Placed},
    text::fold,
};
use domain::id::{CityId, VendorId};
use store::{args, restaurants};

use crate::{App, error::Error, places::Places, restaurants::directory::Entry};

/// Cities, restaurants and vendors at one moment.
pub(super) struct Here {
    pub(super) places: Arc<Places>,
    keys: HashSet<String>,
    restaurants: HashMap<(CityId, String, String), Arc<Entry>>,
    vendors: HashMap<(CityId, String), VendorId>,
}

impl App {
    /// Reads anew what an import is compared with: another process may have added to it.
    pub(super) async fn look_around(&self) -> Result<Here, Error> {
        self.reload_places().await?;
        self.reload_directory().await?;
        let rows: Vec<(String,)> = self.db.all(&restaurants::LIST_SOURCE_KEYS, args![]).await?;
        let mut entries = self.directory.select(|_| true);
        entries.sort_by_key(|entry| entry.id);
        let mut here = Here {
            places: self.places(),
            keys: rows.into_iter().map(|(key,)| key).collect(),
            restaurants: HashMap::with_capacity(entries.len()),
            vendors: HashMap::new(),
        };
        for entry in entries {
            here.vendors.entry((entry.city_id, fold(&entry.name))).or_insert(entry.vendor_id);
            let identity = (entry.city_id, fold(&entry.name), fold(&entry.address));
            here.restaurants.entry(identity).or_insert(entry);
        }
        Ok(here)
    }
}

impl Here {
    /// An atlas with the cities, in the order of the snapshot, and the restaurants that are here.
    pub(super) fn atlas(&self) -> Atlas {
        let mut atlas = Atlas::default();
        let mut numbers = HashMap::new();
        for city in &self.places.cities {
            numbers.insert(city.id, atlas.add_town(&city.name, &city.state_code, city.centre));
        }
        let mut entries: Vec<&Arc<Entry>> = self.restaurants.values().collect();
        entries.sort_by_key(|entry| entry.id);
        for entry in entries {
            if let Some(town) = numbers.get(&entry.city_id) {
                atlas.add_place(*town, &entry.locality, entry.point);
            }
        }
        atlas
    }

    /// Whether a source key was imported before, be it that the restaurant is gone since.
    pub(super) fn knows(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// The restaurant of this name at this address, whatever its source.
    pub(super) fn twin(&self, city: CityId, placed: &Placed) -> Option<&Entry> {
        let identity = (city, fold(&placed.draft.name), fold(&placed.draft.address));
        self.restaurants.get(&identity).map(Arc::as_ref)
    }

    /// The vendor whose restaurants in a city have this folded name.
    pub(super) fn vendor(&self, city: CityId, folded: &str) -> Option<VendorId> {
        self.vendors.get(&(city, folded.to_owned())).copied()
    }

    /// Whether a file says of a restaurant what is not so here.
    pub(super) fn differs(entry: &Entry, placed: &Placed) -> bool {
        entry.cuisines != placed.draft.cuisines || entry.price_for_two != placed.draft.price_for_two
    }
}
