//! A scene: boxes and dots with texts, and lines between them.
//!
//! Whoever lays one out decides what stands where; how it looks is up to one template and the style
//! sheet.

/// Everything that the template draws.
pub(in crate::formats) struct Scene {
    /// None for the whole width there is.
    pub(in crate::formats) width: Option<usize>,
    pub(in crate::formats) height: usize,
    /// Whether it may be scaled to the room there is; else it is scrolled.
    pub(in crate::formats) is_small: bool,
    pub(in crate::formats) lines: Vec<Line>,
    pub(in crate::formats) nodes: Vec<Node>,
    /// The whole scene in words.
    pub(in crate::formats) words: String,
}

/// A line from one node to another.
pub(in crate::formats) struct Line {
    pub(in crate::formats) class: String,
    pub(in crate::formats) path: String,
    /// The head of an arrow.
    pub(in crate::formats) head: Option<String>,
    pub(in crate::formats) texts: Vec<Text>,
    pub(in crate::formats) title: Option<String>,
}

/// Somebody or something.
pub(in crate::formats) struct Node {
    pub(in crate::formats) class: String,
    pub(in crate::formats) mark: Mark,
    /// A place on the page.
    pub(in crate::formats) link: Option<String>,
    pub(in crate::formats) texts: Vec<Text>,
    pub(in crate::formats) title: String,
}

/// What stands for a node.
pub(in crate::formats) enum Mark {
    /// Top left corner and size.
    Box(usize, usize, usize, usize),
    /// The middle.
    Dot(usize, usize),
    /// The middle.
    Square(usize, usize),
}

/// Texts that follow each other on one line.
pub(in crate::formats) struct Text {
    /// A number, or a percentage.
    pub(in crate::formats) x: String,
    pub(in crate::formats) y: usize,
    pub(in crate::formats) class: &'static str,
    /// Each with its class.
    pub(in crate::formats) parts: Vec<(&'static str, String)>,
}

impl Text {
    /// One text.
    pub(in crate::formats) fn one(x: usize, y: usize, class: &'static str, text: String) -> Self {
        Self { x: x.to_string(), y, class, parts: vec![("", text)] }
    }
}
