//! Couriers: how somebody becomes one, when they work, and what dispatch asks of them.

mod applications;
mod demand;
mod documents;
mod hands;
pub(crate) mod pictures;
mod shifts;

use std::time::Duration;

use app::Settings;
use testkit::TestCity;

use crate::support::Web;

/// A city for stories of months, in which a phone may ask for many codes.
async fn patient() -> Web {
    let year = Duration::from_secs(365 * 86_400);
    let settings = Settings { access_token_for: year, session_for: year, codes_per_window: 100, ..Settings::default() };
    Web::around(TestCity::with(settings).await)
}
