//! The sub-commands of the binary.

mod configuration;
mod demo;
mod opening;
mod serve;
mod simulate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// Dabba: a self-hosted delivery platform in one binary.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Dabba {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve,
    /// Start the server with a living demo city and logins for everybody
    Demo,
    /// Bring the database up to date and stop
    Migrate,
    /// Let a day of a city pass, repeatable from its seed
    Simulate(simulate::SimulateArgs),
    /// Print the API's description (OpenAPI 3.1)
    Openapi,
    /// Check the configuration, or print the built-in one
    #[command(subcommand)]
    Config(configuration::ConfigCommand),
}

impl Dabba {
    /// Does what was asked. Errors go to standard error in one line and end with code 1 or 2.
    pub fn run(self) -> ExitCode {
        match self.command {
            Command::Openapi => configuration::print_openapi(),
            Command::Config(command) => configuration::run(&command),
            command => with_config(|config| run(command, config)),
        }
    }
}

fn with_config(run: impl FnOnce(Config) -> ExitCode) -> ExitCode {
    match Config::load() {
        Ok(config) => run(config),
        Err(message) => fail(&message),
    }
}

fn run(command: Command, config: Config) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime cannot start: {error}")),
    };
    let done = runtime.block_on(async move {
        match command {
            Command::Serve => serve::serve(&config).await,
            Command::Demo => demo::demo(&config).await,
            Command::Simulate(args) => simulate::simulate(&args).await,
            Command::Migrate => opening::migrate(&config).await,
            // Handled before a runtime was needed.
            Command::Openapi | Command::Config(_) => Ok(()),
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

/// One line on standard error.
#[expect(clippy::print_stderr, reason = "this is what standard error is for")]
fn fail(message: &str) -> ExitCode {
    eprintln!("dabba: {message}");
    ExitCode::FAILURE
}
