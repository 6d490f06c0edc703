//! Where an order stands, for those who ask again and again: the same short answer for everybody who may see the order.
//!
//! It is written through: who moves an order stores the new answer. It lives for two minutes, or for thirty seconds while
//! it tells where the courier is, because positions come without events. The customer is among those who may see it, so it
//! tells of that place what the customer may know. Who may see it is decided before the cache is
//! asked: customer and kitchen of an order stay the same and are remembered, its courier is looked up each time.

use std::time::Duration;

use cache::{Loaded, Writing};
use domain::{
    id::OrderId,
    order::Status,
    permission::{Action, Actor, Owners},
};
use jiff::Timestamp;
use serde::Serialize;
use store::{args, orders};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
    positions::Position,
};

use super::view::OrderView;

/// How long a position is worth telling.
const POSITION_FOR: Duration = Duration::from_secs(30);

/// Where an order stands. Serialised as it is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tracking {
    order_id: OrderId,
    number: String,
    status: &'static str,
    version: i64,
    placed_at: Timestamp,
    eta_low: Timestamp,
    eta_high: Timestamp,
    eta_reason: Option<String>,
    promised_ready_at: Option<Timestamp>,
    ready_at: Option<Timestamp>,
    picked_up_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    courier: Option<TrackedCourier>,
}

/// Who brings it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackedCourier {
    name: String,
    vehicle: String,
    lat: Option<f64>,
    lng: Option<f64>,
    fix_at: Option<Timestamp>,
    doors_ahead: Option<usize>,
}

/// Whose an order is and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gist {
    /// Where it stands.
    pub status: Status,
    /// Position of the newest step.
    pub version: i64,
}

impl Tracking {
    fn of(view: &OrderView, courier_at: Option<Position>) -> Self {
        let row = &view.row;
        let courier = row.courier_id.filter(|_| !view.status.is_final()).and_then(|_| {
            Some(TrackedCourier {
                name: row.courier_name.clone()?,
                vehicle: row.courier_vehicle.clone()?,
                lat: courier_at.map(|position| position.point.lat),
                lng: courier_at.map(|position| position.point.lng),
                fix_at: courier_at.map(|position| position.at),
                doors_ahead: view.doors_ahead,
            })
        });
        Self {
            order_id: row.id,
            number: view.number(),
            status: view.status.as_str(),
            version: row.version,
            placed_at: moment(row.placed_at),
            eta_low: moment(row.eta_low),
            eta_high: moment(row.eta_high),
            eta_reason: row.eta_reason.clone(),
            promised_ready_at: row.promised_ready_at.map(moment),
            ready_at: row.ready_at.map(moment),
            picked_up_at: row.picked_up_at.map(moment),
            delivered_at: row.delivered_at.map(moment),
            ended_at: row.ended_at.map(moment),
            courier,
        }
    }

    fn answer(&self) -> Result<Loaded, Error> {
        let body = serde_json::to_vec(self).map_err(|error| Error::Internal(error.to_string()))?;
        let loaded = Loaded::new(body).with_version(self.version);
        let moving = self.courier.as_ref().is_some_and(|courier| courier.lat.is_some());
        Ok(if moving { loaded.with_ttl(POSITION_FOR) } else { loaded })
    }
}

impl App {
    /// Whether the actor may see an order, decided anew each time, and where it stands.
    pub async fn order_gist(&self, ctx: &Ctx, id: OrderId) -> Result<Gist, Error> {
        ctx.reach(Action::OrderRead)?;
        let row: Option<orders::GistRow> = self.db.optional(&orders::FIND_GIST, args![id]).await?;
        let row = row.ok_or(Error::NotFound("order"))?;
        let lasting = Owners { customer: Some(row.customer_id), restaurant: Some(row.restaurant_id), courier: None };
        ctx.may(Action::OrderRead, &Owners { courier: row.courier_id, ..lasting }, "order")?;
        self.order_owners.insert(id, lasting);
        let status = Status::parse(&row.status);
        let status = status.ok_or_else(|| Error::Internal(format!("order {id}: status {}", row.status)))?;
        Ok(Gist { status, version: row.version })
    }

    /// Whether the actor may see where an order stands, if there is such an order.
    pub async fn may_track(&self, ctx: &Ctx, id: OrderId) -> Result<(), Error> {
        let owners = self.order_owners.get(&id).unwrap_or_default();
        match ctx.may(Action::OrderRead, &owners, "order") {
            // As far as is remembered here. The courier, or an order that was never asked for, is found in its row.
            Err(Error::NotFound(_)) => self.order_gist(ctx, id).await.map(drop),
            decided => decided,
        }
    }

    /// The answer to those who track an order. The caller has checked that they may.
    pub async fn tracking_answer(&self, id: OrderId) -> Result<Loaded, Error> {
        let view = self.order(&self.ctx(Actor::System), id).await?;
        self.tracking_of(&view).await
    }

    async fn tracking_of(&self, view: &OrderView) -> Result<Loaded, Error> {
        let courier_at = match view.row.courier_id.zip(view.courier_at) {
            Some((courier, (point, at))) => {
                Some(self.seen_by_customer(view.row.id, courier, Position { point, at }).await?)
            }
            None => None,
        };
        Tracking::of(view, courier_at).answer()
    }

    /// Stores the answer after a move, so that the next who asks need not load it. A failure costs that load.
    pub(crate) async fn write_tracking(&self, writing: Writing, view: &OrderView) {
        match self.tracking_of(view).await {
            Ok(answer) => {
                // What came between was a later change: then the next who asks loads.
                let _ = writing.put(answer).await;
            }
            Err(error) => tracing::warn!(order_id = %view.row.id, %error, "the tracking of an order cannot be written"),
        }
    }
}
