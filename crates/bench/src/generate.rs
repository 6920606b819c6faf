//! Records as a prefecture would enter them, from a seed.

use serde_json::json;
use tahuang_app::{Ids, SystemIds};
use tahuang_domain::command::Ended;
use tahuang_domain::{Action, AreaCode, Command, Day, Fields};
use tahuang_testkit::Random;

const TITLES: [&str; 12] = [
    "电杆倾斜",
    "墙体裂缝",
    "消火栓无水",
    "疏散通道堆放杂物",
    "泥石流沟淤堵",
    "护栏缺失",
    "建议增设垃圾点",
    "希望延长诊所时间",
    "反映路灯损坏",
    "双方因草场边界发生争执",
    "疏通水渠",
    "维修村道",
];

/// A new record of one of several kinds, somewhere in `places`.
pub fn command(random: &mut Random, ids: &dyn Ids, places: &[AreaCode]) -> Command {
    let area = places[random.below(places.len())];
    let day = Day::new(2025, 1 + random.below(12) as i8, 1 + random.below(28) as i8).unwrap_or_else(|| unreachable!());
    let title = format!("{}（{}）", TITLES[random.below(TITLES.len())], random.below(100_000));
    let fields = |pairs: &[(&str, &str)]| -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
    };
    let action = match random.below(10) {
        0..=2 => Action::ReportCase {
            kind: ["hazard", "suggestion", "dispute"][random.below(3)].to_owned(),
            area,
            day,
            title,
            fields: Fields::new(),
            personal: Default::default(),
        },
        3..=5 => Action::TranscribeCase {
            kind: "hazard".to_owned(),
            area,
            day,
            title,
            fields: fields(&[("category", "消防"), ("measure", "限期整改")]),
            handler: None,
            ended: Some(Ended { day, outcome: "rectified".to_owned() }),
        },
        6 | 7 => Action::RecordActivity {
            kind: "household_visit".to_owned(),
            area,
            day,
            until: None,
            title,
            people: Some(random.below(40) as i64),
            fields: fields(&[("theme", "flood")]),
        },
        _ => Action::RecordFact {
            kind: "signboards_removed".to_owned(),
            area,
            day,
            title,
            quantity: random.below(30) as i64,
            fields: fields(&[("category", "制度牌")]),
        },
    };
    Command { id: ids.command(), subject: ids.subject(), revision: None, source: None, action }
}

/// Bodies of 100 commands each, in villages of the prefecture.
pub fn bodies(commands: usize, seed: u64) -> Vec<(usize, String)> {
    let csv = std::fs::read_to_string("demo/divisions-tibet.csv").unwrap();
    let codes = csv.lines().filter(|line| line.starts_with("5425") && line.trim_end().ends_with(",village"));
    let places: Vec<AreaCode> = codes.map(|line| line[..12].parse().unwrap()).collect();
    let (mut random, ids) = (Random(seed), SystemIds::default());
    let mut bodies = Vec::with_capacity(commands / 100 + 1);
    let mut left = commands;
    while left > 0 {
        let count = left.min(100);
        let batch: Vec<Command> = (0..count).map(|_| command(&mut random, &ids, &places)).collect();
        bodies.push((count, json!({ "prefecture": "542500000000", "commands": batch }).to_string()));
        left -= count;
    }
    bodies
}
