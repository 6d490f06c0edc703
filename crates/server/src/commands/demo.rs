//! `dabba demo`: the server with a city that lives, so that every screen shows something true within seconds.

use std::sync::Arc;

use app::Settings;
use domain::permission::Actor;
use sim::{CitySpec, LiveSpec};

use super::{
    log, opening,
    serve::{keep_others_away, listen, metrics, run},
};
use crate::{
    Server,
    config::Config,
    demo::{Demo, DemoLogin},
};

/// `dabba demo`.
pub(super) async fn demo(config: &Config) -> Result<(), String> {
    // A newcomer reads the terminal; log lines, those of slow statements too, would bury the addresses. DABBA_LOG brings
    // them back.
    let filter =
        if std::env::var_os("DABBA_LOG").is_some() { config.log.as_str() } else { "warn,store::measure=error" };
    log::start(filter)?;
    let metrics = metrics()?;
    let listener = listen(config).await?;
    let _held = keep_others_away(config)?;
    let settings = Settings { demo: true, ..config.settings() };
    let app = Arc::new(opening::application(config, settings).await?);
    let ctx = app.ctx(Actor::System);
    let spec = CitySpec { demo: true, ..CitySpec::default() };
    let city = sim::seed_city(&app, &ctx, &spec).await.map_err(|error| error.to_string())?;
    let logins = sim::demo_logins(&app, &ctx, &city).await.map_err(|error| error.to_string())?;
    let logins: Vec<DemoLogin> = logins.iter().map(shown).collect();
    app.start();
    greet(config, &logins);
    let server = Arc::new(Server::new(Arc::clone(&app), Some(metrics), Some(Demo { logins })));
    let mut stop = server.stop();
    tokio::spawn(async move {
        tokio::select! {
            ended = sim::live(app, city, LiveSpec::default()) => {
                let Err(error) = ended;
                tracing::error!(%error, "the city cannot live");
            }
            _ = stop.wait_for(|stop| *stop) => {}
        }
    });
    run(server, listener).await
}

fn shown(login: &sim::DemoLogin) -> DemoLogin {
    DemoLogin { role: login.role.to_owned(), login: login.login.to_owned(), password: login.password.to_owned() }
}

#[expect(clippy::print_stdout, reason = "the person at the terminal wants the addresses")]
fn greet(config: &Config, logins: &[DemoLogin]) {
    let base = format!("http://{}:{}", config.host, config.port);
    println!("A city is eating at {base}\n");
    for (face, path) in [("Storefront", "/"), ("Kitchen", "/kitchen"), ("Rider", "/rider"), ("Operations", "/ops")] {
        println!("  {face:<12}{base}{path}");
    }
    println!("  {:<12}{base}/docs\n  {:<12}{base}/mailbox\n", "API", "Mailbox");
    for login in logins {
        println!("  {:<12}{:<10}password: {}", login.role, login.login, login.password);
    }
    println!("\nCtrl+C ends it.");
}
