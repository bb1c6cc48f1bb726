//! Our Markdown as HTML.
//!
//! Markup within Markdown is text here and is escaped like all other text; comments are left out. A code span that is a name is
//! a link to the page of that name.

use std::collections::BTreeSet;

use pulldown_cmark::{
    Alignment, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};
use trailwarden_model::Severity;

/// What links lead to.
pub(crate) trait Links {
    /// The page of a code span.
    fn of_code(&self, code: &str) -> Option<String>;
    /// Where a link leads; one that leads nowhere is text.
    fn of_link(&self, link: &str) -> Option<String>;
}

/// No links: for pages that stand alone.
pub(crate) struct NoLinks;

impl Links for NoLinks {
    fn of_code(&self, _: &str) -> Option<String> {
        None
    }

    fn of_link(&self, _: &str) -> Option<String> {
        None
    }
}

/// A text in HTML.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Rendered {
    /// The HTML, without the first heading.
    pub(crate) html: String,
    /// The first heading, plain.
    pub(crate) title: Option<String>,
    /// The headings of the second rank, with their anchors.
    pub(crate) headings: Vec<(String, String)>,
}

/// The text in HTML.
pub(crate) fn render(markdown: &str, links: &dyn Links) -> Rendered {
    let firsts = headings(markdown).filter(|level| *level == HeadingLevel::H1).count();
    let mut page = Page {
        links,
        // A page of several parts has each part's heading under its own.
        deeper: usize::from(firsts > 1),
        out: Vec::new(),
        told: Rendered::default(),
        used: BTreeSet::new(),
        open: None,
        kept: Vec::new(),
        is_comment: false,
        is_table: false,
    };
    Parser::new_ext(markdown, Options::ENABLE_TABLES).for_each(|event| page.take(event));
    html::push_html(&mut page.told.html, page.out.into_iter());
    page.told
}

/// One line of Markdown in HTML, without the paragraph around it.
pub(crate) fn line(markdown: &str, links: &dyn Links) -> String {
    let html = render(markdown, links).html;
    let inner = html.trim().strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
    inner.map_or_else(|| html.clone(), str::to_owned)
}

/// Text as HTML has it.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A name is told apart where it is longer.
const WHOLE_CHARS_MAX: usize = 12;

/// Text as HTML has it, whose long names may go on in the next line: at their colons, hyphens and inner capitals. Such a
/// break is not copied with the name.
pub(super) fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        if word.len() <= WHOLE_CHARS_MAX {
            out.push_str(&escape(word));
            continue;
        }
        let mut before = ' ';
        for c in word.chars() {
            let is_hump = c.is_ascii_uppercase() && before.is_ascii_lowercase();
            if is_hump || c.is_ascii_alphanumeric() && matches!(before, ':' | '-' | '/' | '_' | ',')
            {
                out.push_str("<wbr>");
            }
            out.push_str(&escape(c.encode_utf8(&mut [0; 4])));
            before = c;
        }
    }
    out
}

/// The anchor of a heading, as most readers of Markdown make it.
pub(crate) fn anchor(heading: &str) -> String {
    let small = heading.to_lowercase();
    let kept = small.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    });
    kept.collect::<String>()
}

fn headings(markdown: &str) -> impl Iterator<Item = HeadingLevel> {
    Parser::new(markdown).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level),
        _ => None,
    })
}

struct Page<'a, 'l> {
    links: &'l dyn Links,
    deeper: usize,
    out: Vec<Event<'a>>,
    told: Rendered,
    used: BTreeSet<String>,
    /// The heading that is open: where it begins, and its text so far.
    open: Option<(usize, HeadingLevel, String)>,
    /// Whether each link that is open is one on the page.
    kept: Vec<bool>,
    /// Whether a comment goes on from an earlier line.
    is_comment: bool,
    /// Whether a table is open, whose columns are narrow.
    is_table: bool,
}

impl<'a> Page<'a, '_> {
    fn take(&mut self, event: Event<'a>) {
        if let (Event::Text(text) | Event::Code(text), Some((_, _, heading))) =
            (&event, &mut self.open)
        {
            heading.push_str(text);
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.open = Some((self.out.len(), level, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => self.close(),
            Event::Start(Tag::Link { dest_url, .. }) => self.link(&dest_url),
            Event::End(TagEnd::Link) => {
                if self.kept.pop() == Some(true) {
                    self.out.push(Event::End(TagEnd::Link));
                }
            }
            // A picture would have to be fetched.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Html(text) | Event::InlineHtml(text) => self.markup(text),
            Event::Start(Tag::Table(columns)) => {
                self.ours("<div class=\"wide\" tabindex=\"0\">".to_owned());
                self.is_table = true;
                // An alignment would become a `style` in the markup, which the page forbids itself.
                let columns = vec![Alignment::None; columns.len()];
                self.out.push(Event::Start(Tag::Table(columns)));
            }
            Event::End(TagEnd::Table) => {
                self.is_table = false;
                self.out.push(Event::End(TagEnd::Table));
                self.ours("</div>\n".to_owned());
            }
            Event::Start(Tag::CodeBlock(_)) => self.ours("<pre tabindex=\"0\"><code>".to_owned()),
            Event::End(TagEnd::CodeBlock) => self.ours("</code></pre>\n".to_owned()),
            Event::Code(code) => self.code(code),
            Event::Text(text) => self.text(text),
            event => self.out.push(event),
        }
    }

    /// Markup within Markdown: text, or a comment, which comes line by line.
    fn markup(&mut self, text: CowStr<'a>) {
        if self.is_comment || text.trim_start().starts_with("<!--") {
            self.is_comment = !text.contains("-->");
        } else {
            self.out.push(Event::Text(text));
        }
    }

    /// Markup of ours.
    fn ours(&mut self, html: String) {
        self.out.push(Event::InlineHtml(html.into()));
    }

    /// Text; a severity that stands alone has its colour.
    fn text(&mut self, text: CowStr<'a>) {
        let stands_alone =
            matches!(self.out.last(), Some(Event::Start(Tag::TableCell | Tag::Strong)));
        match text.parse::<Severity>() {
            Ok(severity) if stands_alone => {
                let word = severity.as_str();
                self.ours(format!("<span class=\"severity {word}\">{word}</span>"));
            }
            _ if self.is_table => self.ours(breakable(&text)),
            _ => self.out.push(Event::Text(text)),
        }
    }

    fn code(&mut self, code: CowStr<'a>) {
        let is_free = self.kept.is_empty() && self.open.is_none();
        match self.links.of_code(&code).filter(|_| is_free) {
            Some(page) => {
                self.start(page);
                self.coded(&code);
                self.out.push(Event::End(TagEnd::Link));
            }
            None => self.coded(&code),
        }
    }

    fn coded(&mut self, code: &str) {
        self.ours(format!("<code>{}</code>", breakable(code)));
    }

    fn link(&mut self, link: &str) {
        let leads = self.links.of_link(link);
        self.kept.push(leads.is_some());
        if let Some(page) = leads {
            self.start(page);
        }
    }

    fn start(&mut self, page: String) {
        let (title, id) = (CowStr::from(""), CowStr::from(""));
        let link = Tag::Link { link_type: LinkType::Inline, dest_url: page.into(), title, id };
        self.out.push(Event::Start(link));
    }

    /// The first heading becomes the title; the others get anchors.
    fn close(&mut self) {
        let Some((start, level, text)) = self.open.take() else { return };
        if level == HeadingLevel::H1 && self.told.title.is_none() {
            self.out.truncate(start);
            self.told.title = Some(text);
            return;
        }
        let level = HeadingLevel::try_from(level as usize + self.deeper).unwrap_or(level);
        let mut id = anchor(&text);
        let mut count = 0;
        while !self.used.insert(id.clone()) {
            count += 1;
            id = format!("{}-{count}", anchor(&text));
        }
        let words: Vec<Event<'a>> = self.out.drain(start..).collect();
        let rank = level as usize;
        self.ours(format!("<h{rank} id=\"{id}\">"));
        self.out.extend(words);
        let label = escape(&text);
        self.ours(format!(
            " <a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to: {label}\">#</a></h{rank}>\n"
        ));
        if level == HeadingLevel::H2 {
            self.told.headings.push((id, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One;

    impl Links for One {
        fn of_code(&self, code: &str) -> Option<String> {
            (code == "iam:PassRole").then(|| "p.html".to_owned())
        }

        fn of_link(&self, link: &str) -> Option<String> {
            (link != "nowhere.md").then(|| link.to_owned())
        }
    }

    #[test]
    fn markup_in_markdown_stays_text() {
        let html =
            render("a <script>x</script> <b onclick=1>b</b> <!-- c --> `<i>`", &NoLinks).html;
        assert!(
            !html.contains("<script") && !html.contains("<b") && !html.contains("<i>"),
            "{html}"
        );
        assert!(!html.contains("c --"), "{html}");
        let block = render("<script>x\n</script>\n\n<p onclick=1>y</p>\n", &NoLinks).html;
        assert!(!block.contains("<script") && !block.contains("<p onclick"), "{block}");
        assert_eq!(escape("<a \"b\" 'c'>&"), "&lt;a &quot;b&quot; &#39;c&#39;&gt;&amp;");
        assert_eq!(render("<!-- a\nb\n-->\n\nc\n", &NoLinks).html, "<p>c</p>\n");
        let table = render("|a|\n|-:|\n|1|\n", &NoLinks).html;
        assert!(table.contains("<td>1</td>"), "{table}");
        let link = render("[x](javascript:alert(1)) ![y](http://z/)", &NoLinks).html;
        assert_eq!(link, "<p>x y</p>\n");
    }

    #[test]
    fn names_in_code_are_links_and_links_that_lead_nowhere_are_text() {
        let html = line("`iam:PassRole` `other` [a](nowhere.md) [`iam:PassRole`](b.html)", &One);
        assert_eq!(
            html,
            "<a href=\"p.html\"><code>iam:PassRole</code></a> <code>other</code> a \
             <a href=\"b.html\"><code>iam:PassRole</code></a>"
        );
    }

    #[test]
    fn long_names_may_go_on_in_the_next_line() {
        let html = line("`sso-directory:CreateUser` CreateServiceLinkedRole `a&b`", &NoLinks);
        assert_eq!(
            html,
            "<code>sso-<wbr>directory:<wbr>Create<wbr>User</code> CreateServiceLinkedRole <code>a&amp;b</code>"
        );
        let table = render("|a|\n|-|\n|CreateServiceLinkedRole <b>|\n", &NoLinks).html;
        assert!(table.contains("Create<wbr>Service<wbr>Linked<wbr>Role &lt;b&gt;"), "{table}");
    }

    #[test]
    fn headings_have_anchors_of_their_own() {
        let told = render("# Title\n\n## A `b`: c\n\n## A b c\n\n### D\n", &One);
        assert_eq!(told.title.as_deref(), Some("Title"));
        let ids: Vec<&str> = told.headings.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["a-b-c", "a-b-c-1"]);
        assert!(told.html.contains("<h3 id=\"d\">"));
        let parts = render("# One\n\n# Two\n\n## Three\n", &One);
        assert!(parts.html.contains("<h2 id=\"two\">") && parts.html.contains("<h3 id=\"three\">"));
    }

    #[test]
    fn severities_that_stand_alone_have_their_colour() {
        let html = render("- **critical**: text of **high** value\n\n|a|\n|-|\n|low|\n", &One).html;
        assert!(html.contains("<span class=\"severity critical\">critical</span></strong>: text"));
        assert!(html.contains("<span class=\"severity low\">low</span>"), "{html}");
    }
}
