//! The reference: Sigma as one would explain it, with no thought of speed. It walks the parsed
//! rule for every record, tries every way, and shares no code with the matcher.

use rsigma_parser::{
    ConditionExpr, Detection, DetectionItem, Modifier, Quantifier, SelectorPattern, SigmaRule,
    SigmaValue, SpecialChar, StringPart,
};

use super::json::Json;

/// Whether the rule matches the record.
pub(crate) fn matches(rule: &SigmaRule, record: &Json) -> bool {
    rule.detection.conditions.iter().any(|condition| holds(condition, rule, record))
}

fn holds(condition: &ConditionExpr, rule: &SigmaRule, record: &Json) -> bool {
    match condition {
        ConditionExpr::And(parts) => parts.iter().all(|part| holds(part, rule, record)),
        ConditionExpr::Or(parts) => parts.iter().any(|part| holds(part, rule, record)),
        ConditionExpr::Not(part) => !holds(part, rule, record),
        ConditionExpr::Identifier(name) => detects(&rule.detection.named[name], record),
        ConditionExpr::Selector { quantifier, pattern } => {
            let selected: Vec<bool> = rule
                .detection
                .named
                .iter()
                .filter(|(name, _)| match pattern {
                    SelectorPattern::Them => !name.starts_with('_'),
                    SelectorPattern::Pattern(pattern) => {
                        let pattern: Vec<Piece> = pattern
                            .chars()
                            .map(|c| if c == '*' { Piece::Many } else { Piece::Char(c) })
                            .collect();
                        glob(&pattern, &name.chars().collect::<Vec<_>>())
                    }
                })
                .map(|(_, detection)| detects(detection, record))
                .collect();
            let met = selected.iter().filter(|met| **met).count();
            match quantifier {
                Quantifier::Any => met > 0,
                Quantifier::All => met == selected.len(),
                Quantifier::Count(wanted) => met as u64 >= *wanted,
            }
        }
    }
}

fn detects(detection: &Detection, record: &Json) -> bool {
    match detection {
        Detection::AllOf(items) => items.iter().all(|item| item_holds(item, record)),
        Detection::AnyOf(parts) => parts.iter().any(|part| detects(part, record)),
        Detection::And(parts) => parts.iter().all(|part| detects(part, record)),
        Detection::Keywords(values) => {
            let item = DetectionItem {
                field: rsigma_parser::FieldSpec::new(None, Vec::new()),
                values: values.clone(),
            };
            item_holds(&item, record)
        }
        other => panic!("not in Sigma 2.1: {other:?}"),
    }
}

fn item_holds(item: &DetectionItem, record: &Json) -> bool {
    let has = |modifier| item.field.has_modifier(modifier);
    let field = item.field.name.as_ref().map(|name| name.replace("\\[", "[").replace("\\]", "]"));
    let found: Vec<&Json> = match &field {
        Some(path) => lookup(record, path),
        None => vec![record],
    };
    if has(Modifier::Exists) {
        let [SigmaValue::Bool(wanted)] = item.values.as_slice() else { panic!("exists") };
        return (found.is_empty() != *wanted) != has(Modifier::Neq);
    }
    let elements: Vec<&Json> = match &field {
        Some(_) => found.iter().flat_map(|value| flattened(value)).collect(),
        None => leaves(record),
    };
    let met = |value: &SigmaValue| {
        if matches!(value, SigmaValue::Null) && found.is_empty() {
            return true;
        }
        elements.iter().any(|element| value_holds(item, value, element, record))
    };
    let holds =
        if has(Modifier::All) { item.values.iter().all(met) } else { item.values.iter().any(met) };
    if has(Modifier::Neq) { !found.is_empty() && !holds } else { holds }
}

/// Every value a path leads to, trying every cut at its dots, through arrays.
fn lookup<'j>(value: &'j Json, path: &str) -> Vec<&'j Json> {
    match value {
        Json::List(items) => items.iter().flat_map(|item| lookup(item, path)).collect(),
        Json::Object(fields) => {
            let mut out = Vec::new();
            for (key, value) in fields {
                if key == path {
                    out.push(value);
                }
                for (at, _) in path.match_indices('.') {
                    if *key == path[..at] {
                        out.extend(lookup(value, &path[at + 1..]));
                    }
                }
            }
            out
        }
        _ => Vec::new(),
    }
}

fn flattened(value: &Json) -> Vec<&Json> {
    match value {
        Json::List(items) => items.iter().flat_map(flattened).collect(),
        other => vec![other],
    }
}

fn leaves(value: &Json) -> Vec<&Json> {
    match value {
        Json::List(items) => items.iter().flat_map(leaves).collect(),
        Json::Object(fields) => fields.iter().flat_map(|(_, value)| leaves(value)).collect(),
        other => vec![other],
    }
}

/// The texts by which a value may be met.
fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Null => Vec::new(),
        Json::Text(text) => vec![text.clone()],
        Json::Object(_) => vec![value.text(true), value.text(false)],
        other => vec![other.text(true)],
    }
}

fn value_holds(item: &DetectionItem, wanted: &SigmaValue, found: &Json, record: &Json) -> bool {
    let has = |modifier| item.field.has_modifier(modifier);
    let number = || match found {
        Json::Number(number) => number.as_f64(),
        Json::Text(text) => text.parse().ok(),
        _ => None,
    };
    let wanted_number = || wanted.to_string().parse::<f64>().unwrap();
    if has(Modifier::Re) {
        let flags: String =
            [(Modifier::IgnoreCase, 'i'), (Modifier::Multiline, 'm'), (Modifier::DotAll, 's')]
                .iter()
                .filter(|(modifier, _)| has(*modifier))
                .map(|(_, flag)| *flag)
                .collect();
        let flags = if flags.is_empty() { flags } else { format!("(?{flags})") };
        let regex = regex::Regex::new(&format!("{flags}{wanted}")).unwrap();
        return texts(found).iter().any(|text| regex.is_match(text));
    }
    if has(Modifier::Cidr) {
        let Json::Text(text) = found else { return false };
        return in_network(&wanted.to_string(), text);
    }
    if has(Modifier::FieldRef) {
        let others: Vec<&Json> = lookup(record, &wanted.to_string());
        let others = others.iter().flat_map(|other| flattened(other));
        let others: Vec<String> =
            others.filter_map(|other| texts(other).into_iter().next()).collect();
        return texts(found).first().is_some_and(|text| {
            others.iter().any(|other| {
                let mut pieces: Vec<Piece> = other.chars().map(Piece::Char).collect();
                surround(item, &mut pieces, false);
                glob_text(&pieces, text, has(Modifier::Cased))
            })
        });
    }
    let part = [
        (Modifier::Minute, 14, 16),
        (Modifier::Hour, 11, 13),
        (Modifier::Day, 8, 10),
        (Modifier::Month, 5, 7),
        (Modifier::Year, 0, 4),
    ]
    .into_iter()
    .find(|(modifier, _, _)| has(*modifier));
    let compared = if let Some((_, from, to)) = part {
        // Only times as CloudTrail writes them; other forms have tests of their own.
        let Json::Text(text) = found else { return false };
        if text.len() != 20 || !text.ends_with('Z') {
            return false;
        }
        text[from..to].parse().ok()
    } else {
        number()
    };
    for (modifier, compare) in [
        (Modifier::Gt, (|a, b| a > b) as fn(f64, f64) -> bool),
        (Modifier::Gte, |a, b| a >= b),
        (Modifier::Lt, |a, b| a < b),
        (Modifier::Lte, |a, b| a <= b),
    ] {
        if has(modifier) {
            return compared.is_some_and(|found| compare(found, wanted_number()));
        }
    }
    if part.is_some() {
        return compared.is_some_and(|found| found == wanted_number());
    }
    match (wanted, found) {
        (SigmaValue::Null, found) => *found == Json::Null,
        (_, Json::Null) => false,
        (SigmaValue::Integer(_) | SigmaValue::Float(_), Json::Number(found))
            if item
                .field
                .modifiers
                .iter()
                .all(|m| matches!(m, Modifier::Neq | Modifier::All | Modifier::Cased))
                && item.field.name.is_some() =>
        {
            found.as_f64() == Some(wanted_number())
        }
        (wanted, found) => encoded(item, wanted).iter().any(|pieces| {
            let mut pieces = pieces.clone();
            surround(item, &mut pieces, item.field.name.is_none());
            texts(found).iter().any(|text| glob_text(&pieces, text, has(Modifier::Cased)))
        }),
    }
}

fn surround(item: &DetectionItem, pieces: &mut Vec<Piece>, anywhere: bool) {
    let has = |modifier| item.field.has_modifier(modifier);
    let placed = has(Modifier::StartsWith) || has(Modifier::EndsWith);
    let anywhere = has(Modifier::Contains) || (anywhere && !placed);
    if anywhere || has(Modifier::EndsWith) {
        pieces.insert(0, Piece::Many);
    }
    if anywhere || has(Modifier::StartsWith) {
        pieces.push(Piece::Many);
    }
}

/// The forms a value takes by its modifiers.
fn encoded(item: &DetectionItem, value: &SigmaValue) -> Vec<Vec<Piece>> {
    let mut forms: Vec<Vec<Piece>> = vec![match value {
        SigmaValue::String(text) => text
            .parts
            .iter()
            .flat_map(|part| match part {
                StringPart::Plain(text) => text.chars().map(Piece::Char).collect(),
                StringPart::Special(SpecialChar::WildcardMulti) => vec![Piece::Many],
                StringPart::Special(SpecialChar::WildcardSingle) => vec![Piece::One],
            })
            .collect(),
        other => other.to_string().chars().map(Piece::Char).collect(),
    }];
    let plain = |form: &[Piece]| -> String {
        form.iter().map(|p| if let Piece::Char(c) = p { *c } else { panic!("wildcard") }).collect()
    };
    let pieces = |text: &str| text.chars().map(Piece::Char).collect::<Vec<_>>();
    for modifier in &item.field.modifiers {
        forms = forms
            .iter()
            .flat_map(|form| match modifier {
                Modifier::Base64 => vec![pieces(&base64(plain(form).as_bytes()))],
                Modifier::Base64Offset => {
                    (0..3).map(|at| pieces(&steady(plain(form).as_bytes(), at))).collect()
                }
                Modifier::Wide => {
                    // Only ASCII here: each character and a zero.
                    vec![form.iter().flat_map(|p| [*p, Piece::Char('\0')]).collect()]
                }
                _ => vec![form.clone()],
            })
            .collect();
    }
    forms
}

/// Base64 by its definition.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes.iter().flat_map(|b| (0..8).rev().map(move |i| b >> i & 1)).collect();
    let mut out: String = bits
        .chunks(6)
        .map(|six| {
            let index = (0..6).fold(0, |sum, i| sum * 2 + six.get(i).copied().unwrap_or(0));
            LETTERS[usize::from(index)] as char
        })
        .collect();
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

/// The letters that stay the same whatever stands around: found by trying all-zeros and all-ones.
fn steady(bytes: &[u8], at: usize) -> String {
    let around = |byte: u8| {
        let mut all = vec![byte; at];
        all.extend(bytes);
        all.extend([byte; 3]);
        base64(&all)
    };
    let (low, high) = (around(0), around(255));
    let (first, last) = (at * 8, (at + bytes.len()) * 8);
    low.chars()
        .zip(high.chars())
        .enumerate()
        // Those all of whose six bits belong to the text.
        .filter(|(i, (a, b))| a == b && i * 6 >= first && i * 6 + 6 <= last)
        .map(|(_, (a, _))| a)
        .collect()
}

fn in_network(network: &str, address: &str) -> bool {
    let bits = |text: &str| -> Option<String> {
        Some(match text.parse().ok()? {
            std::net::IpAddr::V4(v4) => v4.octets().iter().map(|b| format!("{b:08b}")).collect(),
            std::net::IpAddr::V6(v6) => v6.octets().iter().map(|b| format!("{b:08b}")).collect(),
        })
    };
    let (base, length) = network.split_once('/').unwrap_or((network, "128"));
    let (Some(base), Some(address)) = (bits(base), bits(address)) else { return false };
    let length = length.parse::<usize>().unwrap().min(base.len());
    base.len() == address.len() && base[..length] == address[..length]
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    Char(char),
    Many,
    One,
}

fn glob_text(pieces: &[Piece], text: &str, cased: bool) -> bool {
    if cased {
        return glob(pieces, &text.chars().collect::<Vec<_>>());
    }
    let lower = |c: char| -> Vec<char> {
        let lower: Vec<char> = c.to_lowercase().collect();
        if !c.is_ascii() && lower.iter().any(char::is_ascii) { vec![c] } else { lower }
    };
    let pieces: Vec<Piece> = pieces
        .iter()
        .flat_map(|piece| match piece {
            Piece::Char(c) => lower(*c).into_iter().map(Piece::Char).collect(),
            other => vec![*other],
        })
        .collect();
    glob(&pieces, &text.chars().flat_map(lower).collect::<Vec<_>>())
}

/// Every way a `*` could be read, by table: `fits[i][j]` tells whether the first `i` pieces fit
/// the first `j` characters.
fn glob(pieces: &[Piece], text: &[char]) -> bool {
    let mut fits = vec![vec![false; text.len() + 1]; pieces.len() + 1];
    fits[0][0] = true;
    for (i, piece) in pieces.iter().enumerate() {
        for j in 0..=text.len() {
            fits[i + 1][j] = match piece {
                Piece::Many => fits[i][j] || (j > 0 && fits[i + 1][j - 1]),
                Piece::One => j > 0 && fits[i][j - 1],
                Piece::Char(c) => j > 0 && fits[i][j - 1] && text[j - 1] == *c,
            };
        }
    }
    fits[pieces.len()][text.len()]
}
