//! The page of a Sigma rule that somebody loads. What it says was written by strangers.

use trailwarden_detect::sigma::RuleInfo;
use trailwarden_model::attack;
use trailwarden_model::escape::visible;

use super::events::coded;
use super::page::Page;
use super::units::severity;

/// What such a topic is.
pub(super) const KIND: &str = "Sigma rule";

pub(super) fn page(rule: &RuleInfo) -> Page {
    let mut page = Page::new(KIND, &visible(&rule.id), &visible(&rule.title));
    severity(&mut page, rule.severity, rule.confidence.as_str());
    let seen = |texts: &[String]| -> Vec<String> {
        texts.iter().map(|text| visible(text).replace('`', "'")).collect()
    };
    page.fact("File", format!("`{}`, line {}", visible(&rule.file).replace('`', "'"), rule.line));
    page.fact("Events", coded(seen(&rule.event_names)));
    let techniques: Vec<String> =
        rule.attack.iter().map(|one| format!("`{}` {}", one.technique, one.tactic)).collect();
    if !techniques.is_empty() {
        page.fact("ATT&CK", format!("{}: {}", attack::VERSION, techniques.join(", ")));
    }
    page.fact("Rules it refers to", coded(seen(&rule.rules)));
    page.section("What it says", prose(&rule.risk));
    page.points("Known harmless causes", rule.false_positives.iter().map(|text| prose(text)));
    page.points("References", rule.references.iter().map(|text| prose(text)));
    page
}

/// Text in which no mark of Markdown acts.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_stays_text() {
        assert_eq!(prose("<b> [a](b) # `c`"), r"\<b\> \[a\]\(b\) \# \`c\`");
        let page = Page::new(KIND, "<i>", "![x](http://y/)").to_markdown();
        assert!(page.starts_with("# \\<i\\>\n\n\\!\\[x\\]"), "{page}");
    }
}
