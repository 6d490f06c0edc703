//! The rules of a namespace, changed while the platform runs: time to live, covers, and the kill switch.
//!
//! A change is stored with who made it and why, and told as an event; every node takes it over when it reads the event,
//! within a second, and once more when it starts. Without a stored change the built-in rules hold.

use std::time::Duration;

use cache::{Namespace, Policy};
use domain::{
    event::Event,
    id::CityId,
    permission::{Action, Actor},
    rounding::hundredths,
    rule::Rule,
};
use serde::{Deserialize, Serialize};
use store::{Tx, args, caching, users};
use uuid::Uuid;

use crate::{App, context::Ctx, error::Error, input, stored::json};

/// The longest time to live that may be set: a week.
const LONGEST_S: i64 = 7 * 86_400;
/// The largest jitter in per cent.
const MOST_JITTER_PCT: i64 = 50;

/// What changes; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PolicyChange {
    /// Seconds that an answer is fresh.
    pub ttl_s: Option<i64>,
    /// Seconds after that in which it is sent while it is renewed.
    pub stale_while_revalidate_s: Option<i64>,
    /// Seconds after its fresh time in which it may cover for a failing loader.
    pub stale_if_error_s: Option<i64>,
    /// Seconds that "there is no such thing" is believed.
    pub negative_ttl_s: Option<i64>,
    /// By up to how many per cent times to live are shortened.
    pub jitter_pct: Option<i64>,
    /// Per cent of hits that are loaded again in the background to measure staleness, to a hundredth.
    pub shadow_pct: Option<f64>,
    /// The kill switch.
    pub enabled: Option<bool>,
    /// Why.
    pub why: String,
}

/// Rules as they are stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    ttl_s: u64,
    stale_while_revalidate_s: u64,
    stale_if_error_s: u64,
    negative_ttl_s: u64,
    jitter_pct: u32,
    #[serde(default)]
    shadow_pct: f64,
    enabled: bool,
}

impl App {
    /// Changes the rules of a namespace on every node.
    pub async fn change_cache_policy(
        &self,
        ctx: &Ctx,
        namespace: Namespace,
        change: &PolicyChange,
    ) -> Result<Policy, Error> {
        ctx.reach(Action::CacheManage)?;
        let why = input::required("/why", &change.why, 300)?;
        let stored = Stored::of(&self.answers.policy(namespace)).changed(change)?;
        let (user, name) = self.who(ctx).await?;
        let args = args![namespace.name(), json(&stored)?, user, name, why, ctx.now_us()];
        let tx = Tx::new("change cache policy").run(&caching::PUT_POLICY, args);
        let event = Event::CachePolicyChanged { namespace: namespace.name().to_owned() };
        self.db.commit(self.tell(ctx, tx, CityId(Uuid::nil()), &event)?).await?;
        self.rule(namespace, stored.policy());
        Ok(self.answers.policy(namespace))
    }

    /// The changes of rules that hold, with who made them.
    pub async fn cache_policies(&self, ctx: &Ctx) -> Result<Vec<caching::PolicyRow>, Error> {
        ctx.reach(Action::CacheRead)?;
        Ok(self.db.all(&caching::LIST_POLICIES, args![]).await?)
    }

    /// Takes over the stored rules of one namespace.
    pub(crate) async fn take_over_policy(&self, namespace: &str) -> Result<(), Error> {
        let row: Option<caching::PolicyRow> = self.db.optional(&caching::FIND_POLICY, args![namespace]).await?;
        if let Some(row) = row {
            self.apply_policy(&row);
        }
        Ok(())
    }

    /// Takes over all stored rules: what a node does when it starts.
    pub(crate) async fn take_over_policies(&self) -> Result<(), Error> {
        let rows: Vec<caching::PolicyRow> = self.db.all(&caching::LIST_POLICIES, args![]).await?;
        for row in &rows {
            self.apply_policy(row);
        }
        Ok(())
    }

    /// Puts rules in force on this node. A namespace that is switched off loses its answers.
    fn rule(&self, namespace: Namespace, policy: Policy) {
        let removed = self.answers.set_policy(namespace, policy);
        if removed > 0 {
            let lost = vec![(namespace, removed)];
            self.caching.audit.note_lost("switched_off", "the namespace was switched off", lost, self.now());
        }
    }

    /// Rules that this version cannot read are left alone, and said so.
    fn apply_policy(&self, row: &caching::PolicyRow) {
        let read = (row.namespace.parse::<Namespace>(), serde_json::from_str::<Stored>(&row.body));
        if let (Ok(namespace), Ok(stored)) = read {
            self.rule(namespace, stored.policy());
        } else {
            tracing::warn!(namespace = row.namespace, "stored rules of a cache namespace cannot be read");
        }
    }

    /// The one who acts, for the record: account and name.
    pub(crate) async fn who(&self, ctx: &Ctx) -> Result<(Option<Uuid>, String), Error> {
        let Actor::User(user) = &ctx.actor else { return Ok((None, "system".to_owned())) };
        let row: Option<users::UserRow> = self.db.optional(&users::FIND, args![user.id]).await?;
        Ok((Some(user.id.0), row.map_or_else(|| user.id.to_string(), |row| row.name)))
    }
}

impl Stored {
    fn of(policy: &Policy) -> Self {
        Self {
            ttl_s: policy.ttl.as_secs(),
            stale_while_revalidate_s: policy.stale_while_revalidate.as_secs(),
            stale_if_error_s: policy.stale_if_error.as_secs(),
            negative_ttl_s: policy.negative_ttl.as_secs(),
            jitter_pct: per_cent(policy.jitter),
            shadow_pct: hundredths(policy.shadow_share * 100.0),
            enabled: policy.enabled,
        }
    }

    fn changed(self, change: &PolicyChange) -> Result<Self, Error> {
        let seconds = |pointer, wanted: Option<i64>, least, now: u64| match wanted {
            None => Ok(now),
            Some(wanted) => input::within(pointer, wanted, least..=LONGEST_S).map(i64::unsigned_abs),
        };
        let share = |pointer, wanted: Option<i64>, most, now: u32| match wanted {
            None => Ok(now),
            Some(wanted) => {
                input::within(pointer, wanted, 0..=most).map(|within| u32::try_from(within).unwrap_or_default())
            }
        };
        let renew = change.stale_while_revalidate_s;
        Ok(Self {
            ttl_s: seconds("/ttl_s", change.ttl_s, 1, self.ttl_s)?,
            stale_while_revalidate_s: seconds("/stale_while_revalidate_s", renew, 0, self.stale_while_revalidate_s)?,
            stale_if_error_s: seconds("/stale_if_error_s", change.stale_if_error_s, 0, self.stale_if_error_s)?,
            negative_ttl_s: seconds("/negative_ttl_s", change.negative_ttl_s, 0, self.negative_ttl_s)?,
            jitter_pct: share("/jitter_pct", change.jitter_pct, MOST_JITTER_PCT, self.jitter_pct)?,
            shadow_pct: match change.shadow_pct {
                None => self.shadow_pct,
                Some(wanted) if (0.0..=100.0).contains(&wanted) => hundredths(wanted),
                Some(_) => return Err(Rule::OutOfRange.at("/shadow_pct").with("min", 0).with("max", 100).into()),
            },
            enabled: change.enabled.unwrap_or(self.enabled),
        })
    }

    fn policy(&self) -> Policy {
        Policy {
            ttl: Duration::from_secs(self.ttl_s),
            stale_while_revalidate: Duration::from_secs(self.stale_while_revalidate_s),
            stale_if_error: Duration::from_secs(self.stale_if_error_s),
            negative_ttl: Duration::from_secs(self.negative_ttl_s),
            jitter: f64::from(self.jitter_pct) / 100.0,
            shadow_share: self.shadow_pct / 100.0,
            enabled: self.enabled,
        }
    }
}

/// A share in per cent.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
fn per_cent(share: f64) -> u32 {
    (share * 100.0).round().clamp(0.0, 100.0) as u32
}
