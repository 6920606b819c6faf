//! What a region sees: several journals, one list.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tahuang_app::Asker;
use tahuang_app::figures::At;
use tahuang_domain::{Action, Command, Fields, Prefecture};
use tahuang_figures::Part;
use tahuang_store::Outcome;
use tahuang_testkit::{Office, area};

#[test]
fn the_records_behind_a_regions_figure_are_those_of_all_its_journals_page_by_page() {
    let office = Office::new();
    let app = &office.app;
    let send = |prefecture: &str, action: Action| {
        let prefecture = Prefecture::new(area(prefecture)).unwrap();
        let (id, subject) = (app.ids().command(), app.ids().subject());
        let command = Command { id, subject, revision: None, source: None, action };
        let answer = app.submit(prefecture, &Asker::Console, vec![command]).unwrap().remove(0);
        assert!(matches!(answer.outcome, Outcome::Accepted { .. }), "{answer:?}");
    };
    let place = |code: &str| Action::RegisterEntry {
        kind: "area".to_owned(),
        area: area(code),
        name: code.to_owned(),
        from: None,
        fields: Fields::new(),
        personal: Default::default(),
    };
    let cards = |code: &str| Action::RecordFact {
        kind: "contact_cards_issued".to_owned(),
        area: area(code),
        day: "2025-03-01".parse().unwrap(),
        title: "发放便民联系卡".to_owned(),
        quantity: 2,
        fields: Fields::new(),
    };
    for code in ["540000000000", "540100000000", "540127000000"] {
        send("540100000000", place(code));
    }
    for number in 0..12 {
        let (prefecture, at) = match number % 3 {
            0 => ("540100000000", "540127000000"),
            _ => ("542500000000", "542521000000"),
        };
        send(prefecture, cards(at));
    }
    let region = area("540000000000");
    for size in [1, 3, 5, 11, 12, 500] {
        let (mut after, mut sum, mut pages) = (None, 0, 0);
        loop {
            let page = app
                .figure_records(&Asker::Console, ("contact_cards", Part::Whole), region, At::Now, after, size)
                .unwrap();
            sum += page.iter().map(|record| record.row.amount).sum::<i64>();
            pages += 1;
            after = page.last().map(|record| (record.prefecture, record.row.clone()));
            if page.len() < size {
                break;
            }
        }
        assert_eq!(sum, 24, "{pages} pages of {size}");
    }
}
