//! Reads printed papers back with the tools of poppler.

#![allow(dead_code, reason = "each test reads what it needs")]

use std::io::Write;
use std::process::{Command, Stdio};

fn run(program: &str, arguments: &[&str], bytes: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} (Debian: poppler-utils): {error}"));
    let mut input = child.stdin.take().expect("a pipe");
    let bytes = bytes.to_owned();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("an answer");
    writer.join().expect("joined").expect("written");
    assert!(output.status.success(), "{program} does not read it");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// All text in the order in which it was written; pages end with a form feed.
pub fn text(bytes: &[u8]) -> String {
    run("pdftotext", &["-raw", "-", "-"], bytes)
}

/// All text, what stands side by side in one line.
pub fn lines(bytes: &[u8]) -> String {
    run("pdftotext", &["-layout", "-", "-"], bytes)
}

/// How many pages there are.
pub fn pages(bytes: &[u8]) -> usize {
    text(bytes).matches('\u{c}').count()
}

/// What the file says of itself.
pub fn information(bytes: &[u8]) -> String {
    run("pdfinfo", &["-"], bytes)
}

/// The fonts that are embedded.
pub fn fonts(bytes: &[u8]) -> String {
    run("pdffonts", &["-"], bytes)
}

/// How many pictures are drawn.
pub fn pictures(bytes: &[u8]) -> usize {
    run("pdfimages", &["-list", "-"], bytes).lines().filter(|line| line.contains(" image ")).count()
}

/// A text without blanks and line ends: a line that is broken still says the same.
pub fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// Asserts that all parts stand in a text, one after the other.
pub fn in_order(text: &str, parts: &[&str]) {
    let text = squeezed(text);
    let mut rest = text.as_str();
    for part in parts {
        let Some(at) = rest.find(&squeezed(part)) else { panic!("“{part}” is missing, or earlier, in:\n{text}") };
        rest = &rest[at + squeezed(part).len()..];
    }
}
