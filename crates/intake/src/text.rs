//! Writing folded to one form, so that what differs only in width, spaces or punctuation compares equal.

/// What stands in place of a telephone or identity number outside the personal columns.
pub const SEALED: &str = "（密封）";

/// Full-width letters, digits and punctuation as half-width; every white space as a blank; invisible characters gone.
pub fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}'))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\n' => '\n',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

/// Folded, and without any white space.
pub fn squeeze(text: &str) -> String {
    fold(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// A pattern of the catalog: a word, with `*` before or after it when more may stand there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    word: String,
    open_before: bool,
    open_after: bool,
}

impl Pattern {
    /// Reads a pattern; `normal` is how the texts that it will meet are written.
    pub fn new(text: &str, normal: fn(&str) -> String) -> Self {
        let inner = text.trim_matches('*');
        let bare = inner.is_empty();
        Self {
            word: normal(if bare { text } else { inner }),
            open_before: !bare && text.starts_with('*'),
            open_after: !bare && text.ends_with('*'),
        }
    }

    /// How well the text fits: `None` not at all, larger is better; a whole word before any part.
    pub fn fit(&self, text: &str) -> Option<usize> {
        if text == self.word {
            return Some(1_000 + self.word.len());
        }
        let fits = match (self.open_before, self.open_after) {
            (true, true) => text.contains(&self.word),
            (true, false) => text.ends_with(&self.word),
            (false, true) => text.starts_with(&self.word),
            (false, false) => false,
        };
        (fits && !self.word.is_empty()).then_some(self.word.len().min(999))
    }

    /// The word without its stars.
    pub fn word(&self) -> &str {
        &self.word
    }
}

/// Hides mobile numbers (1[3-9] and nine digits, also written in groups) and identity numbers (18 characters).
pub fn mask(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let folded: Vec<char> = chars.iter().map(|c| fold(&c.to_string()).chars().next().unwrap_or(*c)).collect();
    let mut masked = String::with_capacity(text.len());
    let mut index = 0;
    while index < chars.len() {
        let starts = folded[index].is_ascii_digit() && (index == 0 || !folded[index - 1].is_ascii_digit());
        let length = if starts { number_to_hide(&folded[index..]) } else { None };
        match length {
            Some(length) => {
                masked.push_str(SEALED);
                index += length;
            }
            None => {
                masked.push(chars[index]);
                index += 1;
            }
        }
    }
    masked
}

/// How many characters a number to be hidden takes at the beginning of the text.
fn number_to_hide(text: &[char]) -> Option<usize> {
    let plain = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let identity = plain == 18 || (plain == 17 && text.get(17).is_some_and(|c| matches!(c, 'X' | 'x')));
    if identity {
        return Some(18);
    }
    // A number behind the country code begins after it.
    if plain == 13 && text.starts_with(&['8', '6']) && is_mobile(&text[2..13]) {
        return Some(13);
    }
    let mut digits = Vec::with_capacity(12);
    let mut end = 0;
    for (index, c) in text.iter().enumerate() {
        let joins = matches!(c, ' ' | '-' | '.') && matches!(digits.len(), 3 | 7) && text[index - 1].is_ascii_digit();
        if c.is_ascii_digit() {
            digits.push(*c);
            end = index + 1;
        } else if !joins {
            break;
        }
        if digits.len() > 11 {
            return None;
        }
    }
    is_mobile(&digits).then_some(end)
}

fn is_mobile(digits: &[char]) -> bool {
    digits.len() == 11 && digits[0] == '1' && ('3'..='9').contains(&digits[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_is_folded() {
        assert_eq!(fold("县（区）１２，\u{3000}a\u{200b}"), "县(区)12, a");
        assert_eq!(squeeze(" 村\n（社区） "), "村(社区)");
    }

    #[test]
    fn patterns_prefer_whole_words() {
        let fit = |pattern: &str, text: &str| Pattern::new(pattern, squeeze).fit(text);
        assert!(fit("发现时间", "发现时间") > fit("*发现时间", "隐患发现时间"));
        assert_eq!(fit("发现时间", "隐患发现时间"), None);
        assert!(fit("*中", "整改中").is_some());
        assert!(fit("未*", "未整改").is_some());
        assert!(fit("*专干*", "乡村振兴专干(女)").is_some());
        assert!(fit("*", "*").is_some() && fit("*", "x").is_none());
    }

    #[test]
    fn telephone_and_identity_numbers_are_hidden() {
        let cases = [
            ("联系扎西13989012345", "联系扎西（密封）"),
            ("139 8901 2345、桥", "（密封）、桥"),
            ("139-8901-2345", "（密封）"),
            ("１３９８９０１２３４５", "（密封）"),
            ("+8613989012345", "+（密封）"),
            ("540102199001011234", "（密封）"),
            ("54010219900101123X", "（密封）"),
            ("编号 202501130001", "编号 202501130001"),
            ("12345678901", "12345678901"),
            ("0897-2821234", "0897-2821234"),
            ("软管老化（1790）", "软管老化（1790）"),
        ];
        for (text, expected) in cases {
            assert_eq!(mask(text), expected);
        }
    }
}
