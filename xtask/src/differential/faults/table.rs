//! The faults.

use super::Fault;

/// All of them; each is a mistake that an evaluator could well make.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        what: "a `*` in a resource does not cross a slash",
        file: "src/pattern/walk.rs",
        text: "(_, Some((_, resume))) => {",
        instead: "(_, Some((skipped, resume))) if skipped != b'/' => {",
    },
    Fault {
        what: "a `?` may stand for no character",
        file: "src/pattern/walk.rs",
        text: "            Some(Token::One) => {\n                met_one = true;\n                at_pattern += 1;\n                at_text += character_len(byte);",
        instead: "            Some(Token::One) => {\n                met_one = true;\n                at_pattern += 1;\n                at_text += if bytes.len() > at_text + 1 { character_len(byte) } else { 0 };",
    },
    Fault {
        what: "the last part of an ARN in a condition ends at its next colon",
        file: "src/pattern.rs",
        text: "arn.splitn(6, ':')",
        instead: "arn.split(':')",
    },
    Fault {
        what: "a negated operator fails when the key is missing",
        file: "src/evaluate/predicate.rs",
        text: "None => self.is_negated.into(),",
        instead: "None => Truth::False,",
    },
    Fault {
        what: "`IfExists` is overlooked on operators that are not negated",
        file: "src/evaluate/predicate.rs",
        text: "_ if self.if_exists => Truth::True,",
        instead: "_ if self.if_exists && self.is_negated => Truth::True,",
    },
    Fault {
        what: "`ForAllValues` fails on a missing key",
        file: "src/evaluate/predicate.rs",
        text: "Some(set) => (set == Set::All).into(),",
        instead: "Some(_) => Truth::False,",
    },
    Fault {
        what: "`ForAllValues` is content with one value",
        file: "src/evaluate/predicate.rs",
        text: "Set::All => each.fold(Truth::True, Truth::and),",
        instead: "Set::All => each.fold(Truth::False, Truth::or),",
    },
    Fault {
        what: "a key with several values needs no set operator",
        file: "src/evaluate/predicate.rs",
        text: "(Found::Many(_), None) => Truth::False,",
        instead: "(Found::Many(values), None) => self.values_hold(values, Set::Any, context),",
    },
    Fault {
        what: "`NumericLessThan` takes the limit itself",
        file: "src/evaluate/operator.rs",
        text: "Order::Less => ordering.is_lt(),",
        instead: "Order::Less => ordering.is_le(),",
    },
    Fault {
        what: "numbers are compared as text",
        file: "src/evaluate/value.rs",
        text: "let whole = self.whole.len().cmp(&other.whole.len());",
        instead: "let whole = Ordering::Equal;",
    },
    Fault {
        what: "the offset of a date is added instead of taken off",
        file: "src/evaluate/value.rs",
        text: "* 60 + second - offset_seconds(offset)?;",
        instead: "* 60 + second + offset_seconds(offset)?;",
    },
    Fault {
        what: "an address range is twice as wide",
        file: "src/evaluate/value.rs",
        text: "let dropped = u32::from(width - prefix);",
        instead: "let dropped = u32::from(width - prefix) + u32::from(prefix > 0 && prefix < width);",
    },
    Fault {
        what: "texts and resources match in any case",
        file: "src/evaluate/template.rs",
        text: "Template::Exact(exact) => (**exact == *text).into(),",
        instead: "Template::Exact(exact) => exact.eq_ignore_ascii_case(text).into(),",
    },
    Fault {
        what: "wildcards in the value of a variable count",
        file: "src/evaluate/template.rs",
        text: "tokens.extend(value.bytes().map(Token::Byte));",
        instead: "tokens.extend(value.bytes().map(|b| if b == b'*' { Token::Star } else { Token::Byte(b) }));",
    },
    Fault {
        what: "variables are resolved whatever the version",
        file: "src/evaluate/compile.rs",
        text: "document.version.as_deref() == Some(\"2012-10-17\")",
        instead: "document.version.as_deref() != Some(\"\")",
    },
    Fault {
        what: "`NotAction` is read as `Action`",
        file: "src/evaluate/actions.rs",
        text: "any(|pattern| pattern.covers(action)) != self.negated",
        instead: "any(|pattern| pattern.covers(action))",
    },
    Fault {
        what: "of several resources under `NotResource`, each excludes all the others",
        file: "src/evaluate/resources.rs",
        text: "                return (!self.negated).into();",
        instead: "                return (!self.negated || self.patterns.len() > 1).into();",
    },
    Fault {
        what: "the session policy is forgotten",
        file: "src/evaluate/verdict.rs",
        text: "survey.boundary.allow.any().and(session(input, survey))",
        instead: "survey.boundary.allow.any()",
    },
    Fault {
        what: "a boundary grants what identity policies do not",
        file: "src/evaluate/verdict.rs",
        text: "let own = own(input, survey).and(limits);",
        instead: "let own = if input.boundary.is_empty() { own(input, survey) } else { Truth::True }.and(limits);",
    },
    Fault {
        what: "the boundary limits a user whom the resource policy names",
        file: "src/evaluate/verdict.rs",
        text: "own.or(named.direct).or(named.role.and(limits))",
        instead: "own.or(named.direct.and(limits)).or(named.role.and(limits))",
    },
    Fault {
        what: "a resource policy alone lets in another account",
        file: "src/evaluate/verdict.rs",
        text: "let cross_account = own.and(named.any());",
        instead: "let cross_account = own.and(named.any()).or(named.direct);",
    },
    Fault {
        what: "a key policy need not allow",
        file: "src/evaluate/verdict.rs",
        text: "if !request.service().eq_ignore_ascii_case(\"kms\") {",
        instead: "if !request.service().eq_ignore_ascii_case(\"kms:\") {",
    },
    Fault {
        what: "only the last level of SCPs must allow",
        file: "src/evaluate/survey.rs",
        text: "all.allow = all.allow.and(allow);",
        instead: "all.allow = Grades::DIRECT.and(allow);",
    },
    Fault {
        what: "SCPs do not bind the root user",
        file: "src/evaluate/survey.rs",
        text: "    input.request.caller.entity().is_some()\n        && !circumstances",
        instead: "    input.request.caller.entity().is_some()\n        && !matches!(input.request.caller, Caller::Root(_))\n        && !circumstances",
    },
    Fault {
        what: "a role that is named passes boundary and session policy like its session",
        file: "src/evaluate/who.rs",
        text: "(Caller::Session { role, .. }, Kind::Role) => by_role(role),",
        instead: "(Caller::Session { role, .. }, Kind::Role) => direct(by_role(role).any().is_true()),",
    },
    Fault {
        what: "an account that is named is everyone in it, without identity policies",
        file: "src/evaluate/who.rs",
        text: "_ => Grades { account: Truth::True, ..Grades::NONE },",
        instead: "_ => Grades::DIRECT,",
    },
];
