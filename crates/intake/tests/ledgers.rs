//! The prefecture's own ledgers, from files to figures.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tahuang_app::Asker;
use tahuang_app::figures::At;
use tahuang_domain::{Action, AreaCode, Command, Prefecture};
use tahuang_figures::{Figure, Part, Sums};
use tahuang_intake::{Import, Ledgers, SheetReport, Verdict, Workbook, divisions};
use tahuang_store::{Head, Outcome};
use tahuang_testkit::Office;

fn demo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo").join(path)
}

fn ledgers(office: &Office) -> Ledgers {
    Ledgers::bundled(&office.app.knowledge().catalog).unwrap_or_else(|error| panic!("{error}"))
}

fn with_divisions(office: &Office) {
    let csv = std::fs::read_to_string(demo("divisions-tibet.csv")).unwrap();
    let mut by_prefecture: BTreeMap<Prefecture, Vec<Command>> = BTreeMap::new();
    for (prefecture, command) in divisions::commands(&csv).unwrap() {
        by_prefecture.entry(prefecture).or_default().push(command);
    }
    for (prefecture, commands) in by_prefecture {
        for batch in commands.chunks(500) {
            for answer in office.app.submit(prefecture, &Asker::Console, batch.to_vec()).unwrap() {
                assert!(matches!(answer.outcome, Outcome::Accepted { .. }), "{answer:?}");
            }
        }
    }
}

fn import_all(office: &Office, ledgers: &Ledgers) -> Vec<(String, SheetReport)> {
    let import = Import { app: &office.app, ledgers, asker: &Asker::Console, headings: &BTreeMap::new() };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(demo("ledgers")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "xlsx"));
    files.sort();
    assert_eq!(files.len(), 12);
    let mut reports = Vec::new();
    for file in files {
        let workbook = Workbook::read(&file).unwrap();
        let name = workbook.file.clone();
        reports.extend(import.run(&workbook, &mut |_, _| {}).unwrap().into_iter().map(|report| (name.clone(), report)));
    }
    reports
}

fn heads(office: &Office) -> Vec<(Prefecture, Head)> {
    office.app.store().heads().unwrap()
}

#[test]
fn the_twelve_workbooks_give_the_pages_figures_and_exactly_the_expected_refusals_and_again_nothing() {
    let office = Office::empty();
    with_divisions(&office);
    let ledgers = ledgers(&office);
    let reports = import_all(&office, &ledgers);

    let mut figures: Vec<String> = vec!["code\tarea\tvalue".to_owned()];
    for (figure, area, value) in office.app.published(At::Now).unwrap() {
        figures.push(format!("{}\t{area}\t{}", figure.code, value.unwrap_or_default()));
    }
    let expected = std::fs::read_to_string(demo("ledgers/expected-figures.tsv")).unwrap();
    let refused: Vec<String> = reports
        .iter()
        .flat_map(|(file, sheet)| sheet.rows.iter().map(move |row| (file, sheet, row)))
        .filter_map(|(file, sheet, row)| {
            let (code, _) = row.refusal.as_ref()?;
            Some(format!("{file}\t{}\t{}\t{code}", sheet.sheet, row.row))
        })
        .collect();
    let expected_rejects = std::fs::read_to_string(demo("ledgers/expected-rejects.tsv")).unwrap();
    assert_eq!(refused, expected_rejects.lines().skip(1).collect::<Vec<_>>());
    assert_eq!(figures, expected.lines().collect::<Vec<_>>());

    let before = heads(&office);
    let again = import_all(&office, &ledgers);
    assert_eq!(heads(&office), before, "a second import changes nothing");
    assert_eq!(again.iter().map(|(_, sheet)| sheet.count(Verdict::Accepted)).sum::<u64>(), 0);
    for (prefecture, _) in before {
        assert_eq!(office.app.verify(prefecture, &mut |_| {}).unwrap().first_bad, None);
    }
    for (figure, area, _) in office.app.published(At::Now).unwrap() {
        withdrawing_a_record_takes_exactly_what_it_gave(&office, figure, area);
    }
}

fn withdrawing_a_record_takes_exactly_what_it_gave(office: &Office, figure: &Figure, area: AreaCode) {
    let app = &office.app;
    let prefecture = area.prefecture().unwrap();
    let sums = |at| {
        let board = app.figures(&Asker::Console, area, at).unwrap();
        board.figures.iter().find(|value| value.figure.code == figure.code).unwrap().sums
    };
    let before = sums(At::Now);
    let position = app.store().head(prefecture).unwrap().position;
    let read = |part| app.figure_records(&Asker::Console, (&figure.code, part), area, At::Now, None, 500).unwrap();
    let subject = read(Part::Whole)[0].row.subject;
    let given = |part| {
        let rows = read(part);
        let own: Vec<i64> =
            rows.iter().filter(|record| record.row.subject == subject).map(|record| record.row.amount).collect();
        // A unit counts once, however many communities it reports to.
        if figure.once_per_subject() { i64::from(!own.is_empty()) } else { own.iter().sum() }
    };
    let (whole, denominator) = (given(Part::Whole), given(Part::Denominator));
    assert!(whole > 0, "{}", figure.code);
    let action = Action::Withdraw { reason: "重复登记".to_owned() };
    let command = Command { id: app.ids().command(), subject, revision: None, source: None, action };
    let answer = app.submit(prefecture, &Asker::Console, vec![command]).unwrap().remove(0);
    assert!(matches!(answer.outcome, Outcome::Accepted { .. }), "{answer:?}");
    let after = Sums { whole: before.whole - whole, denominator: before.denominator - denominator };
    assert_eq!(sums(At::Now), after, "{}", figure.code);
    assert_eq!(sums(At::Position(position)), before, "{} as of before", figure.code);
}
