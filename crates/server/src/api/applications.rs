//! `/couriers/applications`: somebody wants to be a courier; staff look at the documents and decide.

use std::sync::Arc;

use app::{
    applications::{Application, NewApplication, Step},
    moment,
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::{
    application::ApplicationState,
    courier::Vehicle,
    id::{ApplicationId, CityId, CourierId},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    List, default_limit,
    documents::{DocumentResponse, NewDocumentRequest},
    within_page, words,
};
use crate::{
    Server,
    http::{
        extract::{Body, Id, Params},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(list_applications, apply))
        .routes(routes!(own_application))
        .routes(routes!(get_application))
        .routes(routes!(review_application))
        .routes(routes!(suspend_courier))
}

/// Which applications.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ApplicationListParams {
    /// Where they stand; `applied` if left out.
    #[serde(default = "applied")]
    #[param(value_type = Option<words::ApplicationState>)]
    state: ApplicationState,
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

const fn applied() -> ApplicationState {
    ApplicationState::Applied
}

/// An application as a courier. The code comes from `POST /auth/otp` and proves the phone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyRequest {
    phone: String,
    /// Six digits.
    code: String,
    name: String,
    city_id: Uuid,
    #[schema(value_type = words::Vehicle)]
    vehicle: Vehicle,
    /// ISO 639 codes, at least one.
    languages: Vec<String>,
    /// Each kind once: always `pan` and `identity`, and for whatever has an engine also the licence, the registration
    /// and the insurance.
    documents: Vec<NewDocumentRequest>,
}

/// How does my application stand? The code proves the phone once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnApplicationRequest {
    phone: String,
    /// Six digits.
    code: String,
}

/// A step that staff take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewApplicationRequest {
    /// Where to: `under_review`, `approved`, `rejected` or `suspended`.
    #[schema(value_type = words::ApplicationState)]
    state: ApplicationState,
    /// Why; needed to reject and to suspend. The applicant is told.
    reason: Option<String>,
    /// The version that was seen; a newer one is a conflict.
    version: i64,
    /// The latest `received_at` of the pictures that were seen: one that came later keeps the application from being
    /// approved. Null asks for no such care.
    #[schema(value_type = Option<String>, format = DateTime)]
    pictures_until: Option<Timestamp>,
}

/// Why a courier may not work.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendCourierRequest {
    /// 1 to 300 characters; the courier is told.
    reason: String,
}

/// An application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationResponse {
    id: Uuid,
    city_id: Uuid,
    name: String,
    phone: String,
    #[schema(value_type = words::Vehicle)]
    vehicle: String,
    languages: Vec<String>,
    #[schema(value_type = words::ApplicationState)]
    state: &'static str,
    /// Why, where the newest step said so.
    reason: Option<String>,
    /// The courier it became.
    courier_id: Option<Uuid>,
    documents: Vec<DocumentResponse>,
    /// Who decided what; only of one application, and only for staff.
    history: Vec<ApplicationStepResponse>,
    #[schema(value_type = String, format = DateTime)]
    applied_at: Timestamp,
    version: i64,
    /// With what the applicant may send pictures for half an hour; only for them, and only before the decision.
    picture_pass: Option<String>,
}

/// A step of an application.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationStepResponse {
    /// `none` before the first.
    from: String,
    #[schema(value_type = words::ApplicationState)]
    to: String,
    /// Who took it; null for the applicant and for the platform itself.
    by: Option<String>,
    reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl ApplicationResponse {
    fn of(application: Application) -> Self {
        let Application { row, state, documents, steps, picture_pass } = application;
        let step = |step: store::applications::StepRow| ApplicationStepResponse {
            from: step.from_state,
            to: step.to_state,
            by: step.user_name,
            reason: step.reason,
            at: moment(step.at),
        };
        Self {
            id: row.id.into(),
            city_id: row.city_id.into(),
            name: row.name,
            phone: row.phone,
            vehicle: row.vehicle,
            languages: row.languages.split_whitespace().map(str::to_owned).collect(),
            state: state.as_str(),
            reason: row.reason,
            courier_id: row.courier_id.map(Uuid::from),
            documents: documents.into_iter().map(DocumentResponse::of).collect(),
            history: steps.into_iter().map(step).collect(),
            applied_at: moment(row.applied_at),
            version: row.version,
            picture_pass,
        }
    }
}

/// Applications in one state, oldest first. Numbers of documents are masked for who may not decide.
#[utoipa::path(get, path = "/couriers/applications", tag = "couriers", params(ApplicationListParams),
    responses((status = 200, body = List<ApplicationResponse>), (status = "4XX", body = Problem)))]
async fn list_applications(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<ApplicationListParams>,
) -> Answer<Json<List<ApplicationResponse>>> {
    let (limit, after) = (within_page(params.limit)?, params.cursor.map(ApplicationId));
    let (items, next) = server.app.list_applications(&ctx, params.state, after, limit).await?;
    let items = items.into_iter().map(ApplicationResponse::of).collect();
    Ok(Json(List { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// Applies as a courier.
#[utoipa::path(post, path = "/couriers/applications", tag = "couriers", request_body = ApplyRequest,
    responses((status = 201, body = ApplicationResponse), (status = "4XX", body = Problem)))]
async fn apply(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<ApplyRequest>,
) -> Answer<Response> {
    let new = NewApplication {
        phone: request.phone,
        code: request.code,
        name: request.name,
        city_id: CityId(request.city_id),
        vehicle: request.vehicle,
        languages: request.languages,
        documents: request.documents.into_iter().map(NewDocumentRequest::into_document).collect(),
    };
    let application = server.app.apply_as_courier(&ctx, &new).await?;
    Ok((StatusCode::CREATED, Json(ApplicationResponse::of(application))).into_response())
}

/// How the own application stands.
#[utoipa::path(post, path = "/couriers/applications/status", tag = "couriers", request_body = OwnApplicationRequest,
    responses((status = 200, body = ApplicationResponse), (status = "4XX", body = Problem)))]
async fn own_application(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Body(request): Body<OwnApplicationRequest>,
) -> Answer<Json<ApplicationResponse>> {
    let application = server.app.own_application(&ctx, &request.phone, &request.code).await?;
    Ok(Json(ApplicationResponse::of(application)))
}

/// One application with its history.
#[utoipa::path(get, path = "/couriers/applications/{id}", tag = "couriers", params(("id" = Uuid, Path)),
    responses((status = 200, body = ApplicationResponse), (status = "4XX", body = Problem)))]
async fn get_application(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<ApplicationId>,
) -> Answer<Json<ApplicationResponse>> {
    Ok(Json(ApplicationResponse::of(server.app.application(&ctx, id).await?)))
}

/// Moves an application on: look at it, approve, reject, suspend, take the suspension back.
#[utoipa::path(post, path = "/couriers/applications/{id}/review", tag = "couriers", params(("id" = Uuid, Path)),
    request_body = ReviewApplicationRequest,
    responses((status = 200, body = ApplicationResponse), (status = "4XX", body = Problem)))]
async fn review_application(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<ApplicationId>,
    Body(request): Body<ReviewApplicationRequest>,
) -> Answer<Json<ApplicationResponse>> {
    let ReviewApplicationRequest { state: to, reason, version, pictures_until } = request;
    let step = Step { to, reason: reason.as_deref(), version, pictures_until };
    let application = server.app.review_application(&ctx, id, step).await?;
    Ok(Json(ApplicationResponse::of(application)))
}

/// Suspends a courier, also one whom staff registered: that one gets the record of an application. The review lets them
/// work again. What is in hand stays in hand.
#[utoipa::path(post, path = "/couriers/{id}/suspend", tag = "couriers", params(("id" = Uuid, Path)),
    request_body = SuspendCourierRequest,
    responses((status = 200, body = ApplicationResponse), (status = "4XX", body = Problem)))]
async fn suspend_courier(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Body(request): Body<SuspendCourierRequest>,
) -> Answer<Json<ApplicationResponse>> {
    Ok(Json(ApplicationResponse::of(server.app.suspend_courier(&ctx, id, &request.reason).await?)))
}
