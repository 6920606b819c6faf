//! `tahuang records`

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use tahuang_app::Asker;
use tahuang_app::figures::{At, FigureRecord};
use tahuang_domain::{AreaCode, Day};
use tahuang_figures::{Figure, Part};

use super::figures::explain;
use super::{Format, parse_area, parse_at, print_rows};
use crate::data::{Access, Data};

/// Records read at a time.
const PAGE: usize = 500;

#[derive(Args)]
pub struct Records {
    /// The figure's code, as `tahuang figures` prints it
    figure: String,
    /// Only in this area and below. Without it: in every area at whose level the figure is published
    #[arg(long, value_name = "CODE", value_parser = parse_area)]
    area: Option<AreaCode>,
    /// As of this journal position, or the end of this day
    #[arg(long, value_name = "POSITION|DATE", value_parser = parse_at)]
    at: Option<At>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl Records {
    pub fn run(self, directory: &Path) -> anyhow::Result<ExitCode> {
        let data = Data::open(directory, Access::Read)?;
        data.must_be_current()?;
        let at = self.at.unwrap_or_default();
        let figure = data.app.figure(&self.figure).map_err(explain)?;
        let areas: Vec<AreaCode> = match self.area {
            Some(area) => vec![area],
            None => {
                let published = data.app.published(at).map_err(explain)?;
                published.into_iter().filter(|(of, ..)| of.code == figure.code).map(|(_, area, _)| area).collect()
            }
        };
        let mut parts = vec![Part::Whole];
        parts.extend(figure.denominator.is_some().then_some(Part::Denominator));
        let mut found = Vec::new();
        for area in areas {
            for part in &parts {
                let mut after = None;
                loop {
                    let page = data
                        .app
                        .figure_records(&Asker::Console, (&figure.code, *part), area, at, after, PAGE)
                        .map_err(explain)?;
                    after = page.last().map(|record| (record.prefecture, record.row.clone()));
                    let last = page.len() < PAGE;
                    found.extend(page);
                    if last {
                        break;
                    }
                }
            }
        }
        let names = data.app.areas();
        let mut out = BufWriter::new(std::io::stdout().lock());
        if self.format == Format::Json {
            let records: Vec<_> = found.iter().map(|record| as_json(figure, record)).collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&records)?)?;
        } else {
            let heading =
                ["figure", "part", "subject", "kind", "area", "day", "amount", "file", "sheet", "row", "title"];
            let rows: Vec<Vec<String>> = found
                .iter()
                .map(|record| {
                    let source = record.record.source.as_ref();
                    let text = |pick: fn(&tahuang_domain::Source) -> String| source.map(pick).unwrap_or_default();
                    let area = match self.format {
                        Format::Table => names.path(record.row.area),
                        _ => record.row.area.to_string(),
                    };
                    vec![
                        figure.code.clone(),
                        part_code(figure, record.row.part).to_owned(),
                        record.row.subject.to_string(),
                        record.subject.kind.clone(),
                        area,
                        Day::from_number(record.row.day).map(|day| day.to_string()).unwrap_or_default(),
                        figure.amount(record.row.amount),
                        text(|source| source.file.clone()),
                        text(|source| source.sheet.clone()),
                        text(|source| source.row.to_string()),
                        record.subject.title.clone(),
                    ]
                })
                .collect();
            print_rows(&mut out, self.format, &heading, &rows)?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

fn as_json(figure: &Figure, record: &FigureRecord) -> serde_json::Value {
    let source = record.record.source.as_ref();
    json!({
        "figure": figure.code,
        "part": part_code(figure, record.row.part),
        "subject": record.row.subject,
        "kind": record.subject.kind,
        "area": record.row.area,
        "day": Day::from_number(record.row.day),
        "amount": figure.amount(record.row.amount),
        "position": record.row.opened,
        "title": record.subject.title,
        "file": source.map(|source| &source.file),
        "sheet": source.map(|source| &source.sheet),
        "row": source.map(|source| source.row),
    })
}

fn part_code(figure: &Figure, part: Part) -> &'static str {
    match (figure.denominator.is_some(), part) {
        (false, _) => "all",
        (true, Part::Whole) => "numerator",
        (true, Part::Denominator) => "denominator",
    }
}
