//! Lines, tables and pages: how Chinese and Tibetan break, what a page repeats, what is refused.

mod read;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use tahuang_press::document::{Block, Cell, Picture, Placed, Table};
use tahuang_press::style::{self, Style};
use tahuang_press::{Document, Fonts, PressError, limits, press};

use crate::read::{in_order, information, pages, squeezed, text};

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::installed(None));

fn paper(blocks: Vec<Block>) -> Document {
    let mut document = Document::new("试印");
    document.blocks = blocks;
    document
}

fn says(style: Style, text: impl Into<String>) -> Block {
    Block::Text { style, text: text.into() }
}

fn print(blocks: Vec<Block>) -> Vec<u8> {
    press(&paper(blocks), &FONTS).expect("printed")
}

/// A text in a column of so many characters.
fn column(characters: f32, text: &str) -> Vec<String> {
    let style = style::FORM;
    let width_mm = characters * style.size * 25.4 / 72.0;
    let place = Placed {
        x_mm: 20.0,
        y_mm: 20.0,
        width_mm,
        height_mm: 250.0,
        cut_marks: false,
        middle: false,
        blocks: vec![says(style, text)],
    };
    let printed = read::text(&print(vec![Block::Sheet(vec![place])]));
    printed.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
    let text = "凡事都说清楚，再写下来。先听（当事人）怎么说、《条例》怎么写；“公道”自在人心！";
    for characters in 4..20 {
        let lines = column(characters as f32, text);
        assert!(lines.len() > 1, "{lines:?}");
        assert_eq!(lines.concat(), text);
        for line in &lines {
            assert!(!line.starts_with(['，', '。', '、', '；', '）', '》', '”', '！']), "{characters}: {lines:?}");
            assert!(!line.ends_with(['（', '《', '“']), "{characters}: {lines:?}");
        }
    }
}

#[test]
fn a_closing_mark_may_stand_half_beyond_the_edge() {
    assert_eq!(column(4.5, "一二三四，五六七八。"), ["一二三四，", "五六七八。"]);
}

#[test]
fn tibetan_breaks_after_a_tsheg_and_never_inside_a_syllable() {
    let text = "མི་དམངས་འདུམ་འགྲིག་དོན་དངོས་པའི་ཐོབ་ཐང་དང་འོས་འགན་བརྡ་ཁྱབ།";
    for characters in [6.0, 8.0, 11.0, 15.0] {
        let lines = column(characters, text);
        assert!(lines.len() > 1, "{lines:?}");
        assert_eq!(lines.concat(), text);
        let (last, others) = lines.split_last().expect("lines");
        assert!(last.ends_with('།'), "{lines:?}");
        assert!(others.iter().all(|line| line.ends_with('་')), "{lines:?}");
    }
}

#[test]
fn latin_words_and_numbers_stay_whole_beside_chinese() {
    let lines = column(6.0, "补偿12000元由Tashi付清，网址tahuang见卡片");
    assert!(lines.iter().any(|line| line.contains("12000")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("Tashi")), "{lines:?}");
}

#[test]
fn a_word_longer_than_its_column_is_broken_and_not_lost() {
    let word = "x".repeat(120);
    assert_eq!(column(5.0, &word).concat(), word);
}

#[test]
fn official_bodies_have_twenty_eight_characters_in_a_line_and_twenty_two_lines_on_a_page() {
    let mut document = paper(vec![says(style::BODY.flush(), "公".repeat(28 * 22 + 1))]);
    document.area = style::OFFICIAL;
    let printed = read::text(&press(&document, &FONTS).expect("printed"));
    let sheets: Vec<Vec<&str>> =
        printed.split('\u{c}').map(|page| page.lines().filter(|line| line.contains('公')).collect()).collect();
    assert_eq!(sheets[0].len(), 22 - 1, "the last line does not stand alone on a page: {printed}");
    assert!(sheets[0].iter().all(|line| squeezed(line).chars().count() == 28), "{printed}");
    assert_eq!(sheets[1].len(), 2);
}

#[test]
fn a_table_over_three_pages_repeats_its_head_on_each_and_loses_no_row() {
    let rows = (1..=120).map(|row| vec![Cell::centered(row.to_string()), Cell::text(format!("第{row}行内容"))]);
    let table = Table { widths: vec![1.0, 4.0], head: vec!["序号".into(), "内容".into()], rows: rows.collect() };
    let bytes = print(vec![Block::Table(table)]);
    let printed = text(&bytes);
    let sheets: Vec<&str> = printed.split_terminator('\u{c}').collect();
    assert!(sheets.len() >= 3, "{} pages", sheets.len());
    for sheet in &sheets {
        assert!(squeezed(sheet).starts_with("序号内容"), "{sheet}");
    }
    let rows: Vec<String> = (1..=120).map(|row| format!("第{row}行内容")).collect();
    in_order(&printed, &rows.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_cell_higher_than_a_page_goes_on_over_the_pages() {
    let words: String = (1..=900).map(|number| format!("第{number}句说的是实情。")).collect();
    let table = Table {
        widths: vec![1.0, 3.0],
        head: vec!["项".into(), "情况".into()],
        rows: vec![vec![Cell::label("经过"), Cell::text(words.as_str())]],
    };
    let bytes = print(vec![Block::Table(table)]);
    assert!(pages(&bytes) > 2);
    // A sentence may begin on one page and end on the next, with the head of the table between.
    let printed = text(&bytes);
    assert_eq!(printed.matches('第').count(), 900);
    assert_eq!(printed.matches('。').count(), 900);
}

#[test]
fn a_heading_is_not_left_alone_at_the_foot_of_a_page() {
    for lines in 20..40 {
        let mut blocks = vec![says(style::FORM, "行\n".repeat(lines))];
        blocks.push(Block::Heading { style: style::FORM_HEADING, text: "标题".into(), entry: None });
        blocks.push(says(style::FORM, "正文".repeat(60)));
        let printed = text(&print(blocks));
        for sheet in printed.split('\u{c}') {
            assert!(!sheet.trim_end().ends_with("标题"), "with {lines} lines before: {sheet}");
        }
    }
}

#[test]
fn the_file_says_its_title_and_language_and_is_tagged() {
    let bytes = print(vec![Block::Heading { style: style::FORM_TITLE, text: "登记表".into(), entry: None }]);
    let information = information(&bytes);
    assert!(information.contains("试印"), "{information}");
    assert!(information.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")), "{information}");
    assert!(!information.contains("CreationDate"), "a paper has no clock: {information}");
    let language = b"/Lang(zh-CN)";
    assert!(bytes.windows(language.len()).any(|part| part == language));
}

#[test]
fn a_script_without_a_font_is_shown_as_boxes_and_nothing_else_is_lost() {
    let printed = text(&print(vec![says(style::FORM, "前𒀀𒀁ꡀ后")]));
    assert!(printed.contains('前') && printed.contains('后'), "{printed}");
}

#[test]
fn pictures_are_jpeg_or_png_and_damaged_ones_are_refused_by_number() {
    let picture = |bytes: &[u8]| Picture { bytes: Arc::new(bytes.to_vec()), caption: "现场".into() };
    let good = picture(include_bytes!("../../../docs/images/figures.png"));
    let refused = |bytes: &[u8]| press(&paper(vec![Block::Pictures(vec![good.clone(), picture(bytes)])]), &FONTS);
    for bytes in [&b"GIF89a"[..], b"", &good.bytes[..200], &good.bytes[..good.bytes.len() / 2], &[0xFF, 0xD8, 0xFF]] {
        assert_eq!(refused(bytes).err(), Some(PressError::PictureUnreadable(2)), "{} bytes", bytes.len());
    }
    let bytes = vec![0; limits::PICTURE_BYTES_MAX + 1];
    assert_eq!(refused(&bytes).err(), Some(PressError::PictureTooLarge(2)));
}

#[test]
fn what_is_too_much_is_refused_with_a_code() {
    let code = |blocks| press(&paper(blocks), &FONTS).err().map(|error| error.code());
    assert_eq!(code(vec![says(style::FORM, "字".repeat(limits::TEXT_BYTES_MAX / 3 + 1))]), Some("paper_too_long"));
    assert_eq!(code(vec![says(style::FORM, "\n".repeat(100_000))]), Some("paper_too_long"));
    let address = "https://tahuang.example.cn/".repeat(20);
    assert_eq!(code(vec![Block::Code { address, side_mm: 20.0 }]), Some("code_too_long"));
}

#[test]
fn without_a_font_the_refusal_names_the_package() {
    let none = Fonts::in_directories(vec![PathBuf::from("/nonexistent")]);
    let refused = press(&paper(vec![says(style::FORM, "公")]), &none).expect_err("no font");
    assert_eq!(refused.code(), "font_missing");
    assert!(refused.to_string().contains("fonts-noto-cjk"), "{refused}");

    let chinese = Fonts::in_directories(vec![PathBuf::from("/usr/share/fonts/opentype/noto")]);
    let refused = press(&paper(vec![says(style::FORM, "བོད་ཡིག")]), &chinese).expect_err("no Tibetan font");
    assert!(refused.to_string().contains("fonts-noto-core"), "{refused}");
    assert!(press(&paper(vec![says(style::FORM, "公")]), &chinese).is_ok());
}

#[test]
fn an_official_font_comes_first_where_it_is_installed() {
    let own = std::env::temp_dir().join(format!("tahuang-fonts-{}", std::process::id()));
    std::fs::create_dir_all(&own).expect("a directory");
    let file = own.join("方正小标宋简体.ttc");
    // Told by its name: any font will do as the official one.
    std::fs::copy("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", &file).expect("copied");
    let title = paper(vec![says(style::TITLE, "关于防汛工作的通知")]);
    let used = |fonts: &Fonts| read::fonts(&press(&title, fonts).expect("printed"));
    assert!(used(&FONTS).contains("NotoSerifCJKsc-Bold"), "{}", used(&FONTS));
    assert!(used(&Fonts::installed(Some(&own))).contains("NotoSansCJKsc-Bold"));
    std::fs::write(&file, b"no font").expect("written");
    let refused = press(&title, &Fonts::installed(Some(&own))).expect_err("no font");
    assert_eq!(refused, PressError::FontUnreadable(file));
    std::fs::remove_dir_all(&own).expect("removed");
}

#[test]
fn every_code_is_listed_once() {
    let mut codes = PressError::CODES.to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), PressError::CODES.len());
}

/// Characters of all planes, with many of the scripts that papers have.
fn anything() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        proptest::char::range('\u{F00}', '\u{FDA}'),
        proptest::char::range('\u{4E00}', '\u{9FFF}'),
        proptest::char::range('\u{3000}', '\u{303F}'),
        proptest::char::range('\u{600}', '\u{6FF}'),
        proptest::char::range('\u{20}', '\u{7E}'),
        Just('\n'),
    ];
    proptest::collection::vec(character, 0..120).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_written_a_paper_comes_out(texts in proptest::collection::vec(anything(), 1..6)) {
        let mut blocks: Vec<Block> = texts.iter().map(|text| says(style::BODY, text.as_str())).collect();
        let cells: Vec<Cell> = texts.iter().map(Cell::text).collect();
        blocks.push(Block::Table(Table { widths: vec![1.0; cells.len()], head: texts.clone(), rows: vec![cells] }));
        blocks.push(Block::Pairs(texts.iter().map(|text| (text.clone(), text.clone())).collect()));
        blocks.push(Block::Heading { style: style::FORM_TITLE, text: texts[0].clone(), entry: None });
        blocks.push(Block::Contents);
        let document = paper(blocks);
        let first = press(&document, &FONTS);
        prop_assert!(first.is_ok(), "{:?}", first.err());
        prop_assert!(first == press(&document, &FONTS));
    }
}
