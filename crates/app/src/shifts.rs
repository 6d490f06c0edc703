//! Planned shifts: staff plan them, couriers take them or are given them, and give them back before they begin.
//!
//! Nobody has two at a time. The courier's row is held while a shift is given, so that two hands that give at once cannot
//! make an overlap.

use std::collections::BTreeSet;

use domain::{
    event::Event,
    id::{CityId, CourierId, ShiftId, ZoneId},
    permission::{Action, Owners},
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use store::{CommitError, Tx, args, couriers, shifts};

use crate::{
    App,
    context::Ctx,
    couriers::with_plan,
    error::{Error, failed_guard},
    input,
};

/// The longest shift.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// The shortest.
const SHORTEST: SignedDuration = SignedDuration::from_mins(30);
/// How far ahead open shifts are shown to couriers.
const AHEAD_US: i64 = 14 * 24 * 3_600 * 1_000_000;
/// Shifts that are planned at once.
const MOST_PLACES: i64 = 200;
/// And so far ahead: what lies beyond is a slip of the pen.
const FURTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Shifts to be planned.
#[derive(Clone, Copy, Debug)]
pub struct NewShift {
    /// Where.
    pub city_id: CityId,
    /// In which part of it.
    pub zone_id: Option<ZoneId>,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// How many couriers are wanted: so many shifts come to be.
    pub places: i64,
}

impl App {
    /// Shifts of a city that touch a time.
    pub async fn list_shifts(
        &self,
        ctx: &Ctx,
        city: CityId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<shifts::ShiftRow>, Error> {
        ctx.reach(Action::ShiftManage)?;
        if self.places().city(city).is_none() {
            return Err(Rule::UnknownReference.at("/city_id").into());
        }
        Ok(self.db.all(&shifts::LIST, args![city, from.as_microsecond(), to.as_microsecond()]).await?)
    }

    /// Plans shifts.
    pub async fn plan_shifts(&self, ctx: &Ctx, new: &NewShift) -> Result<Vec<shifts::ShiftRow>, Error> {
        ctx.reach(Action::ShiftManage)?;
        let places = self.places();
        let city = places.city(new.city_id).ok_or_else(|| Error::from(Rule::UnknownReference.at("/city_id")))?;
        if new.zone_id.is_some_and(|zone| places.zones.iter().all(|it| it.id != zone || it.city_id != city.id)) {
            return Err(Rule::UnknownReference.at("/zone_id").into());
        }
        let lasts = new.ends_at.duration_since(new.starts_at);
        if !(SHORTEST..=LONGEST).contains(&lasts) {
            let (min, max) = (SHORTEST.as_mins(), LONGEST.as_mins());
            return Err(Rule::OutOfRange.at("/ends_at").with("min_minutes", min).with("max_minutes", max).into());
        }
        if new.ends_at <= ctx.now {
            return Err(Rule::OutOfRange.at("/ends_at").with("min", ctx.now.to_string()).into());
        }
        let latest = ctx.now + FURTHEST;
        if new.starts_at > latest {
            return Err(Rule::OutOfRange.at("/starts_at").with("max", latest.to_string()).into());
        }
        let count = input::within("/places", new.places, 1..=MOST_PLACES)?;
        let (from, to) = (new.starts_at.as_microsecond(), new.ends_at.as_microsecond());
        let ids: Vec<ShiftId> = (0..count).map(|_| ctx.id()).collect();
        let mut tx = Tx::new("plan shifts");
        for id in &ids {
            tx = tx.run(&shifts::INSERT, args![*id, new.city_id, new.zone_id, from, to, ctx.now_us()]);
        }
        for shift_id in &ids {
            let event = Event::ShiftChanged { shift_id: *shift_id, courier_id: None, former: None };
            tx = self.tell(ctx, tx, new.city_id, &event)?;
        }
        self.db.commit(tx).await?;
        let mut planned = Vec::with_capacity(ids.len());
        for id in ids {
            planned.push(self.shift_row(id).await?);
        }
        Ok(planned)
    }

    /// Staff give a shift to a courier, or open it again (`None`).
    pub async fn assign_shift(
        &self,
        ctx: &Ctx,
        id: ShiftId,
        courier: Option<CourierId>,
    ) -> Result<shifts::ShiftRow, Error> {
        ctx.may(Action::ShiftManage, &Owners::default(), "shift")?;
        let row = self.shift_row(id).await?;
        match courier {
            Some(courier) => {
                self.in_same_city(courier, &row, "/courier_id").await?;
                self.give_shift(ctx, &row, courier, row.courier_id).await?;
            }
            None => self.open_shift(ctx, &row).await?,
        }
        self.shift_row(id).await
    }

    /// Cancels a shift. Who is working it works on, without a planned end.
    pub async fn cancel_shift(&self, ctx: &Ctx, id: ShiftId) -> Result<(), Error> {
        ctx.may(Action::ShiftManage, &Owners::default(), "shift")?;
        let row = self.shift_row(id).await?;
        let mut tx = held(Tx::new("cancel shift"), [row.courier_id, None]).guard_as(
            "there",
            1,
            &shifts::CANCEL,
            args![id, row.courier_id, ctx.now_us()],
        );
        if let Some(former) = row.courier_id {
            tx = tx.run(&couriers::FOLLOW_PLAN, with_plan(ctx, former));
        }
        self.tell_shift(ctx, tx, &row, None).await
    }

    /// The shifts that a courier has, and those that could be taken.
    pub async fn courier_shifts(&self, ctx: &Ctx, courier: CourierId) -> Result<Vec<shifts::ShiftRow>, Error> {
        ctx.may(Action::ShiftRead, &Owners::courier(courier), "courier")?;
        let row = self.courier_row(courier).await?;
        let now = ctx.now_us();
        Ok(self.db.all(&shifts::LIST_FOR, args![row.city_id, courier, now, now + AHEAD_US]).await?)
    }

    /// A courier takes an open shift: of two who try, one has it. Taking it twice answers the same.
    pub async fn take_shift(&self, ctx: &Ctx, courier: CourierId, id: ShiftId) -> Result<shifts::ShiftRow, Error> {
        ctx.may(Action::ShiftTake, &Owners::courier(courier), "courier")?;
        self.courier_row(courier).await?;
        let row = self.shift_row(id).await.map_err(|error| unknown(error, "/shift_id"))?;
        self.in_same_city(courier, &row, "/shift_id").await?;
        if row.courier_id == Some(courier) {
            return Ok(row);
        }
        self.give_shift(ctx, &row, courier, None).await?;
        self.shift_row(id).await
    }

    /// A courier gives a shift back that has not begun.
    pub async fn give_back_shift(&self, ctx: &Ctx, courier: CourierId, id: ShiftId) -> Result<(), Error> {
        ctx.may(Action::ShiftTake, &Owners::courier(courier), "courier")?;
        let row = self.shift_row(id).await?;
        if row.courier_id != Some(courier) {
            return Err(Error::NotFound("shift"));
        }
        if row.starts_at <= ctx.now_us() {
            return Err(Rule::ShiftGone.broken().into());
        }
        self.open_shift(ctx, &row).await
    }

    async fn shift_row(&self, id: ShiftId) -> Result<shifts::ShiftRow, Error> {
        let row: Option<shifts::ShiftRow> = self.db.optional(&shifts::FIND, args![id]).await?;
        row.ok_or(Error::NotFound("shift"))
    }

    async fn in_same_city(&self, courier: CourierId, shift: &shifts::ShiftRow, pointer: &str) -> Result<(), Error> {
        let row = self.courier_row(courier).await.map_err(|error| unknown(error, pointer))?;
        if row.city_id != shift.city_id {
            return Err(Rule::UnknownReference.at(pointer).into());
        }
        Ok(())
    }

    async fn give_shift(
        &self,
        ctx: &Ctx,
        row: &shifts::ShiftRow,
        courier: CourierId,
        former: Option<CourierId>,
    ) -> Result<(), Error> {
        let mut tx = held(Tx::new("give shift"), [Some(courier), former])
            .guard_as("free", 1, &shifts::FREE_FOR, args![row.id, courier])
            .guard_as("there", 1, &shifts::GIVE, args![row.id, courier, ctx.now_us(), former])
            .run(&couriers::FOLLOW_PLAN, with_plan(ctx, courier));
        if let Some(former) = former.filter(|former| *former != courier) {
            tx = tx.run(&couriers::FOLLOW_PLAN, with_plan(ctx, former));
        }
        self.tell_shift(ctx, tx, row, Some(courier)).await
    }

    async fn open_shift(&self, ctx: &Ctx, row: &shifts::ShiftRow) -> Result<(), Error> {
        let Some(former) = row.courier_id else { return Ok(()) };
        let tx = held(Tx::new("open shift"), [Some(former), None])
            .guard_as("there", 1, &shifts::OPEN, args![row.id, former, ctx.now_us()])
            .run(&couriers::FOLLOW_PLAN, with_plan(ctx, former));
        self.tell_shift(ctx, tx, row, None).await
    }

    /// Commits a change of hands and tells it; who lost the shift without giving it back hears of it.
    async fn tell_shift(
        &self,
        ctx: &Ctx,
        tx: Tx,
        row: &shifts::ShiftRow,
        courier_id: Option<CourierId>,
    ) -> Result<(), Error> {
        let by = ctx.actor.user().and_then(|user| user.courier_id);
        let former = row.courier_id.filter(|former| courier_id != Some(*former) && by != Some(*former));
        let event = Event::ShiftChanged { shift_id: row.id, courier_id, former };
        self.db.commit(self.tell(ctx, tx, row.city_id, &event)?).await.map_err(gone)
    }
}

/// Holds couriers, always in the same order, so that two hands do not wait for one another.
fn held(mut tx: Tx, couriers: [Option<CourierId>; 2]) -> Tx {
    let couriers: BTreeSet<CourierId> = couriers.into_iter().flatten().collect();
    for id in couriers {
        tx = tx.run(&couriers::HOLD_ANY, args![id]);
    }
    tx
}

/// What a request names and nobody has is the request's fault; that the database is away is not.
fn unknown(error: Error, pointer: &str) -> Error {
    match error {
        Error::NotFound(_) => Rule::UnknownReference.at(pointer).into(),
        other => other,
    }
}

fn gone(error: CommitError) -> Error {
    match failed_guard(&error) {
        Some("free") => Rule::ShiftOverlaps.broken().into(),
        Some("there") => Rule::ShiftGone.broken().into(),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::unknown;
    use crate::Error;
    use domain::rule::Rule;

    #[test]
    fn only_what_is_missing_is_the_fault_of_the_request() {
        let missing = unknown(Error::NotFound("shift"), "/shift_id");
        assert!(matches!(missing, Error::Rule(broken) if broken == Rule::UnknownReference.at("/shift_id")));
        let away = unknown(Error::Unavailable("the database is away".to_owned()), "/shift_id");
        assert!(matches!(away, Error::Unavailable(_)));
        assert!(matches!(unknown(Error::Internal("a defect".to_owned()), "/shift_id"), Error::Internal(_)));
    }
}
