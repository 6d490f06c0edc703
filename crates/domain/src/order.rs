//! The life of an order: which status may follow which, who may say so, and what they must prove.
//!
//! One table says it all. The application asks [`check`] before it writes; the database holds the same pairs in
//! `order_transitions`, so that a jump from placed to delivered cannot be stored even by a faulty program.

use serde::{Deserialize, Serialize};

use crate::{
    permission::Role,
    rule::{Broken, Rule},
};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Placed by the customer, not yet answered by the kitchen.
    Placed,
    /// The kitchen promised a time.
    Accepted,
    /// Being cooked.
    Preparing,
    /// Waiting at the counter.
    Ready,
    /// On the way.
    PickedUp,
    /// At the door, handed over.
    Delivered,
    /// Refused by the kitchen or by its silence.
    Rejected,
    /// Called off before the food was on its way.
    Cancelled,
    /// Could not be delivered.
    Failed,
}

use Status::{Accepted, Cancelled, Delivered, Failed, PickedUp, Placed, Preparing, Ready, Rejected};

impl Status {
    /// All statuses in the order of a good day, then the bad ends.
    pub const ALL: [Self; 9] = [Placed, Accepted, Preparing, Ready, PickedUp, Delivered, Rejected, Cancelled, Failed];

    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Placed => "placed",
            Accepted => "accepted",
            Preparing => "preparing",
            Ready => "ready",
            PickedUp => "picked_up",
            Delivered => "delivered",
            Rejected => "rejected",
            Cancelled => "cancelled",
            Failed => "failed",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Nothing follows.
    pub const fn is_final(self) -> bool {
        matches!(self, Delivered | Rejected | Cancelled | Failed)
    }

    /// The food is not yet with the courier, so another courier may still take it.
    pub const fn before_pickup(self) -> bool {
        matches!(self, Placed | Accepted | Preparing | Ready)
    }
}

/// Who moves an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mover {
    /// The customer whose order it is.
    Customer,
    /// The kitchen that cooks it.
    Restaurant,
    /// The courier it is assigned to.
    Courier,
    /// Operations staff.
    Staff,
    /// A deadline.
    System,
}

impl Mover {
    /// The part a role plays for an order that is in its reach.
    pub const fn of(role: Role) -> Self {
        match role {
            Role::Customer => Self::Customer,
            Role::Restaurant => Self::Restaurant,
            Role::Courier => Self::Courier,
            Role::Dispatcher | Role::Admin => Self::Staff,
        }
    }

    /// As stored in the history.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Restaurant => "restaurant",
            Self::Courier => "courier",
            Self::Staff => "staff",
            Self::System => "system",
        }
    }
}

/// What must come with a change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nothing.
    None,
    /// A preparation time in minutes.
    PrepMinutes,
    /// Why.
    Reason,
    /// The customer's delivery code.
    DeliveryCode,
}

/// One legal step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// From where.
    pub from: Status,
    /// To where.
    pub to: Status,
    /// Who may do it.
    pub movers: &'static [Mover],
    /// What it takes.
    pub proof: Proof,
}

/// Staff stand in for a kitchen whose tablet is dead, and for a courier whose phone is.
const KITCHEN: &[Mover] = &[Mover::Restaurant, Mover::Staff];
const REFUSERS: &[Mover] = &[Mover::Restaurant, Mover::Staff, Mover::System];
const CALLERS_OFF: &[Mover] = &[Mover::Customer, Mover::Staff];
const STAFF: &[Mover] = &[Mover::Staff];
const COURIER: &[Mover] = &[Mover::Courier];
const CARRIERS: &[Mover] = &[Mover::Courier, Mover::Staff];

const fn step(from: Status, to: Status, movers: &'static [Mover], proof: Proof) -> Transition {
    Transition { from, to, movers, proof }
}

/// Every legal step there is.
pub const TRANSITIONS: &[Transition] = &[
    step(Placed, Accepted, KITCHEN, Proof::PrepMinutes),
    step(Placed, Rejected, REFUSERS, Proof::Reason),
    step(Placed, Cancelled, CALLERS_OFF, Proof::None),
    step(Accepted, Preparing, KITCHEN, Proof::None),
    step(Accepted, Ready, KITCHEN, Proof::None),
    step(Accepted, Cancelled, STAFF, Proof::Reason),
    step(Preparing, Ready, KITCHEN, Proof::None),
    step(Preparing, Cancelled, STAFF, Proof::Reason),
    step(Ready, PickedUp, CARRIERS, Proof::None),
    step(Ready, Cancelled, STAFF, Proof::Reason),
    step(PickedUp, Delivered, COURIER, Proof::DeliveryCode),
    step(PickedUp, Delivered, STAFF, Proof::Reason),
    step(PickedUp, Failed, CARRIERS, Proof::Reason),
];

/// What the mover brought along.
#[derive(Clone, Debug, Default)]
pub struct Brought<'a> {
    /// Minutes until the food is ready.
    pub prep_minutes: Option<i64>,
    /// A reason code.
    pub reason: Option<&'a str>,
    /// The code said at the door.
    pub code: Option<&'a str>,
}

/// Preparation times a kitchen may promise, in minutes.
pub const PREP_MINUTES: std::ops::RangeInclusive<i64> = 5..=90;

/// Reasons for refusing an order.
pub const REJECT_REASONS: &[&str] = &["too-busy", "item-out", "closing", "no-answer", "other"];

/// Reasons for a delivery that failed.
pub const FAIL_REASONS: &[&str] = &["nobody-there", "wrong-address", "refused", "other"];

/// Whether `mover` may take an order from `from` to `to` with what it brought; `code` is the order's delivery code.
pub fn check(
    from: Status,
    to: Status,
    mover: Mover,
    brought: &Brought<'_>,
    code: &str,
) -> Result<&'static Transition, Broken> {
    let legal = TRANSITIONS.iter().find(|step| step.from == from && step.to == to && step.movers.contains(&mover));
    let Some(step) = legal else {
        return Err(Rule::IllegalTransition
            .at("/status")
            .with("from", from.as_str())
            .with("to", to.as_str())
            .with("mover", mover.as_str()));
    };
    prove(step, brought, code)?;
    Ok(step)
}

fn prove(step: &Transition, brought: &Brought<'_>, code: &str) -> Result<(), Broken> {
    match step.proof {
        Proof::None => Ok(()),
        Proof::PrepMinutes => match brought.prep_minutes {
            Some(minutes) if PREP_MINUTES.contains(&minutes) => Ok(()),
            _ => Err(Rule::OutOfRange
                .at("/prep_minutes")
                .with("min", *PREP_MINUTES.start())
                .with("max", *PREP_MINUTES.end())),
        },
        Proof::Reason => {
            let known: Option<&[&str]> = match step.to {
                Rejected => Some(REJECT_REASONS),
                Failed => Some(FAIL_REASONS),
                _ => None,
            };
            let given = brought.reason.map_or("", str::trim);
            match known {
                Some(known) if !known.contains(&given) => {
                    Err(Rule::WrongFormat.at("/reason").with("allowed", known.join(", ")))
                }
                None if given.is_empty() => Err(Rule::WrongFormat.at("/reason")),
                _ => Ok(()),
            }
        }
        Proof::DeliveryCode if brought.code == Some(code) => Ok(()),
        Proof::DeliveryCode => Err(Rule::WrongCode.at("/code")),
    }
}

/// The statuses `mover` may set next.
pub fn allowed(from: Status, mover: Mover) -> Vec<Status> {
    TRANSITIONS.iter().filter(|step| step.from == from && step.movers.contains(&mover)).map(|step| step.to).collect()
}

#[cfg(test)]
mod tests {
    use super::{Brought, Mover, Status, TRANSITIONS, allowed, check};
    use crate::rule::Rule;

    #[test]
    fn nothing_follows_a_final_status() {
        assert!(TRANSITIONS.iter().all(|step| !step.from.is_final()));
    }

    #[test]
    fn every_status_can_be_reached_and_left() {
        for status in Status::ALL {
            let reached = status == Status::Placed || TRANSITIONS.iter().any(|step| step.to == status);
            let left = status.is_final() || TRANSITIONS.iter().any(|step| step.from == status);
            assert!(reached && left, "{}", status.as_str());
        }
    }

    #[test]
    fn a_courier_cannot_deliver_what_was_not_picked_up() {
        let brought = Brought { code: Some("4092"), ..Brought::default() };
        let refused = check(Status::Ready, Status::Delivered, Mover::Courier, &brought, "4092");
        assert_eq!(refused.unwrap_err().rule, Rule::IllegalTransition);
    }

    #[test]
    fn delivery_takes_the_customers_code() {
        let with = |code| Brought { code, ..Brought::default() };
        let deliver = |code| check(Status::PickedUp, Status::Delivered, Mover::Courier, &with(code), "4092");
        assert!(deliver(Some("4092")).is_ok());
        assert_eq!(deliver(Some("4093")).unwrap_err().rule, Rule::WrongCode);
        assert_eq!(deliver(None).unwrap_err().pointer.as_deref(), Some("/code"));
    }

    #[test]
    fn a_customer_may_cancel_until_the_kitchen_accepts() {
        assert_eq!(allowed(Status::Placed, Mover::Customer), [Status::Cancelled]);
        assert!(allowed(Status::Accepted, Mover::Customer).is_empty());
    }

    #[test]
    fn an_unknown_reason_names_the_field() {
        let brought = Brought { reason: Some("bored"), ..Brought::default() };
        let refused = check(Status::Placed, Status::Rejected, Mover::Restaurant, &brought, "");
        assert_eq!(refused.unwrap_err().pointer.as_deref(), Some("/reason"));
    }

    #[test]
    fn a_refused_reason_says_which_ones_there_are() {
        let brought = Brought { reason: Some("no idea"), ..Brought::default() };
        let refused = check(Status::PickedUp, Status::Failed, Mover::Courier, &brought, "1234").unwrap_err();
        assert_eq!(refused, Rule::WrongFormat.at("/reason").with("allowed", super::FAIL_REASONS.join(", ")));
    }
}
