//! Divergences in what a principal's kind means, and in which policies apply at all.

use serde_json::{Map, Value, json};

use super::{Divergence, statements};
use crate::differential::count::{account, principal};

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case.get(name).and_then(Value::as_str).unwrap_or("")
}

fn remove(case: &mut Value, names: &[&str]) -> bool {
    let Some(members) = case.as_object_mut() else {
        return false;
    };
    names.iter().fold(false, |is_changed, name| members.remove(*name).is_some() | is_changed)
}

fn set(case: &mut Value, name: &str, value: Value) {
    if let Some(members) = case.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

fn allow(action: &str) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": "*" })
}

pub(super) const ROOT_USER: Divergence = Divergence {
    id: "root-user",
    reference: "denies the account's root user by default",
    aws: "the root user has full access without any identity policy, within SCPs and RCPs",
    source: "IAM User Guide, \"Policy evaluation logic\" (by default, all requests are implicitly denied with the exception of the root user)",
    rewriting: "a root user with an identity policy that allows everything",
    is_besides: false,
    rewrite: root_user,
};

fn root_user(case: &mut Value) -> bool {
    if principal(case) != "root" {
        return false;
    }
    let all = json!({ "Version": "2012-10-17", "Statement": [allow("*")] });
    let mut documents = match case.get("identityPolicies") {
        Some(Value::Array(documents)) => documents.clone(),
        _ => Vec::new(),
    };
    documents.push(all);
    set(case, "identityPolicies", Value::Array(documents));
    true
}

pub(super) const FEDERATED_WITHOUT_SESSION_POLICY: Divergence = Divergence {
    id: "federated-without-session-policy",
    reference: "gives a federated session without a session policy all of the user's permissions",
    aws: "a session of GetFederationToken without a session policy has no permissions but those of resource policies that name it",
    source: "IAM User Guide, \"Policy evaluation logic\" (session policies), and STS API Reference, GetFederationToken",
    rewriting: "a session policy that allows nothing of use",
    is_besides: false,
    rewrite: federated_without_session_policy,
};

fn federated_without_session_policy(case: &mut Value) -> bool {
    if principal(case) != "federated user" || case.get("sessionPolicy").is_some() {
        return false;
    }
    set(
        case,
        "sessionPolicy",
        json!({ "Version": "2012-10-17", "Statement": [allow("example:Nothing")] }),
    );
    true
}

pub(super) const SESSION_POLICY_BYPASS: Divergence = Divergence {
    id: "session-policy-bypass",
    reference: "limits a session by its session policy even where a resource policy of the same account allows the session itself",
    aws: "a grant to the session itself, by a resource policy of its account, is not limited by an implicit deny of session policy or boundary; nor is one to everyone",
    source: "IAM User Guide, \"Policy evaluation logic\" (principals in resource policies) and \"AWS JSON policy elements: Principal\"",
    rewriting: "asked besides, and an allow of either counts: only the resource policy's own grants to that session or to everyone, every explicit deny, and a session policy and boundary that allow the rest",
    is_besides: true,
    rewrite: session_policy_bypass,
};

fn session_policy_bypass(case: &mut Value) -> bool {
    let kind = principal(case);
    let caller = text(case, "principal").to_owned();
    let is_own = account(&caller) == text(case, "resourceAccount");
    if !matches!(kind, "role session" | "federated user") || !is_own {
        return false;
    }
    let bypasses = |statement: &Map<String, Value>| match statement.get("Principal") {
        Some(Value::String(everyone)) => everyone == "*",
        Some(Value::Object(kinds)) => match kinds.get("AWS") {
            Some(Value::String(one)) => one == "*" || *one == caller,
            Some(Value::Array(many)) => {
                many.iter().filter_map(Value::as_str).any(|one| one == "*" || one == caller)
            }
            _ => false,
        },
        // Everyone but some: the session is meant like everyone.
        _ => statement.contains_key("NotPrincipal"),
    };
    let has_session = case.get("sessionPolicy").is_some() || kind == "federated user";
    let Some(resource) = case.get_mut("resourcePolicy").filter(|_| has_session) else {
        return false;
    };
    let grants = keep(resource, &|statement| is_deny(statement) || bypasses(statement));
    if grants == 0 {
        return false;
    }
    for name in ["identityPolicies", "sessionPolicy", "boundary"] {
        let Some(value) = case.get_mut(name) else {
            continue;
        };
        let documents = match value {
            Value::Array(many) => many.as_mut_slice(),
            one => std::slice::from_mut(one),
        };
        for document in documents {
            keep(document, &is_deny);
            if name != "identityPolicies"
                && let Some(Value::Array(kept)) = document.get_mut("Statement")
            {
                kept.push(allow("*"));
            }
        }
    }
    true
}

fn is_deny(statement: &Map<String, Value>) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some("Deny")
}

/// Keeps some statements of a document, and counts those that allow.
fn keep(document: &mut Value, is_kept: &dyn Fn(&Map<String, Value>) -> bool) -> usize {
    let kept: Vec<Map<String, Value>> = statements(document)
        .into_iter()
        .filter(|statement| is_kept(statement))
        .map(|statement| statement.clone())
        .collect();
    let grants = kept.iter().filter(|statement| !is_deny(statement)).count();
    set(document, "Statement", Value::Array(kept.into_iter().map(Value::Object).collect()));
    grants
}

pub(super) const SERVICE_LINKED_ROLE: Divergence = Divergence {
    id: "service-linked-role",
    reference: "applies SCPs and RCPs to service-linked roles",
    aws: "neither restricts a service-linked role",
    source: "Organizations User Guide, \"Service control policies\" and \"Resource control policies\" (what they do not restrict)",
    rewriting: "the case without SCPs and RCPs",
    is_besides: false,
    rewrite: service_linked_role,
};

fn service_linked_role(case: &mut Value) -> bool {
    case.get("serviceLinkedRole") == Some(&json!(true)) && remove(case, &["scps", "rcps"])
}

pub(super) const MISSING_TRUST_POLICY: Divergence = Divergence {
    id: "missing-trust-policy",
    reference: "lets an identity policy alone allow the assumption of a role of the same account when the case gives no trust policy",
    aws: "every role has a trust policy, and it must allow by itself",
    source: "IAM User Guide, \"Policy evaluation logic\" (role trust policies and KMS key policies)",
    rewriting: "a trust policy that lets in a service only",
    is_besides: false,
    rewrite: missing_trust_policy,
};

fn missing_trust_policy(case: &mut Value) -> bool {
    if text(case, "action") != "sts:AssumeRole" || case.get("resourcePolicy").is_some() {
        return false;
    }
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
        "Principal": { "Service": "example.amazonaws.com" }, "Action": "sts:AssumeRole" }] });
    set(case, "resourcePolicy", trust);
    true
}

pub(super) const RCP_OF_OTHER_SERVICE: Divergence = Divergence {
    id: "rcp-of-other-service",
    reference: "applies RCPs to the resources of every service",
    aws: "RCPs restrict the resources of a list of services only",
    source: "Organizations User Guide, \"Resource control policies\" (services that support them)",
    rewriting: "the case without RCPs, for services that are not in the list",
    is_besides: false,
    rewrite: rcp_of_other_service,
};

/// Services of the generated cases whose resources no RCP restricts.
const WITHOUT_RCP: &[&str] = &["ec2", "iam", "lambda", "sns"];

fn rcp_of_other_service(case: &mut Value) -> bool {
    let service = text(case, "action").split_once(':').map_or("", |(service, _)| service);
    WITHOUT_RCP.contains(&service) && remove(case, &["rcps"])
}

pub(super) const ENDPOINT_PRINCIPAL: Divergence = Divergence {
    id: "endpoint-principal",
    reference: "does not look at the principals of endpoint policies",
    aws: "a statement of an endpoint policy is about the principals that it names",
    source: "VPC User Guide, \"Control access to VPC endpoints using endpoint policies\"",
    rewriting: "an endpoint policy without the statements that name only users of another account",
    is_besides: false,
    rewrite: endpoint_principal,
};

fn endpoint_principal(case: &mut Value) -> bool {
    let own = account(text(case, "principal")).to_owned();
    let is_other = |statement: &Map<String, Value>| {
        let named = statement.get("Principal").and_then(|kinds| kinds.get("AWS"));
        let named = named.and_then(Value::as_str).unwrap_or("");
        named.contains(":user/") && account(named) != own
    };
    let mut is_changed = false;
    for document in
        case.get_mut("endpointPolicies").and_then(Value::as_array_mut).into_iter().flatten()
    {
        let all = statements(document);
        let mut kept: Vec<Value> = Vec::new();
        let count = all.len();
        kept.extend(all.into_iter().filter(|s| !is_other(s)).map(|s| Value::Object(s.clone())));
        if kept.len() < count {
            kept.push(allow("example:Nothing"));
            set(document, "Statement", Value::Array(kept));
            is_changed = true;
        }
    }
    is_changed
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/ci";

    #[test]
    fn a_bypass_needs_a_grant_to_the_session_itself() {
        let case = |who: Value| {
            json!({"principal": SESSION, "resourceAccount": "111122223333",
                "sessionPolicy": {"Statement": {"Effect": "Deny", "Action": "a:b", "Resource": "*"}},
                "identityPolicies": [{"Statement": [allow("*")]}],
                "resourcePolicy": {"Statement": [{"Effect": "Allow", "Principal": who, "Action": "*", "Resource": "*"}]}})
        };
        let mut named = case(json!({"AWS": SESSION}));
        assert!(session_policy_bypass(&mut named));
        assert_eq!(named.pointer("/identityPolicies/0/Statement"), Some(&json!([])));
        let kept = named.pointer("/sessionPolicy/Statement").and_then(Value::as_array).unwrap();
        assert_eq!(kept.len(), 2, "the explicit deny stays");
        let role = json!({"AWS": "arn:aws:iam::111122223333:role/app"});
        assert!(!session_policy_bypass(&mut case(role)));
    }

    #[test]
    fn an_rcp_goes_only_where_none_applies() {
        let mut case = json!({"action": "ec2:RunInstances", "rcps": []});
        assert!(rcp_of_other_service(&mut case));
        let mut case = json!({"action": "s3:GetObject", "rcps": []});
        assert!(!rcp_of_other_service(&mut case));
    }
}
