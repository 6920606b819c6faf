//! What is drawn: marks in slices, slices on pages. Lengths are points, from the left and from the top.

use std::rc::Rc;

use krilla::image::Image;

use crate::lines::Line;

/// Something that is drawn, placed in its slice.
pub(crate) enum Mark {
    /// A line of text; `y` is the top of its place.
    Text { x: f32, y: f32, line: Line, grey: u8, element: usize },
    /// A straight line.
    Rule { from: (f32, f32), to: (f32, f32), dashed: bool, grey: u8 },
    /// A picture.
    Picture { x: f32, y: f32, width: f32, height: f32, image: Image, element: usize },
    /// A code of black and white squares.
    Code { x: f32, y: f32, side: f32, modules: Rc<Vec<Vec<bool>>>, element: usize },
}

/// What is not broken: a line, a row of a table, a picture.
#[derive(Default)]
pub(crate) struct Slice {
    pub height: f32,
    pub marks: Vec<Mark>,
    /// Free space above, which a page does not begin with.
    pub before: f32,
    /// Stays on the page of the next slice.
    pub keep: bool,
    /// Where the lines stand that close a table when a page ends before this slice: from and to.
    pub closes: Option<(f32, f32)>,
    /// What a page repeats that begins with this slice.
    pub head: Option<Rc<Slice>>,
    /// The heading that stands here, as a number.
    pub entry: Option<usize>,
    /// What else happens here.
    pub turn: Turn,
}

/// What a slice does to the pages.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Stands below the slice before.
    #[default]
    Flows,
    /// The next slice begins a page.
    Breaks,
    /// Pages are numbered from the next one on.
    Numbers,
    /// Is a page of its own, without margins.
    IsPage,
}

/// What a part of the text is, for those who hear it read.
#[derive(Clone, PartialEq)]
pub(crate) enum Element {
    Text,
    Heading { level: u16, title: String },
    Cell { table: usize, row: usize, is_head: bool },
    Figure(String),
}

/// A heading: what bookmarks and contents say.
pub(crate) struct Entry {
    pub title: String,
    /// The page that it is on, counted from 0, and from the top.
    pub at: Option<(usize, f32)>,
    /// The number printed on that page.
    pub number: Option<usize>,
}

/// A page.
#[derive(Default)]
pub(crate) struct Page {
    /// Slices with the place of their left upper corner.
    pub slices: Vec<(f32, f32, Rc<Slice>)>,
    /// Slices that repeat what stands on an earlier page.
    pub repeated: Vec<(f32, f32, Rc<Slice>)>,
    /// The number printed on it.
    pub number: Option<usize>,
    /// The same, laid out.
    pub foot: Option<(f32, f32, Rc<Slice>)>,
}
