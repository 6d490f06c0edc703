//! Whoever drives the application by hand finds everything consumed, also beside somebody else's long transaction.

use std::time::Duration;

use app::Error;
use cache::{Loaded, Namespace};
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

/// Follows the log until memory is current.
async fn follow(town: &Town) {
    for _ in 0..100 {
        let followed = tokio::time::timeout(Duration::from_millis(100), town.app.follow_events()).await;
        assert!(followed.is_err(), "it ended: {followed:?}");
        if list(town).await.shared {
            return;
        }
    }
    panic!("memory never came to the end of the log");
}

async fn list(town: &Town) -> Loaded {
    let load = async { Ok(Loaded::new("a list")) };
    town.app.load_current(Namespace::RestaurantAvailability, load).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_may_be_made_of_old_memory_stays_on_its_node_and_not_for_long() {
    let town = Town::new().await;
    assert!(list(&town).await.shared, "who is driven by hand is current");
    follow(&town).await;
    town.register("Asha", "98765 43210").await;
    let unsure = list(&town).await;
    assert_eq!((unsure.shared, unsure.ttl), (false, Some(Duration::from_secs(2))));
    let absent = || async { Err(Error::NotFound("restaurant")) };
    let perhaps = town.app.load_current(Namespace::Restaurants, absent()).await;
    assert!(perhaps.is_err(), "old memory does not know what there is: {perhaps:?}");
    assert_eq!(town.app.load_current(Namespace::Orders, absent()).await.unwrap(), None, "the database does");
    follow(&town).await;
}
