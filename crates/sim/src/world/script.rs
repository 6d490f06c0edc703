//! A script: what is certain on a day that is lived again. Who orders what and when, what kitchens make of it, who works when.
//!
//! Everything else is left to luck as on any other day. Nobody decides here: the cues are carried out by the same use
//! cases as what people think of by themselves.

use std::collections::BTreeMap;

use app::{
    orders::PlaceOrder,
    quotes::{WantedAddress, WantedOrder},
};
use domain::{
    id::{AddressId, CourierId, CustomerId, MenuItemId, OrderId, RestaurantId},
    ledger::PaymentMethod,
    money::Paise,
    quote::WantedLine,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{World, agenda::Deed};
use crate::{
    day::{Fate, Shift},
    error::Error,
};

/// An order that is certain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cue {
    /// When.
    pub(crate) at: Timestamp,
    /// Whose.
    pub(crate) customer: CustomerId,
    /// To where.
    pub(crate) address: AddressId,
    /// From where.
    pub(crate) kitchen: RestaurantId,
    /// What.
    pub(crate) dish: MenuItemId,
    /// For the courier.
    pub(crate) tip: Paise,
    /// What the kitchen and the customer make of it, as far as that is certain.
    pub(crate) fate: Option<Fate>,
}

/// All that is certain.
#[derive(Debug)]
pub(crate) struct Script {
    cues: Vec<Cue>,
    shifts: Vec<(CourierId, Shift)>,
    /// How many orders were played.
    played: usize,
    /// Fates of orders that were placed and of which nobody has heard yet.
    fates: BTreeMap<OrderId, Fate>,
}

impl Script {
    /// Orders in the sequence of their placing, and who works when.
    pub(crate) const fn new(cues: Vec<Cue>, shifts: Vec<(CourierId, Shift)>) -> Self {
        Self { cues, shifts, played: 0, fates: BTreeMap::new() }
    }

    /// Whether nobody orders any more.
    pub(super) const fn is_over(&self) -> bool {
        self.played == self.cues.len()
    }

    /// What becomes of an order that was just placed.
    pub(super) fn take_fate(&mut self, order: OrderId) -> Option<Fate> {
        self.fates.remove(&order)
    }
}

impl World {
    /// Plans the first order and all shifts of a script.
    pub(super) fn begin(&mut self, script: Script) {
        for (courier, shift) in &script.shifts {
            self.agenda.add(shift.from, Deed::BeginShift(*courier));
            if let Some(to) = shift.to {
                self.agenda.add(to, Deed::EndShift(*courier));
            }
        }
        self.script = Some(script);
        self.plan_next_cue();
    }

    fn plan_next_cue(&mut self) {
        let next = self.script.as_ref().and_then(|script| script.cues.get(script.played));
        if let Some(cue) = next {
            self.agenda.add(cue.at, Deed::Play);
        }
    }

    /// The next order of the script is placed, paid ahead.
    pub(super) async fn play(&mut self) -> Result<(), Error> {
        let Some(script) = &mut self.script else { return Ok(()) };
        let Some(cue) = script.cues.get(script.played).copied() else { return Ok(()) };
        script.played += 1;
        self.plan_next_cue();
        let line = WantedLine { item_id: cue.dish, quantity: 1, option_ids: Vec::new(), note: None };
        let address = WantedAddress::Saved(cue.address);
        let wanted = WantedOrder { restaurant_id: cue.kitchen, lines: vec![line], address, tip: cue.tip };
        let Some(quote) = self.price(cue.customer, wanted).await? else {
            self.tally.gave_up += 1;
            return Ok(());
        };
        let ctx = self.as_customer(cue.customer);
        let key = ctx.id::<Uuid>().to_string();
        let order = PlaceOrder { quote_id: quote.id, method: PaymentMethod::Sandbox, payment_token: None, note: None };
        let order = self.app.place_order(&ctx, &key, &order).await?.order_id;
        self.tally.placed += 1;
        self.luck.note_placed(order);
        if let Some(script) = &mut self.script {
            script.fates.extend(cue.fate.map(|fate| (order, fate)));
        }
        if let Some(Fate::CalledOff { at }) = cue.fate {
            self.agenda.add(at, Deed::Cancel(order));
        }
        Ok(())
    }
}
