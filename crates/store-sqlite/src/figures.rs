//! Sums of figures, and the contributions behind them.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, params};
use tahuang_domain::{AreaCode, Level, Position, Prefecture, SubjectId};
use tahuang_figures::{Grain, Part};
use tahuang_store::{ContributionQuery, ContributionRow, PartSum, StoreError};
use uuid::Uuid;

use crate::key::{area, area_number, prefecture_number};
use crate::unavailable;

fn part_sum(row: &Row<'_>) -> rusqlite::Result<PartSum> {
    let part = if row.get::<_, i64>(1)? == 0 { Part::Whole } else { Part::Denominator };
    Ok(PartSum { figure: row.get(0)?, part, period: row.get(2)?, sum: row.get(3)?, records: row.get(4)? })
}

pub fn periods(
    connection: &Connection,
    prefecture: Prefecture,
    of: AreaCode,
    grain: Grain,
    figure: Option<&str>,
) -> Result<Vec<PartSum>, StoreError> {
    connection
        .prepare_cached(
            "SELECT figure, part, period, amount, records FROM cells WHERE prefecture = ?1 AND area = ?2 AND grain = ?3
             AND figure BETWEEN ?4 AND ?5 AND (amount <> 0 OR records <> 0) ORDER BY figure, part, period",
        )
        .and_then(|mut query| {
            let (low, high) = (figure.unwrap_or(""), figure.unwrap_or("\u{10ffff}"));
            let bound = params![prefecture_number(prefecture), area_number(of), grain as i64, low, high];
            query.query_map(bound, part_sum)?.collect()
        })
        .map_err(unavailable)
}

pub fn totals_at(
    connection: &Connection,
    prefecture: Prefecture,
    of: AreaCode,
    at: Position,
    wanted: &[(&str, Part, bool)],
) -> Result<Vec<PartSum>, StoreError> {
    let sum = |once: bool| {
        let counted = if once { "count(DISTINCT subject)" } else { "ifnull(sum(amount), 0)" };
        format!(
            "SELECT ?2, ?3, 0, {counted}, count(*) FROM contributions WHERE prefecture = ?1 AND figure = ?2 AND part = ?3
             AND area BETWEEN ?4 AND ?5 AND opened <= ?6 AND (closed IS NULL OR closed > ?6)"
        )
    };
    let (low, high) = (*of.range().start() as i64, *of.range().end() as i64);
    let prefecture = prefecture_number(prefecture);
    wanted
        .iter()
        .map(|(figure, part, once)| {
            connection
                .prepare_cached(&sum(*once))?
                .query_row(params![prefecture, figure, part.number(), low, high, at as i64], part_sum)
        })
        .collect::<rusqlite::Result<_>>()
        .map_err(unavailable)
}

pub fn days_at(
    connection: &Connection,
    prefecture: Prefecture,
    of: AreaCode,
    at: Position,
    (figure, part): (&str, Part),
) -> Result<Vec<PartSum>, StoreError> {
    let (low, high) = (*of.range().start() as i64, *of.range().end() as i64);
    // A subject that counts once in each area counts there on its earliest day.
    connection
        .prepare_cached(
            "SELECT ?2, ?3, day, sum(amount), sum(records) FROM (
               SELECT CASE WHEN once THEN min(day) ELSE day END AS day,
                      CASE WHEN once THEN max(amount) ELSE sum(amount) END AS amount, count(*) AS records
               FROM contributions WHERE prefecture = ?1 AND figure = ?2 AND part = ?3 AND area BETWEEN ?4 AND ?5
               AND opened <= ?6 AND (closed IS NULL OR closed > ?6)
               GROUP BY subject, CASE WHEN once THEN 0 ELSE day END)
             GROUP BY day ORDER BY day",
        )
        .and_then(|mut query| {
            let bound = params![prefecture_number(prefecture), figure, part.number(), low, high, at as i64];
            query.query_map(bound, part_sum)?.collect()
        })
        .map_err(unavailable)
}

pub fn contributions(
    connection: &Connection,
    prefecture: Prefecture,
    query: &ContributionQuery<'_>,
) -> Result<Vec<ContributionRow>, StoreError> {
    let (low, high) = (*query.area.range().start() as i64, *query.area.range().end() as i64);
    let (mut area_after, mut day_after, mut slot_after, mut opened_after) = (low, i64::MIN, 0, 0);
    let mut subject_after: Vec<u8> = Vec::new();
    if let Some(after) = &query.after {
        (area_after, day_after) = (area_number(after.area), after.day);
        subject_after = after.subject.0.as_bytes().to_vec();
        (slot_after, opened_after) = (i64::from(after.slot), after.opened as i64);
    }
    let rows: Vec<(i64, ContributionRow)> = connection
        .prepare_cached(
            "SELECT area, day, subject, slot, opened, amount, once FROM contributions
             WHERE prefecture = ?1 AND figure = ?2 AND part = ?3 AND area BETWEEN ?4 AND ?5
             AND (area, opened, subject, slot, day) > (?6, ?7, ?8, ?9, ?10)
             AND opened <= ?11 AND (closed IS NULL OR closed > ?11)
             ORDER BY area, opened, subject, slot, day LIMIT ?12",
        )
        .and_then(|mut statement| {
            let bound = params![
                prefecture_number(prefecture),
                query.figure,
                query.part.number(),
                area_after.max(low),
                high,
                area_after,
                opened_after,
                subject_after,
                slot_after,
                day_after,
                query.at as i64,
                query.limit as i64
            ];
            statement
                .query_map(bound, |row| {
                    let contribution = ContributionRow {
                        figure: query.figure.to_owned(),
                        part: query.part,
                        area: query.area,
                        day: row.get(1)?,
                        subject: SubjectId(Uuid::from_bytes(row.get(2)?)),
                        slot: row.get(3)?,
                        opened: row.get::<_, i64>(4)? as Position,
                        amount: row.get(5)?,
                        once: row.get(6)?,
                    };
                    Ok((row.get(0)?, contribution))
                })?
                .collect()
        })
        .map_err(unavailable)?;
    rows.into_iter()
        .map(|(number, mut row)| {
            row.area = area(number, "contributions")?;
            Ok(row)
        })
        .collect()
}

pub fn areas_with(
    connection: &Connection,
    prefecture: Prefecture,
    level: Level,
    wanted: &[&str],
) -> Result<Vec<AreaCode>, StoreError> {
    let mut found = BTreeSet::new();
    let mut query = connection
        .prepare_cached(
            "SELECT DISTINCT area FROM cells WHERE prefecture = ?1 AND grain = 0 AND amount <> 0 AND figure = ?2
             AND area % ?3 = 0",
        )
        .map_err(unavailable)?;
    // Codes of a level are multiples of its span; that they are of no higher level is checked on the code.
    let span: i64 = match level {
        Level::Region => 10_000_000_000_000,
        Level::Prefecture => 100_000_000_000,
        Level::County => 1_000_000_000,
        Level::Township => 1_000_000,
        Level::Village => 1_000,
        Level::Grid => 1,
    };
    for figure in wanted {
        let numbers: Vec<i64> = query
            .query_map(params![prefecture_number(prefecture), figure, span], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(unavailable)?;
        for number in numbers {
            let code = area(number, "cells")?;
            if code.level() == level {
                found.insert(code);
            }
        }
    }
    Ok(found.into_iter().collect())
}
