//! What happens, as it happens: server-sent events and WebSockets.

mod listening;
mod orders;
mod sockets;
mod users;
