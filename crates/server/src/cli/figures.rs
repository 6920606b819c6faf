//! `tahuang figures`

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;
use tahuang_app::figures::At;
use tahuang_app::{Asker, QueryError};
use tahuang_domain::{AreaCode, Language};
use tahuang_figures::Figure;

use super::{Format, parse_area, parse_at, print_rows};
use crate::data::{Access, Data};

#[derive(Args)]
pub struct Figures {
    /// The figures of this area (12 digits; a grid's 15). Without it: each figure at the level it is published at
    #[arg(long, value_name = "CODE", value_parser = parse_area)]
    area: Option<AreaCode>,
    /// As of this journal position, or the end of this day (by when records were entered)
    #[arg(long, value_name = "POSITION|DATE", value_parser = parse_at)]
    at: Option<At>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl Figures {
    pub fn run(self, directory: &Path) -> anyhow::Result<ExitCode> {
        let data = Data::open(directory, Access::Read)?;
        data.must_be_current()?;
        let at = self.at.unwrap_or_default();
        let last = data.app.store().heads()?.into_iter().map(|(_, head)| head.position).max().unwrap_or_default();
        if matches!(at, At::Position(position) if position > last) {
            bail!("--at: no journal has that position yet, the last is {last}");
        }
        let values: Vec<(&Figure, AreaCode, Option<String>)> = match self.area {
            None => data.app.published(at).map_err(explain)?,
            Some(area) => {
                let board = data.app.figures(&Asker::Console, area, at).map_err(explain);
                let board = board.with_context(|| format!("area {area}"))?;
                board.figures.into_iter().map(|value| (value.figure, area, value.value)).collect()
            }
        };
        if values.is_empty() && self.format == Format::Table {
            bail!("nothing counts yet in {}: import ledgers first", directory.display());
        }
        let areas = data.app.areas();
        let mut out = BufWriter::new(std::io::stdout().lock());
        match self.format {
            Format::Json => {
                let figures: Vec<_> = values
                    .iter()
                    .map(|(figure, area, value)| {
                        json!({
                            "code": figure.code,
                            "name": figure.names.zh,
                            "unit": figure.unit.zh,
                            "area": area,
                            "value": value,
                        })
                    })
                    .collect();
                writeln!(out, "{}", serde_json::to_string_pretty(&figures)?)?;
            }
            Format::Tsv => {
                let rows: Vec<Vec<String>> = values
                    .into_iter()
                    .map(|(figure, area, value)| vec![figure.code.clone(), area.to_string(), value.unwrap_or_default()])
                    .collect();
                print_rows(&mut out, Format::Tsv, &["code", "area", "value"], &rows)?;
            }
            Format::Table => {
                let rows: Vec<Vec<String>> = values
                    .into_iter()
                    .map(|(figure, area, value)| {
                        vec![
                            figure.code.clone(),
                            figure.names.get(Language::ZhCn).to_owned(),
                            areas.name(area).unwrap_or_default().to_owned(),
                            value.unwrap_or_else(|| "—".to_owned()),
                            figure.unit.zh.clone(),
                        ]
                    })
                    .collect();
                print_rows(&mut out, Format::Table, &["code", "指标", "区域", "数值", "单位"], &rows)?;
            }
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

pub(super) fn explain(error: QueryError) -> anyhow::Error {
    match error {
        QueryError::NotFound => anyhow::anyhow!("there is no such area or figure in this data"),
        other => other.into(),
    }
}
