//! A plain HTTP/1.1 client: a few connections that stay open, one request after another on each.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Instant;

use axum::Router;
use tokio::runtime::Runtime;

/// Connections at a time.
pub const CONNECTIONS: usize = 32;

/// How fast it went.
pub struct Rate {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// A server on loopback; it ends with its runtime.
pub struct Server {
    pub address: SocketAddr,
    _runtime: Runtime,
}

impl Server {
    pub fn start(app: Router) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { address, _runtime: runtime }
    }
}

/// Sends all bodies over [`CONNECTIONS`] connections; each body holds as many records as it says.
pub fn load(address: SocketAddr, path: &str, headers: &str, bodies: Vec<(usize, String)>) -> Rate {
    let records: usize = bodies.iter().map(|(records, _)| records).sum();
    let headers = &format!("Content-Type: application/json\r\n{headers}");
    let queue = Mutex::new(bodies.into_iter());
    let latencies = Mutex::new(Vec::new());
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut connection = Connection::open(address);
                let mut own = Vec::new();
                loop {
                    let Some((_, body)) = queue.lock().unwrap().next() else { break };
                    let sent = Instant::now();
                    let (status, answer) = connection.post(path, headers, &body);
                    assert_eq!(status, 200, "{answer}");
                    assert!(!answer.contains("\"refused\""), "{answer}");
                    own.push(sent.elapsed().as_secs_f64() * 1e3);
                }
                latencies.lock().unwrap().extend(own);
            });
        }
    });
    rate(records, started, latencies.into_inner().unwrap())
}

/// Reads one after another over one connection.
pub fn read(address: SocketAddr, headers: &str, paths: &[String], times: usize) -> Rate {
    let mut connection = Connection::open(address);
    let mut latencies = Vec::with_capacity(times);
    let started = Instant::now();
    for path in paths.iter().cycle().take(times) {
        let sent = Instant::now();
        let (status, answer) = connection.get(path, headers);
        assert_eq!(status, 200, "{path}: {answer}");
        latencies.push(sent.elapsed().as_secs_f64() * 1e3);
    }
    rate(times, started, latencies)
}

pub fn rate(records: usize, started: Instant, mut latencies: Vec<f64>) -> Rate {
    let per_second = records as f64 / started.elapsed().as_secs_f64();
    latencies.sort_unstable_by(f64::total_cmp);
    let quantile = |of: f64| latencies[((latencies.len() - 1) as f64 * of) as usize];
    Rate { per_second, p50_ms: quantile(0.5), p99_ms: quantile(0.99) }
}

pub struct Connection {
    write: TcpStream,
    read: BufReader<TcpStream>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Self {
        let write = TcpStream::connect(address).unwrap();
        write.set_nodelay(true).unwrap();
        Self { read: BufReader::with_capacity(256 * 1024, write.try_clone().unwrap()), write }
    }

    pub fn post(&mut self, path: &str, headers: &str, body: &str) -> (u16, String) {
        let head = format!("POST {path} HTTP/1.1\r\nHost: bench\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        self.write.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
        self.answer()
    }

    pub fn get(&mut self, path: &str, headers: &str) -> (u16, String) {
        self.write.write_all(format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n").as_bytes()).unwrap();
        self.answer()
    }

    fn answer(&mut self) -> (u16, String) {
        let mut line = String::new();
        self.read.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let mut length = 0;
        loop {
            line.clear();
            self.read.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.read.read_exact(&mut body).unwrap();
        (status, String::from_utf8(body).unwrap())
    }
}
