//! Kinds of dated lines, and the rules by which one follows on another: what has to stand before, what no longer may, what
//! has to come within how many days. The papers of a mediation are lines, and so is the help that was given for a road.

use serde::Deserialize;

use crate::catalog::{Field, Form, Names, Outcome};

/// A kind of dated line: a course result of a cadre, an agreement in a dispute, help that was given for a road.
#[derive(Debug)]
pub struct LineKind {
    /// The permanent code.
    pub code: String,
    /// What it is called.
    pub names: Names,
    /// Its fields. A line without any holds what a ledger says of it.
    pub form: Form,
    /// A record has one of it at most.
    pub once: bool,
    /// Kinds of lines of which one has to stand before it.
    pub after: Vec<String>,
    /// Kinds of lines that are no longer entered once it stands.
    pub bars: Vec<String>,
    /// The outcomes in which alone a case ends once it stands; empty for any.
    pub ends: Vec<String>,
    /// What has to follow on it within a number of days.
    pub then: Option<Then>,
    /// It belongs to the papers of which a whole dossier consists (卷宗必备).
    pub in_dossier: bool,
}

/// A line that follows on another within some days, or not at all.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// Its kind.
    pub line: String,
    /// From the day of the line before on.
    pub days: u16,
    /// So many working days before the last day, whoever handles the case is reminded.
    pub remind_working_days: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineText {
    code: String,
    name: Names,
    #[serde(default)]
    field: Vec<Field>,
    #[serde(default)]
    personal: Vec<Field>,
    #[serde(default)]
    once: bool,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    bars: Vec<String>,
    #[serde(default)]
    ends: Vec<String>,
    then: Option<Then>,
    #[serde(default)]
    in_dossier: bool,
}

impl LineText {
    pub fn read(self) -> Result<LineKind, String> {
        let form = Form::new(self.field, self.personal).map_err(|problem| format!("line {}: {problem}", self.code))?;
        Ok(LineKind {
            code: self.code,
            names: self.name,
            form,
            once: self.once,
            after: self.after,
            bars: self.bars,
            ends: self.ends,
            then: self.then,
            in_dossier: self.in_dossier,
        })
    }
}

/// Lines and outcomes name each other; a name that none has would be a rule that never applies.
pub(crate) fn check_lines(lines: &[LineKind], outcomes: &[Outcome]) -> Result<(), String> {
    let named = lines.iter().flat_map(|line| {
        let then = line.then.iter().map(|then| &then.line);
        line.after.iter().chain(&line.bars).chain(then)
    });
    let mut needed = named.chain(outcomes.iter().flat_map(|outcome| &outcome.needs));
    if let Some(code) = needed.find(|code| !lines.iter().any(|line| line.code == **code)) {
        return Err(format!("there is no line {code}"));
    }
    let mut ends = lines.iter().flat_map(|line| &line.ends);
    match ends.find(|code| !outcomes.iter().any(|outcome| outcome.code == **code)) {
        Some(code) => Err(format!("there is no outcome {code}")),
        None => Ok(()),
    }
}
