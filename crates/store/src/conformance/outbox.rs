//! What is told to people.

use tahuang_domain::Position;
use uuid::Uuid;

use super::hand::{Bench, area, lhasa, ngari, subject};
use crate::{DeliveryQuery, DeliveryRow, DeliveryState, DeliveryStep, NoticeQuery, NoticeRow, StoreError, Told};

use DeliveryState::{Delivered, Dismissed, Sending, Uncertain, Waiting};

fn told(from: Option<Position>, up_to: Position) -> Told {
    Told { from, up_to, notices: Vec::new(), deliveries: Vec::new() }
}

fn notice(position: Position, rule: &str, place: &str, account: Option<u128>) -> NoticeRow {
    NoticeRow {
        position,
        rule: rule.to_owned(),
        account: account.map(subject),
        actor: Some(subject(90)),
        at: 1_000 + position as i64,
        subject: subject(u128::from(position)),
        kind: "hazard".to_owned(),
        area: area(place),
        facts: format!("{{\"title\":\"{position}\"}}").into_bytes(),
    }
}

fn delivery(number: u128, position: Position, channel: &str, next_at: i64) -> DeliveryRow {
    DeliveryRow {
        id: Uuid::from_u128(number),
        position,
        rule: "case_reported".to_owned(),
        channel: channel.to_owned(),
        recipient: String::new(),
        subject: subject(u128::from(position)),
        kind: "hazard".to_owned(),
        area: area("542521100001"),
        emergency: false,
        message: format!("{{\"heading\":\"{number}\"}}").into_bytes(),
        at: 1_000,
        step: DeliveryStep { state: Waiting, attempts: 0, next_at, since: 1_000, answer: String::new() },
    }
}

fn step(state: DeliveryState, attempts: u32, since: i64) -> DeliveryStep {
    DeliveryStep { state, attempts, next_at: since, since, answer: format!("{} {attempts}", state.code()) }
}

fn asked(account: u128, place: &str) -> NoticeQuery {
    NoticeQuery {
        account: subject(account),
        area: area(place),
        kinds: vec!["hazard".to_owned(), "wish".to_owned()],
        after: 0,
        before: None,
        limit: 100,
    }
}

pub fn what_is_told_and_how_far_the_journal_was_read_are_written_together_or_not_at_all(bench: Bench<'_>) {
    let store = bench.store;
    assert_eq!(store.told_position(ngari()).unwrap(), None);
    store.tell(ngari(), &told(None, 7)).unwrap();
    assert_eq!((store.told_position(ngari()).unwrap(), store.told_position(lhasa()).unwrap()), (Some(7), None));
    let mut next = told(Some(7), 9);
    next.notices.push(notice(8, "case_reported", "542521100001", None));
    next.deliveries.push(delivery(1, 8, "duty", 1_000));
    for stale in [None, Some(6), Some(8)] {
        let stale = Told { from: stale, ..next.clone() };
        assert_eq!(store.tell(ngari(), &stale), Err(StoreError::Conflict));
    }
    assert_eq!(store.delivery(ngari(), Uuid::from_u128(1)).unwrap(), None);
    store.tell(ngari(), &next).unwrap();
    assert_eq!(store.told_position(ngari()).unwrap(), Some(9));
    assert_eq!(store.delivery(ngari(), Uuid::from_u128(1)).unwrap().as_ref(), next.deliveries.first());
    assert_eq!(store.delivery(lhasa(), Uuid::from_u128(1)).unwrap(), None);
    assert_eq!(store.notices(ngari(), &asked(1, "542500000000")).unwrap(), next.notices);

    // Thought of again, a message stays as it is.
    let moved = step(Delivered, 1, 2_000);
    store.step_delivery(ngari(), Uuid::from_u128(1), (Waiting, 0), &moved).unwrap();
    store.tell(ngari(), &Told { from: Some(9), up_to: 10, ..next }).unwrap();
    assert_eq!(store.delivery(ngari(), Uuid::from_u128(1)).unwrap().unwrap().step, moved);
}

pub fn a_message_moves_only_from_where_it_stands(bench: Bench<'_>) {
    let store = bench.store;
    let id = Uuid::from_u128(1);
    store.tell(ngari(), &Told { deliveries: vec![delivery(1, 8, "duty", 1_000)], ..told(None, 9) }).unwrap();
    let sending = step(Sending, 1, 2_000);
    for wrong in [(Sending, 0), (Waiting, 1), (Delivered, 0)] {
        assert_eq!(store.step_delivery(ngari(), id, wrong, &sending), Err(StoreError::Conflict), "{wrong:?}");
    }
    assert_eq!(store.step_delivery(lhasa(), id, (Waiting, 0), &sending), Err(StoreError::Conflict));
    store.step_delivery(ngari(), id, (Waiting, 0), &sending).unwrap();
    assert_eq!(store.step_delivery(ngari(), id, (Waiting, 0), &sending), Err(StoreError::Conflict), "only once");
    let uncertain = step(Uncertain, 1, 3_000);
    store.step_delivery(ngari(), id, (Sending, 1), &uncertain).unwrap();
    assert_eq!(store.delivery(ngari(), id).unwrap().unwrap().step, uncertain);
}

pub fn messages_that_are_due_come_emergencies_first_and_then_the_longest_due(bench: Bench<'_>) {
    let store = bench.store;
    let mut urgent = delivery(4, 11, "duty", 5_000);
    urgent.emergency = true;
    let rows = vec![
        delivery(1, 8, "duty", 3_000),
        delivery(2, 9, "duty", 2_000),
        delivery(3, 10, "duty", 9_000),
        urgent,
        delivery(5, 12, "other", 1_000),
    ];
    store.tell(ngari(), &Told { deliveries: rows, ..told(None, 12) }).unwrap();
    let due = |channel: &str, now, limit| -> Vec<u128> {
        let rows = store.due_deliveries(ngari(), channel, now, limit).unwrap();
        rows.into_iter().map(|row| row.id.as_u128()).collect()
    };
    assert_eq!(due("duty", 8_000, 10), [4, 2, 1]);
    assert_eq!(due("duty", 8_000, 1), [4]);
    assert_eq!(due("duty", 2_500, 10), [2]);
    assert_eq!(due("nobody", 8_000, 10), [0; 0]);
    store.step_delivery(ngari(), Uuid::from_u128(4), (Waiting, 0), &step(Sending, 1, 8_000)).unwrap();
    assert_eq!(due("duty", 8_000, 10), [2, 1], "what is being sent is due no more");
    // Tries are remembered, whatever became of them; what was never tried is none.
    store.step_delivery(ngari(), Uuid::from_u128(2), (Waiting, 0), &step(Uncertain, 1, 8_500)).unwrap();
    store.step_delivery(ngari(), Uuid::from_u128(1), (Waiting, 0), &step(Dismissed, 0, 8_600)).unwrap();
    assert_eq!(store.tries_since(ngari(), "duty", 8_000, 10).unwrap(), [8_500, 8_000]);
    assert_eq!(store.tries_since(ngari(), "duty", 8_000, 1).unwrap(), [8_500]);
    assert_eq!(store.tries_since(ngari(), "duty", 8_501, 10).unwrap(), [0; 0]);
    let counts = store.delivery_counts(ngari()).unwrap();
    let expected = [("duty", Waiting, 1), ("duty", Sending, 1), ("duty", Uncertain, 1), ("duty", Dismissed, 1)];
    let of = |(channel, state, count): (&str, DeliveryState, u64)| (channel.to_owned(), state, count);
    assert_eq!(counts[..4], expected.map(of));
    assert_eq!(counts[4..], [of(("other", Waiting, 1))]);
}

pub fn the_delivery_log_is_newest_first_filtered_and_walked_page_by_page(bench: Bench<'_>) {
    let store = bench.store;
    let mut rows: Vec<DeliveryRow> = (1..=9).map(|n| delivery(n, (n as u64).div_ceil(2), "duty", 1_000)).collect();
    rows[0].area = area("542526100001");
    rows[1].channel = "other".to_owned();
    store.tell(ngari(), &Told { deliveries: rows, ..told(None, 9) }).unwrap();
    store.step_delivery(ngari(), Uuid::from_u128(5), (Waiting, 0), &step(Delivered, 1, 2_000)).unwrap();
    let list = |query: DeliveryQuery| -> Vec<u128> {
        store.deliveries(ngari(), &query).unwrap().into_iter().map(|row| row.id.as_u128()).collect()
    };
    let all = DeliveryQuery { limit: 100, ..DeliveryQuery::default() };
    assert_eq!(list(all.clone()), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(list(DeliveryQuery { state: Some(Delivered), ..all.clone() }), [5]);
    assert_eq!(list(DeliveryQuery { channel: Some("other".to_owned()), ..all.clone() }), [2]);
    assert_eq!(list(DeliveryQuery { area: Some(area("542526000000")), ..all.clone() }), [1]);
    assert!(store.deliveries(lhasa(), &all).unwrap().is_empty());
    let (mut walked, mut before) = (Vec::new(), None);
    loop {
        let page = store.deliveries(ngari(), &DeliveryQuery { before, limit: 2, ..DeliveryQuery::default() }).unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.position, last.id));
        walked.extend(page.iter().map(|row| row.id.as_u128()));
    }
    assert_eq!(walked, [9, 8, 7, 6, 5, 4, 3, 2, 1], "no row is lost between two of one position");
}

pub fn notices_are_of_ones_area_and_kinds_or_for_oneself_and_never_of_what_one_did(bench: Bench<'_>) {
    let store = bench.store;
    let mut wish = notice(5, "case_reported", "542521100001", None);
    wish.kind = "wish".to_owned();
    let rows = vec![
        notice(1, "case_reported", "542521100001", None),
        notice(2, "case_reported", "542526100001", None),
        notice(3, "case_accepted", "542521100001", Some(7)),
        notice(4, "case_reopened", "542521100001", None),
        notice(4, "case_reopened", "542521100001", Some(7)),
        wish,
    ];
    store.tell(ngari(), &Told { notices: rows, ..told(None, 9) }).unwrap();
    let list = |query: &NoticeQuery| -> Vec<(Position, bool)> {
        let rows = store.notices(ngari(), query).unwrap();
        rows.into_iter().map(|row| (row.position, row.account.is_some())).collect()
    };
    let everybody = asked(1, "542521000000");
    assert_eq!(list(&everybody), [(5, false), (4, false), (1, false)]);
    assert_eq!(list(&asked(1, "542500000000")), [(5, false), (4, false), (2, false), (1, false)]);
    let addressed = asked(7, "542521000000");
    assert_eq!(list(&addressed), [(5, false), (4, true), (4, false), (3, true), (1, false)]);
    assert_eq!(list(&asked(90, "542500000000")), [(0, false); 0], "nobody is told of what they did");
    assert_eq!(list(&NoticeQuery { kinds: vec!["wish".to_owned()], ..everybody.clone() }), [(5, false)]);
    assert_eq!(list(&NoticeQuery { kinds: Vec::new(), ..everybody.clone() }), [(0, false); 0]);
    assert_eq!(list(&NoticeQuery { before: Some(5), limit: 1, ..everybody.clone() }), [(4, false)]);
    assert_eq!(store.count_notices(ngari(), &addressed).unwrap(), 4, "a record counts once");
    assert_eq!(store.count_notices(ngari(), &NoticeQuery { after: 3, ..addressed }).unwrap(), 2);
    assert!(store.notices(lhasa(), &everybody).unwrap().is_empty());
}

pub fn how_far_an_account_has_read_never_goes_back(bench: Bench<'_>) {
    let store = bench.store;
    let read = |account| store.notices_read(ngari(), subject(account)).unwrap();
    assert_eq!(read(1), 0);
    for (position, stands) in [(5, 5), (3, 5), (9, 9)] {
        store.note_notices_read(ngari(), subject(1), position).unwrap();
        assert_eq!(read(1), stands);
    }
    assert_eq!((read(2), store.notices_read(lhasa(), subject(1)).unwrap()), (0, 0));
}

pub fn what_is_told_is_not_derived(bench: Bench<'_>) {
    let store = bench.store;
    let mut first = told(None, 9);
    first.deliveries.push(delivery(1, 8, "duty", 1_000));
    first.notices.push(notice(8, "case_reported", "542521100001", None));
    store.tell(ngari(), &first).unwrap();
    store.note_notices_read(ngari(), subject(1), 8).unwrap();
    store.clear_derived(ngari()).unwrap();
    assert_eq!(store.told_position(ngari()).unwrap(), Some(9));
    assert!(store.delivery(ngari(), Uuid::from_u128(1)).unwrap().is_some());
    assert_eq!(store.notices(ngari(), &asked(1, "542500000000")).unwrap().len(), 1);
    assert_eq!(store.notices_read(ngari(), subject(1)).unwrap(), 8);
}
