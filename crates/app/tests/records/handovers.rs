//! Orders that change hands: a silence counts against a courier only where somebody listened, and who had an order is
//! remembered for a while.

use app::{App, Entropy, Error, Settings, orders::ByHand};
use domain::{
    courier::Vehicle,
    id::{CourierId, OrderId},
    rule::{Param, Rule},
};
use jiff::SignedDuration;
use std::sync::Arc;
use store::{Statement, Tx, args, offers};

use crate::town::{KITCHEN, Town, broken};

const MINUTE: i64 = 60;
const FLAT_TYRE: ByHand<'static> = ByHand { note: "a flat tyre", beyond_room: false };

async fn does(town: &Town, statement: &'static Statement) {
    town.app.db.commit(Tx::new("test").run(statement, args![])).await.unwrap();
}

impl Town {
    /// An order on the way to whose counter is Kiran.
    async fn under_way(&self) -> (OrderId, CourierId) {
        let asha = self.register("Asha", "98765 43210").await;
        let kiran = self.courier("Kiran", "91234 56789").await;
        self.app.write_positions().await.unwrap();
        let order = self.order(asha).await;
        self.accept(order).await;
        self.assign(order, kiran).await;
        (order, kiran)
    }

    async fn holder(&self, order: OrderId) -> Option<CourierId> {
        self.app.order(&self.system(), order).await.unwrap().row.courier_id
    }

    async fn node(&self) -> App {
        self.other_node(Settings::default(), Arc::new(Entropy::from_seed(9))).await
    }

    async fn not_asked_again(&self) -> Vec<CourierId> {
        let rows: Vec<offers::RefusalRow> = self.app.db.all(&offers::LIST_REFUSALS, args![self.city]).await.unwrap();
        rows.into_iter().map(|row| row.courier_id).collect()
    }
}

#[tokio::test]
async fn a_node_that_has_just_started_takes_orders_from_nobody() {
    let town = Town::new().await;
    let (order, kiran) = town.under_way().await;
    town.wait(20 * MINUTE);
    let node = town.node().await;
    node.reconcile_once(false).await.unwrap();
    assert_eq!(town.holder(order).await, Some(kiran), "nobody could hear him");
    town.wait(9 * MINUTE);
    node.reconcile_once(false).await.unwrap();
    assert_eq!(town.holder(order).await, Some(kiran));
    town.wait(2 * MINUTE);
    node.reconcile_once(false).await.unwrap();
    assert_eq!(town.holder(order).await, None, "ten minutes were listened");
    node.db.close().await;
}

#[tokio::test]
async fn what_was_heard_but_not_written_yet_is_no_silence() {
    let town = Town::new().await;
    let (order, kiran) = town.under_way().await;
    town.wait(9 * MINUTE);
    town.seen(kiran).await;
    town.wait(2 * MINUTE);
    town.app.reconcile_once(false).await.unwrap();
    assert_eq!(town.holder(order).await, Some(kiran));
}

#[tokio::test]
async fn while_positions_could_not_be_written_nobody_was_silent() {
    static AWAY: Statement = Statement::new("test.AWAY", "ALTER TABLE courier_positions RENAME TO mislaid");
    static BACK: Statement = Statement::new("test.BACK", "ALTER TABLE mislaid RENAME TO courier_positions");
    let town = Town::new().await;
    let (order, kiran) = town.under_way().await;
    let lata = town.courier("Lata", "91234 56780").await;
    town.wait(11 * MINUTE);
    town.seen(lata).await;
    does(&town, &AWAY).await;
    town.app.write_positions().await.unwrap_err();
    does(&town, &BACK).await;
    town.app.write_positions().await.unwrap();
    town.app.reconcile_once(false).await.unwrap();
    assert_eq!(town.holder(order).await, Some(kiran));
    town.wait(11 * MINUTE);
    town.app.reconcile_once(false).await.unwrap();
    assert_eq!(town.holder(order).await, None);
}

#[tokio::test]
async fn who_lost_an_order_leaves_no_trace_for_it() {
    let town = Town::new().await;
    let (order, kiran) = town.under_way().await;
    let begun = town.system().now;
    town.wait(20);
    town.seen(kiran).await;
    town.app.release_order(&town.dispatcher(), order, "a flat tyre").await.unwrap();
    town.wait(20);
    town.seen(kiran).await;
    town.app.write_positions().await.unwrap();
    let after = begun + SignedDuration::from_mins(5);
    let way = town.app.courier_trace(&town.dispatcher(), kiran, begun, after).await.unwrap();
    assert_eq!(way.len(), 1, "only while he had it");
    assert_eq!(way[0].position.point, KITCHEN);
}

#[tokio::test]
async fn a_database_that_fails_is_no_unknown_courier() {
    static AWAY: Statement = Statement::new("test.NO_DOUBTS", "ALTER TABLE courier_doubts RENAME TO mislaid");
    let town = Town::new().await;
    let (order, kiran) = town.under_way().await;
    let nobody = CourierId(uuid::Uuid::from_u128(7));
    let unknown = town.app.reassign_orders(&town.dispatcher(), &[order], Some(nobody), FLAT_TYRE).await;
    assert_eq!(broken(unknown), (Rule::UnknownReference, "/courier_id".to_owned()));
    does(&town, &AWAY).await;
    let failed = town.app.reassign_orders(&town.dispatcher(), &[order], Some(kiran), FLAT_TYRE).await;
    assert!(matches!(failed, Err(Error::Internal(_) | Error::Unavailable(_))), "{failed:?}");
}

#[tokio::test]
async fn more_than_a_courier_can_carry_stays_unless_it_is_said_so() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier_with("Kiran", "91234 56789", Vehicle::Foot).await;
    let mut orders = Vec::new();
    for _ in 0..3 {
        orders.push(town.order(asha).await);
        town.accept(orders[orders.len() - 1]).await;
    }
    let desk = town.dispatcher();
    let moved = town.app.reassign_orders(&desk, &orders, Some(kiran), FLAT_TYRE).await.unwrap();
    let [first, others @ ..] = &moved[..] else { panic!("{moved:?}") };
    assert!(first.outcome.is_ok());
    for other in others {
        let Err(Error::Rule(refused)) = &other.outcome else { panic!("{other:?}") };
        assert_eq!((refused.rule, refused.pointer.as_deref()), (Rule::CourierFull, Some("/courier_id")));
        assert_eq!(refused.params, [("in_hand", Param::Int(1)), ("room", Param::Int(1))]);
        assert_eq!(town.holder(other.order_id).await, None);
    }
    assert_eq!(broken(town.app.assign_order(&desk, orders[1], kiran, FLAT_TYRE).await).0, Rule::CourierFull);
    let all = ByHand { beyond_room: true, ..FLAT_TYRE };
    for moved in town.app.reassign_orders(&desk, &orders, Some(kiran), all).await.unwrap() {
        assert_eq!(moved.outcome.unwrap().row.courier_id, Some(kiran));
    }
}

#[tokio::test]
async fn who_had_an_order_that_was_given_to_somebody_else_is_not_asked_again_for_a_while() {
    let town = Town::new().await;
    let (order, kiran) = town.under_way().await;
    let lata = town.courier("Lata", "91234 56780").await;
    town.assign(order, kiran).await;
    assert_eq!(town.not_asked_again().await, [], "it did not change hands");
    town.assign(order, lata).await;
    assert_eq!(town.not_asked_again().await, [kiran]);
    town.app.tidy().await.unwrap();
    assert_eq!(town.not_asked_again().await, [kiran]);
    town.wait(61 * MINUTE);
    town.app.tidy().await.unwrap();
    assert_eq!(town.not_asked_again().await, [], "forgotten for good");
}
