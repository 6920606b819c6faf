//! `tahuang import`

use std::collections::{BTreeMap, HashMap};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use tahuang_app::{App, Asker, CaseFilter, RefusedRow};
use tahuang_domain::{Command, Prefecture, State};
use tahuang_intake::{Import as Intake, SheetReport, Verdict, Workbook, divisions};
use tahuang_store::Outcome;

use crate::data::{Access, Data};

/// Where the rows that wait to be mended are listed, in the data directory.
const REJECTS: &str = "rejects.tsv";

#[derive(Args)]
pub struct Import {
    /// Workbooks (.xlsx), or folders of them
    #[arg(value_name = "PATH", required_unless_present = "divisions")]
    paths: Vec<PathBuf>,
    /// First register the divisions of this table: code,name,parent,level
    #[arg(long, value_name = "CSV")]
    divisions: Option<PathBuf>,
    /// An unknown heading and the usual heading (or column code) that it means, for instance '隐患点位=隐患描述'
    #[arg(long = "heading", value_name = "别名=标准列名", value_parser = parse_heading)]
    headings: Vec<(String, String)>,
}

fn parse_heading(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((alias, column)) if !alias.trim().is_empty() && !column.trim().is_empty() => {
            Ok((alias.trim().to_owned(), column.trim().to_owned()))
        }
        _ => Err("write it as 别名=标准列名".to_owned()),
    }
}

impl Import {
    pub fn run(self, directory: &Path) -> anyhow::Result<ExitCode> {
        // Everything that can be wrong with the arguments is found before the data directory is touched.
        let csv = self.divisions.as_deref().map(read_divisions).transpose()?;
        let files = workbooks(&self.paths)?;
        let data = Data::open(directory, Access::Write)?;
        if let Some(commands) = csv {
            register(&data.app, commands)?;
        }
        let headings: BTreeMap<String, String> = self.headings.into_iter().collect();
        if let Some(unknown) =
            headings.values().find(|meant| !data.ledgers.iter().any(|ledger| ledger.has_column(meant)))
        {
            bail!("--heading: there is no column {unknown} in any ledger");
        }
        let intake = Intake { app: &data.app, ledgers: &data.ledgers, asker: &Asker::Console, headings: &headings };
        let mut order: Vec<Place> = Vec::new();
        let mut unreadable = false;
        let (mut accepted, mut unchanged, mut refused) = (0, 0, 0);
        for path in &files {
            let workbook = match Workbook::read(path) {
                Ok(workbook) => workbook,
                Err(error) => {
                    unreadable = true;
                    writeln!(std::io::stderr(), "tahuang: {}: {error} [{}]", path.display(), error.code())?;
                    continue;
                }
            };
            let reports = intake
                .run(&workbook, &mut |done, total| progress(&workbook.file, done, total))
                .with_context(|| path.display().to_string())?;
            let mut out = std::io::stdout().lock();
            for report in &reports {
                accepted += report.count(Verdict::Accepted);
                unchanged += report.count(Verdict::Unchanged);
                refused += report.count(Verdict::Refused);
                writeln!(out, "{}", line(&workbook.file, report))?;
                order.extend(rejected(&workbook.file, report));
            }
        }
        write_rejects(directory, &waiting(&data.app, &order)?)?;
        if !files.is_empty() {
            let known = accepted + unchanged;
            writeln!(
                std::io::stdout(),
                "total\taccepted {known}\trefused {refused}\t({accepted} new, {unchanged} known before)"
            )?;
        }
        data.app.index_all()?;
        Ok(if unreadable { ExitCode::from(2) } else { ExitCode::SUCCESS })
    }
}

fn read_divisions(path: &Path) -> anyhow::Result<Vec<(Prefecture, Command)>> {
    let csv = std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    divisions::commands(&csv).with_context(|| format!("{}", path.display()))
}

/// The files that are named, and the workbooks in the folders that are named.
fn workbooks(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).with_context(|| format!("{}", path.display()))?;
        let mut found: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|file| is_workbook(file)).collect();
        if found.is_empty() {
            bail!("{}: no .xlsx files in this folder", path.display());
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Excel keeps a lock file `~$name.xlsx` beside a workbook that is open.
fn is_workbook(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.is_file() && name.to_lowercase().ends_with(".xlsx") && !name.starts_with("~$")
}

fn register(app: &App, commands: Vec<(Prefecture, Command)>) -> anyhow::Result<()> {
    let mut by_prefecture: BTreeMap<Prefecture, Vec<Command>> = BTreeMap::new();
    for (prefecture, command) in commands {
        by_prefecture.entry(prefecture).or_default().push(command);
    }
    let (mut new, mut known) = (0_u64, 0_u64);
    for (prefecture, commands) in by_prefecture {
        for batch in commands.chunks(tahuang_app::limits::BATCH_COMMANDS_MAX) {
            for answer in app.submit(prefecture, &Asker::Console, batch.to_vec())? {
                match answer.outcome {
                    Outcome::Accepted { .. } if !answer.repeated => new += 1,
                    Outcome::Accepted { .. } => known += 1,
                    // Registered before by hand, or in another table: it is there, which is all that is wanted.
                    Outcome::Refused { ref code, .. } if code == "area_exists" || code == "subject_exists" => {
                        known += 1
                    }
                    Outcome::Refused { code, message, .. } => bail!("divisions: {message} [{code}]"),
                }
            }
        }
    }
    writeln!(std::io::stdout(), "divisions\tnew {new}\tknown {known}")?;
    Ok(())
}

fn line(file: &str, report: &SheetReport) -> String {
    let (accepted, unchanged) = (report.count(Verdict::Accepted), report.count(Verdict::Unchanged));
    let mut line = format!(
        "{file}\t{}\taccepted {}\trefused {}",
        report.sheet,
        accepted + unchanged,
        report.count(Verdict::Refused)
    );
    if unchanged > 0 {
        line.push_str(&format!("\t({unchanged} known before)"));
    }
    if report.totals > 0 {
        line.push_str(&format!("\t（{}行合计）", report.totals));
    }
    if report.hidden {
        line.push_str(&format!("\t（隐藏的工作表，{}行未读）", report.remarks));
    } else if report.heading_row.is_none() && report.remarks > 0 {
        line.push_str(&format!("\t（没有表头，{}行未读）", report.remarks));
    } else if report.remarks > 0 {
        line.push_str(&format!("\t（{}行是说明，不是记录）", report.remarks));
    }
    if !report.missing.is_empty() {
        let missing: Vec<&str> = report.missing.iter().map(|(_, heading)| heading.as_str()).collect();
        let unknown = report.columns.iter().filter(|(heading, column)| column.is_none() && !heading.is_empty());
        let unknown: Vec<&str> = unknown.map(|(heading, _)| heading.as_str()).collect();
        line.push_str(&format!(
            "\t缺少列：{}；未识别：{}（可用 --heading '别名=标准列名'）",
            missing.join("、"),
            unknown.join("、")
        ));
    }
    line
}

/// File, sheet and row.
type Place = (String, String, u32);

fn rejected<'r>(file: &'r str, report: &'r SheetReport) -> impl Iterator<Item = Place> + 'r {
    let refused = report.rows.iter().filter(|row| row.verdict == Verdict::Refused);
    refused.map(move |row| (file.to_owned(), report.sheet.clone(), row.row))
}

/// Every row that waits, those of this import first and in its order.
fn waiting(app: &App, order: &[Place]) -> anyhow::Result<Vec<[String; 5]>> {
    let order: HashMap<&Place, usize> = order.iter().enumerate().map(|(index, place)| (place, index)).collect();
    let mut rows = Vec::new();
    for (prefecture, _) in app.store().heads()? {
        let mut filter = CaseFilter {
            kind: None,
            states: vec![State::Refused],
            area: prefecture.area(),
            words: None,
            before: None,
            limit: tahuang_app::limits::PAGE_ROWS_MAX,
        };
        loop {
            let page = app.waiting_rows(&Asker::Console, &filter)?;
            for RefusedRow { source, code, message, .. } in page.items {
                let place = (source.file, source.sheet, source.row);
                rows.push((order.get(&place).copied().unwrap_or(usize::MAX), place, code, message));
            }
            filter.before = page.next;
            if filter.before.is_none() {
                break;
            }
        }
    }
    rows.sort();
    let cells = |(_, (file, sheet, row), code, message): (usize, Place, String, String)| {
        [file, sheet, row.to_string(), code, message]
    };
    Ok(rows.into_iter().map(cells).collect())
}

/// Written beside and moved into place, so that a full disk never leaves half a list.
fn write_rejects(directory: &Path, rejects: &[[String; 5]]) -> anyhow::Result<()> {
    let path = directory.join(REJECTS);
    let beside = directory.join("rejects.tsv.writing");
    let mut text = "file\tsheet\trow\tcode\tmessage\n".to_owned();
    for cells in rejects {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, &path))
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// Shows on a terminal that long work goes on; says nothing into a file.
fn progress(file: &str, done: u64, total: u64) {
    let mut err = std::io::stderr();
    if err.is_terminal() {
        _ = write!(err, "\r{file} {done}/{total} …\x1b[K\r");
    }
}
