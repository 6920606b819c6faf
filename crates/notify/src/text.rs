//! Texts that leave the house: numbers that could be somebody's are masked, and what is too long is cut where it can be.

use tahuang_domain::writing::without_numbers;

/// What stands for a masked number, and for what was cut.
const MASK: &str = "***";
const ELLIPSIS: &str = "…";
/// Masks numbers that could be somebody's telephone or identity card: a title is free text, and people write numbers
/// into it.
pub fn mask_numbers(text: &str) -> String {
    without_numbers(text, MASK).0
}

/// The text and, on a line of its own, the tail, in at most so many bytes: the text is cut, never the tail.
pub fn fitted(text: &str, tail: Option<&str>, bytes_max: usize) -> String {
    let tail = tail.map_or_else(String::new, |tail| format!("\n{tail}"));
    if text.len() + tail.len() <= bytes_max {
        return format!("{text}{tail}");
    }
    // A tail that leaves no room is worth less than the text.
    let tail = if tail.len() + ELLIPSIS.len() < bytes_max { tail } else { String::new() };
    let room = bytes_max.saturating_sub(tail.len() + ELLIPSIS.len());
    let mut end = 0;
    for (index, character) in text.char_indices() {
        if index > room {
            break;
        }
        // A Tibetan syllable's stacked and vowel signs are not torn from what they stand on.
        if !is_mark(character) {
            end = index;
        }
    }
    format!("{}{ELLIPSIS}{tail}", &text[..end])
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{0f18}' | '\u{0f19}' | '\u{0f35}' | '\u{0f37}' | '\u{0f39}' | '\u{0f3e}' | '\u{0f3f}'
        | '\u{0f71}'..='\u{0f84}' | '\u{0f86}' | '\u{0f87}' | '\u{0f8d}'..='\u{0fbc}')
}

/// What a channel said, short enough for a log and without anybody's number.
pub fn answer_text(text: &str) -> String {
    let plain: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    fitted(mask_numbers(plain.trim()).as_str(), None, crate::limits::ANSWER_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_somebodys_number_is_masked_and_other_numbers_stay() {
        let table = [
            ("联系人电话13812345678，速办", "联系人电话***，速办"),
            ("座机0897-2821234", "座机***"),
            ("138 1234 5678", "***"),
            ("138-1234-5678 张某", "*** 张某"),
            ("身份证54252119900101001X 补办", "身份证*** 补办"),
            ("１３８１２３４５６７８", "***"),
            ("༡༣༨༡༢༣༤༥༦༧༨", "***"),
            ("138.1234.5678、138 - 1234 - 5678", "***、***"),
            ("2025-08-01 前办结", "2025-08-01 前办结"),
            ("疏散通道堆放杂物（690）", "疏散通道堆放杂物（690）"),
            ("G219线 1234 公里", "G219线 1234 公里"),
            ("", ""),
        ];
        for (text, masked) in table {
            assert_eq!(mask_numbers(text), masked, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_with_an_ellipsis_and_keeps_its_link() {
        let link = "https://tahuang.example/records/1";
        let text = fitted(&"隐".repeat(1_000), Some(link), 2_048);
        assert!(text.len() <= 2_048 && text.len() > 2_040, "{}", text.len());
        assert!(text.ends_with(&format!("隐…\n{link}")));
        assert_eq!(fitted("短", Some(link), 2_048), format!("短\n{link}"));
        assert_eq!(fitted("བཀྲ་ཤིས", None, 12), "བཀྲ…");
        assert_eq!(fitted("བཀྲ་ཤིས", None, 11), "བ…", "a letter keeps the sign below it");
    }

    proptest! {
        #[test]
        fn no_text_is_longer_than_it_may_be(text in ".{0,300}", tail in proptest::option::of("[a-z]{0,40}"), max in 3_usize..400) {
            prop_assert!(fitted(&text, tail.as_deref(), max).len() <= max);
        }

        #[test]
        fn no_run_of_seven_digits_is_left(text in "[0-9 a隐-]{0,60}") {
            let masked = mask_numbers(&text);
            let longest = masked.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
            prop_assert!(longest < 7, "{} became {}", text, masked);
        }
    }
}
