//! Policies in small files of every sort: found, named, of the right kind and in the right place.

use proptest::prelude::*;

use super::*;
use crate::line_column;

/// One line per policy: place, name, kind, number of statements, unknown values.
fn told(file: &str) -> String {
    let line = |located: &Located| {
        let read = match located.document(file) {
            Ok(document) => format!("{} statements", document.statements.len()),
            Err(error) => error.to_string(),
        };
        let kind = located.kind.map_or("-", PolicyKind::name);
        let unknowns: Vec<&str> = located.unknowns.iter().map(|u| u.what.as_str()).collect();
        let at = line_column(file, located.span.start);
        format!("{at} {} ({kind}): {read} {}\n", located.name, unknowns.join(", "))
    };
    locate(file).iter().map(line).collect()
}

const ALLOW: &str = r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;

#[test]
fn a_file_may_be_the_policy_itself() {
    let encoded = ALLOW.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
    for file in [ALLOW.to_owned(), format!("\u{feff}{ALLOW}\n"), encoded, format!("{ALLOW:?}")] {
        let found = locate(&file);
        assert_eq!(found.len(), 1, "{file}");
        assert_eq!((found[0].name.as_str(), found[0].kind), ("", None));
        let document = found[0].document(&file).unwrap();
        let place = document.places.find(Some(0), Some(document::Element::Action), None);
        assert_eq!(place.of(&found[0].text(&file)), "\"s3:*\"");
        let in_file = found[0].span_in_file(place);
        let is_plain = file.trim_start_matches('\u{feff}').starts_with('{');
        let expected = if is_plain { "\"s3:*\"" } else { &file };
        assert_eq!(in_file.of(&file), expected);
    }
}

#[test]
fn what_cannot_be_read_is_a_policy_and_other_json_is_not() {
    for bad in
        ["{\"Statement\": [}", "", "not JSON", "{\"Version\":\"2012-10-17\"}", ALLOW.split_at(20).0]
    {
        let found = locate(bad);
        assert_eq!(found.len(), 1, "{bad}");
        assert!(found[0].document(bad).map_or(true, |document| !document.is_complete()), "{bad}");
    }
    for other in
        ["{}", "[]", "1", "{\"name\":\"x\",\"Statement1\":[]}", "{\"scripts\":{\"Policy\":\"x\"}}"]
    {
        assert!(locate(other).is_empty(), "{other}");
    }
}

// AWS CLI Command Reference, the output of each command.
#[test]
fn replies_of_the_command_line_are_searched() {
    let text = ALLOW.replace('"', "\\\"");
    let encoded = ALLOW.replace('{', "%7B").replace('}', "%7D").replace('"', "%22");
    let file = format!(
        r#"{{
"PolicyVersion": {{"Document": {ALLOW}, "VersionId": "v2"}},
"RoleDetailList": [{{"RoleName": "deploy", "AssumeRolePolicyDocument": "{encoded}",
  "RolePolicyList": [{{"PolicyName": "inline", "PolicyDocument": {{"Statement": {{}}}}}}]}}],
"Policies": [{{"PolicyName": "P", "PolicyVersionList": [{{"VersionId": "v1", "Document": {ALLOW}}}]}}],
"VpcEndpoints": [{{"VpcEndpointId": "vpce-1", "PolicyDocument": "{text}"}}],
"Organization": {{"Policy": {{"PolicySummary": {{"Type": "RESOURCE_CONTROL_POLICY"}}, "Content": "{text}"}}}},
"Bucket": {{"Policy": "{text}"}}, "Other": "{text}"
}}"#
    );
    let expected = expect_test::expect![[r#"
        2:31 PolicyVersion.Document (identity): 1 statements 
        3:71 RoleDetailList[deploy].AssumeRolePolicyDocument (trust): 1 statements 
        4:65 RoleDetailList[deploy].RolePolicyList[inline].PolicyDocument (identity): 0 statements 
        5:88 Policies[P].PolicyVersionList[v1].Document (identity): 1 statements 
        6:64 VpcEndpoints[vpce-1].PolicyDocument (endpoint): 1 statements 
        7:94 Organization.Policy.Content (rcp): 1 statements 
        8:22 Bucket.Policy (resource): 1 statements 
        8:115 Other (-): 1 statements 
    "#]];
    expected.assert_eq(&told(&file));
}

// Terraform documentation, "JSON Output Format".
#[test]
fn terraform_plans_are_searched_where_a_policy_will_be() {
    let text = ALLOW.replace('"', "\\\"");
    let file = format!(
        r#"{{"format_version": "1.2", "terraform_version": "1.9.0",
"resource_changes": [
 {{"address": "aws_iam_role.deploy", "type": "aws_iam_role", "change": {{"before": null, "after":
   {{"assume_role_policy": "{text}", "inline_policy": [{{"name": "x", "policy": "{text}"}}]}}, "after_unknown": {{"arn": true}}}}}},
 {{"address": "aws_iam_policy.late", "type": "aws_iam_policy", "change": {{"after": {{"name": "n"}},
   "after_unknown": {{"policy": true}}}}}},
 {{"address": "aws_s3_bucket.b", "type": "aws_s3_bucket", "change": {{"after": {{}}, "after_unknown": {{"policy": true}}}}}},
 {{"address": "aws_iam_policy.gone", "type": "aws_iam_policy", "change": {{"before": {{"policy": "{text}"}}, "after": null}}}},
 {{"address": "aws_organizations_policy.r", "type": "aws_organizations_policy", "change": {{"after":
   {{"type": "RESOURCE_CONTROL_POLICY", "content": "{text}"}}}}}},
 {{"address": "aws_opensearch_domain.d", "type": "aws_opensearch_domain", "change": {{"after": {{"access_policies": "{text}"}}}}}},
 {{"address": "aws_lb.l", "type": "aws_lb", "change": {{"after": {{"ssl_policy": "ELBSecurityPolicy-2016-08"}}}}}}
],
"planned_values": {{"root_module": {{"resources": [
  {{"address": "aws_iam_role.deploy", "type": "aws_iam_role", "values": {{"assume_role_policy": "{text}"}}}}],
 "child_modules": [{{"resources": [
  {{"address": "module.e.aws_vpc_endpoint.s3", "type": "aws_vpc_endpoint", "values": {{"policy": "{text}"}}}}]}}]}}}}}}"#
    );
    let expected = expect_test::expect![[r#"
        4:27 aws_iam_role.deploy: assume_role_policy (trust): 1 statements 
        4:152 aws_iam_role.deploy: inline_policy[0].policy (identity): 1 statements 
        6:22 aws_iam_policy.late: policy (identity): the policy is not known before it is made: it is known after apply 
        10:51 aws_organizations_policy.r: content (rcp): 1 statements 
        11:114 aws_opensearch_domain.d: access_policies (resource): 1 statements 
        17:96 module.e.aws_vpc_endpoint.s3: policy (endpoint): 1 statements 
    "#]];
    expected.assert_eq(&told(&file));
}

// AWS CloudFormation User Guide, "Intrinsic function reference".
#[test]
fn templates_are_searched_and_what_they_leave_open_is_said() {
    let file = r#"{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {
"Role": {"Type": "AWS::IAM::Role", "Properties": {
  "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::111122223333:root"}}}]},
  "Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [
    {"Effect": "Allow", "Action": ["s3:GetObject", {"Ref": "AWS::NoValue"}],
     "Resource": {"Fn::Join": ["/", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "${aws:username}", "*"]]}},
    {"Fn::If": ["IsProd", {"Effect": "Deny"}, {"Ref": "AWS::NoValue"}]}]}}]}},
"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Ref": "KeyPolicy"}}},
"Scp": {"Type": "AWS::Organizations::Policy", "Properties": {"Type": "SERVICE_CONTROL_POLICY",
  "Content": {"Fn::Sub": "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"${X}-${!aws:x}\"}}"}}},
"Queue": {"Type": "AWS::SQS::Queue", "Properties": {}},
"Broken": {"Type": "AWS::SNS::TopicPolicy", "Properties": {"PolicyDocument": {"Version": "x"}}}
}}"#;
    let expected = expect_test::expect![[r#"
        3:31 Resources.Role.AssumeRolePolicyDocument (trust): 1 statements Fn::Sub arn:${AWS::Partition}:iam::111122223333:root
        5:54 Resources.Role.Policies[p] (identity): 1 statements Fn::Join, Fn::If
        9:62 Resources.Key.KeyPolicy (resource): the policy is not known before it is made: it is Ref KeyPolicy 
        11:14 Resources.Scp.Content (scp): 1 statements Fn::Sub {"Statement":{"Effect":"Deny","Action":"*","Resource":"${X}-${!a
        13:78 Resources.Broken (resource): 0 statements 
    "#]];
    expected.assert_eq(&told(file));

    let found = locate(file);
    let trust = found[0].document(file).unwrap();
    assert_eq!(
        trust.statements[0].principals.listed()[0].value,
        "arn:\u{fffc}:iam::111122223333:root"
    );
    let open = trust.places.find(Some(0), Some(document::Element::Principal), Some(0));
    assert!(open.of(file).starts_with("{\"Fn::Sub\""));
    assert!(trust.places.is_unknown(open) && !trust.places.is_unknown(trust.places.document));
    let inline = found[1].document(file).unwrap();
    assert_eq!(inline.statements[0].actions, ["s3:GetObject"]);
    assert_eq!(inline.statements[0].resources, ["\u{fffc}/${aws:username}/*"]);
    let left_out = inline.problems[0].span;
    assert!(inline.places.is_unknown(left_out) && left_out.of(file).contains("IsProd"));
    let scp = found[3].document(file).unwrap();
    assert_eq!(scp.statements[0].resources, ["\u{fffc}-${aws:x}"]);
    let open = scp.places.find(Some(0), Some(document::Element::Resource), Some(0));
    assert!(scp.places.is_unknown(open));
    assert_eq!(found[3].span_in_file(open), found[3].span);
}

/// A stranger's own policy does not silence anybody by holding the sign for unknown text.
#[test]
fn only_templates_leave_values_open() {
    let file = ALLOW.replace("s3:*", "\u{fffc}");
    let document = locate(&file)[0].document(&file).unwrap();
    let place = document.places.find(Some(0), Some(document::Element::Action), None);
    assert!(!document.places.is_unknown(place));
}

#[test]
fn a_byte_order_mark_moves_every_place() {
    let file = format!("\u{feff}{{\"a\": {ALLOW}}}");
    let found = locate(&file);
    assert_eq!(found[0].span.of(&file), ALLOW);
    let document = found[0].document(&file).unwrap();
    assert_eq!(document.places.document.of(&file), ALLOW);
}

proptest! {
    /// Whatever the file, what is found lies in it and can be asked about.
    #[test]
    fn any_file_is_searched_without_panic(
        root in prop::sample::select(vec![
            "%", "{\"Resources\":{\"R\":{\"Type\":\"AWS::IAM::Role\",\"Properties\":%}}}",
            "{\"format_version\":\"1\",\"resource_changes\":[{\"change\":{\"after\":%,\"after_unknown\":%}}],\"values\":{\"root_module\":%}}",
            "{\"PolicyDocument\":%,\"Policy\":%}",
        ]),
        inner in prop_oneof![
            any::<String>(),
            prop::collection::vec(prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"Statement\"", "\"Fn::Sub\"", "\"${\"", "\"Fn::Join\"", "\"Ref\"",
                "{\"Ref\":\"AWS::NoValue\"}", "\"{\\\"Statement\\\":\\\"\"", "{\"Statement\":[]}", "true", "\u{fffc}",
            ]), 0..12).prop_map(|parts| parts.concat()),
        ],
    ) {
        let file = root.replace('%', &inner);
        for located in locate(&file) {
            prop_assert!(file.get(located.span.start..located.span.end).is_some());
            if let Ok(document) = located.document(&file) {
                let span = located.span_in_file(document.places.document);
                prop_assert!(file.get(span.start..span.end).is_some());
            }
        }
    }
}
