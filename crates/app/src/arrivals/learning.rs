//! Learning: every order that a courier delivered is noted once, at each level that estimates mix, and scored against what
//! was said of it.
//!
//! The tallies are read, added to and written back whole, in the transaction that moves the consumer's position. Of two
//! nodes that read the same, one commits. Deliveries that staff closed by hand are left out: their time is when somebody
//! pressed a button.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use domain::{
    arrival::Forecast,
    courier::Vehicle,
    event::{Event, Recorded},
    id::{CityId, RestaurantId},
    order::{Mover, Status},
    quote::Quote,
};
use eta::arrival::{Book, Cell, Load, Pace, Part, Ride, Slot, wait_ratio};
use store::{
    Tx, args,
    arrivals::{self, LessonRow, PaceRow, TallyRow},
    orders::{self, OrderRow},
};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
    events::Consumer,
    stored::json,
};

use super::{
    WHOLE_CITY, book,
    calibration::Fit,
    estimate::float,
    learned::{USUAL_VEHICLE, numbers, pace},
    scores::{Took, scores},
};

/// Learns and scores.
pub(crate) struct Arrivals;

impl Consumer for Arrivals {
    const NAME: &'static str = "arrivals";

    async fn effects(app: &App, _: &Ctx, batch: &[Recorded], tx: Tx) -> Result<Tx, Error> {
        let mut notes = Notes::default();
        for recorded in batch {
            let Event::OrderMoved(moved) = &recorded.event else { continue };
            if moved.to == Status::Delivered && moved.mover == Mover::Courier {
                let row: Option<OrderRow> = app.db.optional(&orders::FIND, args![moved.order_id]).await?;
                let lesson: Option<LessonRow> = app.db.optional(&arrivals::FIND_LESSON, args![moved.order_id]).await?;
                let known = row.as_ref().zip(lesson);
                if let Some(delivery) = known.and_then(|(row, lesson)| Delivery::of(app, row, &lesson)) {
                    notes.open(app, &delivery).await?;
                    notes.take(&delivery);
                }
            }
        }
        notes.write(tx)
    }
}

/// A delivered order with what was said of it.
struct Delivery<'a> {
    row: &'a OrderRow,
    said: Forecast,
    took: Took,
    slot: Slot,
    /// Beginning of the local hour of its placing, in epoch microseconds.
    hour: i64,
    at_s: i64,
}

impl<'a> Delivery<'a> {
    fn of(app: &App, row: &'a OrderRow, lesson: &LessonRow) -> Option<Self> {
        // Orders of earlier versions were placed without parts: there is nothing to compare.
        let said = serde_json::from_str::<Quote>(&row.quote).ok()?.forecast?;
        let took = Took::of(row, lesson)?;
        let slot = app.slot(row.city_id, moment(row.placed_at))?;
        let hour = app.places().city(row.city_id)?.hour_of(moment(row.placed_at));
        Some(Self { row, said, took, slot, hour, at_s: took.delivered_at.div_euclid(1_000_000) })
    }

    fn vehicle(&self) -> Vehicle {
        self.row.courier_vehicle.as_deref().and_then(Vehicle::parse).unwrap_or(USUAL_VEHICLE)
    }

    /// What the engine said of the last mile, for the vehicle that came.
    fn way_s(&self) -> f64 {
        float(self.said.way_s) * USUAL_VEHICLE.speed_mps() / self.vehicle().speed_mps()
    }

    fn ride(&self) -> Ride {
        Ride { vehicle: self.vehicle(), slot: self.slot, weather: self.said.weather }
    }
}

/// A book with what was changed in it.
#[derive(Default)]
struct Open {
    book: Book,
    touched: BTreeSet<(Part, Cell)>,
}

impl Open {
    fn note(&mut self, part: Part, cell: Cell, value: f64, at_s: i64) {
        self.book.note(part, cell, value, at_s);
        self.touched.extend([(part, None), (part, cell)]);
    }
}

/// Everything that a batch changes.
#[derive(Default)]
struct Notes {
    books: BTreeMap<(CityId, RestaurantId), Open>,
    paces: BTreeMap<(CityId, String), Pace>,
    scores: BTreeMap<(CityId, i64, RestaurantId, &'static str), Fit>,
}

impl Notes {
    /// Reads what the delivery will change, as the last batch left it.
    async fn open(&mut self, app: &App, delivery: &Delivery<'_>) -> Result<(), Error> {
        let city = delivery.row.city_id;
        for restaurant in [WHOLE_CITY, delivery.row.restaurant_id] {
            if let Entry::Vacant(place) = self.books.entry((city, restaurant)) {
                let rows: Vec<TallyRow> = app.db.all(&arrivals::LIST_TALLIES, args![city, restaurant]).await?;
                place.insert(Open { book: book(rows)?, touched: BTreeSet::new() });
            }
        }
        let engine = &delivery.said.engine;
        if let Entry::Vacant(place) = self.paces.entry((city, engine.clone())) {
            let rows: Vec<PaceRow> = app.db.all(&arrivals::LIST_PACES, args![city]).await?;
            let stored = rows.into_iter().find(|row| row.engine == *engine);
            place.insert(stored.map(|row| pace(&row.body)).transpose()?.unwrap_or_default());
        }
        Ok(())
    }

    fn take(&mut self, delivery: &Delivery<'_>) {
        let (row, said, took) = (delivery.row, &delivery.said, &delivery.took);
        let seconds = |seconds: Option<i64>| seconds.map(float);
        let in_kitchen = Some((delivery.slot, Load::of_kitchen(said.cooking)));
        let in_city = Some((delivery.slot, Load::of_city(said.waiting, said.free)));
        let usual = ratio(took.preparation_s, said.usual_prep_s);
        let promised = ratio(took.promise_s, row.prep_minutes.unwrap_or_default() * 60);
        for restaurant in [WHOLE_CITY, row.restaurant_id] {
            self.note(delivery, restaurant, Part::Preparation, in_kitchen, usual);
            self.note(delivery, restaurant, Part::Promise, None, promised);
        }
        self.courier(delivery);
        self.note(delivery, WHOLE_CITY, Part::FirstMile, in_city, seconds(took.first_mile_s).map(|s| s.max(1.0)));
        let first_mile = row.first_mile_s.filter(|expected| *expected >= 60);
        let first_mile = first_mile.and_then(|expected| ratio(took.first_mile_s, expected));
        self.note(delivery, WHOLE_CITY, Part::FirstMileRatio, None, first_mile);
        let last_mile = self.ride(delivery);
        self.note(delivery, WHOLE_CITY, Part::LastMile, None, last_mile);
        for (part, score) in scores(row, said, took) {
            let key = (row.city_id, delivery.hour, row.restaurant_id, part);
            self.scores.entry(key).or_default().add(score);
        }
    }

    /// Notes how long a courier was waited for, compared with the queue where there was one, and how long one was bound.
    fn courier(&mut self, delivery: &Delivery<'_>) {
        let (said, took) = (&delivery.said, &delivery.took);
        let waited_s = took.assignment_s.map(float);
        if said.queue_s > 0 {
            let cell = Some((delivery.slot, Load::Full));
            let ratio = waited_s.map(|waited_s| wait_ratio(waited_s, float(said.queue_s)));
            self.note(delivery, WHOLE_CITY, Part::Queue, cell, ratio);
        } else {
            let cell = Some((delivery.slot, Load::of_city(said.waiting, said.free).min(Load::Busy)));
            self.note(delivery, WHOLE_CITY, Part::Assignment, cell, waited_s.map(|s| s.max(1.0)));
        }
        self.note(delivery, WHOLE_CITY, Part::Bound, None, took.bound_s.map(|s| float(s).max(1.0)));
    }

    /// Notes the last mile for the ways, and answers how it compares with what would have been expected before.
    fn ride(&mut self, delivery: &Delivery<'_>) -> Option<f64> {
        let took_s = float(delivery.took.last_mile_s?);
        let pace = self.paces.get_mut(&(delivery.row.city_id, delivery.said.engine.clone()))?;
        let (ride, way_s) = (delivery.ride(), delivery.way_s());
        let expected = way_s.mul_add(pace.factor(ride), pace.handover_s());
        pace.note(ride, way_s, took_s, delivery.at_s);
        Some(took_s / expected)
    }

    fn note(&mut self, delivery: &Delivery<'_>, restaurant: RestaurantId, part: Part, cell: Cell, value: Option<f64>) {
        let open = self.books.get_mut(&(delivery.row.city_id, restaurant));
        if let (Some(open), Some(value)) = (open, value) {
            open.note(part, cell, value, delivery.at_s);
        }
    }

    fn write(self, mut tx: Tx) -> Result<Tx, Error> {
        for ((city, restaurant), open) in &self.books {
            for (part, cell) in &open.touched {
                let Some(tally) = open.book.find(*part, *cell) else { continue };
                let ((slot, load), classes) = (numbers(*cell), json(&tally.classes())?);
                let args = args![*city, *restaurant, part.as_str(), slot, load, classes, tally.at_s()];
                tx = tx.run(&arrivals::PUT_TALLY, args);
            }
        }
        for ((city, engine), pace) in &self.paces {
            tx = tx.run(&arrivals::PUT_PACE, args![*city, engine.as_str(), json(pace)?]);
        }
        for ((city, hour, restaurant, part), sum) in self.scores {
            let Fit { orders, early, late, under_p50, under_p90, error_s, late_s } = sum;
            let counted =
                args![city, hour, restaurant, part, orders, early, late, under_p50, under_p90, error_s, late_s];
            tx = tx.run(&arrivals::ADD_SCORE, counted);
        }
        Ok(tx)
    }
}

/// How many times longer than said; `None` where either is missing.
fn ratio(took_s: Option<i64>, said_s: i64) -> Option<f64> {
    took_s.filter(|_| said_s > 0).map(|took_s| float(took_s) / float(said_s))
}
