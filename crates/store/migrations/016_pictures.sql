-- Pictures of couriers' documents. They are kept here and not in files, so that every node sees them and a backup has them.
CREATE TABLE document_pictures (
    document_id BYTEA PRIMARY KEY REFERENCES courier_documents (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    size_bytes BIGINT NOT NULL CHECK (size_bytes BETWEEN 1 AND 524288),
    width_px BIGINT NOT NULL CHECK (width_px BETWEEN 16 AND 8000),
    height_px BIGINT NOT NULL CHECK (height_px BETWEEN 16 AND 8000),
    sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
    received_at BIGINT NOT NULL,
    -- Last, so that whoever reads only what stands before need not read past it.
    body BYTEA NOT NULL CHECK (length(body) = size_bytes)
);

-- Whether this document is only accepted with a picture. Those that were handed in before pictures were taken stay without.
ALTER TABLE courier_documents ADD COLUMN picture_required BIGINT NOT NULL DEFAULT 0 CHECK (picture_required IN (0, 1));
-- When its newest picture came, also after the picture was forgotten.
ALTER TABLE courier_documents ADD COLUMN pictured_at BIGINT
    CHECK (state <> 'accepted' OR picture_required = 0 OR pictured_at IS NOT NULL);
