//! The kitchens of a city, those with late orders first.

use std::{cmp::Reverse, collections::HashMap, sync::Arc};

use domain::{geo::Point, id::RestaurantId};
use jiff::Timestamp;

use crate::{places::City, restaurants::directory::Entry};

/// Kitchens told of. A city with more tells only of those that have orders.
const MOST_KITCHENS: usize = 300;

/// A kitchen.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveKitchen {
    /// Its id.
    pub id: RestaurantId,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub point: Point,
    /// Takes orders now.
    pub open_now: bool,
    /// Orders that have not ended.
    pub open_orders: usize,
    /// Of these, those that should be ready and are not.
    pub late_orders: usize,
}

/// Open and late orders of a kitchen.
pub(super) type Load = HashMap<RestaurantId, (usize, usize)>;

pub(super) fn kitchens(now: Timestamp, city: &City, entries: Vec<Arc<Entry>>, load: &Load) -> Vec<LiveKitchen> {
    let kitchen = |entry: Arc<Entry>| {
        let (open_orders, late_orders) = load.get(&entry.id).copied().unwrap_or_default();
        let open_now = entry.availability(now, &city.zone).open;
        let name = entry.name.clone();
        LiveKitchen { id: entry.id, name, point: entry.point, open_now, open_orders, late_orders }
    };
    entries.into_iter().map(kitchen).collect()
}

/// The kitchens to tell of: all of a small city, else those that have orders; those with late orders first.
pub(super) fn told(mut kitchens: Vec<LiveKitchen>) -> Vec<LiveKitchen> {
    if kitchens.len() > MOST_KITCHENS {
        kitchens.retain(|kitchen| kitchen.open_orders > 0);
    }
    let worst = |kitchen: &LiveKitchen| (Reverse(kitchen.late_orders), Reverse(kitchen.open_orders));
    kitchens.sort_by(|one, other| worst(one).cmp(&worst(other)).then_with(|| one.name.cmp(&other.name)));
    kitchens.truncate(MOST_KITCHENS);
    kitchens
}

#[cfg(test)]
mod tests {
    use super::{LiveKitchen, MOST_KITCHENS, told};
    use domain::{geo::Point, id::RestaurantId};
    use uuid::Uuid;

    fn kitchens(count: usize) -> Vec<LiveKitchen> {
        let kitchen = |index: usize| LiveKitchen {
            id: RestaurantId(Uuid::from_u128(index as u128)),
            name: format!("Kitchen {index:04}"),
            point: Point { lat: 12.9, lng: 77.6 },
            open_now: true,
            open_orders: index % 2,
            late_orders: usize::from(index == 7),
        };
        (0..count).map(kitchen).collect()
    }

    #[test]
    fn a_small_city_shows_every_kitchen_and_the_late_one_first() {
        let few = told(kitchens(10));
        assert_eq!(few.len(), 10);
        assert_eq!((few[0].name.as_str(), few[1].name.as_str()), ("Kitchen 0007", "Kitchen 0001"));
    }

    #[test]
    fn a_large_city_shows_those_that_have_orders() {
        assert_eq!(told(kitchens(400)).len(), 200);
        assert_eq!(told(kitchens(1_000)).len(), MOST_KITCHENS);
    }
}
