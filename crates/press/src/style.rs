//! How text looks: roles of fonts, sizes and distances after GB/T 9704-2012, and one smaller scale for forms.

/// What a font is for. Which file has the role is found in [`crate::fonts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Body of official documents: 仿宋.
    Body,
    /// Titles: 小标宋.
    Title,
    /// Headings of the first level, labels: 黑体.
    Hei,
    /// Headings of the second level: 楷体.
    Kai,
    /// Page numbers, small print: 宋体.
    Song,
}

/// Where the lines of a text stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// From the left, with an even right edge.
    Justify,
    /// From the left.
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

/// How a text looks. Lengths are points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// What font.
    pub role: Role,
    /// Size of a character.
    pub size: f32,
    /// From line to line.
    pub leading: f32,
    /// Added to every character, negative to set closer.
    pub tracking: f32,
    /// Indent of the first line, in characters.
    pub indent: f32,
    /// Where the lines stand.
    pub align: Align,
    /// Free space above.
    pub before: f32,
    /// Free space below.
    pub after: f32,
    /// Lightness: 0 is black.
    pub grey: u8,
    /// Stays on the page of what follows.
    pub keep: bool,
}

impl Style {
    const fn new(role: Role, size: f32, leading: f32) -> Self {
        Self {
            role,
            size,
            leading,
            tracking: 0.0,
            indent: 0.0,
            align: Align::Left,
            before: 0.0,
            after: 0.0,
            grey: 0,
            keep: false,
        }
    }

    /// The same with the first line indented by two characters and an even right edge, as bodies are.
    const fn body(mut self) -> Self {
        self.indent = 2.0;
        self.align = Align::Justify;
        self
    }

    /// The same in the middle.
    pub const fn centered(mut self) -> Self {
        self.align = Align::Center;
        self
    }

    /// The same to the right.
    pub const fn right(mut self) -> Self {
        self.align = Align::Right;
        self
    }

    /// The same with free space above and below.
    pub const fn space(mut self, before: f32, after: f32) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    /// The same without an indent.
    pub const fn flush(mut self) -> Self {
        self.indent = 0.0;
        self
    }

    /// The same, kept on the page of what follows.
    pub const fn kept(mut self) -> Self {
        self.keep = true;
        self
    }

    /// The same in another size, everything in proportion.
    pub fn scaled(mut self, factor: f32) -> Self {
        for length in [&mut self.size, &mut self.leading, &mut self.tracking, &mut self.before, &mut self.after] {
            *length *= factor;
        }
        self
    }
}

/// Millimetres in points.
pub const fn mm(length: f32) -> f32 {
    length * 72.0 / 25.4
}

/// A4, in points.
pub const PAGE: (f32, f32) = (mm(210.0), mm(297.0));

/// The part of a page that text may fill.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// From the left edge of the paper, in points.
    pub left: f32,
    /// From its upper edge.
    pub top: f32,
    /// Width of the lines.
    pub width: f32,
    /// Height of all lines.
    pub height: f32,
}

/// The text area of official documents (GB/T 9704): 156 × 225 mm.
pub const OFFICIAL: Area = Area { left: mm(28.0), top: mm(37.0), width: mm(156.0), height: mm(225.0) };
/// The text area of forms, with the same room at the left to bind them: 160 × 250 mm.
pub const DENSE: Area = Area { left: mm(28.0), top: mm(22.0), width: mm(160.0), height: mm(250.0) };

impl Default for Area {
    fn default() -> Self {
        DENSE
    }
}
/// Width of the lines of tables, in points.
pub const RULE: f32 = 0.5;

/// Title of a document: 2号 小标宋.
pub const TITLE: Style = Style::new(Role::Title, 22.0, 36.0).centered().space(0.0, 14.0);
/// Title of a form: 小二.
pub const FORM_TITLE: Style = Style::new(Role::Title, 18.0, 28.0).centered().space(0.0, 8.0);
/// Heading of the first level: 3号 黑体.
pub const HEADING_1: Style = Style::new(Role::Hei, 16.0, 28.9);
/// Heading of the second level: 3号 楷体.
pub const HEADING_2: Style = Style::new(Role::Kai, 16.0, 28.9);
/// Body: 3号 仿宋, 28 characters in a line of 156 mm, 22 lines on a page.
pub const BODY: Style = {
    let mut style = Style::new(Role::Body, 16.0, 28.9).body();
    style.tracking = -0.21;
    style
};
/// Text in forms: 小四.
pub const FORM: Style = Style::new(Role::Body, 12.0, 20.0);
/// Running text in forms: 小四.
pub const FORM_BODY: Style = FORM.body();
/// Running text that says what a form is.
pub const FORM_SMALL: Style = Style::new(Role::Body, 10.5, 17.0).body();
/// Headings and labels in forms: 小四 黑体.
pub const FORM_HEADING: Style = Style::new(Role::Hei, 12.0, 20.0).space(6.0, 2.0).kept();
/// Text in tables: 五号.
pub const CELL: Style = Style::new(Role::Song, 10.5, 16.0);
/// Headings of columns, labels: 五号 黑体.
pub const CELL_LABEL: Style = Style::new(Role::Hei, 10.5, 16.0).centered();
/// Values beside labels in registers: a little larger than tables, since they are few.
pub const VALUE: Style = Style::new(Role::Song, 11.0, 17.0);
/// Labels beside values.
pub const LABEL: Style = Style::new(Role::Hei, 10.5, 17.0).centered();
/// Notes below forms: 小五.
pub const NOTE: Style = Style::new(Role::Song, 9.0, 14.0).space(3.0, 0.0);
/// The page number: 4号 宋体.
pub const PAGE_NUMBER: Style = Style::new(Role::Song, 14.0, 16.0);
