//! The built-in mailbox.

use uuid::Uuid;

use crate::{record::records, statements};

statements! {
    /// Delivers a message to the mailbox.
    INSERT = "INSERT INTO messages (id, channel, recipient, subject, body, at) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Messages before a moment and id, newest first.
    LIST = "SELECT id, channel, recipient, subject, body, at FROM messages WHERE (at, id) < ($1, $2)
        ORDER BY at DESC, id DESC LIMIT $3";
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
