//! How people behave: how fast, how often they order, and whom they leave to a player.

use jiff::SignedDuration;

/// The manner of a world.
#[derive(Clone, Debug)]
pub struct Manner {
    /// Everything people do takes its usual time divided by this. Ways are the business of the travel times.
    pub haste: f64,
    /// Orders an hour at the busiest time.
    pub orders_per_hour: f64,
    /// Demand follows the hour of the day; otherwise it is the same at all hours.
    pub by_hour: bool,
    /// Nobody orders while so many orders are open.
    pub most_open: usize,
    /// After so many orders nobody orders any more.
    pub stop_after: Option<u64>,
    /// So many order at once at the beginning.
    pub opening_rush: u32,
    /// Seconds between two positions of a courier who rides.
    pub riding_report_s: i64,
    /// Seconds between two positions of a courier who stands.
    pub standing_report_s: i64,
    /// How long a player is waited for before the simulation acts instead; `None` where nobody plays.
    pub patience: Option<SignedDuration>,
}

impl Manner {
    /// A usual time as long as it takes here, in whole milliseconds.
    pub(super) fn span(&self, seconds: f64) -> SignedDuration {
        Self::hurried(seconds, self.haste)
    }

    /// The same for cooking, which can be hurried less: a kitchen that is ready long before its promise would find no
    /// courier at the counter, since couriers are sent by the promise.
    pub(super) fn cooking(&self, seconds: f64) -> SignedDuration {
        Self::hurried(seconds, self.haste.sqrt())
    }

    fn hurried(seconds: f64, haste: f64) -> SignedDuration {
        let millis = (seconds / haste.max(0.1) * 1_000.0).round().clamp(0.0, 1e10);
        #[expect(clippy::cast_possible_truncation, reason = "clamped to below 2^53")]
        SignedDuration::from_millis(millis as i64)
    }

    /// Demand at an hour of the local day, as a share of the busiest one: breakfast, lunch, tea, dinner.
    pub(super) fn demand(&self, hour: i8) -> f64 {
        const SHARES: [f64; 24] = [
            0.10, 0.05, 0.02, 0.01, 0.01, 0.02, 0.08, 0.22, 0.38, 0.42, 0.34, 0.48, 0.82, 0.96, 0.66, 0.38, 0.36, 0.46,
            0.56, 0.82, 1.00, 0.96, 0.66, 0.30,
        ];
        if !self.by_hour {
            return 1.0;
        }
        usize::try_from(hour).ok().and_then(|hour| SHARES.get(hour)).copied().unwrap_or(1.0)
    }
}
