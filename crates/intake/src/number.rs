//! Numbers as offices write them: `12`, `12块`, `1,200`, `１２`, `十二`, `19.6万元`.

/// A decimal number with six places, exact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Decimal(i128);

/// One, in millionths.
const ONE: i128 = 1_000_000;

impl Decimal {
    /// The number of a cell; digits beyond the sixth place are the dust of binary fractions.
    pub fn of_cell(number: f64) -> Option<Self> {
        (number.is_finite() && number.abs() < 1e15).then(|| Self((number * 1e6).round() as i128))
    }

    /// The whole number, if it is one.
    pub fn whole(self) -> Option<i64> {
        (self.0 % ONE == 0).then(|| i64::try_from(self.0 / ONE).ok()).flatten()
    }

    /// In hundredths, if it has no finer part: fen of yuan, or hundredths of a point.
    pub fn hundredths(self) -> Option<i64> {
        (self.0 % (ONE / 100) == 0).then(|| i64::try_from(self.0 / (ONE / 100)).ok()).flatten()
    }

    /// That many times as much.
    pub fn times(self, factor: i64) -> Option<Self> {
        self.0.checked_mul(i128::from(factor)).map(Self)
    }

    /// Whether it lies below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// A number and what stands behind it, from squeezed text; `None` when the text does not begin with a number.
pub fn leading(text: &str) -> Option<(Decimal, &str)> {
    let (negative, unsigned) = match text.strip_prefix(['-', '−', '－']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (number, rest) = digits(unsigned).or_else(|| numerals(unsigned))?;
    let (number, rest) = multiplied(number, rest)?;
    Some((if negative { Decimal(-number.0) } else { number }, rest))
}

/// `1200`, `1,200` or `19.6`.
fn digits(text: &str) -> Option<(Decimal, &str)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ',')).unwrap_or(text.len());
    let (whole, mut rest) = text.split_at(end);
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let groups: Vec<&str> = groups.collect();
    let grouped_well = groups.iter().all(|group| group.len() == 3) && (groups.is_empty() || first.len() <= 3);
    if first.is_empty() || !grouped_well || whole.len() > 20 {
        return None;
    }
    let mut number: i128 = whole.replace(',', "").parse().ok()?;
    number *= ONE;
    if let Some(fraction) = rest.strip_prefix('.') {
        let places = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let (fraction, behind) = fraction.split_at(places);
        let significant = fraction.trim_end_matches('0');
        if fraction.is_empty() || significant.len() > 6 {
            return None;
        }
        number += format!("{significant:0<6}").parse::<i128>().ok()?;
        rest = behind;
    }
    Some((Decimal(number), rest))
}

/// `十二`, `一百零五`, `两千`, `二〇`.
fn numerals(text: &str) -> Option<(Decimal, &str)> {
    let end = text.find(|c: char| numeral(c).is_none() && scale(c).is_none()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if word.is_empty() || word.chars().count() > 12 {
        return None;
    }
    let chars: Vec<char> = word.chars().collect();
    if chars.len() > 1 && chars.iter().all(|c| numeral(*c).is_some()) {
        // 「三四」 is three or four, and no thirty-four; digits in a row are a number from three on, or with a zero.
        if chars.len() == 2 && numeral(chars[1]) != Some(0) {
            return None;
        }
        let number = chars.iter().filter_map(|c| numeral(*c)).fold(0, |number, digit| number * 10 + digit);
        return Some((Decimal(number * ONE), rest));
    }
    let (mut total, mut digit): (i128, Option<i128>) = (0, None);
    // What a digit at the end is worth: 「一百二」 is 120, 「一百零二」 and 「十二」 are 102 and 12.
    let mut place = 1;
    for c in chars {
        match (numeral(c), scale(c)) {
            (Some(0), _) => (digit, place) = (None, 1),
            (Some(read), _) if digit.is_none() => digit = Some(read),
            (None, Some(scale)) => {
                total += digit.take().unwrap_or(1) * scale;
                place = scale / 10;
            }
            _ => return None,
        }
    }
    Some((Decimal((total + digit.unwrap_or(0) * place) * ONE), rest))
}

fn numeral(c: char) -> Option<i128> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn scale(c: char) -> Option<i128> {
    Some(match c {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        _ => return None,
    })
}

/// The factor behind a number: `1.2万`, `3千`, `2亿`.
fn multiplied(number: Decimal, rest: &str) -> Option<(Decimal, &str)> {
    let factors = [("亿", 100_000_000), ("万", 10_000), ("千", 1_000), ("百", 100)];
    for (word, factor) in factors {
        // 千克 and the like are units of weight, not thousands.
        if let Some(behind) = rest.strip_prefix(word).filter(|behind| !behind.starts_with('克')) {
            return Some((number.times(factor)?, behind));
        }
    }
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_what_follows_them() {
        let cases = [
            ("12", Some((12_000_000, ""))),
            ("12块", Some((12_000_000, "块"))),
            ("1,200", Some((1_200_000_000, ""))),
            ("1,20", None),
            ("12.50分", Some((12_500_000, "分"))),
            ("19.6万元", Some((196_000_000_000, "元"))),
            ("196000元", Some((196_000_000_000, "元"))),
            ("-4", Some((-4_000_000, ""))),
            ("十二", Some((12_000_000, ""))),
            ("二十", Some((20_000_000, ""))),
            ("一百零五户", Some((105_000_000, "户"))),
            ("两千三百", Some((2_300_000_000, ""))),
            ("二〇", Some((20_000_000, ""))),
            ("二○", Some((20_000_000, ""))),
            ("一百二", Some((120_000_000, ""))),
            ("一百零二", Some((102_000_000, ""))),
            ("三四", None),
            ("七八人", None),
            ("3千", Some((3_000_000_000, ""))),
            ("5千克", Some((5_000_000, "千克"))),
            ("若干", None),
            ("", None),
            ("1.", None),
            (".5", None),
            ("1.1234567", None),
        ];
        for (text, expected) in cases {
            assert_eq!(leading(text).map(|(number, rest)| (number.0, rest)), expected, "{text}");
        }
    }

    #[test]
    fn binary_dust_is_not_read() {
        assert_eq!(Decimal::of_cell(19.599_999_999_999_998).and_then(Decimal::hundredths), Some(1_960));
        assert_eq!(Decimal::of_cell(f64::NAN), None);
        assert_eq!(Decimal::of_cell(1.5).and_then(Decimal::whole), None);
    }
}
