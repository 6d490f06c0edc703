//! Redis as a cluster of three servers. Without `TEST_REDIS_URL` and an installed server these stories are not told.

use std::time::Duration;

use cache::{Cache, Loaded, Namespace, Tier};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::support::{Closed, Kitchen, MENU, OwnRedis, body, connected_node, eventually, redis_url};

const SLOTS: u32 = 16_384;

struct Cluster {
    servers: Vec<OwnRedis>,
    _places: Vec<TempDir>,
}

impl Cluster {
    async fn start() -> Option<Self> {
        redis_url()?;
        let (mut servers, mut places) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            let place = tempfile::tempdir().unwrap();
            let settings = ["--cluster-enabled", "yes", "--dir", place.path().to_str().unwrap()];
            servers.push(OwnRedis::with(port().await, &settings).await?);
            places.push(place);
        }
        for (number, server) in (0..).zip(&servers) {
            let (first, last) = (SLOTS * number / 3, SLOTS * (number + 1) / 3 - 1);
            server.run(&["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()]).await;
            server.run(&["CLUSTER", "MEET", "127.0.0.1", &servers[0].port.to_string()]).await;
        }
        let cluster = Self { servers, _places: places };
        cluster.wait().await;
        Some(cluster)
    }

    async fn wait(&self) {
        for server in &self.servers {
            for attempt in 0.. {
                let info = format!("{:?}", server.run(&["CLUSTER", "INFO"]).await);
                if info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3") {
                    break;
                }
                assert!(attempt < 400, "the cluster never came up: {info}");
                sleep(Duration::from_millis(25)).await;
            }
        }
    }

    fn url(&self) -> String {
        let hosts: Vec<_> = self.servers.iter().map(|server| format!("127.0.0.1:{}", server.port)).collect();
        format!("redis-cluster://{}", hosts.join(","))
    }
}

/// A port whose neighbour for the cluster's own talk, 10,000 higher, exists too.
async fn port() -> u16 {
    loop {
        let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        if port < 55_000 && TcpListener::bind(("127.0.0.1", port + 10_000)).await.is_ok() {
            return port;
        }
    }
}

async fn load(cache: &Cache, namespace: Namespace, dish: &'static str) -> (Tier, String) {
    let load = move || async move { Ok::<_, Closed>(Some(Loaded::new(dish))) };
    let answer = cache.get_or_load(namespace, "dosa", load).await.unwrap();
    (answer.as_ref().unwrap().tier, body(answer.as_ref()).to_owned())
}

#[tokio::test]
async fn every_namespace_lives_somewhere_in_the_cluster_and_changes_everywhere() {
    let Some(cluster) = Cluster::start().await else { return };
    let asha = connected_node(&cluster.url(), "cluster", 1).await;
    let ravi = connected_node(&cluster.url(), "cluster", 2).await;
    assert!(asha.health().redis.unwrap().clustered);
    // Three primaries, of which each says more than half a megabyte by itself.
    assert!(asha.redis_memory().await.is_some_and(|memory| memory.used > 1_500_000 && memory.limit.is_none()));
    for namespace in Namespace::ALL {
        assert_eq!(load(&asha, namespace, "old").await.0, Tier::Loaded);
    }
    sleep(Duration::from_millis(300)).await;
    for namespace in Namespace::ALL {
        assert_eq!(load(&ravi, namespace, "never").await, (Tier::Redis, "old".into()), "{namespace}");
    }
    for namespace in Namespace::ALL {
        assert_eq!(asha.invalidate(namespace, "dosa").await.redis, Some(1), "{namespace}");
    }
    eventually("heard", || ravi.stats().namespaces.iter().all(|stats| stats.entries == 0)).await;
    for namespace in Namespace::ALL {
        assert_eq!(load(&ravi, namespace, "new").await, (Tier::Loaded, "new".into()), "{namespace}");
    }
    assert!(asha.writing(MENU, "dosa").await.put("put".to_owned()).await);
    sleep(Duration::from_millis(100)).await;
    assert_eq!(load(&ravi, MENU, "never").await, (Tier::Redis, "put".into()));
    assert_eq!(asha.clear_namespace(MENU).await.redis, Some(1));
    for node in [asha, ravi] {
        let redis = node.health().redis.unwrap();
        assert_eq!((redis.errors, redis.last_error), (0, None));
    }
}

#[tokio::test]
async fn a_lost_server_of_the_cluster_costs_loads_and_nothing_else() {
    let Some(mut cluster) = Cluster::start().await else { return };
    let asha = connected_node(&cluster.url(), "cluster-loss", 1).await;
    let lost = cluster.servers.remove(0);
    drop(lost);
    let kitchen = Kitchen::default();
    for number in 0..20 {
        let key = number.to_string();
        assert_eq!(body(kitchen.cooks(&asha, &key, "old").await.as_ref()), "old");
        asha.invalidate(MENU, &key).await;
        assert_eq!(body(kitchen.cooks(&asha, &key, "new").await.as_ref()), "new");
    }
}
