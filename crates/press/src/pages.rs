//! Slices onto pages.

use std::rc::Rc;

use crate::PressError;
use crate::document::{Block, Document};
use crate::fonts::Fonts;
use crate::layout::Layout;
use crate::limits::PAGES_MAX;
use crate::lines;
use crate::mark::{Element, Entry, Mark, Page, Slice, Turn};
use crate::style::{self, Align, Area, Style, mm};

/// Slices that stay together at most; more than that is no heading any more.
const KEPT_MAX: usize = 12;
/// From the text area down to the page number.
const NUMBER_BELOW: f32 = mm(7.0);

/// A document that was laid out.
pub(crate) struct Pages {
    pub pages: Vec<Page>,
    pub entries: Vec<Entry>,
    pub elements: Vec<Element>,
}

pub(crate) fn lay_out(document: &Document, fonts: &Fonts) -> Result<Pages, PressError> {
    let has_contents = document.blocks.iter().any(|block| matches!(block, Block::Contents));
    let mut contents = Vec::new();
    if has_contents {
        // As long as it will be, so that the pages that are found hold.
        contents = document.blocks.iter().filter_map(title).map(|title| (title, None)).collect();
        let found = once(document, fonts, contents)?;
        contents = found.entries.into_iter().map(|entry| (entry.title, entry.number)).collect();
    }
    once(document, fonts, contents)
}

fn title(block: &Block) -> Option<String> {
    match block {
        Block::Heading { text, entry, .. } => Some(entry.as_ref().unwrap_or(text).replace('\n', " ")),
        _ => None,
    }
}

fn once(document: &Document, fonts: &Fonts, contents: Vec<(String, Option<usize>)>) -> Result<Pages, PressError> {
    let mut layout = Layout::new(fonts, contents);
    let mut stack = Stack::new(document.area);
    for block in &document.blocks {
        let slices = layout.block(block, document.area.width, document.area.height)?;
        stack.add(slices, &mut layout.entries)?;
    }
    stack.flush(&mut layout.entries)?;
    let mut pages = stack.pages;
    // A break at the very end, or after a page of its own, leaves nothing to print.
    if pages.len() > 1 && pages.last().is_some_and(|page| page.slices.is_empty()) {
        pages.pop();
    }
    for (index, page) in pages.iter_mut().enumerate() {
        if let Some(number) = page.number {
            // The outer edge of a sheet that is printed on both sides, one character in.
            let style = if index % 2 == 0 { style::PAGE_NUMBER.right() } else { style::PAGE_NUMBER };
            number_page(&mut layout, page, &document.area, number, &style)?;
        }
    }
    Ok(Pages { pages, entries: layout.entries, elements: layout.elements })
}

fn number_page(
    layout: &mut Layout<'_>,
    page: &mut Page,
    area: &Area,
    number: usize,
    style: &Style,
) -> Result<(), PressError> {
    let text = format!("— {number} —");
    let mut slice = Slice::default();
    let shift = if style.align == Align::Right { -style.size } else { style.size };
    for line in lines::set(&mut layout.shapes, &text, style, area.width)? {
        slice.marks.push(Mark::Text { x: shift, y: 0.0, line, grey: 0, element: 0 });
    }
    page.foot = Some((area.left, area.top + area.height + NUMBER_BELOW, Rc::new(slice)));
    Ok(())
}

/// Pages that are being filled.
struct Stack {
    area: Area,
    pages: Vec<Page>,
    /// From the top of the text area.
    y: f32,
    /// Slices that wait for the one that they are kept with.
    kept: Vec<Slice>,
    /// The number of the next page, once pages are numbered.
    number: Option<usize>,
}

impl Stack {
    fn new(area: Area) -> Self {
        Self { area, pages: vec![Page::default()], y: 0.0, kept: Vec::new(), number: None }
    }

    fn add(&mut self, slices: Vec<Slice>, entries: &mut [Entry]) -> Result<(), PressError> {
        for slice in slices {
            match slice.turn {
                Turn::Flows if slice.keep && self.kept.len() < KEPT_MAX => self.kept.push(slice),
                Turn::Flows => {
                    self.kept.push(slice);
                    self.flush(entries)?;
                }
                Turn::Breaks => {
                    self.flush(entries)?;
                    self.turn_page()?;
                }
                Turn::Numbers => {
                    self.flush(entries)?;
                    self.number = Some(1);
                    if let Some(page) = self.pages.last_mut().filter(|page| page.slices.is_empty()) {
                        page.number = Some(1);
                        self.number = Some(2);
                    }
                }
                Turn::IsPage => {
                    self.flush(entries)?;
                    self.turn_page()?;
                    if let Some(page) = self.pages.last_mut() {
                        page.slices.push((0.0, 0.0, Rc::new(slice)));
                    }
                    self.turn_page()?;
                }
            }
        }
        Ok(())
    }

    /// Places what waits, on this page when it fits as a whole.
    fn flush(&mut self, entries: &mut [Entry]) -> Result<(), PressError> {
        let kept = std::mem::take(&mut self.kept);
        let together: f32 = kept.iter().map(|slice| slice.before + slice.height).sum();
        let fits = together <= self.area.height;
        for (index, slice) in kept.into_iter().enumerate() {
            let needed = if fits && index == 0 { together } else { slice.before + slice.height };
            let needed = if self.y == 0.0 { needed - slice.before } else { needed };
            if self.y > 0.0 && self.y + needed > self.area.height + 0.5 {
                self.continue_on_next(&slice)?;
            }
            self.place(slice, entries);
        }
        Ok(())
    }

    fn place(&mut self, slice: Slice, entries: &mut [Entry]) {
        let index = self.pages.len() - 1;
        let Some(page) = self.pages.last_mut() else { return };
        if self.y > 0.0 {
            self.y += slice.before;
        }
        let y = self.area.top + self.y;
        if let Some(entry) = slice.entry.and_then(|entry| entries.get_mut(entry)) {
            entry.at = Some((index, y));
            entry.number = page.number;
        }
        self.y += slice.height;
        if !slice.marks.is_empty() {
            page.slices.push((self.area.left, y, Rc::new(slice)));
        }
    }

    /// Ends the page before a slice, closing a table there and repeating its head on the next page.
    fn continue_on_next(&mut self, slice: &Slice) -> Result<(), PressError> {
        let rule = |(from, to): (f32, f32)| {
            let marks = vec![Mark::Rule { from: (from, 0.0), to: (to, 0.0), dashed: false, grey: 0 }];
            Rc::new(Slice { marks, ..Slice::default() })
        };
        let (left, top) = (self.area.left, self.area.top);
        let y = self.y;
        if let (Some(span), Some(page)) = (slice.closes, self.pages.last_mut()) {
            page.repeated.push((left, top + y, rule(span)));
        }
        self.turn_page()?;
        let Some(page) = self.pages.last_mut() else { return Ok(()) };
        if let Some(head) = &slice.head {
            page.repeated.push((left, top, Rc::clone(head)));
            self.y = head.height;
        }
        if let Some(span) = slice.closes {
            page.repeated.push((left, top + self.y, rule(span)));
        }
        Ok(())
    }

    fn turn_page(&mut self) -> Result<(), PressError> {
        self.y = 0.0;
        if self.pages.last().is_some_and(|page| page.slices.is_empty()) {
            return Ok(());
        }
        if self.pages.len() == PAGES_MAX {
            return Err(PressError::TooLong { what: "pages", max: PAGES_MAX });
        }
        let number = self.number;
        self.number = number.map(|number| number + 1);
        self.pages.push(Page { number, ..Page::default() });
        Ok(())
    }
}
