//! What a reach is worth to principals of one account: IAM lets nobody in from another.
//!
//! Source: IAM User Guide, "AWS services that work with IAM" (the trust policy of a role is the only
//! resource-based policy of IAM, and it is about AWS STS) and "Cross account resource access in IAM".

use std::sync::LazyLock;

use trailwarden_model::AccountId;

use super::actions::Actions;
use super::area::Area;
use super::areas::Areas;
use super::glob::Glob;
use super::grant::{Grant, algebra};
use super::{Reach, steps_for_grants};

/// The owner of AWS's own managed policies, as their ARNs have it.
const AWS: &str = "aws";

/// All actions of IAM, and those to come.
static IAM: LazyLock<Actions> = LazyLock::new(|| Actions::of(&["iam:*".to_owned()]));

impl Reach {
    /// What it allows a principal of that account: actions of IAM on what another account owns are
    /// left out, whatever is written over there.
    #[must_use]
    pub fn in_account(self, account: AccountId) -> Self {
        let account = account.to_string();
        let is_moved = |grant: &Grant| {
            grant.actions.intersects(&IAM)
                && grant.resources.iter().any(|area| is_elsewhere(area, &account))
        };
        if !self.grants.iter().any(is_moved) {
            return self;
        }
        let Self { grants, precision, is_too_complex } = self;
        let at_home = |grants: Vec<Grant>| {
            let each = grants.into_iter();
            let left = each.flat_map(|grant| match is_moved(&grant) {
                true => without_others(grant, &account),
                false => vec![grant],
            });
            algebra::tidy(left.collect())
        };
        let steps = steps_for_grants(&grants);
        let left = Self::within(steps, precision, || (at_home(grants), true));
        Self { is_too_complex: left.is_too_complex || is_too_complex, ..left }
    }
}

/// The grant without IAM on what others own.
fn without_others(grant: Grant, account: &str) -> Vec<Grant> {
    let home = grant.resources.iter().filter(|area| !is_elsewhere(area, account));
    let home = Areas::of(home.cloned());
    let (of_iam, others) = grant.actions.split(&IAM);
    let conditions = grant.conditions.clone();
    let parts = [
        Grant { actions: others, ..grant },
        Grant { actions: of_iam, resources: home, conditions },
    ];
    let is_some = |part: &Grant| !part.actions.is_empty() && !part.resources.is_empty();
    parts.into_iter().filter(is_some).collect()
}

/// Whether all of an area is IAM's in other accounts, for certain.
fn is_elsewhere(area: &Area, account: &str) -> bool {
    area.within().iter().any(|glob| {
        let may_be = |at: usize, wanted: &str| {
            glob.arn_part(at).is_none_or(|part| part.intersects(&Glob::literal(wanted)))
        };
        may_be(2, "iam") && !may_be(4, account) && !may_be(4, AWS)
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
        grade(Reach::of([&document]).in_account(home).grants()).grade
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
        let left = reach.clone().in_account(home);
        assert_eq!(left.precision(), reach.precision());
        // Its roles may still let him in.
        assert_eq!(grade(left.grants()).grade, Grade::Privesc);
        assert_eq!(reach.clone().in_account(AccountId::parse("444455556666").unwrap()), reach);
    }
}
