//! `tahuang verify` and `tahuang rebuild`

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use tahuang_store::StoreError;

use crate::data::{Access, Data};

pub fn verify(directory: &Path) -> anyhow::Result<ExitCode> {
    match verify_journals(directory) {
        // What cannot be read as what was written was changed as well: a head that is gone, a key of no prefecture.
        Err(error) if matches!(error.downcast_ref(), Some(StoreError::Corrupt { .. })) => {
            writeln!(std::io::stdout(), "CHANGED\t{error:#}")?;
            Ok(ExitCode::from(1))
        }
        done => done,
    }
}

fn verify_journals(directory: &Path) -> anyhow::Result<ExitCode> {
    let data = Data::open(directory, Access::Read)?;
    let mut sound = true;
    let mut out = std::io::stdout().lock();
    for (prefecture, _) in data.app.store().heads()? {
        let (verification, files) =
            data.app.verify_with_files(prefecture, &mut |position| progress("verified", position))?;
        match &verification.first_bad {
            None => {
                writeln!(out, "{prefecture}\tintact\t{} records\thead {}", verification.checked, verification.hash)?
            }
            Some((position, fault)) => {
                sound = false;
                writeln!(out, "{prefecture}\tCHANGED\tfirst bad position {position}\t{fault}")?;
            }
        }
        sound &= files.faults.is_empty();
        for (place, fault) in &files.faults {
            writeln!(out, "{prefecture}\tFILE\t{}\tof record {}\t{fault}", place.file, place.subject)?;
        }
        if files.named > 0 && files.faults.is_empty() {
            writeln!(out, "{prefecture}\tintact\t{} files", files.named)?;
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

pub fn rebuild(directory: &Path) -> anyhow::Result<ExitCode> {
    let data = Data::open(directory, Access::Write)?;
    data.app.rebuild(&mut |rebuilt| progress("rebuilt", rebuilt.done))?;
    let journals = data.app.store().heads()?;
    let total: u64 = journals.iter().map(|(_, head)| head.position).sum();
    writeln!(std::io::stdout(), "rebuilt {total} records of {} journals", journals.len())?;
    Ok(ExitCode::SUCCESS)
}

/// Shows on a terminal that long work goes on; says nothing into a file.
fn progress(what: &str, position: u64) {
    let mut err = std::io::stderr();
    if err.is_terminal() {
        _ = write!(err, "\r{what} {position} …\x1b[K\r");
    }
}
