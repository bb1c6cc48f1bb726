//! Reads a folder of change policies and tells every fault in it.

use std::collections::BTreeMap;

use cedar_policy::{Effect, Policy, PolicyId, PolicySet, Template, ValidationMode};
use miette::Diagnostic;
use trailwarden_model::escape;

use crate::bounds::{self, Bound};
use crate::checks;
use crate::conditions::{parts, tree};
use crate::directory::{self, Directory};
use crate::error::{LoadError, Source};
use crate::policies::{File, PolicyEffect, PolicyInfo, Stored};
use crate::schema::{self, Catalogue};
use crate::split::{FILE_BYTES_MAX, POLICIES_MAX, Piece, pieces};
use crate::unknown::{Facts, read};

/// All policies and the directory, or every fault.
pub(crate) fn load(files: &[File]) -> Result<(Vec<Stored>, Directory), Vec<LoadError>> {
    let mut loader = Loader { faults: Vec::new(), directory: Directory::default() };
    let catalogue = schema::catalogue().map_err(|error| {
        vec![Source::new("trailwarden.cedarschema", schema::TEXT).fault(0, 1, error)]
    })?;
    let sources: Vec<Source> =
        files.iter().map(|file| Source::new(&file.name, &file.text)).collect();
    let mut directories = 0;
    for source in &sources {
        match kind(&source.name) {
            _ if source.text.len() > FILE_BYTES_MAX => {
                let message = format!("the file has more than {FILE_BYTES_MAX} bytes");
                loader.faults.push(source.fault(0, 1, message).help("split it"));
            }
            Kind::Directory => {
                directories += 1;
                loader.directory = directory::read(source, &mut loader.faults);
                if directories > 1 {
                    let message = "there is a second file of teams and owners";
                    loader.faults.push(source.fault(0, 1, message).help("keep one of them"));
                }
            }
            Kind::Policies | Kind::Cases => {}
            Kind::Other => {
                let message = format!("`{}` is not a file of change policies", source.name);
                let help = "policies end with `.cedar`; teams and owners stand in `entities.toml`";
                loader.faults.push(source.fault(0, 1, message).help(help));
            }
        }
    }
    let mut stored = Vec::new();
    let mut count = 0;
    let policies = sources.iter().filter(|source| kind(&source.name) == Kind::Policies);
    for source in policies.filter(|source| source.text.len() <= FILE_BYTES_MAX) {
        for piece in pieces(&source.text) {
            count += 1;
            if count > POLICIES_MAX {
                let message = format!("there are more than {POLICIES_MAX} policies");
                loader.faults.push(source.fault(piece.start, 1, message));
                break;
            }
            stored.extend(loader.policy(source, piece, catalogue));
        }
    }
    loader.duplicates(&sources, &stored);
    if loader.faults.is_empty() {
        Ok((stored.into_iter().map(|(stored, _)| stored).collect(), loader.directory))
    } else {
        Err(loader.faults)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Policies,
    Directory,
    Cases,
    Other,
}

/// What a file is by its name, whatever folder stands before it.
fn kind(name: &str) -> Kind {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    match base.as_str() {
        "entities.toml" | "entities.json" => Kind::Directory,
        base if base.ends_with(".cedar") => Kind::Policies,
        base if base.ends_with(".cases.toml") || base.ends_with(".cases.json") => Kind::Cases,
        _ => Kind::Other,
    }
}

struct Loader {
    faults: Vec<LoadError>,
    directory: Directory,
}

impl Loader {
    /// One policy with its place; `None` when it does not even parse.
    fn policy(
        &mut self,
        source: &Source,
        piece: Piece,
        catalogue: &Catalogue,
    ) -> Option<(Stored, usize)> {
        if let Some(message) = piece.too_big() {
            let help = "split it into several policies";
            self.faults.push(source.fault(piece.start, 1, message).help(help));
            return None;
        }
        let text = source.text.get(piece.start..piece.end)?;
        let (line, _) = source.place(piece.start);
        let by_place = format!("{}:{line}", source.name);
        let parsed = match Policy::parse(Some(PolicyId::new(&by_place)), text) {
            Ok(parsed) => parsed,
            Err(errors) => {
                self.unread(source, piece, text, &errors);
                return None;
            }
        };
        let id = match parsed.annotation("id") {
            Some(id) if id.trim().is_empty() => {
                let fault = source.fault(piece.start, 3, "`@id` is empty");
                self.faults.push(fault.help("write `@id(\"deploy-manages-app-roles\")`"));
                by_place
            }
            Some(id) if escape::visible(id) != id => {
                // Findings, logs and tables show it.
                let fault = source.fault(piece.start, 3, "`@id` has characters that are not seen");
                self.faults.push(fault.help("use letters, digits and `-`"));
                by_place
            }
            Some(id) => id.to_owned(),
            None => by_place,
        };
        let policy = parsed.new_id(PolicyId::new(&id));
        let mut found = checks::names(&policy, catalogue, &self.directory);
        found.extend(checks::words(&policy));
        let is_cedars = found.iter().any(|fault| fault.is_cedars);
        let mut found: Vec<LoadError> = found
            .into_iter()
            .map(|fault| {
                let place = text.find(&fault.needle);
                let at = piece.start + place.unwrap_or(0);
                let length = place.map_or(1, |_| fault.needle.len());
                source.fault(at, length, fault.message).help(fault.help)
            })
            .collect();
        found.sort_by(|left, right| left.place().cmp(&right.place()));
        self.faults.append(&mut found);
        // Cedar would say the same again, without the nearest name.
        if !is_cedars {
            self.validate(source, piece, text, &policy, catalogue);
        }
        let bound = self.bound(source, piece, text, &policy);
        let annotations: BTreeMap<String, String> =
            policy.annotations().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let effect = PolicyEffect::from(policy.effect());
        let file = source.name.clone();
        let info = PolicyInfo { id, effect, annotations, file, line, bound };
        // Of what has no tree nothing is known, so it may read all.
        let reads = tree(&policy).map_or(Facts::ALL, |tree| read::of_policy(&tree));
        Some((Stored { policy, info, reads }, piece.start))
    }

    fn unread(
        &mut self,
        source: &Source,
        piece: Piece,
        text: &str,
        errors: &cedar_policy::ParseErrors,
    ) {
        if Template::parse(None, text).is_ok_and(|template| template.slots().next().is_some()) {
            let place = text.find('?');
            let at = piece.start + place.unwrap_or(0);
            let fault = source.fault(at, 1, "templates are not supported");
            self.faults.push(fault.help("name the principal or resource instead of the slot"));
            return;
        }
        for error in errors.iter() {
            self.faults.push(located(source, piece.start, error));
        }
    }

    fn validate(
        &mut self,
        source: &Source,
        piece: Piece,
        text: &str,
        policy: &Policy,
        catalogue: &Catalogue,
    ) {
        let mut alone = PolicySet::new();
        if let Err(error) = alone.add(policy.clone()) {
            self.faults.push(source.fault(piece.start, 1, error.to_string()));
        }
        let validator = catalogue.validator_for(policy, text);
        let result = validator.validate(&alone, ValidationMode::Strict);
        let errors = result.validation_errors().map(|error| error as &dyn Diagnostic);
        // A policy that can never match, or that hides characters, protects nothing.
        let warnings = result.validation_warnings().map(|warning| warning as &dyn Diagnostic);
        let located = errors.chain(warnings).map(|error| located(source, piece.start, error));
        let mut found: Vec<LoadError> = located.collect();
        // Cedar tells the same fault for each type that has it, in no order.
        found.sort_by(|left, right| left.place().cmp(&right.place()));
        found.dedup_by(|left, right| left.line == right.line && left.column == right.column);
        self.faults.append(&mut found);
    }

    fn bound(&mut self, source: &Source, piece: Piece, text: &str, policy: &Policy) -> Bound {
        let reason = policy.annotation("unbounded");
        if policy.effect() == Effect::Forbid {
            if reason.is_some() {
                let at = piece.start + text.find("@unbounded").unwrap_or(0);
                let fault = source.fault(at, "@unbounded".len(), "a `forbid` needs no bound");
                self.faults.push(fault.help("take `@unbounded` away"));
            }
            return Bound::NotNeeded;
        }
        match reason.map(str::trim) {
            Some("") => {
                let at = piece.start + text.find("@unbounded").unwrap_or(0);
                let fault = source.fault(at, "@unbounded".len(), "`@unbounded` gives no reason");
                self.faults.push(fault.help("write why this permit may excuse any effect"));
                Bound::Unbounded { reason: String::new() }
            }
            Some(reason) => Bound::Unbounded { reason: reason.to_owned() },
            None => {
                let found = tree(policy).map_or(bounds::Found::Open, |tree| {
                    bounds::check(parts(&tree).iter().map(|part| &**part))
                });
                let (message, help) = match found {
                    bounds::Found::Bounded(limits) => return Bound::Effect { limits },
                    bounds::Found::Open => {
                        ("this permit does not bound what the change may do", BOUND_HELP)
                    }
                    bounds::Found::Unbreakable => {
                        ("no change can break the bound of this permit", BOUND_HELP)
                    }
                    bounds::Found::Impossible => (
                        "no effect fits this permit, so it can never match",
                        "a grade has a rank from 0 to 5, a severity one from 0 to 5",
                    ),
                };
                let at = text.find("permit").unwrap_or(0);
                let fault = source.fault(piece.start + at, "permit".len(), message);
                self.faults.push(fault.help(help));
                Bound::Effect { limits: Vec::new() }
            }
        }
    }

    fn duplicates(&mut self, sources: &[Source], stored: &[(Stored, usize)]) {
        let mut seen: BTreeMap<&str, &PolicyInfo> = BTreeMap::new();
        for (policy, start) in stored {
            let info = &policy.info;
            let Some(first) = seen.insert(&info.id, info) else { continue };
            let Some(source) = sources.iter().find(|source| source.name == info.file) else {
                continue;
            };
            let message = format!("a second policy is called `{}`", info.id);
            let help = format!("the other one is at {}:{}", first.file, first.line);
            self.faults.push(source.fault(*start, 3, message).help(help));
        }
    }
}

const BOUND_HELP: &str = "add a condition such as `context has effect && \
    context.effect.grade_after_rank <= 3` (at most grade write), or say why it may excuse anything: \
    `@unbounded(\"...\")`";

/// A fault that Cedar found, at the place it names.
fn located(source: &Source, start: usize, error: &dyn Diagnostic) -> LoadError {
    let label = error.labels().and_then(|mut labels| labels.next());
    let (at, length) = label.map_or((0, 1), |label| (label.offset(), label.len()));
    let message = error.to_string();
    let message = without(&without(&message, "for policy `", "`, "), " for Action::\"", "\"");
    let is_impossible = message.starts_with("policy is impossible");
    let fault = source.fault(start + at, length, message);
    match error.help() {
        Some(help) => fault.help(help.to_string()),
        None if is_impossible => fault.help(
            "no call fits all of it: see the schema for which calls are made on which resources",
        ),
        None => fault,
    }
}

/// A message of Cedar's without the policy, which the place names, and without the call, which is
/// the first of many.
fn without(message: &str, from: &str, to: &str) -> String {
    let cut =
        message.split_once(from).and_then(|(head, rest)| Some((head, rest.split_once(to)?.1)));
    cut.map_or_else(|| message.to_owned(), |(head, tail)| format!("{head}{tail}"))
}
