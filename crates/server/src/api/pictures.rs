//! Pictures of documents: sent as raw bytes, answered as what they are, and kept by nobody on the way.

use std::sync::Arc;

use app::documents::{PictureFacts, StoredPicture};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::IntoResponse,
};
use data_encoding::HEXLOWER;
use domain::id::{ApplicationId, CourierId, DocumentId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    documents::{DocumentResponse, PapersResponse},
    words,
};
use crate::{
    Server,
    http::{
        extract::{Id, Ids, PictureBody},
        guard::Caller,
        problem::{Answer, Problem},
    },
};

/// The header that carries the pass to an application.
const PASS: HeaderName = HeaderName::from_static("application-pass");

/// The endpoints of this noun.
pub fn router() -> OpenApiRouter<Arc<Server>> {
    OpenApiRouter::new()
        .routes(routes!(get_picture, put_picture))
        .routes(routes!(review_picture))
        .routes(routes!(get_application_picture, put_application_picture))
}

/// What is known of a picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct PictureResponse {
    #[schema(value_type = words::PictureType)]
    media_type: String,
    size_bytes: i64,
    width_px: u32,
    height_px: u32,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
}

/// The bytes of a picture.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only for the description")]
pub struct PictureBytes(Vec<u8>);

impl PictureResponse {
    /// What is sent of a picture with its document.
    pub(super) fn of(facts: PictureFacts) -> Self {
        let PictureFacts { media_type, size_bytes, width_px, height_px, received_at } = facts;
        Self { media_type, size_bytes, width_px, height_px, received_at }
    }
}

/// A picture as an answer: a browser shows it as what it is, never as a page, and nobody keeps it.
fn shown(picture: StoredPicture) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, picture.media_type),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_DISPOSITION, "inline".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::ETAG, format!("\"{}\"", HEXLOWER.encode(&picture.sha256))),
    ];
    (headers, picture.bytes)
}

/// The picture of a courier's document.
#[utoipa::path(get, path = "/couriers/{id}/documents/{document_id}/picture", tag = "couriers",
    params(("id" = Uuid, Path), ("document_id" = Uuid, Path)),
    responses((status = 200, description = "The picture, with its SHA-256 as entity tag.", content(
        (PictureBytes = "image/jpeg"), (PictureBytes = "image/png"), (PictureBytes = "image/webp"))),
        (status = "4XX", body = Problem)))]
async fn get_picture(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Ids(id, document): Ids<CourierId, DocumentId>,
) -> Answer<impl IntoResponse> {
    Ok(shown(server.app.courier_picture(&ctx, id, document).await?))
}

/// Sends the picture of a document on which nobody has decided, in the place of the one before. JPEG, PNG or WebP, at most
/// 512 KiB, 16 to 8000 pixels a side; what it is, is told by its bytes.
#[utoipa::path(put, path = "/couriers/{id}/documents/{document_id}/picture", tag = "couriers",
    params(("id" = Uuid, Path), ("document_id" = Uuid, Path)),
    request_body(content((PictureBytes = "image/jpeg"), (PictureBytes = "image/png"), (PictureBytes = "image/webp"))),
    responses((status = 200, body = PapersResponse), (status = "4XX", body = Problem)))]
async fn put_picture(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Ids(id, document): Ids<CourierId, DocumentId>,
    PictureBody(bytes): PictureBody,
) -> Answer<Json<PapersResponse>> {
    Ok(Json(PapersResponse::of(server.app.put_picture(&ctx, id, document, bytes).await?)))
}

/// The picture of any document, also of one that came with an application, for whoever reviews it.
#[utoipa::path(get, path = "/couriers/documents/{id}/picture", tag = "couriers", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The picture, with its SHA-256 as entity tag.", content(
        (PictureBytes = "image/jpeg"), (PictureBytes = "image/png"), (PictureBytes = "image/webp"))),
        (status = "4XX", body = Problem)))]
async fn review_picture(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Id(id): Id<DocumentId>,
) -> Answer<impl IntoResponse> {
    Ok(shown(server.app.document_picture(&ctx, id).await?))
}

/// Sends the picture of a document of an application on which nobody has decided, as a courier does with theirs. The pass
/// is `picture_pass` of the answer to `POST /couriers/applications` or `/couriers/applications/status`.
#[utoipa::path(put, path = "/couriers/applications/{id}/documents/{document_id}/picture", tag = "couriers",
    params(("id" = Uuid, Path), ("document_id" = Uuid, Path), ("application-pass" = String, Header)),
    request_body(content((PictureBytes = "image/jpeg"), (PictureBytes = "image/png"), (PictureBytes = "image/webp"))),
    responses((status = 200, body = DocumentResponse), (status = "4XX", body = Problem)))]
async fn put_application_picture(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Ids(id, document): Ids<ApplicationId, DocumentId>,
    headers: HeaderMap,
    PictureBody(bytes): PictureBody,
) -> Answer<Json<DocumentResponse>> {
    let document = server.app.put_application_picture(&ctx, id, document, pass(&headers), bytes).await?;
    Ok(Json(DocumentResponse::of(document)))
}

/// The picture of a document of an application, for whoever applied, with the pass with which it was sent.
#[utoipa::path(get, path = "/couriers/applications/{id}/documents/{document_id}/picture", tag = "couriers",
    params(("id" = Uuid, Path), ("document_id" = Uuid, Path), ("application-pass" = String, Header)),
    responses((status = 200, description = "The picture, with its SHA-256 as entity tag.", content(
        (PictureBytes = "image/jpeg"), (PictureBytes = "image/png"), (PictureBytes = "image/webp"))),
        (status = "4XX", body = Problem)))]
async fn get_application_picture(
    State(server): State<Arc<Server>>,
    Caller(ctx): Caller,
    Ids(id, document): Ids<ApplicationId, DocumentId>,
    headers: HeaderMap,
) -> Answer<impl IntoResponse> {
    Ok(shown(server.app.application_picture(&ctx, id, document, pass(&headers)).await?))
}

/// The pass that came with a request; an empty one is none of ours.
fn pass(headers: &HeaderMap) -> &str {
    headers.get(PASS).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
