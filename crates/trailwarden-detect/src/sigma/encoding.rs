//! What turns a rule's text into other texts: placeholders, dashes, encodings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsigma_parser::Modifier;
use rsigma_parser::value::SigmaString;

use super::modifier::Placeholders;
use super::pattern::{Token, tokens};

/// How many texts one value may become by `windash` or `expand`.
const VARIANTS_MAX: usize = 5_usize.pow(5);

/// Replaces `%name%` by each of its values; `\%` is a percent sign.
pub(crate) fn expand(text: &str, placeholders: &Placeholders) -> Result<Vec<Vec<Token>>, String> {
    let mut variants = vec![String::new()];
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        let escaped = before.ends_with('\\');
        let before = if escaped { before.get(..at - 1).unwrap_or_default() } else { before };
        variants.iter_mut().for_each(|variant| variant.push_str(before));
        let name = after.split_once('%').filter(|(name, _)| {
            !escaped && !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        let Some((name, after)) = name else {
            variants.iter_mut().for_each(|variant| variant.push('%'));
            rest = after;
            continue;
        };
        let values = placeholders.get(name).ok_or_else(|| {
            format!("the placeholder `%{name}%` has no values; give it values or drop `expand`")
        })?;
        variants = variants
            .iter()
            .flat_map(|variant| values.iter().map(move |value| format!("{variant}{value}")))
            .collect();
        if variants.len() > VARIANTS_MAX {
            return Err(format!("its placeholders make more than {VARIANTS_MAX} values"));
        }
        rest = after;
    }
    variants.iter_mut().for_each(|variant| variant.push_str(rest));
    Ok(variants.iter().map(|variant| tokens(&SigmaString::new(variant))).collect())
}

/// Applies `windash`, `wide`, `base64` and so on in the order written.
pub(crate) fn transform(
    tokens: Vec<Token>,
    modifiers: &[Modifier],
) -> Result<Vec<Vec<Token>>, String> {
    let mut variants = vec![tokens];
    let mut bytes: Option<Vec<Vec<u8>>> = None;
    for modifier in modifiers {
        if *modifier == Modifier::WindAsh {
            if bytes.is_some() {
                return Err("`windash` comes before the encodings".to_owned());
            }
            let mut out = Vec::new();
            for tokens in variants {
                out.extend(windash(tokens)?);
            }
            variants = out;
            continue;
        }
        let source = match bytes.take() {
            Some(bytes) => bytes,
            None => variants.iter().map(|tokens| literal(tokens)).collect::<Result<_, _>>()?,
        };
        bytes = Some(source.iter().flat_map(|bytes| encode(bytes, *modifier)).collect());
    }
    let Some(bytes) = bytes else { return Ok(variants) };
    bytes
        .into_iter()
        .map(|bytes| match String::from_utf8(bytes) {
            Ok(text) => Ok(vec![Token::Literal(text)]),
            Err(_) => Err("`utf16` and its kin need `base64` or `base64offset` after them".into()),
        })
        .collect()
}

fn literal(tokens: &[Token]) -> Result<Vec<u8>, String> {
    match tokens {
        [] => Ok(Vec::new()),
        [Token::Literal(text)] => Ok(text.clone().into_bytes()),
        _ => Err("a value with wildcards cannot be encoded; escape them".to_owned()),
    }
}

fn encode(bytes: &[u8], modifier: Modifier) -> Vec<Vec<u8>> {
    let units = || String::from_utf8_lossy(bytes).encode_utf16().collect::<Vec<u16>>();
    match modifier {
        Modifier::Base64 => vec![STANDARD.encode(bytes).into_bytes()],
        Modifier::Base64Offset => (0..3).map(|offset| base64_at(bytes, offset)).collect(),
        Modifier::Wide => vec![units().into_iter().flat_map(u16::to_le_bytes).collect()],
        Modifier::Utf16be => vec![units().into_iter().flat_map(u16::to_be_bytes).collect()],
        Modifier::Utf16 => {
            let marked = std::iter::once(0xfeff).chain(units());
            vec![marked.flat_map(u16::to_le_bytes).collect()]
        }
        _ => vec![bytes.to_vec()],
    }
}

/// The part of the Base64 text that stays the same whatever stands before and after, when the
/// bytes begin `offset` bytes into a group of three.
fn base64_at(bytes: &[u8], offset: usize) -> Vec<u8> {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(bytes);
    let text = STANDARD.encode(&padded).into_bytes();
    // The first characters mix in what stands before, the last what follows.
    let (start, cut) = (if offset == 0 { 0 } else { offset + 1 }, [0, 3, 2]);
    let cut = cut.get(padded.len() % 3).copied().unwrap_or(0);
    text.get(start..text.len().saturating_sub(cut)).unwrap_or_default().to_vec()
}

/// Every way to write the dashes that begin a flag.
fn windash(tokens: Vec<Token>) -> Result<Vec<Vec<Token>>, String> {
    const DASHES: [char; 5] = ['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'];
    let mut variants: Vec<Vec<Token>> = vec![Vec::new()];
    for token in tokens {
        let Token::Literal(text) = &token else {
            variants.iter_mut().for_each(|variant| variant.push(token.clone()));
            continue;
        };
        let mut texts = vec![String::new()];
        let mut before: Option<char> = None;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let flag = DASHES.contains(&c)
                && !before.is_some_and(is_word)
                && rest.peek().copied().is_some_and(is_word);
            if flag {
                texts = texts
                    .iter()
                    .flat_map(|text| DASHES.iter().map(move |dash| format!("{text}{dash}")))
                    .collect();
            } else {
                texts.iter_mut().for_each(|text| text.push(c));
            }
            if texts.len().saturating_mul(variants.len()) > VARIANTS_MAX {
                return Err("`windash` finds more than five flags in one value".to_owned());
            }
            before = Some(c);
        }
        variants = variants
            .iter()
            .flat_map(|variant| {
                texts.iter().map(move |text| {
                    let mut variant = variant.clone();
                    variant.push(Token::Literal(text.clone()));
                    variant
                })
            })
            .collect();
    }
    Ok(variants)
}
