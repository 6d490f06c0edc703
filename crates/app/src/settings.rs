//! What an operator may tune. Rates, fees and taxes are dated data in the database, not settings.

use std::time::Duration;

use dispatch::Strategy;

/// How the use cases behave.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a kitchen may take to answer before silence becomes a refusal.
    pub accept_within: Duration,
    /// How long a courier may look at an offer.
    pub offer_for: Duration,
    /// Which policy chooses couriers.
    pub dispatch: Strategy,
    /// How long a quote holds.
    pub quote_for: Duration,
    /// How long an access token holds.
    pub access_token_for: Duration,
    /// How long a session lasts at most.
    pub session_for: Duration,
    /// How long a one-time code holds.
    pub code_for: Duration,
    /// Codes that one phone may ask for in ten minutes.
    pub codes_per_window: i64,
    /// How long the ways of couriers are kept.
    pub traces_for: Duration,
    /// How long it is kept what was offered to whom, and why.
    pub decisions_for: Duration,
    /// Demo mode: logins and mailbox are shown to everybody.
    pub demo: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accept_within: Duration::from_secs(180),
            offer_for: Duration::from_secs(45),
            dispatch: Strategy::default(),
            quote_for: Duration::from_secs(600),
            access_token_for: Duration::from_secs(600),
            session_for: Duration::from_secs(30 * 86_400),
            code_for: Duration::from_secs(600),
            codes_per_window: 5,
            traces_for: Duration::from_secs(30 * 86_400),
            decisions_for: Duration::from_secs(180 * 86_400),
            demo: false,
        }
    }
}
