//! How prefectures, positions, areas and states become integers.

use tahuang_domain::{AreaCode, Day, Holder, Position, Prefecture, Shape, State};
use tahuang_store::StoreError;

/// Bits of a key that hold the position: room for 10^12 records in each prefecture.
pub const POSITION_BITS: u32 = 40;

/// The prefecture's number: the first four digits of its code.
pub fn prefecture_number(prefecture: Prefecture) -> i64 {
    (prefecture.area().number() / 100_000_000_000) as i64
}

pub fn prefecture_from_number(number: i64) -> Option<Prefecture> {
    let code = u64::try_from(number).ok()?.checked_mul(100_000_000_000)?;
    AreaCode::from_number(code).and_then(Prefecture::new)
}

pub fn key(prefecture: Prefecture, position: Position) -> i64 {
    (prefecture_number(prefecture) << POSITION_BITS) | (position.min((1 << POSITION_BITS) - 1) as i64)
}

pub fn position(key: i64) -> Position {
    (key & ((1 << POSITION_BITS) - 1)) as Position
}

pub fn area_number(area: AreaCode) -> i64 {
    area.number() as i64
}

pub fn area(number: i64, table: &'static str) -> Result<AreaCode, StoreError> {
    u64::try_from(number)
        .ok()
        .and_then(AreaCode::from_number)
        .ok_or_else(|| StoreError::Corrupt { table, key: format!("area {number}") })
}

pub fn state_number(state: State) -> i64 {
    state as i64
}

pub fn state(number: i64) -> Result<State, StoreError> {
    State::ALL
        .into_iter()
        .find(|state| *state as i64 == number)
        .ok_or_else(|| StoreError::Corrupt { table: "subjects", key: format!("state {number}") })
}

pub fn day(number: i64) -> Result<Day, StoreError> {
    Day::from_number(number).ok_or_else(|| StoreError::Corrupt { table: "subjects", key: format!("day {number}") })
}

/// What stands for no day in a key that is ordered by days: after every day.
pub const NO_DAY: i64 = 99_999_999;

/// A holder as bytes: an account has sixteen of them, an office has the eight of its area, a draw seventeen, the two lists of
/// the whole journal and each part of the board one.
pub fn holder(holder: Holder) -> Vec<u8> {
    match holder {
        Holder::Account(account) => account.0.as_bytes().to_vec(),
        Holder::Office(area) => area.number().to_be_bytes().to_vec(),
        Holder::Draw(draw) => [b"d", draw.0.as_bytes().as_slice()].concat(),
        Holder::Revisits => b"r".to_vec(),
        Holder::Appeals => b"a".to_vec(),
        Holder::Board(part) => vec![part as u8],
    }
}

pub fn shape(number: i64) -> Result<Shape, StoreError> {
    use Shape::{Activity, Assessment, Case, Check, Entry, Fact, LedgerRow, Project, Stock};
    [Entry, Fact, Activity, Case, Stock, Assessment, Project, LedgerRow, Check]
        .into_iter()
        .find(|shape| shape.number() == number)
        .ok_or_else(|| StoreError::Corrupt { table: "subjects", key: format!("shape {number}") })
}

/// Ascending positions: LEB128 differences, so that the usual one or two take a few bytes.
pub fn write_positions(history: &[Position]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(history.len() * 4);
    let mut before = 0;
    for position in history {
        let mut rest = position - before;
        before = *position;
        while rest >= 0x80 {
            bytes.push((rest as u8) | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
    }
    bytes
}

pub fn read_positions(bytes: &[u8]) -> Vec<Position> {
    let mut history = Vec::new();
    let (mut before, mut value, mut shift) = (0, 0_u64, 0);
    for byte in bytes {
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            before += value;
            history.push(before);
            (value, shift) = (0, 0);
        }
    }
    history
}

/// Positions in any order, each as it is.
pub fn write_gives(positions: &[Position]) -> Vec<u8> {
    positions.iter().flat_map(|position| position.to_le_bytes()).collect()
}

pub fn read_gives(bytes: &[u8]) -> Vec<Position> {
    bytes.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_comes_back_as_it_was_written() {
        let history = vec![1, 2, 130, 1_000_000, 1_000_000_000_000];
        assert_eq!(read_positions(&write_positions(&history)), history);
    }

    #[test]
    fn keys_of_one_prefecture_lie_together_in_the_order_of_positions() {
        let prefecture = |code: &str| Prefecture::new(code.parse().unwrap()).unwrap();
        let (lhasa, ngari) = (prefecture("540100000000"), prefecture("542500000000"));
        assert!(key(lhasa, 999_999_999) < key(ngari, 1));
        assert!(key(ngari, 1) < key(ngari, 2));
        assert_eq!(position(key(ngari, 77)), 77);
        assert_eq!(prefecture_from_number(prefecture_number(ngari)), Some(ngari));
    }
}
