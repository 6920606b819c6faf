//! The bare reference: an axum handler and a SQLite journal with one unique key and a few counters. No rules, no
//! permission, no history, no hash, no search: the least that a durable counter over HTTP can be.

use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use rusqlite::{Connection, params};
use serde_json::Value;
use tokio::sync::oneshot;

use crate::client::{self, Rate};
use crate::generate;

type Request = (Vec<(String, i64, String)>, oneshot::Sender<usize>);

/// Records a second through the bare reference.
pub fn measure(path: &Path, records: usize) -> Rate {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 65536;
             CREATE TABLE journal (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, bytes TEXT NOT NULL) STRICT;
             CREATE TABLE counters (area INTEGER PRIMARY KEY, amount INTEGER NOT NULL) STRICT;",
        )
        .unwrap();
    let (send, receive) = sync_channel::<Request>(512);
    std::thread::spawn(move || write(connection, &receive));
    let app = Router::new().route("/records", post(record)).with_state(send);
    let server = client::Server::start(app);
    let bodies = generate::bodies(records, 11);
    client::load(server.address, "/records", "", bodies)
}

async fn record(State(queue): State<SyncSender<Request>>, Json(body): Json<Value>) -> Json<usize> {
    let commands = body["commands"].as_array().unwrap();
    let rows = commands
        .iter()
        .map(|command| {
            let id = command["id"].as_str().unwrap_or_default().to_owned();
            let area = command["area"].as_str().and_then(|area| area.parse().ok()).unwrap_or_default();
            (id, area, command.to_string())
        })
        .collect();
    let (send, receive) = oneshot::channel();
    queue.send((rows, send)).unwrap();
    Json(receive.await.unwrap())
}

fn write(mut connection: Connection, requests: &Receiver<Request>) {
    while let Ok(first) = requests.recv() {
        let mut group = vec![first];
        while group.len() < 40
            && let Ok(request) = requests.try_recv()
        {
            group.push(request);
        }
        let transaction = connection.transaction().unwrap();
        let mut counters: HashMap<i64, i64> = HashMap::new();
        {
            let mut insert =
                transaction.prepare_cached("INSERT OR IGNORE INTO journal (id, bytes) VALUES (?1, ?2)").unwrap();
            for (id, area, bytes) in group.iter().flat_map(|(rows, _)| rows) {
                if insert.execute(params![id, bytes]).unwrap() > 0 {
                    *counters.entry(*area).or_default() += 1;
                }
            }
            let sql = "INSERT INTO counters VALUES (?1, ?2) ON CONFLICT DO UPDATE SET amount = amount + ?2";
            let mut count = transaction.prepare_cached(sql).unwrap();
            for (area, amount) in counters {
                count.execute(params![area, amount]).unwrap();
            }
        }
        transaction.commit().unwrap();
        for (rows, reply) in group {
            _ = reply.send(rows.len());
        }
    }
}
