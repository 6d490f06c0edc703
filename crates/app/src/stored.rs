//! How lists and maps are kept in one column: as JSON.

use serde::Serialize;

use crate::error::Error;

/// A value as the text that is stored.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}
