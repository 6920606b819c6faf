//! Places to sign, two in a row: who, room for the name, a box for a fingerprint, the day.

use crate::PressError;
use crate::document::Signature;
use crate::layout::{Layout, moved};
use crate::lines;
use crate::mark::{Element, Mark, Slice};
use crate::style::{self, Align, Style, mm};

const GAP: f32 = mm(8.0);
/// Room to write a name, or to set a seal.
const ROOM: f32 = mm(10.0);
const SEAL_ROOM: f32 = mm(20.0);
/// Side of the box for a fingerprint.
const PRINT: f32 = mm(17.0);

pub(crate) fn lay_out(layout: &mut Layout<'_>, places: &[Signature], width: f32) -> Result<Vec<Slice>, PressError> {
    let column = (width - GAP) / 2.0;
    let mut slices = Vec::new();
    for pair in places.chunks(2) {
        let mut row = Slice { before: mm(4.0), ..Slice::default() };
        for (index, place) in pair.iter().enumerate() {
            let (marks, height) = one(layout, place, column)?;
            row.height = row.height.max(height);
            row.marks.extend(moved(marks, index as f32 * (column + GAP), 0.0));
        }
        slices.push(row);
    }
    Ok(slices)
}

fn one(layout: &mut Layout<'_>, place: &Signature, width: f32) -> Result<(Vec<Mark>, f32), PressError> {
    let element = layout.element(Element::Text);
    let mut marks = Vec::new();
    let room = if place.fingerprint { width - PRINT - mm(2.0) } else { width };
    let mut write = |text: &str, style: &Style, y: f32, room: f32| -> Result<f32, PressError> {
        let mut y = y;
        for line in lines::set(&mut layout.shapes, text, style, room)? {
            let height = line.height;
            marks.push(Mark::Text { x: 0.0, y, line, grey: style.grey, element });
            y += height;
        }
        Ok(y)
    };
    let label = Style { align: Align::Left, ..style::CELL };
    // The name stands beside the Chinese role, the Tibetan role below.
    let text = match place.role.split_once('\n') {
        _ if place.name.is_empty() => place.role.clone(),
        Some((first, below)) => format!("{first}：{}\n{below}", place.name),
        None => format!("{}：{}", place.role, place.name),
    };
    let mut y = write(&text, &label, 0.0, room)?;
    if place.seal {
        y = write("（盖章）", &Style { grey: 130, ..label.centered() }, y + SEAL_ROOM - label.leading, room)?;
    } else {
        y += ROOM;
    }
    let line_y = y;
    if place.day {
        y = write("　　年　　月　　日", &label.right(), y + mm(2.0), room)?;
    }
    marks.push(Mark::Rule { from: (0.0, line_y), to: (room, line_y), dashed: false, grey: 0 });
    if place.fingerprint {
        let (left, right, bottom) = (width - PRINT, width, PRINT);
        for (from, to) in [
            ((left, 0.0), (right, 0.0)),
            ((left, bottom), (right, bottom)),
            ((left, 0.0), (left, bottom)),
            ((right, 0.0), (right, bottom)),
        ] {
            marks.push(Mark::Rule { from, to, dashed: true, grey: 110 });
        }
        let note = Style { grey: 130, ..style::NOTE.centered() };
        for line in lines::set(&mut layout.shapes, "指印", &note, PRINT)? {
            let at = (bottom - line.height) / 2.0;
            marks.push(Mark::Text { x: left, y: at, line, grey: note.grey, element });
        }
        y = y.max(bottom);
    }
    Ok((marks, y + mm(2.0)))
}
