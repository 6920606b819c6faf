//! An office that tells of what happens in it.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use tahuang_domain::{Action, Fields, Prefecture, SubjectId};
use tahuang_notify::channel::{Channel, ChannelError, ChannelText, Secrets, channels};
use tahuang_notify::follow::Follower;
use tahuang_notify::rules::Rules;
use tahuang_store::Outcome;
use tahuang_testkit::{Office, area};
use tempfile::TempDir;

pub const GRID_A: &str = "542521100001001";

#[derive(Deserialize)]
struct Configured {
    channel: Vec<ChannelText>,
}

/// A channel as the configuration writes it, for the whole prefecture unless it says otherwise.
pub fn channel(lines: &str) -> Result<Channel, ChannelError> {
    let place = if lines.contains("area =") { "" } else { "area = \"542500000000\"" };
    let text = format!("[[channel]]\ncode = \"duty\"\n{place}\n{lines}\n");
    let configured: Configured = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let catalog = &tahuang_app::Knowledge::bundled().unwrap().catalog;
    let secrets =
        Secrets { folder: Path::new("/nowhere"), variable: &|name| (name == "KEY").then(|| "opened".to_owned()) };
    channels(&configured.channel, catalog, &secrets).map(|mut channels| channels.remove(0))
}

pub fn follower(office: &Office, channels: Vec<Channel>) -> Follower {
    let rules = Rules::bundled(&office.app.knowledge().catalog).unwrap();
    Follower::new(Arc::clone(&office.app), Arc::new(rules), Arc::new(channels), Some("https://tahuang.example/"))
}

pub fn report(kind: &str, place: &str, title: &str) -> Action {
    Action::ReportCase {
        kind: kind.to_owned(),
        area: area(place),
        day: "2025-08-01".parse().unwrap(),
        title: title.to_owned(),
        fields: Fields::new(),
        personal: Default::default(),
    }
}

pub fn must(office: &Office, action: Action) -> SubjectId {
    let id = office.app.ids().subject();
    must_on(office, id, action);
    id
}

pub fn must_on(office: &Office, id: SubjectId, action: Action) {
    let outcome = office.act(id, action);
    assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
}

/// The outbox after so many hazards were reported; the folder with its file, and the moment at which that was done.
pub fn tell_of_hazards(count: usize, channel: &Channel) -> (TempDir, Prefecture, i64) {
    let office = Office::new();
    let follower = follower(&office, vec![channel.clone()]);
    follower.catch_up().unwrap();
    for number in 0..count {
        must(&office, report("hazard", GRID_A, &format!("#{number:03}#墙体裂缝")));
    }
    assert_eq!(follower.catch_up().unwrap(), 2 * count as u64, "a notice and a message of each");
    let now = office.app.clock().now_ms();
    let Office { app, folder, prefecture, .. } = office;
    drop((follower, app));
    (folder, prefecture, now)
}

/// The number of a hazard in what was sent of it.
pub fn number_in(text: &str) -> String {
    let (_, after) = text.split_once('#').unwrap_or_else(|| panic!("no number in {text}"));
    after.split_once('#').unwrap().0.to_owned()
}
