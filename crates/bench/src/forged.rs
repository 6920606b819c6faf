//! What ten thousand forged forms cost whoever sends a good one on the residents' pages.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use crate::client::{Connection, Rate, rate};

const PLACE: &str = "/r/542521100001";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
/// Good forms: as many as the pace lets one address send at once.
const GOOD: usize = 25;
/// Forged ones, over so many connections.
const FORGED: usize = 10_000;
const FORGERS: usize = 8;

/// How long a good form takes alone, or while the forged ones come.
pub fn good_forms(address: SocketAddr, storm: bool) -> Rate {
    let mut connection = Connection::open(address);
    let forms: Vec<String> = (0..GOOD).map(|number| filled_in(&mut connection, number)).collect();
    // Nobody fills a form in within two seconds, and the server knows it.
    std::thread::sleep(Duration::from_millis(2_500));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        if storm {
            for forger in 0..FORGERS {
                let over = &over;
                scope.spawn(move || {
                    let mut connection = Connection::open(address);
                    let mut sent = 0;
                    // At least its share, and on until the good ones are through, so that they are never alone.
                    while sent < FORGED / FORGERS || !over.load(Ordering::Relaxed) {
                        let form = format!("kind=hazard&text=forged&ticket={forger:020}{sent:018}");
                        let (status, _) = connection.post(PLACE, FORM, &form);
                        assert!(matches!(status, 422 | 429), "{status}");
                        sent += 1;
                    }
                });
            }
        }
        let mut latencies = Vec::new();
        let started = Instant::now();
        for form in &forms {
            // Spread over the storm, as people are.
            std::thread::sleep(Duration::from_millis(20));
            let sent = Instant::now();
            let (status, page) = connection.post(PLACE, FORM, form);
            assert_eq!(status, 303, "{page}");
            latencies.push(sent.elapsed().as_secs_f64() * 1e3);
        }
        over.store(true, Ordering::Relaxed);
        rate(GOOD, started, latencies)
    })
}

/// A form with its ticket and the proof of work, as a browser's script finds it.
fn filled_in(connection: &mut Connection, number: usize) -> String {
    let (status, page) = connection.get(PLACE, "");
    assert_eq!(status, 200);
    let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let is_found = |proof: &u32| {
        let hash = Sha256::digest(format!("{ticket}:{proof}"));
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) >> 18 == 0
    };
    let proof = (0..).find(is_found).unwrap();
    format!("kind=suggestion&text=light+{number}&ticket={ticket}&proof={proof}")
}
