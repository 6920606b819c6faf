//! How well a case was dealt with, as people read it: its first answer, its revisits, appeals, and what is left out of rates.

use tahuang_app::Asker;
use tahuang_domain::decide::quality::{is_for, open};
use tahuang_domain::subject::quality::{Quality, Rating, Response, Revisit, Word};
use tahuang_domain::{Body, Kind, Subject, Verb};

use crate::speaker::Speaker;

/// What a record says of it, each with the code of its word under `detail`.
pub fn told(speaker: &Speaker<'_>, quality: &Quality) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    if let Some(response) = quality.response {
        let word = if response == Response::InTime { "in_time" } else { "late" };
        told.push(("response", speaker.word("phrase", word).to_owned()));
    }
    if let Some(word) = &quality.word {
        told.push(("heard", said(speaker, word)));
    }
    if !quality.revisits.is_empty() {
        let revisits = quality.revisits.iter().map(|one| revisit(speaker, one));
        told.push(("revisit", revisits.collect::<Vec<_>>().join("\n")));
    }
    if let Some(appeal) = &quality.appeal {
        let about = appeal.about.iter().map(|rating| rating_name(speaker, *rating)).collect::<Vec<_>>();
        let about = speaker.word("phrase", "appeal_waiting").replace("{}", &about.join(" · "));
        told.push(("appeal", format!("{about}\n{}", appeal.reason)));
    }
    let excluded = quality.excluded().map(|(rating, why)| format!("{}: {why}", rating_name(speaker, rating)));
    let excluded: Vec<String> = excluded.collect();
    if !excluded.is_empty() {
        told.push(("excluded", excluded.join("\n")));
    }
    told
}

/// What somebody said, on one line.
pub fn said(speaker: &Speaker<'_>, word: &Word) -> String {
    let solved = speaker.value_of_code("choice", &word.solved);
    if word.satisfaction.is_unrated() {
        return solved;
    }
    format!("{solved} · {}", speaker.value_of_code("choice", &word.satisfaction))
}

/// Where a revisit stands, on one line.
fn revisit(speaker: &Speaker<'_>, revisit: &Revisit) -> String {
    let phrase = |code| speaker.word("phrase", code).replace("{}", &revisit.tries.to_string());
    match &revisit.word {
        Some(word) => said(speaker, word),
        None if revisit.is_waiting() && revisit.tries == 0 => phrase("revisit_first"),
        None if revisit.is_waiting() => phrase("revisit_waiting"),
        None if revisit.over => phrase("revisit_lapsed"),
        None => phrase("revisit_unreached"),
    }
}

fn rating_name(speaker: &Speaker<'_>, rating: Rating) -> String {
    speaker.word("rating", rating.code()).to_owned()
}

/// What this account may do about it now.
pub fn steps(speaker: &Speaker<'_>, asker: &Asker, kind: &Kind, subject: &Subject) -> Vec<&'static str> {
    let Body::Case(case) = &subject.body else { return Vec::new() };
    if subject.withdrawn {
        return Vec::new();
    }
    let may = |step: &str| {
        let verb = if step == "appeal_rating" { Verb::Handle } else { Verb::Oversee };
        speaker.app().permit(asker, verb, &kind.code, subject.area).is_ok()
    };
    let open = open(subject).into_iter();
    open.filter(|step| is_for(asker.actor(), asker.scope(), case, step) && may(step)).collect()
}
