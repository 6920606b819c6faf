//! The division table: `code,name,parent,level`.

use tahuang_domain::{Action, AreaCode, Command, Fields, Level, Prefecture};

/// A line that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct DivisionError {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// The commands that register all divisions, parents first. A region's own entry stands in each of its prefectures.
///
/// # Errors
/// The first line that is no division, or whose parent is not the one that its code says.
pub fn commands(csv: &str) -> Result<Vec<(Prefecture, Command)>, DivisionError> {
    let mut rows: Vec<(AreaCode, String)> = Vec::new();
    for (index, line) in csv.trim_start_matches('\u{feff}').lines().enumerate() {
        let fail = |problem: &str| DivisionError { line: index + 1, problem: problem.to_owned() };
        let cells: Vec<&str> = line.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
        if line.trim().is_empty() || cells[0].eq_ignore_ascii_case("code") {
            continue;
        }
        let [code, name, parent, ..] = cells.as_slice() else { return Err(fail("code,name,parent,level")) };
        let code: AreaCode = code.parse().map_err(&fail)?;
        let parent: Option<AreaCode> = if parent.is_empty() { None } else { Some(parent.parse().map_err(&fail)?) };
        if parent.is_some_and(|parent| code.parent() != Some(parent)) {
            return Err(fail("the code does not begin with its parent's"));
        }
        rows.push((code, (*name).to_owned()));
    }
    rows.sort_unstable();
    let prefectures: Vec<Prefecture> = rows.iter().filter_map(|(code, _)| Prefecture::new(*code)).collect();
    let mut found = Vec::new();
    for (code, name) in rows {
        let owners: Vec<Prefecture> = match code.prefecture() {
            Some(prefecture) => vec![prefecture],
            None => prefectures.iter().copied().filter(|prefecture| code.contains(prefecture.area())).collect(),
        };
        for prefecture in owners {
            let kind = if code.level() == Level::Grid { "grid" } else { "area" };
            let subject = crate::ids::subject(kind, &[&prefecture.to_string(), &code.to_string()]);
            let action = Action::RegisterEntry {
                kind: kind.to_owned(),
                area: code,
                name: name.clone(),
                from: None,
                fields: Fields::new(),
                personal: Default::default(),
            };
            let id = crate::ids::command(subject, &action);
            found.push((prefecture, Command { id, subject, revision: None, source: None, action }));
        }
    }
    Ok(found)
}
