//! Pictures of couriers' documents, one of each. What belongs to a picture but not the picture itself is read with the
//! document, see [`crate::documents`]. It goes with the document, when that is deleted.

use crate::{record::records, statements};

statements! {
    /// Notes that a picture comes for a document that waits for a decision, and keeps the decision waiting meanwhile.
    NOTE = "UPDATE courier_documents SET pictured_at = $2 WHERE id = $1 AND state = 'submitted'";
    /// Keeps the picture of a document, in the place of the one before.
    PUT = "INSERT INTO document_pictures (document_id, media_type, size_bytes, width_px, height_px, sha256, received_at, \
        body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (document_id) DO UPDATE SET \
        media_type = excluded.media_type, size_bytes = excluded.size_bytes, width_px = excluded.width_px, \
        height_px = excluded.height_px, sha256 = excluded.sha256, received_at = excluded.received_at, body = excluded.body";
    /// The picture of a document.
    FIND = "SELECT media_type, sha256, body FROM document_pictures WHERE document_id = $1";
    /// Forgets the pictures of documents that were refused, or in whose place a newer one came, before a time.
    PRUNE = "DELETE FROM document_pictures WHERE document_id IN (SELECT id FROM courier_documents \
        WHERE (state = 'replaced' AND replaced_at < $1) OR (state = 'refused' AND decided_at < $1))";
}

records! {
    /// A picture.
    PictureRow {
        /// What it is.
        media_type: String,
        /// SHA-256 of its bytes.
        sha256: [u8; 32],
        /// Its bytes.
        body: Vec<u8>,
    }
}
