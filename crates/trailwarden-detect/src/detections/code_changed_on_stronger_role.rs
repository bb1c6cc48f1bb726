//! Somebody changes what runs, or runs commands, on compute whose role may do more than he.
//!
//! No role is passed here: the function or the instance had it before. Lambda names the function's role
//! in its answer. Systems Manager names only instances, so which role an instance has is known when the
//! logs hold its start or its instance profile; else nothing is said.

use sonic_rs::{JsonContainerTrait, JsonValueTrait};
use trailwarden_account::identity::Kind;
use trailwarden_account::{Identity, Model, World};
use trailwarden_policy::reach::Grade;

use crate::prelude::*;
use crate::stronger::{Stronger, profile_given, role_of};

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "code-changed-on-stronger-role",
    title: "Code put on compute with a stronger role",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-SE-11"],
    select: Select {
        events: &[
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
            "ssm:SendCommand",
            "ssm:StartSession",
            "ec2:RunInstances",
            "ec2:AssociateIamInstanceProfile",
        ],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1548.005"],
    risk: "The code that runs there has the role's permissions, so whoever writes it has them too, without passing a role.",
    false_positives: &[
        "A deployment pipeline, or an operator of instances: see that he may reach only the compute that is his to run, or suppress it for his role.",
    ],
    remedies: &["stop-compute", "narrow-policy", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"admin iam:CreateRole role/boss trust=lambda.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=lambda:UpdateFunctionCode
           bob lambda:UpdateFunctionCode20150331v2 {"request":{"functionName":"f"},"response":{"role":"arn:aws:iam::111122223333:role/boss"}}"#,
        r#"admin iam:CreateRole role/boss trust=ec2.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           admin iam:CreateInstanceProfile {"request":{"instanceProfileName":"web"},"response":{"instanceProfile":{"instanceProfileName":"web"}}}
           admin iam:AddRoleToInstanceProfile role/boss {"request":{"instanceProfileName":"web"}}
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=ssm:StartSession
           admin ec2:RunInstances {"request":{"iamInstanceProfile":{"name":"web"}},"response":{"instancesSet":{"items":[{"instanceId":"i-0aa"}]}}}
       +9d bob ssm:StartSession {"request":{"target":"i-0aa"}}"#,
        r#"admin iam:CreateRole role/boss trust=ec2.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           admin iam:CreateInstanceProfile {"request":{"instanceProfileName":"web"},"response":{"instanceProfile":{"instanceProfileName":"web"}}}
           admin iam:AddRoleToInstanceProfile role/boss {"request":{"instanceProfileName":"web"}}
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=ssm:SendCommand
           admin ec2:AssociateIamInstanceProfile {"request":{"AssociateIamInstanceProfileRequest":{"IamInstanceProfile":{"Name":"web"},"InstanceId":"i-0bb"}}}
           bob ssm:SendCommand {"request":{"documentName":"AWS-RunShellScript","instanceIds":["i-0aa","i-0bb"]}}"#,
    ],
    quiet_on: &[
        r#"admin iam:CreateRole role/app trust=lambda.amazonaws.com
           admin iam:PutRolePolicy role/app allow=s3:GetObject
           admin iam:CreateUser user/bob
           admin iam:PutUserPolicy user/bob allow=lambda:UpdateFunctionCode
           bob lambda:UpdateFunctionCode20150331v2 {"request":{"functionName":"f"},"response":{"role":"arn:aws:iam::111122223333:role/app"}}"#,
        r#"admin iam:CreateRole role/boss trust=lambda.amazonaws.com
           admin iam:AttachRolePolicy role/boss aws-policy/AdministratorAccess
           admin iam:CreateUser user/bob
           admin iam:AttachUserPolicy user/bob aws-policy/AdministratorAccess
           bob lambda:UpdateFunctionCode20150331v2 {"request":{"functionName":"f"},"response":{"role":"arn:aws:iam::111122223333:role/boss"}}"#,
        r#"bob ssm:StartSession {"request":{"target":"i-0aa"}}"#,
        "bob lambda:UpdateFunctionConfiguration20150331v2",
    ],
    logic: Logic::Watch(|| {
        Box::new(Compute { profiles: Recall::new(90 * DAY), found: Recall::new(DAY) })
    }),
};

/// A role that was found stronger, as a finding tells it.
#[derive(Clone)]
struct Found {
    party: Party,
    subject: String,
    severity: Severity,
    confidence: Confidence,
    words: String,
}

#[derive(Clone)]
struct Compute {
    /// By instance: the name of its instance profile.
    profiles: Recall<String>,
    /// By caller and role.
    found: Recall<Found>,
}

impl Compute {
    fn note_instances(&mut self, cx: &Cx<'_>, event: &Event) {
        let Some(name) = profile_given(event) else { return };
        let one = event.request("AssociateIamInstanceProfileRequest.InstanceId");
        let many = event.value("responseElements.instancesSet.items");
        let many = many.and_then(|items| items.as_array()).into_iter().flatten();
        let many = many.filter_map(|item| item.get("instanceId")?.as_str());
        for instance in one.into_iter().chain(many) {
            self.profiles.note(cx.within_account(instance), cx.row().time(), name.to_owned());
        }
    }

    /// The roles of the compute that a call works on.
    fn roles<'m>(&self, cx: &Cx<'_>, event: &Event, model: &'m Model) -> Vec<&'m Identity> {
        if event.service() == "lambda" {
            let role = event.response("role").and_then(|role| model.find_arn(role));
            return role.filter(|role| role.kind == Kind::Role).into_iter().collect();
        }
        let mut instances = event.request_texts("instanceIds");
        instances.extend(event.request("target").map(str::to_owned));
        let role = |instance: &String| {
            let profile = self.profiles.get(cx.within_account(instance), cx.row().time())?;
            role_of(model, profile)
        };
        instances.iter().filter_map(role).collect()
    }
}

impl Watch for Compute {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let Some(event) = cx.event() else { return };
        if event.service() == "ec2" {
            return self.note_instances(cx, event);
        }
        let found = || {
            let world = World::of(cx.models());
            let model = world.model(event.account?)?;
            Stronger::than_caller(cx, event, model, &self.roles(cx, event, model))
        };
        let Some(role) = found() else { return };
        let words =
            format!("role {}, of grade {}; {}", role.name, role.grade, role.of_caller("he"));
        let severity = if role.grade >= Grade::Privesc { Severity::Medium } else { Severity::Low };
        let confidence = if role.own.is_some() { Confidence::Medium } else { Confidence::Low };
        let group = hash::of(&role.subject);
        let found = Found { party: role.party, subject: role.subject, severity, confidence, words };
        self.found.note(hash::of(event.id.as_ref()), cx.row().time(), found);
        fires.push(Fire { group, rows: vec![*cx.row()], distinct: 1 });
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.first()?;
        let found = self.found.get(hash::of(event.id.as_ref()), story.first_time)?.clone();
        let text = format!(
            "{{actor}} called {}{{times}} on compute with {}.",
            event.action(),
            found.words
        );
        Some(
            Match::about(found.party, text)
                .subject(found.subject)
                .severity(found.severity)
                .confidence(found.confidence),
        )
    }

    fn is_truncated(&self) -> bool {
        self.profiles.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
