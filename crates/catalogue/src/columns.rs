//! Which column of a foreign file holds what.
//!
//! Headers are compared as plain words: `RestaurantName`, `restaurant_name` and `Restaurant Name` are one. Each field has
//! a list of names, best first; where none fits, two or three words that only this field would have decide
//! ("avg cost (two people)"). What the operator names wins over both.

use std::fmt;

use crate::text::{fold, tidy};

macro_rules! fields {
    ($($field:ident $key:literal $names:expr, $words:expr;)*) => {
        /// What a column can hold.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = concat!("`", $key, "`")] $field,)*
        }

        impl Field {
            /// All fields.
            pub const ALL: &'static [Self] = &[$(Self::$field,)*];

            /// The name in a mapping.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$field => $key,)* }
            }

            /// Column names that mean this field, folded, best first.
            const fn names(self) -> &'static [&'static str] {
                match self { $(Self::$field => $names,)* }
            }

            /// Sets of words of which one, whole, means this field too.
            const fn words(self) -> &'static [&'static [&'static str]] {
                match self { $(Self::$field => $words,)* }
            }
        }
    };
}

fields! {
    Id "id" &["restaurant id", "res id", "id", "store id", "outlet id", "place id", "rest id", "vendor id", "code"], &[];
    Name "name" &["restaurant name", "name", "restaurant", "res name", "rest name", "outlet name", "hotel name",
        "store name", "title", "outlet"], &[&["restaurant", "name"], &["hotel", "name"], &["outlet", "name"]];
    Address "address" &["address", "full address", "street address", "restaurant address", "addr", "street", "address line 1"],
        &[&["full", "address"], &["street"]];
    Locality "locality" &["locality", "local address", "neighbourhood", "neighborhood", "sub locality", "location", "area name",
        "locality name", "landmark"], &[&["local", "address"]];
    Area "area" &["area", "listed in city", "zone", "region", "district", "locality verbose", "suburb"], &[];
    City "city" &["city", "city name", "town", "restaurant city"], &[];
    State "state" &["state", "state name", "state code", "province"], &[];
    Pin "pin" &["pin", "pincode", "pin code", "postal code", "zip", "zipcode", "zip code", "postcode"], &[];
    Latitude "latitude" &["latitude", "lat", "y", "geo lat", "restaurant latitude"], &[&["latitude"]];
    Longitude "longitude" &["longitude", "lng", "lon", "long", "x", "geo lng", "restaurant longitude"], &[&["longitude"]];
    Cuisines "cuisines" &["cuisines", "cuisine", "cuisines type", "cuisine type", "food type", "type of food"],
        &[&["cuisines"], &["cuisine"]];
    Kind "kind" &["restaurant type", "rest type", "establishment", "establishment type", "category", "type", "kind"], &[];
    CostForTwo "cost_for_two" &["average cost for two", "cost for two", "avg cost two people", "approx cost for two people",
        "price for two", "cost for 2", "average cost", "avg cost", "cost", "price"],
        &[&["cost", "two"], &["price", "two"], &["cost", "2"], &["price", "2"], &["average", "cost"], &["avg", "cost"]];
    Rating "rating" &["rating", "aggregate rating", "rate", "rate out of 5", "ratings", "avg rating", "average rating",
        "dining rating", "delivery rating", "stars", "score", "user rating"], &[&["rate", "5"], &["rating", "5"], &["avg", "rating"]];
    Votes "votes" &["votes", "num of ratings", "number of ratings", "rating count", "ratings count", "total ratings",
        "no of ratings", "reviews", "review count", "num votes", "no of reviews", "number of reviews", "dining votes", "total votes"],
        &[&["num", "ratings"], &["number", "ratings"], &["num", "reviews"], &["votes"]];
    Phone "phone" &["phone", "phone number", "phone numbers", "telephone", "contact", "contact number", "mobile", "tel"],
        &[&["phone"]];
    Veg "veg" &["veg", "pure veg", "is veg", "is pure veg", "vegetarian", "veg only", "veg non veg"], &[];
    Currency "currency" &["currency", "currency code"], &[];
    Country "country" &["country", "country code", "country name", "countrycode"], &[];
}

impl Field {
    /// The reverse of [`Self::key`]; spaces and dashes do for underscores.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Self::ALL.iter().copied().find(|field| field.key() == text)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.key())
    }
}

/// Where each field stands in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    headers: Vec<String>,
    at: Vec<(Field, usize)>,
}

/// Why the columns are not usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// There is no name column.
    #[error("no column for `name`; the file has {}. Say which it is with --map name=COLUMN", list(.found))]
    NoName {
        /// The columns there are.
        found: Vec<String>,
    },
    /// Nothing says where a restaurant is.
    #[error(
        "no column says where a restaurant is: locality, area, address, or latitude and longitude; the file has {}. Say \
         which it is with --map locality=COLUMN",
        list(.found)
    )]
    NoPlace {
        /// The columns there are.
        found: Vec<String>,
    },
    /// The mapping names a column that is not there.
    #[error("--map {field}={column}: there is no such column; the file has {}", list(.found))]
    UnknownColumn {
        /// For which field.
        field: Field,
        /// The name given.
        column: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// The mapping names a field twice.
    #[error("--map gives `{0}` two columns")]
    MappedTwice(Field),
}

impl Columns {
    /// Finds the columns of a header; `mapping` gives fields the columns that the operator named.
    pub fn detect(header: &[String], mapping: &[(Field, String)]) -> Result<Self, ColumnsError> {
        let headers: Vec<String> = header.iter().map(|text| tidy(text)).collect();
        let mut columns = Self { at: Vec::new(), headers };
        for (field, column) in mapping {
            columns.map(*field, column)?;
        }
        columns.fill_by_name();
        columns.fill_by_words();
        columns.check()?;
        Ok(columns)
    }

    /// The text of a field in a record; empty where there is no such column.
    pub fn get<'r>(&self, record: &'r [String], field: Field) -> &'r str {
        self.position(field).and_then(|at| record.get(at)).map_or("", String::as_str)
    }

    /// Whether the file has a column for a field.
    pub fn has(&self, field: Field) -> bool {
        self.position(field).is_some()
    }

    /// The number of columns.
    pub const fn width(&self) -> usize {
        self.headers.len()
    }

    /// The names of the columns, as written but tidied.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Each field with its column's name, in the order of the fields.
    pub fn mapped(&self) -> Vec<(Field, &str)> {
        let mut mapped: Vec<_> = self.at.iter().map(|(field, at)| (*field, self.headers[*at].as_str())).collect();
        mapped.sort_unstable();
        mapped
    }

    fn position(&self, field: Field) -> Option<usize> {
        self.at.iter().find(|(known, _)| *known == field).map(|(_, at)| *at)
    }

    fn map(&mut self, field: Field, column: &str) -> Result<(), ColumnsError> {
        if self.has(field) {
            return Err(ColumnsError::MappedTwice(field));
        }
        let exact = self.headers.iter().position(|header| header == column);
        let at = exact.or_else(|| self.headers.iter().position(|header| words_of(header) == words_of(column)));
        let Some(at) = at else {
            let found = self.headers.clone();
            return Err(ColumnsError::UnknownColumn { field, column: column.to_owned(), found });
        };
        self.at.push((field, at));
        Ok(())
    }

    /// The columns that nobody has taken, with their words.
    fn free(&self) -> Vec<(usize, String)> {
        let taken = |at: &usize| self.at.iter().any(|(_, known)| known == at);
        let free = (0..self.headers.len()).filter(|at| !taken(at));
        free.map(|at| (at, words_of(&self.headers[at]))).collect()
    }

    fn missing(&self) -> Vec<Field> {
        Field::ALL.iter().copied().filter(|field| !self.has(*field)).collect()
    }

    /// Better names first over all fields, so that "type" cannot take what "cuisine type" would.
    fn fill_by_name(&mut self) {
        let deepest = Field::ALL.iter().map(|field| field.names().len()).max().unwrap_or(0);
        for rank in 0..deepest {
            for field in self.missing() {
                let Some(name) = field.names().get(rank) else { continue };
                if let Some((at, _)) = self.free().into_iter().find(|(_, words)| words == name) {
                    self.at.push((field, at));
                }
            }
        }
    }

    fn fill_by_words(&mut self) {
        for field in self.missing() {
            let fits = |words: &str| {
                let words: Vec<&str> = words.split(' ').collect();
                field.words().iter().any(|set| set.iter().all(|word| words.contains(word)))
            };
            if let Some((at, _)) = self.free().into_iter().find(|(_, words)| fits(words)) {
                self.at.push((field, at));
            }
        }
    }

    fn check(&self) -> Result<(), ColumnsError> {
        let found = || self.headers.clone();
        if !self.has(Field::Name) {
            return Err(ColumnsError::NoName { found: found() });
        }
        let words = [Field::Locality, Field::Area, Field::Address].into_iter().any(|field| self.has(field));
        let point = self.has(Field::Latitude) && self.has(Field::Longitude);
        if words || point { Ok(()) } else { Err(ColumnsError::NoPlace { found: found() }) }
    }
}

/// "RestaurantName (old)" as "restaurant name old".
fn words_of(header: &str) -> String {
    let mut spaced = String::with_capacity(header.len() + 4);
    let mut before = ' ';
    for letter in header.chars() {
        if letter.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            spaced.push(' ');
        }
        spaced.push(letter);
        before = letter;
    }
    fold(&spaced)
}

fn list(headers: &[String]) -> String {
    let names: Vec<String> = headers.iter().map(|header| format!("“{header}”")).collect();
    if names.is_empty() { "no columns".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::{Columns, ColumnsError, Field, words_of};

    fn header(names: &str) -> Vec<String> {
        names.split('|').map(str::to_owned).collect()
    }

    fn found(names: &str) -> Vec<(Field, String)> {
        let columns = Columns::detect(&header(names), &[]).unwrap();
        columns.mapped().into_iter().map(|(field, name)| (field, name.to_owned())).collect()
    }

    #[test]
    fn words_of_a_header() {
        assert_eq!(words_of("RestaurantName"), "restaurant name");
        assert_eq!(words_of("Average_Cost_for_two"), "average cost for two");
        assert_eq!(words_of("RestaurantID"), "restaurant id");
    }

    #[test]
    fn the_shape_with_coordinates_is_recognised_in_any_order() {
        let names = "Rating|City|RestaurantName|Longitude|Votes|Latitude|Locality|Has_Table_booking|LocalityVerbose|\
                     Average_Cost_for_two|Address|CountryCode|RestaurantID|Cuisines|Currency|Price_range";
        let found = found(names);
        let column = |field: Field| found.iter().find(|(known, _)| *known == field).map(|(_, name)| name.as_str());
        assert_eq!(column(Field::Id), Some("RestaurantID"));
        assert_eq!(column(Field::Locality), Some("Locality"));
        assert_eq!(column(Field::Area), Some("LocalityVerbose"));
        assert_eq!(column(Field::CostForTwo), Some("Average_Cost_for_two"));
        assert_eq!(column(Field::Country), Some("CountryCode"));
        assert_eq!(column(Field::Rating), Some("Rating"));
        assert_eq!(found.len(), 14);
    }

    #[test]
    fn the_shape_without_coordinates_is_recognised() {
        let names = "|Unnamed: 0|restaurant name|restaurant type|rate (out of 5)|num of ratings|avg cost (two people)|\
                     online_order|table booking|cuisines type|area|local address";
        let expected = [
            (Field::Name, "restaurant name"),
            (Field::Locality, "local address"),
            (Field::Area, "area"),
            (Field::Cuisines, "cuisines type"),
            (Field::Kind, "restaurant type"),
            (Field::CostForTwo, "avg cost (two people)"),
            (Field::Rating, "rate (out of 5)"),
            (Field::Votes, "num of ratings"),
        ];
        assert_eq!(found(names), expected.map(|(field, name)| (field, name.to_owned())));
    }

    #[test]
    fn what_the_operator_says_wins() {
        let header = header("Label|Where|name|area");
        let mapping = [(Field::Name, "label".to_owned()), (Field::Locality, "Where".to_owned())];
        let columns = Columns::detect(&header, &mapping).unwrap();
        assert_eq!(columns.mapped(), [(Field::Name, "Label"), (Field::Locality, "Where"), (Field::Area, "area")]);
    }

    #[test]
    fn what_is_missing_is_said_with_what_was_found() {
        let error = Columns::detect(&header("Foo|Area"), &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no column for `name`; the file has “Foo”, “Area”. Say which it is with --map name=COLUMN"
        );
        assert!(matches!(Columns::detect(&header("name|lat"), &[]), Err(ColumnsError::NoPlace { .. })));
        let unknown = [(Field::Name, "Bar".to_owned())];
        assert!(matches!(Columns::detect(&header("Foo"), &unknown), Err(ColumnsError::UnknownColumn { .. })));
    }

    #[test]
    fn keys_read_back() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.key()), Some(*field));
            for name in field.names() {
                assert_eq!(words_of(name), *name, "{field}");
            }
        }
        assert_eq!(Field::parse("Cost for two"), Some(Field::CostForTwo));
    }
}
