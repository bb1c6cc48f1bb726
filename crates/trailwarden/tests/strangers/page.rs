//! Reads a page as a browser does, as far as it takes to see what is in it that is not ours.

/// Elements of the templates.
const ELEMENTS: &[&str] = &[
    "a",
    "b",
    "bdi",
    "body",
    "button",
    "circle",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "g",
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "input",
    "label",
    "legend",
    "li",
    "line",
    "main",
    "meta",
    "ol",
    "option",
    "output",
    "p",
    "path",
    "rect",
    "script",
    "section",
    "select",
    "small",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "title",
    "tr",
    "tspan",
    "ul",
    "wbr",
];

/// Attributes of the templates; those that begin with `aria-` or `data-` besides.
const ATTRIBUTES: &[&str] = &[
    "autocomplete",
    "charset",
    "checked",
    "class",
    "content",
    "cx",
    "cy",
    "d",
    "disabled",
    "dx",
    "height",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "placeholder",
    "r",
    "rel",
    "role",
    "rx",
    "scope",
    "spellcheck",
    "title",
    "type",
    "value",
    "viewbox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// What is on a page that the templates do not have.
pub(crate) fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut rest = page.strip_prefix("<!doctype html>").unwrap_or(page);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let (name, attributes, after) = element(rest);
        if !ELEMENTS.contains(&name.trim_start_matches('/')) {
            faults.push(format!("<{name}"));
        }
        for (attribute, value) in attributes {
            let is_known = ATTRIBUTES.contains(&attribute.as_str())
                || attribute.starts_with("aria-")
                || attribute.starts_with("data-");
            let is_link = attribute != "href"
                || value.starts_with('#')
                || value.starts_with("https://attack.mitre.org/techniques/T");
            if !is_known || !is_link {
                faults.push(format!("<{name} {attribute}={value:?}"));
            }
        }
        rest = after;
        // The text of these is ours, and ends where its element ends.
        if name == "script" || name == "style" {
            rest = rest.find(&format!("</{name}")).map_or("", |at| &rest[at..]);
        }
    }
    faults
}

/// The name and attributes of an element, and what comes after it.
fn element(text: &str) -> (String, Vec<(String, String)>, &str) {
    let end = text.find([' ', '>', '\n']).unwrap_or(text.len());
    let name = text[..end].trim_end_matches('/').to_lowercase();
    let mut rest = &text[end..];
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() || rest.starts_with(['>', '/']) {
            let after = rest.find('>').map_or("", |at| &rest[at + 1..]);
            return (name, attributes, after);
        }
        let end = rest.find(['=', ' ', '>', '\n']).unwrap_or(rest.len());
        let attribute = rest[..end].to_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = &quoted[..end];
            rest = quoted.get(end + 1..).unwrap_or_default();
        } else if let Some(bare) = rest.strip_prefix('=') {
            let end = bare.find([' ', '>']).unwrap_or(bare.len());
            value = &bare[..end];
            rest = &bare[end..];
        }
        attributes.push((attribute, value.to_owned()));
    }
}

#[test]
fn what_is_not_ours_is_seen() {
    let fine = r#"<!doctype html><p class="a">x</p><style>a < b <x></style><a href='#'></a>"#;
    assert_eq!(faults(fine), [r#"<a href="'#'""#], "our quotes are double");
    for bad in [
        "<img src=x>",
        "<p onclick=\"x\">",
        "<a href=\"javascript:x\">",
        "<p style=\"x\">",
        "<b/onmouseover=x>",
        "</iframe>",
        "<p class=\"\"onerror=x>",
    ] {
        assert!(!faults(bad).is_empty(), "{bad}");
    }
}
