//! Policy documents in short: `allow=s3:Get*,iam:PassRole on=arn:... deny=iam:*`.

use serde_json::{Map, Value, json};

/// The statements of a line.
#[derive(Default)]
pub(super) struct Documents<'a> {
    statements: Vec<Statement<'a>>,
    trust: Option<&'a str>,
}

struct Statement<'a> {
    effect: &'static str,
    actions: &'a str,
    resources: Option<&'a str>,
}

impl<'a> Documents<'a> {
    /// Takes an option, if it is one of these.
    pub(super) fn word(&mut self, option: &str, value: &'a str) -> bool {
        let effect = match option {
            "allow" => "Allow",
            "deny" => "Deny",
            "trust" => {
                self.trust = Some(value);
                return true;
            }
            "on" => {
                let Some(last) = self.statements.last_mut() else { return false };
                last.resources = Some(value);
                return true;
            }
            _ => return false,
        };
        self.statements.push(Statement { effect, actions: value, resources: None });
        true
    }

    /// Puts the documents where the call has them, with what AWS answers.
    pub(super) fn put(
        &self,
        call: &str,
        request: &mut Map<String, Value>,
        response: &mut Map<String, Value>,
    ) {
        if let Some(trust) = self.trust {
            let parameter = match call {
                "CreateRole" => "assumeRolePolicyDocument",
                _ => "policyDocument",
            };
            request.insert(parameter.into(), trusting(trust).to_string().into());
        }
        if self.statements.is_empty() {
            return;
        }
        let statements: Vec<Value> = self.statements.iter().map(Statement::json).collect();
        let document = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        let parameter = match call {
            "PutInlinePolicyToPermissionSet" => "inlinePolicy",
            _ => "policyDocument",
        };
        request.insert(parameter.into(), document.into());
        match call {
            "PutUserPolicy" | "PutGroupPolicy" | "PutRolePolicy" => {
                request.insert("policyName".into(), "inline".into());
            }
            "CreatePolicy" => {
                let Some(arn) = request.remove("policyArn") else { return };
                let name = arn.as_str().and_then(|arn| arn.rsplit('/').next()).unwrap_or_default();
                request.insert("policyName".into(), name.into());
                let policy = json!({
                    "arn": arn, "policyName": name, "policyId": format!("ANPA{}", name.to_uppercase()),
                    "defaultVersionId": "v1", "path": "/",
                });
                response.insert("policy".into(), policy);
            }
            _ => {}
        }
    }
}

impl Statement<'_> {
    fn json(&self) -> Value {
        let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        json!({
            "Effect": self.effect,
            "Action": list(self.actions),
            "Resource": list(self.resources.unwrap_or("*")),
        })
    }
}

fn trusting(whom: &str) -> Value {
    let principal = match whom {
        "*" => json!("*"),
        service if service.ends_with(".amazonaws.com") => json!({ "Service": service }),
        other => json!({ "AWS": other }),
    };
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" }],
    })
}

/// The parameter that `named=` stands for.
pub(super) fn naming(call: &str) -> &'static str {
    match call {
        "UpdateUser" => "newUserName",
        "UpdateGroup" => "newGroupName",
        "SetDefaultPolicyVersion" | "DeletePolicyVersion" => "versionId",
        _ => "policyName",
    }
}
