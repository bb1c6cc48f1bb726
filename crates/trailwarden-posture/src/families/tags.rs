//! Things without a tag, in one table. Tags say whose a thing is.

use crate::prelude::*;
use crate::readers::own_trails;

const fn row(
    id: &'static str,
    title: &'static str,
    needs: &'static [&'static str],
    logic: fn(&State<'_>, &mut Verdicts) -> Known<()>,
    fails_on: &'static [&'static str],
    passes_on: &'static [&'static str],
    controls: &'static [Control],
) -> Check {
    Check {
        id,
        title,
        area: Area::Identities,
        severity: Severity::Info,
        confidence: Confidence::High,
        risk: "Nobody can say whose it is and whether it is still needed, and rules by tag pass it over.",
        fix: "Tag it with its owner.",
        needs,
        controls,
        remedies: &[],
        fails_on,
        passes_on,
        logic: Logic::Each(logic),
    }
}

/// Every row.
pub static ALL: &[Check] = &[
    row(
        "role-without-tags",
        "Role without tags",
        &[DETAILS],
        |state, verdicts| identities(state, verdicts, Kind::Role),
        &["role app trusts ec2.amazonaws.com"],
        &["role app trusts ec2.amazonaws.com tag.owner=ops"],
        &[Control::SecurityHub("IAM.24")],
    ),
    row(
        "user-without-tags",
        "User without tags",
        &[DETAILS],
        |state, verdicts| identities(state, verdicts, Kind::User),
        &["user alice"],
        &["user alice tag.owner=ops"],
        &[Control::SecurityHub("IAM.25")],
    ),
    row(
        "analyzer-without-tags",
        "Access Analyzer without tags",
        &["access-analyzer:ListAnalyzers"],
        analyzers,
        &[
            r#"access-analyzer:ListAnalyzers @us-east-1 {"analyzers":[{"arn":"arn:aws:access-analyzer:us-east-1:111122223333:analyzer/a","name":"a","type":"ACCOUNT","status":"ACTIVE","tags":{}}]}"#,
        ],
        &[
            r#"access-analyzer:ListAnalyzers @us-east-1 {"analyzers":[{"arn":"arn:aws:access-analyzer:us-east-1:111122223333:analyzer/a","name":"a","type":"ACCOUNT","status":"ACTIVE","tags":{"owner":"ops"}}]}"#,
        ],
        &[Control::SecurityHub("IAM.23")],
    ),
    row(
        "trail-without-tags",
        "Trail without tags",
        &[TRAILS, "cloudtrail:ListTags"],
        trails,
        &[
            "trail main\ncloudtrail:ListTags {\"ResourceTagList\":[{\"ResourceId\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/main\",\"TagsList\":[]}]}",
        ],
        &[
            "trail main\ncloudtrail:ListTags {\"ResourceTagList\":[{\"ResourceId\":\"arn:aws:cloudtrail:us-east-1:111122223333:trail/main\",\"TagsList\":[{\"Key\":\"owner\",\"Value\":\"ops\"}]}]}",
        ],
        &[Control::SecurityHub("CloudTrail.9")],
    ),
];

fn tagged(verdicts: &mut Verdicts, resource: &Resource, has_tag: bool) {
    let label = &resource.label;
    let (flawed, sound) = (|| format!("{label} has no tag."), || format!("{label} has a tag."));
    verdicts.judge(resource, !has_tag, flawed, sound);
}

fn identities(state: &State<'_>, verdicts: &mut Verdicts, kind: Kind) -> Known<()> {
    for identity in state.all(kind, verdicts)? {
        let resource = Resource::identity(state, identity);
        if identity.is_service_linked() {
            continue;
        }
        match (identity.tags.is_empty(), identity.tags.completeness().why()) {
            (true, Some(why)) => {
                verdicts.missing(&resource, &Missing::new("its tags:", why.as_str()))
            }
            (is_empty, _) => tagged(verdicts, &resource, !is_empty),
        }
    }
    Ok(())
}

fn analyzers(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "access-analyzer:ListAnalyzers";
    for answer in state.everywhere(CALL)? {
        for analyzer in items(CALL, answers::body(answer)?, "analyzers")? {
            let name = format!("analyzer {}", text(analyzer, "name"));
            let mut resource = Resource::arn("analyzer", name, text(analyzer, "arn"));
            resource.region = answer.region.clone();
            let tags = analyzer.get("tags").and_then(|tags| tags.as_object());
            tagged(verdicts, &resource, tags.is_some_and(|tags| !tags.is_empty()));
        }
    }
    Ok(())
}

fn trails(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "cloudtrail:ListTags";
    // Those of others are theirs to tag.
    let trails = own_trails(state, verdicts)?;
    if trails.is_empty() {
        return Ok(());
    }
    let mut tags = Vec::new();
    for answer in state.everywhere(CALL)? {
        tags.extend(items(CALL, answers::body(answer)?, "ResourceTagList")?);
    }
    for trail in trails {
        let resource = trail.resource();
        match tags.iter().find(|entry| text(entry, "ResourceId") == trail.arn) {
            Some(entry) => {
                tagged(verdicts, &resource, !items(CALL, entry, "TagsList")?.is_empty());
            }
            None => verdicts.missing(&resource, &Missing::not_asked(CALL)),
        }
    }
    Ok(())
}
