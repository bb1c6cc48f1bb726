//! The table is whole, says what AWS's pages say, and our own tables name only what exists.

use proptest::prelude::*;

use super::events::{action_of, service_of};
use super::*;
use crate::pattern::action_matches;
use crate::{Document, Effect};

fn action(name: &str) -> &'static Action {
    facts().action(name).unwrap_or_else(|| panic!("{name} is unknown"))
}

fn keys<'a>(keys: impl Iterator<Item = &'a ConditionKey>) -> Vec<&'a str> {
    keys.map(ConditionKey::name).collect()
}

/// The numbers of `data/facts.toml`, which the packer wrote.
#[test]
fn the_counts_are_those_of_the_record() {
    let record = include_str!("../../data/facts.toml");
    let has = |name: &str, count: usize| {
        assert!(record.contains(&format!("\n{name} = {count}\n")), "{name} = {count}");
    };
    has("actions", facts().actions().len());
    has("services", facts().services().len());
    has("resource_types", facts().types.len());
    has("condition_keys", facts().keys.len());
    has("policies", managed_policies().len());
    has("rcp_services", facts().services().iter().filter(|s| s.supports_rcp()).count());
    let depending = facts().actions().iter().filter(|a| a.dependent_names().next().is_some());
    has("with_dependent_actions", depending.count());
    assert!(record.contains(&format!("date = \"{}\"", facts().date())));
    assert!(record.contains(&format!("date = \"{}\"", managed_date())));
    let summary = format!(
        "facts: {} actions of {} services ({}), {} AWS managed policies ({})\n",
        facts().actions().len(),
        facts().services().len(),
        facts().date(),
        managed_policies().len(),
        managed_date(),
    );
    assert_eq!(SUMMARY, summary);
    assert!(facts().actions().len() > 22_000 && facts().services().len() > 450);
}

/// Everything that an action refers to can be reached, and every name leads back to itself.
#[test]
fn the_table_is_whole() {
    for (index, action) in facts().actions().iter().enumerate() {
        assert_eq!(action.id().index(), index);
        assert_eq!(action.id().action().full_name(), action.full_name());
        assert_eq!(action.service().prefix(), action.prefix());
        for name in [action.full_name().to_owned(), action.full_name().to_uppercase()] {
            assert_eq!(facts().action(&name).map(Action::id), Some(action.id()), "{name}");
        }
        for used in action.resource_types() {
            let kind = used.resource_type();
            assert!(kind.arn_patterns().next().is_some(), "{} {}", action.full_name(), kind.name());
            assert!(!keys(used.condition_keys()).contains(&""));
        }
        assert!(!keys(action.condition_keys()).contains(&""));
    }
    for service in facts().services() {
        assert!(!service.actions().is_empty() && !service.title().is_empty(), "{service:?}");
        let lower = service.prefix().to_ascii_lowercase();
        assert_eq!(facts().service(&lower).map(Service::prefix), Some(service.prefix()));
    }
}

/// Names are known under AWS's prefix only, and an unknown one is unknown.
#[test]
fn what_is_not_there_is_unknown() {
    for name in ["iam:PassRoles", "iam", "iam:", ":PassRole", "", "PassRole", "iam:PassRole:x"] {
        assert!(facts().action(name).is_none(), "{name}");
    }
    assert!(facts().service("monitoring").is_none());
}

/// Service Authorization Reference, "Actions, resources, and condition keys for AWS Identity and
/// Access Management (IAM)": `PassRole` is a write on a required role, with `iam:PassedToService`.
#[test]
fn pass_role_is_as_the_page_says() {
    let pass = action("IAM:passROLE");
    assert_eq!((pass.full_name(), pass.name(), pass.prefix()), ("iam:PassRole", "PassRole", "iam"));
    assert_eq!((pass.level(), pass.our_level()), (Level::Write, Level::PermissionsManagement));
    let used: Vec<&TypeUse> = pass.resource_types().collect();
    assert_eq!(used.len(), 1);
    assert!(used[0].is_required());
    assert_eq!(used[0].resource_type().name(), "role");
    assert_eq!(
        used[0].resource_type().arn_patterns().collect::<Vec<_>>(),
        ["arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"]
    );
    assert!(keys(pass.condition_keys()).contains(&"iam:PassedToService"));
    assert!(pass.judgements().next().is_some_and(|why| why.contains("pass a role")));
    assert!(!pass.is_wildcard_only());
}

/// Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3" (and
/// for AWS STS, Amazon EC2): what has no resource types is covered by `*` only.
#[test]
fn some_actions_take_no_resource() {
    for name in ["s3:ListAllMyBuckets", "sts:GetCallerIdentity", "ec2:DescribeInstances"] {
        assert!(action(name).is_wildcard_only(), "{name}");
    }
    let types: Vec<_> = action("s3:GetObject").resource_types().collect();
    assert!(types.iter().any(|used| used.resource_type().name() == "object"));
}

/// Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda":
/// `CreateFunction` depends on `iam:PassRole`.
#[test]
fn dependent_actions_are_known() {
    let names: Vec<_> = action("lambda:CreateFunction").dependent_names().collect();
    assert!(names.contains(&"iam:PassRole"), "{names:?}");
    let pass = action("iam:PassRole").id();
    let depending = facts().actions().iter();
    let count = depending.filter(|a| a.dependent_actions().any(|d| d.id() == pass)).count();
    assert!(count > 200, "{count}");
    for action in facts().actions() {
        assert_eq!(action.dependent_names().count(), action.dependent_actions().count());
    }
}

/// AWS flags 23 actions of IAM as permissions management; ours add those that grant.
#[test]
fn our_level_stands_beside_that_of_aws() {
    let iam = facts().service("iam").unwrap();
    let count = |level: fn(&Action) -> Level| {
        iam.actions().iter().filter(|a| level(a) == Level::PermissionsManagement).count()
    };
    assert_eq!(count(Action::level), 23);
    assert!(count(Action::our_level) > 40);
    for name in ["iam:CreateAccessKey", "iam:AddUserToGroup", "iam:CreateLoginProfile"] {
        assert_eq!(action(name).level(), Level::Write, "{name}");
        assert_eq!(action(name).our_level(), Level::PermissionsManagement, "{name}");
    }
    for name in ["iam:CreateUser", "s3:PutObject", "ec2:RunInstances", "iam:DeleteUser"] {
        assert_eq!(action(name).our_level(), Level::Write, "{name}");
        assert_eq!(action(name).judgements().count(), 0, "{name}");
    }
    // AWS flags this read as permissions management.
    assert_eq!(action("glue:GetQuery").level(), Level::PermissionsManagement);
    assert_eq!(action("glue:GetQuery").our_level(), Level::Read);
    assert_eq!(action("iam:TagRole").our_level(), Level::Tagging);
    // And these as writing.
    for name in ["iot:ListSubscriptions", "athena:GetSessionEndpoint"] {
        assert_eq!(action(name).level(), Level::Write, "{name}");
        assert_eq!(action(name).our_level(), Level::Read, "{name}");
    }
    for one in READS_WHERE {
        assert!(action(one.action).our_level().is_mutating(), "{}", one.action);
        assert!(facts().condition_key(one.key).is_some_and(|key| key.name == one.key));
    }
}

#[test]
fn data_and_credentials_are_told_from_metadata() {
    for name in ["s3:GetObject", "dynamodb:Scan", "secretsmanager:GetSecretValue", "kms:Decrypt"] {
        assert!(action(name).reads_data(), "{name}");
    }
    for name in ["s3:GetBucketAcl", "iam:GetRole", "dynamodb:DescribeTable", "kms:DescribeKey"] {
        assert!(!action(name).reads_data(), "{name}");
    }
    for name in ["sts:AssumeRole", "iam:CreateAccessKey", "ecr:GetAuthorizationToken"] {
        assert!(action(name).issues_credentials(), "{name}");
    }
    assert!(!action("iam:PassRole").issues_credentials());
}

/// A name that AWS does not know, or spells otherwise, would silently judge nothing.
#[test]
fn every_judged_action_exists_and_once_in_a_table() {
    for table in judgement::TABLES {
        let mut seen = Vec::new();
        for group in *table {
            assert!(!group.because.is_empty() && group.names().count() > 0);
            for (prefix, name) in group.names() {
                let known = facts().action_in(prefix, name).map(Action::full_name);
                assert_eq!(known, Some(format!("{prefix}:{name}").as_str()));
                assert!(!seen.contains(&(prefix, name)), "{prefix}:{name} stands twice");
                seen.push((prefix, name));
            }
        }
    }
}

/// A judgement that says what AWS says already is no judgement.
#[test]
fn every_judged_level_differs_from_that_of_aws() {
    let groups = judgement::TABLES.iter().take(3).copied().flatten();
    for (prefix, name) in groups.flat_map(judgement::Group::names) {
        let action = action(&format!("{prefix}:{name}"));
        assert_ne!(action.level(), action.our_level(), "{}", action.full_name());
    }
}

/// AWS Organizations User Guide, "Resource control policies (RCPs)": the services that support
/// them, among them S3, STS, KMS, SQS and Secrets Manager.
#[test]
fn services_with_resource_control_policies() {
    for prefix in ["s3", "sts", "kms", "sqs", "secretsmanager"] {
        assert!(facts().service(prefix).unwrap().supports_rcp(), "{prefix}");
    }
    for prefix in ["iam", "ec2"] {
        assert!(!facts().service(prefix).unwrap().supports_rcp(), "{prefix}");
    }
}

fn naive(pattern: &str) -> ActionSet {
    let actions = facts().actions().iter();
    actions.filter(|a| action_matches(pattern, a.full_name())).map(Action::id).collect()
}

#[test]
fn patterns_select_what_matching_selects() {
    for pattern in [
        "*",
        "**",
        "*:*",
        "?*",
        "iam:*",
        "IAM:pass*",
        "iam:PassRole",
        "iam:Pass?ole",
        "iam:*Role",
        "s3*:Get*",
        "s?:*",
        "*:*Policy*",
        "iam*",
        "iam",
        "",
        ":",
        "iam:",
        "iam:*:*",
        "i*m?PassRole",
        "*Role",
        "nothing:*",
        "s3:GetObject*",
        "s3:getobject?*",
        "ec2:Describe*s",
        "\u{e9}*",
        "iam:\u{e9}*",
        "secretsmanager:Get*",
        "execute-api:*",
        "sso*:*",
        "?am:????Role",
    ] {
        assert_eq!(facts().actions_matching(pattern), naive(pattern), "{pattern}");
    }
    assert_eq!(
        facts().actions_matching("iam:*").len(),
        facts().service("iam").unwrap().actions().len()
    );
    assert_eq!(facts().actions_matching("*"), ActionSet::all());
}

/// Numbers of actions, all over the table or near each other.
fn actions() -> impl Strategy<Value = std::collections::BTreeSet<u32>> {
    let near = proptest::collection::btree_set(9_900..10_200_u32, 0..20);
    prop_oneof![proptest::collection::btree_set(0..22_091_u32, 0..200), near]
}

proptest! {
    #[test]
    fn any_pattern_selects_what_matching_selects(
        at in 0..22_000_usize,
        cuts in proptest::collection::vec((0..40_usize, "[*?:]"), 0..4),
    ) {
        let mut pattern = facts().actions()[at].full_name().to_owned();
        for (place, with) in cuts {
            let place = place.min(pattern.len());
            pattern.replace_range(place..(place + 3).min(pattern.len()), &with);
        }
        prop_assert_eq!(facts().actions_matching(&pattern), naive(&pattern));
    }

    /// Sets behave as sets of numbers do.
    #[test]
    fn sets_behave_as_sets(
        a in actions(),
        b in actions(),
    ) {
        let set = |numbers: &std::collections::BTreeSet<u32>| {
            numbers.iter().map(|n| ActionId(*n)).collect::<ActionSet>()
        };
        let list = |set: &ActionSet| set.iter().map(|id| id.0).collect::<Vec<_>>();
        let (x, y) = (set(&a), set(&b));
        prop_assert_eq!(list(&x), a.iter().copied().collect::<Vec<_>>());
        prop_assert_eq!(x.len(), a.len());
        prop_assert_eq!(x.is_empty(), a.is_empty());
        prop_assert_eq!(list(&x.union(&y)), a.union(&b).copied().collect::<Vec<_>>());
        prop_assert_eq!(list(&x.intersection(&y)), a.intersection(&b).copied().collect::<Vec<_>>());
        prop_assert_eq!(list(&x.difference(&y)), a.difference(&b).copied().collect::<Vec<_>>());
        prop_assert_eq!(x.is_subset(&y), a.is_subset(&b));
        prop_assert_eq!(x.is_disjoint(&y), a.is_disjoint(&b));
        prop_assert_eq!(x.complement().complement(), x.clone());
        // However it was made, the same members are the same set, ordered as bits of the table are.
        let made = [x.intersection(&y), x.difference(&y)];
        for again in &made {
            prop_assert_eq!(&again.iter().collect::<ActionSet>(), again);
        }
        let bits = |numbers: &std::collections::BTreeSet<u32>| {
            let mut words = vec![0_u64; 22_091_usize.div_ceil(64)];
            numbers.iter().for_each(|n| words[*n as usize / 64] |= 1 << (n % 64));
            words
        };
        prop_assert_eq!(x.cmp(&y), bits(&a).cmp(&bits(&b)));
        for number in &b {
            prop_assert_eq!(x.contains(ActionId(*number)), a.contains(number));
            let mut changed = x.clone();
            prop_assert_eq!(changed.insert(ActionId(*number)), !a.contains(number));
            prop_assert!(changed.remove(ActionId(*number)));
            prop_assert!(!changed.contains(ActionId(*number)));
            prop_assert_eq!(changed, x.difference(&set(&[*number].into())));
        }
    }
}

#[test]
fn the_full_set_has_no_strays() {
    let all = ActionSet::all();
    assert_eq!(all.len(), facts().actions().len());
    assert_eq!(all.iter().count(), all.len());
    assert!(all.complement().is_empty());
    assert_eq!(ActionSet::empty().complement(), all);
}

/// IAM User Guide, "AWS global condition context keys" and "IAM and AWS STS condition context
/// keys".
#[test]
fn condition_keys_have_types() {
    let key = |name: &str| facts().condition_key(name).unwrap_or_else(|| panic!("{name}"));
    let one = KeyType::one;
    assert_eq!(key("aws:sourceip").key_type, one(ValueType::IpAddress));
    assert_eq!(key("aws:SourceVpcArn").key_type, one(ValueType::Arn));
    assert_eq!(key("AWS:PrincipalArn").presence, Presence::Signed);
    assert_eq!(key("aws:MultiFactorAuthPresent").presence, Presence::Sometimes);
    assert!(key("aws:TagKeys").key_type.is_multivalued && key("aws:TagKeys").is_global);
    assert_eq!(key("aws:RequestTag/team").name, "aws:RequestTag/${TagKey}");
    assert_eq!(key("iam:PassedToService").key_type, one(ValueType::String));
    assert!(!key("iam:PassedToService").is_global);
    assert_eq!(key("s3:ExistingObjectTag/class").name, "s3:ExistingObjectTag/<key>");
    assert_eq!(key("kms:EncryptionContext:app").key_type, one(ValueType::String));
    for name in ["aws:RequestTag/", "aws:Nothing", "token.example.com:sub", "", "aws:"] {
        assert_eq!(facts().condition_key(name), None, "{name}");
    }
    assert!(global_keys().count() > 55);
    // Every global key that the packed table knows under `aws:` is in the table of this crate.
    for named in facts().keys.iter().filter(|key| key.name().starts_with("aws:")) {
        assert!(key(named.name()).is_global, "{}", named.name());
    }
}

/// AWS Managed Policy Reference, "AdministratorAccess".
#[test]
fn a_managed_policy_is_found_by_name_and_arn() {
    let admin = managed_policy("AdministratorAccess").unwrap();
    assert_eq!((admin.path, admin.version, admin.updated), ("/", "v1", "2015-02-06"));
    assert_eq!(admin.arn("aws-cn"), "arn:aws-cn:iam::aws:policy/AdministratorAccess");
    let document = Document::parse(admin.document).unwrap();
    assert_eq!(document.statements.len(), 1);
    assert_eq!(document.statements[0].effect, Effect::Allow);
    assert!(crate::is_admin_like(&document));
    for partition in ["aws", "aws-cn", "aws-us-gov", "aws-iso"] {
        assert_eq!(managed_policy(&admin.arn(partition)), Some(admin));
    }
    let viewer = managed_policy("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess").unwrap();
    assert_eq!(viewer.path, "/job-function/");
    for unknown in [
        "arn:aws:iam::aws:policy/ViewOnlyAccess",
        "arn:aws:iam::111122223333:policy/AdministratorAccess",
        "arn:aws:iam::aws:role/AdministratorAccess",
        "NoSuchPolicy",
        "",
        "arn:",
    ] {
        assert_eq!(managed_policy(unknown), None, "{unknown}");
    }
}

/// Every document is one that we can read to the end.
#[test]
fn every_managed_policy_can_be_read() {
    for policy in managed_policies() {
        let document = Document::parse(policy.document);
        let problems = document.as_ref().map(|document| document.problems.len());
        assert_eq!(problems.ok(), Some(0), "{}: {document:?}", policy.name);
        assert_eq!(managed_policy(policy.name), Some(policy));
        assert_eq!(managed_policy(&policy.arn("aws")), Some(policy));
    }
}

fn event(source: &str, name: &str) -> Option<&'static str> {
    action_of(source, name).map(|id| id.action().full_name())
}

/// The pages are named at the tables in `events.rs`.
#[test]
fn events_lead_to_their_action() {
    for (source, name, expected) in [
        ("iam.amazonaws.com", "CreateUser", "iam:CreateUser"),
        ("s3.amazonaws.com", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3.amazonaws.com", "ListObjectsV2", "s3:ListBucket"),
        ("s3.amazonaws.com", "HeadObject", "s3:GetObject"),
        ("s3.amazonaws.com", "UploadPart", "s3:PutObject"),
        ("s3.amazonaws.com", "DeleteObjects", "s3:DeleteObject"),
        ("s3.amazonaws.com", "PutBucketCors", "s3:PutBucketCORS"),
        ("s3.amazonaws.com", "DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
        ("lambda.amazonaws.com", "CreateFunction20150331", "lambda:CreateFunction"),
        ("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"),
        ("lambda.amazonaws.com", "AddPermission20150331v2", "lambda:AddPermission"),
        ("lambda.amazonaws.com", "Invoke", "lambda:InvokeFunction"),
        (
            "cloudfront.amazonaws.com",
            "CreateDistribution2020_05_31",
            "cloudfront:CreateDistribution",
        ),
        ("monitoring.amazonaws.com", "PutMetricAlarm", "cloudwatch:PutMetricAlarm"),
        ("email.amazonaws.com", "SendEmail", "ses:SendEmail"),
        ("ses.amazonaws.com", "SendEmail", "ses:SendEmail"),
        ("states.amazonaws.com", "StartExecution", "states:StartExecution"),
        ("tagging.amazonaws.com", "GetResources", "tag:GetResources"),
        (
            "elasticloadbalancing.amazonaws.com",
            "CreateListener",
            "elasticloadbalancing:CreateListener",
        ),
        ("iam.amazonaws.com.cn", "CreateRole", "iam:CreateRole"),
        ("apigateway.amazonaws.com", "CreateRestApi", "apigateway:POST"),
        ("apigateway.amazonaws.com", "UpdateStage", "apigateway:PATCH"),
        ("budgets.amazonaws.com", "CreateBudget", "budgets:ModifyBudget"),
        ("budgets.amazonaws.com", "DeleteSubscriber", "budgets:ModifyBudget"),
        ("bedrock.amazonaws.com", "Converse", "bedrock:InvokeModel"),
        ("sqs.amazonaws.com", "SendMessageBatch", "sqs:SendMessage"),
    ] {
        assert_eq!(event(source, name), Some(expected), "{source} {name}");
    }
}

/// What several actions authorize, or none, stays unmapped.
#[test]
fn what_cannot_be_told_stays_unmapped() {
    for (source, name) in [
        ("signin.amazonaws.com", "ConsoleLogin"),
        ("signin.amazonaws.com", "SwitchRole"),
        ("kms.amazonaws.com", "ReEncrypt"),
        ("dynamodb.amazonaws.com", "TransactWriteItems"),
        ("apigateway.amazonaws.com", "TagResource"),
        ("apigateway.amazonaws.com", "Getaway"),
        ("iam.amazonaws.com", "AcquireRole"),
        ("iam.amazonaws.com", "PassRole20150331v"),
        ("iam.amazonaws.com", "CreateUser1"),
        ("lambda.amazonaws.com", "CreateFunction2015"),
        ("nothing.amazonaws.com", "CreateUser"),
        ("lambda.amazonaws.com", "20150331"),
        ("", ""),
    ] {
        assert_eq!(event(source, name), None, "{source} {name}");
    }
    assert_eq!(service_of("signin.amazonaws.com").map(Service::prefix), Some("signin"));
    assert!(service_of("nothing.amazonaws.com").is_none());
}

#[test]
fn every_event_table_names_what_exists() {
    for (host, prefix) in events::HOSTS {
        assert!(facts().service(prefix).is_some(), "{host}");
        assert!(facts().service(host).is_none(), "{host} is a service of its own");
    }
    for (service, table) in events::RENAMED {
        for (name, event) in events::pairs(table) {
            let found = facts().action_in(service, name).map(Action::name);
            assert_eq!(found, Some(name), "{service}");
            assert!(facts().action_in(service, event).is_none(), "{event} is an action of its own");
            let source = format!("{service}.amazonaws.com");
            assert_eq!(action_of(&source, event).map(|id| id.action().name()), Some(name));
        }
    }
}
