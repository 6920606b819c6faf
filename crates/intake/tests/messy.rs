//! What other counties send: other words, other order, blank lines, ledgers that grow.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook as Written};
use tahuang_app::Asker;
use tahuang_app::figures::At;
use tahuang_domain::{Action, Grant};
use tahuang_figures::Part;
use tahuang_intake::{Import, SheetReport, Verdict, Workbook};
use tahuang_testkit::area;

use desk::{Desk, HAZARDS, Rows, codes, contact_cards, refused, workbook};

#[test]
fn other_words_another_order_and_blank_lines_before_the_heading_are_read() {
    let desk = Desk::new();
    let report = desk.import(&workbook(
        "普兰县隐患.xlsx",
        &[(
            "Sheet1",
            &[
                &["普兰县 安全隐患 排查情况"],
                &[],
                &["编号", "隐患内容", "排查日期", "行政村", "所在乡镇", "整改情况", "销号时间"],
                &["1", "墙体裂缝", "20250303", "多油村", "普兰镇", "整改到位", "2025.3.9"],
                &["2", "电杆倾斜", "2025年3月4日", "岗莎", "巴嘎乡", "正在整改", ""],
                &["合 计", "", "2"],
                &["注：截至三月底。"],
            ],
        )],
    ));
    assert_eq!(report.ledger.as_deref(), Some("hazards"), "{:?}", report.columns);
    assert_eq!(
        (report.count(Verdict::Accepted), report.count(Verdict::Refused), report.totals),
        (2, 0, 1),
        "{:?}",
        report.rows
    );
    assert_eq!(desk.figure("hazards_rectified"), "1");
}

#[test]
fn a_sheet_that_is_no_known_ledger_is_kept_row_by_row_and_a_page_of_notes_is_not() {
    let desk = Desk::new();
    let reports = desk.import_with(
        &workbook(
            "杂项.xlsx",
            &[
                ("车辆", &[&["车牌", "车型", "里程"], &["藏F00001", "皮卡", "12000"]]),
                ("填表说明", &[&["请如实填写。"], &["电话请写手机号。"]]),
            ],
        ),
        &[],
    );
    assert_eq!(reports[0].rows[0].refusal.as_ref().map(|(code, _)| code.as_str()), Some("unknown_ledger"));
    assert_eq!(reports[1].rows.len(), 0);
}

#[test]
fn rows_that_differ_in_one_cell_are_two_records_and_a_row_that_repeats_one_is_a_duplicate() {
    let desk = Desk::new();
    let sheet: Rows<'_> = &[
        &["防汛安全入户走访宣传台账"],
        &["序号", "开展时间", "乡(镇)", "村(社区)", "内容", "参加人数"],
        &["1", "2025-07-10", "普兰镇", "多油村", "入户走访", "12"],
        &["2", "2025-07-10", "普兰镇", "多油村", "入户走访", "9"],
        &["3", "2025.7.10", "普兰镇", "多油村", "入户走访", "12人"],
        &["4", "2025/7/10", "普兰镇", "多油村", "入户走访", "9"],
    ];
    let report = desk.import(&workbook("入户.xlsx", &[("入户宣传", sheet)]));
    let codes = codes(&report);
    assert_eq!(codes, [None, None, None, Some("duplicate")], "the same day written otherwise is the same day");
    assert_eq!(desk.figure("flood_household_visits"), "3");
}

#[test]
fn a_ledger_that_grew_or_was_corrected_changes_its_own_records_and_counts_nothing_twice() {
    let desk = Desk::new();
    desk.import(&contact_cards("12张"));
    assert_eq!(desk.figure("contact_cards"), "12");
    desk.import(&contact_cards("15"));
    assert_eq!(desk.figure("contact_cards"), "15", "the same sheet corrects itself");
    let position = desk.position();
    assert_eq!(desk.import(&contact_cards("15")).count(Verdict::Unchanged), 1);
    assert_eq!(desk.position(), position);
    for quantity in ["12", "15", "12", "9"] {
        desk.import(&contact_cards(quantity));
        assert_eq!(desk.figure("contact_cards"), quantity, "a ledger may go back to what it said at first");
    }

    let vests = |quantity: &'static str| {
        let sheet: Rows<'_> = &[&["序号", "县(区)", "数量(件)", "制作时间"], &["1", "普兰县", quantity, "2025-03-19"]];
        workbook("红马甲.xlsx", &[("红马甲", sheet)])
    };
    desk.import(&vests("456"));
    desk.import(&vests("470套"));
    assert_eq!(desk.figure("vests_made"), "470", "goods that were counted wrongly are not counted twice");
    let sites = |money: &'static str| {
        workbook(
            "示范点.xlsx",
            &[(
                "示范点",
                &[
                    &["序号", "县(区)", "乡(镇)", "村(社区)", "示范点名称", "投入资金(万元)", "完成时间"],
                    &["1", "普兰县", "普兰镇", "多油村", "多油村示范点", money, "2025-03-19"],
                ],
            )],
        )
    };
    desk.import(&sites("19.6"));
    desk.import(&sites("205000元"));
    assert_eq!(desk.figure("demonstration_investment"), "205000");

    let hazards = |closed: &'static str, finished: &'static str| {
        workbook(
            "隐患.xlsx",
            &[(
                "普兰县",
                &[
                    &["普兰县安全隐患排查整治台账"],
                    &HAZARDS,
                    &["1", "普兰镇", "多油村", "消防", "灭火器缺失", "2025-03-01", finished, closed],
                ],
            )],
        )
    };
    desk.import(&hazards("整改中", ""));
    assert_eq!(desk.figure("hazards_rectified"), "0");
    desk.import(&hazards("是", "2025-03-05"));
    assert_eq!(desk.figure("hazards_rectified"), "1");
}

#[test]
fn a_person_has_the_last_word_over_the_ledger_that_entered_the_record() {
    let desk = Desk::new();
    desk.import(&contact_cards("12"));
    let app = &desk.office.app;
    let records = app
        .figure_records(
            &Asker::Console,
            ("contact_cards", Part::Whole),
            desk.office.prefecture.area(),
            At::Now,
            None,
            9,
        )
        .unwrap();
    desk.office.act(
        records[0].row.subject,
        Action::Correct {
            area: None,
            day: None,
            title: None,
            quantity: Some(11),
            fields: Default::default(),
            reason: "清点为11张".to_owned(),
        },
    );
    for quantity in ["12", "15"] {
        desk.import(&contact_cards(quantity));
        assert_eq!(desk.figure("contact_cards"), "11");
    }
}

#[test]
fn a_corrected_result_replaces_the_earlier_one_and_namesakes_in_one_list_are_two_people() {
    let desk = Desk::new();
    let results = |passed: &'static str| {
        workbook(
            "测评.xlsx",
            &[(
                "国家通用语言测评",
                &[
                    &["序号", "姓名", "县(区)", "乡(镇)", "村(社区)", "测评日期", "结果"],
                    &["1", "洛桑旺久", "普兰县", "普兰镇", "多油村", "2025-04-28", passed],
                    &["2", "扎西", "普兰县", "普兰镇", "多油村", "2025-04-28", "合格"],
                    &["3", "扎西", "普兰县", "普兰镇", "多油村", "2025-04-28", "不合格"],
                    &["4", "尼玛", "普兰县", "普兰镇", "多油村", "2025-04-28", "待定"],
                ],
            )],
        )
    };
    let report = desk.import(&results("不合格"));
    assert_eq!(report.count(Verdict::Refused), 1, "nobody knows yet whether 待定 is a pass");
    assert_eq!(desk.figure("language_pass_rate"), "33.33");
    desk.import(&results("合格"));
    assert_eq!(desk.figure("language_pass_rate"), "66.67");
    let position = desk.position();
    desk.import(&results("合格"));
    assert_eq!(desk.position(), position);
    desk.import(&results("不合格"));
    assert_eq!(desk.figure("language_pass_rate"), "33.33");
}

#[test]
fn a_heading_on_every_printed_page_and_a_second_table_lose_no_row() {
    let desk = Desk::new();
    let title: &[&str] = &["普兰县安全隐患排查整治台账"];
    let row = |number: &'static str, what: &'static str| {
        [number, "普兰镇", "多油村", "消防", what, "2025-03-01", "2025-03-02", "是"]
    };
    let (one, two, three) = (row("1", "安全隐患甲"), row("2", "安全隐患乙"), row("3", "安全隐患丙"));
    let pages: Rows<'_> = &[title, &HAZARDS, &one, &two, title, &HAZARDS, &three];
    let report = desk.import(&workbook("隐患.xlsx", &[("普兰县", pages)]));
    assert_eq!((report.count(Verdict::Accepted), report.remarks), (3, 2), "{:?}", report.rows);
    let tables: Rows<'_> = &[
        &["防汛救灾工作部署会议台账"],
        &["序号", "开展时间", "乡(镇)", "村(社区)", "会议内容", "参加人数"],
        &["1", "2025-06-01", "普兰镇", "多油村", "工作部署", "20"],
        &["2", "2025-06-02", "普兰镇", "多油村", "工作部署", "20"],
        &["防汛抢险应急演练台账"],
        &["序号", "开展时间", "乡(镇)", "村(社区)", "演练内容", "参演人数"],
        &["1", "2025-06-03", "普兰镇", "多油村", "应急演练", "20"],
    ];
    let reports = desk.import_with(&workbook("防汛.xlsx", &[("会议和演练", tables)]), &[]);
    assert_eq!(reports.iter().map(|report| report.count(Verdict::Accepted)).collect::<Vec<_>>(), [2, 1]);
    assert_eq!((desk.figure("flood_meetings").as_str(), desk.figure("flood_drills").as_str()), ("2", "1"));
}

#[test]
fn only_what_is_rectified_counts_as_rectified() {
    let desk = Desk::new();
    let words = ["已上报", "已安排整改", "已部分整改", "已整改一半", "已逾期未整改", "已移交", "整改中", "已整改", "√"];
    let rows: Vec<[String; 8]> = words
        .iter()
        .enumerate()
        .map(|(index, word)| {
            let day = "2025-03-01".to_owned();
            let (place, kind) = ("多油村".to_owned(), "消防".to_owned());
            [
                index.to_string(),
                "普兰镇".to_owned(),
                place,
                kind,
                format!("隐患{word}"),
                day.clone(),
                day,
                (*word).to_owned(),
            ]
        })
        .collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let mut sheet: Vec<&[&str]> = vec![&HAZARDS];
    sheet.extend(rows.iter().map(Vec::as_slice));
    desk.import(&workbook("普兰县安全隐患.xlsx", &[("普兰县", &sheet)]));
    assert_eq!(desk.figure("hazards_rectified"), "2");
}

#[test]
fn another_files_row_of_the_same_day_place_and_title_is_another_record() {
    let desk = Desk::new();
    let visits = |file: &str, people: &'static str| {
        workbook(
            file,
            &[(
                "入户宣传",
                &[
                    &["序号", "开展时间", "乡(镇)", "村(社区)", "走访内容", "参加人数"],
                    &["1", "2025-07-10", "普兰镇", "多油村", "入户走访", people],
                ],
            )],
        )
    };
    desk.import(&visits("甲队入户.xlsx", "12"));
    desk.import(&visits("乙队入户.xlsx", "30"));
    assert_eq!(desk.figure("flood_household_visits"), "2");
    let position = desk.position();
    desk.import(&visits("甲队入户.xlsx", "12"));
    desk.import(&visits("乙队入户.xlsx", "30"));
    assert_eq!((desk.figure("flood_household_visits").as_str(), desk.position()), ("2", position));
}

#[test]
fn the_same_village_name_in_two_townships_needs_the_township() {
    let desk = Desk::new();
    let register = |code: &str, name: &str| tahuang_domain::Action::RegisterEntry {
        kind: "area".to_owned(),
        area: area(code),
        name: name.to_owned(),
        from: None,
        fields: Default::default(),
        personal: Default::default(),
    };
    for (code, name) in [("542521100202", "雄巴村"), ("542521200202", "雄巴村委会")] {
        desk.office.act(desk.office.app.ids().subject(), register(code, name));
    }
    let report = desk.import(&workbook(
        "隐患.xlsx",
        &[(
            "普兰县",
            &[
                &["普兰县安全隐患排查整治台账"],
                &HAZARDS,
                &["1", "巴嘎乡", "雄巴村", "消防", "灭火器缺失", "2025-03-01", "2025-03-02", "√"],
                &["2", "", "雄巴", "消防", "灭火器缺失", "2025-03-01", "2025-03-02", "√"],
                &["3", "普兰镇", "没有的村", "消防", "灭火器缺失", "2025-03-01", "2025-03-02", "√"],
            ],
        )],
    ));
    let codes = codes(&report);
    assert_eq!(codes, [None, Some("ambiguous_area"), Some("unknown_area")]);
    for (row, code, id) in desk.waiting() {
        let village = if code == "ambiguous_area" { "雄巴" } else { "没有的村" };
        assert_eq!(desk.fix(id, &[("村(社区)", village)]), refused(&code, "村(社区)"), "row {row}");
    }
    let board = desk.office.app.figures(&Asker::Console, area("542521200202"), At::Now).unwrap();
    assert_eq!(
        board.figures.iter().find(|value| value.figure.code == "hazards_rectified").unwrap().value.as_deref(),
        Some("1")
    );
}

#[test]
fn telephone_numbers_stand_open_nowhere() {
    let desk = Desk::new();
    desk.import(&workbook(
        "花名册.xlsx",
        &[(
            "花名册",
            &[
                &[
                    "序号",
                    "姓名",
                    "性别",
                    "选派单位",
                    "类别",
                    "县(区)",
                    "乡(镇)",
                    "派驻村(社区)",
                    "到岗时间",
                    "联系电话",
                ],
                &[
                    "1",
                    "达瓦曲珍",
                    "男",
                    "县民政局 19912345678",
                    "第一书记",
                    "普兰县",
                    "普兰镇",
                    "多油村",
                    "2025.1.13",
                    "19954998578",
                ],
                &[
                    "2",
                    "边巴欧珠",
                    "男",
                    "县民政局",
                    "第一书记",
                    "普兰县",
                    "普兰镇",
                    "没有的村19912345678",
                    "2025.1.13",
                    "19901377795",
                ],
            ],
        )],
    ));
    assert_eq!(desk.figure("posted_staff"), "1");
    for file in std::fs::read_dir(desk.office.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for number in ["19912345678", "19954998578", "19901377795"] {
            assert!(!bytes.windows(11).any(|window| window == number.as_bytes()), "{number}");
        }
    }
}

#[test]
fn a_totals_row_in_a_merged_cell_and_a_merged_village_are_understood() {
    let desk = Desk::new();
    let mut written = Written::new();
    let sheet = written.add_worksheet().set_name("普兰县").unwrap();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 7, "普兰县安全隐患排查整治台账", &plain).unwrap();
    for (column, heading) in HAZARDS.iter().enumerate() {
        sheet.write(1, column as u16, *heading).unwrap();
    }
    sheet.merge_range(2, 1, 4, 1, "普兰镇", &plain).unwrap();
    sheet.merge_range(2, 2, 4, 2, "多油村", &plain).unwrap();
    for row in 2..4_u32 {
        sheet.write(row, 0, row - 1).unwrap();
        sheet.write(row, 4, format!("隐患{row}")).unwrap();
        sheet.write(row, 5, "2025-03-01").unwrap();
        sheet.write(row, 7, "否").unwrap();
    }
    // A prepared line with its number and nothing else.
    sheet.write(4, 0, 3).unwrap();
    sheet.merge_range(5, 0, 5, 3, "合计", &plain).unwrap();
    sheet.write(5, 5, 2).unwrap();
    let book = Workbook::from_bytes("隐患.xlsx", &written.save_to_buffer().unwrap()).unwrap();
    let report = desk.import(&book);
    assert_eq!((report.rows.len(), report.count(Verdict::Accepted), report.totals), (2, 2, 1), "{:?}", report.rows);
}

#[test]
fn a_county_office_brings_in_its_own_grids_and_the_units_that_report_to_it() {
    let desk = Desk::new();
    let office = Asker::Account {
        id: desk.office.app.ids().subject(),
        grant: Grant { role: "county_officer".to_owned(), scope: area("542521000000") },
    };
    let headings = BTreeMap::new();
    let import = Import { app: &desk.office.app, ledgers: &desk.ledgers, asker: &office, headings: &headings };
    let book = workbook(
        "普兰县.xlsx",
        &[
            (
                "网格",
                &[
                    &["普兰县网格及网格党组织台账"],
                    &["序号", "乡(镇)", "村(社区)", "网格名称", "党组织名称", "组织类别", "成立时间"],
                    &["1", "普兰镇", "多油村", "多油村第二网格", "多油村第二网格党支部", "党支部", "2016.3.18"],
                ],
            ),
            (
                "报到单位",
                &[
                    &["序号", "单位名称", "县(区)", "乡(镇)", "村(社区)", "报到时间"],
                    &["1", "地区水利局第一党支部", "普兰县", "普兰镇", "多油村", "2025-03-01"],
                    &["2", "地区水利局第一党支部", "普兰县", "普兰镇", "吉让居委会", "2025-03-02"],
                    &["3", "地区水利局第一党支部", "措勤县", "措勤镇", "门东居委会", "2025-03-02"],
                ],
            ),
        ],
    );
    let reports = import.run(&book, &mut |_, _| {}).unwrap();
    let refusals = |report: &SheetReport| -> Vec<Option<String>> {
        report.rows.iter().map(|row| row.refusal.as_ref().map(|(code, _)| code.clone())).collect()
    };
    assert_eq!(refusals(&reports[0]), [None]);
    assert_eq!(refusals(&reports[1]), [None, None, Some("not_permitted".to_owned())], "not for another county");
    assert_eq!((desk.figure("units_reported").as_str(), desk.figure("grid_party_organisations").as_str()), ("1", "1"));
}

#[test]
fn what_stands_under_a_heading_that_nobody_knows_stays_out_of_the_journal() {
    let desk = Desk::new();
    desk.import(&workbook(
        "隐患.xlsx",
        &[(
            "普兰县",
            &[
                &["普兰县安全隐患排查整治台账"],
                &["序号", "乡(镇)", "村(社区)", "隐患描述", "发现时间", "户主姓名", "民族", "银行卡号"],
                &["1", "普兰镇", "多油村", "墙体裂缝", "2025-03-01", "扎西顿珠某", "某某族", "6222020200112233445x"],
            ],
        )],
    ));
    let rows = desk.office.app.store().journal(desk.office.prefecture, 1, 1_000).unwrap();
    let journal: String = rows.into_iter().map(|row| String::from_utf8(row.bytes).unwrap()).collect();
    assert!(journal.contains("墙体裂缝"));
    for open in ["扎西顿珠某", "某某族", "6222020200112233445", "银行卡号"] {
        assert!(!journal.contains(open), "{open}");
    }
}

#[test]
fn a_long_description_beside_merged_cells_is_a_record_and_a_sentence_below_the_table_is_a_remark() {
    let desk = Desk::new();
    let long = "多油村至科迦村方向约三公里处边坡多处开裂，雨后有碎石滚落，威胁过往车辆和放牧群众安全，建议立即设置警示标志并组织专业队伍排查";
    let mut written = Written::new();
    let sheet = written.add_worksheet().set_name("普兰县").unwrap();
    let plain = Format::new();
    for (column, heading) in HAZARDS.iter().enumerate() {
        sheet.write(0, column as u16, *heading).unwrap();
    }
    for (column, text) in [(1, "普兰镇"), (2, "多油村"), (3, "地质"), (5, "2025-03-01"), (7, "否")] {
        sheet.merge_range(1, column, 2, column, text, &plain).unwrap();
    }
    sheet.write(1, 4, "护栏缺失").unwrap();
    sheet.write(2, 4, long).unwrap();
    sheet.merge_range(3, 0, 3, 7, long, &plain).unwrap();
    let book = Workbook::from_bytes("隐患.xlsx", &written.save_to_buffer().unwrap()).unwrap();
    let report = desk.import(&book);
    assert_eq!((report.count(Verdict::Accepted), report.remarks), (2, 1), "{:?}", report.rows);
}

#[test]
fn a_sheet_that_was_not_read_is_said_so_and_its_rows_are_counted() {
    let desk = Desk::new();
    let mut written = Written::new();
    written.add_worksheet().set_name("两列").unwrap().write(0, 0, "甲").unwrap();
    let lists = written.add_worksheet().set_name("下拉").unwrap().set_hidden(true);
    lists.write(0, 0, "是").unwrap();
    lists.write(1, 0, "否").unwrap();
    let book = Workbook::from_bytes("杂.xlsx", &written.save_to_buffer().unwrap()).unwrap();
    let reports = desk.import_with(&book, &[]);
    let said: Vec<_> = reports.iter().map(|report| (report.hidden, report.remarks)).collect();
    assert_eq!(said, [(false, 1), (true, 2)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_stands_in_the_cells_every_row_is_accepted_or_kept(cells in proptest::collection::vec("[一-龥0-9年月日./，、（） -]{0,14}", 40)) {
        let desk = Desk::new();
        let mut rows: Vec<Vec<&str>> = vec![HAZARDS.to_vec()];
        for line in cells.chunks(5) {
            // A number and a description, so that no line is a blank or a remark.
            rows.push(vec!["7", &line[0], &line[1], "消防", "隐患甲乙丙", &line[2], &line[3], &line[4]]);
        }
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let report = desk.import(&workbook("普兰县安全隐患.xlsx", &[("普兰县", &rows)]));
        prop_assert_eq!(report.rows.len(), 8);
        let kept = desk.waiting().len() as u64;
        prop_assert_eq!(report.count(Verdict::Refused), kept);
        prop_assert_eq!(report.count(Verdict::Accepted) + kept, 8);
    }
}
