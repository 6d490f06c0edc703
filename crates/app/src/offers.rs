//! Offers: a courier sees pay and distance, and says yes, no, or nothing.

use domain::{
    event::{Event, OfferMoved, OfferState},
    geo::Point,
    id::{CourierId, OfferId},
    permission::{Action, Owners},
    rule::Rule,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{CommitError, Tx, args, couriers, offers, orders};

use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    orders::{OrderView, changed},
};

/// What the courier is shown, as it was when the offer was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// The order's spoken number.
    pub number: String,
    /// Its zone's letter.
    pub zone_letter: String,
    /// For the job, paise.
    pub base_paise: i64,
    /// For the way, paise.
    pub distance_paise: i64,
    /// From the customer, paise.
    pub tip_paise: i64,
    /// Metres to the kitchen.
    pub first_mile_m: i64,
    /// Seconds to the kitchen, what is in hand before that included; offers of earlier versions do not say.
    #[serde(default)]
    pub first_mile_s: Option<i64>,
    /// Metres from there to the door.
    pub last_mile_m: i64,
    /// Seconds for all of it, waiting included.
    pub duration_s: i64,
    /// The kitchen.
    pub pickup_name: String,
    /// Its neighbourhood.
    pub pickup_locality: String,
    /// Where it is.
    pub pickup: Point,
    /// When the food is ready.
    pub ready_at: Timestamp,
    /// The door's neighbourhood; the door itself only after accepting.
    pub drop_locality: String,
    /// Where that is, to about a hundred metres.
    pub drop: Point,
    /// Until when it should be there.
    pub drop_by: Timestamp,
    /// Pieces to carry.
    pub item_count: i64,
    /// How it is paid.
    pub payment_method: String,
    /// Cash to collect, paise.
    pub cash_to_collect_paise: i64,
}

/// An offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The stored row.
    pub row: offers::OfferRow,
    /// What it offers.
    pub terms: Terms,
}

impl App {
    /// Open offers of a courier.
    pub async fn open_offers(&self, ctx: &Ctx, courier: CourierId) -> Result<Vec<Offer>, Error> {
        ctx.may(Action::OfferRead, &Owners::courier(courier), "courier")?;
        self.courier_row(courier).await?;
        let rows: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN_OF_COURIER, args![courier]).await?;
        let open = rows.into_iter().filter(|row| moment(row.expires_at) > ctx.now);
        open.map(|row| Ok(Offer { terms: terms(&row)?, row })).collect()
    }

    /// Takes an offer: of two who try, one has the order. Taking it twice answers the same.
    pub async fn accept_offer(&self, ctx: &Ctx, id: OfferId) -> Result<OrderView, Error> {
        let row = self.own_offer(ctx, id).await?;
        if row.state == OfferState::Accepted.as_str() {
            return self.order(ctx, row.order_id).await;
        }
        let order: orders::OrderRow =
            self.db.optional(&orders::FIND, args![row.order_id]).await?.ok_or(Error::NotFound("offer"))?;
        let now = ctx.now_us();
        let first_mile_s = terms(&row)?.first_mile_s;
        let taken = args![row.order_id, row.courier_id, now, None::<CourierId>, first_mile_s];
        let tx = Tx::new("accept offer")
            .guard_as("courier", 1, &couriers::HOLD, args![row.courier_id])
            .guard_as("offer", 1, &offers::ACCEPT, args![id, row.courier_id, now])
            .guard_as("order", 1, &orders::SET_COURIER, taken);
        let tx = self.tell(ctx, tx, row.city_id, &told(&row, OfferState::Accepted))?;
        let event = changed(&order, "courier_assigned", Some(row.courier_id), None)?;
        let tx = self.tell(ctx, tx, row.city_id, &event)?;
        self.db.commit(tx).await.map_err(gone)?;
        self.positions.forget_duty(Some(row.courier_id));
        self.order(ctx, row.order_id).await
    }

    /// Refuses an offer. No reason is asked, and nothing follows but the next courier.
    pub async fn decline_offer(&self, ctx: &Ctx, id: OfferId) -> Result<(), Error> {
        let row = self.own_offer(ctx, id).await?;
        if row.state != OfferState::Made.as_str() {
            return if row.state == OfferState::Accepted.as_str() {
                Err(Rule::OfferGone.broken().into())
            } else {
                Ok(())
            };
        }
        self.end_offer(ctx, &row, OfferState::Declined).await.map_err(gone)
    }

    /// Ends an open offer and tells it.
    pub(crate) async fn end_offer(
        &self,
        ctx: &Ctx,
        row: &offers::OfferRow,
        state: OfferState,
    ) -> Result<(), CommitError> {
        let tx = Tx::new("end offer").guard_as("offer", 1, &offers::END, args![row.id, state.as_str(), ctx.now_us()]);
        let tx = self
            .tell(ctx, tx, row.city_id, &told(row, state))
            .map_err(|error| CommitError::Unavailable(error.to_string()))?;
        self.db.commit(tx).await?;
        self.positions.forget_duty(Some(row.courier_id));
        Ok(())
    }

    async fn own_offer(&self, ctx: &Ctx, id: OfferId) -> Result<offers::OfferRow, Error> {
        ctx.reach(Action::OfferAnswer)?;
        let row: Option<offers::OfferRow> = self.db.optional(&offers::FIND, args![id]).await?;
        let row = row.ok_or(Error::NotFound("offer"))?;
        ctx.may(Action::OfferAnswer, &Owners::courier(row.courier_id), "offer")?;
        Ok(row)
    }
}

/// What happened to an offer.
pub(crate) fn told(row: &offers::OfferRow, state: OfferState) -> Event {
    Event::OfferMoved(OfferMoved {
        offer_id: row.id,
        order_id: row.order_id,
        courier_id: row.courier_id,
        state,
        expires_at: moment(row.expires_at),
    })
}

fn terms(row: &offers::OfferRow) -> Result<Terms, Error> {
    serde_json::from_str(&row.body).map_err(|error| Error::Internal(format!("offer {}: {error}", row.id)))
}

fn gone(error: CommitError) -> Error {
    match failed_guard(&error) {
        Some("courier") => Rule::CourierUnavailable.broken().into(),
        Some("offer" | "order") => Rule::OfferGone.broken().into(),
        _ => error.into(),
    }
}
