//! `/quotes`: what an order costs, before it is placed.

use std::sync::Arc;

use app::quotes::{WantedAddress, WantedOrder};
use axum::{Json, extract::State, http::StatusCode};
use domain::{
    arrival::{Forecast, Span},
    geo::Point,
    id::{AddressId, MenuItemId, OptionId, RestaurantId},
    money::Paise,
    quote::{Quote, QuoteLine, WantedLine},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{places::NewAddressRequest, words};
use crate::{
    Server,
    http::{
        extract::Body,
        guard::Caller,
        problem::{Answer, INVALID_BODY, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(make_quote))
}

/// What is to be priced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// From where.
    restaurant_id: Uuid,
    /// What.
    lines: Vec<QuoteLineRequest>,
    /// A saved address; either this or `address`.
    address_id: Option<Uuid>,
    /// An address written out; either this or `address_id`.
    address: Option<NewAddressRequest>,
    /// For the courier, paise.
    #[serde(default)]
    tip_paise: i64,
}

/// One wanted line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteLineRequest {
    /// The dish.
    item_id: Uuid,
    /// How many.
    quantity: i64,
    /// Chosen options.
    #[serde(default)]
    option_ids: Vec<Uuid>,
    /// A word to the cook, at most 140 characters.
    note: Option<String>,
}

/// A price that holds until it expires. `total_paise` is the sum of lines, charges, taxes and tip, less discounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteResponse {
    id: Uuid,
    restaurant_id: Uuid,
    lines: Vec<LineResponse>,
    charges: Vec<ChargeResponse>,
    taxes: Vec<TaxResponse>,
    tip_paise: i64,
    discounts: Vec<DiscountResponse>,
    total_paise: i64,
    /// Way from kitchen to door.
    distance_m: i64,
    eta: RangeResponse,
    /// How the arrival follows from its parts; only quotes of earlier versions have none.
    parts: Option<PartsResponse>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// One line, priced.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineResponse {
    item_id: Uuid,
    name: String,
    quantity: i64,
    /// Price of one with its options.
    unit_paise: i64,
    /// Names of the chosen options.
    options: Vec<String>,
    /// Ids of the chosen options.
    option_ids: Vec<Uuid>,
    #[schema(value_type = words::VegMark)]
    veg_mark: &'static str,
    note: Option<String>,
    total_paise: i64,
}

/// An amount before tax: `packing`, `delivery` or `platform_fee`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChargeResponse {
    #[schema(value_type = words::ChargeCode)]
    code: String,
    amount_paise: i64,
}

/// One head of GST on one base.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxResponse {
    #[schema(value_type = words::TaxCode)]
    code: String,
    /// Basis points.
    rate_bp: i64,
    base_paise: i64,
    amount_paise: i64,
}

/// An amount taken off.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiscountResponse {
    code: String,
    funder: String,
    amount_paise: i64,
}

/// The parts of an arrival. Food and courier are waited for at the same time, the last mile follows.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartsResponse {
    /// Until a courier takes it, from when one is wanted.
    assignment: SpanResponse,
    /// From there to the counter.
    first_mile: SpanResponse,
    /// From now until the food is ready.
    preparation: SpanResponse,
    /// From when the bag can leave to the door.
    last_mile: SpanResponse,
    /// From now to the door.
    total: SpanResponse,
}

/// Two points of a distribution, in seconds.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpanResponse {
    /// As often sooner as later.
    p50_s: i64,
    /// Nine of ten are sooner.
    p90_s: i64,
}

impl PartsResponse {
    fn of(said: &Forecast) -> Self {
        let span = |span: Span| SpanResponse { p50_s: span.p50_s, p90_s: span.p90_s };
        Self {
            assignment: span(said.assignment),
            first_mile: span(said.first_mile),
            preparation: span(said.preparation),
            last_mile: span(said.last_mile),
            total: span(said.total),
        }
    }
}

/// When it should arrive; the late end is the promise.
#[derive(Debug, Serialize, ToSchema)]
pub struct RangeResponse {
    #[schema(value_type = String, format = DateTime)]
    pub(super) low: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub(super) high: Timestamp,
}

/// The parts of a bill, as quotes and orders show them.
pub(super) struct Bill {
    pub(super) lines: Vec<LineResponse>,
    pub(super) charges: Vec<ChargeResponse>,
    pub(super) taxes: Vec<TaxResponse>,
    pub(super) discounts: Vec<DiscountResponse>,
}

impl Bill {
    pub(super) fn of(quote: &Quote) -> Self {
        let charges = quote.charges.iter();
        let discounts = quote.discounts.iter();
        let taxes = quote.taxes.iter().map(|tax| TaxResponse {
            code: tax.code.clone(),
            rate_bp: tax.rate_bp,
            base_paise: tax.base.0,
            amount_paise: tax.amount.0,
        });
        Self {
            lines: quote.lines.iter().map(line).collect(),
            charges: charges
                .map(|charge| ChargeResponse { code: charge.code.clone(), amount_paise: charge.amount.0 })
                .collect(),
            taxes: taxes.collect(),
            discounts: discounts
                .map(|discount| DiscountResponse {
                    code: discount.code.clone(),
                    funder: discount.funder.clone(),
                    amount_paise: discount.amount.0,
                })
                .collect(),
        }
    }
}

fn line(line: &QuoteLine) -> LineResponse {
    LineResponse {
        item_id: line.item_id.into(),
        name: line.name.clone(),
        quantity: line.quantity,
        unit_paise: line.unit.0,
        options: line.options.clone(),
        option_ids: line.option_ids.iter().map(|id| Uuid::from(*id)).collect(),
        veg_mark: line.veg_mark.as_str(),
        note: line.note.clone(),
        total_paise: line.total().0,
    }
}

impl QuoteResponse {
    /// A quote as it is sent.
    pub fn of(quote: &Quote) -> Self {
        let Bill { lines, charges, taxes, discounts } = Bill::of(quote);
        Self {
            id: quote.id.into(),
            restaurant_id: quote.restaurant_id.into(),
            lines,
            charges,
            taxes,
            tip_paise: quote.tip.0,
            discounts,
            total_paise: quote.total().0,
            distance_m: quote.distance_m,
            eta: RangeResponse { low: quote.eta.low, high: quote.eta.high },
            parts: quote.forecast.as_ref().map(PartsResponse::of),
            expires_at: quote.expires_at,
        }
    }
}

impl QuoteRequest {
    fn wanted(self) -> Answer<WantedOrder> {
        let address = match (self.address_id, self.address) {
            (Some(id), None) => WantedAddress::Saved(AddressId(id)),
            (None, Some(new)) => {
                let point = Point::new(new.lat, new.lng)
                    .ok_or_else(|| Problem::of(INVALID_BODY).field("/address/lat", "out-of-range"))?;
                WantedAddress::New { point, line1: new.line1, pin: new.pin }
            }
            (None, None) => return Err(Problem::of(INVALID_BODY).field("/address_id", "missing")),
            (Some(_), Some(_)) => return Err(Problem::of(INVALID_BODY).field("/address", "not-with-address-id")),
        };
        let lines = self.lines.into_iter().enumerate().map(|(index, line)| line.wanted(index));
        Ok(WantedOrder {
            restaurant_id: RestaurantId(self.restaurant_id),
            lines: lines.collect::<Answer<_>>()?,
            address,
            tip: Paise(self.tip_paise),
        })
    }
}

impl QuoteLineRequest {
    fn wanted(self, index: usize) -> Answer<WantedLine> {
        if self.note.as_ref().is_some_and(|note| note.chars().count() > 140) {
            return Err(Problem::of(INVALID_BODY).field(format!("/lines/{index}/note"), "too-long"));
        }
        Ok(WantedLine {
            item_id: MenuItemId(self.item_id),
            quantity: self.quantity,
            option_ids: self.option_ids.into_iter().map(OptionId).collect(),
            note: self.note.filter(|note| !note.trim().is_empty()),
        })
    }
}

/// Asks for a price.
#[utoipa::path(post, path = "/quotes", tag = "orders", request_body = QuoteRequest,
    responses((status = 201, body = QuoteResponse), (status = "4XX", body = Problem)))]
async fn make_quote(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<QuoteRequest>,
) -> Answer<(StatusCode, Json<QuoteResponse>)> {
    let quote = server.app.quote(&ctx, &request.wanted()?).await?;
    Ok((StatusCode::CREATED, Json(QuoteResponse::of(&quote))))
}
