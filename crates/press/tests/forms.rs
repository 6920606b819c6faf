//! Every form, printed and read back: what was put in comes out, in order, in both scripts, and always the same.

mod read;
mod samples;

use jiff::civil::date;
use tahuang_press::forms::contact_cards::contact_cards;
use tahuang_press::forms::dossier::Paper;
use tahuang_press::words::Languages;
use tahuang_press::{Document, Fonts, PressError, limits, press};

use crate::read::{in_order, pages, text};

fn printed(name: &str) -> Vec<u8> {
    let (_, document) = samples::all().into_iter().find(|(other, _)| *other == name).expect("a form of that name");
    press(&document, &Fonts::installed(None)).expect("printed")
}

#[test]
fn every_form_gives_the_same_bytes_twice() {
    let fonts = Fonts::installed(None);
    for (name, document) in samples::all() {
        let first = press(&document, &fonts).expect(name);
        let second = press(&document, &Fonts::installed(None)).expect(name);
        assert!(first == second, "{name} differs from itself");
    }
}

#[test]
fn a_contact_card_says_all_it_was_given_in_both_languages() {
    let bytes = printed("contact_cards");
    assert_eq!(pages(&bytes), 2);
    in_order(
        &text(&bytes),
        &[
            "便民联系卡 མང་ཚོགས་འབྲེལ་གཏུག་བྱང་བུ།",
            "札达县托林镇托林居委会",
            "རྩ་མདའ་རྫོང་མཐོ་ལྡིང་གྲོང་རྡལ།",
            "托林居委会便民服务站",
            "值班：顿珠旺久、卓玛央金",
            "199-0897-1234",
            "扫码提意见、报困难、报隐患，不用下载，不用登录",
            "མཉེན་ཆས་ཕབ་མི་དགོས། ཐོ་འགོད་མི་དགོས།",
            "扫一扫",
            "བཤེར་རོགས།",
        ],
    );
    assert!(!text(&printed("contact_cards_zh")).contains("བཤེར"));
}

#[test]
fn a_thousand_cards_are_a_hundred_pages_and_one_more_is_refused() {
    let cards = vec![samples::card(); limits::CARDS_MAX];
    let document = contact_cards(&cards, Languages::ChineseAndTibetan).expect("a thousand");
    let bytes = press(&document, &Fonts::installed(None)).expect("printed");
    assert_eq!(pages(&bytes), 100);
    assert!(bytes.len() < 8 * 1_024 * 1_024, "{} bytes", bytes.len());
    let refused = contact_cards(&vec![samples::card(); limits::CARDS_MAX + 1], Languages::Chinese).map(drop);
    assert_eq!(refused.map_err(|error| error.code()), Err("paper_too_long"));
}

#[test]
fn a_card_with_long_names_is_set_smaller_and_refused_when_nothing_helps() {
    let mut card = samples::card();
    card.organisation = "托林居委会便民服务站与新时代文明实践站".repeat(2);
    let print = |card| {
        let document = contact_cards(&[card], Languages::ChineseAndTibetan).expect("one card");
        press(&document, &Fonts::installed(None))
    };
    in_order(&text(&print(card.clone()).expect("smaller")), &["与新时代文明实践站", "扫码提意见"]);
    card.organisation = card.organisation.repeat(20);
    assert!(matches!(print(card), Err(PressError::DoesNotFit(text)) if text.starts_with("便民联系卡")));
}

#[test]
fn a_dossier_has_cover_contents_with_pages_and_its_papers_in_order() {
    let bytes = printed("dossier");
    let all = text(&bytes);
    in_order(
        &all,
        &[
            "札达县托林镇人民调解委员会",
            "人民调解卷宗",
            "扎西顿珠与次仁旺堆草场损失纠纷",
            "（2026）札人调字第3号",
            "洛桑平措、格桑卓嘎",
            "2026年5月20日",
            "2026年7月3日",
            "长期",
            "卷内目录",
            "人民调解受理登记表",
            "人民调解受理登记表",
            "པའི་ཐོབ་ཐང་དང་འོས་འགན་བརྡ་ཁྱབ།",
            "选择或者接受人民调解员",
            "རང་ཁྱིམ་གྱི་ནོར་རེད།",
            "倒伏的围栏，约300米",
            "མི་དམངས་འདུམ་འགྲིག་མཐུན་གྲོས་ཡི་གེ",
            "（已依本人要求删除）",
            "1200元（大写：壹仟贰佰元整）。",
            "签名、盖章或者按指印",
            "协议履行情况",
            "申请截止日期2026年6月19日",
            "备考表",
        ],
    );
    // The contents name the page that the paper then is on.
    let sheets: Vec<&str> = all.split('\u{c}').collect();
    let lines = read::lines(&bytes);
    let contents = lines.split('\u{c}').nth(1).expect("contents").lines();
    let contents = contents.filter(|line| line.contains("人民调解协议书")).collect::<String>();
    let number: usize = contents.split_whitespace().last().expect("a page number").parse().expect("digits");
    let found = sheets.iter().skip(2).position(|sheet| sheet.trim_start().starts_with("人民调解协议书"));
    assert_eq!(found.map(|index| index + 1), Some(number), "{contents}");
    assert!(read::squeezed(sheets[number + 1]).contains(&format!("—{number}—")), "{}", sheets[number + 1]);
    assert!(!sheets[0].contains('—') && !sheets[1].contains('—'), "cover and contents have no number");
}

#[test]
fn judicial_confirmation_is_asked_for_within_thirty_days() {
    let paper = Paper::confirmation(date(2026, 5, 20), date(2026, 6, 19), Vec::new());
    assert_eq!(paper.title, "司法确认情况");
    assert!(format!("{paper:?}").contains("三十日内共同向人民法院申请司法确认"));
}

#[test]
fn a_notice_tells_and_does_not_order() {
    let bytes = printed("check_notice");
    assert_eq!(pages(&bytes), 1);
    in_order(
        &text(&bytes),
        &[
            "安全隐患告知单",
            "བདེ་འཇགས་ཉེན་ཁའི་བརྡ་ཐོ།",
            "札消告〔2026〕17号",
            "托林镇古格路 雪莲茶馆",
            "札达县托林镇古格路27号一层、二层",
            "2026年11月20日",
            "2026年12月1日",
            "2026年11月27日",
            "当场改正",
            "2026年11月30日",
            "本单为告知，不是行政命令",
            "འདི་ནི་བརྡ་ཐོ་ཙམ་ཡིན་པ",
            "联系：托林镇消防工作站 199-0897-0119",
            "检查人员（签名）：普布次仁",
            "检查人员（签名）：央宗",
            "拒绝签收",
        ],
    );
    let chinese = text(&printed("check_notice_zh"));
    assert!(chinese.contains("消防检查第10项"));
    assert!(!chinese.contains("བརྡ"));
}

#[test]
fn a_sheet_shows_every_item_and_counts_them() {
    let all = text(&printed("check_sheet"));
    for item in samples::sheet().items {
        assert!(read::squeezed(&all).contains(&read::squeezed(&item.what)), "{}", item.what);
    }
    in_order(&all, &["札消检〔2026〕42号", "店主 白玛", "共检查 11 项：合格 7 项，不合格 3 项，不涉及 1 项。"]);
}

#[test]
fn slip_card_and_quarter_say_all_they_were_given() {
    in_order(
        &text(&printed("report_slip")),
        &[
            "“双报到”报到单",
            "第12号",
            "札达县水利局党支部",
            "2026年3月5日",
            "14 人",
            "人畜饮水管道检修、冬季防冻知识宣讲、政策双语宣讲",
            "沿此线剪开",
            "回",
            "你单位党组织已于2026年3月5日到托林镇托林居委会报到",
            "顿珠旺久",
        ],
    );
    in_order(
        &text(&printed("service_card")),
        &["“双报到”服务卡", "次央", "2026年3月12日", "检修三组取水点，更换阀门两个"],
    );
    in_order(
        &text(&printed("unit_quarter")),
        &[
            "2026年第二季度",
            "检修三组取水点",
            "防汛知识双语宣讲",
            "合计",
            "2 次",
            "10",
            "106",
            "给牛圈接一盏灯",
            "认领 2 件",
            "实现 1 件",
        ],
    );
}

#[test]
fn minutes_have_who_where_what_and_pictures() {
    let bytes = printed("minutes");
    in_order(
        &text(&bytes),
        &[
            "“共护边境线”联合巡查活动记录",
            "底雅乡党委、什布奇村党支部、县林草局党支部、边境派出所党支部",
            "旦增罗布",
            "索朗多吉",
            "路基被融雪水冲出缺口，约4米",
            "每季度联合巡查一次",
            "便道缺口",
            "林带",
        ],
    );
    assert_eq!(read::pictures(&bytes), 3);
}

#[test]
fn an_empty_form_of_each_kind_is_printed_to_be_filled_in_by_hand() {
    use tahuang_press::forms::{
        agreement, check_notice, check_sheet, dossier, minutes, report_slip, rights_notice, service_card, unit_quarter,
    };
    let both = Languages::ChineseAndTibetan;
    let empty: Vec<Document> = vec![
        agreement::agreement(&agreement::Agreement::default(), both),
        check_notice::check_notice(&check_notice::CheckNotice::default(), both),
        check_sheet::check_sheet(&check_sheet::CheckSheet::default()),
        dossier::dossier(&dossier::Dossier::default()),
        minutes::minutes(&minutes::Minutes::default()),
        report_slip::report_slip(&report_slip::ReportSlip::default()),
        rights_notice::rights_notice(&rights_notice::RightsNotice::default(), both),
        service_card::service_card(&service_card::ServiceCard::default()),
        unit_quarter::unit_quarter(&unit_quarter::UnitQuarter::default()),
    ];
    let fonts = Fonts::installed(None);
    for document in empty {
        let bytes = press(&document, &fonts).expect("printed");
        assert!(pages(&bytes) >= 1, "{}", document.title);
    }
}
