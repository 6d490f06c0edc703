//! Waking the readers of the outbox, on this node and on the others.
//!
//! NOTIFY inside a transaction makes all commits of the database queue up behind one lock, so it is sent outside, and at
//! most once per 20 ms however many commits there were. A row can be committed and still unreadable because an older
//! transaction runs; therefore each wake-up is followed by an echo. All of this only saves time: the table is the truth,
//! and consumers look from time to time without being woken.

use std::future::poll_fn;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool_postgres::Pool;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_postgres::AsyncMessage;

use super::server::Server;
use crate::engine::wake::Wake;

const CHANNEL: &str = "dabba_outbox";

/// The least time between two NOTIFYs of a node, and the delay of an echo.
const PAUSE: Duration = Duration::from_millis(20);

/// How long to wait before the lost listening connection is made again: doubled each time up to the second value.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Tells of commits, and hears of those of other nodes.
pub(super) struct Notifier {
    wake: Wake,
    committed: Notify,
    /// Something was heard from another node, an echo is due.
    heard: Notify,
    /// Tells our own notifications from those of others.
    node: String,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Notifier {
    pub(super) fn start(server: Server, pool: Pool, wake: Wake) -> Arc<Self> {
        let notifier = Arc::new(Self {
            wake,
            committed: Notify::new(),
            heard: Notify::new(),
            node: format!("{:016x}", RandomState::new().build_hasher().finish()),
            tasks: Mutex::default(),
        });
        let tasks = vec![
            tokio::spawn(Arc::clone(&notifier).send(pool)),
            tokio::spawn(Arc::clone(&notifier).echo()),
            tokio::spawn(Arc::clone(&notifier).listen(server)),
        ];
        *notifier.tasks.lock().unwrap_or_else(PoisonError::into_inner) = tasks;
        notifier
    }

    /// A transaction with an event has committed on this node.
    pub(super) fn tell(&self) {
        self.wake.nudge();
        self.committed.notify_one();
    }

    pub(super) fn stop(&self) {
        for task in self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }

    async fn send(self: Arc<Self>, pool: Pool) {
        loop {
            self.committed.notified().await;
            self.heard.notify_one();
            // Unavailable: the others look from time to time.
            if let Ok(client) = pool.get().await {
                let _ = client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &self.node]).await;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn echo(self: Arc<Self>) {
        loop {
            self.heard.notified().await;
            tokio::time::sleep(PAUSE).await;
            self.wake.nudge();
        }
    }

    async fn listen(self: Arc<Self>, server: Server) {
        let mut pause = RECONNECT.0;
        loop {
            let started = tokio::time::Instant::now();
            if let Err(error) = self.hear(&server).await {
                tracing::warn!(%error, "listening for other nodes was interrupted");
            }
            // A connection that lasted is made again at once; one that does not come about, less and less often.
            pause = if started.elapsed() > RECONNECT.1 { RECONNECT.0 } else { (pause * 2).min(RECONNECT.1) };
            tokio::time::sleep(pause).await;
        }
    }

    /// Listens until the connection ends.
    async fn hear(&self, server: &Server) -> Result<(), tokio_postgres::Error> {
        let (client, mut connection) = server.connect().await?;
        let subscribe = async {
            client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
            // Something may have been committed while nobody listened.
            self.wake.nudge();
            // Keeps the connection alive, which ends when its client is dropped.
            std::future::pending::<Result<(), tokio_postgres::Error>>().await
        };
        let receive = async {
            loop {
                match poll_fn(|context| connection.poll_message(context)).await {
                    Some(Ok(AsyncMessage::Notification(message))) if message.channel() == CHANNEL => {
                        if message.payload() != self.node {
                            self.wake.nudge();
                            self.heard.notify_one();
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error),
                    None => return Ok(()),
                }
            }
        };
        tokio::select! {
            outcome = subscribe => outcome,
            outcome = receive => outcome,
        }
    }
}
