//! Offers: most couriers accept within seconds, some decline, some do not look.

use domain::{
    event::{OfferMoved, OfferState},
    id::{CourierId, OfferId},
    rule::Rule,
};
use jiff::Timestamp;

use super::{World, agenda::Deed};
use crate::error::Error;

/// Offers that nobody looks at.
const UNSEEN: f64 = 0.02;
/// Offers declined by a courier with nothing to do.
const DECLINED: f64 = 0.05;
/// Offers declined by a courier who has an order in hand.
const DECLINED_BUSY: f64 = 0.15;

impl World {
    pub(super) async fn offer_moved(&mut self, now: Timestamp, offer: &OfferMoved) -> Result<(), Error> {
        if offer.state == OfferState::Made {
            let looking = self.offers.insert(offer.offer_id, offer.expires_at).is_some();
            if looking {
                // An order left it: the answer that is due anyway is about the rest.
                return Ok(());
            }
            let seen = !self.chance(UNSEEN);
            if seen && self.couriers.get(&offer.courier_id).is_some_and(|courier| !courier.by_hand) {
                let at = self.after(now, 3.0, 22.0);
                self.agenda.add(at, Deed::AnswerOffer(offer.offer_id, offer.courier_id));
            }
            return Ok(());
        }
        self.offers.remove(&offer.offer_id);
        if offer.state == OfferState::Accepted {
            self.tally.trip(offer.orders().len());
            self.taken_together(offer).await?;
        }
        Ok(())
    }

    /// Remembers the sequence of doors of what was taken together, and of what it joined.
    async fn taken_together(&mut self, offer: &OfferMoved) -> Result<(), Error> {
        let in_hand = self.couriers.get(&offer.courier_id).map(|courier| courier.jobs.clone()).unwrap_or_default();
        for order in in_hand.iter().chain(offer.orders()) {
            let row = self.app.order(&self.as_watcher(), *order).await?.row;
            if let Some(known) = self.orders.get_mut(order).filter(|_| row.courier_id == Some(offer.courier_id)) {
                known.trip = row.courier_at.zip(row.stop);
            }
        }
        Ok(())
    }

    pub(super) async fn answer_offer(&mut self, offer: OfferId, courier: CourierId) -> Result<(), Error> {
        if !self.offers.contains_key(&offer) {
            return Ok(());
        }
        let known = self.couriers.get(&courier);
        let busy = known.is_some_and(|courier| !courier.jobs.is_empty());
        let leaves = known.is_some_and(|courier| courier.leaves);
        let ctx = self.as_courier(courier);
        if self.chance(if busy { DECLINED_BUSY } else { DECLINED }) || leaves {
            self.app.decline_offer(&ctx, offer).await?;
            self.tally.refused("offer-declined");
            return Ok(());
        }
        match self.app.accept_offer(&ctx, offer, None).await {
            Ok(_) => Ok(()),
            Err(app::Error::Rule(broken)) if is_too_late(broken.rule) => {
                self.tally.refused(broken.rule.code());
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Somebody was faster.
const fn is_too_late(rule: Rule) -> bool {
    matches!(rule, Rule::OfferGone | Rule::OfferChanged | Rule::TripChanged)
}
