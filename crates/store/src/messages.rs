//! The built-in mailbox.

use uuid::Uuid;

use crate::{record::records, statements};

statements! {
    /// Delivers a message to the mailbox.
    INSERT = "INSERT INTO messages (id, channel, recipient, subject, body, at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Messages before one, newest first: ids are made in the order of time.
    LIST = "SELECT id, channel, recipient, subject, body, at FROM messages WHERE id < $1 ORDER BY id DESC LIMIT $2";
    /// Forgets old messages.
    PRUNE = "DELETE FROM messages WHERE at < $1";
}

records! {
    /// A row of `messages`.
    MessageRow {
        /// Its id.
        id: Uuid,
        /// `sms`, `email` or `push`.
        channel: String,
        /// Phone, address or user.
        recipient: String,
        /// Subject, where the channel has one.
        subject: Option<String>,
        /// What it says.
        body: String,
        /// When.
        at: i64,
    }
}
