//! A federated session with full access is in use.

use crate::federation::Breadth;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "broad-federation-token-used",
    title: "Federation token with full access used",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-PE-19"],
    select: Select {
        events: &["*"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::RecordOf(&["sts:GetFederationToken"]),
    },
    attack: &["T1550.001", "T1078.004"],
    risk: "Somebody acts with all that the issuing user may do, under a name of his own choosing and without the user's key.",
    false_positives: &[
        "A broker that signs people in to the console: let it pass a policy for each of them.",
    ],
    remedies: &["deactivate-access-key", "deny-older-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory sts:GetFederationToken issues=ASIAFED {"request":{"name":"backdoor","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}
+1s federated/backdoor sts:GetCallerIdentity key=ASIAFED"#,
        r#"mallory sts:GetFederationToken issues=ASIAFED {"request":{"name":"backdoor","policyArns":[{"arn":"arn:aws-us-gov:iam::aws:policy/AdministratorAccess"}]}}
+30h federated/backdoor iam:CreateUser user/eve key=ASIAFED denied"#,
    ],
    quiet_on: &[
        r#"broker sts:GetFederationToken issues=ASIAFED {"request":{"name":"alice","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::example/*\"}]}"}}
+1s federated/alice s3:GetObject key=ASIAFED"#,
        r#"mallory sts:GetFederationToken issues=ASIAFED {"request":{"name":"backdoor","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}
+1s federated/backdoor sts:GetCallerIdentity key=ASIAOTHER"#,
    ],
    logic: Logic::Watch(|| Box::new(Sessions { broad: Recall::new(36 * HOUR) })),
};

#[derive(Clone)]
struct Sessions {
    /// By temporary key: the call that issued it.
    broad: Recall<Row>,
}

impl Watch for Sessions {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let row = cx.row();
        if let Some(Call::StsGetFederationToken(call)) = cx.event().map(|event| &event.call)
            && row.issued != 0
            && Breadth::of(call) == Breadth::Full
        {
            self.broad.note(row.issued, row.time(), *row);
        }
        if self.broad.is_empty() || !cx.has(Flags::FEDERATED) {
            return;
        }
        if let Some(issued) = self.broad.get(row.key, row.time()) {
            fires.push(Fire { group: row.key, rows: vec![*issued, *row], distinct: 1 });
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let (issue, used) = (story.named("GetFederationToken")?, story.last()?);
        let Call::StsGetFederationToken(call) = &issue.call else { return None };
        let calls: Vec<String> = story.events.iter().skip(1).map(|event| event.action()).collect();
        let first = calls.first()?;
        let more = match story.total {
            0..=2 => String::new(),
            total => format!(" and {} more calls", total - 2),
        };
        let text = format!(
            "{{actor}} issued a federated session named {} that may do everything its issuer may; it was used for \
             {first}{more}, last from {}.",
            call.name.as_deref().unwrap_or("unknown"),
            used.address
        );
        Some(Match::on_target(issue, text).subject(call.access_key_id.clone()?))
    }

    fn is_truncated(&self) -> bool {
        self.broad.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
