//! The `dabba` binary.
fn main() {}
