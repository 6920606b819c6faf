//! Sums of cells: the only formulas that a ledger needs, for workbooks saved without cached values.

/// What stands in a cell, for a sum.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Addend {
    /// A number; nothing, and text, add nothing.
    Number(f64),
    /// A formula that has no value (yet): no sum may be made of it.
    Unknown,
}

/// The value of a formula that only adds cells, numbers and `SUM`s of cells; `None` for any other, and while a cell that it
/// adds is unknown. `budget` is how many cells may still be added.
pub fn sum(formula: &str, number: &dyn Fn(u32, usize) -> Addend, budget: &mut u64) -> Option<f64> {
    let formula: String = formula.chars().filter(|c| !c.is_whitespace() && *c != '$').collect();
    let formula = formula.trim_start_matches('=').to_ascii_uppercase();
    let mut total = 0.0;
    for term in terms(&formula)? {
        total += match term.strip_prefix("SUM(").and_then(|rest| rest.strip_suffix(')')) {
            Some(list) => list.split(',').map(|part| range(part, number, budget)).sum::<Option<f64>>()?,
            None => operand(term, number, budget)?,
        };
    }
    // Adding tenths leaves dust in the last binary digit; nobody scores finer than a millionth.
    Some((total * 1e6).round() / 1e6)
}

/// Splits at the plus signs outside brackets.
fn terms(formula: &str) -> Option<Vec<&str>> {
    let (mut depth, mut start, mut found) = (0_i32, 0, Vec::new());
    for (index, c) in formula.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '+' if depth == 0 => {
                found.push(&formula[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    found.push(&formula[start..]);
    (depth == 0 && found.iter().all(|term| !term.is_empty())).then_some(found)
}

fn operand(term: &str, number: &dyn Fn(u32, usize) -> Addend, budget: &mut u64) -> Option<f64> {
    if let Some((row, column)) = reference(term) {
        *budget = budget.checked_sub(1)?;
        return value(number(row, column));
    }
    term.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.').then(|| term.parse().ok()).flatten()
}

fn value(addend: Addend) -> Option<f64> {
    match addend {
        Addend::Number(number) => Some(number),
        Addend::Unknown => None,
    }
}

fn range(part: &str, number: &dyn Fn(u32, usize) -> Addend, budget: &mut u64) -> Option<f64> {
    let Some((first, last)) = part.split_once(':') else { return operand(part, number, budget) };
    let ((top, left), (bottom, right)) = (reference(first)?, reference(last)?);
    let rows = u64::from(bottom.checked_sub(top)?) + 1;
    let columns = right.checked_sub(left)? as u64 + 1;
    *budget = budget.checked_sub(rows.checked_mul(columns)?)?;
    let cells = (top..=bottom).flat_map(|row| (left..=right).map(move |column| (row, column)));
    cells.map(|(row, column)| value(number(row, column))).sum()
}

/// `D4` → row 4, column 3.
fn reference(text: &str) -> Option<(u32, usize)> {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let (letters, digits) = text.split_at(letters);
    if letters.is_empty() || letters.len() > 3 || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    let row: u32 = digits.parse().ok()?;
    (row > 0).then_some((row, column - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_computed_and_other_formulas_are_not() {
        let number = |row: u32, column: usize| match column {
            0..5 => Addend::Number(f64::from(row) * 10.0 + column as f64),
            5 => Addend::Unknown,
            _ => Addend::Number(0.0),
        };
        let cases = [
            ("=D4+E4", Some(87.0)),
            ("SUM(A1:C1)", Some(33.0)),
            ("SUM(A1:A2, C1)+1.5", Some(43.5)),
            ("$D$4 + 1", Some(44.0)),
            ("Z9", Some(0.0)),
            ("F1", None),
            ("SUM(A1:F1)", None),
            ("D4*2", None),
            ("D4+", None),
            ("AVERAGE(A1:A2)", None),
            ("SUM(A1:A2", None),
            ("SUM(A1:ZZ1048576)", None),
        ];
        for (formula, expected) in cases {
            assert_eq!(sum(formula, &number, &mut 1_000), expected, "{formula}");
        }
    }
}
