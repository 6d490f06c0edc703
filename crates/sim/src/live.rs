//! A living city beside real people: what `dabba demo` shows.
//!
//! The world is stepped four times a second by the application's own clock. People act `time_factor` times faster than
//! in life (kitchens by its square root), so that an order takes four to six minutes, and a first rush fills the screens
//! within seconds.
//!
//! Who plays along is left alone. Orders of people who are not figures of the simulation are cooked and carried by its
//! kitchens and couriers, never called off by it and never failed. The demo kitchen, and any kitchen that an administrator
//! adds, gets [`PATIENCE`] to answer each order; only then the simulation answers and cooks it. What a player accepted
//! is theirs until the promised time and the same patience have passed. The demo rider is off shift until somebody
//! presses the button; from then on the simulation only rides (and reports the position), while accepting, arriving,
//! picking up and handing over are the player's, again with patience so that nobody's food waits for ever; offers are
//! never answered for them. Couriers whom an administrator registers are not moved at all.

use std::{sync::Arc, time::Duration};

use app::App;
use domain::permission::Actor;
use jiff::SignedDuration;

use crate::{
    error::Error,
    seed::SeededCity,
    streets::TownStreets,
    world::{Manner, World},
};

/// How long a player is waited for.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);
const STEP: Duration = Duration::from_millis(250);

/// How lively.
#[derive(Clone, Debug)]
pub struct LiveSpec {
    /// Orders an hour, at every hour.
    pub orders_per_hour: f64,
    /// How many times faster than in life people act.
    pub time_factor: f64,
    /// Nobody orders while so many orders are open.
    pub most_open: usize,
    /// What people decide follows from it, as far as a living system repeats itself.
    pub seed: u64,
}

impl Default for LiveSpec {
    fn default() -> Self {
        Self { orders_per_hour: 300.0, time_factor: 4.0, most_open: 40, seed: 7 }
    }
}

/// Keeps the city alive for ever; returns only if it cannot begin. The application must have been started
/// (`App::start`), so that couriers are looked for.
pub async fn live(app: Arc<App>, city: SeededCity, spec: LiveSpec) -> Result<std::convert::Infallible, Error> {
    let streets = TownStreets::default().with(city.cast.id, Arc::clone(&city.town), spec.time_factor);
    app.set_travel(Arc::new(streets));
    let manner = Manner {
        haste: spec.time_factor,
        orders_per_hour: spec.orders_per_hour,
        by_hour: false,
        most_open: spec.most_open,
        stop_after: None,
        opening_rush: 12,
        riding_report_s: 2,
        standing_report_s: 20,
        patience: Some(PATIENCE),
    };
    let mut world = World::new(Arc::clone(&app), &city, manner, spec.seed).await?;
    loop {
        let now = app.ctx(Actor::System).now;
        if let Err(error) = world.step(now).await {
            // One figure's mishap must not end the city.
            tracing::error!(%error, "a step of the simulation failed");
        }
        tokio::time::sleep(STEP).await;
    }
}
