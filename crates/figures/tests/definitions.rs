//! A mistake in `catalog/figures.toml` names its file and line.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use tahuang_domain::{Catalog, CatalogError};
use tahuang_figures::FigureSet;

const KINDS: &str = include_str!("../../../catalog/kinds.toml");

/// A sound definition, one key a line, so that a mistake can be put on a known one.
const SOUND: &str = "\
[[group]]
code = \"all\"
name = { zh-CN = \"全部\", en = \"All\" }

[[figure]]
code = \"closed_hazards\"
group = \"all\"
level = \"county\"
name = { zh-CN = \"隐患\", en = \"Hazards\" }
unit = { zh-CN = \"条\", en = \"each\" }
definition = { zh-CN = \"已销号的隐患。\", en = \"Closed hazards.\" }
[figure.count]
kinds = [\"hazard\"]
states = [\"closed\"]
outcomes = [\"rectified\"]
day = \"closed\"
where = { theme = [\"flood\"] }
measure = \"one\"
";

fn parse(text: &str) -> Result<FigureSet, CatalogError> {
    FigureSet::parse("figures.toml", text, &Catalog::parse("kinds.toml", KINDS).unwrap())
}

#[test]
fn a_sound_definition_is_read() {
    assert_eq!(parse(SOUND).unwrap().iter().count(), 1);
}

#[test]
fn a_mistake_names_file_and_line_and_says_what_is_wrong() {
    // What is replaced by what, on which line that is reported, with which words.
    let cases = [
        ("level = \"county\"", "level = \"galaxy\"", 8, "galaxy"),
        ("states = [\"closed\"]", "states = [\"asleep\"]", 14, "asleep"),
        ("day = \"closed\"", "day = \"yesterday\"", 16, "yesterday"),
        ("day = \"closed\"", "colour = 1", 16, "colour"),
        ("measure = \"one\"", "measure = \"many\"", 18, "many"),
        ("unit = ", "unti = ", 10, "unti"),
        ("kinds = [\"hazard\"]", "kinds = [", 14, ""),
        // What only the catalog can tell is reported at the figure's code.
        ("group = \"all\"", "group = \"none\"", 6, "no group none"),
        ("kinds = [\"hazard\"]", "kinds = [\"hazrad\"]", 6, "hazrad"),
        ("outcomes = [\"rectified\"]", "outcomes = [\"repaired\"]", 6, "no outcome repaired"),
        ("where = { theme = [\"flood\"] }", "where = { colour = [\"red\"] }", 6, "no field colour"),
        ("measure = \"one\"", "measure = { field = \"colour\" }", 6, "no field colour"),
        ("measure = \"one\"", "measure = { items = \"colour\" }", 6, "no field colour"),
        ("measure = \"one\"", "measure = \"quantity\"", 6, "another shape"),
        ("measure = \"one\"", "rated = [\"lucky\"]", 18, "lucky"),
        ("kinds = [\"hazard\"]", "kinds = [\"*\"]", 6, "*"),
        ("level = \"county\"", "level = \"county\"\nminimum = 5", 6, "ratio"),
        ("measure = \"one\"", "measure = \"people\"", 6, "another shape"),
        ("measure = \"one\"", "measure = \"received\"", 6, "another shape"),
        ("measure = \"one\"", "measure = \"allocated\"", 6, "another shape"),
        ("measure = \"one\"", "measure = { lines = { kind = \"seat\", pick = \"any\" } }", 6, "no line seat"),
        ("kinds = [\"hazard\"]", "kinds = [\"hazard\", \"training\"]", 6, "training"),
    ];
    for (sound, wrong, line, says) in cases {
        assert!(SOUND.contains(sound), "{sound}");
        let error = parse(&SOUND.replacen(sound, wrong, 1)).expect_err(wrong);
        assert_eq!((error.file.as_str(), error.line), ("figures.toml", line), "{wrong}: {error}");
        assert!(error.message.contains(says), "{wrong}: {error}");
    }
}

#[test]
fn a_figure_stands_once() {
    let figure = &SOUND[SOUND.find("[[figure]]").unwrap()..];
    let error = parse(&format!("{SOUND}{figure}")).unwrap_err();
    assert_eq!(error.line, 20, "{error}");
    assert!(error.message.contains("stands twice"), "{error}");
}

#[test]
fn the_denominator_is_checked_like_the_count() {
    let error = parse(&format!("{SOUND}[figure.denominator]\nkinds = [\"hazrad\"]\n")).unwrap_err();
    assert_eq!(error.line, 6, "{error}");
    assert!(error.message.contains("hazrad"), "{error}");
}

#[test]
fn a_count_of_places_is_no_part_of_a_ratio() {
    let units = "[figure.denominator]\nkinds = [\"unit\"]\nmeasure = { lines = { kind = \"registration\", pick = \"places\" } }\n";
    let error = parse(&format!("{SOUND}{units}")).unwrap_err();
    assert!(error.message.contains("ratio"), "{error}");
}

#[test]
fn what_is_rated_is_of_every_kind_of_case_and_of_nothing_else() {
    let rated = |kinds: &str| {
        let head = &SOUND[..SOUND.find("[figure.count]").unwrap()];
        parse(&format!("{head}[figure.count]\nkinds = [{kinds}]\nrated = [\"resolved\"]\n"))
    };
    let all = rated("\"*\"").unwrap();
    let cases = KINDS.matches("shape = \"case\"").count();
    assert_eq!(all.iter().next().unwrap().count.kinds.len(), cases);
    assert!(rated("\"unit\"").unwrap_err().message.contains("bears no marks"));
}

#[test]
fn a_ratio_below_its_minimum_has_no_value_and_a_group_may_stand_beside_the_page() {
    let ratio = SOUND.replace("level = \"county\"", "level = \"county\"\nminimum = 5");
    let ratio = ratio.replace("name = { zh-CN = \"全部\"", "printed = false\nname = { zh-CN = \"全部\"");
    let set = parse(&format!("{ratio}[figure.denominator]\nkinds = [\"hazard\"]\n")).unwrap();
    let figure = set.iter().next().unwrap();
    let value = |whole, denominator| figure.value(tahuang_figures::Sums { whole, denominator });
    assert_eq!((value(4, 4), value(4, 5).as_deref()), (None, Some("80")));
    assert_eq!(set.printed().count(), 0);
}
