//! The use cases of Dabba.
//!
//! Each one authorises, asks `domain` to decide, and commits one transaction that holds the state, the ledger entries
//! and the event; everything else follows from the event. The API, the simulator and the command line all call the same
//! methods of [`App`]. Nothing here knows HTTP.

mod access;
pub mod analytics;
pub mod applications;
pub mod arrivals;
mod background;
pub mod caching;
pub mod carts;
mod context;
pub mod couriers;
pub mod customers;
pub mod decisions;
pub mod demand;
pub mod dispatching;
pub mod documents;
mod error;
pub mod events;
pub mod imports;
mod input;
pub mod inventory;
pub mod live;
pub mod menus;
pub mod offers;
pub mod orders;
mod paging;
pub mod places;
pub mod positions;
pub mod products;
pub mod quotes;
mod recent;
mod reconcile;
pub mod restaurants;
pub mod reviews;
pub mod routes;
mod secrets;
mod settings;
pub mod shifts;
mod stored;
pub mod tariff;
pub mod tracking_links;
mod travel;
pub mod users;
pub mod vendors;

use std::{
    sync::{Arc, RwLock},
    time::Instant,
};

use domain::{
    id::{OrderId, QuoteId, RestaurantId},
    menu::Menu,
    permission::{Actor, Owners},
    quote::Quote,
};
use quick_cache::sync::Cache;
use store::{Db, outbox};
use tokio::sync::{Mutex, watch};

pub use access::Access;
pub use context::{Clock, Ctx, Entropy, ManualClock, SystemClock, moment};
pub use error::{AmountChange, Error, LoginProblem};
pub use settings::Settings;
pub use travel::{Leg, Routed, RoutingHealth, StraightLine, TravelTimes, Wanted};

use crate::{
    events::hub::Hub, menus::MenusForgotten, orders::numbers::Numbers, places::Places, positions::Positions,
    restaurants::directory::Directory, secrets::Secrets, users::Entrance,
};

/// Menus held in memory, parsed, for pricing.
const MENUS_IN_MEMORY: usize = 2_000;
/// Quotes made on this node that are held in memory until they are ordered.
const QUOTES_IN_MEMORY: usize = 4_000;
/// Orders of which this node remembers whose they are, for those who track them.
const OWNERS_IN_MEMORY: usize = 50_000;

/// The application: one for each process.
pub struct App {
    /// The store.
    pub db: Db,
    /// What the operator tuned.
    pub settings: Settings,
    /// Live channels of this node.
    pub hub: Hub,
    /// Answers to public reads, ready to send.
    pub answers: cache::Cache,
    /// What is known about them: who forgot what and why, how much they are used, what is being warmed.
    pub caching: caching::Caching,
    clock: Arc<dyn Clock>,
    entropy: Arc<Entropy>,
    travel: RwLock<Arc<dyn TravelTimes>>,
    arrivals: arrivals::Arrivals,
    demands: demand::Demands,
    places: RwLock<Arc<Places>>,
    positions: Positions,
    radio: Option<cache::Radio>,
    directory: Directory,
    menus: Cache<RestaurantId, Arc<Menu>>,
    menus_forgotten: MenusForgotten,
    /// One at a time, so that what is read first does not come last.
    reloading: Mutex<()>,
    /// Up to where this node's memory has followed the log; none while nobody follows it.
    followed: watch::Sender<Option<outbox::Position>>,
    /// When it was last waited for in vain that memory comes to the end of the log.
    log_held_up: std::sync::Mutex<Option<Instant>>,
    recent_quotes: Cache<QuoteId, Arc<Quote>>,
    order_owners: Cache<OrderId, Owners>,
    numbers: Numbers,
    secrets: Secrets,
    entrance: Entrance,
    node: uuid::Uuid,
    background: background::Background,
}

impl App {
    /// Opens the application on a migrated store: enters the first tariff, makes the shared keys, loads what is held in
    /// memory.
    pub async fn open(db: Db, settings: Settings, clock: Arc<dyn Clock>, entropy: Arc<Entropy>) -> Result<Self, Error> {
        let secrets = Secrets::load(&db, &entropy, clock.now()).await?;
        let ctx = Ctx { actor: Actor::System, now: clock.now(), entropy: Arc::clone(&entropy) };
        let app = Self {
            db,
            settings,
            hub: Hub::default(),
            answers: in_memory(&entropy)?,
            caching: caching::Caching::default(),
            clock,
            entropy,
            travel: RwLock::new(Arc::new(StraightLine)),
            arrivals: arrivals::Arrivals::default(),
            demands: demand::Demands::new(demand::KEPT_FOR),
            places: RwLock::default(),
            positions: Positions::default(),
            radio: None,
            directory: Directory::default(),
            menus: Cache::new(MENUS_IN_MEMORY),
            menus_forgotten: MenusForgotten::default(),
            reloading: Mutex::default(),
            followed: watch::Sender::new(None),
            log_held_up: std::sync::Mutex::default(),
            recent_quotes: Cache::new(QUOTES_IN_MEMORY),
            order_owners: Cache::new(OWNERS_IN_MEMORY),
            numbers: Numbers::default(),
            secrets,
            entrance: Entrance::default(),
            node: ctx.id(),
            background: background::Background::default(),
        };
        app.enter_first_tariff().await?;
        app.reload_places().await?;
        app.reload_directory().await?;
        app.read_positions().await?;
        Ok(app)
    }

    /// The same application with another cache of answers, such as one with a second tier.
    #[must_use]
    pub fn with_answers(self, answers: cache::Cache) -> Self {
        Self { answers, ..self }
    }

    /// What time it is.
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// The context of a command by `actor`, now.
    pub fn ctx(&self, actor: Actor) -> Ctx {
        Ctx { actor, now: self.clock.now(), entropy: Arc::clone(&self.entropy) }
    }

    /// Name of this installation, the same on all nodes of one database and on no other.
    pub fn installation(&self) -> &str {
        &self.secrets.installation
    }

    /// This process among all nodes.
    pub const fn node(&self) -> uuid::Uuid {
        self.node
    }
}

fn in_memory(entropy: &Entropy) -> Result<cache::Cache, Error> {
    let seed = u64::from_le_bytes(entropy.bytes());
    let clock = Arc::new(cache::SystemClock::default());
    cache::Cache::builder(clock, seed).build().map_err(|error| Error::Internal(error.to_string()))
}
