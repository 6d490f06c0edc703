//! `dabba config` and `dabba openapi`: what goes in and what comes out, on paper.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::Subcommand;

use super::fail;
use crate::config::Config;

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Read it and say what is wrong
    Check,
    /// Print the built-in values
    Default,
}

pub(super) fn run(command: &ConfigCommand) -> ExitCode {
    match command {
        ConfigCommand::Default => print_json(&Config::default()),
        ConfigCommand::Check => match Config::load().and_then(Config::checked) {
            Ok(config) => print_json(&hidden(config)),
            Err(message) => fail(&message),
        },
    }
}

pub(super) fn print_openapi() -> ExitCode {
    print_json(&crate::openapi())
}

/// The configuration without its passwords.
fn hidden(config: Config) -> Config {
    let hide = |url: String| match url.rsplit_once('@') {
        Some((_, place)) => format!("{}://…@{place}", url.split("://").next().unwrap_or("")),
        None => url,
    };
    Config {
        database_url: config.database_url.map(hide),
        redis_url: config.redis_url.map(hide),
        routing_url: config.routing_url.map(hide),
        routing_key: config.routing_key.map(|_| "…".to_owned()),
        ..config
    }
}

fn print_json(value: &impl serde::Serialize) -> ExitCode {
    let printed = serde_json::to_string_pretty(value).map_err(io::Error::other);
    match printed.and_then(|text| writeln!(io::stdout().lock(), "{text}")) {
        // Whoever reads may have had enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => fail(&error.to_string()),
        _ => ExitCode::SUCCESS,
    }
}
