//! How full Redis is, as it says itself, and whether it takes anything more.

use redis::{FromRedisValue as _, RedisError, Value};

use super::Shared;
use crate::RedisMemory;

impl Shared {
    /// Memory in use and the most there may be, of a cluster that of all primaries together. `None` if one of them does
    /// not say it in time.
    pub(crate) async fn memory(&self) -> Option<RedisMemory> {
        let mut ask = redis::cmd("INFO");
        ask.arg("memory");
        let asked = |mut connection| async move { ask.query_async::<Value>(&mut connection).await };
        sum(self.link.run(asked).await?)
    }

    /// Writes a trifle while writes are refused, to find out whether they still are.
    pub(super) async fn try_writing(&self) {
        if self.link.refusal().is_none() {
            return;
        }
        let mut write = redis::cmd("SET");
        write.arg(self.names.probe()).arg("").arg("PX").arg(1_000);
        if self.link.run(|mut connection| async move { write.exec_async(&mut connection).await }).await.is_some() {
            self.link.note_written();
        }
    }
}

/// Whether a Redis that is full said so, by itself or from inside a script.
pub(super) fn refuses(error: &RedisError) -> bool {
    error.code() == Some("OOM") || error.to_string().contains("OOM command not allowed")
}

/// One server answers with a text, a cluster with one for each primary.
fn sum(answer: Value) -> Option<RedisMemory> {
    let texts = match answer {
        Value::Map(nodes) => nodes.into_iter().map(|node| String::from_redis_value(node.1).ok()).collect(),
        one => String::from_redis_value(one).ok().map(|text| vec![text]),
    };
    let servers: Option<Vec<_>> = texts?.iter().map(|text| read(text)).collect();
    let servers = servers.filter(|servers| !servers.is_empty())?;
    let used = servers.iter().map(|server| server.used).sum();
    // One server without a limit leaves the whole without one.
    let limits: Option<Vec<u64>> = servers.iter().map(|server| server.limit).collect();
    Some(RedisMemory { used, limit: limits.map(|limits| limits.iter().sum()) })
}

fn read(info: &str) -> Option<RedisMemory> {
    let number = |name: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|value| value.trim().parse::<u64>().ok())
    };
    Some(RedisMemory { used: number("used_memory")?, limit: number("maxmemory").filter(|limit| *limit > 0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(used: u64, limit: u64) -> Value {
        let text = format!("# Memory\r\nused_memory:{used}\r\nused_memory_human:1M\r\nmaxmemory:{limit}\r\n");
        Value::BulkString(text.into())
    }

    fn cluster(answers: Vec<Value>) -> Value {
        Value::Map(answers.into_iter().map(|answer| (Value::SimpleString("node".into()), answer)).collect())
    }

    #[test]
    fn a_server_says_its_memory_and_perhaps_a_limit() {
        assert_eq!(sum(said(412, 1_024)), Some(RedisMemory { used: 412, limit: Some(1_024) }));
        assert_eq!(sum(said(412, 0)), Some(RedisMemory { used: 412, limit: None }));
        assert_eq!(sum(Value::Nil), None);
    }

    #[test]
    fn a_cluster_is_known_only_if_every_primary_answers() {
        let all = cluster(vec![said(1, 10), said(2, 10)]);
        assert_eq!(sum(all), Some(RedisMemory { used: 3, limit: Some(20) }));
        assert_eq!(sum(cluster(vec![said(1, 10), said(2, 0)])), Some(RedisMemory { used: 3, limit: None }));
        assert_eq!(sum(cluster(vec![said(1, 10), Value::Nil])), None);
        assert_eq!(sum(cluster(Vec::new())), None);
    }
}
