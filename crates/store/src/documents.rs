//! Documents of couriers and of those who want to be one.

use domain::id::{ApplicationId, CityId, CourierId, DocumentId};

use crate::{record::records, statements};

macro_rules! select_documents {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.application_id, d.courier_id, d.kind, d.number, d.expires_on, d.state, d.reason, ",
            "u.name AS decided_by, d.submitted_at, d.decided_at, d.picture_required, p.media_type, p.size_bytes, ",
            "p.width_px, p.height_px, p.received_at FROM courier_documents d LEFT JOIN users u ON u.id = d.user_id ",
            "LEFT JOIN document_pictures p ON p.document_id = d.id ",
            $rest
        )
    };
}

statements! {
    /// Hands a document in, and says whether it needs a picture.
    INSERT = "INSERT INTO courier_documents (id, application_id, courier_id, kind, number, expires_on, state, \
        submitted_at, picture_required) VALUES ($1, $2, $3, $4, $5, $6, 'submitted', $7, $8)";
    /// Puts a document that waits for a decision away, because there is a newer one.
    REPLACE_SUBMITTED = "UPDATE courier_documents SET state = 'replaced', replaced_at = $3 WHERE courier_id = $1 AND kind = $2 \
        AND state = 'submitted'";
    /// Puts the accepted document of a kind away, because there is a newer one.
    REPLACE_ACCEPTED = "UPDATE courier_documents SET state = 'replaced', replaced_at = $3 WHERE courier_id = $1 AND kind = $2 \
        AND state = 'accepted'";
    /// Decides on a document that waits for it and has got no picture after a time.
    DECIDE = "UPDATE courier_documents SET state = $2, reason = $3, user_id = $4, decided_at = $5 \
        WHERE id = $1 AND state = 'submitted' AND (pictured_at IS NULL OR pictured_at <= $6)";
    /// Accepts everything that came with an application and has got no picture after a time, as the new courier's.
    ACCEPT_OF_APPLICATION = "UPDATE courier_documents SET state = 'accepted', courier_id = $2, user_id = $3, \
        decided_at = $4 WHERE application_id = $1 AND state = 'submitted' AND (pictured_at IS NULL OR pictured_at <= $5)";
    /// Remembers a warning, if none as late was given.
    WARN = "UPDATE courier_documents SET warned_days = $2 WHERE id = $1 AND state = 'accepted' \
        AND (warned_days IS NULL OR warned_days > $2)";
    /// Forgets the documents of a courier, those of earlier applications too.
    DELETE_OF_COURIER = "DELETE FROM courier_documents WHERE courier_id = $1 OR application_id IN (\
        SELECT a.id FROM courier_applications a WHERE a.phone IN (\
        SELECT o.phone FROM courier_applications o WHERE o.courier_id = $1 AND o.phone <> ''))";
    /// Forgets what came with applications that were rejected before a time.
    PRUNE_REJECTED = "DELETE FROM courier_documents WHERE application_id IN (\
        SELECT id FROM courier_applications WHERE state = 'rejected' AND moved_at < $1)";
    /// Forgets documents in whose place a newer one came before a time. Those that came with the application stay for the
    /// fact that papers are on file here, see [`MASK_REPLACED`].
    PRUNE_REPLACED = "DELETE FROM courier_documents WHERE state = 'replaced' AND replaced_at < $1 \
        AND application_id IS NULL";
    /// Forgets the numbers of those that stay.
    MASK_REPLACED = "UPDATE courier_documents SET number = 'XXXX' WHERE state = 'replaced' AND replaced_at < $1 \
        AND application_id IS NOT NULL AND number <> 'XXXX'";
    /// One document.
    FIND = select_documents!("WHERE d.id = $1");
    /// What came with an application.
    LIST_OF_APPLICATION = select_documents!("WHERE d.application_id = $1 ORDER BY d.kind");
    /// Documents of a courier, newest first.
    LIST_OF_COURIER = select_documents!("WHERE d.courier_id = $1 ORDER BY d.id DESC");
    /// Documents that couriers handed in later and nobody has decided on, oldest first, after a cursor.
    LIST_WAITING = select_documents!("WHERE d.state = 'submitted' AND d.courier_id IS NOT NULL AND d.id > $1 \
        ORDER BY d.id LIMIT $2");
    /// Accepted documents that run out by a day, and those of couriers who are barred for their papers.
    LIST_DUE = "SELECT d.id, d.courier_id, k.city_id, d.kind, d.expires_on, d.warned_days FROM courier_documents d \
        JOIN couriers k ON k.id = d.courier_id WHERE d.state = 'accepted' AND k.city_id = $1 AND k.deleted_at IS NULL \
        AND (d.expires_on <= $2 OR k.papers_lapsed = 1) ORDER BY d.courier_id, d.id";
}

records! {
    /// A row of `courier_documents` with the name of who decided.
    DocumentRow {
        /// Its id.
        id: DocumentId,
        /// The application it came with.
        application_id: Option<ApplicationId>,
        /// Whose it is.
        courier_id: Option<CourierId>,
        /// What kind.
        kind: String,
        /// Its number; of an identity the last four digits.
        number: String,
        /// The last day on which it holds.
        expires_on: Option<String>,
        /// How it stands.
        state: String,
        /// Why it was refused.
        reason: Option<String>,
        /// Who decided.
        decided_by: Option<String>,
        /// When it was handed in.
        submitted_at: i64,
        /// When it was decided on.
        decided_at: Option<i64>,
        /// Whether it is accepted only with a picture.
        picture_required: bool,
        /// What its picture is, if there is one.
        media_type: Option<String>,
        /// The picture's size.
        size_bytes: Option<i64>,
        /// Its pixels from left to right.
        width_px: Option<u32>,
        /// And from top to bottom.
        height_px: Option<u32>,
        /// When it came.
        received_at: Option<i64>,
    }

    /// An accepted document that needs attention.
    DueRow {
        /// The document.
        id: DocumentId,
        /// Whose.
        courier_id: CourierId,
        /// Their city.
        city_id: CityId,
        /// What kind.
        kind: String,
        /// The last day on which it holds.
        expires_on: Option<String>,
        /// The last warning given.
        warned_days: Option<i64>,
    }
}
