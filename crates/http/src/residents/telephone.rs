//! Telephone numbers as people type them and as they are shown.

use tahuang_domain::writing::{digit, joins_digits};

/// A telephone number as somebody types it, without blanks and strokes; `None` when it cannot be one.
pub fn read(typed: &str) -> Option<String> {
    let kept = typed.chars().filter(|c| !joins_digits(*c) && !matches!(c, '(' | ')' | '（' | '）'));
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
            assert_eq!(read(typed).as_deref(), number, "{typed}");
        }
    }

    #[test]
    fn of_a_telephone_number_enough_is_shown_to_know_ones_own() {
        assert_eq!(half_hidden("19900001234"), "199****1234");
        assert_eq!(half_hidden("66123"), "***23");
        assert_eq!(half_hidden(""), "");
    }
}
