//! Refused rows: mended in place, by a heading that a person explains, or in the ledger itself.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod desk;

use tahuang_app::Asker;
use tahuang_app::figures::At;
use tahuang_intake::Verdict;

use desk::{Desk, HAZARDS, Rows, refused, workbook};

#[test]
fn a_heading_that_nobody_knows_is_mapped_by_a_person_and_the_kept_rows_are_mended_by_it() {
    let desk = Desk::new();
    let book = workbook(
        "普兰县安全隐患.xlsx",
        &[(
            "普兰县",
            &[
                &["序号", "乡(镇)", "村(社区)", "险情一览", "发现时间", "整改完成时间", "是否销号"],
                &["1", "普兰镇", "多油村", "墙体裂缝", "2025-03-03", "2025-03-09", "是"],
            ],
        )],
    );
    let report = desk.import(&book);
    assert_eq!(report.rows[0].refusal.as_ref().map(|(code, _)| code.as_str()), Some("missing_column"));
    assert_eq!(report.missing, [("content".to_owned(), "隐患描述".to_owned())]);
    assert_eq!(desk.waiting().len(), 1);
    let report = desk.import_with(&book, &[("险情一览", "隐患描述")]).remove(0);
    assert_eq!(report.count(Verdict::Accepted), 1);
    assert_eq!(desk.figure("hazards_rectified"), "1");
    assert_eq!(desk.waiting(), [], "the row that was kept is this record now");
}

#[test]
fn workbooks_of_one_name_keep_each_their_own_refused_rows() {
    let desk = Desk::new();
    let book = |what: &'static str, day: &'static str| {
        workbook(
            "安全隐患台账.xlsx",
            &[(
                "Sheet1",
                &[
                    &["普兰县安全隐患排查整治台账"],
                    &HAZARDS,
                    &["1", "普兰镇", "多油村", "消防", what, day, "2025-03-02", "是"],
                ],
            )],
        )
    };
    desk.import(&book("甲村的灭火器缺失", "某日"));
    desk.import(&book("乙村的电线私拉乱接", "某日"));
    desk.import(&book("丙村的疏散通道堆放杂物", "2025-03-01"));
    assert_eq!(desk.waiting().len(), 2, "another office's good row mends nobody's bad one");
    let report = desk.import(&book("甲村的灭火器缺失", "2025-03-01"));
    assert_eq!((report.count(Verdict::Accepted), desk.waiting().len()), (1, 1), "but the mended row mends its own");
}

#[test]
fn a_refused_row_is_mended_in_place_and_neither_the_old_nor_the_mended_file_counts_it_again() {
    let desk = Desk::new();
    let boards = |quantity: &'static str| {
        workbook(
            "挂牌.xlsx",
            &[(
                "挂牌清理",
                &[
                    &["序号", "县(区)", "乡(镇)", "村(社区)", "牌子类别", "数量(块)", "清理时间"],
                    &["1", "普兰县", "普兰镇", "多油村", "制度牌", "17", "2025.2.11"],
                    &["2", "普兰县", "普兰镇", "多油村", "其他", quantity, "2025.4.20"],
                ],
            )],
        )
    };
    desk.import(&boards("若干"));
    let waiting = desk.waiting();
    assert_eq!(waiting.iter().map(|(row, code, _)| (*row, code.as_str())).collect::<Vec<_>>(), [(3, "bad_number")]);
    let board = desk.office.app.figures(&Asker::Console, desk.office.prefecture.area(), At::Now).unwrap();
    let missing: Vec<&str> =
        board.figures.iter().filter(|value| value.refused_rows > 0).map(|value| value.figure.code.as_str()).collect();
    assert_eq!(missing, ["signboards_removed"], "only the figure that the row would count in lacks it");
    let id = waiting[0].2;
    assert_eq!(desk.fix(id, &[("数量(块)", "很多")]), refused("bad_number", "数量(块)"));
    assert_eq!(desk.figure("signboards_removed"), "17");
    desk.fix(id, &[("数量(块)", "6块")]).unwrap();
    assert_eq!(desk.figure("signboards_removed"), "23");
    assert_eq!(desk.waiting(), []);
    let position = desk.position();
    let report = desk.import(&boards("若干"));
    assert_eq!((report.count(Verdict::Refused), desk.position()), (0, position), "a person has dealt with it");
    desk.import(&boards("6"));
    assert_eq!(desk.figure("signboards_removed"), "23");
}

#[test]
fn an_attendance_whose_village_was_wrong_is_mended_with_its_training() {
    let desk = Desk::new();
    let trainings: Rows<'_> = &[
        &["阿里地区村(社区)主干培训班次台账"],
        &["序号", "班次", "主办单位", "地点", "开始日期", "结束日期", "参训人次"],
        &["1", "蹲点式培训(陕西)", "地委党校", "延安市", "2025-03-01", "2025-03-09", "1"],
        &["2", "能力提升培训", "学习福建经验工作组", "地委党校", "2025-04-01", "2025-04-09", "1"],
    ];
    let attendances: Rows<'_> = &[
        &["参训人员名册"],
        &["序号", "班次", "姓名", "县(区)", "乡(镇)", "村(社区)", "职务"],
        &["1", "蹲点式培训(陕西)", "洛桑旺久", "普兰县", "普兰镇", "没有的村", "书记"],
        &["2", "能力提升培训", "尼玛拉姆", "普兰县", "普兰镇", "多油村", "主任"],
    ];
    desk.import_with(&workbook("培训.xlsx", &[("参训人员", attendances), ("培训班次", trainings)]), &[]);
    assert_eq!(desk.figure("away_trainees"), "0", "a host's name does not make a training an away one");
    let waiting = desk.waiting();
    assert_eq!(waiting.len(), 1);
    assert_eq!(desk.fix(waiting[0].2, &[("没有这一列", "x")]), refused("unknown_heading", "没有这一列"));
    desk.fix(waiting[0].2, &[("村(社区)", "多油村")]).unwrap();
    assert_eq!((desk.figure("away_trainees").as_str(), desk.figure("training_attendances").as_str()), ("1", "2"));
}

#[test]
fn a_mended_movement_of_a_stock_counts_beside_the_one_that_was_accepted() {
    let desk = Desk::new();
    desk.import(&workbook(
        "红马甲.xlsx",
        &[(
            "红马甲",
            &[
                &["序号", "县(区)", "数量(件)", "制作时间"],
                &["1", "普兰县", "456", "2025-03-19"],
                &["2", "普兰县", "若干", "2025-03-19"],
            ],
        )],
    ));
    desk.fix(desk.waiting()[0].2, &[("数量(件)", "44")]).unwrap();
    assert_eq!(desk.figure("vests_made"), "500");
}

#[test]
fn a_row_whose_record_is_there_already_is_marked_and_counts_no_second_time() {
    let desk = Desk::new();
    let ledger = |quantity: &str, category: &str| {
        let rows: Rows<'_> = &[
            &["序号", "县(区)", "类别", "数量(块)", "清理时间"],
            &["1", "普兰县", "制度牌", "17", "2025-03-01"],
            &["2", "普兰县", category, quantity, "2025-03-02"],
        ];
        workbook("牌子.xlsx", &[("普兰县", rows)])
    };
    desk.import_with(&ledger("很多", "宣传牌"), &[]);
    let (_, _, id) = desk.waiting()[0];
    // Two cells differ: the ledger alone cannot tell that it is the row that waits.
    desk.import_with(&ledger("6", "制度牌"), &[]);
    assert_eq!(desk.waiting().len(), 1);
    assert_eq!(desk.figure("signboards_removed"), "23");
    desk.fix(id, &[("数量(块)", "6"), ("类别", "制度牌")]).unwrap();
    assert_eq!((desk.figure("signboards_removed").as_str(), desk.waiting().len()), ("23", 0));
}

#[test]
fn another_months_row_in_a_sheet_of_the_same_name_mends_nothing() {
    let desk = Desk::new();
    let ledger = |rows: Rows<'_>| {
        let mut all: Vec<&[&str]> = vec![&["序号", "县(区)", "类别", "数量(块)", "清理时间"]];
        all.extend(rows);
        workbook("牌子.xlsx", &[("普兰县", &all)])
    };
    desk.import(&ledger(&[
        &["1", "普兰县", "制度牌", "17", "2025-03-01"],
        &["2", "普兰县", "制度牌", "很多", "2025-03-02"],
        &["3", "普兰县", "制度牌", "不少", "2025-03-02"],
    ]));
    assert_eq!(desk.waiting().len(), 2);
    desk.import(&ledger(&[
        &["1", "普兰县", "制度牌", "9", "2025-04-01"],
        &["2", "普兰县", "宣传牌", "8", "2025-04-02"],
    ]));
    assert_eq!(desk.waiting().len(), 2, "other rows, and not those that wait");
    desk.import(&ledger(&[&["1", "普兰县", "制度牌", "6", "2025-03-02"]]));
    assert_eq!(desk.waiting().len(), 1, "one row mends one row");
}
