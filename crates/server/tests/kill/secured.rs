//! PostgreSQL and Redis over TLS: with a certificate that the system trusts, or not at all. Told where `TEST_TLS_AUTHORITY`
//! and `TEST_TLS_REDIS_URL` say who vouches for the servers and where Redis speaks TLS.

use std::time::Duration;

use crate::{
    client::{Connection, Request},
    process::Process,
    starting::{refusal, says},
};

/// PostgreSQL and Redis over TLS, for a server whose keys nobody else has.
fn addresses(database: &str, prefix: &str) -> Option<[(&'static str, String); 3]> {
    let redis = std::env::var("TEST_TLS_REDIS_URL").ok()?;
    let database = format!("{database}{}sslmode=require", if database.contains('?') { '&' } else { '?' });
    let prefix = format!("{prefix}-{}", std::process::id());
    Some([("DATABASE_URL", database), ("REDIS_URL", redis), ("DABBA_REDIS_PREFIX", prefix)])
}

#[tokio::test]
async fn a_trusted_certificate_leads_to_both() {
    let database = testkit::database().await;
    let (Some(addresses), Ok(authority)) = (addresses(&database.url, "secured"), std::env::var("TEST_TLS_AUTHORITY"))
    else {
        return;
    };
    if database.url.starts_with("sqlite:") {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let settings = [&addresses[..], &[("SSL_CERT_FILE", authority)]].concat();
    let server = Process::served(home.path(), &settings).await;
    let mut connection = Connection::open(server.port).await.unwrap();
    for _ in 0..100 {
        let health = connection.ask(&Request::get("/health")).await.unwrap().json();
        if health["status"] == "pass" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("Redis is not reached: {}", connection.ask(&Request::get("/health")).await.unwrap().body);
}

#[tokio::test]
async fn a_certificate_for_which_nobody_vouches_is_refused() {
    let database = testkit::database().await;
    let Some(addresses) = addresses(&database.url, "unsecured") else { return };
    if database.url.starts_with("sqlite:") {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let settings = [&addresses[..], &[("DABBA_PORT", "0".to_owned())]].concat();
    let said = refusal(home.path(), &["serve"], &settings).await;
    says(&said, &["cannot connect to PostgreSQL", "invalid peer certificate"]);
}
