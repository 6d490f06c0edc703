//! A proposal becomes an offer, if all of its orders and the courier are still free when it is written.

use dispatch::Proposal;
use domain::{
    courier::Vehicle,
    event::OfferState,
    geo::Point,
    id::{CityId, OfferId},
    quote::Quote,
};
use jiff::SignedDuration;
use store::{CommitError, ConstraintKind, Tx, args, couriers, decisions, offers, orders};

use super::{
    Terms,
    join::can_be_joined,
    stop::{Stop, Way},
    terms::Approach,
    told,
};
use crate::{
    App,
    context::{Ctx, moment},
    decisions::Explained,
    error::{Error, failed_guard},
    orders::{spoken, stored_quote},
    tariff,
};

impl App {
    /// Makes an offer of a proposal; false if somebody was faster.
    pub(crate) async fn make_offer(
        &self,
        ctx: &Ctx,
        city: CityId,
        proposal: &Proposal,
        explained: &Explained,
    ) -> Result<bool, Error> {
        let Ok(courier) = self.courier_row(proposal.courier).await else { return Ok(false) };
        let mut orders = Vec::with_capacity(proposal.trip.len());
        for id in &proposal.trip {
            let found: Option<orders::OrderRow> = self.db.optional(&orders::FIND, args![*id]).await?;
            let Some(order) = found else { return Ok(false) };
            orders.push(order);
        }
        let joined: Vec<_> = orders.iter().filter(|order| !proposal.orders.contains(&order.id)).collect();
        if !can_be_joined(&joined, courier.id, ctx.now_us()) {
            return Ok(false);
        }
        let Some(terms) = self.terms(ctx, &orders, &courier, proposal)? else { return Ok(false) };
        let lifetime = SignedDuration::try_from(self.settings.offer_for).unwrap_or(SignedDuration::ZERO);
        let row = offers::OfferRow {
            id: ctx.id::<OfferId>(),
            city_id: city,
            order_id: proposal.orders[0],
            courier_id: courier.id,
            state: OfferState::Made.as_str().to_owned(),
            pay_paise: terms.offered().map(Stop::pay_paise).sum(),
            body: serde_json::to_string(&terms).map_err(|error| Error::Internal(error.to_string()))?,
            made_at: ctx.now_us(),
            expires_at: (ctx.now + lifetime).as_microsecond(),
        };
        let tx = self.compose_offer(&row, &terms, explained);
        let tx = self.tell(ctx, tx, city, &told(&row, &proposal.orders, OfferState::Made))?;
        match self.db.commit(tx).await {
            Ok(()) => {
                self.positions.forget_duty(Some(row.courier_id));
                Ok(true)
            }
            // An order or the courier has an open offer already: another node or a dispatcher was faster.
            Err(CommitError::Constraint { kind: ConstraintKind::Unique, .. }) => Ok(false),
            // An order ended or was given away, or the courier went home.
            Err(error) if failed_guard(&error) == Some("free") => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn compose_offer(&self, row: &offers::OfferRow, terms: &Terms, explained: &Explained) -> Tx {
        let offer = args![
            row.id,
            row.city_id,
            row.order_id,
            row.courier_id,
            row.pay_paise,
            row.body.as_str(),
            row.made_at,
            row.expires_at
        ];
        let policy = self.settings.dispatch.policy().name();
        let mut tx = Tx::new("make offer").guard_as("free", 1, &offers::INSERT, offer);
        for (place, stop) in (1_i64..).zip(terms.offered()) {
            let order = args![row.id, stop.order_id, row.city_id, place, stop.pay_paise()];
            let why = explained.get(&stop.order_id).map_or("[]", String::as_str);
            let (user, note) = (None::<uuid::Uuid>, None::<&str>);
            let decision = args![stop.order_id, row.made_at, row.city_id, policy, row.courier_id, user, note, why];
            tx = tx.guard_as("free", 1, &offers::INSERT_ORDER, order).run(&decisions::INSERT, decision);
        }
        tx
    }

    /// What the courier is shown of these orders in this sequence.
    fn terms(
        &self,
        ctx: &Ctx,
        orders: &[orders::OrderRow],
        courier: &couriers::CourierRow,
        proposal: &Proposal,
    ) -> Result<Option<Terms>, Error> {
        let Some(first) = orders.first() else { return Ok(None) };
        let vehicle = Vehicle::parse(&courier.vehicle).unwrap_or(Vehicle::Scooter);
        let ways = self.ways(ctx.now, first.city_id);
        let way = |from: Point, to: Point| {
            let leg = ways.leg(from, to, vehicle);
            Way { distance_m: leg.distance_m, duration_s: leg.duration_s }
        };
        let pickup = first.counter();
        let here = courier.lat.zip(courier.lng).map_or(pickup, |(lat, lng)| Point { lat, lng });
        let (mut places, mut stops) = (vec![pickup], Vec::with_capacity(orders.len()));
        for order in orders {
            let quote = stored_quote(order)?;
            let door = quote.destination.point;
            let ways = places.iter().map(|from| way(*from, door)).collect();
            let in_hand = !proposal.orders.contains(&order.id);
            stops.push(Stop { in_hand, ..self.stop(ctx, order, quote, ways)? });
            places.push(door);
        }
        let distance_m = ways.distance_m(here, pickup, vehicle);
        let approach = Approach { pickup, distance_m, duration_s: Some(proposal.pickup_s) };
        Ok(Terms::of(ctx.now, approach, stops))
    }

    fn stop(&self, ctx: &Ctx, order: &orders::OrderRow, quote: Quote, ways: Vec<Way>) -> Result<Stop, Error> {
        let base = self.places().rate(tariff::COURIER_BASE, order.city_id, moment(order.placed_at))?.value;
        Ok(Stop {
            order_id: order.id,
            in_hand: false,
            number: spoken(order),
            zone_letter: order.letter.clone(),
            restaurant_name: order.restaurant_name.clone(),
            restaurant_locality: order.restaurant_locality.clone(),
            ready_at: order.ready_at.or(order.promised_ready_at).map_or(ctx.now, moment),
            base_paise: base.min(order.courier_pay_paise),
            distance_paise: (order.courier_pay_paise - base).max(0),
            tip_paise: order.tip_paise,
            drop: blurred(quote.destination.point),
            drop_locality: quote.destination.locality,
            drop_by: moment(order.eta_high),
            item_count: quote.lines.iter().map(|line| line.quantity).sum(),
            payment_method: order.method.clone(),
            cash_to_collect_paise: if order.method == "cod" { order.total_paise } else { 0 },
            ways,
        })
    }
}

/// A door to about a hundred metres: enough to judge the way, too little to find the house.
fn blurred(point: Point) -> Point {
    let coarse = |degrees: f64| (degrees * 1_000.0).round() / 1_000.0;
    Point { lat: coarse(point.lat), lng: coarse(point.lng) }
}
