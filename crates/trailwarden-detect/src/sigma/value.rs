//! Values as the parser gives them, as text and as numbers.

use rsigma_parser::value::SigmaValue;

/// Whether it is a map or a list, of which the parser only keeps a printed form.
pub(crate) fn is_nested(value: &SigmaValue) -> bool {
    match value {
        SigmaValue::String(text) => {
            ["Mapping {", "Sequence [", "Tagged"].iter().any(|p| text.original.starts_with(p))
        }
        _ => false,
    }
}

/// As text, as written.
pub(crate) fn plain(value: &SigmaValue) -> Result<String, String> {
    match value {
        SigmaValue::Null => Err("null has no text".to_owned()),
        value => Ok(value.to_string()),
    }
}

/// As a number.
pub(crate) fn numeric(value: &SigmaValue) -> Result<f64, String> {
    let number = match value {
        #[expect(clippy::cast_precision_loss, reason = "records hold numbers as JSON does")]
        SigmaValue::Integer(number) => Some(*number as f64),
        SigmaValue::Float(number) => Some(*number),
        SigmaValue::String(text) => text.original.trim().parse().ok(),
        SigmaValue::Bool(_) | SigmaValue::Null => None,
    };
    number
        .filter(|number: &f64| number.is_finite())
        .ok_or_else(|| format!("`{value}` is not a number, which this modifier needs"))
}
