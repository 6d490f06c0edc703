//! Documents of couriers: handed in, decided on, watched until they run out.

use std::sync::Arc;

use app::documents::{Document, NewDocument, Papers};
use axum::{Json, extract::State};
use domain::{
    document::DocumentKind,
    id::{CourierId, DocumentId},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, default_limit, pictures::PictureResponse, within_page, words};
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
        .routes(routes!(list_documents, submit_document))
        .routes(routes!(waiting_documents))
        .routes(routes!(decide_document))
}

/// Which page of what waits.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WaitingDocumentParams {
    /// At most so many, up to 100.
    #[serde(default = "default_limit")]
    limit: usize,
    /// `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// A document to be handed in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocumentRequest {
    #[schema(value_type = words::DocumentKind)]
    kind: DocumentKind,
    /// Its number. Of an `identity` (Aadhaar) the last four digits only: a whole number is refused.
    number: String,
    /// The last day on which it holds, `YYYY-MM-DD`: for `driving_licence`, `vehicle_registration` and `insurance`, and
    /// for nothing else.
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<Date>,
}

/// What staff decide.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideDocumentRequest {
    accept: bool,
    /// Why not; needed to refuse.
    reason: Option<String>,
    /// `received_at` of the picture that was seen: one that came later is a conflict. Null asks for no such care.
    #[schema(value_type = Option<String>, format = DateTime)]
    pictures_until: Option<Timestamp>,
}

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentResponse {
    id: Uuid,
    courier_id: Option<Uuid>,
    #[schema(value_type = words::DocumentKind)]
    kind: &'static str,
    /// Masked unless the reader may decide on documents.
    number: String,
    #[schema(value_type = Option<String>, format = Date)]
    expires_on: Option<Date>,
    #[schema(value_type = words::DocumentState)]
    state: String,
    /// Why it was refused.
    reason: Option<String>,
    decided_by: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    submitted_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// Whether it is accepted only with a picture.
    picture_required: bool,
    /// What is known of its picture; null without one.
    picture: Option<PictureResponse>,
}

/// The documents of a courier.
#[derive(Debug, Serialize, ToSchema)]
pub struct PapersResponse {
    /// All of them, newest first.
    items: Vec<DocumentResponse>,
    /// Kinds that the vehicle needs and that are missing or have run out; while there is one, nothing is offered.
    #[schema(value_type = Vec<words::DocumentKind>)]
    missing: Vec<&'static str>,
}

impl NewDocumentRequest {
    /// What the use case wants.
    pub(super) fn into_document(self) -> NewDocument {
        NewDocument { kind: self.kind, number: self.number, expires_on: self.expires_on }
    }
}

impl DocumentResponse {
    /// A document as one is sent.
    pub(super) fn of(document: Document) -> Self {
        Self {
            id: document.id.into(),
            courier_id: document.courier_id.map(Uuid::from),
            kind: document.kind.as_str(),
            number: document.number,
            expires_on: document.expires_on,
            state: document.state,
            reason: document.reason,
            decided_by: document.decided_by,
            submitted_at: document.submitted_at,
            decided_at: document.decided_at,
            picture_required: document.picture_required,
            picture: document.picture.map(PictureResponse::of),
        }
    }
}

impl PapersResponse {
    /// Papers as they are sent.
    pub(super) fn of(papers: Papers) -> Self {
        let missing = papers.missing.into_iter().map(DocumentKind::as_str).collect();
        Self { items: papers.documents.into_iter().map(DocumentResponse::of).collect(), missing }
    }
}

/// A courier's documents.
#[utoipa::path(get, path = "/couriers/{id}/documents", tag = "couriers", params(("id" = Uuid, Path)),
    responses((status = 200, body = PapersResponse), (status = "4XX", body = Problem)))]
async fn list_documents(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
) -> Answer<Json<PapersResponse>> {
    Ok(Json(PapersResponse::of(server.app.courier_papers(&ctx, id).await?)))
}

/// Hands a document in. What waits of the same kind is put away.
#[utoipa::path(post, path = "/couriers/{id}/documents", tag = "couriers", params(("id" = Uuid, Path)),
    request_body = NewDocumentRequest,
    responses((status = 200, body = PapersResponse), (status = "4XX", body = Problem)))]
async fn submit_document(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<CourierId>,
    Body(request): Body<NewDocumentRequest>,
) -> Answer<Json<PapersResponse>> {
    let papers = server.app.submit_document(&ctx, id, &request.into_document()).await?;
    Ok(Json(PapersResponse::of(papers)))
}

/// Documents that couriers handed in and nobody has decided on, oldest first.
#[utoipa::path(get, path = "/couriers/documents", tag = "couriers", params(WaitingDocumentParams),
    responses((status = 200, body = List<DocumentResponse>), (status = "4XX", body = Problem)))]
async fn waiting_documents(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Params(params): Params<WaitingDocumentParams>,
) -> Answer<Json<List<DocumentResponse>>> {
    let (limit, after) = (within_page(params.limit)?, params.cursor.map(DocumentId));
    let (items, next) = server.app.waiting_documents(&ctx, after, limit).await?;
    let items = items.into_iter().map(DocumentResponse::of).collect();
    Ok(Json(List { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// Accepts a document that a courier handed in, or refuses it and says why.
#[utoipa::path(post, path = "/couriers/documents/{id}/review", tag = "couriers", params(("id" = Uuid, Path)),
    request_body = DecideDocumentRequest,
    responses((status = 200, body = PapersResponse), (status = "4XX", body = Problem)))]
async fn decide_document(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<DocumentId>,
    Body(request): Body<DecideDocumentRequest>,
) -> Answer<Json<PapersResponse>> {
    let DecideDocumentRequest { accept, reason, pictures_until } = request;
    let papers = server.app.decide_document(&ctx, id, (accept, reason.as_deref()), pictures_until).await?;
    Ok(Json(PapersResponse::of(papers)))
}
