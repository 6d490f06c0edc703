//! Reports over HTTP: each connection sends a batch for one of its couriers, waits for the answer, and turns to the next.

use std::{
    fmt::Write as _,
    net::SocketAddr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use hyper::header::HeaderValue;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use super::riders::Rider;
use crate::commands::{
    loadtest::client::{Call, Client},
    measure::{
        Document,
        histogram::{Histogram, float},
        machine::Spent,
    },
};

/// How far back the phones' first fixes lie: a long ride fits in before now, and nothing is too old.
const RIDDEN: SignedDuration = SignedDuration::from_hours(20);
/// Degrees ridden in a second: some 6 m.
const STEP: f64 = 0.000_05;

/// How reports are sent.
pub(super) struct Plan {
    pub(super) address: SocketAddr,
    pub(super) connections: usize,
    pub(super) batch: usize,
    pub(super) lasts: Duration,
    /// The time at the server.
    pub(super) now: Timestamp,
}

/// What became of them.
#[derive(Default)]
pub(super) struct Sent {
    /// Fixes that were taken.
    pub(super) fixes: u64,
    batches: Histogram,
    seconds: f64,
    /// What it cost the server, the first process, and the client, the second.
    pub(super) spent: Spent,
}

impl Sent {
    /// Adds the figures.
    pub(super) fn describe(&self, document: &mut Document) {
        let fixes = float(self.fixes);
        let cpu_s = |process: usize| self.spent.own.get(process).copied().unwrap_or_default();
        document.add("fixes_per_s", fixes / self.seconds.max(1e-9), "fixes");
        document.add("batch_p50_ms", self.batches.quantile_ms(0.5), "ms");
        document.add("batch_p99_ms", self.batches.quantile_ms(0.99), "ms");
        document.add("cpu_us_per_fix", cpu_s(0) * 1e6 / fixes.max(1.0), "us");
        document.add("client_cores", cpu_s(1) / self.spent.seconds.max(1e-9), "cores");
        document.add("others_cores", self.spent.others, "cores");
        document.add("batches", float(self.batches.count()), "reports");
        document.seconds += self.seconds;
    }
}

/// Sends reports until the time is over. Any that is refused ends the measurement.
pub(super) async fn send(plan: &Plan, riders: Vec<Rider>) -> Result<Sent, String> {
    let mut shares: Vec<Vec<Phone>> = (0..plan.connections).map(|_| Vec::new()).collect();
    for (number, rider) in riders.into_iter().enumerate() {
        let seat = number % plan.connections;
        shares[seat].push(Phone::of(&rider, number, plan.now)?);
    }
    let begun = Instant::now();
    let mut connections = JoinSet::new();
    for phones in shares.into_iter().filter(|phones| !phones.is_empty()) {
        connections.spawn(report(plan.address, phones, plan.batch, begun + plan.lasts));
    }
    let mut sent = Sent::default();
    while let Some(done) = connections.join_next().await {
        let (fixes, batches) = done.map_err(|error| error.to_string())??;
        sent.fixes += fixes;
        sent.batches.merge(&batches);
    }
    Ok(Sent { seconds: begun.elapsed().as_secs_f64(), ..sent })
}

async fn report(
    address: SocketAddr,
    mut phones: Vec<Phone>,
    batch: usize,
    end: Instant,
) -> Result<(u64, Histogram), String> {
    let mut client = Client::new(address);
    let (mut fixes, mut batches) = (0, Histogram::default());
    let taken = format!("\"accepted\":{batch},");
    for turn in 0.. {
        if Instant::now() >= end {
            break;
        }
        let seat = turn % phones.len();
        let phone = &mut phones[seat];
        let body = phone.ride(batch);
        let call = Call { path: &phone.path, body: Some(body), token: Some(phone.token.clone()), key: None };
        let started = Instant::now();
        let reply = client.send(call).await?;
        batches.record(started.elapsed());
        let said = String::from_utf8_lossy(&reply.body);
        if reply.status != 202 || !said.contains(&taken) {
            return Err(format!("a report was answered {}: {said}", reply.status));
        }
        fixes += batch as u64;
    }
    Ok((fixes, batches))
}

/// A courier's phone.
struct Phone {
    path: String,
    token: HeaderValue,
    lat: f64,
    lng: f64,
    at: Timestamp,
}

impl Phone {
    fn of(rider: &Rider, number: usize, now: Timestamp) -> Result<Self, String> {
        let token = HeaderValue::try_from(format!("Bearer {}", rider.token)).map_err(|error| error.to_string())?;
        // Each begins in a street of their own.
        let lane = float(number as u64) / 1_000.0;
        let path = format!("/couriers/{}/locations", rider.id);
        Ok(Self { path, token, lat: 12.9, lng: 77.5 + lane % 0.2, at: now - RIDDEN })
    }

    /// The next fixes, a second apart, as they are sent.
    fn ride(&mut self, fixes: usize) -> Bytes {
        let mut body = String::with_capacity(fixes * 96 + 16);
        body.push_str("{\"fixes\":[");
        for fix in 0..fixes {
            self.at += SignedDuration::from_secs(1);
            self.lat += STEP;
            let comma = if fix == 0 { "" } else { "," };
            let (lat, lng, at) = (self.lat, self.lng, self.at);
            // Writing to a string does not fail.
            let _ = write!(body, "{comma}{{\"lat\":{lat:.6},\"lng\":{lng:.6},\"accuracy_m\":8.5,\"at\":\"{at}\"}}");
        }
        body.push_str("]}");
        // Out of town they turn round.
        if self.lat > 13.2 {
            self.lat = 12.9;
            self.at += SignedDuration::from_secs(900);
        }
        Bytes::from(body)
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, send};
    use crate::{Server, commands::bench::ingest::riders::Rider, front, http::connections};
    use std::{sync::Arc, time::Duration};
    use testkit::TestCity;

    #[tokio::test]
    async fn reports_are_counted_when_they_come_with_the_courier_s_own_token() {
        let city = TestCity::new().await;
        // The ride began twenty hours ago, after what Kiran's phone said yesterday.
        city.wait(86_400);
        let server = Arc::new(Server::new(Arc::clone(&city.app), None, None));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = tokio::spawn(connections::serve(listener, front(&server), std::future::pending()));
        let token = city.log_in("kiran").await.access_token;
        let lasts = Duration::from_millis(200);
        let plan = Plan { address, connections: 2, batch: 5, lasts, now: city.system().now };
        let of_lata = Rider { id: city.courier("lata").id, token: token.clone() };
        assert!(send(&plan, vec![of_lata]).await.is_err_and(|error| error.contains("404")));
        let sent = send(&plan, vec![Rider { id: city.courier("kiran").id, token }]).await.unwrap();
        assert!(sent.fixes >= 5 && sent.fixes == 5 * sent.batches.count(), "{}", sent.fixes);
        serving.abort();
    }
}
