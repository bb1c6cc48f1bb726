//! A date written as seconds since 1970.

use crate::facts::ValueType;
use crate::lint::conditions::compares;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "date-as-number",
    title: "Date as a number",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Seconds since 1970 are right but nobody reads them; a date of ISO 8601 shows a slip at once.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "INVALID_DATE_VALUE")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"1798761599"}}"#).at(r#""1798761599""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-12-31T23:59:59Z","aws:EpochTime":"1798761599"},"NumericLessThan":{"aws:EpochTime":"1798761599"}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        let is_date = compares(&condition.operator) == Some(ValueType::Date);
        if !is_date || condition.is_key("aws:EpochTime") {
            continue;
        }
        for (value, span) in condition.values() {
            let is_number = value.len() > 4 && value.bytes().all(|byte| byte.is_ascii_digit());
            if is_number {
                let message = format!("{} is a date in seconds since 1970", quoted(value));
                found.at(span, view.index, message, "write it as `2026-12-31T23:59:59Z`");
            }
        }
    }
}
