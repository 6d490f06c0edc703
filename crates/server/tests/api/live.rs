//! What happens, as it happens: server-sent events and WebSockets.

pub(crate) mod listening;
mod orders;
mod sockets;
mod users;
