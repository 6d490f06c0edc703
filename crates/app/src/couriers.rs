//! Couriers: registered, on shift, paid. Where they are is in [`crate::positions`].

mod free;
mod sequence;
mod shift;

use domain::{
    courier::{CourierState, Vehicle},
    event::Event,
    id::{CityId, CourierId, OrderId},
    ledger::Account,
    permission::{Action, Owners},
    rule::Rule,
};
use jiff::{Timestamp, civil::Date};
use store::{Tx, applications, args, couriers, documents, ledger, offers, orders, positions, users};
use uuid::Uuid;

use crate::{
    App,
    context::Ctx,
    error::{Error, failed_guard},
    orders::spoken,
    tariff,
};

pub(crate) use free::is_free;
pub(crate) use sequence::{in_hand, in_sequence};
pub use shift::Acceptance;
pub(crate) use shift::with_plan;

/// What staff say of a courier.
#[derive(Clone, Debug)]
pub struct CourierProfile {
    /// Their name.
    pub name: String,
    /// Their phone.
    pub phone: Option<String>,
    /// What they ride.
    pub vehicle: Vehicle,
}

/// A courier and what they are doing.
#[derive(Clone, Debug)]
pub struct CourierView {
    /// The stored row.
    pub row: couriers::CourierRow,
    /// What they are doing.
    pub state: CourierState,
    /// Orders in hand.
    pub order_ids: Vec<OrderId>,
    /// Their spoken numbers, in the same sequence.
    pub order_numbers: Vec<String>,
}

impl CourierView {
    /// A courier with what they have in hand.
    pub(crate) fn of(row: couriers::CourierRow, state: CourierState, in_hand: &[orders::OrderRow]) -> Self {
        let order_ids = in_hand.iter().map(|order| order.id).collect();
        let order_numbers = in_hand.iter().map(spoken).collect();
        Self { row, state, order_ids, order_numbers }
    }
}

/// A courier's day in money.
#[derive(Clone, Debug)]
pub struct Earnings {
    /// The day.
    pub day: Date,
    /// Orders that ended.
    pub lines: Vec<ledger::EarningRow>,
    /// Cash carried for the platform, paise.
    pub cash_in_hand_paise: i64,
    /// How much that may be, paise.
    pub cash_limit_paise: i64,
}

impl App {
    /// The row of a courier.
    pub(crate) async fn courier_row(&self, id: CourierId) -> Result<couriers::CourierRow, Error> {
        let row: Option<couriers::CourierRow> = self.db.optional(&couriers::FIND, args![id]).await?;
        let mut row = row.ok_or(Error::NotFound("courier"))?;
        self.positions.freshen(std::slice::from_mut(&mut row));
        Ok(row)
    }

    /// A courier and what they are doing.
    pub async fn courier(&self, ctx: &Ctx, id: CourierId) -> Result<CourierView, Error> {
        ctx.may(Action::CourierRead, &Owners::courier(id), "courier")?;
        let row = self.courier_row(id).await?;
        self.courier_view(row).await
    }

    /// Couriers by id, after a cursor.
    pub async fn list_couriers(
        &self,
        ctx: &Ctx,
        on_shift: bool,
        after: Option<CourierId>,
        limit: usize,
    ) -> Result<Vec<CourierView>, Error> {
        ctx.reach(Action::CourierList)?;
        let after = after.unwrap_or(CourierId(uuid::Uuid::nil()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows: Vec<couriers::CourierRow> = self.db.all(&couriers::LIST, args![after, on_shift, limit]).await?;
        self.positions.freshen(&mut rows);
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            views.push(self.courier_view(row).await?);
        }
        Ok(views)
    }

    /// Registers a courier.
    pub async fn add_courier(&self, ctx: &Ctx, city: CityId, profile: &CourierProfile) -> Result<CourierId, Error> {
        ctx.reach(Action::CourierCreate)?;
        if self.places().city(city).is_none() {
            return Err(Rule::UnknownReference.at("/city_id").into());
        }
        let phone = check_profile(profile)?;
        let id: CourierId = ctx.id();
        let (name, vehicle) = (profile.name.trim(), profile.vehicle.as_str());
        let tx = Tx::new("add courier").run(&couriers::INSERT, args![id, city, name, phone, vehicle, ctx.now_us()]);
        let event = Event::CourierChanged { courier_id: id, on_shift: false, renamed: false };
        self.db.commit(self.tell(ctx, tx, city, &event)?).await?;
        Ok(id)
    }

    /// Changes a courier, if nobody else did since `version`.
    pub async fn update_courier(
        &self,
        ctx: &Ctx,
        id: CourierId,
        version: i64,
        profile: &CourierProfile,
    ) -> Result<CourierView, Error> {
        ctx.may(Action::CourierWrite, &Owners::default(), "courier")?;
        let row = self.courier_row(id).await?;
        let phone = check_profile(profile)?;
        let (name, vehicle) = (profile.name.trim(), profile.vehicle.as_str());
        let renamed = (name, &phone) != (row.name.as_str(), &row.phone);
        let tx = Tx::new("update courier").guard(1, &couriers::UPDATE, args![id, version, name, phone, vehicle]);
        let event = Event::CourierChanged { courier_id: id, on_shift: row.on_shift, renamed };
        self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await?;
        self.forget_now(event, row.city_id, ctx.now).await;
        // Another vehicle may need papers that were never shown.
        self.check_papers(ctx, id).await?;
        self.courier(ctx, id).await
    }

    /// Removes a courier who has nothing in hand, closes the account and forgets what names the person: the application,
    /// the papers and the ways.
    pub async fn delete_courier(&self, ctx: &Ctx, id: CourierId) -> Result<(), Error> {
        ctx.may(Action::CourierDelete, &Owners::courier(id), "courier")?;
        let row = self.courier_row(id).await?;
        let tx = Tx::new("delete courier").run(&couriers::HOLD_ANY, args![id]).guard_as(
            "in-hand",
            1,
            &couriers::DELETE,
            args![id, ctx.now_us()],
        );
        let tx = self
            .withdraw_offers(ctx, tx, id)
            .await?
            .run(&documents::DELETE_OF_COURIER, args![id])
            .run(&applications::FORGET_OF_COURIER, args![id])
            .run(&positions::DELETE_TRACES, args![id])
            // Closed before its sessions end: one that is being opened right now is then seen.
            .run(&couriers::CLOSE_USER, args![id, format!("deleted-{}", ctx.id::<Uuid>())])
            .run(&couriers::REVOKE_SESSIONS, args![id, ctx.now_us(), "courier-deleted"]);
        let account: Option<users::UserRow> = self.db.optional(&users::FIND_BY_COURIER, args![id]).await?;
        let tx = match account {
            Some(account) => self.tell(ctx, tx, row.city_id, &Event::UserChanged { user_id: account.id })?,
            None => tx,
        };
        let event = Event::CourierChanged { courier_id: id, on_shift: false, renamed: true };
        self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await.map_err(busy)?;
        self.forget_now(event, row.city_id, ctx.now).await;
        self.positions.note_shift(id, false);
        Ok(())
    }

    /// A courier's orders of a local day, and the cash in hand.
    pub async fn earnings(&self, ctx: &Ctx, id: CourierId, day: Option<Date>) -> Result<Earnings, Error> {
        ctx.may(Action::EarningsRead, &Owners::courier(id), "courier")?;
        let row = self.courier_row(id).await?;
        let places = self.places();
        let city = places.known_city(row.city_id)?;
        let day = day.unwrap_or_else(|| ctx.now.to_zoned(city.zone.clone()).date());
        let midnight = |date: Date| {
            let zoned = date.to_zoned(city.zone.clone()).map_err(|_| Rule::OutOfRange.at("/day"))?;
            Ok::<_, Error>(zoned.timestamp().as_microsecond())
        };
        let tomorrow = day.tomorrow().map_err(|_| Rule::OutOfRange.at("/day"))?;
        let lines = self.db.all(&ledger::LIST_EARNINGS, args![id, midnight(day)?, midnight(tomorrow)?]).await?;
        Ok(Earnings {
            day,
            lines,
            cash_in_hand_paise: self.balance(Account::CourierCash(id)).await?,
            cash_limit_paise: places.rate(tariff::COURIER_CASH_LIMIT, city.id, ctx.now)?.value,
        })
    }

    /// What an account holds: debits less credits, in paise.
    pub async fn balance(&self, account: Account) -> Result<i64, Error> {
        let statement = match account {
            Account::CustomerReceivable(_) | Account::OrderClearing(_) => &ledger::BALANCE_OF_ORDER,
            _ => &ledger::BALANCE,
        };
        let (paise,) = self.db.one::<(i64,)>(statement, args![account.kind(), account.owner()]).await?;
        Ok(paise)
    }

    pub(crate) async fn courier_view(&self, row: couriers::CourierRow) -> Result<CourierView, Error> {
        let (in_hand, looking) = self.courier_load(row.id).await?;
        let state = state(self.clock.now(), &row, &in_hand, looking);
        Ok(CourierView::of(row, state, &in_hand))
    }

    /// The orders that a courier has in hand, newest first.
    pub(crate) async fn in_hand_of(&self, id: CourierId) -> Result<Vec<orders::OrderRow>, Error> {
        let newest = OrderId(uuid::Uuid::max());
        Ok(self.db.all(&orders::LIST_OPEN_OF_COURIER, args![id, newest, 50_i64]).await?)
    }

    /// The same in the sequence in which they are served, and whether they look at an offer.
    pub(crate) async fn courier_load(&self, id: CourierId) -> Result<(Vec<orders::OrderRow>, bool), Error> {
        let mut in_hand = self.in_hand_of(id).await?;
        in_sequence(&mut in_hand);
        let looking: Vec<offers::OfferRow> = self.db.all(&offers::LIST_OPEN_OF_COURIER, args![id]).await?;
        Ok((in_hand, !looking.is_empty()))
    }
}

/// What a courier is doing, from what they have in hand.
pub(crate) fn state(
    now: Timestamp,
    row: &couriers::CourierRow,
    in_hand: &[orders::OrderRow],
    looking: bool,
) -> CourierState {
    let any = |has: fn(&orders::OrderRow) -> bool| in_hand.iter().any(has);
    if any(|order| order.picked_up_at.is_some()) {
        CourierState::ToDrop
    } else if any(|order| order.arrived_at.is_some()) {
        CourierState::Waiting
    } else if !in_hand.is_empty() {
        CourierState::ToPickup
    } else if !row.on_shift {
        CourierState::Off
    } else if looking {
        CourierState::Offered
    } else if row.break_until.is_some_and(|until| until > now.as_microsecond()) {
        CourierState::OnBreak
    } else {
        CourierState::Free
    }
}

fn check_profile(profile: &CourierProfile) -> Result<Option<String>, Error> {
    if profile.name.trim().is_empty() || profile.name.chars().count() > 120 {
        return Err(Rule::WrongFormat.at("/name").with("max", 120).into());
    }
    let phone = profile.phone.as_deref().map(india::Mobile::parse).transpose();
    let phone = phone.map_err(|_| Rule::WrongFormat.at("/phone"))?;
    Ok(phone.map(|phone| phone.as_str().to_owned()))
}

fn busy(error: store::CommitError) -> Error {
    match failed_guard(&error) {
        Some("in-hand") => Rule::CourierBusy.broken().into(),
        _ => error.into(),
    }
}
