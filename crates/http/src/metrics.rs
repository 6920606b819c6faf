//! Counters, in the text format that Prometheus reads. Kept by hand: a few counters and one histogram need no framework.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::Method;

/// Upper bounds of the histogram's buckets, in microseconds.
const BUCKETS_US: [u64; 12] =
    [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000];

/// What the door counts.
#[derive(Default)]
pub struct Metrics {
    requests: Mutex<HashMap<String, ByAnswer>>,
    accepted: AtomicU64,
    known: AtomicU64,
    refused: AtomicU64,
}

/// Of one route, by method and status.
type ByAnswer = HashMap<(&'static str, u16), Latency>;

#[derive(Default)]
struct Latency {
    count: u64,
    sum_us: u64,
    buckets: [u64; BUCKETS_US.len()],
}

/// What is not counted but looked up when somebody asks.
pub struct Gauges {
    /// By prefecture, the last journal position.
    pub positions: Vec<(String, u64)>,
    /// Listeners to live changes.
    pub listeners: usize,
    /// Requests that wait for the writer.
    pub waiting: usize,
    /// Messages to people by channel and state.
    pub deliveries: BTreeMap<(String, &'static str), u64>,
}

impl Metrics {
    /// Counts an answered request.
    pub fn request(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if !requests.contains_key(route) {
            requests.insert(route.to_owned(), HashMap::new());
        }
        let Some(of_route) = requests.get_mut(route) else { return };
        let latency = of_route.entry((name(method), status)).or_default();
        latency.count += 1;
        latency.sum_us = latency.sum_us.saturating_add(took_us);
        for (bucket, bound) in latency.buckets.iter_mut().zip(BUCKETS_US) {
            *bucket += u64::from(took_us <= bound);
        }
    }

    /// Counts the answers to a batch of commands.
    pub fn commands(&self, accepted: u64, known: u64, refused: u64) {
        self.accepted.fetch_add(accepted, Ordering::Relaxed);
        self.known.fetch_add(known, Ordering::Relaxed);
        self.refused.fetch_add(refused, Ordering::Relaxed);
    }

    /// Everything, as Prometheus reads it.
    pub fn text(&self, gauges: &Gauges) -> String {
        let mut text = String::new();
        self.write(&mut text, gauges).unwrap_or_else(|_| unreachable!("writing to a string does not fail"));
        text
    }

    fn write(&self, out: &mut String, gauges: &Gauges) -> std::fmt::Result {
        writeln!(out, "# HELP tahuang_http_request_seconds Time from a request to the head of its answer.")?;
        writeln!(out, "# TYPE tahuang_http_request_seconds histogram")?;
        for (route, of_route) in &*self.requests.lock().unwrap_or_else(PoisonError::into_inner) {
            for ((method, status), latency) in of_route {
                let labels = format!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
                let name = "tahuang_http_request_seconds";
                for (count, bound) in latency.buckets.iter().zip(BUCKETS_US) {
                    writeln!(out, "{name}_bucket{{{labels},le=\"{}\"}} {count}", seconds(bound))?;
                }
                writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", latency.count)?;
                writeln!(out, "{name}_sum{{{labels}}} {}", seconds(latency.sum_us))?;
                writeln!(out, "{name}_count{{{labels}}} {}", latency.count)?;
            }
        }
        writeln!(out, "# HELP tahuang_commands_total Commands by answer.")?;
        writeln!(out, "# TYPE tahuang_commands_total counter")?;
        for (answer, count) in [("accepted", &self.accepted), ("known", &self.known), ("refused", &self.refused)] {
            writeln!(out, "tahuang_commands_total{{answer=\"{answer}\"}} {}", count.load(Ordering::Relaxed))?;
        }
        writeln!(out, "# HELP tahuang_journal_position Last position of a journal.")?;
        writeln!(out, "# TYPE tahuang_journal_position gauge")?;
        for (prefecture, position) in &gauges.positions {
            writeln!(out, "tahuang_journal_position{{prefecture=\"{prefecture}\"}} {position}")?;
        }
        writeln!(out, "# HELP tahuang_change_listeners Listeners to live changes.")?;
        writeln!(out, "# TYPE tahuang_change_listeners gauge")?;
        writeln!(out, "tahuang_change_listeners {}", gauges.listeners)?;
        writeln!(out, "# HELP tahuang_writer_waiting_requests Requests that wait for the writer.")?;
        writeln!(out, "# TYPE tahuang_writer_waiting_requests gauge")?;
        writeln!(out, "tahuang_writer_waiting_requests {}", gauges.waiting)?;
        writeln!(out, "# HELP tahuang_deliveries Messages to people by channel and state.")?;
        writeln!(out, "# TYPE tahuang_deliveries gauge")?;
        for ((channel, state), count) in &gauges.deliveries {
            writeln!(out, "tahuang_deliveries{{channel=\"{channel}\",state=\"{state}\"}} {count}")?;
        }
        Ok(())
    }
}

/// A method's name. Any token can be sent as a method, and each would be a counter of its own that is kept for ever.
fn name(method: &Method) -> &'static str {
    const STANDARD: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    STANDARD.into_iter().find(|known| *known == method.as_str()).unwrap_or("OTHER")
}

fn seconds(us: u64) -> f64 {
    Duration::from_micros(us).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_somebody_makes_up_are_counted_as_one() {
        let metrics = Metrics::default();
        for number in 0..100 {
            let method = Method::from_bytes(format!("ZZ{number}").as_bytes()).unwrap();
            metrics.request(&method, "page", 405, Duration::from_millis(1));
        }
        metrics.request(&Method::PATCH, "page", 405, Duration::from_millis(1));
        let text =
            metrics.text(&Gauges { positions: Vec::new(), listeners: 0, waiting: 0, deliveries: BTreeMap::new() });
        let counts: Vec<&str> =
            text.lines().filter(|line| line.starts_with("tahuang_http_request_seconds_count")).collect();
        assert_eq!(counts.len(), 2, "{counts:?}");
        for (method, count) in [("OTHER", 100), ("PATCH", 1)] {
            let line = format!("{{route=\"page\",method=\"{method}\",status=\"405\"}} {count}");
            assert!(counts.iter().any(|found| found.ends_with(&line)), "{line}: {counts:?}");
        }
    }
}
