//! What becomes of an order: accepted or not, cooked, given to a courier, carried, delivered or failed.

use domain::order::Status;
use serde_json::json;

use super::{Customer, Lines, Order, Pending};
use crate::client::Request;

/// Older orders rest.
const AT_WORK: usize = 6;

/// A step that waits for its answer.
#[derive(Clone)]
pub(super) struct Moving {
    index: usize,
    step: Step,
    request: Request,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    To(Status),
    Give(usize),
}

impl Order {
    /// Where it stands, as far as its customer was told.
    pub(crate) fn status(&self) -> Status {
        self.reached.last().copied().unwrap_or(Status::Placed)
    }
}

impl Customer {
    /// Picks a step for one of the newest orders, if it is one that moves.
    pub(super) fn choose_move(&mut self) {
        if !self.orders.is_empty() {
            let newest = self.below(self.orders.len().min(AT_WORK));
            let index = self.orders.len() - 1 - newest;
            if let Some(step) = self.next_step(&self.orders[index]) {
                let request = self.request(&self.orders[index], step);
                self.pending = Some(Pending::Move(Moving { index, step, request }));
            }
        }
    }

    fn next_step(&self, order: &Order) -> Option<Step> {
        if order.silenced {
            return None;
        }
        let dice = self.dice.below(10);
        match (order.status(), order.courier) {
            (Status::Placed, _) => match dice {
                0 => Some(Step::To(Status::Cancelled)),
                1 => Some(Step::To(Status::Rejected)),
                2..=8 => Some(Step::To(Status::Accepted)),
                _ => None,
            },
            (Status::Accepted, _) if dice < 5 => Some(Step::To(Status::Preparing)),
            (Status::Accepted | Status::Preparing, _) => Some(Step::To(Status::Ready)),
            (Status::Ready, None) => Some(Step::Give(self.below(self.city.couriers.len()))),
            (Status::Ready, Some(_)) => Some(Step::To(Status::PickedUp)),
            (Status::PickedUp, _) if dice < 2 => Some(Step::To(Status::Failed)),
            (Status::PickedUp, _) => Some(Step::To(Status::Delivered)),
            (Status::Delivered | Status::Rejected | Status::Cancelled | Status::Failed, _) => None,
        }
    }

    fn request(&self, order: &Order, step: Step) -> Request {
        let to = match step {
            Step::Give(courier) => {
                let body = json!({"courier_id": self.city.couriers[courier].0, "note": "by hand", "beyond_room": true});
                return Request::post(&format!("/orders/{}/assign", order.id), &self.city.dispatcher, &body);
            }
            Step::To(to) => to,
        };
        let courier = || order.courier.map_or("", |courier| self.city.couriers[courier].1.as_str());
        let (token, mut body) = match to {
            Status::Accepted => (self.city.cook.as_str(), json!({"prep_minutes": 15})),
            Status::Rejected => (self.city.cook.as_str(), json!({"reason": "too-busy"})),
            Status::Cancelled => (self.token(), json!({})),
            Status::PickedUp => (courier(), json!({})),
            Status::Delivered => (courier(), json!({"code": order.code})),
            Status::Failed => (courier(), json!({"reason": "nobody-there"})),
            Status::Placed | Status::Preparing | Status::Ready => (self.city.cook.as_str(), json!({})),
        };
        body["status"] = json!(to.as_str());
        Request::post(&format!("/real-time/update-order-status/{}", order.id), token, &body)
    }

    /// Takes the step. A step without an answer is taken again; having been taken, it answers as the first time.
    pub(super) async fn go(&mut self, lines: &mut Lines, moving: Moving) -> Option<()> {
        let Some(answer) = lines.first.ask(&moving.request).await else {
            self.tally.unanswered += 1;
            return None;
        };
        let order = &mut self.orders[moving.index];
        match (answer.status, moving.step) {
            (200, Step::To(to)) => {
                assert_eq!(answer.json()["status"], to.as_str(), "{}", order.key);
                order.reached.push(to);
                self.pending = None;
            }
            (200, Step::Give(courier)) => {
                order.courier = Some(courier);
                self.pending = None;
            }
            // The kitchen's silence was faster: nothing else moves an order that stands at the beginning.
            (409, _) if answer.code() == "illegal-transition" && order.status() == Status::Placed => {
                order.silenced = true;
                self.pending = None;
            }
            // Another step in the same moment: the silence, or on PostgreSQL what the dead server had sent off.
            (409, _) if ["version-conflict", "already-exists"].contains(&answer.code().as_str()) => self.later().await,
            (503, _) => self.later().await,
            (_, step) => panic!("{step:?} of {} was answered {answer:?}", order.key),
        }
        Some(())
    }
}
