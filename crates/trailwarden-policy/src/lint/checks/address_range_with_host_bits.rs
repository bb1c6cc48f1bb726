//! A range whose address has bits that do not count.

use crate::facts::ValueType;
use crate::lint::conditions::{AddressRange, compares};
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "address-range-with-host-bits",
    title: "Address range with host bits",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "The bits of the address beyond the prefix are not looked at: the range is wider than the one address that it seems to name.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "IMPROVE_IP_RANGE")],
    run: Run::Statement(run),
    fires_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.7/24"}}"#).at(r#""203.0.113.7/24""#)],
    quiet_on: &[Example::identity(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","203.0.113.7/32","203.0.113.8"]}}"#)],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for condition in view.conditions() {
        if compares(&condition.operator) != Some(ValueType::IpAddress) {
            continue;
        }
        for (value, span) in condition.values() {
            if let Some(range) =
                AddressRange::parse(value).and_then(AddressRange::without_host_bits)
            {
                let message = format!("{} means `{range}`", quoted(value));
                found.at(
                    span,
                    view.index,
                    message,
                    format!("write `{range}`, or the one address that is meant"),
                );
            }
        }
    }
}
