//! A desk at which workbooks come in, for tests.
#![allow(dead_code, missing_docs, reason = "shared by several test programs, none of which uses all of it")]

use std::collections::BTreeMap;

use rust_xlsxwriter::Workbook as Written;
use tahuang_app::figures::At;
use tahuang_app::{Asker, CaseFilter};
use tahuang_domain::{State, SubjectId};
use tahuang_intake::{Import, Ledgers, SheetReport, Workbook, fix_row};
use tahuang_testkit::Office;

pub struct Desk {
    pub office: Office,
    pub ledgers: Ledgers,
}

/// Rows of one sheet; an empty text is an empty cell.
pub type Rows<'a> = &'a [&'a [&'a str]];

pub fn workbook(file: &str, sheets: &[(&str, Rows<'_>)]) -> Workbook {
    let mut written = Written::new();
    for (name, rows) in sheets {
        let sheet = written.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                let (row, column) = (row as u32, column as u16);
                match text.parse::<f64>() {
                    Ok(number) => sheet.write(row, column, number).unwrap(),
                    Err(_) => sheet.write(row, column, *text).unwrap(),
                };
            }
        }
    }
    Workbook::from_bytes(file, &written.save_to_buffer().unwrap()).unwrap()
}

impl Desk {
    pub fn new() -> Self {
        let office = Office::new();
        let ledgers = Ledgers::bundled(&office.app.knowledge().catalog).unwrap();
        Self { office, ledgers }
    }

    pub fn import_with(&self, workbook: &Workbook, headings: &[(&str, &str)]) -> Vec<SheetReport> {
        let headings: BTreeMap<String, String> =
            headings.iter().map(|(alias, column)| ((*alias).to_owned(), (*column).to_owned())).collect();
        let import =
            Import { app: &self.office.app, ledgers: &self.ledgers, asker: &Asker::Console, headings: &headings };
        import.run(workbook, &mut |_, _| {}).unwrap()
    }

    pub fn import(&self, workbook: &Workbook) -> SheetReport {
        self.import_with(workbook, &[]).remove(0)
    }

    pub fn figure(&self, code: &str) -> String {
        let board = self.office.app.figures(&Asker::Console, self.office.prefecture.area(), At::Now).unwrap();
        board.figures.iter().find(|value| value.figure.code == code).unwrap().value.clone().unwrap_or_default()
    }

    pub fn position(&self) -> u64 {
        self.office.app.store().head(self.office.prefecture).unwrap().position
    }

    /// Rows that wait: row, code, id.
    pub fn waiting(&self) -> Vec<(u32, String, SubjectId)> {
        let filter = CaseFilter {
            kind: None,
            states: vec![State::Refused],
            area: self.office.prefecture.area(),
            words: None,
            before: None,
            limit: 100,
        };
        let page = self.office.app.waiting_rows(&Asker::Console, &filter).unwrap();
        let mut rows: Vec<_> = page.items.into_iter().map(|row| (row.source.row, row.code, row.id)).collect();
        rows.sort();
        rows
    }

    /// Refused again: the code, and the heading of the cell that it is about.
    pub fn fix(&self, id: SubjectId, cells: &[(&str, &str)]) -> Result<SubjectId, (String, Option<String>)> {
        let cells = cells.iter().map(|(heading, text)| ((*heading).to_owned(), (*text).to_owned())).collect();
        fix_row(&self.office.app, &self.ledgers, &Asker::Console, id, &cells)
            .unwrap()
            .map_err(|refusal| (refusal.code().to_owned(), refusal.column().map(str::to_owned)))
    }
}

pub fn refused(code: &str, column: &str) -> Result<SubjectId, (String, Option<String>)> {
    Err((code.to_owned(), Some(column.to_owned())))
}

pub const HAZARDS: [&str; 8] =
    ["序号", "乡(镇)", "村(社区)", "隐患类别", "隐患描述", "发现时间", "整改完成时间", "是否销号"];

/// The refusals of a sheet's rows, in their order.
pub fn codes(report: &SheetReport) -> Vec<Option<&str>> {
    report.rows.iter().map(|row| row.refusal.as_ref().map(|(code, _)| code.as_str())).collect()
}

/// A ledger of one row: cards given out in a village.
pub fn contact_cards(quantity: &str) -> Workbook {
    workbook(
        "联系卡.xlsx",
        &[(
            "便民联系卡",
            &[
                &["序号", "县(区)", "乡(镇)", "村(社区)", "发放数量", "发放时间"],
                &["1", "普兰县", "普兰镇", "多油村", quantity, "2025-03-01"],
            ],
        )],
    )
}
