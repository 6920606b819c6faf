//! What people type: numbers that would name somebody are taken out of texts that many read.

/// Digits from which on a number may be a telephone's or an identity card's.
const DIGITS_MIN: usize = 7;

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
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    year.len() == 4 && (year.starts_with("19") || year.starts_with("20")) && month.len() <= 2 && day.len() <= 2
}

/// How far the number reaches that begins here, and how many digits it has.
fn number_at(letters: &[char]) -> (usize, usize) {
    let (mut end, mut digits) = (0, 0);
    for (index, letter) in letters.iter().enumerate() {
        let is_digit = letter.is_ascii_digit() || ('０'..='９').contains(letter);
        let joins = digits > 0 && matches!(letter, ' ' | '-' | '－' | '—' | '\u{a0}' | '\u{3000}');
        let is_last_of_a_card = digits >= 17 && matches!(letter, 'x' | 'X' | 'Ｘ');
        if is_digit || is_last_of_a_card {
            digits += 1;
            end = index + 1;
        } else if !joins || index - end > 1 {
            break;
        }
    }
    (end, digits)
}

/// A telephone number as somebody types it, without blanks and strokes; `None` when it cannot be one.
pub fn telephone(typed: &str) -> Option<String> {
    let kept: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '－' | '(' | ')' | '（' | '）')).collect();
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
            ("三组2、3号楼1990年建", "三组2、3号楼1990年建"),
            ("", ""),
        ] {
            let (text, replaced) = without_numbers(typed, "…");
            assert_eq!((text.as_str(), replaced), (written, typed != written), "{typed}");
        }
    }

    #[test]
    fn a_telephone_number_is_digits_whatever_stands_between_them() {
        for (typed, number) in [
            ("19900001234", Some("19900001234")),
            ("199 0000-1234", Some("19900001234")),
            ("+86 19900001234", Some("+8619900001234")),
            ("(0897) 2820000", Some("08972820000")),
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
