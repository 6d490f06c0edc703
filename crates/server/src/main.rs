//! The `dabba` binary: one program for every task, chosen by its first word.

use std::process::ExitCode;

use clap::Parser as _;
use server::commands::Dabba;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Huge pages would keep twice the memory of an idle server for a few per cent of its speed.
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    Dabba::parse().run()
}
