//! Figures: what each printed number counts.
//!
//! A [`Figure`] of `catalog/figures.toml` says which subjects count, how much each gives, on which day and in which
//! area. [`FigureSet::contributions`] is a pure function of *one* subject's state; a figure is the sum of the
//! contributions of the subjects in its area. After an event, what changes is contribution(after) minus
//! contribution(before) ([`Change`]), so corrections and withdrawals subtract themselves. [`cells`] folds changes
//! into the counters that pages read.
//!
//! Deliberately absent: storage, and any figure written in Rust. To add a figure, edit the catalog; to count something in
//! a new way, add a [`Measure`].

pub mod cells;
mod contribution;
mod definition;

pub use cells::{CellChange, CellDeltas, CellKey, Grain};
pub use contribution::{Change, Contribution, Part};
pub use definition::{Count, DayOf, Figure, FigureSet, Group, Measure, Pick, Sums};
