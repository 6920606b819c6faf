//! What people type: numbers that would name somebody are taken out of texts that many read.

/// Digits from which on a number may be a telephone's or an identity card's.
const DIGITS_MIN: usize = 7;

/// What a browser sends as it is kept: lines end in one way, and what cannot be seen is left out.
pub fn legible(typed: &str) -> String {
    let one_way = typed.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    one_way.chars().filter(|c| *c == '\n' || !(c.is_control() || turns(*c))).collect::<String>().trim().to_owned()
}

/// The digit that a letter is, in the digits of any of the languages that are written here.
fn digit(letter: char) -> Option<char> {
    let of = |first: char| char::from_digit(letter as u32 - first as u32, 10);
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => of('０'),
        '༠'..='༩' => of('༠'),
        _ => None,
    }
}

/// What may stand between the digits of one number.
fn joins(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '－' | '—' | '–' | '.' | '．' | '/' | '·' | '\u{a0}' | '\u{3000}')
}

/// How many of them.
const JOINING_MAX: usize = 3;

/// The text with long numbers replaced, and whether any was. Digits may have blanks or strokes between them, and may be
/// those of full width.
pub fn without_numbers(text: &str, instead: &str) -> (String, bool) {
    let letters: Vec<char> = text.chars().collect();
    let mut written = String::with_capacity(text.len());
    let (mut at, mut replaced) = (0, false);
    while at < letters.len() {
        let (end, digits) = number_at(&letters[at..]);
        if digits >= DIGITS_MIN && !is_day(&letters[at..at + end]) {
            written.push_str(instead);
            replaced = true;
        } else {
            written.extend(&letters[at..at + end.max(1)]);
        }
        at += end.max(1);
    }
    (written, replaced)
}

/// Whether it is a day as `2025-8-20`.
fn is_day(letters: &[char]) -> bool {
    let text: String = letters.iter().collect();
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [year, month, day] = parts[..] else { return false };
    year.len() == 4 && (year.starts_with("19") || year.starts_with("20")) && month.len() <= 2 && day.len() <= 2
}

/// How far the number reaches that begins here, and how many digits it has.
fn number_at(letters: &[char]) -> (usize, usize) {
    let (mut end, mut digits) = (0, 0);
    for (index, letter) in letters.iter().enumerate() {
        let is_digit = digit(*letter).is_some();
        let joins = digits > 0 && joins(*letter);
        let is_last_of_a_card = digits >= 17 && matches!(letter, 'x' | 'X' | 'Ｘ');
        if is_digit || is_last_of_a_card {
            digits += 1;
            end = index + 1;
        } else if !joins || index - end >= JOINING_MAX {
            break;
        }
    }
    (end, digits)
}

/// A telephone number as somebody types it, without blanks and strokes; `None` when it cannot be one.
pub fn telephone(typed: &str) -> Option<String> {
    let kept = typed.chars().filter(|c| !joins(*c) && !matches!(c, '(' | ')' | '（' | '）'));
    let kept: String = kept.map(|c| digit(c).unwrap_or(c)).collect();
    let digits = kept.strip_prefix('+').unwrap_or(&kept);
    ((5..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(kept)
}

/// A telephone number of which the middle is hidden.
pub fn half_hidden(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    let shown = if letters.len() >= 11 { (3, 4) } else { (0, 2) };
    let hidden = letters.len().saturating_sub(shown.0 + shown.1);
    let (head, tail) = (&letters[..shown.0.min(letters.len())], &letters[(shown.0 + hidden).min(letters.len())..]);
    head.iter().copied().chain(std::iter::repeat_n('*', hidden)).chain(tail.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_would_name_somebody_are_taken_out() {
        for (typed, written) in [
            ("电话19900001234请回电", "电话…请回电"),
            ("199 0000 1234", "…"),
            ("199-0000-1234。", "…。"),
            ("１９９００００１２３４", "…"),
            ("54250019900101123X", "…"),
            ("自来水停了3天，5户12人", "自来水停了3天，5户12人"),
            ("2025-08-20漏水", "2025-08-20漏水"),
            ("1990-0001-234", "…"),
            ("水表 123456", "水表 123456"),
            ("༡༩༩༠༠༠༠༡༢༣༤ ལ་ཁ་པར", "… ལ་ཁ་པར"),
            ("199.0000.1234", "…"),
            ("199 - 0000 - 1234", "…"),
            ("2025/8/20 至 2025.8.21", "2025/8/20 至 2025.8.21"),
            ("三组2、3号楼1990年建", "三组2、3号楼1990年建"),
            ("", ""),
        ] {
            let (text, replaced) = without_numbers(typed, "…");
            assert_eq!((text.as_str(), replaced), (written, typed != written), "{typed}");
        }
    }

    #[test]
    fn what_is_typed_is_kept_legible() {
        for (typed, kept) in [
            ("第一行\r\n第二行\r第三行\n", "第一行\n第二行\n第三行"),
            ("\u{202d}199\u{202c}\t打电话\u{7}", "199 打电话"),
        ] {
            assert_eq!(legible(typed), kept);
        }
    }

    #[test]
    fn a_telephone_number_is_digits_whatever_stands_between_them() {
        for (typed, number) in [
            ("19900001234", Some("19900001234")),
            ("199 0000-1234", Some("19900001234")),
            ("+86 19900001234", Some("+8619900001234")),
            ("(0897) 2820000", Some("08972820000")),
            ("༡༩༩༠༠༠༠༡༢༣༤", Some("19900001234")),
            ("１９９００００１２３４", Some("19900001234")),
            ("1234", None),
            ("没有", None),
            ("123456789012345678901", None),
        ] {
            assert_eq!(telephone(typed).as_deref(), number, "{typed}");
        }
    }

    #[test]
    fn of_a_telephone_number_enough_is_shown_to_know_ones_own() {
        assert_eq!(half_hidden("19900001234"), "199****1234");
        assert_eq!(half_hidden("66123"), "***23");
        assert_eq!(half_hidden(""), "");
    }
}
