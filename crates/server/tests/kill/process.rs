//! The binary as a process that cannot outlive its test.

use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use crate::client::{Connection, Request};

/// How long starting or refusing to start may take, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(20);
/// Where it writes what it has to say.
pub(crate) const LOG: &str = "dabba.log";
/// Log lines shown when a test fails.
const TAIL: usize = 20;

/// A running `dabba`. Dropping it kills it.
pub(crate) struct Process {
    pub(crate) port: u16,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `dabba serve` on a port of its own.
    pub(crate) fn serve(home: &Path, settings: &[(&str, String)]) -> Self {
        let port = free_port();
        let mut settings = settings.to_vec();
        settings.push(("DABBA_PORT", port.to_string()));
        Self::start(home, &["serve"], &settings, port)
    }

    /// Starts `dabba serve` and waits until it may be sent requests.
    pub(crate) async fn served(home: &Path, settings: &[(&str, String)]) -> Self {
        loop {
            let mut server = Self::serve(home, settings);
            if server.ready().await {
                return server;
            }
        }
    }

    /// Starts a command in `home`, where it writes its log; its environment is `settings` and nothing else.
    pub(crate) fn start(home: &Path, words: &[&str], settings: &[(&str, String)], port: u16) -> Self {
        let log = home.join(LOG);
        let file = File::options().create(true).append(true).open(&log).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_dabba"))
            .args(words)
            .current_dir(home)
            .env_clear()
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .unwrap();
        Self { port, child, log }
    }

    /// Waits until it may be sent requests; false if it lost its port to somebody else.
    async fn ready(&mut self) -> bool {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(self.log().contains("is taken"), "the server ended with {status}:\n{}", self.tail());
                return false;
            }
            if let Some(mut connection) = Connection::open(self.port).await {
                let answer = connection.ask(&Request::get("/health/ready")).await;
                if answer.is_some_and(|answer| answer.status == 204) {
                    return true;
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the server is not ready after {PATIENCE:?}:\n{}", self.tail());
    }

    /// SIGKILL: no destructor, no flush, no farewell. False if it was dead already.
    pub(crate) fn kill(&mut self) -> bool {
        let ran = self.child.try_wait().unwrap().is_none();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        ran
    }

    /// Waits for it to end by itself.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("it still runs after {PATIENCE:?}:\n{}", self.tail());
    }

    /// What it wrote to standard error.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }
}

impl Drop for Process {
    #[expect(clippy::print_stderr, reason = "what the server said belongs to the failure")]
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the server's last words:\n{}", self.tail());
        }
    }
}

/// A port that nobody used a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
