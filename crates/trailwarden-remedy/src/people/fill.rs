//! Steps with the parts of a finding put in.
//!
//! Braces stand for parts, such as `{name}` or `{request.policyId}`; [`filled`] puts them in as words of a shell.

use trailwarden_model::{Arn, Finding};

use crate::render::quote;

/// The parts that a finding tells by itself, and those that only the account tells.
const PARTS: [&str; 24] = [
    "account",
    "actor",
    "actor_key",
    "actor_kind",
    "address",
    "arn",
    "group",
    "holder",
    "instance",
    "instance_arn",
    "key",
    "kind",
    "name",
    "older_key",
    "policy",
    "policy_arn",
    "policy_holder",
    "policy_name",
    "region",
    "session",
    "trail",
    "trail_region",
    "user",
    "version",
];

/// Where the parts of its record come from.
const RECORD: [&str; 2] = ["request.", "response."];

/// The steps with their parts. A part that nobody tells is left to the person, in capitals.
#[must_use]
pub fn filled(steps: &[&str], part: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    steps.iter().map(|step| fill(step, part)).collect()
}

/// The steps for any finding.
#[must_use]
pub fn of_any(steps: &[&str]) -> Vec<String> {
    filled(steps, &|_| None)
}

fn fill(step: &str, part: &dyn Fn(&str) -> Option<String>) -> String {
    // In one go: what stands in a name is no place to fill.
    let mut pieces = step.split('{');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('}').filter(|(name, _)| is_part(name)) {
            Some((name, rest)) => {
                let value = part(name).filter(|value| !value.is_empty());
                match value {
                    Some(value) => put(&mut out, &value),
                    None => out.push_str(&capitals(name)),
                }
                out.push_str(rest);
            }
            None => {
                out.push('{');
                out.push_str(piece);
            }
        }
    }
    out
}

/// A value, which never begins another parameter of the command that it stands in.
fn put(out: &mut String, value: &str) {
    let before = out.strip_suffix(' ').and_then(|out| out.rsplit([' ', '`']).next());
    if value.starts_with('-') && before.is_some_and(|word| word.starts_with("--")) {
        out.pop();
        out.push('=');
    }
    out.push_str(&quote::bash_in_text(value));
}

fn is_part(name: &str) -> bool {
    PARTS.contains(&name) || RECORD.iter().any(|from| name.starts_with(from))
}

/// `POLICY_ID` of `request.policyId`.
fn capitals(name: &str) -> String {
    // CloudTrail writes `sAMLProviderArn` and `sSHPublicKeyId`.
    let last = name.rsplit('.').next().unwrap_or(name);
    let last = last.replacen("sAML", "saml", 1).replacen("sSH", "ssh", 1);
    let mut out = String::new();
    let mut was_small = false;
    for c in last.chars() {
        if c.is_ascii_uppercase() && was_small {
            out.push('_');
        }
        was_small = c.is_ascii_lowercase();
        out.push(c.to_ascii_uppercase());
    }
    out
}

/// A part that a finding tells.
#[must_use]
pub fn part(finding: &Finding, name: &str) -> Option<String> {
    let target = &finding.target;
    // An account is found where nobody knows which of its things it is: it has no name that a command takes.
    let is_account = target.kind.as_deref() == Some("account");
    let arn = target.arn.as_deref().filter(|_| !is_account).and_then(Arn::parse);
    let found = match name {
        "account" => finding.account.clone(),
        "actor" => finding.actor.name.clone(),
        // Of a session the role holds the policies.
        "actor_kind" => match (&finding.actor.session, finding.actor.kind.as_deref()) {
            (Some(_), _) | (None, Some("role")) => Some("role".to_owned()),
            (None, kind) => kind.filter(|it| *it == "user").map(str::to_owned),
        },
        "actor_key" => finding.actor.access_key.clone().filter(|key| key.starts_with("AKIA")),
        "address" => finding.actor.address.clone(),
        "arn" => target.arn.clone().filter(|_| !is_account),
        // Whoever holds a policy; of a managed one the finding does not say who does.
        "holder" => part(finding, "kind").and_then(|_| part(finding, "name")),
        // A permission set's ARN holds the id of its instance.
        "instance_arn" => {
            let set = arn.filter(|arn| arn.service == "sso")?.resource;
            let instance = set.strip_prefix("permissionSet/")?.split('/').next()?;
            Some(format!("arn:{}:sso:::instance/{instance}", arn?.partition))
        }
        // Of an inline or a trust policy the commands name the holder's kind.
        "kind" => {
            let kind = arn.map(|arn| arn.kind()).or(target.kind.as_deref());
            kind.filter(|kind| ["user", "group", "role"].contains(kind)).map(str::to_owned)
        }
        "name" => arn.map(|arn| arn.name().to_owned()).filter(|it| !it.is_empty()).or_else(|| {
            // Labels of checks say the kind before the name.
            let label = target.name.as_deref().filter(|_| !is_account)?;
            label.rsplit(['/', ' ']).next().map(str::to_owned)
        }),
        "policy" => {
            let id = target.id.as_deref()?;
            id.split_once("/inline policy ").map(|(_, name)| name.to_owned())
        }
        "region" => finding.region.clone().or_else(|| arn.map(|arn| arn.region.to_owned())),
        "session" => finding
            .actor
            .session
            .as_deref()
            .and_then(|arn| arn.rsplit('/').next())
            .map(str::to_owned),
        "user" => match (finding.actor.kind.as_deref(), &finding.actor.session) {
            (Some("user"), None) => finding.actor.name.clone(),
            _ => None,
        },
        _ => None,
    };
    found.filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{ALL, calls, checks, for_check, stops};

    fn nothing() -> Finding {
        let nobody = serde_json::json!({ "kind": null, "arn": null, "id": null, "name": null,
            "account": null, "session": null, "access_key": null, "address": null });
        serde_json::from_value(serde_json::json!({
            "schema": "trailwarden.finding/1", "id": "tw-1", "rule": "x", "title": "x", "risk": "",
            "explanation": "", "supersedes": [], "kind": "posture", "severity": "low",
            "confidence": "high", "status": "open", "outcome": null, "account": null,
            "region": null, "first_time": "2026-05-01T00:00:00Z", "last_time": "2026-05-01T00:00:00Z",
            "actor": nobody, "target": nobody, "evidence": [], "evidence_total": 0, "effect": null,
            "authorized": { "verdict": "unknown", "by": [] }, "attack": [], "false_positives": [],
            "remediation": [],
        }))
        .unwrap()
    }

    #[test]
    fn names_of_strangers_stay_words() {
        let finding = |arn: &str| {
            let mut finding = nothing();
            finding.target.arn = Some(arn.to_owned());
            finding.target.kind = Some("user".to_owned());
            finding
        };
        let how = for_check("user-without-tags").unwrap().how;
        let steps = |one: &Finding| filled(how, &|name| part(one, name));
        let told = |arn: &str| steps(&finding(arn)).last().unwrap().clone();
        let plain = told("arn:aws:iam::111122223333:user/staff/alice");
        assert!(plain.contains("--user-name alice --tags"), "{plain}");
        let odd = told("arn:aws:iam::111122223333:user/a b; {arn}");
        assert!(odd.contains("--user-name 'a b; {arn}' --tags"), "{odd}");
        let option = told("arn:aws:iam::111122223333:user/--endpoint-url");
        assert!(option.contains("--user-name=--endpoint-url --tags"), "{option}");
        let ends = told("arn:aws:iam::111122223333:user/a`; id");
        assert!(ends.contains(r"--user-name $'a\x60; id' --tags"), "{ends}");
        assert_eq!(ends.matches('`').count(), plain.matches('`').count());
        let mut nobody = finding("");
        nobody.target.arn = None;
        let unknown = steps(&nobody);
        assert!(unknown[1].contains("--user-name NAME --tags"), "{unknown:?}");
    }

    #[test]
    fn of_an_inline_policy_the_holder_and_the_policy_are_named() {
        let mut finding = nothing();
        finding.target.kind = Some("inline_policy".to_owned());
        finding.target.arn = Some("arn:aws:iam::111122223333:group/ops".to_owned());
        finding.target.id = Some("AGPAOPS/inline policy too much".to_owned());
        let step = ["`aws iam get-{kind}-policy --{kind}-name {holder} --policy-name {policy}`."];
        assert_eq!(
            filled(&step, &|name| part(&finding, name)),
            ["`aws iam get-group-policy --group-name ops --policy-name 'too much'`."]
        );
        finding.target.arn = None;
        let told = filled(&step, &|name| part(&finding, name));
        assert!(told[0].starts_with("`aws iam get-KIND-policy"), "{told:?}");
    }

    #[test]
    fn a_managed_policy_is_not_named_as_its_own_holder() {
        let mut finding = nothing();
        finding.target.kind = Some("policy".to_owned());
        finding.target.arn = Some("arn:aws:iam::111122223333:policy/Release".to_owned());
        let told = filled(&["--{kind}-name {holder} {name}"], &|name| part(&finding, name));
        assert_eq!(told, ["--KIND-name HOLDER Release"]);
    }

    #[test]
    fn an_account_has_no_name_that_a_command_takes() {
        let mut finding = nothing();
        finding.target.kind = Some("account".to_owned());
        finding.target.arn = Some("arn:aws:iam::111122223333:root".to_owned());
        finding.target.name = Some("account 111122223333".to_owned());
        let step = ["`aws s3api get-bucket-policy --bucket {name}`, {arn}, {region}"];
        let told = filled(&step, &|name| part(&finding, name));
        assert_eq!(told, ["`aws s3api get-bucket-policy --bucket NAME`, ARN, REGION"]);
    }

    #[test]
    fn a_part_of_a_record_that_nobody_tells_stands_in_capitals() {
        let of = |value: Option<&str>| {
            let step = ["`aws x --policy-id {request.policyId}`."];
            filled(&step, &|name| value.filter(|_| name == "request.policyId").map(str::to_owned))
        };
        assert_eq!(of(None), ["`aws x --policy-id POLICY_ID`."]);
        assert_eq!(of(Some("p-1 x")), ["`aws x --policy-id 'p-1 x'`."]);
        assert_eq!(
            of_any(&["{request.servicePrincipal} {response.a.trustAnchorId}"]),
            ["SERVICE_PRINCIPAL TRUST_ANCHOR_ID"]
        );
    }

    /// Documents have braces too.
    #[test]
    fn only_parts_of_findings_are_filled_in() {
        let rows = ALL.iter().chain(checks::all()).flat_map(|one| one.how);
        let of_calls = calls::all().flat_map(|(_, how)| how.iter());
        let all: Vec<&str> = rows.chain(of_calls).copied().chain(stops::all()).collect();
        for step in of_any(&all) {
            let left = PARTS.iter().find(|part| step.contains(&format!("{{{part}}}")));
            assert_eq!(left, None, "{step}");
            assert!(!RECORD.iter().any(|from| step.contains(&format!("{{{from}"))), "{step}");
        }
        let steps = of_any(for_check("role-unused").unwrap().how);
        assert!(steps[1].contains(r#"'{"Version":"2012-10-17","Statement":[{"#), "{}", steps[1]);
    }
}
