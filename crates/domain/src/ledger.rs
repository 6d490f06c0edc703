//! What each step of an order means for the books.
//!
//! The ledger is double-entry by construction: one row is one transfer, which debits one account and credits another by
//! the same amount (as in TigerBeetle's data model). An order's own two accounts, what the customer owes and what is
//! still to be shared out, both return to zero when the order has ended; a property test holds every path to that.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    id::{CourierId, OrderId, RestaurantId},
    money::Paise,
};

/// An account: a kind, and whose where it has an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What the customer owes for one order.
    CustomerReceivable(OrderId),
    /// What one order still has to share out.
    OrderClearing(OrderId),
    /// Money at the payment gateway.
    Gateway,
    /// Cash that a courier carries for the platform.
    CourierCash(CourierId),
    /// What a restaurant is owed.
    RestaurantPayable(RestaurantId),
    /// What a courier is owed.
    CourierPayable(CourierId),
    /// Tax collected and not yet paid over.
    TaxPayable,
    /// Fees and commission earned.
    PlatformRevenue,
    /// Pay of couriers.
    CourierCost,
    /// Orders that could not be collected.
    PlatformLoss,
}

impl Account {
    /// The kind as stored.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::CustomerReceivable(_) => "customer_receivable",
            Self::OrderClearing(_) => "order_clearing",
            Self::Gateway => "gateway",
            Self::CourierCash(_) => "courier_cash",
            Self::RestaurantPayable(_) => "restaurant_payable",
            Self::CourierPayable(_) => "courier_payable",
            Self::TaxPayable => "tax_payable",
            Self::PlatformRevenue => "platform_revenue",
            Self::CourierCost => "courier_cost",
            Self::PlatformLoss => "platform_loss",
        }
    }

    /// The owner as stored; nil for the platform's own accounts.
    pub const fn owner(self) -> Uuid {
        match self {
            Self::CustomerReceivable(OrderId(id))
            | Self::OrderClearing(OrderId(id))
            | Self::CourierCash(CourierId(id))
            | Self::RestaurantPayable(RestaurantId(id))
            | Self::CourierPayable(CourierId(id)) => id,
            Self::Gateway | Self::TaxPayable | Self::PlatformRevenue | Self::CourierCost | Self::PlatformLoss => {
                Uuid::nil()
            }
        }
    }
}

/// One row of the ledger. The amount is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Receives.
    pub debit: Account,
    /// Gives.
    pub credit: Account,
    /// How much.
    pub amount: Paise,
}

/// How an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// Cash to the courier.
    Cod,
    /// The built-in test gateway, before the order is placed.
    Sandbox,
}

impl PaymentMethod {
    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cod => "cod",
            Self::Sandbox => "sandbox",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Cod, Self::Sandbox].into_iter().find(|method| method.as_str() == text)
    }
}

/// The amounts of an order that the books care about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderMoney {
    /// The order.
    pub order_id: OrderId,
    /// The kitchen.
    pub restaurant_id: RestaurantId,
    /// How it is paid.
    pub method: PaymentMethod,
    /// Dishes and packing, less the restaurant's own discounts, before tax.
    pub food: Paise,
    /// Delivery and platform fee, before tax.
    pub fees: Paise,
    /// All taxes.
    pub taxes: Paise,
    /// For the courier.
    pub tip: Paise,
    /// The platform's share of `food`.
    pub commission: Paise,
    /// What the courier earns for the way.
    pub courier_pay: Paise,
}

impl OrderMoney {
    /// What the customer pays.
    pub fn total(&self) -> Paise {
        self.food + self.fees + self.taxes + self.tip
    }

    /// The order is placed; a prepaid one was captured at the gateway.
    pub fn placed(&self) -> Vec<Transfer> {
        let (receivable, clearing) = self.own_accounts();
        let owed = Transfer { debit: receivable, credit: clearing, amount: self.total() };
        let captured = Transfer { debit: Account::Gateway, credit: receivable, amount: self.total() };
        let prepaid = self.method == PaymentMethod::Sandbox;
        positive([Some(owed), prepaid.then_some(captured)].into_iter().flatten())
    }

    /// The order was delivered by `courier`, who took the cash where it is paid in cash.
    pub fn delivered(&self, courier: CourierId) -> Vec<Transfer> {
        let (receivable, _) = self.own_accounts();
        let cash = Transfer { debit: Account::CourierCash(courier), credit: receivable, amount: self.total() };
        let collected = (self.method == PaymentMethod::Cod).then_some(cash);
        positive(collected.into_iter().chain(self.shared_out(courier)))
    }

    /// The delivery failed: kitchen and courier are paid, and the platform bears what nobody collected.
    pub fn failed(&self, courier: CourierId) -> Vec<Transfer> {
        let (receivable, _) = self.own_accounts();
        let loss = Transfer { debit: Account::PlatformLoss, credit: receivable, amount: self.total() };
        let unpaid = (self.method == PaymentMethod::Cod).then_some(loss);
        positive(unpaid.into_iter().chain(self.shared_out(courier)))
    }

    /// The order was rejected or cancelled: nothing is owed, and what was captured goes back.
    pub fn called_off(&self) -> Vec<Transfer> {
        let (receivable, clearing) = self.own_accounts();
        let undone = Transfer { debit: clearing, credit: receivable, amount: self.total() };
        let refund = Transfer { debit: receivable, credit: Account::Gateway, amount: self.total() };
        let prepaid = self.method == PaymentMethod::Sandbox;
        positive([Some(undone), prepaid.then_some(refund)].into_iter().flatten())
    }

    const fn own_accounts(&self) -> (Account, Account) {
        (Account::CustomerReceivable(self.order_id), Account::OrderClearing(self.order_id))
    }

    fn shared_out(&self, courier: CourierId) -> [Transfer; 6] {
        let clearing = Account::OrderClearing(self.order_id);
        let restaurant = Account::RestaurantPayable(self.restaurant_id);
        let rider = Account::CourierPayable(courier);
        [
            Transfer { debit: clearing, credit: restaurant, amount: self.food },
            Transfer { debit: clearing, credit: Account::PlatformRevenue, amount: self.fees },
            Transfer { debit: clearing, credit: Account::TaxPayable, amount: self.taxes },
            Transfer { debit: clearing, credit: rider, amount: self.tip },
            Transfer { debit: restaurant, credit: Account::PlatformRevenue, amount: self.commission },
            Transfer { debit: Account::CourierCost, credit: rider, amount: self.courier_pay },
        ]
    }
}

fn positive(transfers: impl Iterator<Item = Transfer>) -> Vec<Transfer> {
    transfers.filter(|transfer| transfer.amount > Paise::ZERO).collect()
}

#[cfg(test)]
mod tests {
    use super::{Account, OrderMoney, PaymentMethod, Transfer};
    use crate::{
        id::{CourierId, OrderId, RestaurantId},
        money::Paise,
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    const COURIER: CourierId = CourierId(Uuid::from_u128(3));

    fn any_money() -> impl Strategy<Value = OrderMoney> {
        let amount = || 0..1_000_000_i64;
        (amount(), amount(), amount(), amount(), 0..4_000_i64, amount(), any::<bool>()).prop_map(
            |(food, fees, taxes, tip, commission_bp, pay, cod)| OrderMoney {
                order_id: OrderId(Uuid::from_u128(1)),
                restaurant_id: RestaurantId(Uuid::from_u128(2)),
                method: if cod { PaymentMethod::Cod } else { PaymentMethod::Sandbox },
                food: Paise(food),
                fees: Paise(fees),
                taxes: Paise(taxes),
                tip: Paise(tip),
                commission: Paise(food).share(commission_bp),
                courier_pay: Paise(pay),
            },
        )
    }

    fn balance(account: Account, transfers: &[Transfer]) -> i64 {
        let signed = |transfer: &Transfer| {
            i64::from(transfer.debit == account) * transfer.amount.0
                - i64::from(transfer.credit == account) * transfer.amount.0
        };
        transfers.iter().map(signed).sum()
    }

    proptest! {
        #[test]
        fn an_ended_order_leaves_nothing_open(money in any_money(), end in 0..3) {
            let mut transfers = money.placed();
            transfers.extend(match end {
                0 => money.delivered(COURIER),
                1 => money.failed(COURIER),
                _ => money.called_off(),
            });
            prop_assert!(transfers.iter().all(|transfer| transfer.amount > Paise::ZERO));
            prop_assert_eq!(balance(Account::CustomerReceivable(money.order_id), &transfers), 0);
            prop_assert_eq!(balance(Account::OrderClearing(money.order_id), &transfers), 0);
        }

        #[test]
        fn cash_on_delivery_is_the_couriers_debt(money in any_money()) {
            let mut transfers = money.placed();
            transfers.extend(money.delivered(COURIER));
            let cash = balance(Account::CourierCash(COURIER), &transfers);
            let gateway = balance(Account::Gateway, &transfers);
            prop_assert_eq!(cash + gateway, money.total().0);
            prop_assert_eq!(cash != 0, money.method == PaymentMethod::Cod && money.total().0 > 0);
        }
    }
}
