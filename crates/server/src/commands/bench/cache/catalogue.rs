//! What is read: the lists, restaurants and menus of a city, the more popular the earlier they stand.

use std::sync::Arc;

use app::{App, Entropy};
use cache::Namespace;
use domain::permission::Actor;
use sim::CitySpec;

use crate::commands::measure::histogram::float;

/// Exponent of the popularity: the usual one for what many people read.
const EXPONENT: f64 = 0.99;
/// The lists that anybody opens first: what the query says besides the city.
const LISTS: [&str; 3] = ["", "&sort=price", "&sort=name"];

/// An answer that can be read.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// Where it is.
    pub(super) path: String,
    /// Where the cache keeps it.
    pub(super) namespace: Namespace,
    /// Under which key.
    pub(super) key: String,
}

/// Every page, in the order of popularity.
pub(super) struct Catalogue {
    pub(super) pages: Vec<Page>,
    /// Popularity of each page.
    popularity: Vec<f64>,
}

impl Catalogue {
    /// Seeds a city of so many pages through the use cases.
    pub(super) async fn seed(app: &Arc<App>, seed: u64, pages: u32) -> Result<Self, String> {
        let kitchens = pages.saturating_sub(3).max(2) / 2;
        let spec =
            CitySpec { seed, restaurants: kitchens, couriers: 1, customers: 1, demo: true, ..CitySpec::default() };
        let city = sim::seed_city(app, &app.ctx(Actor::System), &spec).await.map_err(|error| error.to_string())?;
        let lists = LISTS.map(|list| {
            let query = format!("city={}{list}", spec.slug);
            Page { path: format!("/restaurants?{query}"), namespace: Namespace::RestaurantAvailability, key: query }
        });
        let kitchens = city.cast.kitchens.iter().flat_map(|id| {
            let page = |path: String, namespace| Page { path, namespace, key: id.to_string() };
            [
                page(format!("/restaurants/{id}"), Namespace::Restaurants),
                page(format!("/restaurants/{id}/menu"), Namespace::MenuItems),
            ]
        });
        let mut pages: Vec<_> = kitchens.collect();
        shuffle(&mut pages, &Entropy::from_seed(seed));
        // Everybody begins with a list.
        Ok(Self::of(lists.into_iter().chain(pages).collect()))
    }

    fn of(pages: Vec<Page>) -> Self {
        let popularity = (1..=pages.len() as u64).map(|rank| float(rank).powf(-EXPONENT)).collect();
        Self { pages, popularity }
    }

    /// The pages that `requests` callers read one after the other.
    pub(super) fn requests(&self, seed: u64, requests: usize) -> Vec<usize> {
        draw(&self.popularity, &Entropy::from_seed(seed), requests)
    }

    /// What becomes of each page's popularity.
    pub(super) fn weighted(&self, weight: impl Fn(usize, f64) -> f64) -> Vec<f64> {
        self.popularity.iter().enumerate().map(|(page, popularity)| weight(page, *popularity)).collect()
    }

    /// Pages that are nowhere.
    #[cfg(test)]
    pub(super) fn numbered(pages: u32) -> Self {
        let page = |number: u32| Page { path: String::new(), namespace: Namespace::MenuItems, key: number.to_string() };
        Self::of((0..pages).map(page).collect())
    }
}

/// Draws so often one of the weights, by its share.
pub(super) fn draw(weights: &[f64], dice: &Entropy, times: usize) -> Vec<usize> {
    let mut sum = 0.0;
    let sums = weights.iter().map(|weight| {
        sum += weight;
        sum
    });
    let sums: Vec<_> = sums.collect();
    let one = |_| {
        let drawn = fraction(dice) * sum;
        sums.partition_point(|sum| *sum < drawn)
    };
    (0..times).map(one).collect()
}

fn fraction(dice: &Entropy) -> f64 {
    f64::from(dice.below(u32::MAX)) / f64::from(u32::MAX)
}

fn shuffle(pages: &mut [Page], dice: &Entropy) {
    for end in (1..pages.len()).rev() {
        let other = dice.below(u32::try_from(end + 1).unwrap_or(u32::MAX));
        pages.swap(end, other as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn popularity_falls_with_the_rank() {
        let catalogue = Catalogue::numbered(100);
        let requests = catalogue.requests(7, 50_000);
        assert_eq!(requests, catalogue.requests(7, 50_000));
        let count = |page| requests.iter().filter(|it| **it == page).count();
        // 1 / 5.23 and 1 / 100^0.99 / 5.23 of the requests.
        assert!((9_200..9_950).contains(&count(0)), "{}", count(0));
        assert!((60..150).contains(&count(99)), "{}", count(99));
    }
}
