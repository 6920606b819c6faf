//! The values of cells: days, counts, money, points, choices, names and lists, each from all the ways people write it.
//!
//! Every function takes what stands there and says what it means, or that it means nothing. Which column allows what,
//! and how a wrong one is refused, is [`crate::row`].

use tahuang_domain::Day;
use tahuang_domain::limits::QUANTITY_MAX;

use crate::number::{self, Decimal};
use crate::text::{Pattern, fold, squeeze};
use crate::workbook::CellValue;

/// Days outside these years are slips of the pen.
const YEARS: std::ops::RangeInclusive<i16> = 1920..=2100;

/// The day of an Excel serial number (1 = 1 January 1900), if it lies within [`YEARS`].
pub fn day_of_serial(serial: f64) -> Option<Day> {
    if !(61.0..=110_000.0).contains(&serial) {
        return None;
    }
    let epoch = Day::new(1899, 12, 30)?;
    Some(epoch.plus_days(serial.floor() as i32)).filter(plausible)
}

fn plausible(day: &Day) -> bool {
    YEARS.contains(&day.date().year())
}

/// The day that a cell names.
pub fn day(value: &CellValue) -> Option<Day> {
    match value {
        CellValue::Day(day) => Some(*day).filter(plausible),
        CellValue::Number(number) => day_of_number(*number),
        CellValue::Text(text) => day_of_text(text),
        _ => None,
    }
}

fn day_of_number(number: f64) -> Option<Day> {
    if (19_000_000.0..22_000_000.0).contains(&number) && number.fract() == 0.0 {
        return Day::from_number(number as i64).filter(plausible);
    }
    day_of_serial(number)
}

/// `2025/1/13`, `2025.1.13`, `2025-01-13`, `2025年1月13日`, `20250113`, `二〇二五年一月十三日`, with or without a time behind.
pub fn day_of_text(text: &str) -> Option<Day> {
    let folded = fold(text);
    let mut text = folded.trim();
    // A weekday behind it, in brackets or not, says nothing new.
    if let Some(open) = text.rfind('(').filter(|open| *open > 0 && text.ends_with(')')) {
        let inner = &text[open + 1..text.len() - 1];
        if ["星期", "周", "礼拜"].iter().any(|word| inner.starts_with(word)) {
            text = text[..open].trim_end();
        }
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        let plain: Option<f64> = (text.matches('.').count() <= 1).then(|| text.parse().ok()).flatten();
        if let Some(day) = plain.and_then(day_of_number) {
            return Some(day);
        }
    }
    let arabic = chinese_digits(text);
    let (day, rest) = leading_day(&arabic)?;
    ends_a_day(rest).then_some(day)
}

/// A day at the beginning of folded text, and what stands behind its number.
pub fn leading_day(text: &str) -> Option<(Day, &str)> {
    let (year, rest) = digits(text, 4..=4)?;
    let rest = separator(rest, '年')?;
    let (month, rest) = digits(rest, 1..=2)?;
    let rest = separator(rest, '月')?;
    let (day, rest) = digits(rest, 1..=2)?;
    let day = Day::new(year, month as i8, day as i8).filter(plausible)?;
    Some((day, rest))
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<(i16, &str)> {
    let text = text.trim_start();
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if !length.contains(&count) {
        return None;
    }
    let (number, rest) = text.split_at(count);
    Some((number.parse().ok()?, rest))
}

fn separator(text: &str, word: char) -> Option<&str> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    let known = matches!(first, '.' | '/' | '-' | '–' | '—' | '·' | '。' | '\\' | '_') || first == word;
    known.then(|| &text[first.len_utf8()..])
}

/// Whether only 日, 号 or a time stands behind a day.
fn ends_a_day(rest: &str) -> bool {
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(['日', '号']).unwrap_or(rest);
    let time = rest.trim();
    if time.is_empty() {
        return true;
    }
    if ["星期", "周", "礼拜"].iter().any(|word| time.starts_with(word)) {
        return time.chars().count() <= 3;
    }
    let begins = rest.starts_with([' ', 'T', '上', '下', '中', '早', '晚', '凌']) || !rest.starts_with(is_time_sign);
    begins && time.chars().count() <= 20 && time.chars().all(|c| c.is_ascii_digit() || is_time_sign(c))
}

fn is_time_sign(c: char) -> bool {
    matches!(
        c,
        ':' | '.'
            | ' '
            | 'T'
            | 'Z'
            | '+'
            | '时'
            | '点'
            | '分'
            | '秒'
            | '半'
            | '上'
            | '下'
            | '中'
            | '午'
            | '早'
            | '晚'
            | '凌'
            | '晨'
            | 'A'
            | 'P'
            | 'M'
            | 'a'
            | 'p'
            | 'm'
    )
}

/// Chinese numerals of a day as digits; text without 年 stays as it is.
fn chinese_digits(text: &str) -> String {
    if !text.contains('年') || text.starts_with(|c: char| c.is_ascii_digit()) {
        return text.to_owned();
    }
    let (year, rest) = text.split_once('年').unwrap_or((text, ""));
    let year: String = year
        .trim()
        .chars()
        .map(|c| {
            "〇一二三四五六七八九".chars().position(|digit| digit == c || (matches!(c, '零' | '○') && digit == '〇'))
        })
        .map(|digit| digit.and_then(|digit| char::from_digit(digit as u32, 10)).unwrap_or('?'))
        .collect();
    let mut parts = format!("{year}年");
    let mut rest = rest;
    for word in ['月', '日'] {
        let Some((number, behind)) = rest.split_once(word) else { break };
        let read = number::leading(number.trim()).filter(|(_, left)| left.is_empty());
        match read.and_then(|(number, _)| number.whole()) {
            Some(number) => parts.push_str(&format!("{number}{word}")),
            None => return text.to_owned(),
        }
        rest = behind;
    }
    parts + rest
}

/// A number of things: whole and not negative. `12`, `12块`, `1,200`, `十二`.
pub fn count(value: &CellValue, is_unit: &dyn Fn(&str) -> bool) -> Option<i64> {
    amount(value, is_unit)?.0.whole().filter(|count| (0..=QUANTITY_MAX).contains(count))
}

/// Points, in hundredths.
pub fn points(value: &CellValue, is_unit: &dyn Fn(&str) -> bool) -> Option<i64> {
    amount(value, is_unit)?.0.hundredths().filter(|points| (0..=QUANTITY_MAX).contains(points))
}

/// A number that is not negative, and the unit behind it.
pub fn amount(value: &CellValue, is_unit: &dyn Fn(&str) -> bool) -> Option<(Decimal, String)> {
    let (number, unit) = match value {
        CellValue::Number(number) => (Decimal::of_cell(*number)?, String::new()),
        CellValue::Text(text) => {
            let text = squeeze(text);
            let text = text.strip_prefix(['¥', '￥', '共']).unwrap_or(&text);
            let (number, unit) = number::leading(text)?;
            (number, unit.trim_end_matches(['。', '.', '整']).to_owned())
        }
        _ => return None,
    };
    (!number.is_negative() && (unit.is_empty() || is_unit(&unit))).then_some((number, unit))
}

/// Money in fen. A unit in the cell wins over `yuan_each`, what the heading says one unit is worth.
pub fn money(value: &CellValue, yuan_each: i64) -> Option<i64> {
    let (number, unit) = amount(value, &|unit| matches!(unit, "元" | "圆" | "块" | "块钱" | "人民币"))?;
    let named = match value {
        CellValue::Text(text) => !unit.is_empty() || squeeze(text).contains(['万', '亿', '千', '百']),
        _ => false,
    };
    let fen = number.times(if named { 1 } else { yuan_each })?.hundredths()?;
    (0..=QUANTITY_MAX).contains(&fen).then_some(fen)
}

/// The choice whose words fit best.
pub fn choice<'c>(text: &str, choices: &'c [(Pattern, String)]) -> Option<&'c str> {
    let text = choice_text(text);
    let mut best: Option<(usize, &str)> = None;
    for (pattern, code) in choices {
        if let Some(fit) = pattern.fit(&text)
            && best.is_none_or(|(before, _)| fit > before)
        {
            best = Some((fit, code));
        }
    }
    best.map(|(_, code)| code)
}

/// How choices are compared: squeezed, in small letters, without a full stop behind.
pub fn choice_text(text: &str) -> String {
    squeeze(text).trim_end_matches(['。', '.', ';', ',', '!']).to_lowercase()
}

/// A name without white space in it.
pub fn name(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{feff}').collect()
}

/// Several people in one cell, each once, in the order in which they stand.
pub fn names(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut found: Vec<String> = Vec::new();
    for part in folded.split(['、', ',', ';', '/', '\n', '|', '，', '；', '。']) {
        let words: Vec<&str> = part.split_whitespace().collect();
        // Two words of one letter each are one name with a blank in it: 李 明.
        let apart = words.iter().all(|word| word.chars().count() >= 2);
        let people: Vec<String> =
            if apart { words.iter().map(|word| (*word).to_owned()).collect() } else { vec![words.concat()] };
        for person in people {
            let person = without_etcetera(&person);
            if !person.is_empty() && !found.iter().any(|known| known == person) {
                found.push(person.to_owned());
            }
        }
    }
    found
}

fn without_etcetera(name: &str) -> &str {
    let stem = name.trim_end_matches('人').trim_end_matches(|c: char| c.is_ascii_digit());
    match stem.strip_suffix('等') {
        Some(before) if !before.is_empty() => before,
        _ => name,
    }
}

/// Numbered measures in one cell; without numbers, one a line or between semicolons.
pub fn list(text: &str) -> Vec<String> {
    let folded = fold(text);
    let chars: Vec<(usize, char)> = folded.char_indices().collect();
    let mut cuts = Vec::new();
    for position in 0..chars.len() {
        let before = chars[..position].iter().rev().map(|(_, c)| *c).find(|c| *c != ' ');
        let at_start = before.is_none_or(|c| matches!(c, '\n' | ';' | '；' | '。'))
            || (position > 0 && chars[position - 1].1 == ' ');
        if let Some(length) = item_number(&folded[chars[position].0..], at_start) {
            cuts.push((chars[position].0, chars[position].0 + length));
        }
    }
    let mut items = Vec::new();
    if cuts.is_empty() {
        items.extend(folded.split(['\n', ';', '；']));
    } else {
        items.push(&folded[..cuts[0].0]);
        for (index, (_, start)) in cuts.iter().enumerate() {
            let end = cuts.get(index + 1).map_or(folded.len(), |next| next.0);
            items.push(folded.get(*start..end).unwrap_or_default());
        }
    }
    let trimmed =
        items.iter().map(|item| item.trim().trim_end_matches([';', '；', '。', ',', '、', ' ']).replace('\n', " "));
    trimmed.filter(|item| !item.is_empty()).collect()
}

/// The bytes of an item's number: `1.`, `1、`, `(1)`, `①`, `一、`, `一是`.
fn item_number(text: &str, at_start: bool) -> Option<usize> {
    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        return Some(first.len_utf8());
    }
    if !at_start {
        return None;
    }
    let bracketed = first == '(';
    let inner = if bracketed { &text[1..] } else { text };
    let arabic = inner.bytes().take_while(u8::is_ascii_digit).count();
    let chinese = inner.chars().take_while(|c| "一二三四五六七八九十".contains(*c)).map(char::len_utf8).sum::<usize>();
    let (length, is_arabic) = if arabic > 0 { (arabic, true) } else { (chinese, false) };
    if length == 0 || length > 6 || (is_arabic && length > 2) {
        return None;
    }
    let behind = &inner[length..];
    let sign = behind.chars().next()?;
    let fits = match (bracketed, is_arabic) {
        (true, _) => sign == ')',
        (false, true) => {
            matches!(sign, '.' | '、' | ')') && !behind[sign.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        }
        (false, false) => matches!(sign, '、' | '是'),
    };
    fits.then(|| usize::from(bracketed) + length + sign.len_utf8())
}

#[cfg(test)]
mod tests;
