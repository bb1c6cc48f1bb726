//! Replies of EC2 to what the AWS CLI prints: members begin with a small letter there, and lists are
//! called sets.
//!
//! Source: Smithy, "AWS EC2 query protocol"; Amazon EC2 API Reference, `DescribeVpcs`, `DescribeFlowLogs`.

use serde_json::{Map, Value};

use super::{Element, number, parse};

/// Sets that the AWS CLI calls otherwise than the wire.
const SETS: &[(&str, &str)] = &[("flowLogSet", "FlowLogs"), ("tagSet", "Tags"), ("vpcSet", "Vpcs")];
const BOOLEANS: &[&str] = &["HiveCompatiblePartitions", "IsDefault", "PerHourPartition"];
const NUMBERS: &[&str] = &["MaxAggregationInterval"];

/// The result of an operation: what stands in `<XResponse>`, but for the request's id.
pub(in crate::protocol) fn result(xml: &[u8]) -> Result<Value, String> {
    let response = parse(xml)?;
    if !response.name.ends_with("Response") {
        return Err(format!("`{}` in place of an answer", response.name));
    }
    let members = response.children.into_iter().filter(|child| child.name != "requestId");
    Ok(members_of(members))
}

fn members_of(children: impl Iterator<Item = Element>) -> Value {
    let members = children.map(|child| {
        let name = printed(&child.name);
        let value = value(&name, child);
        (name, value)
    });
    Value::Object(members.collect::<Map<_, _>>())
}

fn printed(name: &str) -> String {
    if let Some((_, printed)) = SETS.iter().find(|(wire, _)| *wire == name) {
        return (*printed).to_owned();
    }
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn value(name: &str, element: Element) -> Value {
    let Element { name: wire, text, children, .. } = element;
    match children.first() {
        Some(first) if first.name == "item" => {
            children.into_iter().map(|item| value("", item)).collect()
        }
        Some(_) => members_of(children.into_iter()),
        None if wire.ends_with("Set") => Value::Array(Vec::new()),
        None if BOOLEANS.contains(&name) => (text == "true").into(),
        None if NUMBERS.contains(&name) => number(&text),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::xml::error;

    #[test]
    fn sets_and_small_letters_become_what_the_cli_prints() {
        let xml = "<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId>
            <vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault><tagSet><item><key>a</key><value>b</value></item>
            </tagSet></item></vpcSet><nextToken>t</nextToken></DescribeVpcsResponse>";
        let vpc =
            json!({"VpcId": "vpc-1", "IsDefault": true, "Tags": [{"Key": "a", "Value": "b"}]});
        assert_eq!(result(xml.as_bytes()), Ok(json!({"Vpcs": [vpc], "NextToken": "t"})));
        let none = "<DescribeFlowLogsResponse><flowLogSet/></DescribeFlowLogsResponse>";
        assert_eq!(result(none.as_bytes()), Ok(json!({"FlowLogs": []})));
        assert!(result(b"<html><p>x</p></html>").is_err());
        let refused = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>m</Message></Error></Errors>
            <RequestID>r</RequestID></Response>";
        assert_eq!(
            error(refused.as_bytes()),
            Some(("UnauthorizedOperation".to_owned(), "m".to_owned()))
        );
    }
}
