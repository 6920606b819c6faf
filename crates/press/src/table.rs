//! Tables: rows of wrapped cells. A row stays whole unless it is higher than half a page; then it breaks between lines.

use std::rc::Rc;

use crate::PressError;
use crate::document::{Cell, Table};
use crate::layout::Layout;
use crate::lines::{self, Line};
use crate::mark::{Element, Mark, Slice};
use crate::style::mm;

/// Free space left and right of a cell's text.
pub(crate) const PAD_X: f32 = 4.5;
/// Free space above and below a cell's text.
const PAD_Y: f32 = 3.0;

/// A cell with its lines.
struct Set {
    x: f32,
    width: f32,
    lines: Vec<Line>,
    height: f32,
    grey: u8,
    element: usize,
}

pub(crate) fn lay_out(
    layout: &mut Layout<'_>,
    table: &Table,
    width: f32,
    height: f32,
) -> Result<Vec<Slice>, PressError> {
    let edges = edges(&table.widths, width);
    let number = layout.tables;
    layout.tables += 1;
    let head = match &table.head[..] {
        [] => None,
        texts => {
            let cells: Vec<Cell> = texts.iter().map(Cell::label).collect();
            let sets = set(layout, &cells, &edges, Element::Cell { table: number, row: 0, is_head: true })?;
            let least = least_height(&cells);
            Some((sets, least))
        }
    };
    let mut slices = Vec::new();
    let mut repeated = None;
    if let Some((sets, least)) = head {
        // Set once for the table and once for the pages on which it goes on.
        let cells: Vec<Cell> = table.head.iter().map(Cell::label).collect();
        let again = set(layout, &cells, &edges, Element::Text)?;
        repeated = Some(Rc::new(whole(again, least, width)));
        let mut first = whole(sets, least, width);
        first.keep = true;
        slices.push(first);
    }
    // A head as high as the page would leave no room for rows.
    let repeated = repeated.filter(|head: &Rc<Slice>| head.height < height / 3.0);
    let room = height - repeated.as_ref().map_or(0.0, |head| head.height);
    for (index, cells) in table.rows.iter().enumerate() {
        let sets = set(layout, cells, &edges, Element::Cell { table: number, row: index + 1, is_head: false })?;
        let least = least_height(cells).min(room);
        let own = if sets.iter().map(|set| set.height).fold(least, f32::max) <= room / 2.0 {
            vec![whole(sets, least, width)]
        } else {
            broken(sets, least, width, room)
        };
        slices.extend(own.into_iter().map(|mut slice| {
            slice.closes = Some((0.0, width));
            slice.head.clone_from(&repeated);
            slice
        }));
    }
    if let Some(last) = slices.last_mut() {
        last.marks.push(across(last.height, width));
        last.height += 1.0;
    }
    Ok(slices)
}

/// Where columns begin and the last one ends.
fn edges(widths: &[f32], width: f32) -> Vec<f32> {
    let sum: f32 = widths.iter().map(|width| width.max(0.01)).sum();
    let mut edges = vec![0.0];
    let mut x = 0.0;
    for own in widths {
        x += own.max(0.01) / sum * width;
        edges.push(x);
    }
    edges
}

fn least_height(cells: &[Cell]) -> f32 {
    cells.iter().map(|cell| mm(cell.height_mm)).fold(0.0, f32::max)
}

fn set(layout: &mut Layout<'_>, cells: &[Cell], edges: &[f32], element: Element) -> Result<Vec<Set>, PressError> {
    let last = edges.len() - 1;
    let mut column = 0;
    let mut sets = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        if column >= last {
            break;
        }
        let end = if index + 1 == cells.len() { last } else { (column + cell.span.max(1)).min(last) };
        let (x, width) = (edges[column], edges[end] - edges[column]);
        let style = layout.styled(&cell.style);
        let lines = lines::set(&mut layout.shapes, &cell.text, &style, (width - 2.0 * PAD_X).max(style.size))?;
        let height = lines.iter().map(|line| line.height).sum::<f32>() + 2.0 * PAD_Y;
        sets.push(Set { x, width, lines, height, grey: style.grey, element: layout.element(element.clone()) });
        column = end;
    }
    Ok(sets)
}

fn across(y: f32, width: f32) -> Mark {
    Mark::Rule { from: (0.0, y), to: (width, y), dashed: false, grey: 0 }
}

fn sides(marks: &mut Vec<Mark>, xs: &[(f32, f32)], height: f32) {
    for (index, (x, width)) in xs.iter().enumerate() {
        let mut upright = |x| marks.push(Mark::Rule { from: (x, 0.0), to: (x, height), dashed: false, grey: 0 });
        if index == 0 {
            upright(*x);
        }
        upright(x + width);
    }
}

/// A row in one slice, each cell's text in the middle of its height.
fn whole(sets: Vec<Set>, least: f32, width: f32) -> Slice {
    let height = sets.iter().map(|set| set.height).fold(least, f32::max);
    let mut marks = vec![across(0.0, width)];
    let xs: Vec<(f32, f32)> = sets.iter().map(|set| (set.x, set.width)).collect();
    sides(&mut marks, &xs, height);
    for set in sets {
        let mut y = PAD_Y + (height - set.height) / 2.0;
        for line in set.lines {
            let own = line.height;
            marks.push(Mark::Text { x: set.x + PAD_X, y, line, grey: set.grey, element: set.element });
            y += own;
        }
    }
    Slice { height, marks, ..Slice::default() }
}

/// A high row in slices, broken where no cell has a line.
fn broken(sets: Vec<Set>, least: f32, width: f32, room: f32) -> Vec<Slice> {
    let height = sets.iter().map(|set| set.height).fold(least, f32::max);
    let mut spans: Vec<(f32, f32)> = Vec::new();
    for set in &sets {
        let mut y = PAD_Y;
        for line in &set.lines {
            spans.push((y, y + line.height));
            y += line.height;
        }
    }
    let ends = {
        let mut ends: Vec<f32> = spans.iter().map(|span| span.1).collect();
        ends.sort_by(f32::total_cmp);
        ends.dedup_by(|one, other| (*one - *other).abs() < 0.01);
        // Neighbouring cells have their lines at the same heights or at few different ones; a place where none has one
        // comes at the latest at the end of the shorter cell.
        spans.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut free = Vec::new();
        let mut reach = 0.0_f32;
        let mut next = spans.iter().peekable();
        for end in ends {
            while let Some(span) = next.next_if(|span| span.0 < end - 0.01) {
                reach = reach.max(span.1);
            }
            if reach <= end + 0.01 {
                free.push(end);
            }
        }
        free
    };
    let mut cuts: Vec<f32> = ends.into_iter().filter(|end| *end < height - PAD_Y - 0.5).collect();
    cuts.push(height);
    let xs: Vec<(f32, f32)> = sets.iter().map(|set| (set.x, set.width)).collect();
    let mut slices: Vec<Slice> = Vec::with_capacity(cuts.len());
    let mut tops = Vec::with_capacity(cuts.len());
    let mut top = 0.0;
    for cut in cuts {
        let mut slice = Slice { height: (cut - top).min(room), ..Slice::default() };
        sides(&mut slice.marks, &xs, slice.height);
        tops.push(top);
        slices.push(slice);
        top = cut;
    }
    slices[0].marks.push(across(0.0, width));
    for set in sets {
        let mut y = PAD_Y;
        for line in set.lines {
            let own = line.height;
            let at = tops.partition_point(|top| *top <= y + 0.01) - 1;
            let mark = Mark::Text { x: set.x + PAD_X, y: y - tops[at], line, grey: set.grey, element: set.element };
            slices[at].marks.push(mark);
            y += own;
        }
    }
    slices
}
