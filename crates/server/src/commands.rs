//! The sub-commands of the binary.

mod administrator;
mod bench;
mod configuration;
mod demo;
pub mod import;
mod loadtest;
mod log;
mod measure;
mod opening;
mod record_day;
mod serve;
mod simulate;

use std::{process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use tempfile::TempDir;

use crate::config::Config;

/// How long what still runs may take to end after the command has.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Dabba: a self-hosted delivery platform in one binary.
#[derive(Debug, Parser)]
#[command(name = "dabba", version, propagate_version = true)]
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
    /// Add an account that may do everything; the password is read from standard input
    AddAdmin(administrator::AddAdminArgs),
    /// Read lists that somebody else made
    Import(import::ImportArgs),
    /// Bring the database up to date and stop
    Migrate,
    /// Write a day of a city down, to be lived again
    RecordDay(record_day::RecordDayArgs),
    /// Let a day of a city pass, repeatable from its seed
    Simulate(simulate::SimulateArgs),
    /// Measure one part on this machine
    #[command(subcommand)]
    Bench(bench::BenchCommand),
    /// Put load on a server on this machine and report what it bears
    Loadtest(loadtest::LoadtestArgs),
    /// The handler that a load test compares with
    #[command(hide = true)]
    Bare(loadtest::BareArgs),
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
    let code = runtime.block_on(async move {
        let done = match command {
            // An import says itself how it went.
            Command::Import(args) => return Box::pin(import(&config, args)).await,
            Command::Serve => serve::serve(&config).await,
            Command::Demo => demo::demo(&config).await,
            Command::AddAdmin(args) => administrator::add(&config, &args).await,
            Command::RecordDay(args) => record_day::record_day(&config, &args).await,
            Command::Simulate(args) => simulate::simulate(&args).await,
            Command::Bench(command) => bench::bench(&command).await,
            Command::Loadtest(args) => loadtest::loadtest(&args).await,
            Command::Bare(args) => loadtest::bare(&args).await,
            Command::Migrate => opening::migrate(&config).await,
            // Handled before a runtime was needed.
            Command::Openapi | Command::Config(_) => Ok(()),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => fail(&message),
        }
    });
    // Sockets and what else still runs may have a last word.
    runtime.shutdown_timeout(LAST_WORDS);
    log::flush();
    code
}

async fn import(config: &Config, args: import::ImportArgs) -> ExitCode {
    // A trial must not leave a database where there was none: it gets one that passes.
    let absent = args.only_tries() && config.database_file().is_some_and(|file| !file.exists());
    let scratch = match absent.then(TempDir::new).transpose() {
        Ok(scratch) => scratch,
        Err(error) => return fail(&error.to_string()),
    };
    let passing = scratch.as_ref().map(|scratch| config.in_folder(scratch.path()));
    let config = passing.as_ref().unwrap_or(config);
    match opening::application(config, config.settings()).await {
        Ok(app) => {
            let code = import::run(args, &app).await;
            app.db.close().await;
            code
        }
        Err(message) => fail(&message),
    }
}

/// One line on standard error.
#[expect(clippy::print_stderr, reason = "this is what standard error is for")]
fn fail(message: &str) -> ExitCode {
    eprintln!("dabba: {message}");
    ExitCode::FAILURE
}
