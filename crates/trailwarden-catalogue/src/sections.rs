//! The body of an entry, cut at its headings.

/// What a section is about. Its text says the heading.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Heading {
    /// What the call does.
    Does,
    /// Who makes it, and by what.
    Who,
    /// What of the account is another afterwards.
    Changes,
    /// What can go wrong, beyond the risks of the header.
    Wrong,
    /// Where to look first when it is seen.
    First,
    /// What usually is behind it.
    Harmless,
    /// What misleads a reader of logs.
    Traps,
    /// What to do about it.
    Respond,
}

impl Heading {
    /// All of them, in the order in which they stand.
    pub const ALL: [Self; 8] = [
        Self::Does,
        Self::Who,
        Self::Changes,
        Self::Wrong,
        Self::First,
        Self::Harmless,
        Self::Traps,
        Self::Respond,
    ];

    /// The heading as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Does => "What it does",
            Self::Who => "Who makes it",
            Self::Changes => "What it changes",
            Self::Wrong => "What can go wrong",
            Self::First => "Look at first",
            Self::Harmless => "Often harmless",
            Self::Traps => "Traps",
            Self::Respond => "How to respond",
        }
    }

    /// Whether a full entry cannot be without it.
    pub(crate) fn is_required(self) -> bool {
        self != Self::Wrong
    }
}

/// A section.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// What it is about.
    pub heading: Heading,
    /// Its Markdown, without the heading.
    pub markdown: &'static str,
}

/// Why a body cannot be cut, with the line within it, from 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Uncut {
    pub(crate) line: usize,
    pub(crate) why: String,
}

/// Cuts a body at its headings.
pub(crate) fn cut(body: &'static str) -> Result<Vec<Section>, Uncut> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Option<(Heading, usize)> = None;
    let mut at = 0;
    for (line, text) in body.split_inclusive('\n').enumerate() {
        let uncut = |why: String| Uncut { line, why };
        if let Some(title) = text.strip_prefix("## ") {
            let title = title.trim();
            let heading = Heading::ALL.into_iter().find(|one| one.as_str() == title);
            let heading = heading.ok_or_else(|| uncut(format!("no section is `{title}`")))?;
            if open.is_some_and(|(last, _)| last >= heading) {
                return Err(uncut(format!("`{title}` stands twice or too late")));
            }
            sections.extend(closed(open, body, at));
            open = Some((heading, at + text.len()));
        } else if open.is_none() && !text.trim().is_empty() {
            return Err(uncut("text stands before the first section".to_owned()));
        } else if text.starts_with('#') {
            return Err(uncut("a heading within a section".to_owned()));
        }
        at += text.len();
    }
    sections.extend(closed(open, body, at));
    match sections.iter().find(|section| section.markdown.is_empty()) {
        Some(section) => {
            Err(Uncut { line: 0, why: format!("`{}` is empty", section.heading.as_str()) })
        }
        None => Ok(sections),
    }
}

fn closed(open: Option<(Heading, usize)>, body: &'static str, end: usize) -> Option<Section> {
    let (heading, start) = open?;
    // The line that ends it begins with its heading.
    Some(Section { heading, markdown: body.get(start..end)?.trim() })
}
