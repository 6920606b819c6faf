//! Pages into a PDF: what is drawn, bookmarks, and the order in which it is read aloud.

use std::num::NonZeroU16;

use krilla::color::luma;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};

use crate::PressError;
use crate::document::Document;
use crate::mark::{Element, Mark, Slice};
use crate::pages::Pages;
use crate::style::{PAGE, RULE};

pub(crate) fn write(document: &Document, laid_out: &Pages) -> Result<Vec<u8>, PressError> {
    let mut pdf = krilla::Document::new();
    // What of the pages belongs to which element, in the order of the elements.
    let mut parts: Vec<Vec<Identifier>> = vec![Vec::new(); laid_out.elements.len()];
    for page in &laid_out.pages {
        let Some(settings) = PageSettings::from_wh(PAGE.0, PAGE.1) else { unreachable!("A4 has a size") };
        let mut sheet = pdf.start_page_with(settings);
        let mut surface = sheet.surface();
        for (x, y, slice) in &page.repeated {
            draw(&mut surface, *x, *y, slice, None);
        }
        for (x, y, slice) in &page.slices {
            draw(&mut surface, *x, *y, slice, Some((&mut parts, &laid_out.elements)));
        }
        if let Some((x, y, slice)) = &page.foot {
            draw(&mut surface, *x, *y, slice, None);
        }
        surface.finish();
        sheet.finish();
    }
    pdf.set_metadata(
        Metadata::new().title(document.title.clone()).language("zh-CN".to_owned()).creator("塔黄 Tahuang".to_owned()),
    );
    let mut outline = Outline::new();
    for entry in &laid_out.entries {
        if let Some((page, y)) = entry.at {
            let place = krilla::destination::XyzDestination::new(page, Point::from_xy(0.0, y));
            outline.push_child(OutlineNode::new(entry.title.clone(), place));
        }
    }
    pdf.set_outline(outline);
    pdf.set_tag_tree(tree(&laid_out.elements, parts));
    pdf.finish().map_err(|error| match error {
        KrillaError::Image(image, ..) | KrillaError::SixteenBitImage(image, _) => {
            PressError::PictureUnreadable(number(laid_out, &image))
        }
        KrillaError::Font(..) => PressError::FontUnreadable(std::path::PathBuf::new()),
        // Elements, bookmarks and pages are far below the format's own limits, and no standard is validated.
        _ => PressError::TooLong { what: "parts", max: crate::limits::PAGES_MAX },
    })
}

/// Which of the pictures it is, counted from 1.
fn number(laid_out: &Pages, image: &Image) -> usize {
    let slices = laid_out.pages.iter().flat_map(|page| &page.slices);
    let mut pictures = slices.flat_map(|(_, _, slice)| &slice.marks).filter_map(|mark| match mark {
        Mark::Picture { image, .. } => Some(image),
        _ => None,
    });
    pictures.position(|other| other == image).map_or(0, |index| index + 1)
}

type Parts<'p> = (&'p mut Vec<Vec<Identifier>>, &'p [Element]);

/// Draws a slice. Without `parts` it is no content but something that pages repeat.
fn draw(surface: &mut Surface<'_>, left: f32, top: f32, slice: &Slice, mut parts: Option<Parts<'_>>) {
    for mark in &slice.marks {
        let element = match mark {
            Mark::Rule { .. } => None,
            Mark::Text { element, .. } | Mark::Picture { element, .. } | Mark::Code { element, .. } => Some(*element),
        };
        match (&mut parts, element) {
            (Some((parts, elements)), Some(element)) => {
                let alt = match &elements[element] {
                    Element::Figure(alt) => Some(alt.as_str()),
                    _ => None,
                };
                let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty().with_alt_text(alt)));
                parts[element].push(identifier);
            }
            _ => {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            }
        }
        draw_mark(surface, left, top, mark);
        surface.end_tagged();
    }
}

fn draw_mark(surface: &mut Surface<'_>, left: f32, top: f32, mark: &Mark) {
    match mark {
        Mark::Text { x, y, line, grey, .. } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*grey)));
            for piece in &line.pieces {
                let start = Point::from_xy(left + x + piece.x, top + y + line.baseline);
                surface.draw_glyphs(start, &piece.glyphs, piece.face.font.clone(), &piece.text, piece.size, false);
            }
        }
        Mark::Rule { from, to, dashed, grey } => {
            let mut path = PathBuilder::new();
            path.move_to(left + from.0, top + from.1);
            path.line_to(left + to.0, top + to.1);
            let Some(path) = path.finish() else { return };
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: luma::Color::new(*grey).into(),
                width: RULE,
                dash: dashed.then(|| StrokeDash { array: vec![2.5, 2.0], offset: 0.0 }),
                ..Stroke::default()
            }));
            surface.draw_path(&path);
        }
        Mark::Picture { x, y, width, height, image, .. } => {
            let Some(size) = Size::from_wh(*width, *height) else { return };
            surface.push_transform(&Transform::from_translate(left + x, top + y));
            surface.draw_image(image.clone(), size);
            surface.pop();
        }
        Mark::Code { x, y, side, modules, .. } => {
            let module = side / modules.len() as f32;
            let mut path = PathBuilder::new();
            for (row, modules) in modules.iter().enumerate() {
                // Black neighbours in one piece: no hair lines between them, and a small file.
                let mut column = 0;
                while column < modules.len() {
                    let run = modules[column..].iter().take_while(|dark| **dark).count();
                    let (x, y) = (left + x + column as f32 * module, top + y + row as f32 * module);
                    if let Some(rect) = Rect::from_xywh(x, y, run as f32 * module, module).filter(|_| run > 0) {
                        path.push_rect(rect);
                    }
                    column += run + 1;
                }
            }
            let Some(path) = path.finish() else { return };
            surface.set_stroke(None);
            surface.set_fill(Some(fill(0)));
            surface.draw_path(&path);
        }
    }
}

fn fill(grey: u8) -> Fill {
    Fill { paint: luma::Color::new(grey).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

/// The order of reading: texts, headings, tables with their rows and cells.
fn tree(elements: &[Element], parts: Vec<Vec<Identifier>>) -> TagTree {
    let mut tree = TagTree::new();
    // The table that is being read with its number, and its row with its own.
    let mut table: Option<(usize, TagGroup)> = None;
    let mut row: Option<(usize, TagGroup)> = None;
    for (element, parts) in elements.iter().zip(parts) {
        if parts.is_empty() {
            continue;
        }
        let place = match element {
            Element::Cell { table, row, .. } => Some((*table, *row)),
            _ => None,
        };
        let same_table = table.as_ref().map(|(number, _)| *number) == place.map(|(table, _)| table);
        let same_row = same_table && row.as_ref().map(|(number, _)| *number) == place.map(|(_, row)| row);
        if !same_row && let (Some((_, ended)), Some((_, table))) = (row.take(), table.as_mut()) {
            table.push(ended);
        }
        if !same_table && let Some((_, ended)) = table.take() {
            tree.push(ended);
        }
        let mut group = match element {
            Element::Text => TagGroup::new(Tag::P),
            Element::Heading { level, title } => {
                TagGroup::new(Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())))
            }
            Element::Cell { is_head: true, .. } => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
            Element::Cell { is_head: false, .. } => TagGroup::new(Tag::TD),
            Element::Figure(alt) => TagGroup::new(Tag::Figure(Some(alt.clone()))),
        };
        for part in parts {
            group.push(part);
        }
        let Some((number, line)) = place else {
            tree.push(group);
            continue;
        };
        table.get_or_insert_with(|| (number, TagGroup::new(Tag::Table)));
        row.get_or_insert_with(|| (line, TagGroup::new(Tag::TR))).1.push(group);
    }
    if let Some((_, mut table)) = table {
        if let Some((_, row)) = row {
            table.push(row);
        }
        tree.push(table);
    }
    tree
}
