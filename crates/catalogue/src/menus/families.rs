//! Which family a cuisine belongs to.

use super::dish::Family;
use super::{north, quick, south, sweet, west_east, world};

/// All families; of two that match equally well the earlier one wins.
pub(super) const FAMILIES: &[&Family] = &[
    &north::NORTH_INDIAN,
    &south::SOUTH_INDIAN,
    &quick::CHINESE,
    &north::MUGHLAI,
    &south::BIRYANI,
    &quick::FAST_FOOD,
    &quick::STREET_FOOD,
    &sweet::BAKERY,
    &sweet::MITHAI,
    &sweet::CAFE,
    &sweet::BEVERAGES,
    &world::CONTINENTAL,
    &world::ITALIAN,
    &south::ANDHRA,
    &west_east::BENGALI,
    &west_east::GUJARATI,
    &north::RAJASTHANI,
    &west_east::MAHARASHTRIAN,
    &south::KERALA,
    &south::COASTAL,
    &south::CHETTINAD,
    &north::PUNJABI,
    &sweet::ICE_CREAM,
    &world::HEALTHY,
    &north::KEBAB_ROLLS,
    &world::ARABIAN,
    &west_east::MOMO,
    &quick::ASIAN,
    &world::MEXICAN,
    &world::GENERIC,
];

/// The families of a list of cuisines, each once, in order of mention; the general one if none is recognised.
pub(super) fn families_of(cuisines: &[&str]) -> Vec<&'static Family> {
    let mut found: Vec<&'static Family> = Vec::new();
    let parts = cuisines.iter().flat_map(|text| text.split([',', ';', '/', '|', '&', '+', '\n']));
    for cuisine in parts.map(plain).filter(|cuisine| !cuisine.is_empty()) {
        if let Some(family) = family_of(&cuisine)
            && found.iter().all(|known| known.key != family.key)
        {
            found.push(family);
        }
    }
    if found.is_empty() {
        found.push(&world::GENERIC);
    }
    found
}

/// The codes of the families of a list of cuisines, such as "north_indian"; never empty.
pub fn family_keys(cuisines: &[&str]) -> Vec<&'static str> {
    families_of(cuisines).into_iter().map(|family| family.key).collect()
}

/// The codes of all families, the general one included.
pub fn all_family_keys() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|family| family.key)
}

/// Lower case, letters and single spaces only, at most 40 characters.
fn plain(text: &str) -> String {
    let letters: String =
        text.chars().take(80).map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    let folded = letters.to_lowercase().replace(['é', 'è'], "e");
    folded.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(40).collect()
}

/// Same words first, then the longest family word inside the text, then the nearest spelling.
fn family_of(cuisine: &str) -> Option<&'static Family> {
    let all = || FAMILIES.iter().flat_map(|family| family.words.iter().map(move |word| (*family, *word)));
    if let Some((family, _)) = all().find(|(_, word)| *word == cuisine) {
        return Some(family);
    }
    let padded = format!(" {cuisine} ");
    let mut inside: Option<(&'static Family, &str)> = None;
    for (family, word) in all().filter(|(_, word)| padded.contains(&format!(" {word} "))) {
        if inside.is_none_or(|(_, longest)| word.len() > longest.len()) {
            inside = Some((family, word));
        }
    }
    if let Some((family, _)) = inside {
        return Some(family);
    }
    let allowed = match cuisine.chars().count() {
        0..=4 => return None,
        5..=7 => 1,
        _ => 2,
    };
    let spelled = all().map(|(family, word)| (edits(cuisine, word), family));
    spelled.filter(|(edits, _)| *edits <= allowed).min_by_key(|(edits, _)| *edits).map(|(_, family)| family)
}

/// The number of single letters to change, add or drop to make one word the other (Levenshtein).
fn edits(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in two.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use super::{edits, family_keys};

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("biryani", "biryani"), 0);
        assert_eq!(edits("briyani", "biryani"), 2);
        assert_eq!(edits("", "dosa"), 4);
    }

    #[test]
    fn cuisines_find_their_family() {
        assert_eq!(family_keys(&["North Indian, Chinese"]), ["north_indian", "chinese"]);
        assert_eq!(family_keys(&["Café", "Pizza"]), ["cafe", "italian"]);
        assert_eq!(family_keys(&["Hyderabadi Biryani", "Briyani"]), ["biryani"]);
        assert_eq!(family_keys(&["Mangalorean Seafood"]), ["coastal"]);
        assert_eq!(family_keys(&["Mughali"]), ["mughlai"]);
        assert_eq!(family_keys(&["Southindian"]), ["south_indian"]);
        assert_eq!(family_keys(&["Authentic Gujarati Food"]), ["gujarati"]);
        assert_eq!(family_keys(&["Qwzx", ""]), ["generic"]);
        assert_eq!(family_keys(&[]), ["generic"]);
    }
}
