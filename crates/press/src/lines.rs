//! Clusters into lines: where a line may break (Unicode's rules, with those of Chinese print), and how it is filled.

use std::collections::HashSet;
use std::sync::Arc;

use krilla::text::KrillaGlyph;
use unicode_linebreak::linebreaks;

use crate::PressError;
use crate::fonts::Face;
use crate::shape::{Cluster, Shaped, Shapes, is_tibetan, is_unseen};
use crate::style::{Align, Style};

/// More than this much of an em between characters looks torn: such a line stays ragged.
const STRETCH_MAX: f32 = 0.3;
/// Tibetan hangs from its head line and needs more room below than Chinese.
const TIBETAN_LEADING: f32 = 1.75;

/// What one face prints of a line.
pub(crate) struct Piece {
    pub face: Arc<Face>,
    pub size: f32,
    /// From the left end of the line's place.
    pub x: f32,
    /// Ranges are those of `text`.
    pub glyphs: Vec<KrillaGlyph>,
    pub text: String,
}

/// A line of text, laid out in its place.
pub(crate) struct Line {
    pub pieces: Vec<Piece>,
    /// From the top of the line's place to its bottom.
    pub height: f32,
    /// From the top of the line's place to where letters stand.
    pub baseline: f32,
}

/// Sets a text in lines of a width. Each of the text's own line ends begins a new paragraph.
pub(crate) fn set(shapes: &mut Shapes<'_>, text: &str, style: &Style, width: f32) -> Result<Vec<Line>, PressError> {
    let mut lines = Vec::new();
    for paragraph in text.split(['\n', '\u{2028}', '\u{2029}']) {
        let paragraph: String = paragraph
            .chars()
            .map(|character| if character == '\t' { ' ' } else { character })
            .filter(|character| !is_unseen(*character))
            // Thin, hard and other blanks: fonts have one, and the wide one of Chinese.
            .map(|character| if character.is_whitespace() && character != '\u{3000}' { ' ' } else { character })
            .collect();
        let shaped = shapes.shape(&paragraph, style.role)?;
        let first = lines.len();
        let indent = style.indent * (style.size + style.tracking);
        let breaks = breaks(&paragraph);
        let mut rest = &shaped.clusters[..];
        loop {
            let indent = if lines.len() == first { indent } else { 0.0 };
            let room = width - indent;
            let (taken, next) = fill(&paragraph, rest, &breaks, style, room);
            let is_last = next == rest.len();
            lines.push(line(&paragraph, &shaped, &rest[..taken], style, indent, room, is_last));
            rest = &rest[next..];
            if rest.is_empty() {
                break;
            }
        }
    }
    Ok(lines)
}

/// The widest line that a text makes when it does not break.
pub(crate) fn natural_width(shapes: &mut Shapes<'_>, text: &str, style: &Style) -> Result<f32, PressError> {
    let mut widest = 0.0_f32;
    for line in text.split('\n') {
        let shaped = shapes.shape(line, style.role)?;
        widest = widest.max(shaped.clusters.iter().map(|cluster| advance(cluster, style)).sum());
    }
    Ok(widest)
}

fn advance(cluster: &Cluster, style: &Style) -> f32 {
    cluster.width * style.size + style.tracking
}

/// Ends of bytes after which a line may end.
fn breaks(text: &str) -> HashSet<usize> {
    let mut breaks: HashSet<usize> = linebreaks(text).map(|(at, _)| at).collect();
    // To Unicode a quotation mark may be either end, so it never breaks beside one. Chinese ones are told apart.
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    for pair in characters.windows(2) {
        let [(_, before), (at, after)] = pair else { continue };
        let opens = is_ideograph(*before) && matches!(after, '“' | '‘');
        let closes = matches!(before, '”' | '’') && is_ideograph(*after);
        if opens || closes {
            breaks.insert(*at);
        }
    }
    breaks
}

/// How many clusters stand in a line, and with how many the next begins behind them (blanks at the end are dropped).
fn fill(text: &str, clusters: &[Cluster], breaks: &HashSet<usize>, style: &Style, room: f32) -> (usize, usize) {
    let mut width = 0.0;
    let mut last_break = None;
    for (index, cluster) in clusters.iter().enumerate() {
        let own = advance(cluster, style);
        let part = &text[cluster.range.clone()];
        // The right half of a closing mark is empty and may reach beyond the edge.
        let ink = if hangs(part) { own - style.size / 2.0 } else { own };
        if index > 0 && part != " " && width + ink > room + 0.01 {
            let taken: usize = last_break.unwrap_or(index);
            let blank = |cluster: &Cluster| &text[cluster.range.clone()] == " ";
            let kept = clusters[..taken].iter().rposition(|cluster| !blank(cluster)).map_or(taken, |last| last + 1);
            return (kept, taken);
        }
        width += own;
        if breaks.contains(&cluster.range.end) {
            last_break = Some(index + 1);
        }
    }
    (clusters.len(), clusters.len())
}

fn line(
    text: &str,
    shaped: &Shaped,
    clusters: &[Cluster],
    style: &Style,
    indent: f32,
    room: f32,
    is_last: bool,
) -> Line {
    let natural: f32 = clusters.iter().map(|cluster| advance(cluster, style)).sum();
    let free = (room - natural).max(0.0);
    let gaps = clusters.windows(2).filter(|pair| stretches(text, &pair[0], &pair[1])).count();
    let (mut x, stretch) = match style.align {
        Align::Left => (indent, 0.0),
        Align::Center => (indent + free / 2.0, 0.0),
        Align::Right => (indent + free, 0.0),
        Align::Justify => {
            let stretch = if is_last || gaps == 0 { 0.0 } else { free / gaps as f32 };
            (indent, if stretch > STRETCH_MAX * style.size { 0.0 } else { stretch })
        }
    };
    let mut pieces: Vec<Piece> = Vec::new();
    let mut face = usize::MAX;
    for (index, cluster) in clusters.iter().enumerate() {
        if cluster.face != face {
            face = cluster.face;
            let (size, glyphs, text) = (style.size, Vec::new(), String::new());
            pieces.push(Piece { face: Arc::clone(&shaped.faces[face]), size, x, glyphs, text });
        }
        let mut after = style.tracking;
        if clusters.get(index + 1).is_some_and(|next| stretches(text, cluster, next)) {
            after += stretch;
        }
        if let Some(piece) = pieces.last_mut() {
            let start = piece.text.len();
            piece.text.push_str(&text[cluster.range.clone()]);
            let last = cluster.glyphs.len() - 1;
            piece.glyphs.extend(cluster.glyphs.iter().enumerate().map(|(number, glyph)| {
                let mut glyph = glyph.clone();
                glyph.text_range = start..piece.text.len();
                if number == last {
                    glyph.x_advance += after / style.size;
                }
                glyph
            }));
        }
        x += cluster.width * style.size + after;
    }
    pieces.iter_mut().for_each(join_syllables);
    let is_tibetan = clusters.iter().any(|cluster| text[cluster.range.clone()].chars().any(is_tibetan));
    let height = if is_tibetan { style.leading.max(style.size * TIBETAN_LEADING) } else { style.leading };
    // A Chinese character reaches from 0.88 above the base line to 0.12 below it and stands in the middle of its line.
    let baseline = (height - style.size) / 2.0 + style.size * if is_tibetan { 0.80 } else { 0.88 };
    Line { pieces, height, baseline }
}

/// Lets the glyphs of a Tibetan syllable stand for its text as a whole. A vowel sign is drawn back over its letter; whoever
/// copies text letter by letter takes the way back for a blank.
fn join_syllables(piece: &mut Piece) {
    if !piece.text.chars().any(is_tibetan) {
        return;
    }
    let mut start = 0;
    for (at, character) in piece.text.char_indices() {
        let end = at + character.len_utf8();
        let is_last = end == piece.text.len();
        if !(is_last || matches!(character, '\u{F0B}'..='\u{F14}' | ' ')) {
            continue;
        }
        let within = |glyph: &&mut KrillaGlyph| (start..end).contains(&glyph.text_range.start);
        let mut glyphs: Vec<&mut KrillaGlyph> = piece.glyphs.iter_mut().filter(within).collect();
        if glyphs.windows(2).any(|pair| pair[0].text_range == pair[1].text_range) {
            for glyph in &mut glyphs {
                glyph.text_range = start..end;
            }
        }
        start = end;
    }
}

/// Whether a line may be stretched between two neighbours.
fn stretches(text: &str, before: &Cluster, after: &Cluster) -> bool {
    let last = text[before.range.clone()].chars().next_back().unwrap_or(' ');
    let next = text[after.range.clone()].chars().next().unwrap_or(' ');
    last == ' ' || last == '\u{F0B}' || is_wide(last) || is_wide(next)
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{2FDF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_wide(character: char) -> bool {
    is_ideograph(character) || matches!(character, '\u{3000}'..='\u{30FF}' | '\u{FF01}'..='\u{FF60}')
}

fn hangs(part: &str) -> bool {
    matches!(part, "，" | "。" | "、" | "；" | "：" | "）" | "》" | "】" | "」" | "』" | "〉" | "〕")
}
