//! After a whole run, none of the telephone numbers that were entered stands open anywhere: not in the database, its log,
//! the attached files, a backup, what the server logged, or what the console printed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tahuang_intake::workbook::Workbook;

/// A telephone number of no network that a resident leaves, and one that they write into the text.
const LEFT: &str = "19900004321";
const WRITTEN: &str = "199 0000 8765";
/// Those that an office enters with the papers of a mediation: a party's own, and one in what a party said.
const PARTY: &str = "19900005432";
const TOLD: &str = "19900006543";

fn tahuang(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tahuang"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command.arg("--data").arg(data).args(arguments).env_remove("TAHUANG_MASTER_KEY").env("TAHUANG_LOG", "debug");
    command
}

/// Everything that the command said.
fn said(data: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = tahuang(data, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    [output.stdout, output.stderr].concat()
}

/// Telephone numbers of no network in the demo's workbooks.
fn numbers_of_the_ledgers() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/ledgers");
    let mut numbers = BTreeSet::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_none_or(|extension| extension != "xlsx") {
            continue;
        }
        let book = Workbook::read(&path).unwrap();
        let rows = book.sheets.iter().flat_map(|sheet| &sheet.rows);
        for text in rows.flat_map(|row| row.cells.iter().map(|cell| cell.value.text())) {
            let digits: Vec<&str> = text.split(|letter: char| !letter.is_ascii_digit()).collect();
            numbers
                .extend(digits.iter().filter(|run| run.len() == 11 && run.starts_with("199")).map(ToString::to_string));
        }
    }
    numbers
}

struct Server {
    process: Child,
    address: String,
    log: std::thread::JoinHandle<Vec<u8>>,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut command = tahuang(data, &["serve", "--demo", "--listen", "127.0.0.1:0"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut errors = process.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = Vec::new();
            errors.read_to_end(&mut log).unwrap();
            log
        });
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut addresses = lines.filter_map(|line| Some(line.split("http://").nth(1)?.split('/').next()?.to_owned()));
        let address = addresses.next().unwrap();
        Self { process, address, log }
    }

    /// The head and the body of the answer.
    fn send(&self, request: &str) -> String {
        let mut line = TcpStream::connect(&self.address).unwrap();
        line.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        line.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    }

    fn post(&self, path: &str, form: &str) -> String {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
            form.len()
        ))
    }

    /// Signs in as an office of the demo, and sends something as JSON.
    fn office(&self, path: &str, body: &serde_json::Value) -> String {
        let post = |path: &str, cookie: &str, body: &str| {
            self.send(&format!(
                "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n{cookie}\
                 X-Tahuang: 1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len(),
                host = self.address
            ))
        };
        let account = serde_json::json!({ "login": "township", "password": "Tahuang-2025" });
        let signed_in = post("/api/v1/session", "", &account.to_string());
        let cookie = signed_in.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect(&signed_in);
        let cookie = format!("Cookie: {}\r\n", cookie.split(';').next().unwrap());
        post(path, &cookie, &body.to_string())
    }

    /// Enters a party of a dispute, and what they said.
    fn mediate(&self) {
        let id = |number: u8| format!("0198d5a0-0000-7000-8000-0000000000{number:02}");
        let (dispute, day) = (id(1), "2026-03-02");
        let line = |number: u8, kind: &str, fields: serde_json::Value, personal: serde_json::Value| {
            serde_json::json!({
                "id": id(10 + number), "subject": dispute, "type": "add_line", "line": id(20 + number), "kind": kind,
                "day": day, "fields": fields, "personal": personal,
            })
        };
        let commands = serde_json::json!({ "commands": [
            {
                "id": id(10), "subject": dispute, "type": "report_case", "kind": "dispute", "area": "542521100001",
                "day": day, "title": "两户草场边界纠纷",
            },
            line(1, "party", serde_json::json!({ "side": "applicant", "document": "identity_card" }),
                serde_json::json!({ "name": "扎西", "phone": PARTY })),
            line(2, "application", serde_json::json!({ "source": "applied" }),
                serde_json::json!({ "facts": format!("请打{TOLD}") })),
        ] });
        let told = self.office("/api/v1/commands", &commands);
        assert_eq!(told.matches("\"accepted\"").count(), 3, "{told}");
    }

    /// Asks as a resident does, and gives the path of the receipt.
    fn ask(&self) -> String {
        let place = "/r/542521100001";
        let page = self.get(place);
        let ticket = page.split("name=\"ticket\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let form = format!("kind=suggestion&text=light+out+call+{WRITTEN}&phone={LEFT}&ticket={ticket}");
        let form = form.replace(' ', "+");
        // Whoever fills a form in takes a few seconds; before, it is turned away and keeps what was typed.
        for _ in 0..100_000 {
            let answer = self.post(place, &form);
            if let Some(receipt) = answer.lines().find_map(|line| line.strip_prefix("location: ")) {
                return receipt.split('?').next().unwrap().to_owned();
            }
            std::thread::yield_now();
        }
        panic!("the form was never taken");
    }

    fn stop(mut self) -> Vec<u8> {
        Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        self.process.wait().unwrap();
        self.log.join().unwrap()
    }
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

/// Where runs of eleven digits stand that begin like numbers of no network.
fn found(bytes: &[u8]) -> BTreeSet<String> {
    let runs = bytes.split(|byte| !byte.is_ascii_digit());
    let long = runs.filter(|run| run.len() >= 11);
    let windows = long.flat_map(|run| run.windows(11)).filter(|run| run.starts_with(b"199"));
    windows.map(|run| String::from_utf8(run.to_vec()).unwrap()).collect()
}

#[test]
fn no_telephone_number_that_was_entered_stands_open_anywhere_and_an_erased_one_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut printed = said(&data, &["import", "demo/ledgers", "--divisions", "demo/divisions-tibet.csv"]);
    let mut entered = numbers_of_the_ledgers();
    assert!(entered.len() > 500, "{} numbers", entered.len());
    entered.extend([LEFT.to_owned(), WRITTEN.replace(' ', ""), PARTY.to_owned(), TOLD.to_owned()]);

    let server = Server::start(&data);
    server.mediate();
    let receipt = server.ask();
    let page = server.get(&receipt);
    assert!(page.contains("199****4321"), "{page}");
    let kept = folder.path().join("kept.db");
    printed.extend(said(&data, &["backup", kept.to_str().unwrap()]));
    assert!(server.post(&receipt, "erase=yes").contains("303 See Other"));
    let page = server.get(&receipt);
    assert!(!page.contains("199****"), "nobody can read what was erased: {page}");
    let after = folder.path().join("after.db");
    printed.extend(said(&data, &["backup", after.to_str().unwrap()]));
    let log = server.stop();
    assert!(String::from_utf8_lossy(&log).contains("answered"), "the log says much");
    printed.extend(said(&data, &["verify"]));
    assert!(String::from_utf8_lossy(&printed).contains("542500000000\tintact"));

    assert_eq!(found(format!("a{LEFT}b").as_bytes()), BTreeSet::from([LEFT.to_owned()]), "what stands open is found");
    let mut places: Vec<(String, Vec<u8>)> = vec![("printed".to_owned(), printed), ("log".to_owned(), log)];
    for path in below(folder.path()) {
        places.push((path.display().to_string(), std::fs::read(&path).unwrap()));
    }
    assert!(places.len() >= 5, "database, key, two backups, what was said");
    for (place, bytes) in places {
        let open: Vec<String> = found(&bytes).intersection(&entered).cloned().collect();
        assert_eq!(open, Vec::<String>::new(), "in {place}");
        let written = WRITTEN.as_bytes();
        assert!(!bytes.windows(written.len()).any(|window| window == written), "in {place}");
    }
}
