//! Blocks into slices.

use std::rc::Rc;

use fast_qr::qr::QRBuilder;
use krilla::image::Image;

use crate::document::{Block, Cell, Picture, Placed, Table};
use crate::fonts::Fonts;
use crate::limits::PICTURE_PIXELS_MAX;
use crate::lines::{self, natural_width};
use crate::mark::{Element, Entry, Mark, Slice, Turn};
use crate::shape::Shapes;
use crate::style::{self, Style, mm};
use crate::{PressError, sign, table};

/// Sizes that are tried, until what stands in a place of its own fits.
const SCALES: [f32; 6] = [1.0, 0.94, 0.88, 0.82, 0.76, 0.7];
/// Length of a mark to cut along.
const CUT_MARK: f32 = mm(3.0);

/// Lays out the blocks of one document.
pub(crate) struct Layout<'f> {
    pub shapes: Shapes<'f>,
    pub elements: Vec<Element>,
    pub entries: Vec<Entry>,
    pub tables: usize,
    /// Titles and page numbers, as found by an earlier laying out.
    contents: Vec<(String, Option<usize>)>,
    pictures: usize,
    scale: f32,
}

impl<'f> Layout<'f> {
    pub fn new(fonts: &'f Fonts, contents: Vec<(String, Option<usize>)>) -> Self {
        Self {
            shapes: Shapes::new(fonts),
            elements: Vec::new(),
            entries: Vec::new(),
            tables: 0,
            contents,
            pictures: 0,
            scale: 1.0,
        }
    }

    /// A style at the present scale.
    pub fn styled(&self, style: &Style) -> Style {
        if self.scale == 1.0 { *style } else { style.scaled(self.scale) }
    }

    /// Notes a part of the text.
    pub fn element(&mut self, element: Element) -> usize {
        self.elements.push(element);
        self.elements.len() - 1
    }

    /// Lays out a block in a width; no slice is higher than `height`, unless it is a page of its own.
    pub fn block(&mut self, block: &Block, width: f32, height: f32) -> Result<Vec<Slice>, PressError> {
        let turn = |turn| Ok(vec![Slice { turn, ..Slice::default() }]);
        match block {
            Block::Text { style, text } => {
                let element = self.element(Element::Text);
                self.text(text, style, width, element)
            }
            Block::Heading { style, text, entry } => self.heading(style, text, entry.as_deref(), width),
            Block::Table(content) => table::lay_out(self, content, width, height),
            Block::Pairs(pairs) => self.pairs(pairs, width, height),
            Block::Signatures(places) => sign::lay_out(self, places, width),
            Block::Picture { picture, height_mm } => {
                Ok(vec![self.picture(picture, width, mm(*height_mm).min(height))?])
            }
            Block::Pictures(pictures) => self.pictures(pictures, width),
            Block::Code { address, side_mm } => Ok(vec![self.code(address, mm(*side_mm).min(width))?]),
            Block::Space(height_mm) => {
                Ok(vec![Slice { height: mm(height_mm.clamp(0.0, 200.0)) * self.scale, ..Slice::default() }])
            }
            Block::Rule => Ok(vec![rule(width)]),
            Block::Cut(text) => self.cut(text, width),
            Block::PageBreak => turn(Turn::Breaks),
            Block::NumberPages => turn(Turn::Numbers),
            Block::Contents => self.contents(width, height),
            Block::Sheet(placed) => Ok(vec![self.sheet(placed)?]),
        }
    }

    /// Lines of text as slices.
    pub fn text(&mut self, text: &str, style: &Style, width: f32, element: usize) -> Result<Vec<Slice>, PressError> {
        let style = self.styled(style);
        let lines = lines::set(&mut self.shapes, text, &style, width)?;
        let count = lines.len();
        let slices = lines.into_iter().enumerate().map(|(index, line)| Slice {
            height: line.height + if index + 1 == count { style.after } else { 0.0 },
            before: if index == 0 { style.before } else { 0.0 },
            // No page ends with the first line of a text, none begins with its last.
            keep: style.keep || count > 2 && (index == 0 || index + 2 == count),
            marks: vec![Mark::Text { x: 0.0, y: 0.0, line, grey: style.grey, element }],
            ..Slice::default()
        });
        Ok(slices.collect())
    }

    fn heading(
        &mut self,
        style: &Style,
        text: &str,
        entry: Option<&str>,
        width: f32,
    ) -> Result<Vec<Slice>, PressError> {
        let title = entry.unwrap_or(text).replace('\n', " ");
        let level = match style.size {
            size if size >= 18.0 => 1,
            size if size >= 16.0 => 2,
            _ => 3,
        };
        let element = self.element(Element::Heading { level, title: title.clone() });
        let mut slices = self.text(text, style, width, element)?;
        self.entries.push(Entry { title, at: None, number: None });
        for slice in &mut slices {
            slice.keep = true;
        }
        if let Some(first) = slices.first_mut() {
            first.entry = Some(self.entries.len() - 1);
        }
        Ok(slices)
    }

    fn pairs(&mut self, pairs: &[(String, String)], width: f32, height: f32) -> Result<Vec<Slice>, PressError> {
        const LABEL: f32 = 0.2;
        let style = self.styled(&style::VALUE);
        let room = width * (0.5 - LABEL) - 2.0 * table::PAD_X;
        let text = |value: &String| Cell { style: style::VALUE, ..Cell::text(value) };
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut half = false;
        for (label, value) in pairs {
            let is_short = natural_width(&mut self.shapes, value, &style)? <= room && !value.contains('\n');
            let label = Cell { style: style::LABEL, ..Cell::label(label) }.room(8.5);
            match rows.last_mut() {
                Some(row) if half && is_short => {
                    row.extend([label, text(value)]);
                    half = false;
                }
                _ => {
                    if half && let Some(last) = rows.last_mut().and_then(|row| row.last_mut()) {
                        last.span = 3;
                    }
                    rows.push(vec![label, if is_short { text(value) } else { text(value).over(3) }]);
                    half = is_short;
                }
            }
        }
        if half && let Some(last) = rows.last_mut().and_then(|row| row.last_mut()) {
            last.span = 3;
        }
        let content = Table { widths: vec![LABEL, 0.5 - LABEL, LABEL, 0.5 - LABEL], head: Vec::new(), rows };
        table::lay_out(self, &content, width, height)
    }

    /// A picture with its caption, in the middle of a box.
    fn picture(&mut self, picture: &Picture, width: f32, height: f32) -> Result<Slice, PressError> {
        self.pictures += 1;
        let image = read(picture, self.pictures)?;
        let caption = style::NOTE.centered();
        let element = self.element(Element::Figure(picture.caption.clone()));
        let text = self.element(Element::Text);
        let lines = if picture.caption.is_empty() {
            Vec::new()
        } else {
            let style = self.styled(&caption);
            lines::set(&mut self.shapes, &picture.caption, &style, width)?
        };
        let below: f32 = lines.iter().map(|line| line.height).sum();
        let room = (height - below).max(mm(10.0));
        let (pixels_x, pixels_y) = image.size();
        let ratio = (width / pixels_x as f32).min(room / pixels_y as f32);
        // Nothing is blown up beyond 72 pixels an inch: it would only look coarse.
        let ratio = ratio.min(1.0);
        let (own_width, own_height) = (pixels_x as f32 * ratio, pixels_y as f32 * ratio);
        let mut marks = vec![Mark::Picture {
            x: (width - own_width) / 2.0,
            y: 0.0,
            width: own_width,
            height: own_height,
            image,
            element,
        }];
        let mut y = own_height;
        for line in lines {
            let height = line.height;
            marks.push(Mark::Text { x: 0.0, y, line, grey: 0, element: text });
            y += height;
        }
        Ok(Slice { height: y + 4.0, marks, before: 4.0, ..Slice::default() })
    }

    fn pictures(&mut self, pictures: &[Picture], width: f32) -> Result<Vec<Slice>, PressError> {
        let gap = mm(6.0);
        let column = (width - gap) / 2.0;
        let mut slices = Vec::new();
        for pair in pictures.chunks(2) {
            let mut row = Slice { before: 4.0, ..Slice::default() };
            for (index, picture) in pair.iter().enumerate() {
                let one = self.picture(picture, column, mm(72.0))?;
                row.height = row.height.max(one.height);
                row.marks.extend(moved(one.marks, index as f32 * (column + gap), 0.0));
            }
            slices.push(row);
        }
        Ok(slices)
    }

    fn code(&mut self, address: &str, side: f32) -> Result<Slice, PressError> {
        let code = QRBuilder::new(address).ecl(fast_qr::ECL::M).build().map_err(|_| PressError::CodeTooLong)?;
        let modules = (0..code.size).map(|row| code[row].iter().map(|module| module.value()).collect()).collect();
        let element = self.element(Element::Figure(address.to_owned()));
        let marks = vec![Mark::Code { x: 0.0, y: 0.0, side, modules: Rc::new(modules), element }];
        Ok(Slice { height: side, marks, ..Slice::default() })
    }

    fn cut(&mut self, text: &str, width: f32) -> Result<Vec<Slice>, PressError> {
        let element = self.element(Element::Text);
        let style = self.styled(&Style { grey: 110, ..style::NOTE.centered() });
        let words = natural_width(&mut self.shapes, text, &style)?.min(width * 0.8) + mm(6.0);
        let mut slices = self.text(text, &Style { grey: 110, ..style::NOTE.centered() }, width, element)?;
        if let Some(first) = slices.first_mut() {
            let y = first.height / 2.0;
            let dashes = |from, to| Mark::Rule { from: (from, y), to: (to, y), dashed: true, grey: 110 };
            first.marks.push(dashes(0.0, (width - words) / 2.0));
            first.marks.push(dashes((width + words) / 2.0, width));
            first.before = 10.0;
            first.height += 10.0;
        }
        Ok(slices)
    }

    fn contents(&mut self, width: f32, height: f32) -> Result<Vec<Slice>, PressError> {
        let titles = std::mem::take(&mut self.contents);
        let rows = titles.iter().enumerate().map(|(index, (title, number))| {
            let number = number.map_or_else(String::new, |number| number.to_string());
            vec![Cell::centered((index + 1).to_string()), Cell::text(title), Cell::centered(number)]
        });
        let head = ["序号", "文书名称", "页码"].map(str::to_owned).to_vec();
        let content = Table { widths: vec![0.12, 0.72, 0.16], head, rows: rows.collect() };
        table::lay_out(self, &content, width, height)
    }

    fn sheet(&mut self, placed: &[Placed]) -> Result<Slice, PressError> {
        let mut page = Slice { turn: Turn::IsPage, ..Slice::default() };
        for place in placed {
            let (x, y) = (mm(place.x_mm), mm(place.y_mm));
            let (width, height) = (mm(place.width_mm), mm(place.height_mm));
            page.marks.extend(self.place(place, x, y, width, height)?);
            if place.cut_marks {
                page.marks.extend(cut_marks(x, y, width, height));
            }
        }
        Ok(page)
    }

    fn place(&mut self, place: &Placed, x: f32, y: f32, width: f32, height: f32) -> Result<Vec<Mark>, PressError> {
        let (elements, pictures) = (self.elements.len(), self.pictures);
        for scale in SCALES {
            self.scale = scale;
            self.elements.truncate(elements);
            self.pictures = pictures;
            let mut marks = Vec::new();
            let mut used = 0.0;
            for block in &place.blocks {
                for slice in self.block(block, width, height)? {
                    if used > 0.0 {
                        used += slice.before;
                    }
                    marks.extend(moved(slice.marks, x, y + used));
                    used += slice.height;
                }
            }
            if used <= height + 0.01 {
                self.scale = 1.0;
                let free = if place.middle { (height - used) / 2.0 } else { 0.0 };
                return Ok(moved(marks, 0.0, free).collect());
            }
        }
        self.scale = 1.0;
        Err(PressError::DoesNotFit(first_text(&place.blocks)))
    }
}

/// The first words that stand in a place, to say which one it is.
fn first_text(blocks: &[Block]) -> String {
    let text = blocks.iter().find_map(|block| match block {
        Block::Text { text, .. } | Block::Heading { text, .. } => Some(text.chars().take(40).collect()),
        _ => None,
    });
    text.unwrap_or_default()
}

fn read(picture: &Picture, number: usize) -> Result<Image, PressError> {
    let bytes = || krilla::Data::from(std::sync::Arc::clone(&picture.bytes));
    let image = match picture.bytes.as_slice() {
        [0xFF, 0xD8, ..] => Image::from_jpeg(bytes(), true),
        [0x89, b'P', b'N', b'G', ..] => Image::from_png(bytes(), true),
        _ => return Err(PressError::PictureUnreadable(number)),
    };
    let image = image.map_err(|_| PressError::PictureUnreadable(number))?;
    match image.size() {
        (0, _) | (_, 0) => Err(PressError::PictureUnreadable(number)),
        (width, height) if u64::from(width) * u64::from(height) > PICTURE_PIXELS_MAX => {
            Err(PressError::PictureTooLarge(number))
        }
        _ => Ok(image),
    }
}

fn rule(width: f32) -> Slice {
    let marks = vec![Mark::Rule { from: (0.0, 4.0), to: (width, 4.0), dashed: false, grey: 0 }];
    Slice { height: 8.0, marks, ..Slice::default() }
}

fn cut_marks(x: f32, y: f32, width: f32, height: f32) -> impl Iterator<Item = Mark> {
    let corners =
        [(x, y, -1.0, -1.0), (x + width, y, 1.0, -1.0), (x, y + height, -1.0, 1.0), (x + width, y + height, 1.0, 1.0)];
    corners.into_iter().flat_map(|(x, y, right, down)| {
        let mark = |to| Mark::Rule { from: (x, y), to, dashed: false, grey: 120 };
        [mark((x + right * CUT_MARK, y)), mark((x, y + down * CUT_MARK))]
    })
}

/// The same marks elsewhere.
pub(crate) fn moved(marks: Vec<Mark>, by_x: f32, by_y: f32) -> impl Iterator<Item = Mark> {
    marks.into_iter().map(move |mut mark| {
        match &mut mark {
            Mark::Text { x, y, .. } | Mark::Picture { x, y, .. } | Mark::Code { x, y, .. } => {
                *x += by_x;
                *y += by_y;
            }
            Mark::Rule { from, to, .. } => {
                for end in [from, to] {
                    end.0 += by_x;
                    end.1 += by_y;
                }
            }
        }
        mark
    })
}
