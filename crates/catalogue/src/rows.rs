//! One record of a foreign file becomes a restaurant, or a list of reasons why it does not.
//!
//! Only real defects are reasons: no name, no place, a number that is none, a row of the wrong length, another country.
//! What is merely unknown stays unknown. Where the restaurant stands is decided later, when all rows have been read.

use domain::{geo::Point, menu::VegMark, money::Paise};
use india::{Mobile, Pin};

use crate::{
    columns::{Columns, Field},
    numbers,
    records::Record,
    text::{fold, is_absent, stable_hash, tidy},
};

const LONGEST_NAME: usize = 120;
const LONGEST_LOCALITY: usize = 120;
const LONGEST_ADDRESS: usize = 400;
const LONGEST_CUISINE: usize = 40;
const MOST_CUISINES: usize = 12;

/// A restaurant as a file tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RestaurantDraft {
    /// The line of the file where it begins.
    pub line: usize,
    /// The file's own number for it.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its street address; empty where the file has none.
    pub address: String,
    /// Its neighbourhood; empty where the file has none.
    pub locality: String,
    /// The wider part of town; empty where the file has none.
    pub area: String,
    /// Its city as written; empty where the file has none.
    pub city: String,
    /// Its State as written; empty where the file has none.
    pub state: String,
    /// Postal code.
    pub pin: Option<String>,
    /// Mobile number, as E.164.
    pub phone: Option<String>,
    /// Where it stands, as the file has it: not yet checked against any map.
    pub point: Option<Point>,
    /// What it cooks.
    pub cuisines: Vec<String>,
    /// What it serves at most.
    pub veg_mark: VegMark,
    /// About what two people pay.
    pub price_for_two: Option<Paise>,
    /// Mean rating in tenths of a star.
    pub rating_tenths: Option<i64>,
    /// Number of ratings behind it.
    pub rating_count: i64,
}

impl RestaurantDraft {
    /// Reads a record.
    pub fn read(record: &Record, columns: &Columns) -> Result<Self, Vec<String>> {
        check_shape(record, columns)?;
        let reader = Reader { fields: &record.fields, columns };
        let mut reasons = Vec::new();
        let draft = reader.draft(record.line, &mut reasons);
        if reasons.is_empty() { Ok(draft) } else { Err(reasons) }
    }

    /// What tells this restaurant from any other of the same source: its number, else its name and all that is said of
    /// its place.
    pub fn key(&self) -> String {
        if let Some(id) = &self.id {
            return id.clone();
        }
        let parts = [&self.name, &self.address, &self.locality, &self.area, &self.city].map(|part| fold(part));
        format!("{:016x}", stable_hash(&parts.each_ref().map(String::as_str)))
    }
}

/// The lines of a file must be as long as its header: fields of a shorter or longer one stand nobody knows where.
/// Empty fields at the end do no harm.
fn check_shape(record: &Record, columns: &Columns) -> Result<(), Vec<String>> {
    if record.unclosed {
        return Err(vec!["a quote is opened and never closed".to_owned()]);
    }
    let (have, want) = (record.fields.len(), columns.width());
    let surplus = record.fields.iter().skip(want).any(|field| !field.trim().is_empty());
    if have < want || surplus {
        return Err(vec![format!("{have} fields where the header has {want}")]);
    }
    Ok(())
}

struct Reader<'r> {
    fields: &'r [String],
    columns: &'r Columns,
}

impl Reader<'_> {
    fn draft(&self, line: usize, reasons: &mut Vec<String>) -> RestaurantDraft {
        let name = self.text(Field::Name);
        if !name.chars().any(char::is_alphanumeric) {
            reasons.push("no name".to_owned());
        } else if name.chars().count() > LONGEST_NAME {
            reasons.push(format!("the name is longer than {LONGEST_NAME} characters"));
        }
        self.check_country(reasons);
        let point = kept(numbers::point(self.raw(Field::Latitude), self.raw(Field::Longitude)), reasons);
        let price_for_two = kept(numbers::cost_for_two(&self.text(Field::CostForTwo)), reasons);
        let (rating_tenths, rating_count) = self.rating(reasons);
        let (address, locality, area) = self.place();
        if point.is_none() && address.is_empty() && locality.is_empty() && area.is_empty() {
            reasons.push("no address, neighbourhood or coordinates".to_owned());
        }
        let cuisines = self.cuisines();
        let veg_mark = self.veg_mark(&name, &cuisines);
        RestaurantDraft {
            line,
            id: Some(self.text(Field::Id)).filter(|id| !id.is_empty()).map(|id| id.chars().take(80).collect()),
            pin: self.pin(&address),
            name,
            address,
            locality,
            area,
            city: self.text(Field::City),
            state: self.text(Field::State),
            phone: self.phone(),
            point: point.map(unswapped),
            cuisines,
            veg_mark,
            price_for_two,
            rating_tenths,
            rating_count,
        }
    }

    fn raw(&self, field: Field) -> &str {
        self.columns.get(self.fields, field).trim().trim_start_matches('\'')
    }

    /// Tidied; empty where the field says nothing.
    fn text(&self, field: Field) -> String {
        let text = tidy(self.columns.get(self.fields, field));
        if is_absent(&text) { String::new() } else { text }
    }

    fn check_country(&self, reasons: &mut Vec<String>) {
        let country = fold(&self.text(Field::Country));
        // By name, by telephone, by ISO 3166; and 1, which stands for India where catalogues number their countries.
        if !["", "india", "in", "ind", "bharat", "91", "356", "1"].contains(&country.as_str()) {
            reasons.push(format!("country “{country}” is not India"));
        }
        let written = self.text(Field::Currency);
        let currency = fold(&written);
        let words: Vec<&str> = currency.split(' ').collect();
        let foreign =
            ["sri", "lanka", "lankan", "lkr", "pakistani", "pkr", "nepalese", "npr", "mauritian", "indonesian"];
        let rupees =
            written.contains('₹') || ["rs", "inr", "rupee", "rupees", "indian"].iter().any(|word| words.contains(word));
        if !currency.is_empty() && (!rupees || foreign.iter().any(|word| words.contains(word))) {
            reasons.push(format!("prices are in “{written}”, not in rupees"));
        }
    }

    /// A rating that nobody gave is none.
    fn rating(&self, reasons: &mut Vec<String>) -> (Option<i64>, i64) {
        let tenths = kept(numbers::rating_tenths(&self.text(Field::Rating)), reasons);
        let votes = kept(numbers::votes(&self.text(Field::Votes)), reasons);
        match (tenths, votes) {
            (None, _) | (_, Some(0)) => (None, 0),
            (tenths, votes) => (tenths, votes.unwrap_or(1)),
        }
    }

    /// Address, neighbourhood and wider area. A "locality" that reads like a street is an address.
    fn place(&self) -> (String, String, String) {
        let cut = |text: String, most: usize| text.chars().take(most).collect::<String>();
        let mut address = self.text(Field::Address);
        let mut locality = self.text(Field::Locality);
        let area = self.text(Field::Area);
        let street = locality.contains(',') && locality.bytes().any(|byte| byte.is_ascii_digit());
        if address.is_empty() && (street || locality.chars().count() > LONGEST_LOCALITY) {
            address = std::mem::take(&mut locality);
        }
        if locality.is_empty() {
            locality.clone_from(&area);
        }
        (cut(address, LONGEST_ADDRESS), cut(locality, LONGEST_LOCALITY), cut(area, LONGEST_LOCALITY))
    }

    /// The kind of place stands in where nothing is said of the food: a bakery bakes.
    fn cuisines(&self) -> Vec<String> {
        let named = list(&self.text(Field::Cuisines));
        if named.is_empty() { list(&self.text(Field::Kind)) } else { named }
    }

    fn veg_mark(&self, name: &str, cuisines: &[String]) -> VegMark {
        let said = fold(&self.text(Field::Veg));
        if ["yes", "y", "true", "1", "veg", "pure veg", "vegetarian", "veg only"].contains(&said.as_str()) {
            return VegMark::Veg;
        }
        let words = fold(&format!("{name}; {}", cuisines.join("; ")));
        if only_vegetarian(&words) { VegMark::Veg } else { VegMark::NonVeg }
    }

    fn pin(&self, address: &str) -> Option<String> {
        let written = Pin::parse(self.raw(Field::Pin).trim_end_matches(".0")).ok();
        let in_address = || {
            let digits = address.split(|letter: char| !letter.is_ascii_digit());
            digits.filter(|run| run.len() == 6).filter_map(|run| Pin::parse(run).ok()).next_back()
        };
        written.or_else(in_address).map(|pin| pin.as_str().to_owned())
    }

    fn phone(&self) -> Option<String> {
        let text = self.text(Field::Phone);
        // The first of several numbers that a message can be sent to; exchanges of the old network get none.
        let first = text.split([',', ';', '/', '|']).find_map(|number| Mobile::parse(number.trim()).ok())?;
        Some(first.as_str().to_owned())
    }
}

/// An explicit word, and none that takes it back.
fn only_vegetarian(folded: &str) -> bool {
    let padded = format!(" {folded} ");
    let has = |words: &[&str]| words.iter().any(|word| padded.contains(&format!(" {word} ")));
    has(&[
        "pure veg",
        "pure vegetarian",
        "vegetarian",
        "shudh shakahari",
        "shuddh shakahari",
        "shakahari",
        "only veg",
        "veg only",
    ]) && !has(&["non veg", "non vegetarian", "nonveg", "nonvegetarian"])
}

/// The names of a list, whichever way it is written ("North Indian, Chinese", with semicolons, in brackets), each once.
fn list(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in text.split([',', ';', '|', '/']) {
        let name = part.trim_matches(|letter: char| letter.is_whitespace() || "[]{}()'\"".contains(letter));
        let name: String = name.chars().take(LONGEST_CUISINE).collect();
        let known = names.iter().any(|known| fold(known) == fold(&name));
        if !is_absent(&name) && !known && names.len() < MOST_CUISINES {
            names.push(name);
        }
    }
    names
}

/// Latitude and longitude that stand in each other's place: no point of India has such a latitude.
fn unswapped(point: Point) -> Point {
    let turned = Point { lat: point.lng, lng: point.lat };
    if crate::gazetteer::in_india(turned) && !crate::gazetteer::in_india(point) { turned } else { point }
}

fn kept<T>(read: Result<Option<T>, numbers::BadNumber>, reasons: &mut Vec<String>) -> Option<T> {
    read.unwrap_or_else(|bad| {
        reasons.push(bad.to_string());
        None
    })
}

#[cfg(test)]
mod tests {
    use super::RestaurantDraft;
    use crate::{columns::Columns, records::Sheet};
    use domain::{geo::Point, menu::VegMark, money::Paise};
    use proptest::prelude::*;

    fn read(text: &[u8]) -> Vec<Result<RestaurantDraft, Vec<String>>> {
        let sheet = Sheet::read(text).unwrap();
        let columns = Columns::detect(&sheet.header, &[]).unwrap();
        sheet.records.iter().map(|record| RestaurantDraft::read(record, &columns)).collect()
    }

    const WITH_POINTS: &str = "RestaurantID,RestaurantName,CountryCode,City,Address,Locality,Longitude,Latitude,Cuisines,\
                               Currency,Votes,Average_Cost_for_two,Rating\n";

    fn one(row: &str) -> Result<RestaurantDraft, Vec<String>> {
        read(format!("{WITH_POINTS}{row}\n").as_bytes()).remove(0)
    }

    #[test]
    fn a_row_with_coordinates() {
        let draft = one(
            "77,Lantern House,1,Pune,\"4, Baner Road, Pune 411045\",Baner,73.78,18.56,\"Thai, Sushi\",Indian Rupees(Rs.),\
                         120,\"1,400\",4.2",
        );
        let draft = draft.unwrap();
        assert_eq!(draft.id.as_deref(), Some("77"));
        assert_eq!(draft.point, Some(Point { lat: 18.56, lng: 73.78 }));
        assert_eq!(draft.cuisines, ["Thai", "Sushi"]);
        assert_eq!(draft.price_for_two, Some(Paise(140_000)));
        assert_eq!((draft.rating_tenths, draft.rating_count), (Some(42), 120));
        assert_eq!(draft.pin.as_deref(), Some("411045"));
        assert_eq!(draft.veg_mark, VegMark::NonVeg);
    }

    #[test]
    fn a_row_without_coordinates() {
        let text = ",Unnamed: 0,restaurant name,restaurant type,rate (out of 5),num of ratings,avg cost (two people),\
                    cuisines type,area,local address\n0,0,Crumb & Co,Bakery,--,0,,,Jayanagar,Jayanagar 4th Block\n";
        let draft = read(text.as_bytes()).remove(0).unwrap();
        assert_eq!(draft.id, None);
        assert_eq!((draft.locality.as_str(), draft.area.as_str()), ("Jayanagar 4th Block", "Jayanagar"));
        assert_eq!(draft.cuisines, ["Bakery"]);
        assert_eq!((draft.point, draft.price_for_two, draft.rating_tenths), (None, None, None));
        assert_eq!(draft.key().len(), 16);
    }

    #[test]
    fn defects_are_all_named() {
        let reasons = one("77, ,1,Pune,,,73.78,north,Thai,Dollar($),many,a lot,6.1").unwrap_err();
        assert_eq!(
            reasons,
            [
                "no name",
                "prices are in “Dollar($)”, not in rupees",
                "latitude “north” is not a number",
                "cost for two “a lot” is not a number",
                "rating “6.1” is not between 0 and 5",
                "number of votes “many” is not a number",
                "no address, neighbourhood or coordinates",
            ]
        );
        assert_eq!(one("77,Short").unwrap_err(), ["2 fields where the header has 13"]);
        assert_eq!(one("77,\"Open").unwrap_err(), ["a quote is opened and never closed"]);
        let abroad = one("77,A,191,Colombo,X,Fort,79.85,6.93,Thai,Sri Lankan Rupee(LKR),1,1,4").unwrap_err();
        assert_eq!(abroad, ["country “191” is not India", "prices are in “Sri Lankan Rupee(LKR)”, not in rupees"]);
    }

    #[test]
    fn only_a_clear_word_makes_a_kitchen_vegetarian() {
        let mark = |name: &str| one(&format!("1,{name},1,Pune,X,Baner,73.78,18.56,Thai,,1,1,4")).unwrap().veg_mark;
        for name in ["Meera Pure Veg", "Gopal (Pure-Veg)", "Shree Vegetarian Meals", "Shudh Shakahari Bhojnalaya"] {
            assert_eq!(mark(name), VegMark::Veg, "{name}");
        }
        for name in ["Veg Corner", "Pure Veg & Non Veg", "Vegetarian and Non-Vegetarian", "Vega", "Green Leaf"] {
            assert_eq!(mark(name), VegMark::NonVeg, "{name}");
        }
    }

    #[test]
    fn turned_coordinates_are_turned_back() {
        let draft = one("1,A,1,Pune,X,Baner,18.56,73.78,Thai,,1,1,4").unwrap();
        assert_eq!(draft.point, Some(Point { lat: 18.56, lng: 73.78 }));
    }

    #[test]
    fn a_rating_without_votes_is_none() {
        assert_eq!(one("1,A,1,Pune,X,Baner,73.78,18.56,Thai,,0,1,1.0").unwrap().rating_tenths, None);
    }

    proptest! {
        #[test]
        fn any_bytes_after_a_header_are_answered(
            bytes in proptest::collection::vec(
                prop_oneof![4 => Just(b','), 1 => Just(b'"'), 1 => Just(b'\n'), 4 => any::<u8>()], 0..300)
        ) {
            let mut file = WITH_POINTS.as_bytes().to_vec();
            file.extend(&bytes);
            for draft in read(&file).into_iter().flatten() {
                prop_assert!(!draft.name.is_empty());
                draft.key();
            }
        }
    }
}
