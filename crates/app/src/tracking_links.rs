//! Links by which somebody without an account may follow one order: signed, expiring, revocable.
//!
//! A link belongs to the order and follows it to whoever has it now: who waits for the food cares for the food, and would
//! need a new link at the worst moment. What it shows of a courier belongs to the leg at hand: nothing before there is
//! one, a blurred place until the food is on board, the place while they carry it here and nowhere else first, nothing
//! once it has arrived. A courier from whom the order was taken is never shown again. Neither phones nor addresses nor
//! surnames are told.

mod shown;

use data_encoding::BASE64URL_NOPAD;
use domain::{
    id::{CourierId, OrderId, TrackingLinkId},
    order::Status,
    permission::{Action, Actor},
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use store::{Tx, args, tracking_links};

pub(crate) use shown::coarse;
pub use shown::{Shown, shown};

use crate::{
    App,
    context::{Ctx, moment},
    error::{Error, failed_guard},
    events::hub::{Live, Topic},
    orders::OrderView,
    positions::Position,
};

/// How long a link may hold, seconds.
pub const LIFETIMES_S: std::ops::RangeInclusive<i64> = 300..=86_400;
/// Open links of one order.
const MOST_OPEN: i64 = 20;
/// Id, end and signature.
const TOKEN_BYTES: usize = 16 + 8 + 32;

/// A link that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    /// What stands in the address.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// What a link shows.
#[derive(Clone, Debug)]
pub struct SharedOrder {
    /// The order, as the platform itself sees it. Only what [`crate::tracking_links`] allows may be told of it.
    pub view: OrderView,
    /// Where the courier is, as far as it may be shown.
    pub courier_at: Option<Shown>,
    /// Until when the link is good.
    pub expires_at: Timestamp,
}

impl App {
    /// Makes a link to an order that has not ended.
    pub async fn share_order(&self, ctx: &Ctx, id: OrderId, lifetime_s: i64) -> Result<NewLink, Error> {
        let row = self.order_row(ctx, id, Action::OrderShare).await?;
        if !LIFETIMES_S.contains(&lifetime_s) {
            let (min, max) = (*LIFETIMES_S.start(), *LIFETIMES_S.end());
            return Err(Rule::OutOfRange.at("/expires_in_s").with("min", min).with("max", max).into());
        }
        if row.ended_at.is_some() {
            return Err(Rule::IllegalTransition.broken().with("from", row.status).into());
        }
        let link: TrackingLinkId = ctx.id();
        let expires_at = ctx.now + SignedDuration::from_secs(lifetime_s);
        let made_by = ctx.actor.user().map_or(uuid::Uuid::nil(), |user| user.id.into());
        let made = args![link, row.city_id, id, made_by, ctx.now_us(), expires_at.as_microsecond(), MOST_OPEN];
        let tx = Tx::new("share order").guard_as("most", 1, &tracking_links::INSERT, made);
        self.db.commit(tx).await.map_err(|error| match failed_guard(&error) {
            Some("most") => Error::TooMany { retry_after_s: 600 },
            _ => error.into(),
        })?;
        Ok(NewLink { token: self.link_token(link, expires_at), expires_at })
    }

    /// Ends all links of an order, and what is being watched through them on this node.
    pub async fn stop_sharing(&self, ctx: &Ctx, id: OrderId) -> Result<(), Error> {
        self.order_row(ctx, id, Action::OrderShare).await?;
        self.db.commit(Tx::new("stop sharing").run(&tracking_links::REVOKE, args![id, ctx.now_us()])).await?;
        // Whoever follows the order looks at it again, and at the right to do so.
        self.hub.publish_made([Topic::Order(id)], || Live::look_again(id));
        Ok(())
    }

    /// The order behind a link. A link that is no good any more answers like one that never was.
    pub async fn shared_order(&self, ctx: &Ctx, token: &str) -> Result<SharedOrder, Error> {
        let absent = Error::NotFound("link");
        let Some((link, until)) = self.read_link(token) else { return Err(absent) };
        if until <= ctx.now {
            return Err(absent);
        }
        let open: Option<tracking_links::OpenLinkRow> =
            self.db.optional(&tracking_links::FIND_OPEN, args![link, ctx.now_us()]).await?;
        let open = open.ok_or(absent)?;
        let view = self.order(&ctx.acting_as(Actor::System), open.order_id).await?;
        let courier = view.row.courier_id.zip(view.courier_at);
        let courier_at = match courier {
            Some((courier, (point, at))) => {
                self.shown_of(view.row.id, view.status, courier, Position { point, at }).await?
            }
            None => None,
        };
        Ok(SharedOrder { view, courier_at, expires_at: moment(open.expires_at) })
    }

    /// What may be shown of a courier who has the order.
    pub async fn shown_of(
        &self,
        order: OrderId,
        status: Status,
        courier: CourierId,
        position: Position,
    ) -> Result<Option<Shown>, Error> {
        let alone = status == Status::PickedUp && self.leads_only_to(courier, order, position.point).await?;
        Ok(shown(status, alone, position))
    }

    fn link_token(&self, link: TrackingLinkId, expires_at: Timestamp) -> String {
        let mut token = Vec::with_capacity(TOKEN_BYTES);
        token.extend(uuid::Uuid::from(link).into_bytes());
        token.extend(expires_at.as_microsecond().to_be_bytes());
        let signature = self.secrets.links.sign(&token);
        token.extend(signature);
        BASE64URL_NOPAD.encode(&token)
    }

    /// The id and the end in a token of ours; nothing is asked of the database for what others made up.
    fn read_link(&self, token: &str) -> Option<(TrackingLinkId, Timestamp)> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok().filter(|bytes| bytes.len() == TOKEN_BYTES)?;
        let (said, signature) = bytes.split_at(TOKEN_BYTES - 32);
        if !self.secrets.links.verify(said, signature) {
            return None;
        }
        let (id, until) = said.split_at(16);
        let until = i64::from_be_bytes(until.try_into().ok()?);
        Some((TrackingLinkId(uuid::Uuid::from_bytes(id.try_into().ok()?)), moment(until)))
    }
}
