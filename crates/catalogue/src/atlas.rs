//! Where the restaurants of a file are: their towns, and a point for each.
//!
//! A point in the file is believed if it is in India and within reach of its town. Otherwise the restaurant is put near
//! its neighbourhood, whose middle is known from other rows, from restaurants that are here already or from the
//! gazetteer; and if even that is unknown, its neighbourhood is given a spot of its own not far from the town's centre.
//! Such points are made from the restaurant's key, so that the next import puts it in the same place. What nothing is
//! known of is refused, with the reason.

use std::collections::HashMap;
use std::f64::consts::TAU;

use domain::geo::Point;
use india::StateCode;

use crate::{
    gazetteer::{self, City},
    rows::RestaurantDraft,
    text::{fold, stable_hash},
};

/// How far a restaurant may be from the middle of its town. Goa, a State that people call a town, is that large.
const REACH_M: f64 = 75_000.0;
/// How far a town that nobody knows may be from one whose State is known, to be taken for its neighbour.
const NEIGHBOUR_M: f64 = 100_000.0;
/// How far from its centre a city reaches, where nothing else says which city a point is in.
const CITY_M: f64 = 20_000.0;
const METRES_A_DEGREE: f64 = 111_195.0;

/// A town, here already or to be added.
#[derive(Clone, Debug)]
pub struct Town {
    /// Its name.
    pub name: String,
    /// Two digits of the GST table; empty until it is known.
    pub state: String,
    /// Its centre, once it is known.
    pub centre: Option<Point>,
    known: Option<&'static City>,
}

/// How a restaurant got its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placing {
    /// The file has it.
    Given,
    /// Near its neighbourhood.
    Neighbourhood,
    /// Somewhere in its town.
    Town,
}

/// A restaurant with a town and a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// As the file tells of it; address and locality are no longer empty.
    pub draft: RestaurantDraft,
    /// Its town, by number in the atlas.
    pub town: usize,
    /// Where it stands.
    pub point: Point,
    /// How that is known.
    pub placing: Placing,
}

/// A row that is refused, and why.
pub type Refused = (usize, String);

/// What is known of towns and neighbourhoods.
#[derive(Debug, Default)]
pub struct Atlas {
    towns: Vec<Town>,
    places: HashMap<(usize, String), Vec<Point>>,
}

impl Atlas {
    /// Adds a town that is here already, and answers its number. Towns are numbered in the order of adding.
    pub fn add_town(&mut self, name: &str, state: &str, centre: Point) -> usize {
        let known = gazetteer::city(name);
        self.towns.push(Town { name: name.to_owned(), state: state.to_owned(), centre: Some(centre), known });
        self.towns.len() - 1
    }

    /// Adds a restaurant that is here already.
    pub fn add_place(&mut self, town: usize, locality: &str, point: Point) {
        self.places.entry((town, fold(locality))).or_default().push(point);
    }

    /// All towns: those that were added, then those that a file brought.
    pub fn towns(&self) -> &[Town] {
        &self.towns
    }

    /// Gives every restaurant a town and a point. `city` stands in where the file names none, `state` (two digits)
    /// where nothing says in which State a new town is.
    pub fn place_all(
        &mut self,
        drafts: Vec<RestaurantDraft>,
        city: Option<&str>,
        state: Option<StateCode>,
    ) -> (Vec<Placed>, Vec<Refused>) {
        let mut refused = Vec::new();
        let mut housed = Vec::with_capacity(drafts.len());
        for draft in drafts {
            match self.town_of(&draft, city) {
                Some(town) => housed.push((draft, town)),
                None => refused.push((draft.line, "no city, and none was given with --city".to_owned())),
            }
        }
        self.find_centres(&housed);
        self.find_states(&housed, state);
        for (draft, town) in &housed {
            if let Some(point) = self.believed(draft, *town)
                && !draft.locality.is_empty()
            {
                self.add_place(*town, &draft.locality, point);
            }
        }
        let middles = self.places.iter().filter_map(|(place, points)| Some((place.clone(), median(points)?))).collect();
        let mut placed = Vec::with_capacity(housed.len());
        for (draft, town) in housed {
            let line = draft.line;
            match self.place(draft, town, &middles) {
                Ok(restaurant) => placed.push(restaurant),
                Err(reason) => refused.push((line, reason)),
            }
        }
        (placed, refused)
    }

    /// The town of a row: as written, else the city at the end of its address, else the one given for all, else the
    /// known city that its point lies in.
    fn town_of(&mut self, draft: &RestaurantDraft, city: Option<&str>) -> Option<usize> {
        if !draft.city.is_empty() {
            return Some(self.town_called(&draft.city));
        }
        let parts = draft.address.rsplit(',').chain(draft.area.rsplit(',')).map(str::trim);
        let last = parts.take(4).find(|part| self.known_town(part).is_some() || gazetteer::city(part).is_some());
        let point = draft.point.filter(|point| gazetteer::in_india(*point));
        let around = point.map(|point| (gazetteer::nearest(point), point));
        let around = around.filter(|(city, point)| city.centre().distance_m(*point) <= CITY_M);
        last.or(city).or(around.map(|(city, _)| city.name)).map(|name| self.town_called(name))
    }

    fn known_town(&self, name: &str) -> Option<usize> {
        let folded = fold(name);
        let city = gazetteer::city(name);
        let same = |town: &Town| fold(&town.name) == folded || (city.is_some() && town.known == city);
        self.towns.iter().position(same)
    }

    fn town_called(&mut self, name: &str) -> usize {
        if let Some(at) = self.known_town(name) {
            return at;
        }
        let known = gazetteer::city(name);
        let name = known.map_or_else(|| name.chars().take(80).collect(), |city| city.name.to_owned());
        let state = known.map_or_else(String::new, |city| city.state.to_owned());
        self.towns.push(Town { name, state, centre: known.map(City::centre), known });
        self.towns.len() - 1
    }

    /// A town of which nothing is known lies where its restaurants are.
    fn find_centres(&mut self, housed: &[(RestaurantDraft, usize)]) {
        let mut points: HashMap<usize, Vec<Point>> = HashMap::new();
        for (draft, town) in housed {
            if let Some(point) = draft.point.filter(|point| gazetteer::in_india(*point)) {
                points.entry(*town).or_default().push(point);
            }
        }
        for (at, town) in self.towns.iter_mut().enumerate() {
            if town.centre.is_none() {
                town.centre = points.get(&at).and_then(|points| median(points));
            }
        }
    }

    /// A town of unknown State: what its rows say, else what was given, else the State of the nearest known city.
    fn find_states(&mut self, housed: &[(RestaurantDraft, usize)], given: Option<StateCode>) {
        let mut written: HashMap<usize, &str> = HashMap::new();
        for (draft, town) in housed.iter().filter(|(draft, _)| !draft.state.is_empty()) {
            written.entry(*town).or_insert(&draft.state);
        }
        for (at, town) in self.towns.iter_mut().enumerate().filter(|(_, town)| town.state.is_empty()) {
            let state = written.get(&at).and_then(|text| state_called(text)).or(given);
            let neighbour = town.centre.map(|centre| (gazetteer::nearest(centre), centre));
            let neighbour = neighbour.filter(|(city, centre)| city.centre().distance_m(*centre) <= NEIGHBOUR_M);
            town.state = match (state, neighbour) {
                (Some(state), _) => state.to_string(),
                (None, Some((city, _))) => city.state.to_owned(),
                (None, None) => String::new(),
            };
        }
    }

    /// The point of a row, if it can be right.
    fn believed(&self, draft: &RestaurantDraft, town: usize) -> Option<Point> {
        let point = draft.point.filter(|point| gazetteer::in_india(*point))?;
        let centre = self.towns[town].centre?;
        (centre.distance_m(point) <= REACH_M).then_some(point)
    }

    fn place(
        &self,
        mut draft: RestaurantDraft,
        number: usize,
        middles: &HashMap<(usize, String), Point>,
    ) -> Result<Placed, String> {
        let town = &self.towns[number];
        let Some(centre) = town.centre else { return Err(nothing_known(&draft, &town.name)) };
        if town.state.is_empty() {
            return Err(format!("nothing says in which State “{}” is; give --state", town.name));
        }
        let middle = |name: &str| {
            let folded = fold(name);
            middles.get(&(number, folded.clone())).copied().or_else(|| town.known?.neighbourhood(&folded))
        };
        let (point, placing) = if let Some(point) = self.believed(&draft, number) {
            (point, Placing::Given)
        } else if let Some(middle) = candidates(&draft).into_iter().find_map(middle) {
            (doorstep(middle, &town.name, &draft), Placing::Neighbourhood)
        } else {
            let quarter = fold(if draft.locality.is_empty() { &draft.address } else { &draft.locality });
            let spot = near(centre, 500.0, 6_000.0, &[&town.name, &quarter]);
            (doorstep(spot, &town.name, &draft), Placing::Town)
        };
        complete(&mut draft, &town.name);
        Ok(Placed { draft, town: number, point, placing })
    }
}

/// A State by its name, letters or number.
pub fn state_called(text: &str) -> Option<StateCode> {
    let folded = fold(text);
    let alias = match folded.as_str() {
        "orissa" => "odisha",
        "uttaranchal" => "uttarakhand",
        "pondicherry" => "puducherry",
        "nct of delhi" | "new delhi" => "delhi",
        "ts" => "tg",
        "or" => "od",
        other => other,
    };
    let named = |code: &StateCode| fold(code.name()) == alias || code.letters().eq_ignore_ascii_case(alias);
    StateCode::all().find(named).or_else(|| StateCode::parse(alias).ok()).map(StateCode::current)
}

fn nothing_known(draft: &RestaurantDraft, town: &str) -> String {
    match draft.point {
        Some(point) => format!(
            "its coordinates ({}, {}) are outside India, and “{town}” is not a known city",
            point.lat, point.lng
        ),
        None => format!("no coordinates, and nothing is known of “{town}”"),
    }
}

/// Names that may say where a restaurant is, the most exact first: neighbourhood, its parts, the beginnings of its words
/// ("Jayanagar 4th Block"), the wider area, and the address from its end.
fn candidates(draft: &RestaurantDraft) -> Vec<&str> {
    let mut names = Vec::new();
    for text in [&draft.locality, &draft.area] {
        names.push(text.as_str());
        names.extend(text.rsplit(',').map(str::trim));
        let mut start = text.as_str();
        while let Some((shorter, _)) = start.trim_end().rsplit_once(' ') {
            names.push(shorter);
            start = shorter;
        }
    }
    names.extend(draft.address.rsplit(',').map(str::trim));
    names.retain(|name| name.chars().any(char::is_alphabetic));
    names
}

/// What the file leaves out but every restaurant needs.
fn complete(draft: &mut RestaurantDraft, town: &str) {
    if draft.locality.is_empty() {
        let in_town = |part: &&str| !part.is_empty() && fold(part) != fold(town) && gazetteer::city(part).is_none();
        let part = draft.address.rsplit(',').map(str::trim).find(in_town).unwrap_or(town);
        draft.locality = part.chars().take(120).collect();
    }
    if draft.address.is_empty() {
        draft.address =
            if fold(&draft.locality) == fold(town) { town.to_owned() } else { format!("{}, {town}", draft.locality) };
    }
}

/// A point of the restaurant's own in the middle of its neighbourhood.
fn doorstep(middle: Point, town: &str, draft: &RestaurantDraft) -> Point {
    near(middle, 60.0, 450.0, &[town, &draft.key()])
}

/// A point between two distances from another, the same one for the same words, evenly spread.
fn near(middle: Point, least_m: f64, most_m: f64, words: &[&str]) -> Point {
    let hash = stable_hash(words);
    // FNV mixes its low bits well and its high bits late: one more multiplication spreads them (Steele, Vigna 2021).
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0xd134_2543_de82_ef95);
    let (turn, out) = (share(mixed >> 32), share(mixed & 0xffff_ffff));
    let metres = (out * (most_m * most_m - least_m * least_m) + least_m * least_m).sqrt();
    let (sine, cosine) = (turn * TAU).sin_cos();
    let lat = middle.lat + metres * cosine / METRES_A_DEGREE;
    let lng = middle.lng + metres * sine / (METRES_A_DEGREE * middle.lat.to_radians().cos());
    Point { lat, lng }
}

fn share(half: u64) -> f64 {
    f64::from(u32::try_from(half).unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

/// The middle one by latitude and by longitude: a few wrong points do not move it.
fn median(points: &[Point]) -> Option<Point> {
    let middle = |of: fn(&Point) -> f64| {
        let mut values: Vec<f64> = points.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some(Point { lat: middle(|point| point.lat)?, lng: middle(|point| point.lng)? })
}

#[cfg(test)]
mod tests;
