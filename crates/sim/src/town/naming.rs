//! Names for roads, localities, parks, water and places. All invented from common Indian words; none copied from a map.

use rand::Rng;
use rand::seq::SliceRandom;

use super::RoadKind;
use super::cities::StreetStyle;
use super::lines::{Line, Role};
use super::plane::{Spot, middle};

/// The letters painted on lids, one per zone, in the order of the zone polygons.
pub(super) const LETTERS: [char; 6] = ['M', 'N', 'J', 'D', 'H', 'K'];

const LOCALITIES: [(char, [&str; 5]); 6] = [
    ('M', ["Mallepura", "Madhuban", "Mandarapet", "Mayuri Nagar", "Mogra Vihar"]),
    ('N', ["Nandivihar", "Neelkanth Nagar", "Navilpet", "Nagarkere", "Nirmal Colony"]),
    ('J', ["Jyothinagar", "Jambupet", "Jalvihar", "Janaki Nagar", "Jasmin Colony"]),
    ('D', ["Devipura", "Doddakere", "Deepnagar", "Dhanvantari Nagar", "Dasapet"]),
    ('H', ["Hosakere", "Halepet", "Hemavati Nagar", "Harshapura", "Hansvihar"]),
    ('K', ["Kamalapet", "Kaveripura", "Kalyan Vihar", "Ketaki Nagar", "Kumudapur"]),
];

const MAIN_ROADS: [&str; 24] = [
    "Market Road",
    "Temple Street",
    "Station Road",
    "Mill Road",
    "College Road",
    "Fort Road",
    "Clock Tower Road",
    "Hospital Road",
    "Bazaar Street",
    "Court Road",
    "Museum Road",
    "Post Office Road",
    "Mango Grove Road",
    "Weavers Road",
    "Observatory Road",
    "Granary Road",
    "Jail Road",
    "Printers Street",
    "Silk Farm Road",
    "Radio Station Road",
    "Nursery Road",
    "Old Gate Road",
    "Stadium Road",
    "Planetarium Road",
];
const DIAGONALS: [&str; 4] = ["Old Post Road", "Trunk Road", "Caravan Road", "Pilgrim Road"];
const PROPER: [&str; 32] = [
    "Gulmohar", "Neem", "Ashoka", "Champa", "Kadamba", "Palash", "Mogra", "Parijat", "Peepal", "Banyan", "Tulsi",
    "Kesar", "Kamal", "Chandan", "Amaltas", "Bakul", "Ketaki", "Malati", "Shirish", "Kachnar", "Jamun", "Imli", "Amla",
    "Sampige", "Honge", "Tamarind", "Sandal", "Lotus", "Mayur", "Koel", "Hansa", "Chakor",
];
const LAKES: [&str; 6] = ["Hosa Kere", "Kamal Sarovar", "Hans Talao", "Devi Lake", "Chandra Sarovar", "Neel Talao"];
const PARKS: [&str; 16] = [
    "Neem Park",
    "Gulmohar Park",
    "Children's Park",
    "Banyan Park",
    "Lotus Park",
    "Mango Grove",
    "Jasmine Garden",
    "Bamboo Garden",
    "Sunrise Park",
    "Peacock Park",
    "Library Garden",
    "Champa Park",
    "Rose Garden",
    "Cricket Maidan",
    "Tamarind Park",
    "Palm Garden",
];

/// Names of the lake, its road and the main roads, and a name (or none) for every line.
pub(super) struct Names {
    pub(super) streets: Vec<String>,
    pub(super) of_line: Vec<Option<u16>>,
    pub(super) lake: String,
    pub(super) parks: Vec<&'static str>,
    pub(super) localities: Vec<String>,
}

impl Names {
    /// `zone_of` says in which zone a spot lies; numbered streets start again in every zone.
    pub(super) fn draw<R: Rng>(
        lines: &[Line],
        style: StreetStyle,
        zone_of: impl Fn(Spot) -> usize,
        rng: &mut R,
    ) -> Self {
        let lake = LAKES[rng.random_range(0..LAKES.len())].to_owned();
        let mut parks = PARKS.to_vec();
        parks.shuffle(rng);
        let localities = LOCALITIES.map(|(_, names)| names[rng.random_range(0..names.len())].to_owned()).to_vec();
        let mut names = Self { streets: Vec::new(), of_line: vec![None; lines.len()], lake, parks, localities };
        names.name_main_roads(lines, rng);
        names.name_small_roads(lines, style, zone_of, rng);
        names
    }

    fn give(&mut self, line: usize, name: String) {
        let known = self.streets.iter().position(|street| *street == name);
        let index = known.unwrap_or_else(|| {
            self.streets.push(name);
            self.streets.len() - 1
        });
        self.of_line[line] = u16::try_from(index).ok();
    }

    fn name_main_roads<R: Rng>(&mut self, lines: &[Line], rng: &mut R) {
        let mut mains = MAIN_ROADS.to_vec();
        mains.shuffle(rng);
        let diagonal = DIAGONALS[rng.random_range(0..DIAGONALS.len())];
        let mut arterials = 0;
        let mut banks = 0;
        let mut rings = 0;
        for (index, line) in lines.iter().enumerate() {
            let name = match line.role {
                Role::Diagonal => diagonal.to_owned(),
                Role::LakeRing => format!("{} Road", self.lake),
                Role::Bridge => "Canal Bridge".to_owned(),
                Role::CanalBank => {
                    banks += 1;
                    if banks == 1 { "Canal Road".to_owned() } else { "Canal Bund Road".to_owned() }
                }
                Role::OldRing => {
                    rings += 1;
                    if rings == 1 { "Temple Ring".to_owned() } else { "Car Street".to_owned() }
                }
                Role::First | Role::Second if line.kind == RoadKind::Arterial => {
                    arterials += 1;
                    mains[(arterials - 1) % mains.len()].to_owned()
                }
                Role::First | Role::Second => continue,
            };
            self.give(index, name);
        }
    }

    fn name_small_roads<R: Rng>(
        &mut self,
        lines: &[Line],
        style: StreetStyle,
        zone_of: impl Fn(Spot) -> usize,
        rng: &mut R,
    ) {
        let mut order: Vec<(usize, Role, f64, usize)> = Vec::new();
        for (index, line) in lines.iter().enumerate().filter(|(index, _)| self.of_line[*index].is_none()) {
            let centre = middle(&line.spots);
            let across = if line.role == Role::First { -centre.y } else { centre.x };
            order.push((zone_of(centre), line.role, across, index));
        }
        order.sort_by(|a, b| {
            (a.0, a.1 == Role::Second).cmp(&(b.0, b.1 == Role::Second)).then(a.2.total_cmp(&b.2)).then(a.3.cmp(&b.3))
        });
        let mut counting = (usize::MAX, Role::Diagonal, 0);
        for (zone, role, _, index) in order {
            if (counting.0, counting.1) != (zone, role) {
                counting = (zone, role, 0);
            }
            if lines[index].kind == RoadKind::Street && rng.random_bool(0.45) {
                let proper = PROPER[rng.random_range(0..PROPER.len())];
                self.give(index, proper_street(proper, style));
                continue;
            }
            counting.2 += 1;
            self.give(index, numbered_street(counting.2, role, style));
        }
    }
}

/// What stands in a town besides houses: (name, share of the half width, share of the half height) to look near.
pub(super) const LANDMARKS: [(&str, f64, f64); 8] = [
    ("Railway Station", 0.62, -0.3),
    ("Bus Stand", -0.3, -0.35),
    ("City Hospital", 0.35, 0.45),
    ("Arts College", -0.7, 0.1),
    ("Textile Mill", 0.75, 0.55),
    ("Stadium", -0.45, -0.7),
    ("District Court", 0.15, -0.62),
    ("Tech Park", 0.72, -0.72),
];

fn proper_street(name: &str, style: StreetStyle) -> String {
    let suffix = match style {
        StreetStyle::South => "Road",
        StreetStyle::West | StreetStyle::North => "Marg",
        StreetStyle::East => "Sarani",
    };
    format!("{name} {suffix}")
}

fn numbered_street(count: u32, role: Role, style: StreetStyle) -> String {
    let first = role == Role::First;
    match style {
        StreetStyle::South => {
            format!("{} {}", ordinal(count), if first { "Cross" } else { "Main" })
        }
        StreetStyle::West if first => format!("Lane {count}"),
        StreetStyle::West => format!("Gali {count}"),
        StreetStyle::North if first => format!("Gali No. {count}"),
        StreetStyle::North => format!("Road No. {count}"),
        StreetStyle::East if first => format!("{count} No. Lane"),
        StreetStyle::East => format!("{count} No. Street"),
    }
}

fn ordinal(count: u32) -> String {
    let suffix = match (count % 10, count % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{count}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals_read_as_spoken() {
        let spoken: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(ordinal).to_vec();
        assert_eq!(spoken, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "101st", "111th"]);
    }
}
