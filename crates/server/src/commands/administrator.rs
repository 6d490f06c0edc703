//! `dabba add-admin`: the first account of a new installation. Everybody else is added by it, in the console or by API.

use std::io::{BufRead as _, IsTerminal as _};

use app::{Error, users::NewUser};
use clap::Args;
use domain::permission::{Actor, Role};
use serde_json::json;

use super::opening;
use crate::config::Config;

/// Who.
#[derive(Debug, Args)]
pub(super) struct AddAdminArgs {
    /// What the administrator types to log in
    login: String,
    /// The person's name
    #[arg(long, default_value = "Administrator")]
    name: String,
}

/// Adds the account.
#[expect(clippy::print_stdout, reason = "the command's result")]
pub(super) async fn add(config: &Config, args: &AddAdminArgs) -> Result<(), String> {
    let password = password()?;
    let app = opening::application(config, config.settings()).await?;
    let new = NewUser {
        role: Role::Admin,
        name: args.name.clone(),
        login: Some(args.login.clone()),
        phone: None,
        password: Some(password),
        customer_id: None,
        courier_id: None,
        restaurant_ids: Vec::new(),
    };
    let added = app.add_user(&app.ctx(Actor::System), new).await;
    app.db.close().await;
    let account = added.map_err(|error| refusal(&error))?;
    println!("{} may log in at /ops.", account.profile.login.unwrap_or_default());
    Ok(())
}

fn refusal(error: &Error) -> String {
    match error {
        Error::Rule(broken) => {
            let field = broken.pointer.as_deref().unwrap_or_default().trim_start_matches('/');
            let params = broken.params.iter().map(|(name, value)| format!(" {name} {}", json!(value)));
            let params = params.collect::<Vec<_>>().join(",");
            let params = if params.is_empty() { params } else { format!(" ({})", params.trim_start()) };
            format!("{field}: {}{params}", broken.rule.title())
        }
        other => other.to_string(),
    }
}

/// One line of standard input, so that the password stands in no history.
#[expect(clippy::print_stderr, reason = "the person at the terminal wants to know what is waited for")]
fn password() -> Result<String, String> {
    if std::io::stdin().is_terminal() {
        eprintln!("Password (8 characters or more, it will be visible):");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| format!("password: {error}"))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
