// When nothing that was heard of a rider is "now" any more: after a minute, for everybody who looks. The server counts by
// the same figure (`SILENT_AFTER_S`), and a test holds both together.

export const SILENT_AFTER_MS = 60_000;
