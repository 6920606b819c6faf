//! The dossier of a mediation (人民调解卷宗): every paper that stands on a dispute as a line, in the order of the catalog,
//! behind a cover and a contents page.

use std::collections::HashMap;

use tahuang_app::{Asker, RecordView};
use tahuang_domain::catalog::LineKind;
use tahuang_domain::subject::Line;
use tahuang_domain::{AreaCode, Day, Event, Kind, Language, Level, Period, Subject};
use tahuang_press::Document;
use tahuang_press::document::Signature;
use tahuang_press::forms::agreement::{Agreement, Party};
use tahuang_press::forms::dossier::{Dossier, Paper, Part, dossier};
use tahuang_press::forms::rights_notice::RightsNotice;
use tahuang_press::words::Languages;

use crate::door::Door;
use crate::problem::ApiError;
use crate::speaker::Speaker;
use crate::{lines, paper};

/// What stands for personal data that was erased.
const ERASED: &str = "（个人信息已依申请删除）";
/// What stands for a number until the dossier is filed.
const UNNUMBERED: &str = "（归档时编号）";

/// The dossier of a dispute as paper, with what its parties said opened.
///
/// # Errors
/// When something sealed or a file cannot be read.
pub fn document(door: &Door, asker: &Asker, view: &RecordView, kind: &Kind) -> Result<Document, ApiError> {
    let writer = Writer { door, view, kind, speaker: Speaker::new(door, Language::ZhCn) };
    let mut papers = Vec::new();
    for of in &kind.lines {
        // Who the parties are stands in each paper; that they showed who they are is one.
        let standing: Vec<&Line> = writer.subject().standing_lines().filter(|line| line.kind == of.code).collect();
        match of.code.as_str() {
            _ if standing.is_empty() => {}
            "party" => papers.push(writer.parties(of, &standing)?),
            "filing" => {}
            _ => {
                for line in standing {
                    papers.push(writer.paper(of, line)?);
                }
            }
        }
    }
    papers.extend(writer.attached(asker)?);
    Ok(dossier(&writer.cover(papers)?))
}

struct Writer<'d> {
    door: &'d Door,
    view: &'d RecordView,
    kind: &'d Kind,
    speaker: Speaker<'d>,
}

impl Writer<'_> {
    fn subject(&self) -> &Subject {
        &self.view.subject
    }

    fn lines(&self, kind: &str) -> impl Iterator<Item = &Line> {
        self.subject().standing_lines().filter(move |line| line.kind == kind)
    }

    /// A personal value as it was typed; something says so when it was erased or never given.
    fn opened(&self, line: &Line, field: &str) -> Result<String, ApiError> {
        let Some(sealed) = line.sealed.get(field) else { return Ok(ERASED.to_owned()) };
        let opened = self.door.app.unseal(self.view.prefecture, self.view.id, sealed)?;
        Ok(opened.unwrap_or_else(|| ERASED.to_owned()))
    }

    /// The open fields of a line, as they are called and as they are read.
    fn rows(&self, of: &LineKind, line: &Line) -> Vec<(String, String)> {
        let fields = lines::fields(&self.speaker, of, line, &HashMap::new());
        fields.into_iter().map(|field| (field.name, field.value.replace('\n', "、"))).collect()
    }

    fn texts(&self, line: &Line, field: &str) -> Vec<String> {
        let values = line.fields.get(field).and_then(|value| value.as_array()).into_iter().flatten();
        values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
    }

    fn text(&self, line: &Line, field: &str) -> String {
        line.fields.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    }

    fn names_of_parties(&self) -> Result<Vec<String>, ApiError> {
        self.lines("party").map(|party| self.opened(party, "name")).collect()
    }

    fn mediators(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for line in self.lines("mediation_record").chain(self.lines("agreement")) {
            for name in self.texts(line, "mediators").into_iter().filter(|name| !name.is_empty()) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The parties were spoken to in Tibetan, so they read what they sign in it too.
    fn languages(&self) -> Languages {
        let tibetan = self.lines("rights_notice").any(|notice| self.text(notice, "language") != "zh");
        if tibetan { Languages::ChineseAndTibetan } else { Languages::Chinese }
    }

    fn was_erased(&self) -> bool {
        self.view.history.iter().any(|entry| matches!(entry.record.event, Event::PersonalDataErased { .. }))
    }

    /// Committees are of villages and above (人民调解法, art. 8); a grid has none.
    fn committee_area(&self) -> AreaCode {
        let area = self.subject().area;
        area.lineage().find(|above| above.level() <= Level::Village).unwrap_or(area)
    }

    fn number(&self) -> String {
        self.lines("filing").last().map_or_else(|| UNNUMBERED.to_owned(), |filing| self.text(filing, "number"))
    }

    fn cover(&self, papers: Vec<Paper>) -> Result<Dossier, ApiError> {
        let filing = self.lines("filing").last();
        let of = self.kind.line("filing");
        let retention = filing.zip(of).and_then(|(filing, of)| Some((of.form.field("retention")?, filing)));
        let retention = retention
            .and_then(|(field, filing)| Some(self.speaker.field_value(field, filing.fields.get("retention")?)));
        let mediated = self.lines("agreement").chain(self.lines("mediation_record")).find_map(|line| line.day);
        let erased = self.was_erased();
        Ok(Dossier {
            committee: format!("{}人民调解委员会", self.speaker.path(self.committee_area()).replace(" › ", "")),
            title: self.subject().title.clone(),
            number: self.number(),
            parties: self.names_of_parties()?,
            mediators: self.mediators(),
            mediated: mediated.map(date),
            filer: filing.map(|filing| self.text(filing, "filed_by")).unwrap_or_default(),
            filed: filing.and_then(|filing| filing.day).map(date),
            retention: retention.unwrap_or_default(),
            note: if erased { "当事人已申请删除个人信息。".to_owned() } else { String::new() },
            papers,
        })
    }

    /// Who the parties are, and which document of identity each of them showed.
    fn parties(&self, of: &LineKind, parties: &[&Line]) -> Result<Paper, ApiError> {
        let mut parts = Vec::new();
        for party in parties {
            let mut rows = vec![("姓名（名称）".to_owned(), self.opened(party, "name")?)];
            rows.extend(self.rows(of, party));
            rows.extend(self.reached(of, party)?);
            parts.push(Part::Rows(rows));
        }
        parts.push(Part::Note("身份证明由调解员当面核对，只记录核对情况，不留存证件号码。".to_owned()));
        Ok(Paper::new("当事人身份证明核对情况", None, parts))
    }

    /// Where a party is reached, as far as it was given.
    fn reached(&self, of: &LineKind, party: &Line) -> Result<Vec<(String, String)>, ApiError> {
        let given =
            of.form.personal.iter().filter(|field| field.code != "name" && party.sealed.contains_key(&field.code));
        given.map(|field| Ok((self.speaker.names(&field.name).to_owned(), self.opened(party, &field.code)?))).collect()
    }

    fn paper(&self, of: &LineKind, line: &Line) -> Result<Paper, ApiError> {
        let day = line.day.map(date);
        match of.code.as_str() {
            "rights_notice" => {
                let notice = RightsNotice { number: self.number(), parties: self.names_of_parties()? };
                Ok(Paper { day, ..Paper::rights(notice, self.languages()) })
            }
            "agreement" if self.text(line, "form") == "written" => {
                Ok(Paper::agreement(self.agreement(of, line)?, day, self.languages()))
            }
            "agreement" => {
                let mut paper = self.plain("人民调解口头协议登记表", of, line, &["调解员"])?;
                let effect = "口头调解协议自各方当事人达成协议之日起生效（《中华人民共和国人民调解法》第三十条）。";
                paper.parts.push(Part::Note(effect.to_owned()));
                Ok(paper)
            }
            "judicial_confirmation" => {
                let agreed = self.lines("agreement").filter_map(|agreement| agreement.day).last();
                let Some(effective) = agreed.or(line.day) else {
                    return self.plain("司法确认情况", of, line, &[]);
                };
                let then = self.kind.line("agreement").and_then(|agreement| agreement.then.as_ref());
                let days = Period::Days(then.map_or(0, |then| then.days));
                let last = self.door.app.knowledge().calendar.due(effective, days);
                let mut rows = vec![("申请日期".to_owned(), line.day.map(|day| day.to_string()).unwrap_or_default())];
                rows.extend(self.rows(of, line));
                Ok(Paper::confirmation(date(effective), date(last), rows))
            }
            "inquiry" => self.plain("人民调解调查记录", of, line, &["被调查人", "调查人", "记录人"]),
            "mediation_record" => self.plain("人民调解记录", of, line, &["当事人", "调解员", "记录人"]),
            "application" => self.plain("人民调解受理登记表", of, line, &["登记人"]),
            "revisit_record" => self.plain("人民调解回访记录", of, line, &["回访人"]),
            _ => self.plain(self.speaker.names(&of.names), of, line, &["记录人"]),
        }
    }

    /// A paper of labels with values, then what was said, then places to sign.
    fn plain(&self, title: &str, of: &LineKind, line: &Line, sign: &[&str]) -> Result<Paper, ApiError> {
        let mut parts = vec![Part::Rows(self.rows(of, line))];
        // What need not be said and was not is left out; what was erased is said to be.
        let erased = line.sealed.is_empty() && !of.form.personal.is_empty() && self.was_erased();
        for field in of.form.personal.iter().filter(|field| erased || line.sealed.contains_key(&field.code)) {
            parts.push(Part::Heading(self.speaker.names(&field.name).to_owned()));
            parts.push(Part::Text(self.opened(line, &field.code)?));
        }
        let mut places = Vec::new();
        for role in sign {
            let place = |name: String, fingerprint| Signature {
                role: (*role).to_owned(),
                name,
                fingerprint,
                day: true,
                ..Signature::default()
            };
            match *role {
                "当事人" => places.extend(self.names_of_parties()?.into_iter().map(|name| place(name, true))),
                "调解员" => places.extend(self.mediators().into_iter().map(|name| place(name, false))),
                _ => places.push(place(String::new(), false)),
            }
        }
        parts.push(Part::Signatures(places));
        Ok(Paper::new(title, line.day.map(date), parts))
    }

    fn agreement(&self, of: &LineKind, line: &Line) -> Result<Agreement, ApiError> {
        let mut parties = Vec::new();
        for party in self.lines("party") {
            let rows = self.kind.line("party").map(|of| self.reached(of, party)).transpose()?.unwrap_or_default();
            parties.push(Party { name: self.opened(party, "name")?, rows });
        }
        let manner = ["manner", "keep_by"].into_iter().filter_map(|code| {
            let field = of.form.field(code)?;
            let value = self.speaker.field_value(field, line.fields.get(code)?);
            Some((self.speaker.names(&field.name).to_owned(), value))
        });
        let terms = self.opened(line, "terms")?;
        Ok(Agreement {
            number: self.number(),
            parties,
            facts: self.opened(line, "facts")?,
            issues: String::new(),
            liability: String::new(),
            terms: terms.lines().map(str::trim).filter(|term| !term.is_empty()).map(str::to_owned).collect(),
            manner: manner.map(|(name, value)| format!("{name}：{value}")).collect::<Vec<_>>().join("；"),
            mediators: self.texts(line, "mediators"),
            recorder: String::new(),
        })
    }

    /// Pictures that were attached, and the names of other files, which are kept beside the paper.
    fn attached(&self, asker: &Asker) -> Result<Option<Paper>, ApiError> {
        let (pictures, others) = paper::pictures(self.door, asker, self.view)?;
        let others: Vec<_> = others.into_iter().map(|name| ("另存文件".to_owned(), name)).collect();
        if pictures.is_empty() && others.is_empty() {
            return Ok(None);
        }
        let mut parts = Vec::new();
        if !others.is_empty() {
            parts.push(Part::Rows(others));
        }
        if !pictures.is_empty() {
            parts.push(Part::Pictures(pictures));
        }
        Ok(Some(Paper::new("证据材料和其他附件", None, parts)))
    }
}

fn date(day: Day) -> jiff::civil::Date {
    day.date()
}
