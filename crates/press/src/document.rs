//! What a paper says, before it is laid out: a list of blocks.

use std::sync::Arc;

use crate::PressError;
use crate::limits::{CODE_BYTES_MAX, PICTURE_BYTES_MAX, PICTURES_BYTES_MAX, PICTURES_MAX, TEXT_BYTES_MAX};
use crate::style::{self, Area, Style};

/// A paper.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Title of the file.
    pub title: String,
    /// The part of its pages that text may fill.
    pub area: Area,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a paper. Text takes line ends; everything else that is no text is left out.
#[derive(Debug, Clone)]
pub enum Block {
    /// A text in a style.
    Text {
        /// How it looks.
        style: Style,
        /// What it says.
        text: String,
    },
    /// A heading: kept together with what follows, a bookmark of the file, a line of its contents.
    Heading {
        /// How it looks.
        style: Style,
        /// What it says.
        text: String,
        /// What bookmark and contents say instead.
        entry: Option<String>,
    },
    /// A table.
    Table(Table),
    /// Labels with their values in a table; short ones two by two.
    Pairs(Vec<(String, String)>),
    /// Places to sign.
    Signatures(Vec<Signature>),
    /// A picture, scaled into a box.
    Picture {
        /// JPEG or PNG.
        picture: Picture,
        /// Height at most, in millimetres.
        height_mm: f32,
    },
    /// Pictures side by side, two in a row.
    Pictures(Vec<Picture>),
    /// A code that telephones read, at the left.
    Code {
        /// The address.
        address: String,
        /// Width and height in millimetres.
        side_mm: f32,
    },
    /// Free space, in millimetres.
    Space(f32),
    /// A line across the page.
    Rule,
    /// A dashed line with scissors' words in the middle, to cut along.
    Cut(String),
    /// The next block begins a page.
    PageBreak,
    /// Pages are numbered from the next one on, beginning with 1.
    NumberPages,
    /// The contents of the file: its headings with their pages.
    Contents,
    /// A page on which everything has its place.
    Sheet(Vec<Placed>),
}

/// Blocks with a place of their own on a page.
#[derive(Debug, Clone)]
pub struct Placed {
    /// From the left, in millimetres.
    pub x_mm: f32,
    /// From the top, in millimetres.
    pub y_mm: f32,
    /// Width in millimetres.
    pub width_mm: f32,
    /// Height in millimetres: what does not fit is set smaller, and refused when it still does not.
    pub height_mm: f32,
    /// Marks at the corners to cut along.
    pub cut_marks: bool,
    /// Whether the blocks stand in the middle of the height.
    pub middle: bool,
    /// What stands there.
    pub blocks: Vec<Block>,
}

/// A table, which breaks over pages with its heading repeated.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Widths of the columns, in proportion to each other.
    pub widths: Vec<f32>,
    /// Headings of the columns; none: no heading row.
    pub head: Vec<String>,
    /// Rows of cells; a row may have fewer and wider cells.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// How it looks.
    pub style: Style,
    /// How many columns it covers.
    pub span: usize,
    /// Height at least, in millimetres: room to write.
    pub height_mm: f32,
}

impl Cell {
    /// A cell of text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: style::CELL, span: 1, height_mm: 0.0 }
    }

    /// A cell of text in the middle: numbers, days, ticks.
    pub fn centered(text: impl Into<String>) -> Self {
        Self { style: style::CELL.centered(), ..Self::text(text) }
    }

    /// A label.
    pub fn label(text: impl Into<String>) -> Self {
        Self { style: style::CELL_LABEL, ..Self::text(text) }
    }

    /// The same over several columns.
    #[must_use]
    pub fn over(mut self, columns: usize) -> Self {
        self.span = columns;
        self
    }

    /// The same with room to write.
    #[must_use]
    pub fn room(mut self, height_mm: f32) -> Self {
        self.height_mm = height_mm;
        self
    }
}

/// A place to sign.
#[derive(Debug, Clone, Default)]
pub struct Signature {
    /// Who signs: 申请人, 调解员.
    pub role: String,
    /// Their name, if it is known; it is printed beside the role, not as a signature.
    pub name: String,
    /// A box for a fingerprint.
    pub fingerprint: bool,
    /// Room for a seal.
    pub seal: bool,
    /// A line for the day.
    pub day: bool,
}

/// A picture: JPEG or PNG.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The bytes of the file.
    pub bytes: Arc<Vec<u8>>,
    /// What it shows: below it, and for those who do not see it.
    pub caption: String,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.caption, self.bytes.len())
    }
}

impl Document {
    /// A form without anything on it.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), area: style::DENSE, blocks: Vec::new() }
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Adds a text, if there is any.
    pub fn text(&mut self, style: Style, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.push(Block::Text { style, text });
        }
    }

    /// Adds a heading that is a bookmark and a line of the contents.
    pub fn heading(&mut self, style: Style, text: impl Into<String>) {
        self.push(Block::Heading { style, text: text.into(), entry: None });
    }

    /// Refuses what is beyond the limits, before any of it is laid out.
    pub(crate) fn check(&self) -> Result<(), PressError> {
        let mut size = Size { text: self.title.len(), ..Size::default() };
        size.blocks(&self.blocks)?;
        for (what, amount, max) in [
            ("bytes of text", size.text, TEXT_BYTES_MAX),
            ("pictures", size.pictures, PICTURES_MAX),
            ("bytes of pictures", size.picture_bytes, PICTURES_BYTES_MAX),
        ] {
            if amount > max {
                return Err(PressError::TooLong { what, max });
            }
        }
        Ok(())
    }
}

/// How much a document is.
#[derive(Default)]
struct Size {
    text: usize,
    pictures: usize,
    picture_bytes: usize,
}

impl Size {
    fn blocks(&mut self, blocks: &[Block]) -> Result<(), PressError> {
        for block in blocks {
            match block {
                Block::Text { text, .. } | Block::Cut(text) => self.text += text.len(),
                Block::Heading { text, entry, .. } => {
                    self.text += text.len() + entry.as_ref().map_or(0, String::len);
                }
                Block::Table(table) => {
                    self.text += table.head.iter().map(String::len).sum::<usize>();
                    // An empty cell has its lines and is not free either.
                    self.text += table.rows.iter().flatten().map(|cell| cell.text.len() + 1).sum::<usize>();
                }
                Block::Pairs(pairs) => {
                    self.text += pairs.iter().map(|(label, value)| label.len() + value.len() + 1).sum::<usize>();
                }
                Block::Signatures(places) => {
                    self.text += places.iter().map(|place| place.role.len() + place.name.len() + 1).sum::<usize>();
                }
                Block::Picture { picture, .. } => self.picture(picture)?,
                Block::Pictures(pictures) => pictures.iter().try_for_each(|picture| self.picture(picture))?,
                Block::Code { address, .. } if address.len() > CODE_BYTES_MAX => return Err(PressError::CodeTooLong),
                Block::Sheet(placed) => placed.iter().try_for_each(|placed| self.blocks(&placed.blocks))?,
                Block::Code { .. }
                | Block::Space(_)
                | Block::Rule
                | Block::PageBreak
                | Block::NumberPages
                | Block::Contents => {}
            }
        }
        Ok(())
    }

    fn picture(&mut self, picture: &Picture) -> Result<(), PressError> {
        self.pictures += 1;
        self.picture_bytes += picture.bytes.len();
        self.text += picture.caption.len();
        if picture.bytes.len() > PICTURE_BYTES_MAX {
            return Err(PressError::PictureTooLarge(self.pictures));
        }
        Ok(())
    }
}
