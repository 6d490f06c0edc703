//! What an import will do, decided before anything is written: which rows are new, in which cities and zones they go.

use std::collections::HashMap;

use catalogue::{
    atlas::{Placed, Placing, Refused, Town},
    rows::RestaurantDraft,
    text::fold,
    zones::{self, Site},
};
use domain::{
    geo::{self, Point},
    id::{CityId, VendorId, ZoneId},
};

use super::{CreatedCity, ImportSpec, here::Here};
use crate::context::Ctx;

/// A restaurant to be added.
pub(super) struct Arrival {
    pub(super) key: String,
    pub(super) draft: RestaurantDraft,
    pub(super) point: Point,
    pub(super) placing: Placing,
    pub(super) city_id: CityId,
    pub(super) zone_id: ZoneId,
    pub(super) vendor_id: VendorId,
    /// Its vendor is new, and this is the first of its restaurants.
    pub(super) founds_vendor: bool,
}

/// A city with zones to be added.
pub(super) struct Founding {
    pub(super) id: CityId,
    pub(super) town: Town,
    /// It is not here yet.
    pub(super) new: bool,
    pub(super) zones: Vec<NewZone>,
    restaurants: usize,
}

/// A zone to be added.
pub(super) struct NewZone {
    pub(super) id: ZoneId,
    pub(super) letter: String,
    pub(super) name: String,
    pub(super) polygon: Vec<Point>,
}

/// Everything an import will do.
pub(super) struct Plan {
    pub(super) foundings: Vec<Founding>,
    pub(super) arrivals: Vec<Arrival>,
    pub(super) rejected: Vec<Refused>,
    pub(super) same: usize,
    pub(super) differing: usize,
}

impl Plan {
    /// Decides.
    pub(super) fn make(ctx: &Ctx, spec: &ImportSpec, drafts: Vec<RestaurantDraft>, here: &Here) -> Self {
        let mut atlas = here.atlas();
        let (placed, mut rejected) = atlas.place_all(drafts, spec.city.as_deref(), spec.state);
        let placed = without_doubles(placed, &mut rejected);
        let known = &here.places.cities;
        let ids: Vec<CityId> =
            (0..atlas.towns().len()).map(|at| known.get(at).map_or_else(|| ctx.id(), |city| city.id)).collect();
        let mut plan = Self { foundings: Vec::new(), arrivals: Vec::new(), rejected, same: 0, differing: 0 };
        let mut coming: Vec<(String, Placed)> = Vec::new();
        for row in placed {
            let key = format!("{}:{}", spec.source, row.draft.key());
            let twin = here.twin(ids[row.town], &row);
            if twin.is_some() || here.knows(&key) {
                plan.same += 1;
                plan.differing += usize::from(twin.is_none_or(|entry| Here::differs(entry, &row)));
            } else {
                coming.push((key, row));
            }
        }
        let housed = plan.found(ctx, here, atlas.towns(), &ids, &coming);
        plan.receive(ctx, here, &ids, coming, &housed);
        plan
    }

    /// The cities that are added.
    pub(super) fn cities_created(&self) -> Vec<CreatedCity> {
        let created = self.foundings.iter().filter(|founding| founding.new).map(|founding| CreatedCity {
            name: founding.town.name.clone(),
            state_code: founding.town.state.clone(),
            zones: founding.zones.len(),
            restaurants: founding.restaurants,
        });
        created.collect()
    }

    /// How many zones are added to cities that are here.
    pub(super) fn zones_of_known_cities(&self) -> usize {
        self.foundings.iter().filter(|founding| !founding.new).map(|founding| founding.zones.len()).sum()
    }

    /// Finds a zone for each coming restaurant; those that lie in none get new ones, drawn for all cities together.
    fn found(
        &mut self,
        ctx: &Ctx,
        here: &Here,
        towns: &[Town],
        ids: &[CityId],
        coming: &[(String, Placed)],
    ) -> Vec<Option<ZoneId>> {
        let mut housed: Vec<Option<ZoneId>> = Vec::with_capacity(coming.len());
        let mut homeless: Vec<Vec<usize>> = vec![Vec::new(); towns.len()];
        for (at, (_, row)) in coming.iter().enumerate() {
            let own = here.places.zones.iter().filter(|zone| zone.city_id == ids[row.town]);
            let zone = own.clone().find(|zone| geo::contains(&zone.polygon, row.point));
            if zone.is_none() {
                homeless[row.town].push(at);
            }
            housed.push(zone.map(|zone| zone.id));
        }
        let site = |at: &usize| Site { point: coming[*at].1.point, locality: &coming[*at].1.draft.locality };
        let sites: Vec<Vec<Site<'_>>> = homeless.iter().map(|rows| rows.iter().map(site).collect()).collect();
        for (number, drawn) in zones::divide(&sites).into_iter().enumerate() {
            if drawn.is_empty() {
                continue;
            }
            let taken: Vec<&str> = here
                .places
                .zones
                .iter()
                .filter(|zone| zone.city_id == ids[number])
                .map(|zone| zone.letter.as_str())
                .collect();
            let letters = zones::letters().filter(|letter| !taken.contains(&letter.as_str()));
            let mut zones = Vec::with_capacity(drawn.len());
            for (zone, letter) in drawn.into_iter().zip(letters) {
                let id: ZoneId = ctx.id();
                for site in &zone.sites {
                    housed[homeless[number][*site]] = Some(id);
                }
                zones.push(NewZone { id, letter, name: zone.name, polygon: zone.polygon });
            }
            self.foundings.push(Founding {
                id: ids[number],
                town: towns[number].clone(),
                new: number >= here.places.cities.len(),
                zones,
                restaurants: homeless[number].len(),
            });
        }
        housed
    }

    /// Gives each coming restaurant its vendor: one for each name in a city.
    fn receive(
        &mut self,
        ctx: &Ctx,
        here: &Here,
        ids: &[CityId],
        coming: Vec<(String, Placed)>,
        housed: &[Option<ZoneId>],
    ) {
        let mut founded: HashMap<(CityId, String), VendorId> = HashMap::new();
        for ((key, row), zone) in coming.into_iter().zip(housed) {
            let Some(zone_id) = *zone else {
                self.rejected.push((row.draft.line, "its city has no letters left for another zone".to_owned()));
                continue;
            };
            let (city_id, folded) = (ids[row.town], fold(&row.draft.name));
            let known = here.vendor(city_id, &folded).or_else(|| founded.get(&(city_id, folded.clone())).copied());
            let vendor_id = known.unwrap_or_else(|| ctx.id());
            if known.is_none() {
                founded.insert((city_id, folded), vendor_id);
            }
            self.arrivals.push(Arrival {
                key,
                draft: row.draft,
                point: row.point,
                placing: row.placing,
                city_id,
                zone_id,
                vendor_id,
                founds_vendor: known.is_none(),
            });
        }
    }
}

/// Refuses rows that repeat one before them: the same number, or the same name at the same address.
fn without_doubles(placed: Vec<Placed>, rejected: &mut Vec<Refused>) -> Vec<Placed> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut identities: HashMap<(usize, String, String), usize> = HashMap::new();
    let mut kept = Vec::with_capacity(placed.len());
    for row in placed {
        let line = row.draft.line;
        if let Some((id, first)) = row.draft.id.as_ref().and_then(|id| Some((id, numbers.get(id)?))) {
            rejected.push((line, format!("number {id} is on line {first} already")));
            continue;
        }
        let identity = (row.town, fold(&row.draft.name), fold(&row.draft.address));
        if let Some(first) = identities.get(&identity) {
            rejected.push((line, format!("the same name and address as line {first}")));
            continue;
        }
        if let Some(id) = &row.draft.id {
            numbers.insert(id.clone(), line);
        }
        identities.insert(identity, line);
        kept.push(row);
    }
    kept
}
