//! Draws for revisits: from which cases, how many, and once.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tahuang_app::revisits::{DrawError, DrawOrder, RevisitList, rank};
use tahuang_app::{Asker, SubmitError};
use tahuang_domain::command::Ended;
use tahuang_domain::{Action, Refusal, SubjectId};
use tahuang_journal::Hash;
use tahuang_testkit::{Office, PREFECTURE, area};

const COUNTY: &str = "542521000000";

fn closed(office: &Office, kind: &str, outcome: &str, day: &str) -> SubjectId {
    let id = office.app.ids().subject();
    let action = Action::TranscribeCase {
        kind: kind.to_owned(),
        area: area("542521100001001"),
        day: "2025-01-01".parse().unwrap(),
        title: "电杆倾斜".to_owned(),
        fields: Default::default(),
        handler: None,
        ended: Some(Ended { day: day.parse().unwrap(), outcome: outcome.to_owned() }),
    };
    office.act(id, action);
    id
}

fn order(office: &Office, place: &str, wanted: usize) -> DrawOrder {
    let day = |text: &str| text.parse().unwrap();
    let (id, kinds) = (office.app.ids().subject(), vec!["hazard".to_owned()]);
    let (closed_from, closed_until) = (day("2025-03-01"), day("2025-03-31"));
    DrawOrder { id, area: area(place), closed_from, closed_until, kinds, wanted }
}

fn listed(office: &Office, draw: SubjectId) -> Vec<SubjectId> {
    let list = RevisitList::Waiting(Some(draw));
    let page = office.app.revisits(&Asker::Console, list, area(PREFECTURE), None, 500).unwrap();
    page.items.into_iter().map(|(id, _)| id).collect()
}

#[test]
fn a_draw_is_of_the_kinds_and_of_the_days_of_closing_that_were_asked_for() {
    let office = Office::new();
    let hazard = |day: &str| closed(&office, "hazard", "rectified", day);
    hazard("2025-02-28");
    let (first, last) = (hazard("2025-03-01"), hazard("2025-03-31"));
    hazard("2025-04-01");
    closed(&office, "suggestion", "resolved", "2025-03-15");
    let withdrawn = hazard("2025-03-15");
    office.act(withdrawn, Action::Withdraw { reason: "重复".to_owned() });
    let draw = office.app.draw_revisits(&Asker::Console, &order(&office, COUNTY, 500)).unwrap();
    assert_eq!(listed(&office, draw.id), [first, last]);
    assert_eq!((draw.entry.fields["population"].as_u64(), draw.waiting), (Some(2), 2));
    let nothing = office.app.draw_revisits(&Asker::Console, &order(&office, COUNTY, 500)).unwrap();
    assert_eq!((nothing.entry.fields["population"].as_u64(), nothing.waiting), (Some(0), 0));
}

#[test]
fn a_draw_that_is_sent_twice_at_once_is_made_once() {
    let office = Office::new();
    for _ in 0..40 {
        closed(&office, "hazard", "rectified", "2025-03-10");
    }
    let order = order(&office, COUNTY, 10);
    let drawn: Vec<_> = std::thread::scope(|scope| {
        let send = || {
            // Whoever comes while it is made is told to come again.
            loop {
                match office.app.draw_revisits(&Asker::Console, &order) {
                    Err(DrawError::Submit(SubmitError::Busy)) => std::thread::yield_now(),
                    answer => return answer.unwrap(),
                }
            }
        };
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
        sent.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(drawn.iter().all(|draw| *draw == drawn[0]));
    assert_eq!(listed(&office, order.id).len(), 10);
    assert_eq!(office.app.revisit_draws(&Asker::Console, area(PREFECTURE)).unwrap().len(), 1);
}

#[test]
fn a_page_goes_on_where_the_one_before_ended() {
    let office = Office::new();
    let cases: Vec<SubjectId> = (0..5).map(|_| closed(&office, "hazard", "rectified", "2025-03-10")).collect();
    let draw = office.app.draw_revisits(&Asker::Console, &order(&office, COUNTY, 5)).unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let list = RevisitList::Waiting(Some(draw.id));
        let page = office.app.revisits(&Asker::Console, list, area(COUNTY), after, 2).unwrap();
        found.extend(page.items.into_iter().map(|(id, _)| id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(found, cases);
}

#[test]
fn a_region_has_several_journals_and_is_drawn_from_one_by_one() {
    let office = Office::new();
    let refused = office.app.draw_revisits(&Asker::Console, &order(&office, "540000000000", 5));
    assert!(matches!(refused, Err(DrawError::Query(tahuang_app::QueryError::Invalid(_)))), "{refused:?}");
    let nothing = office.app.draw_revisits(&Asker::Console, &order(&office, COUNTY, 0));
    let field = "wanted".to_owned();
    let expected = DrawError::Query(tahuang_app::QueryError::Refused(Refusal::QuantityOutOfRange { field }));
    assert_eq!(nothing.unwrap_err(), expected);
}

#[test]
fn the_number_by_which_a_case_is_drawn_never_changes() {
    // SM3 over 48 bytes: 32 of the seed, all 0x07, and the 16 of the id. Written down, so that draws of the past can be made
    // again.
    let case: SubjectId = "01980000-0000-7000-8000-000000000001".parse().unwrap();
    let hex: String = rank(&Hash([7; 32]), case).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "339337907cad6b01317570e1c9f150a7f2c2bb48889563b4f7b5be936bb63116");
}
