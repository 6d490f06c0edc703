//! Whoever drives the application by hand finds everything consumed, also beside somebody else's long transaction.

use std::time::Duration;

use store::outbox;

use crate::town::Town;

#[tokio::test]
async fn what_is_held_up_is_waited_for_and_consumed() {
    let town = Town::new().await;
    let asha = town.register("Asha", "98765 43210").await;
    let kiran = town.courier("Kiran", "98765 43211").await;
    let held_up = town.database.held_up(Duration::from_millis(300)).await;
    let order = town.order(asha).await;
    town.deliver(order, kiran).await;
    town.app.consume_all().await.unwrap();
    let messages = town.app.mailbox(None, 50).await.unwrap();
    assert!(messages.iter().any(|message| message.body.contains("delivered")), "{messages:?}");
    let lag = outbox::lag(&town.app.db).await.unwrap();
    assert!(lag.len() == 4 && lag.iter().all(|consumer| consumer.waiting == 0), "{lag:?}");
    held_up.await.unwrap();
}
