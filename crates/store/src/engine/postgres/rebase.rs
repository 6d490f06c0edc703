//! An outbox that was restored into another cluster.
//!
//! Events and positions carry transaction ids of the cluster that wrote them. A dump restored into a new cluster brings
//! ids that lie far in its future: the events would never count as settled, and every position would lie behind all
//! events to come. So whenever the schema is migrated, which every start does, ids from the future are set to 0, which
//! is before everything that this cluster writes.
//!
//! The order among the old events becomes that of their numbers. A consumer continues before the first event that it
//! had not passed, so that it may see a few again and misses none.

use tokio_postgres::{Client, Error};

/// Keeps other nodes from writing events meanwhile; they wait.
const LOCK: &str = "BEGIN; LOCK TABLE outbox, consumer_positions IN SHARE ROW EXCLUSIVE MODE";

const IS_AHEAD: &str = "SELECT GREATEST(\
        (SELECT MAX(xid) FROM outbox), (SELECT MAX(xid) FROM consumer_positions), 0\
    ) > pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

const REBASE: &str = "
    UPDATE consumer_positions p SET xid = 0, seq = COALESCE(
        (SELECT MIN(o.seq) - 1 FROM outbox o WHERE (o.xid, o.seq) > (p.xid, p.seq)),
        (SELECT MAX(o.seq) FROM outbox o),
        0);
    UPDATE outbox SET xid = 0;
";

/// Sets ids from the future to 0. Usually there are none.
pub(super) async fn rebase(client: &Client) -> Result<(), Error> {
    // Looked at without the lock first: a start does not hold up the other nodes.
    if !is_ahead(client).await? {
        return Ok(());
    }
    client.batch_execute(LOCK).await?;
    if is_ahead(client).await? {
        tracing::warn!("the outbox comes from another PostgreSQL cluster; its transaction ids are set to 0");
        client.batch_execute(REBASE).await?;
    }
    client.batch_execute("COMMIT").await
}

async fn is_ahead(client: &Client) -> Result<bool, Error> {
    client.query_one(IS_AHEAD, &[]).await?.try_get(0)
}
