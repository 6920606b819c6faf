//! The HTTP door, asked as a client asks it.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod accounts;
mod activities;
mod authorisation;
mod cases;
mod changes;
mod checks;
mod commands;
mod contact_cards;
mod figures;
mod files;
mod imports;
mod lines;
mod log;
mod notices;
mod open311;
mod pages;
mod problems;
mod quality;
mod records;
mod residents;
mod session;
mod test_app;
mod todo;
mod walks;
mod wishes;
