//! `/customers/{id}/preferences`: what a customer likes and wants to hear of.

use std::sync::Arc;

use app::{App, Error, customers::Preferences};
use axum::{Json, extract::State, response::Response};
use cache::Namespace;
use domain::{
    id::{AddressId, CustomerId},
    money::Paise,
    permission::Action,
    preference::{Diet, Language, Spice},
    rule::Rule,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::own_key;
use crate::{
    Server,
    api::words,
    http::{
        cached::{Asked, Read, cached, uncached},
        extract::{Body, Id},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new().routes(routes!(get_preferences, put_preferences))
}

/// What a customer prefers.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreferencesResponse {
    /// The language of the faces. It is the customer's `language` in short.
    #[schema(value_type = words::Language)]
    language: &'static str,
    #[schema(value_type = words::Diet)]
    diet: &'static str,
    #[schema(value_type = Option<words::Spice>)]
    spice: Option<&'static str>,
    /// What they avoid, as the allergens of dishes are written: lower-case words.
    allergens: Vec<String>,
    notifications: Notifications,
    /// Where to, unless they say otherwise; null again once the address is removed.
    default_address_id: Option<Uuid>,
    /// The tip to begin with.
    default_tip_paise: i64,
    /// Grows with every change; 0 while nothing was said.
    version: i64,
}

/// Messages that somebody wants. Those about an order that is under way are always sent.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// Offers; not unless asked for.
    #[serde(default)]
    offers: bool,
    /// News; not unless asked for.
    #[serde(default)]
    news: bool,
}

/// All preferences: what is left out is unset.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutPreferencesRequest {
    #[schema(value_type = words::Language)]
    language: String,
    #[schema(value_type = words::Diet)]
    diet: String,
    #[schema(value_type = Option<words::Spice>)]
    spice: Option<String>,
    /// At most twenty words.
    #[serde(default)]
    allergens: Vec<String>,
    #[serde(default)]
    notifications: Notifications,
    /// One of the customer's own.
    default_address_id: Option<Uuid>,
    /// 0 to 200000.
    #[serde(default)]
    default_tip_paise: i64,
    /// The version that was seen; another one is a conflict. Without it the last write wins.
    version: Option<i64>,
}

impl PreferencesResponse {
    fn of(preferences: Preferences) -> Self {
        Self {
            language: preferences.language.as_str(),
            diet: preferences.diet.as_str(),
            spice: preferences.spice.map(Spice::as_str),
            allergens: preferences.allergens,
            notifications: Notifications { offers: preferences.offers, news: preferences.news },
            default_address_id: preferences.address_id.map(Uuid::from),
            default_tip_paise: preferences.tip.0,
            version: preferences.version,
        }
    }
}

impl PutPreferencesRequest {
    fn wanted(self) -> Result<Preferences, Error> {
        let spice = |text: &str| word("/spice", Spice::parse(text), Spice::ALL.iter().map(|one| one.as_str()));
        Ok(Preferences {
            language: word("/language", Language::parse(&self.language), Language::ALL.iter().map(|one| one.as_str()))?,
            diet: word("/diet", Diet::parse(&self.diet), Diet::ALL.iter().map(|one| one.as_str()))?,
            spice: self.spice.as_deref().map(spice).transpose()?,
            allergens: self.allergens,
            offers: self.notifications.offers,
            news: self.notifications.news,
            address_id: self.default_address_id.map(AddressId),
            tip: Paise(self.default_tip_paise),
            version: 0,
        })
    }
}

/// A word of a list, or which words there are.
fn word<T>(pointer: &str, found: Option<T>, known: impl Iterator<Item = &'static str>) -> Result<T, Error> {
    let known = || known.collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| Rule::WrongFormat.at(pointer).with("allowed", known()).into())
}

/// What a customer prefers.
#[utoipa::path(get, path = "/customers/{id}/preferences", tag = "customers", params(("id" = Uuid, Path)),
    responses((status = 200, body = PreferencesResponse), (status = "4XX", body = Problem)))]
async fn get_preferences(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    asked: Asked,
) -> Answer<Response> {
    let namespace = Namespace::CustomerPreferences;
    let Some(key) = own_key(&server.app, &ctx, Action::CustomerRead, namespace, id, "preferences")? else {
        return Ok(uncached(&PreferencesResponse::of(server.app.preferences(&ctx, id).await?)));
    };
    let load = move |app: Arc<App>| async move { Ok(PreferencesResponse::of(app.preferences(&ctx, id).await?)) };
    Ok(cached(&server.app, &asked, Read::private(namespace, &key), load).await)
}

/// Replaces what a customer prefers.
#[utoipa::path(put, path = "/customers/{id}/preferences", tag = "customers", params(("id" = Uuid, Path)),
    request_body = PutPreferencesRequest,
    responses((status = 200, body = PreferencesResponse), (status = "4XX", body = Problem)))]
async fn put_preferences(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CustomerId>,
    Body(request): Body<PutPreferencesRequest>,
) -> Answer<Json<PreferencesResponse>> {
    let version = request.version;
    let preferences = server.app.put_preferences(&ctx, id, version, &request.wanted()?).await?;
    Ok(Json(PreferencesResponse::of(preferences)))
}
