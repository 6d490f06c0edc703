//! Customers: they get hungry by the hour of the day, look for a kitchen that is near and good, price a basket, order it,
//! sometimes change their mind, and sometimes say afterwards how it was.

use std::collections::BTreeSet;

use app::{
    orders::{MoveOrder, PlaceOrder, Placed},
    quotes::{WantedAddress, WantedOrder},
    restaurants::{Found, Search, Sort},
};
use domain::{
    geo::Point,
    id::{AddressId, CustomerId, OrderId, RestaurantId},
    ledger::PaymentMethod,
    money::Paise,
    order::Status,
    quote::Quote,
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rand::{Rng as _, seq::IndexedRandom as _};
use uuid::Uuid;

use super::{World, agenda::Deed, basket};
use crate::{error::Error, names};

/// Orders paid in cash.
const CASH: f64 = 0.35;
/// Orders with a tip.
const TIPPED: f64 = 0.25;
/// Orders called off while the kitchen has not answered.
const CALLED_OFF: f64 = 0.025;
/// Requests that a phone sends twice because the first answer got lost.
const SENT_TWICE: f64 = 0.03;
/// Prepayments that the gateway declines.
const DECLINED: f64 = 0.01;
/// People drawn until one is found who does not wait for an order.
const DRAWN: usize = 100;
/// Kitchens looked at before choosing.
const LOOKED_AT: usize = 14;

impl World {
    /// Plans the next customer: a Poisson process at the busiest rate, thinned by the hour (Lewis and Shedler 1979).
    pub(super) fn plan_next_customer(&mut self, now: Timestamp) {
        let a_second = self.manner.orders_per_hour.max(0.01) / 3_600.0;
        let draw: f64 = self.rng.random_range(f64::MIN_POSITIVE..1.0);
        let millis = (-draw.ln() / a_second * 1_000.0).round().clamp(1.0, 1e9);
        #[expect(clippy::cast_possible_truncation, reason = "clamped to below 2^53")]
        let at = now + SignedDuration::from_millis(millis as i64);
        self.agenda.add(at, Deed::Hunger);
    }

    pub(super) async fn hunger(&mut self, now: Timestamp) -> Result<(), Error> {
        if self.has_enough() {
            return Ok(());
        }
        self.plan_next_customer(now);
        let hour = now.to_zoned(self.zone()).hour();
        let demand = self.manner.demand(hour);
        if self.chance(demand) && self.orders.len() < self.manner.most_open {
            self.order(now).await?;
        }
        Ok(())
    }

    pub(super) fn has_enough(&self) -> bool {
        self.manner.stop_after.is_some_and(|most| self.tally.placed >= most)
    }

    pub(super) async fn order(&mut self, now: Timestamp) -> Result<(), Error> {
        if self.has_enough() {
            return Ok(());
        }
        let Some((customer, address, door)) = self.somebody_without_an_order() else { return Ok(()) };
        let Some(restaurant) = self.choose_kitchen(customer, door)? else {
            self.tally.gave_up += 1;
            return Ok(());
        };
        let menu = self.app.menu(restaurant).await?;
        let lines = basket::basket(&menu, now, &mut self.rng);
        let tip = if self.chance(TIPPED) { *[10, 20, 20, 30, 50].choose(&mut self.rng).unwrap_or(&10) } else { 0 };
        let wanted = WantedOrder {
            restaurant_id: restaurant,
            lines,
            address: WantedAddress::Saved(address),
            tip: Paise::rupees(tip),
        };
        let Some(quote) = self.price(customer, wanted).await? else {
            self.tally.gave_up += 1;
            return Ok(());
        };
        self.place(now, customer, quote).await
    }

    /// A quote, perhaps for more than was wanted at first; `None` for who gives up.
    pub(super) async fn price(
        &mut self,
        customer: CustomerId,
        mut wanted: WantedOrder,
    ) -> Result<Option<Quote>, Error> {
        for _ in 0..4 {
            match self.app.quote(&self.as_customer(customer), &wanted).await {
                Ok(quote) => return Ok(Some(quote)),
                Err(app::Error::Rule(broken)) => {
                    self.tally.refused(broken.rule.code());
                    if broken.rule != Rule::BelowMinimum {
                        return Ok(None);
                    }
                    wanted.lines = basket::larger(&wanted.lines);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    async fn place(&mut self, now: Timestamp, customer: CustomerId, quote: Quote) -> Result<(), Error> {
        let ctx = self.as_customer(customer);
        let key = ctx.id::<Uuid>().to_string();
        let method = if self.chance(CASH) { PaymentMethod::Cod } else { PaymentMethod::Sandbox };
        let declined = method == PaymentMethod::Sandbox && self.chance(DECLINED);
        let note = names::customer_note(&mut self.rng).map(str::to_owned);
        let mut wanted = PlaceOrder { quote_id: quote.id, method, payment_token: None, note };
        if declined {
            // The card is refused; the same order is paid in cash instead.
            let refused = PlaceOrder { payment_token: Some("decline".to_owned()), ..wanted.clone() };
            match self.app.place_order(&ctx, &key, &refused).await {
                Err(app::Error::Rule(broken)) => self.tally.refused(broken.rule.code()),
                Err(error) => return Err(error.into()),
                Ok(_) => return Err(Error::Broken("a declined payment placed an order".to_owned())),
            }
            wanted.method = PaymentMethod::Cod;
        }
        let placed = match self.app.place_order(&ctx, &key, &wanted).await {
            // The menu moved: the customer looks at the difference and agrees.
            Err(app::Error::QuoteChanged { quote, .. }) => {
                self.tally.refused(Rule::QuoteChanged.code());
                wanted.quote_id = quote.id;
                self.app.place_order(&ctx, &ctx.id::<Uuid>().to_string(), &wanted).await?
            }
            other => {
                let placed = other?;
                self.send_again(&ctx, &key, &wanted, &placed).await?;
                placed
            }
        };
        self.tally.placed += 1;
        self.luck.note_placed(placed.order_id);
        if self.chance(CALLED_OFF) {
            let at = self.after(now, 2.0, 40.0);
            self.agenda.add(at, Deed::Cancel(placed.order_id));
        }
        Ok(())
    }

    /// The answer got lost, and the phone sends the same again: the order must stay one, the answer the same.
    async fn send_again(
        &mut self,
        ctx: &app::Ctx,
        key: &str,
        wanted: &PlaceOrder,
        first: &Placed,
    ) -> Result<(), Error> {
        if !self.chance(SENT_TWICE) {
            return Ok(());
        }
        let again = self.app.place_order(ctx, key, wanted).await?;
        if again.order_id != first.order_id || again.body != first.body || !again.replayed {
            return Err(Error::Broken(format!("order {} was answered differently when sent twice", first.order_id)));
        }
        self.tally.replayed += 1;
        Ok(())
    }

    pub(super) async fn cancel(&self, order: OrderId) -> Result<(), Error> {
        let Some(known) = self.orders.get(&order).filter(|known| known.status == Status::Placed) else {
            return Ok(());
        };
        let cancelled = MoveOrder { to: Some(Status::Cancelled), ..MoveOrder::default() };
        self.app.move_order(&self.as_customer(known.customer), order, &cancelled).await?;
        Ok(())
    }

    fn somebody_without_an_order(&mut self) -> Option<(CustomerId, AddressId, Point)> {
        let waiting: BTreeSet<CustomerId> = self.orders.values().map(|known| known.customer).collect();
        // Everybody is drawn, so that who waits for an order changes nothing for the others.
        let drawn = (0..DRAWN).filter_map(|_| self.city.residents.choose(&mut self.rng));
        let resident = drawn.into_iter().find(|resident| !waiting.contains(&resident.id))?;
        let (address, door) = resident.doors.choose(&mut self.rng)?;
        Some((resident.id, *address, *door))
    }

    /// Of the nearest open kitchens one, the better rated and the nearer more likely.
    fn choose_kitchen(&mut self, customer: CustomerId, door: Point) -> Result<Option<RestaurantId>, Error> {
        let search = Search {
            city: Some(self.city.id),
            open_now: true,
            sort: Sort::Soonest,
            from: Some(door),
            limit: LOOKED_AT,
            ..Search::default()
        };
        let found = self.app.search_restaurants(&self.as_customer(customer), &search)?.items;
        let weight = |found: &Found| {
            let rating = found.entry.rating_tenths.unwrap_or(35).clamp(20, 50) - 15;
            let metres = found.reach.map_or(3_000, |reach| reach.distance_m).max(300);
            rating * rating * 1_000 / metres + 1
        };
        Ok(found.choose_weighted(&mut self.rng, weight).ok().map(|found| found.entry.id))
    }

    fn zone(&self) -> TimeZone {
        self.app.places().city(self.city.id).map_or(TimeZone::UTC, |city| city.zone.clone())
    }
}
