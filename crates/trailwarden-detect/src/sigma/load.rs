//! Building a rule set: compile, apply filters, link correlations, and report all that fails.

use std::collections::BTreeMap;
use std::sync::Arc;

use rsigma_parser::{FilterRule, FilterRuleTarget, LogSource};

use super::correlation::{self, Correlation};
use super::document::{self, Body, Document};
use super::expression::Expression;
use super::index::Index;
use super::info;
use super::links::{CHAIN_MAX, Links, called, heights};
use super::modifier::Placeholders;
use super::residual::{cover_residual, is_steady};
use super::{LoadError, Loaded, RuleSet, Rules, Source, compile};

/// A document on its way into the set.
pub(super) struct Draft {
    pub(super) document: Document,
    pub(super) logic: Option<Logic>,
}

/// What it does, once compiled.
pub(super) enum Logic {
    Rule(Expression),
    Filter,
    Correlation(Correlation),
}

/// Loads what can be loaded, and says what cannot, and why.
pub(crate) fn load(sources: &[Source], placeholders: &Placeholders) -> (RuleSet, Vec<LoadError>) {
    let (documents, mut errors) = document::parse(sources);
    let mut drafts: Vec<Draft> =
        documents.into_iter().map(|document| Draft { document, logic: None }).collect();
    let names = names(&mut drafts, &mut errors);
    for draft in &mut drafts {
        match compile_one(&draft.document, placeholders) {
            Ok(logic) => draft.logic = logic,
            Err((loaded, cause)) => errors.push(draft.document.error(loaded, cause)),
        }
    }
    apply_filters(&mut drafts, &names, placeholders, &mut errors);
    drop_unlinked(&mut drafts, &names, &mut errors);
    let rules = assemble(drafts, &names);
    errors.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    (RuleSet { rules: Arc::new(rules) }, errors)
}

/// What each id and name stands for. A second document of the same id or name is put aside, for
/// findings of two rules must not share an id.
fn names(drafts: &mut Vec<Draft>, errors: &mut Vec<LoadError>) -> BTreeMap<String, usize> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts.drain(..) {
        let body = &draft.document.body;
        let own: Vec<(&str, String)> = [("id", body.id()), ("name", body.name())]
            .into_iter()
            .filter_map(|(key, name)| Some((key, name?.to_owned())))
            .collect();
        let first = own.iter().find_map(|own| Some((own, kept.get(*names.get(&own.1)?)?)));
        if let Some(((key, name), first)) = first {
            let file = &first.document.file;
            let cause = format!("`{key}: {name}` is already taken by a rule in `{file}`");
            errors.push(draft.document.error(Loaded::No, cause));
            continue;
        }
        names.extend(own.into_iter().map(|(_, name)| (name, kept.len())));
        kept.push(draft);
    }
    *drafts = kept;
    names
}

fn compile_one(
    document: &Document,
    placeholders: &Placeholders,
) -> Result<Option<Logic>, (Loaded, String)> {
    match &document.body {
        Body::Rule(rule) => {
            if let Some(cause) = not_cloudtrail(&rule.logsource) {
                return Err((Loaded::NotForCloudTrail, cause));
            }
            compile::compile(&rule.detection, placeholders)
                .map(|expression| Some(Logic::Rule(expression)))
                .map_err(|cause| (Loaded::No, cause))
        }
        Body::Filter(_) => Ok(None),
        Body::Correlation(rule) => correlation::compile(rule, 0)
            .map(|correlation| Some(Logic::Correlation(correlation)))
            .map_err(|cause| (Loaded::No, cause)),
    }
}

fn not_cloudtrail(logsource: &LogSource) -> Option<String> {
    let is = |field: &Option<String>, wanted: &str| {
        field.as_ref().map(|value| value.eq_ignore_ascii_case(wanted))
    };
    let fits = is(&logsource.product, "aws") == Some(true)
        && is(&logsource.service, "cloudtrail") != Some(false);
    let said = |field: &Option<String>| field.clone().unwrap_or_else(|| "none".to_owned());
    (!fits).then(|| {
        format!(
            "not for CloudTrail: its logsource is product `{}`, service `{}`",
            said(&logsource.product),
            said(&logsource.service)
        )
    })
}

/// Adds each filter to the rules it names: from then on both must hold.
fn apply_filters(
    drafts: &mut [Draft],
    names: &BTreeMap<String, usize>,
    placeholders: &Placeholders,
    errors: &mut Vec<LoadError>,
) {
    for at in 0..drafts.len() {
        let Some(Draft { document, .. }) = drafts.get(at) else { continue };
        let Body::Filter(filter) = &document.body else { continue };
        let filter = filter.clone();
        let mut faults = Vec::new();
        let mut used = false;
        for target in targets(&filter, drafts, names, &mut faults) {
            // Compiled once per rule: expressions are not shared, and filters are few.
            match compile::compile(&filter.detection, placeholders) {
                Ok(condition) => used |= add_filter(drafts, target, condition),
                Err(cause) => {
                    faults.push(cause);
                    break;
                }
            }
        }
        let loaded = if used { Loaded::WithFault } else { Loaded::No };
        if !used && faults.is_empty() {
            faults.push("it applies to no rule that was loaded".to_owned());
        }
        let Some(draft) = drafts.get_mut(at) else { continue };
        errors.extend(faults.into_iter().map(|cause| draft.document.error(loaded, cause)));
        draft.logic = used.then_some(Logic::Filter);
    }
}

fn targets(
    filter: &FilterRule,
    drafts: &[Draft],
    names: &BTreeMap<String, usize>,
    faults: &mut Vec<String>,
) -> Vec<usize> {
    let fits = |at: &usize| match drafts.get(*at).map(|draft| &draft.document.body) {
        Some(Body::Rule(rule)) => {
            let within = |wanted: &Option<String>, found: &Option<String>| {
                wanted.is_none()
                    || wanted.as_ref().map(|text| text.to_lowercase())
                        == found.as_ref().map(|text| text.to_lowercase())
            };
            filter.logsource.as_ref().is_none_or(|logsource| {
                within(&logsource.product, &rule.logsource.product)
                    && within(&logsource.service, &rule.logsource.service)
                    && within(&logsource.category, &rule.logsource.category)
            })
        }
        _ => false,
    };
    match &filter.rules {
        FilterRuleTarget::Any => (0..drafts.len()).filter(fits).collect(),
        FilterRuleTarget::Specific(list) => {
            let mut found = Vec::new();
            for name in list {
                match names.get(name) {
                    Some(at) if fits(at) => found.push(*at),
                    Some(_) => faults.push(format!(
                        "`{name}` is not a rule of the filter's logsource, so it stays unfiltered"
                    )),
                    None => faults.push(format!("no rule has the id or name `{name}`")),
                }
            }
            found
        }
    }
}

fn add_filter(drafts: &mut [Draft], target: usize, condition: Expression) -> bool {
    let Some(Draft { logic: Some(Logic::Rule(expression)), .. }) = drafts.get_mut(target) else {
        return false;
    };
    let rule = std::mem::replace(expression, Expression::All(Vec::new()));
    *expression = Expression::All(vec![rule, condition]);
    true
}

/// Puts aside correlations whose rules are not there, and those of circles, until all is linked.
fn drop_unlinked(
    drafts: &mut [Draft],
    names: &BTreeMap<String, usize>,
    errors: &mut Vec<LoadError>,
) {
    let heights = heights(drafts, names);
    loop {
        let faults: Vec<(usize, String)> = drafts
            .iter()
            .enumerate()
            .filter_map(|(at, draft)| {
                let Body::Correlation(rule) = &draft.document.body else { return None };
                let Some(Logic::Correlation(correlation)) = &draft.logic else { return None };
                let missing = rule.rules.iter().find_map(|name| match names.get(name) {
                    None => Some(format!("no rule has the id or name `{name}`")),
                    Some(input) => match drafts.get(*input).and_then(|d| d.logic.as_ref()) {
                        None => Some(format!("its rule `{name}` was not loaded")),
                        Some(Logic::Filter) => Some(format!("`{name}` is a filter")),
                        Some(_) => None,
                    },
                });
                let nameless = || {
                    correlation.columns.iter().find_map(|column| {
                        rule.rules.iter().find_map(|name| {
                            correlation::resolved(rule, column, &called(drafts, names, name)).err()
                        })
                    })
                };
                let fault = missing.or_else(nameless).or_else(|| {
                    (heights.get(at).is_none_or(|height| *height > CHAIN_MAX)).then(|| {
                        format!("it builds on itself, or on more than {CHAIN_MAX} correlations")
                    })
                });
                fault.map(|fault| (at, fault))
            })
            .collect();
        if faults.is_empty() {
            return;
        }
        for (at, cause) in faults {
            if let Some(draft) = drafts.get_mut(at) {
                errors.push(draft.document.error(Loaded::No, cause));
                draft.logic = None;
            }
        }
    }
}

/// Numbers what was loaded and links it.
fn assemble(drafts: Vec<Draft>, names: &BTreeMap<String, usize>) -> Rules {
    let mut links = Links::new(&drafts);
    links.connect(&drafts, names);
    let mut rules = Rules::default();
    let mut correlations: BTreeMap<u32, Correlation> = BTreeMap::new();
    for (at, draft) in drafts.into_iter().enumerate() {
        let Some(logic) = draft.logic else { continue };
        let position = u32::try_from(rules.infos.len()).unwrap_or(u32::MAX);
        let generates = links.generates(at);
        let mut expression = None;
        match logic {
            Logic::Filter => {}
            Logic::Rule(mut logic) => {
                logic.prepare(&mut rules.roots);
                expression = Some(logic);
            }
            Logic::Correlation(mut correlation) => {
                let Some(own) = links.correlations.get_mut(&at) else { continue };
                correlation.rule = position;
                correlation.generates = generates;
                correlation.columns = std::mem::take(&mut own.columns);
                correlation.feeds = std::mem::take(&mut own.feeds);
                correlations.insert(own.index, correlation);
            }
        }
        rules.infos.push(info::info(&draft.document, expression.as_ref(), generates));
        rules.logic.push(expression);
        let mut feeds = links.feeds.remove(&at).unwrap_or_default();
        for field in feeds.iter_mut().flat_map(|plan| &mut plan.fields) {
            rules.roots.assign(field);
        }
        rules.feeds.push(feeds);
    }
    info::complete(&mut rules.infos);
    let with_logic =
        (0..).zip(&rules.logic).zip(&rules.feeds).filter_map(|((at, logic), feeds)| {
            let logic = logic.as_ref()?;
            Some((at, logic, is_steady(logic, feeds)))
        });
    rules.index = Index::new(with_logic);
    cover_residual(&mut rules);
    rules.correlations = correlations.into_values().collect();
    rules
}
