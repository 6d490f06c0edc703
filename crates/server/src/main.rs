//! The `dabba` binary: one program for every task, chosen by its first word.

use std::process::ExitCode;

use clap::Parser as _;
use server::commands::Dabba;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    Dabba::parse().run()
}
