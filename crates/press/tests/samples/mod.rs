//! One filled-in paper of each form, with people who do not exist.

#![allow(dead_code, reason = "each test takes the samples that it needs")]

use std::sync::Arc;

use jiff::civil::{Date, date};
use tahuang_press::document::{Document, Picture, Signature};
use tahuang_press::forms::agreement::{Agreement, Party};
use tahuang_press::forms::check_notice::{CheckNotice, FailedItem, check_notice};
use tahuang_press::forms::check_sheet::{CheckSheet, CheckedItem, Found, check_sheet};
use tahuang_press::forms::contact_cards::{ContactCard, contact_cards};
use tahuang_press::forms::dossier::{Dossier, Paper, Part, dossier};
use tahuang_press::forms::minutes::{Finding, Minutes, Present, minutes};
use tahuang_press::forms::report_slip::{ReportSlip, report_slip};
use tahuang_press::forms::rights_notice::{RightsNotice, rights_notice};
use tahuang_press::forms::service_card::{Service, ServiceCard, service_card};
use tahuang_press::forms::unit_quarter::{Activity, UnitQuarter, Wish, unit_quarter};
use tahuang_press::words::Languages;

/// All forms with their names.
pub fn all() -> Vec<(&'static str, Document)> {
    let both = Languages::ChineseAndTibetan;
    vec![
        ("contact_cards", contact_cards(&vec![card(); 12], both).expect("twelve cards")),
        ("contact_cards_zh", contact_cards(&[card()], Languages::Chinese).expect("one card")),
        ("dossier", dossier(&a_dossier())),
        ("rights_notice", rights_notice(&rights(), both)),
        ("check_notice", check_notice(&notice(), both)),
        ("check_notice_zh", check_notice(&notice(), Languages::Chinese)),
        ("check_sheet", check_sheet(&sheet())),
        ("report_slip", report_slip(&slip())),
        ("service_card", service_card(&service())),
        ("unit_quarter", unit_quarter(&quarter())),
        ("minutes", minutes(&joint())),
    ]
}

fn day(year: i16, month: i8, day: i8) -> Option<Date> {
    Some(date(year, month, day))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn rows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
}

pub fn card() -> ContactCard {
    ContactCard {
        area: "札达县托林镇托林居委会".into(),
        area_bo: "རྩ་མདའ་རྫོང་མཐོ་ལྡིང་གྲོང་རྡལ།".into(),
        organisation: "托林居委会便民服务站".into(),
        duty: texts(&["顿珠旺久", "卓玛央金"]),
        telephone: "199-0897-1234".into(),
        address: "https://tahuang.example.cn/r/542522100001".into(),
    }
}

pub fn rights() -> RightsNotice {
    RightsNotice { number: "（2026）札人调字第3号".into(), parties: texts(&["扎西顿珠", "次仁旺堆"]) }
}

pub fn agreement() -> Agreement {
    let party = |name: &str, address: &str| Party {
        name: name.into(),
        rows: rows(&[
            ("性别", "男"),
            ("年龄", "46"),
            ("职业", "牧民"),
            ("住址", address),
            ("联系电话", "199-0897-0001"),
        ]),
    };
    Agreement {
        number: "（2026）札人调字第3号".into(),
        parties: vec![party("扎西顿珠", "托林镇托林居委会一组"), party("次仁旺堆", "（已依本人要求删除）")],
        facts:
            "2026年5月2日，扎西顿珠的十二头牦牛越过围栏，进入次仁旺堆承包的冬季草场，采食约三天。次仁旺堆发现后将牛群\
                赶回，双方就草场损失发生争执。"
                .into(),
        issues: "一、草场损失如何计算；二、围栏由谁修复、何时修复。".into(),
        liability: "围栏年久失修，双方均有管护责任；牛群未及时看管，扎西顿珠负主要责任。".into(),
        terms: texts(&[
            "扎西顿珠补偿次仁旺堆草场损失人民币1200元（大写：壹仟贰佰元整）。",
            "破损的围栏（约300米）由双方于2026年6月底前共同修复，材料由村委会协调。",
            "今后每年转场前，双方共同检查围栏一次。",
        ]),
        manner: "补偿款于2026年6月10日前以现金一次付清，村委会见证。".into(),
        mediators: texts(&["洛桑平措", "格桑卓嘎"]),
        recorder: "德吉".into(),
    }
}

pub fn a_dossier() -> Dossier {
    let sign = |role: &str, name: &str, fingerprint| Signature {
        role: role.into(),
        name: name.into(),
        fingerprint,
        day: true,
        ..Signature::default()
    };
    let inquiry = "问：你家的牛是哪天进的草场？\n答：大概是五月二日早上。围栏有一段倒了，我没有发现。\n问：有多少头？\n\
                   答：十二头，都是母牛。རང་ཁྱིམ་གྱི་ནོར་རེད།\n问：吃了几天？\n答：他说三天，我看是两天多。";
    Dossier {
        committee: "札达县托林镇人民调解委员会".into(),
        title: "扎西顿珠与次仁旺堆草场损失纠纷".into(),
        number: "（2026）札人调字第3号".into(),
        parties: texts(&["扎西顿珠", "次仁旺堆"]),
        mediators: texts(&["洛桑平措", "格桑卓嘎"]),
        mediated: day(2026, 5, 20),
        filer: "德吉".into(),
        filed: day(2026, 7, 3),
        retention: "长期".into(),
        note: String::new(),
        papers: vec![
            Paper::new(
                "人民调解受理登记表",
                day(2026, 5, 6),
                vec![
                    Part::Rows(rows(&[
                        ("申请方式", "书面申请"),
                        ("受理日期", "2026年5月6日"),
                        ("申请人", "次仁旺堆"),
                        ("被申请人", "扎西顿珠"),
                        ("纠纷类型", "草场纠纷"),
                        ("发生地点", "托林居委会冬季草场"),
                        (
                            "纠纷简要情况",
                            "牦牛越过围栏进入他人承包的冬季草场，采食约三天，双方就损失多少、围栏由谁修复发生争执，申请人请求调解。",
                        ),
                        ("处理意见", "属于人民调解范围，双方同意调解，予以受理。"),
                    ])),
                    Part::Signatures(vec![
                        sign("申请人（签名）", "次仁旺堆", true),
                        sign("登记人（签名）", "德吉", false),
                    ]),
                ],
            ),
            Paper::rights(rights(), Languages::ChineseAndTibetan),
            Paper::new(
                "身份证明",
                day(2026, 5, 6),
                vec![
                    Part::Text("经核对，双方当事人身份证件与本人相符；复印件不留存。".into()),
                    Part::Signatures(vec![sign("核对人（签名）", "德吉", false)]),
                ],
            ),
            Paper::new(
                "人民调解调查记录",
                day(2026, 5, 9),
                vec![
                    Part::Rows(rows(&[
                        ("调查时间", "2026年5月9日 10时"),
                        ("调查地点", "托林居委会冬季草场"),
                        ("调查人", "洛桑平措"),
                        ("被调查人", "扎西顿珠"),
                        ("翻译", "格桑卓嘎"),
                    ])),
                    Part::Text(inquiry.into()),
                    Part::Pictures(vec![picture("倒伏的围栏，约300米"), picture("采食痕迹")]),
                    Part::Signatures(vec![sign("被调查人（签名）", "", true), sign("调查人（签名）", "", false)]),
                ],
            ),
            Paper::new(
                "人民调解记录",
                day(2026, 5, 20),
                vec![
                    Part::Text(
                        "调解员先后听取双方陈述，讲明草原法的有关规定，组织双方到现场丈量。双方均表示愿意互相谅解。"
                            .repeat(6),
                    ),
                    Part::Signatures(vec![sign("当事人（签名）", "", true), sign("当事人（签名）", "", true)]),
                ],
            ),
            Paper::agreement(agreement(), day(2026, 5, 20), Languages::ChineseAndTibetan),
            Paper::new(
                "人民调解口头协议登记表",
                None,
                vec![Part::Rows(rows(&[("有无口头协议", "无，已订立书面协议"), ("备注", "")]))],
            ),
            Paper::new(
                "协议履行情况",
                day(2026, 6, 10),
                vec![Part::Rows(rows(&[("补偿款", "2026年6月9日已付清"), ("围栏", "2026年6月25日修复")]))],
            ),
            Paper::new(
                "人民调解回访记录",
                day(2026, 7, 1),
                vec![
                    Part::Rows(rows(&[
                        ("回访方式", "上门"),
                        ("回访人", "洛桑平措"),
                        ("回访情况", "协议已全部履行，双方无异议。"),
                    ])),
                    Part::Signatures(vec![sign("被回访人（签名）", "", true), sign("回访人（签名）", "", false)]),
                ],
            ),
            Paper::confirmation(date(2026, 5, 20), date(2026, 6, 19), rows(&[("是否申请", "双方未申请")])),
            Paper::new("备考表", None, vec![Part::Note("本卷共10件。".into())]),
        ],
    }
}

/// A dossier of some thirty pages: a dispute that was mediated in several rounds.
pub fn a_long_dossier() -> Dossier {
    let mut long = a_dossier();
    let rounds = long.papers.clone();
    long.papers.extend(rounds.iter().cloned());
    let said = "调解员分别听取双方意见，核对丈量结果，讲明有关规定。双方同意先修围栏，再议补偿。\n".repeat(50);
    long.papers.push(Paper::new("人民调解记录（续）", day(2026, 5, 21), vec![Part::Text(said)]));
    long
}

pub fn notice() -> CheckNotice {
    let item = |what: &str, clause: &str, demand: &str, deadline| FailedItem {
        what: what.into(),
        clause: clause.into(),
        demand: demand.into(),
        deadline,
    };
    CheckNotice {
        number: "札消告〔2026〕17号".into(),
        unit: "托林镇古格路 雪莲茶馆".into(),
        place: "札达县托林镇古格路27号一层、二层".into(),
        day: day(2026, 11, 20),
        items: vec![
            item("一层灭火器只有一具，且压力不足", "消防检查第1项", "每层配备两具4公斤干粉灭火器", day(2026, 11, 27)),
            item("二层疏散通道堆放杂物", "消防检查第7项", "清除杂物，保持通道畅通", None),
            item(
                "厨房液化气软管老化龟裂，接头用铁丝绑扎，旁边堆放纸箱和食用油",
                "消防检查第10项",
                "更换合格的金属软管，易燃物移到安全距离以外",
                day(2026, 11, 30),
            ),
        ],
        recheck: day(2026, 12, 1),
        officers: texts(&["普布次仁", "央宗"]),
        contact: "托林镇消防工作站 199-0897-0119".into(),
    }
}

pub fn sheet() -> CheckSheet {
    let items = [
        ("灭火器：每层两具4公斤，压力正常", Found::Unsound, "一层只有一具"),
        ("应急照明灯完好", Found::Sound, ""),
        ("疏散指示标志完好", Found::Sound, ""),
        ("独立式感烟报警器正常", Found::Sound, ""),
        ("员工会报警、会使用灭火器、会疏散", Found::Sound, ""),
        ("没有违规住人", Found::Sound, ""),
        ("疏散通道、安全出口畅通", Found::Unsound, "二层通道堆放杂物，当场清除"),
        ("门窗没有影响逃生的栅栏", Found::Sound, ""),
        ("没有使用易燃可燃夹芯板", Found::Sound, ""),
        ("用火、用电、用气没有违规", Found::Unsound, "软管老化"),
        ("室外消火栓有水、能用", Found::NotThere, ""),
    ];
    CheckSheet {
        title: "九小场所消防安全检查表".into(),
        number: "札消检〔2026〕42号".into(),
        unit: "托林镇古格路 雪莲茶馆".into(),
        place: "札达县托林镇古格路27号".into(),
        day: day(2026, 11, 20),
        officers: texts(&["普布次仁", "央宗"]),
        present: "店主 白玛".into(),
        items: items
            .iter()
            .map(|(what, found, note)| CheckedItem { what: (*what).into(), found: *found, note: (*note).into() })
            .collect(),
        remark: "不合格的3项另发告知单。".into(),
    }
}

pub fn slip() -> ReportSlip {
    ReportSlip {
        number: "第12号".into(),
        unit: "札达县水利局党支部".into(),
        community: "托林镇托林居委会".into(),
        day: day(2026, 3, 5),
        members: Some(14),
        contact: "次央".into(),
        telephone: "199-0897-2210".into(),
        offers: "人畜饮水管道检修、冬季防冻知识宣讲、政策双语宣讲".into(),
        community_contact: "顿珠旺久".into(),
        community_telephone: "199-0897-1234".into(),
    }
}

pub fn service() -> ServiceCard {
    ServiceCard {
        number: "第12号".into(),
        unit: "札达县水利局党支部".into(),
        community: "托林镇托林居委会".into(),
        contact: "次央".into(),
        telephone: "199-0897-2210".into(),
        offers: "人畜饮水管道检修".into(),
        services: vec![Service { day: day(2026, 3, 12), title: "检修三组取水点，更换阀门两个".into() }],
    }
}

pub fn quarter() -> UnitQuarter {
    UnitQuarter {
        unit: "札达县水利局党支部".into(),
        community: "托林镇托林居委会".into(),
        year: 2026,
        quarter: 2,
        activities: vec![
            Activity {
                day: day(2026, 4, 9),
                title: "检修三组取水点".into(),
                place: "三组".into(),
                members: 6,
                reached: 41,
            },
            Activity {
                day: day(2026, 5, 16),
                title: "防汛知识双语宣讲".into(),
                place: "居委会".into(),
                members: 4,
                reached: 65,
            },
        ],
        wishes: vec![
            Wish { title: "给牛圈接一盏灯".into(), claimed: day(2026, 4, 10), fulfilled: day(2026, 4, 18) },
            Wish {
                title: "想学用手机给在外上学的孩子视频".into(), claimed: day(2026, 6, 2), fulfilled: None
            },
        ],
    }
}

pub fn joint() -> Minutes {
    let person = |name: &str, organisation: &str, office: &str| Present {
        name: name.into(),
        organisation: organisation.into(),
        office: office.into(),
    };
    Minutes {
        title: "“共护边境线”联合巡查活动记录".into(),
        number: "札联〔2026〕5号".into(),
        day: day(2026, 8, 14),
        place: "底雅乡什布奇村".into(),
        organisations: texts(&["底雅乡党委", "什布奇村党支部", "县林草局党支部", "边境派出所党支部"]),
        present: vec![
            person("旦增罗布", "底雅乡党委", "副书记"),
            person("尼玛", "什布奇村党支部", "书记"),
            person("索朗多吉", "县林草局党支部", "组织委员"),
        ],
        findings: vec![
            Finding {
                place: "什布奇村东侧便道".into(),
                found: "路基被融雪水冲出缺口，约4米".into(),
                measure: "当日报乡政府，列入道路维修".into(),
            },
            Finding { place: "边境林带".into(), found: "未发现火情隐患".into(), measure: "—".into() },
        ],
        text: "各单位商定：每季度联合巡查一次，由什布奇村党支部牵头；便道缺口由林草局协调机械，村里出劳力。".into(),
        photos: vec![picture("便道缺口"), picture("联合巡查"), picture("林带")],
        recorder: "尼玛".into(),
    }
}

pub fn picture(caption: &str) -> Picture {
    Picture { bytes: Arc::new(PNG.to_vec()), caption: caption.into() }
}

const PNG: &[u8] = include_bytes!("../../../../docs/images/figures.png");
