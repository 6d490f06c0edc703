//! Pictures of documents: sent by whose document it is while nobody has decided on it, seen by them and by who reviews.
//!
//! Whoever applies has no account yet. With the answer that followed on the proof of the phone they got a pass, a signed
//! statement of which application is theirs, and send their pictures and see them with it for half an hour. A picture is
//! told by its bytes, is never decoded here, and goes where its document goes.

use data_encoding::BASE64URL_NOPAD;
use domain::{
    application::ApplicationState,
    event::Event,
    id::{ApplicationId, CourierId, DocumentId},
    permission::{Action, Owners},
    picture::Picture,
    rule::Rule,
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use store::{
    Tx, applications, args,
    documents::{self, DocumentRow},
    pictures::{self, PictureRow},
};

use super::{Document, Papers, kind_of, moved, shown};
use crate::{
    App,
    applications::state,
    context::{Ctx, moment},
    error::{Error, failed_guard},
};

/// How long a pass to an application's pictures is good.
const PASS_FOR: SignedDuration = SignedDuration::from_mins(30);
/// Id, end and signature.
const PASS_BYTES: usize = 16 + 8 + 32;

/// What is known of a picture without looking at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFacts {
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: String,
    /// Its size.
    pub size_bytes: i64,
    /// Its pixels from left to right.
    pub width_px: u32,
    /// And from top to bottom.
    pub height_px: u32,
    /// When it came.
    pub received_at: Timestamp,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPicture {
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl PictureFacts {
    pub(super) fn of(row: &DocumentRow) -> Option<Self> {
        Some(Self {
            media_type: row.media_type.clone()?,
            size_bytes: row.size_bytes?,
            width_px: row.width_px?,
            height_px: row.height_px?,
            received_at: moment(row.received_at?),
        })
    }
}

impl App {
    /// A courier sends the picture of a document that waits for a decision, in the place of the one before.
    pub async fn put_picture(
        &self,
        ctx: &Ctx,
        courier: CourierId,
        id: DocumentId,
        bytes: Vec<u8>,
    ) -> Result<Papers, Error> {
        ctx.may(Action::DocumentSubmit, &Owners::courier(courier), "document")?;
        let row = self.document_row(id, |row| row.courier_id == Some(courier)).await?;
        let city = self.courier_row(courier).await?.city_id;
        let tx = picture_kept(ctx, &row, bytes)?;
        let tx = self.tell(ctx, tx, city, &moved(courier, kind_of(&row)?, "submitted"))?;
        self.db.commit(tx).await.map_err(|error| decided(error, &row))?;
        self.courier_papers(ctx, courier).await
    }

    /// Somebody who applied sends the picture of a document, with the pass that they got for the proof of their phone.
    pub async fn put_application_picture(
        &self,
        ctx: &Ctx,
        application: ApplicationId,
        id: DocumentId,
        pass: &str,
        bytes: Vec<u8>,
    ) -> Result<Document, Error> {
        let row = self.applied_document_row(ctx, application, id, pass).await?;
        let applied: Option<applications::ApplicationRow> =
            self.db.optional(&applications::FIND, args![application]).await?;
        let applied = applied.ok_or(Error::NotFound("document"))?;
        let state = state(&applied)?;
        if state == ApplicationState::Rejected {
            // The documents of a rejected application stay as they came, but nobody looks at them any more.
            return Err(decided_already(&row));
        }
        let event = Event::ApplicationMoved { application_id: application, from: Some(state), to: state };
        let tx = self.tell(ctx, picture_kept(ctx, &row, bytes)?, applied.city_id, &event)?;
        self.db.commit(tx).await.map_err(|error| decided(error, &row))?;
        Ok(shown(ctx, self.document_row(id, |_| true).await?))
    }

    /// The picture of a courier's document, for the courier and for who reviews.
    pub async fn courier_picture(&self, ctx: &Ctx, courier: CourierId, id: DocumentId) -> Result<StoredPicture, Error> {
        ctx.may(Action::DocumentSee, &Owners::courier(courier), "picture")?;
        self.document_row(id, |row| row.courier_id == Some(courier)).await?;
        self.picture(id).await
    }

    /// The picture of a document of an application, for whoever applied and has the pass with which it was sent.
    pub async fn application_picture(
        &self,
        ctx: &Ctx,
        application: ApplicationId,
        id: DocumentId,
        pass: &str,
    ) -> Result<StoredPicture, Error> {
        self.applied_document_row(ctx, application, id, pass).await?;
        self.picture(id).await
    }

    /// The picture of any document, also of one that came with an application, for who reviews.
    pub async fn document_picture(&self, ctx: &Ctx, id: DocumentId) -> Result<StoredPicture, Error> {
        ctx.may(Action::ApplicationReview, &Owners::default(), "picture")?;
        self.picture(id).await
    }

    /// What lets whoever proved their phone send and see the pictures of their application; none once it is decided on.
    pub(crate) fn picture_pass(&self, ctx: &Ctx, id: ApplicationId, state: ApplicationState) -> Option<String> {
        if !matches!(state, ApplicationState::Applied | ApplicationState::UnderReview) {
            return None;
        }
        let mut pass = Vec::with_capacity(PASS_BYTES);
        pass.extend(uuid::Uuid::from(id).into_bytes());
        pass.extend((ctx.now + PASS_FOR).as_microsecond().to_be_bytes());
        let signature = self.secrets.pictures.sign(&pass);
        pass.extend(signature);
        Some(BASE64URL_NOPAD.encode(&pass))
    }

    /// The application in a pass of ours that is still good.
    fn read_picture_pass(&self, ctx: &Ctx, pass: &str) -> Option<ApplicationId> {
        let bytes = BASE64URL_NOPAD.decode(pass.as_bytes()).ok().filter(|bytes| bytes.len() == PASS_BYTES)?;
        let (said, signature) = bytes.split_at(PASS_BYTES - 32);
        let (id, until) = said.split_at(16);
        let until = i64::from_be_bytes(until.try_into().ok()?);
        let good = self.secrets.pictures.verify(said, signature) && ctx.now_us() < until;
        good.then_some(ApplicationId(uuid::Uuid::from_bytes(id.try_into().ok()?)))
    }

    /// A document of the application that a pass is for.
    async fn applied_document_row(
        &self,
        ctx: &Ctx,
        application: ApplicationId,
        id: DocumentId,
        pass: &str,
    ) -> Result<DocumentRow, Error> {
        let theirs = self.read_picture_pass(ctx, pass).ok_or_else(|| Rule::PassEnded.at("/application_pass"))?;
        self.document_row(id, |row| theirs == application && row.application_id == Some(application)).await
    }

    async fn document_row(&self, id: DocumentId, theirs: impl Fn(&DocumentRow) -> bool) -> Result<DocumentRow, Error> {
        let row: Option<DocumentRow> = self.db.optional(&documents::FIND, args![id]).await?;
        row.filter(theirs).ok_or(Error::NotFound("document"))
    }

    async fn picture(&self, id: DocumentId) -> Result<StoredPicture, Error> {
        let row: Option<PictureRow> = self.db.optional(&pictures::FIND, args![id]).await?;
        let PictureRow { media_type, sha256, body } = row.ok_or(Error::NotFound("picture"))?;
        Ok(StoredPicture { media_type, sha256, bytes: body })
    }
}

/// Refuses a decision that would accept a document without the picture that it needs. `pointer` is what was decided.
pub(crate) fn pictured(pointer: &str, rows: &[DocumentRow]) -> Result<(), Error> {
    let without = |row: &&DocumentRow| row.state == "submitted" && row.picture_required && row.received_at.is_none();
    match rows.iter().find(without) {
        Some(row) => Err(Rule::PictureMissing.at(pointer).with("kind", row.kind.as_str()).into()),
        None => Ok(()),
    }
}

/// Keeps a picture, if nobody decided on its document meanwhile.
fn picture_kept(ctx: &Ctx, row: &DocumentRow, bytes: Vec<u8>) -> Result<Tx, Error> {
    if row.state != "submitted" {
        return Err(decided_already(row));
    }
    let Picture { format, width_px, height_px } = Picture::read(&bytes)?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let now = ctx.now_us();
    let kept = args![row.id, format.media_type(), size, width_px, height_px, hash, now, bytes];
    let tx = Tx::new("keep picture").guard_as("waiting", 1, &pictures::NOTE, args![row.id, now]);
    Ok(tx.run(&pictures::PUT, kept))
}

fn decided(error: store::CommitError, row: &DocumentRow) -> Error {
    if failed_guard(&error) == Some("waiting") { decided_already(row) } else { error.into() }
}

fn decided_already(row: &DocumentRow) -> Error {
    Rule::DocumentDecided.at("/document_id").with("kind", row.kind.as_str()).into()
}
