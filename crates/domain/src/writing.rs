//! What people type: what of it can be read, and which numbers in it would name somebody.
//!
//! A title, a note or a message is read by many and kept for ever, and people write telephone numbers into it. Ledgers have
//! a rule of their own, which hides only what is surely a mobile or an identity number: their columns are full of other
//! numbers, and what is hidden enters the ids of their records.

/// Digits from which on a number may be a telephone's or an identity card's.
const DIGITS_MIN: usize = 7;

/// Whether a character cannot be seen and changes how the rest is read: controls of a terminal but the end of a line, and
/// marks that turn the direction of writing.
pub fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n')
}

/// What somebody typed into a form as it is kept: lines end in one way, and what cannot be seen is left out.
pub fn legible(typed: &str) -> String {
    let one_way = typed.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    one_way.chars().filter(|c| !is_unseen(*c)).collect::<String>().trim().to_owned()
}

/// The digit that a letter is, in the digits of any of the languages that are written here.
pub fn digit(letter: char) -> Option<char> {
    let of = |first: char| char::from_digit(letter as u32 - first as u32, 10);
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => of('０'),
        '༠'..='༩' => of('༠'),
        _ => None,
    }
}

/// What may stand between the digits of one number.
pub fn joins_digits(letter: char) -> bool {
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
        let joins = digits > 0 && joins_digits(*letter);
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

/// What a number of a house is followed by. 号 alone may be a day, 户 alone a number of households.
const OF_HOUSES: [&str; 9] = ["号楼", "号院", "号房", "号门", "号家", "栋", "幢", "单元", "室"];

/// Whether the text names somebody's house: a number, and what only the number of a house is followed by.
pub fn names_a_house(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let is_number = |letter: char| digit(letter).is_some() || "一二三四五六七八九十".contains(letter);
    let follows = |at: usize, word: &&str| letters[at..].iter().copied().take(word.chars().count()).eq(word.chars());
    let ends = (1..letters.len()).filter(|at| is_number(letters[at - 1]));
    text.contains("门牌") || ends.into_iter().any(|at| OF_HOUSES.iter().any(|word| follows(at, word)))
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
    fn a_house_is_known_by_what_follows_its_number() {
        for (text, is_house) in [
            ("住在3号楼2单元", true),
            ("十二号院", true),
            ("５ 栋", true),
            ("门牌见院门", true),
            ("需要一副老花镜，12号前送到", false),
            ("5户12人", false),
            ("教室要两张书桌", false),
            ("", false),
        ] {
            assert_eq!(names_a_house(text), is_house, "{text}");
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
}
