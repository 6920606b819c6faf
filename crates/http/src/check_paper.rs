//! The papers of a check: the notice of what failed, and the whole sheet.
//!
//! They are in Chinese, which an office keeps, and the notice in Tibetan as well: whoever is told has to be able to read
//! it. A notice tells and asks; it orders nothing.

use std::sync::Arc;

use tahuang_app::case_number;
use tahuang_app::checks::SheetView;
use tahuang_domain::checklist::{Checklist, ChecklistItem};
use tahuang_domain::subject::{Check, CheckedItem, ItemResult, Receipt};
use tahuang_domain::{Body, Day, Event, Language, Purpose, Verb};
use tahuang_press::Document;
use tahuang_press::document::Picture;
use tahuang_press::forms::check_notice::{CheckNotice, FailedItem, Received, check_notice};
use tahuang_press::forms::check_sheet::{self, CheckSheet, Found};
use tahuang_press::words::Languages;

use crate::door::Door;
use crate::problem::ApiError;
use crate::session::SignedIn;

/// The notice of a sheet on which something failed.
///
/// Who received it is personal: it is printed for those who handle or correct the sheet, and the log says so.
pub fn notice(door: &Door, asker: &SignedIn, seen: &SheetView) -> Result<Document, ApiError> {
    let (check, list) = parts(door, seen)?;
    let failed: Vec<&CheckedItem> = check.items.iter().filter(|item| item.result == ItemResult::Failed).collect();
    if failed.is_empty() {
        return Err(tahuang_domain::Refusal::NothingToNotify.into());
    }
    // The day that the notice gave stays what it was, however often the place is looked at again.
    let recheck = seen.view.history.iter().find_map(|entry| match &entry.record.event {
        Event::CheckRecorded { recheck, .. } => *recheck,
        _ => None,
    });
    let items = failed.iter().filter_map(|item| list.item(&item.item).map(|known| (known, *item)));
    let notice = CheckNotice {
        number: number(seen),
        unit: check.unit.clone(),
        place: place(door, seen),
        day: seen.view.subject.day.map(Day::date),
        items: items.map(|(known, item)| failed_item(list, known, item, recheck)).collect(),
        recheck: recheck.map(Day::date),
        officers: check.officers.clone(),
        contact: String::new(),
        received: received(door, asker, seen, check)?,
    };
    Ok(check_notice(&notice, Languages::ChineseAndTibetan))
}

fn failed_item(list: &Checklist, known: &ChecklistItem, item: &CheckedItem, recheck: Option<Day>) -> FailedItem {
    let (fault, demand) = (&known.fault, &known.demand);
    let note = if item.note.is_empty() { String::new() } else { format!("（{}）", item.note) };
    let below = |text: &Option<String>| text.as_ref().map(|text| format!("\n{text}")).unwrap_or_default();
    FailedItem {
        what: format!("{}{note}{}", fault.zh, below(&fault.bo)),
        clause: known.basis.as_ref().unwrap_or(&list.basis).get(Language::ZhCn).to_owned(),
        demand: format!("{}{}", demand.zh, below(&demand.bo)),
        deadline: recheck.map(Day::date),
    }
}

/// How the notice was received. Without the right to see by whom, and once that was erased, it is still said that it was.
fn received(door: &Door, asker: &SignedIn, seen: &SheetView, check: &Check) -> Result<Option<Received>, ApiError> {
    let Some((receipt, day)) = check.receipt else { return Ok(None) };
    let subject = &seen.view.subject;
    let note = seen.view.history.iter().rev().find_map(|entry| match &entry.record.event {
        Event::NoticeServed { note, .. } => Some(note.clone()),
        _ => None,
    });
    let mut received = Received {
        name: "（仅承办人员可见）".to_owned(),
        day: Some(day.date()),
        signed: receipt == Receipt::Signed,
        signature: None,
        note: note.unwrap_or_default(),
    };
    let may = |verb| door.app.permit(&asker.asker, verb, &subject.kind, subject.area).is_ok();
    if !may(Verb::Handle) && !may(Verb::Correct) {
        return Ok(Some(received));
    }
    tracing::info!(account = %asker.account.login, subject = %seen.view.id, "a notice was printed with its recipient");
    let name = match subject.sealed.get("recipient") {
        Some(sealed) => door.app.unseal(seen.view.prefecture, seen.view.id, sealed)?,
        None => None,
    };
    received.name = name.unwrap_or_else(|| "（个人信息已删除）".to_owned());
    let drawn = subject.files.iter().rev().find(|file| file.purpose == Purpose::Signature);
    if let Some(file) = drawn.filter(|_| received.signed) {
        let opened = door.app.open_file(&asker.asker, seen.view.id, file.id)?;
        received.signature = Some(Picture { bytes: Arc::new(opened.bytes), caption: String::new() });
    }
    Ok(Some(received))
}

/// The whole sheet.
pub fn sheet(door: &Door, seen: &SheetView) -> Result<Document, ApiError> {
    let (check, list) = parts(door, seen)?;
    let items = check.items.iter().map(|item| {
        let name = list.item(&item.item).map_or(item.item.as_str(), |known| known.name.zh.as_str());
        let found = match item.result {
            ItemResult::Passed => Found::Sound,
            ItemResult::Failed | ItemResult::Corrected => Found::Unsound,
            ItemResult::NotApplicable => Found::NotThere,
        };
        check_sheet::CheckedItem { what: name.to_owned(), found, note: note(check, item) }
    });
    let sheet = CheckSheet {
        title: list.name.zh.clone(),
        number: number(seen),
        unit: check.unit.clone(),
        place: place(door, seen),
        day: seen.view.subject.day.map(Day::date),
        officers: check.officers.clone(),
        present: String::new(),
        items: items.collect(),
        remark: looks(check),
    };
    Ok(check_sheet::check_sheet(&sheet))
}

/// What is noted beside an item: what was seen, what was done at once, and what a later look said.
fn note(check: &Check, item: &CheckedItem) -> String {
    let mut said = Vec::new();
    said.extend((item.result == ItemResult::Corrected).then(|| "当场整改".to_owned()));
    said.extend(Some(item.note.clone()).filter(|note| !note.is_empty()));
    said.extend(check.last_look(&item.item).map(|(day, seen)| {
        let result = if seen.passed { "复查合格" } else { "复查仍不合格" };
        format!("{day} {result}{}", if seen.note.is_empty() { String::new() } else { format!("：{}", seen.note) })
    }));
    said.join("；")
}

fn looks(check: &Check) -> String {
    let looks = check.rechecks.iter().map(|look| {
        let passed = look.results.iter().filter(|seen| seen.passed).count();
        let (officers, failed) = (look.officers.join("、"), look.results.len() - passed);
        format!("复查 {}：合格 {passed} 项，仍不合格 {failed} 项（{officers}）。", look.day)
    });
    looks.collect::<Vec<_>>().join("\n")
}

fn parts<'s>(door: &'s Door, seen: &'s SheetView) -> Result<(&'s Check, &'s Checklist), ApiError> {
    let Body::Check(check) = &seen.view.subject.body else { return Err(ApiError::NotFound) };
    let list = door.app.knowledge().catalog.checklists.get(&check.checklist, check.version);
    Ok((check, list.ok_or(ApiError::NotFound)?))
}

fn number(seen: &SheetView) -> String {
    let opened = seen.view.history.first().map_or(0, |entry| entry.record.position);
    format!("编号：{}", case_number(seen.view.prefecture, opened))
}

fn place(door: &Door, seen: &SheetView) -> String {
    let subject = &seen.view.subject;
    format!("{} {}", door.app.areas().path(subject.area).replace(" › ", ""), subject.title)
}
