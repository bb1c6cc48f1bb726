//! An application's role: made, changed, taken away.

use serde_json::{Value, json};

use super::ACCOUNT;
use super::document;
use super::trail::{Trail, unique};
use crate::corpus::calendar;

/// What runs it: the service that takes the role, another service of its own that may do so later,
/// and the policies of AWS that go with it.
const KINDS: [(&str, &str, &[&str]); 3] = [
    (
        "lambda",
        "scheduler",
        &["service-role/AWSLambdaBasicExecutionRole", "AWSXRayDaemonWriteAccess"],
    ),
    ("ecs-tasks", "events", &["service-role/AmazonECSTaskExecutionRolePolicy"]),
    ("ec2", "ssm", &["AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"]),
];
const WORDS: [&str; 12] = [
    "orders",
    "catalogue",
    "search",
    "billing",
    "mailer",
    "images",
    "reports",
    "stock",
    "returns",
    "prices",
    "ratings",
    "alerts",
];
const TEAMS: [&str; 4] = ["payments", "shop", "logistics", "platform"];
/// AWS keeps five versions of a policy.
const VERSIONS_MAX: usize = 5;

struct Managed {
    arn: String,
    newest: u32,
    /// Numbers of the versions that exist; the last is the default.
    versions: Vec<u32>,
}

/// One application.
#[derive(Default)]
pub(super) struct Application {
    name: String,
    service: &'static str,
    other: &'static str,
    is_shared: bool,
    has_inline: bool,
    managed: Option<Managed>,
    attached: Vec<&'static str>,
    has_profile: bool,
    tags: u64,
}

impl Application {
    /// Makes the role and what belongs to it.
    pub(super) fn create(trail: &mut Trail) -> Self {
        let word = trail.random.pick(&WORDS).copied().unwrap_or("orders");
        // Names never come back, though unique ids would tell them apart.
        let name = format!("{word}-{}", trail.records.len());
        let kind = trail.random.pick(&KINDS).copied();
        let (service, other, offered) = kind.unwrap_or(("lambda", "scheduler", &[]));
        let mut application = Self { name, service, other, ..Self::default() };
        let missing = format!("The role with name {} cannot be found.", application.name);
        trail.fail("GetRole", application.role_name(), "NoSuchEntityException", &missing);
        application.create_role(trail);
        if trail.random.below(2) == 0 {
            application.put_inline(trail);
        } else {
            application.create_policy(trail);
        }
        for policy in offered {
            if trail.random.below(3) > 0 {
                application.attach(trail, policy);
            }
        }
        if service == "ec2" {
            application.create_profile(trail);
        }
        application.refresh(trail);
        application
    }

    /// Changes one thing, after the look that Terraform takes first.
    pub(super) fn change(&mut self, trail: &mut Trail) {
        self.refresh(trail);
        match trail.random.below(8) {
            0 if self.has_inline => self.put_inline(trail),
            0 | 1 if self.managed.is_some() => self.new_version(trail),
            0..=2 => self.update_trust(trail),
            3 => self.tag(trail),
            4 => match self.attached.pop() {
                Some(policy) => self.detach(trail, policy),
                None => self.attach(trail, "CloudWatchReadOnlyAccess"),
            },
            5 if !self.attached.contains(&"CloudWatchReadOnlyAccess") => {
                self.attach(trail, "CloudWatchReadOnlyAccess");
            }
            6 => {
                let request = json!({
                    "roleName": self.name,
                    "description": format!("The {} service", self.name),
                    "maxSessionDuration": 3_600 * trail.random.between(1, 4),
                });
                trail.change("UpdateRole", request, Value::Null);
            }
            // Most runs of Terraform change nothing.
            _ => {}
        }
    }

    /// Empties the role and deletes it, in the order that AWS demands.
    pub(super) fn destroy(mut self, trail: &mut Trail) {
        self.refresh(trail);
        if trail.random.below(4) == 0 {
            let text = "Cannot delete entity, must detach all policies first.";
            trail.fail("DeleteRole", self.role_name(), "DeleteConflictException", text);
        }
        while let Some(policy) = self.attached.pop() {
            self.detach(trail, policy);
        }
        if self.has_inline {
            let request = json!({"roleName": self.name, "policyName": "application"});
            trail.change("DeleteRolePolicy", request, Value::Null);
        }
        if let Some(managed) = self.managed.take() {
            let request = json!({"roleName": self.name, "policyArn": managed.arn});
            trail.change("DetachRolePolicy", request, Value::Null);
            let old = managed.versions.len().saturating_sub(1);
            for version in managed.versions.iter().take(old) {
                delete_version(trail, &managed.arn, *version);
            }
            trail.change("DeletePolicy", json!({"policyArn": managed.arn}), Value::Null);
        }
        if self.has_profile {
            let both = json!({"instanceProfileName": self.name, "roleName": self.name});
            trail.change("RemoveRoleFromInstanceProfile", both, Value::Null);
            let profile = json!({"instanceProfileName": self.name});
            trail.change("DeleteInstanceProfile", profile, Value::Null);
        }
        trail.change("DeleteRole", self.role_name(), Value::Null);
    }

    fn role_name(&self) -> Value {
        json!({"roleName": self.name})
    }

    fn refresh(&self, trail: &mut Trail) {
        trail.ask("GetRole", self.role_name());
        trail.ask("ListRolePolicies", self.role_name());
        trail.ask("ListAttachedRolePolicies", self.role_name());
        if let Some(managed) = &self.managed {
            let version = format!("v{}", managed.newest);
            trail.ask("GetPolicy", json!({"policyArn": managed.arn}));
            let request = json!({"policyArn": managed.arn, "versionId": version});
            trail.ask("GetPolicyVersion", request);
        }
    }

    fn create_role(&mut self, trail: &mut Trail) {
        let trust = document::trust(&[self.service], trail.random.below(2) == 0);
        let description = format!("Runs {}", self.name);
        let team = trail.random.pick(&TEAMS).copied().unwrap_or("shop");
        let tags = json!([{"key": "team", "value": team}, {"key": "managed-by", "value": "code"}]);
        let request = json!({
            "path": "/applications/",
            "roleName": self.name,
            "assumeRolePolicyDocument": trust,
            "description": description,
            "maxSessionDuration": 3_600,
            "tags": tags,
        });
        let response = json!({"role": {
            "path": "/applications/",
            "roleName": self.name,
            "roleId": unique("AROA", &self.name),
            "arn": format!("arn:aws:iam::{ACCOUNT}:role/applications/{}", self.name),
            "createDate": calendar::text(trail.time),
            "assumeRolePolicyDocument": document::encoded(&trust),
            "tags": tags,
        }});
        trail.change("CreateRole", request, response);
    }

    fn create_profile(&mut self, trail: &mut Trail) {
        let response = json!({"instanceProfile": {
            "path": "/applications/",
            "instanceProfileName": self.name,
            "instanceProfileId": unique("AIPA", &self.name),
            "arn": format!("arn:aws:iam::{ACCOUNT}:instance-profile/applications/{}", self.name),
            "createDate": calendar::text(trail.time),
        }});
        let request = json!({"path": "/applications/", "instanceProfileName": self.name});
        trail.change("CreateInstanceProfile", request, response);
        let both = json!({"instanceProfileName": self.name, "roleName": self.name});
        trail.change("AddRoleToInstanceProfile", both, Value::Null);
        self.has_profile = true;
    }

    fn put_inline(&mut self, trail: &mut Trail) {
        let text = document::identity(&self.name, &mut trail.random);
        let request =
            json!({"roleName": self.name, "policyName": "application", "policyDocument": text});
        trail.change("PutRolePolicy", request, Value::Null);
        self.has_inline = true;
    }

    fn create_policy(&mut self, trail: &mut Trail) {
        let arn = format!("arn:aws:iam::{ACCOUNT}:policy/applications/{}", self.name);
        let request = json!({
            "path": "/applications/",
            "policyName": self.name,
            "policyDocument": document::identity(&self.name, &mut trail.random),
        });
        let made = calendar::text(trail.time);
        let response = json!({"policy": {
            "policyName": self.name,
            "policyId": unique("ANPA", &self.name),
            "arn": arn,
            "path": "/applications/",
            "defaultVersionId": "v1",
            "attachmentCount": 0,
            "permissionsBoundaryUsageCount": 0,
            "isAttachable": true,
            "createDate": made,
            "updateDate": made,
        }});
        trail.change("CreatePolicy", request, response);
        let attach = json!({"roleName": self.name, "policyArn": arn});
        trail.change("AttachRolePolicy", attach, Value::Null);
        self.managed = Some(Managed { arn, newest: 1, versions: vec![1] });
    }

    fn new_version(&mut self, trail: &mut Trail) {
        let Some(managed) = &mut self.managed else { return };
        if managed.versions.len() == VERSIONS_MAX {
            let oldest = managed.versions.remove(0);
            delete_version(trail, &managed.arn, oldest);
        }
        managed.newest += 1;
        managed.versions.push(managed.newest);
        let request = json!({
            "policyArn": managed.arn,
            "policyDocument": document::identity(&self.name, &mut trail.random),
            "setAsDefault": true,
        });
        let response = json!({"policyVersion": {
            "versionId": format!("v{}", managed.newest),
            "isDefaultVersion": true,
            "createDate": calendar::text(trail.time),
        }});
        trail.change("CreatePolicyVersion", request, response);
    }

    fn update_trust(&mut self, trail: &mut Trail) {
        self.is_shared = !self.is_shared;
        let both = [self.service, self.other];
        let services = if self.is_shared { both.as_slice() } else { both.split_at(1).0 };
        let trust = document::trust(services, trail.random.below(2) == 0);
        let request = json!({"roleName": self.name, "policyDocument": trust});
        trail.change("UpdateAssumeRolePolicy", request, Value::Null);
    }

    fn tag(&mut self, trail: &mut Trail) {
        self.tags += 1;
        if self.tags.is_multiple_of(3) {
            let request = json!({"roleName": self.name, "tagKeys": ["release"]});
            trail.change("UntagRole", request, Value::Null);
        } else {
            let tags = json!([{"key": "release", "value": format!("1.{}", self.tags)}]);
            let request = json!({"roleName": self.name, "tags": tags});
            trail.change("TagRole", request, Value::Null);
        }
    }

    fn attach(&mut self, trail: &mut Trail, policy: &'static str) {
        self.attached.push(policy);
        trail.change("AttachRolePolicy", self.with_aws_policy(policy), Value::Null);
    }

    fn detach(&self, trail: &mut Trail, policy: &str) {
        trail.change("DetachRolePolicy", self.with_aws_policy(policy), Value::Null);
    }

    fn with_aws_policy(&self, policy: &str) -> Value {
        json!({"roleName": self.name, "policyArn": format!("arn:aws:iam::aws:policy/{policy}")})
    }
}

fn delete_version(trail: &mut Trail, policy: &str, version: u32) {
    let request = json!({"policyArn": policy, "versionId": format!("v{version}")});
    trail.change("DeletePolicyVersion", request, Value::Null);
}
