//! What a reach is worth to principals of one account: IAM lets nobody in from another, and is called
//! in one region.
//!
//! Whose resource a request is about decides about conditions on `aws:ResourceAccount`: what IAM
//! allows is asked about what the account itself owns, and an ARN that names an account says it.
//! Conditions on `aws:RequestedRegion` are decided for calls of IAM by the partition of the account.
//!
//! Sources: IAM User Guide, "AWS services that work with IAM" (the trust policy of a role is the only
//! resource-based policy of IAM, and it is about AWS STS), "Cross account resource access in IAM" and
//! "AWS global condition context keys" (`aws:ResourceAccount`, `aws:RequestedRegion`).

use std::collections::BTreeMap;

use trailwarden_model::AccountId;

use super::actions::Actions;
use super::area::Area;
use super::areas::Areas;
use super::clause::Conditions;
use super::condition::Predicate;
use super::glob::{Glob, Token};
use super::grant::{Grant, algebra};
use super::{Reach, steps_for_grants};
use crate::facts::without_resource_account;
use crate::fuel::{self, Lasting};

/// The owner of AWS's own managed policies, as their ARNs have it.
const AWS: &str = "aws";

/// The key that tells the owner, in lower case.
const OWNER: &str = "aws:resourceaccount";

/// The key that tells the region, in lower case.
const REGION: &str = "aws:requestedregion";

/// The region in which the calls of IAM of each partition arrive.
const REGIONS_OF_IAM: [(&str, &str); 8] = [
    ("aws", "us-east-1"),
    ("aws-cn", "cn-north-1"),
    ("aws-us-gov", "us-gov-west-1"),
    ("aws-iso", "us-iso-east-1"),
    ("aws-iso-b", "us-isob-east-1"),
    ("aws-iso-e", "eu-isoe-west-1"),
    ("aws-iso-f", "us-isof-south-1"),
    ("aws-eusc", "eusc-de-east-1"),
];

/// The region in which the calls of IAM of a partition arrive, whatever region the caller is in.
#[must_use]
pub fn region_of_iam(partition: &str) -> Option<&'static str> {
    REGIONS_OF_IAM.iter().find(|(one, _)| *one == partition).map(|(_, region)| *region)
}

/// All of these regions.
pub(super) fn regions_of_iam() -> impl Iterator<Item = &'static str> {
    REGIONS_OF_IAM.iter().map(|(_, region)| *region)
}

/// What is asked within the calls of other services, which go to their own regions.
static ASKED_BY_OTHERS: Lasting<Actions> = Lasting::new(|| {
    Actions::of(&["iam:PassRole".to_owned(), "iam:CreateServiceLinkedRole".to_owned()])
});

/// Where a principal is at home.
struct Home<'h> {
    account: &'h str,
    /// Where calls of IAM arrive, if that is known.
    region: Option<&'static str>,
}

/// All actions of IAM, and those to come.
static IAM: Lasting<Actions> = Lasting::new(|| Actions::of(&["iam:*".to_owned()]));

/// Actions whose requests do not tell the owner.
static SILENT: Lasting<Actions> = Lasting::new(|| Actions::of(&without_resource_account()));

impl Reach {
    /// What it allows a principal of that account and partition: actions of IAM on what another account
    /// owns are left out, whatever is written over there, and conditions on the owner and on the region
    /// are decided where these are known.
    #[must_use]
    pub fn in_account(self, account: AccountId, partition: &str) -> Self {
        let account = account.to_string();
        let home = Home { account: &account, region: region_of_iam(partition) };
        if !self.grants.iter().any(|grant| is_moved(grant, &home)) {
            return self;
        }
        let Self { grants, precision, is_too_complex } = self;
        let at_home = |grants: Vec<Grant>| {
            let each = grants.into_iter();
            let left = each.map_while(|grant| match is_moved(&grant, &home) {
                // What is half done may be another account's still.
                true => fuel::finished(|| settled(grant, &home)),
                false => Some(vec![grant]),
            });
            algebra::tidy(left.flatten().collect())
        };
        let steps = steps_for_grants(&grants);
        let left = Self::within(steps, precision, || (at_home(grants), true));
        Self { is_too_complex: left.is_too_complex || is_too_complex, ..left }
    }
}

/// Whether a grant is less, or asks less, for those of an account.
fn is_moved(grant: &Grant, home: &Home<'_>) -> bool {
    grant.conditions.ask_about(OWNER)
        || grant.actions.intersects(&IAM)
            && (home.region.is_some() && grant.conditions.ask_about(REGION)
                || grant.resources.iter().any(|area| is_elsewhere(area, home.account)))
}

/// The grant without IAM on what others own or where IAM is not, and without what the owner and the
/// region decide.
fn settled(grant: Grant, home: &Home<'_>) -> Vec<Grant> {
    let own = grant.resources.iter().filter(|area| !is_elsewhere(area, home.account));
    let own = Areas::of(own.cloned());
    let (of_iam, others) = grant.actions.split(&IAM);
    let asked = owned_by(home.account, &grant.conditions);
    let of_iam = asked.into_iter().flat_map(|asked| called(&of_iam, asked, home));
    let mut parts: Vec<Grant> = of_iam
        .map(|(actions, conditions)| Grant { actions, resources: own.clone(), conditions })
        .collect();
    parts.extend(by_owner(Grant { actions: others, ..grant }));
    parts.retain(|part| !part.actions.is_empty() && !part.resources.is_empty());
    parts
}

/// Actions of IAM with what is left to ask where they are called.
fn called(of_iam: &Actions, asked: Conditions, home: &Home<'_>) -> Vec<(Actions, Conditions)> {
    let Some(region) = home.region.filter(|_| asked.ask_about(REGION)) else {
        return vec![(of_iam.clone(), asked)];
    };
    let (by_others, own) = of_iam.split(&ASKED_BY_OTHERS);
    let there = asked.given(&Predicate::with_value("StringEquals", REGION, region));
    let own = there.map(|there| (own, there));
    own.into_iter().chain([(by_others, asked)]).collect()
}

/// What conditions ask where a resource is an account's; none where they cannot hold then.
fn owned_by(account: &str, conditions: &Conditions) -> Option<Conditions> {
    conditions.given(&Predicate::with_value("StringEquals", OWNER, account))
}

/// The grant, apart for each account that its resources name.
fn by_owner(grant: Grant) -> Vec<Grant> {
    if !grant.conditions.ask_about(OWNER) || grant.actions.intersects(&SILENT) {
        return vec![grant];
    }
    let mut owned: BTreeMap<Option<String>, Vec<Area>> = BTreeMap::new();
    for area in grant.resources.iter() {
        owned.entry(owner(area)).or_default().push(area.clone());
    }
    let parts = owned.into_iter().filter_map(|(owner, areas)| {
        let conditions = match owner {
            Some(owner) => owned_by(&owner, &grant.conditions)?,
            None => grant.conditions.clone(),
        };
        Some(Grant { resources: Areas::of(areas), conditions, ..grant.clone() })
    });
    parts.collect()
}

/// The account that owns all of an area, where that is certain.
fn owner(area: &Area) -> Option<String> {
    let certain = area.within().iter().filter(|glob| is_account_certain(glob));
    let mut named = certain.filter_map(|glob| glob.arn_part(4)?.as_literal());
    named.find(|text| AccountId::parse(text).is_some())
}

/// Whether what a pattern writes as the account is the account of all that it covers. A `*` before it
/// may take in colons (IAM User Guide, "IAM JSON policy elements: Resource"), and then it stands in a
/// name or a path that anyone may choose.
fn is_account_certain(glob: &Glob) -> bool {
    let is_bound = |token: &Token| !matches!(token, Token::Many | Token::One);
    (0..4).all(|at| glob.arn_part(at).is_some_and(|part| part.tokens().iter().all(is_bound)))
}

/// Whether all of an area is IAM's in other accounts, for certain.
fn is_elsewhere(area: &Area, account: &str) -> bool {
    area.within().iter().any(|glob| {
        let may_be = |at: usize, wanted: &str| {
            glob.arn_part(at).is_none_or(|part| part.intersects(&Glob::literal(wanted)))
        };
        is_account_certain(glob) && may_be(2, "iam") && !may_be(4, account) && !may_be(4, AWS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reach::{Grade, grade};

    fn graded(resource: &str) -> Grade {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"iam:*","Resource":"{resource}"}}}}"#
        );
        let document = Document::parse(&text).unwrap();
        let home = AccountId::parse("111122223333").unwrap();
        grade(Reach::of([&document]).in_account(home, "aws").grants()).grade
    }

    // IAM User Guide, "AWS services that work with IAM": no resource-based policies but trust.
    #[test]
    fn iam_of_another_account_is_nobodys() {
        assert_eq!(graded("arn:aws:iam::444455556666:*"), Grade::None);
        assert_eq!(graded("arn:aws:iam::444455556666:role/*"), Grade::None);
        for own in ["*", "arn:aws:iam::*:*", "arn:aws:iam::111122223333:*", "arn:aws:iam::1*:*"] {
            assert_eq!(graded(own), Grade::Admin, "{own}");
        }
        assert_eq!(graded("arn:aws:iam::111122223333:user/bob"), Grade::Privesc);
        // AWS's own policies lie in no account, and may be read in any.
        assert_ne!(graded("arn:aws:iam::aws:policy/*"), Grade::None);
    }

    #[test]
    fn what_other_services_allow_stays() {
        let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":["arn:aws:iam::444455556666:*","arn:aws:s3:::b/*"]}}"#;
        let reach = Reach::of([&Document::parse(text).unwrap()]);
        let home = AccountId::parse("111122223333").unwrap();
        let left = reach.clone().in_account(home, "aws");
        assert_eq!(left.precision(), reach.precision());
        // Its roles may still let him in.
        assert_eq!(grade(left.grants()).grade, Grade::Privesc);
        assert_eq!(
            reach.clone().in_account(AccountId::parse("444455556666").unwrap(), "aws"),
            reach
        );
    }

    fn at_home(statements: &str) -> Grade {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        let home = AccountId::parse("111122223333").unwrap();
        let reach = Reach::of([&Document::parse(&text).unwrap()]).in_account(home, "aws");
        let grading = grade(reach.grants());
        assert!(!grading.is_conditional(), "{statements}: {grading:?}");
        grading.grade
    }

    // IAM User Guide, "AWS global condition context keys", `aws:ResourceAccount`.
    #[test]
    fn whose_resource_it_is_decides_about_conditions() {
        let asking = |effect: &str, action: &str, condition: &str| {
            format!(
                r#"{{"Effect":"{effect}","Action":"{action}","Resource":"*","Condition":{{{condition}}}}}"#
            )
        };
        let iam = |condition: &str| at_home(&asking("Allow", "iam:*", condition));
        for elsewhere in [
            r#""StringEquals":{"aws:ResourceAccount":"444455556666"}"#,
            r#""StringEqualsIfExists":{"aws:ResourceAccount":["444455556666"]}"#,
            r#""StringLike":{"aws:ResourceAccount":"4444*"}"#,
            r#""StringNotEquals":{"AWS:resourceaccount":"111122223333"}"#,
            r#""ForAllValues:StringEquals":{"aws:ResourceAccount":"444455556666"}"#,
            r#""Null":{"aws:ResourceAccount":"true"}"#,
        ] {
            assert_eq!(iam(elsewhere), Grade::None, "{elsewhere}");
        }
        for home in [
            r#""StringEquals":{"aws:ResourceAccount":"111122223333"}"#,
            r#""StringEquals":{"aws:ResourceAccount":["444455556666","111122223333"]}"#,
            r#""StringNotEquals":{"aws:ResourceAccount":"444455556666"}"#,
            r#""Null":{"aws:ResourceAccount":"false"}"#,
        ] {
            assert_eq!(iam(home), Grade::Admin, "{home}");
        }
        let all = asking("Allow", "iam:*", r#""StringLike":{"aws:ResourceAccount":"*"}"#);
        let deny = |account: &str| {
            asking(
                "Deny",
                "*",
                &format!(r#""StringNotEquals":{{"aws:ResourceAccount":"{account}"}}"#),
            )
        };
        assert_eq!(at_home(&format!("{all},{}", deny("111122223333"))), Grade::Admin);
        assert_eq!(at_home(&format!("{all},{}", deny("444455556666"))), Grade::None);
    }

    #[test]
    fn an_arn_tells_the_owner() {
        let queue = |owner: &str| {
            at_home(&format!(
                r#"{{"Effect":"Allow","Action":"sqs:DeleteQueue","Resource":"arn:aws:sqs:eu-*-1:{owner}:q","Condition":{{"StringEquals":{{"aws:ResourceAccount":"111122223333"}}}}}}"#
            ))
        };
        assert_eq!(queue("111122223333"), Grade::Write);
        assert_eq!(queue("444455556666"), Grade::None);
    }

    // IAM User Guide, "IAM JSON policy elements: Resource": a `*` that ends a segment crosses colons.
    #[test]
    fn an_account_behind_a_wildcard_may_be_a_part_of_a_name() {
        // As `arn:aws:iam::111122223333:role/a:444455556666:role/x` fits it, whose path is a choice.
        assert!(graded("arn:aws:iam:*:444455556666:*") >= Grade::Privesc);
        let function = r#"{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:*:444455556666:*","Condition":{"StringEquals":{"aws:ResourceAccount":"111122223333"}}}"#;
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{function}]}}"#);
        let home = AccountId::parse("111122223333").unwrap();
        let reach = Reach::of([&Document::parse(&text).unwrap()]).in_account(home, "aws");
        assert!(!reach.is_nothing());
    }

    // IAM User Guide, "AWS global condition context keys", `aws:RequestedRegion`.
    #[test]
    fn a_limit_that_leaves_out_the_region_of_iam_leaves_nothing_of_iam() {
        let graded_in = |partition: &str, statements: &str| {
            let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
            let home = AccountId::parse("111122223333").unwrap();
            let reach = Reach::of([&Document::parse(&text).unwrap()]).in_account(home, partition);
            let grading = grade(reach.grants());
            (grading.grade, grading.unconditional)
        };
        let all = |condition: &str| {
            format!(
                r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#
            )
        };
        let not_there = all(r#""StringNotEquals":{"aws:RequestedRegion":"us-east-1"}"#);
        let (grade, unconditional) = graded_in("aws", &not_there);
        assert_eq!((grade, unconditional), (Grade::Privesc, Grade::None));
        assert_eq!(graded_in("aws-cn", &not_there), (Grade::Admin, Grade::Admin));
        // What is not told of a partition leaves it open.
        assert_eq!(graded_in("aws-new", &not_there).0, Grade::Admin);
        let deny = r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}}"#;
        assert_eq!(graded_in("aws", deny).0, Grade::Privesc);
        assert_eq!(graded_in("aws-us-gov", deny).0, Grade::Admin);
        // Whoever is let through there needs nothing more.
        let elsewhere = all(r#""StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}"#);
        assert_eq!(graded_in("aws", &elsewhere), (Grade::Admin, Grade::Admin));
        let both = all(
            r#""StringEquals":{"aws:RequestedRegion":"us-east-1"},"Bool":{"aws:MultiFactorAuthPresent":"true"}"#,
        );
        assert_eq!(graded_in("aws", &both), (Grade::Admin, Grade::None));
    }

    #[test]
    fn what_the_region_takes_is_not_told() {
        let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["iam:*","sqs:DeleteQueue"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}}}}"#;
        let home = AccountId::parse("111122223333").unwrap();
        let reach = Reach::of([&Document::parse(text).unwrap()]).in_account(home, "aws");
        let told = crate::reach::describe(reach.grants()).join("\n");
        assert!(told.contains("sqs:DeleteQueue"), "{told}");
        assert!(!told.contains("policies") && !told.contains("control of"), "{told}");
        assert!(told.contains("pass any role to any service, where"), "{told}");
    }
}
