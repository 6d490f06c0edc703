//! Why a simulation could not go on.

/// What stopped it. Refusals by business rules do not: they are part of a day and are counted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A use case failed in a way that no day should bring.
    #[error(transparent)]
    App(#[from] app::Error),
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] store::OpenError),
    /// The database could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] store::MigrateError),
    /// The database could not be read.
    #[error(transparent)]
    Read(#[from] store::ReadError),
    /// No directory for a temporary database.
    #[error("no temporary directory: {0}")]
    Directory(#[from] std::io::Error),
    /// A document is no day that can be lived again.
    #[error(transparent)]
    Day(#[from] crate::day::DayError),
    /// A day cannot be recorded, or lived again where it was wanted; the text says why.
    #[error("{0}")]
    NoDay(String),
    /// Something that must hold does not; the text says what.
    #[error("{0}")]
    Broken(String),
}
