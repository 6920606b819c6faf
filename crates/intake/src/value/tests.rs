use super::*;

fn text(text: &str) -> CellValue {
    CellValue::Text(text.into())
}

#[test]
fn every_way_to_write_a_day_is_read() {
    let expected = Day::new(2025, 1, 13);
    let written = [
        "2025/01/13",
        "2025/1/13",
        "2025.1.13",
        "2025-01-13",
        "2025年1月13日",
        "2025年01月13号",
        "2025年1月13",
        "20250113",
        "２０２５年１月１３日",
        "２０２５．１．１３",
        "2025 年 1 月 13 日",
        " 2025-1-13 ",
        "2025-01-13 00:00:00",
        "2025-01-13T09:30:00",
        "2025/1/13 9:30",
        "2025年1月13日上午",
        "2025年1月13日 下午3点半",
        "2025年1月13日(星期一)",
        "2025年1月13日 星期一",
        "2025.01.13日",
        "2025。1。13",
        "二〇二五年一月十三日",
        "45670",
        "45670.5",
    ];
    for written in written {
        assert_eq!(day(&text(written)), expected, "{written}");
    }
    assert_eq!(day(&CellValue::Number(45_670.0)), expected);
    assert_eq!(day(&CellValue::Number(45_670.25)), expected);
    assert_eq!(day(&CellValue::Number(20_250_113.0)), expected);
    assert_eq!(day(&CellValue::Day(expected.unwrap())), expected);
}

#[test]
fn what_is_no_day_is_not_read() {
    let written = [
        "2025年13月5日",
        "2025-02-30",
        "2025.8",
        "2025年8月",
        "8月5日",
        "25.8.5",
        "上半年",
        "2025",
        "2025.1.13.5",
        "2025-01-135",
        "2025年1月13日至15日",
        "2025-01-13/2025-01-15",
        "1025-01-13",
        "",
        "/",
        "今年",
        "2025年",
        "12",
        "20251301",
    ];
    for written in written {
        assert_eq!(day(&text(written)), None, "{written}");
    }
    for number in [0.0, 12.0, 2_025.0, -5.0, 1e12, 20_251_301.0] {
        assert_eq!(day(&CellValue::Number(number)), None, "{number}");
    }
}

#[test]
fn counts_are_whole_and_not_negative() {
    let unit = |unit: &str| matches!(unit, "块" | "张" | "人次" | "千克");
    let cases = [
        ("12", Some(12)),
        ("12块", Some(12)),
        ("12 张", Some(12)),
        ("１２人次", Some(12)),
        ("1,200", Some(1_200)),
        ("1，200", Some(1_200)),
        ("十二", Some(12)),
        ("12.0", Some(12)),
        ("1.2万", Some(12_000)),
        ("共12块", Some(12)),
        ("0", Some(0)),
        ("若干", None),
        ("-4", None),
        ("1.5", None),
        ("约20", None),
        ("20余", None),
        ("12只羊", None),
        ("", None),
        ("99999999999999999999", None),
    ];
    for (written, expected) in cases {
        assert_eq!(count(&text(written), &unit), expected, "{written}");
    }
    assert_eq!(count(&CellValue::Number(-4.0), &unit), None);
    assert_eq!(count(&CellValue::Number(1.5), &unit), None);
    assert_eq!(count(&CellValue::Number(12.0), &unit), Some(12));
    assert_eq!(count(&CellValue::Bool(true), &unit), None);
}

#[test]
fn the_unit_in_a_cell_wins_over_the_heading() {
    let ten_thousand = 10_000;
    assert_eq!(money(&CellValue::Number(19.6), ten_thousand), Some(19_600_000));
    assert_eq!(money(&text("19.6"), ten_thousand), Some(19_600_000));
    assert_eq!(money(&text("19.6万元"), 1), Some(19_600_000));
    assert_eq!(money(&text("19.6万"), ten_thousand), Some(19_600_000));
    assert_eq!(money(&text("196000元"), ten_thousand), Some(19_600_000));
    assert_eq!(money(&text("196,000元整"), ten_thousand), Some(19_600_000));
    assert_eq!(money(&text("¥196000"), 1), Some(19_600_000));
    assert_eq!(money(&CellValue::Number(0.01), 1), Some(1));
    for wrong in ["若干", "-1", "0.001元", "19.6美元", ""] {
        assert_eq!(money(&text(wrong), 1), None, "{wrong}");
    }
}

#[test]
fn names_are_separated_in_every_way_and_counted_once() {
    let cases: [(&str, &[&str]); 9] = [
        ("扎西、巴桑", &["扎西", "巴桑"]),
        ("扎西，巴桑；达瓦", &["扎西", "巴桑", "达瓦"]),
        ("扎西 巴桑 达瓦", &["扎西", "巴桑", "达瓦"]),
        ("扎西\n巴桑/达瓦", &["扎西", "巴桑", "达瓦"]),
        ("李 明", &["李明"]),
        ("扎西、扎西", &["扎西"]),
        ("扎西(大)、扎西(小)", &["扎西(大)", "扎西(小)"]),
        ("扎西、巴桑等5人", &["扎西", "巴桑"]),
        (" 、 ", &[]),
    ];
    for (written, expected) in cases {
        assert_eq!(names(written), expected, "{written}");
    }
}

#[test]
fn measures_are_counted_by_their_numbers() {
    let cases: [(&str, &[&str]); 10] = [
        ("1.公开财务；\n2.整顿；\n3.选优；", &["公开财务", "整顿", "选优"]),
        ("1、公开财务 2、整顿", &["公开财务", "整顿"]),
        ("（1）公开财务；（2）整顿。", &["公开财务", "整顿"]),
        ("①公开财务②整顿", &["公开财务", "整顿"]),
        ("一是公开财务；二是整顿", &["公开财务", "整顿"]),
        ("一、公开财务\n二、整顿", &["公开财务", "整顿"]),
        ("1.公开财务；接受监督\n2.整顿", &["公开财务;接受监督", "整顿"]),
        ("公开财务\n整顿", &["公开财务", "整顿"]),
        ("公开财务；整顿", &["公开财务", "整顿"]),
        ("提高1.5倍，投入 2.5万", &["提高1.5倍,投入 2.5万"]),
    ];
    for (written, expected) in cases {
        assert_eq!(list(written), expected, "{written}");
    }
}

#[test]
fn choices_take_the_best_fitting_word() {
    let choices: Vec<(Pattern, String)> =
        [("是", "yes"), ("√", "yes"), ("已整改*", "yes"), ("未*", "no"), ("*中", "no"), ("y", "yes")]
            .into_iter()
            .map(|(word, code)| (Pattern::new(word, choice_text), code.to_owned()))
            .collect();
    let cases = [
        ("是", Some("yes")),
        (" 是。", Some("yes")),
        ("√", Some("yes")),
        ("Ｙ", Some("yes")),
        ("已整改到位", Some("yes")),
        ("未整改", Some("no")),
        ("整改中", Some("no")),
        ("也许", None),
        ("", None),
    ];
    for (written, expected) in cases {
        assert_eq!(choice(written, &choices), expected, "{written}");
    }
}
