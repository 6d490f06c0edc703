//! Decisions about an order, read again: who was asked or given it, when and why, and how they answered.
//!
//! Each decision is written in the transaction that makes the offer or gives the order; nothing here changes one.

mod explain;

use std::collections::{HashMap, HashSet};

use domain::{
    event::OfferState,
    id::{CourierId, OrderId},
    permission::Action,
};
use jiff::Timestamp;
use store::{args, decisions};

use crate::{
    App,
    context::{Ctx, moment},
    error::Error,
};

pub(crate) use explain::{Explained, explain};
pub use explain::{Explanation, LeftOut, RoundFigures, Scored};

/// Decisions that are read of one order, the newest.
const MOST: i64 = 30;
/// Couriers that are named in one query.
const NAMED_AT_ONCE: usize = 16;

/// What was decided about an order.
#[derive(Clone, Debug)]
pub struct Decisions {
    /// Oldest first.
    pub items: Vec<Decision>,
    /// How many there were before these.
    pub earlier: usize,
    /// Everybody who is named in them.
    pub couriers: HashMap<CourierId, decisions::NamedRow>,
}

/// One decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// When.
    pub at: Timestamp,
    /// The policy, `by-hand`, or `silent` where the order was taken from a courier who fell silent.
    pub policy: String,
    /// Who was asked or got it; nobody where it was given back to dispatch.
    pub courier_id: Option<CourierId>,
    /// Who decided by hand.
    pub user_name: Option<String>,
    /// Why by hand.
    pub note: Option<String>,
    /// How the offer stands that it made, if it made one.
    pub answer: Option<String>,
    /// When that was answered, ended or left.
    pub answered_at: Option<Timestamp>,
    /// The candidates and the others.
    pub why: Explanation,
}

impl App {
    /// The newest decisions about an order, oldest first, for those who may give it to somebody.
    pub async fn order_decisions(&self, ctx: &Ctx, id: OrderId) -> Result<Decisions, Error> {
        self.order_row(ctx, id, Action::OrderAssign).await?;
        let rows: Vec<decisions::DecisionRow> = self.db.all(&decisions::LIST_OF_ORDER, args![id, MOST]).await?;
        let kept = rows.first().map_or(0, |row| usize::try_from(row.kept).unwrap_or_default());
        let earlier = kept.saturating_sub(rows.len());
        let items = rows.into_iter().rev().map(|row| read(id, row)).collect::<Result<Vec<_>, _>>()?;
        let couriers = self.name_couriers(items.iter().flat_map(mentioned).collect()).await?;
        Ok(Decisions { items, earlier, couriers })
    }

    async fn name_couriers(&self, ids: HashSet<CourierId>) -> Result<HashMap<CourierId, decisions::NamedRow>, Error> {
        let mut ids: Vec<CourierId> = ids.into_iter().collect();
        ids.sort_unstable();
        let mut named = HashMap::with_capacity(ids.len());
        for some in ids.chunks(NAMED_AT_ONCE) {
            // The list has a fixed length: the last one fills it up.
            let filled = some.iter().chain(std::iter::repeat(&some[some.len() - 1])).take(NAMED_AT_ONCE);
            let asked: Vec<store::Value> = filled.map(|id| store::Value::from(*id)).collect();
            let rows: Vec<decisions::NamedRow> = self.db.all(&decisions::LIST_COURIERS, asked).await?;
            named.extend(rows.into_iter().map(|row| (row.id, row)));
        }
        Ok(named)
    }
}

fn read(id: OrderId, row: decisions::DecisionRow) -> Result<Decision, Error> {
    let why = serde_json::from_str(&row.candidates);
    let mut why: Explanation = why.map_err(|error| Error::Internal(format!("decision on order {id}: {error}")))?;
    // Decisions of earlier versions name the chosen one, and ranks, by nothing but the sequence.
    for (place, one) in (1..).zip(&mut why.possible) {
        one.rank = Some(place);
    }
    let chosen = why.possible.iter().find(|one| Some(one.courier_id) == row.courier_id).cloned();
    why.chosen = why.chosen.or(chosen);
    // An order that left its offer was withdrawn from who looked at it.
    let left = row.answered_at.map(|_| OfferState::Withdrawn.as_str().to_owned());
    Ok(Decision {
        at: moment(row.at),
        policy: row.policy,
        courier_id: row.courier_id,
        user_name: row.user_name,
        note: row.note,
        answer: row.state.or(left),
        answered_at: row.answered_at.map(moment),
        why,
    })
}

/// Whoever a decision names.
fn mentioned(decision: &Decision) -> impl Iterator<Item = CourierId> {
    let Explanation { chosen, possible, left_out, .. } = &decision.why;
    let scored = chosen.iter().chain(possible).map(|one| one.courier_id);
    decision.courier_id.into_iter().chain(scored).chain(left_out.iter().map(|one| one.courier_id))
}
