//! Text into clusters: which font prints which character, which glyphs come out, how wide they are.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use harfrust::{Direction, ShapePlan, Shaper, UnicodeBuffer};
use krilla::text::{GlyphId, KrillaGlyph};
use skrifa::MetadataProvider;

use crate::PressError;
use crate::fonts::{Face, Fonts};
use crate::style::Role;

/// What stays together: one character, or a stack of them.
pub(crate) struct Cluster {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Its face, as a number in [`Shaped::faces`].
    pub face: usize,
    /// Its glyphs in the order of drawing; ranges are those of the text.
    pub glyphs: Vec<KrillaGlyph>,
    /// Width in ems.
    pub width: f32,
}

/// A line of text, shaped.
pub(crate) struct Shaped {
    pub faces: Vec<Arc<Face>>,
    pub clusters: Vec<Cluster>,
}

/// Shapes texts of one document and remembers how.
pub(crate) struct Shapes<'f> {
    fonts: &'f Fonts,
    plans: HashMap<(usize, [u8; 4]), ShapePlan>,
}

impl<'f> Shapes<'f> {
    pub fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, plans: HashMap::new() }
    }

    /// Shapes a text without line breaks in it.
    pub fn shape(&mut self, text: &str, role: Role) -> Result<Shaped, PressError> {
        let mut faces = vec![self.fonts.face(role)?];
        if text.chars().any(is_tibetan) {
            faces.push(self.fonts.tibetan(role)?);
        }
        if !covers(&faces, text) {
            for other in [Role::Song, Role::Hei] {
                let face = self.fonts.face(other)?;
                if !faces.iter().any(|known| Arc::ptr_eq(known, &face)) {
                    faces.push(face);
                }
            }
        }
        let mut clusters = Vec::with_capacity(text.len() / 2);
        for run in runs(text, &faces) {
            if run.known {
                self.run(text, &run, &faces[run.face], &mut clusters);
            } else {
                clusters.extend(text[run.range.clone()].char_indices().map(|(at, character)| {
                    let range = run.range.start + at..run.range.start + at + character.len_utf8();
                    let glyph = KrillaGlyph::new(GlyphId::new(0), 1.0, 0.0, 0.0, 0.0, range.clone(), None);
                    Cluster { range, face: run.face, glyphs: vec![glyph], width: 1.0 }
                }));
            }
        }
        Ok(Shaped { faces, clusters })
    }

    fn run(&mut self, text: &str, run: &Run, face: &Arc<Face>, clusters: &mut Vec<Cluster>) {
        let tables = face.tables();
        let shaper = face.shaping.shaper(&tables).build();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text[run.range.clone()]);
        buffer.guess_segment_properties();
        // Whatever the script: a line is set from left to right, and clusters come in the order of the text.
        buffer.set_direction(Direction::LeftToRight);
        let plan = self
            .plans
            .entry((Arc::as_ptr(face).addr(), buffer.script().tag().to_be_bytes()))
            .or_insert_with(|| plan(&shaper, &buffer));
        let options = harfrust::ShapeOptions::new().plan(Some(plan));
        let shaped = shaper.shape(buffer, options);

        let em = |units: i32| units as f32 / face.units;
        let mut glyphs: Vec<(usize, KrillaGlyph)> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, at)| {
                let glyph = KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    em(at.x_advance),
                    em(at.x_offset),
                    em(at.y_offset),
                    em(at.y_advance),
                    0..0,
                    None,
                );
                (run.range.start + info.cluster as usize, glyph)
            })
            .collect();
        glyphs.sort_by_key(|(start, _)| *start);
        let mut glyphs = glyphs.into_iter().peekable();
        while let Some((start, first)) = glyphs.next() {
            let mut own = vec![first];
            while let Some((_, glyph)) = glyphs.next_if(|(other, _)| *other == start) {
                own.push(glyph);
            }
            let end = glyphs.peek().map_or(run.range.end, |(next, _)| *next);
            for glyph in &mut own {
                glyph.text_range = start..end;
            }
            let width = own.iter().map(|glyph| glyph.x_advance).sum();
            clusters.push(Cluster { range: start..end, face: run.face, glyphs: own, width });
        }
    }
}

fn plan(shaper: &Shaper<'_>, buffer: &UnicodeBuffer) -> ShapePlan {
    ShapePlan::new(shaper, buffer.direction(), Some(buffer.script()), buffer.language().as_ref(), &[])
}

/// Whether a character is of the Tibetan script.
pub(crate) fn is_tibetan(character: char) -> bool {
    matches!(character, '\u{F00}'..='\u{FFF}')
}

/// Characters that are not seen and for which no font needs a glyph: they are left out.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Neighbours that one face prints, or that none does.
struct Run {
    range: Range<usize>,
    face: usize,
    known: bool,
}

fn covers(faces: &[Arc<Face>], text: &str) -> bool {
    let tables: Vec<_> = faces.iter().map(|face| face.tables()).collect();
    let maps: Vec<_> = tables.iter().map(|tables| tables.charmap()).collect();
    text.chars().all(|character| maps.iter().any(|map| map.map(character).is_some_and(|glyph| glyph.to_u32() != 0)))
}

fn runs(text: &str, faces: &[Arc<Face>]) -> Vec<Run> {
    let tables: Vec<_> = faces.iter().map(|face| face.tables()).collect();
    let maps: Vec<_> = tables.iter().map(|tables| tables.charmap()).collect();
    let has = |face: usize, character: char| maps[face].map(character).is_some_and(|glyph| glyph.to_u32() != 0);
    let mut runs: Vec<Run> = Vec::new();
    for (at, character) in text.char_indices() {
        let before = runs.last().filter(|run| run.known).map(|run| run.face);
        // A blank belongs to the script before it, so that Tibetan words stand as far apart as Tibetan wants.
        let (face, known) = match before {
            Some(face) if character == ' ' && has(face, ' ') => (face, true),
            _ => (0..faces.len()).find(|face| has(*face, character)).map_or((0, false), |face| (face, true)),
        };
        let end = at + character.len_utf8();
        match runs.last_mut() {
            Some(run) if run.face == face && run.known == known => run.range.end = end,
            _ => runs.push(Run { range: at..end, face, known }),
        }
    }
    runs
}
