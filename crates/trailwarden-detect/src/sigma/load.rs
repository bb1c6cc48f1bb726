//! Building a rule set: compile, apply filters, link correlations, and report all that fails.

use std::collections::BTreeMap;
use std::sync::Arc;

use rsigma_parser::{FilterRule, FilterRuleTarget, LogSource};

use super::correlation::{self, Correlation, Link};
use super::document::{self, Body, Document};
use super::expression::Expression;
use super::index::Index;
use super::info;
use super::modifier::Placeholders;
use super::{FeedPlan, LoadError, Loaded, RuleSet, Rules, Source, compile};

/// Correlations of correlations of ...
const CHAIN_MAX: usize = 16;

/// A document on its way into the set.
struct Draft {
    document: Document,
    logic: Option<Logic>,
}

enum Logic {
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
        let own: Vec<String> = [draft.document.body.id(), draft.document.body.name()]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect();
        let first = own.iter().find_map(|name| Some((name, kept.get(*names.get(name)?)?)));
        if let Some((name, first)) = first {
            let cause =
                format!("`{name}` is already the id or name of a rule in {}", first.document.file);
            errors.push(draft.document.error(Loaded::No, cause));
            continue;
        }
        names.extend(own.into_iter().map(|name| (name, kept.len())));
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
                wanted.is_none() || wanted.as_ref().map(|text| text.to_lowercase())
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
                    (depth(drafts, names, at, CHAIN_MAX) == 0).then(|| {
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

/// All that a rule is called, first as the correlation calls it.
fn called<'d>(
    drafts: &'d [Draft],
    names: &BTreeMap<String, usize>,
    name: &'d str,
) -> Vec<&'d str> {
    let body = names.get(name).and_then(|at| drafts.get(*at)).map(|draft| &draft.document.body);
    let own = body.map(|body| [body.name(), body.id()]).unwrap_or_default();
    std::iter::once(name).chain(own.into_iter().flatten()).collect()
}

/// How many steps are left below this correlation; 0 when they did not suffice.
fn depth(drafts: &[Draft], names: &BTreeMap<String, usize>, at: usize, left: usize) -> usize {
    let Some(Body::Correlation(rule)) = drafts.get(at).map(|draft| &draft.document.body) else {
        return left;
    };
    if left == 0 {
        return 0;
    }
    let below = rule.rules.iter().filter_map(|name| names.get(name));
    below.map(|input| depth(drafts, names, *input, left - 1)).min().unwrap_or(left)
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
            Logic::Rule(logic) => expression = Some(logic),
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
        rules.feeds.push(links.feeds.remove(&at).unwrap_or_default());
    }
    info::complete(&mut rules.infos);
    let with_logic = (0..).zip(&rules.logic).filter_map(|(at, logic)| Some((at, logic.as_ref()?)));
    rules.index = Index::new(with_logic);
    rules.correlations = correlations.into_values().collect();
    rules
}

/// Who feeds whom.
#[derive(Default)]
struct Links {
    /// By draft: what correlation it is.
    correlations: BTreeMap<usize, Own>,
    /// By draft of a rule: what it gives to which correlation.
    feeds: BTreeMap<usize, Vec<FeedPlan>>,
    /// By draft: whether some correlation on it asks for its own findings.
    wanted: BTreeMap<usize, bool>,
}

struct Own {
    index: u32,
    columns: Vec<String>,
    feeds: Vec<Link>,
}

impl Links {
    fn new(drafts: &[Draft]) -> Self {
        let mut links = Self::default();
        let correlations = drafts.iter().enumerate().filter_map(|(at, draft)| match &draft.logic {
            Some(Logic::Correlation(correlation)) => Some((at, correlation.columns.clone())),
            _ => None,
        });
        for (index, (at, columns)) in (0_u32..).zip(correlations) {
            links.correlations.insert(at, Own { index, columns, feeds: Vec::new() });
        }
        links
    }

    /// The tops of chains come first, so that each correlation knows all its columns when its turn
    /// comes: it has more steps left below it than any that builds on it.
    fn connect(&mut self, drafts: &[Draft], names: &BTreeMap<String, usize>) {
        let mut order: Vec<(usize, usize)> = self
            .correlations
            .keys()
            .map(|at| (depth(drafts, names, *at, CHAIN_MAX), *at))
            .collect();
        order.sort_unstable();
        for (_, at) in order {
            self.connect_one(at, drafts, names);
        }
    }

    fn connect_one(&mut self, at: usize, drafts: &[Draft], names: &BTreeMap<String, usize>) {
        let Some(Body::Correlation(rule)) = drafts.get(at).map(|draft| &draft.document.body) else {
            return;
        };
        let Some(own) = self.correlations.get(&at) else { return };
        let index = own.index;
        let mut plans: Vec<(u16, usize, Vec<String>)> = Vec::new();
        for (input, name) in (0_u16..).zip(&rule.rules) {
            let Some(feeder) = names.get(name) else { continue };
            let called = called(drafts, names, name);
            let path = |column: &String| {
                // What a correlation above asks for may have no alias here; then it is a field.
                correlation::resolved(rule, column, &called).unwrap_or_else(|_| column.clone())
            };
            plans.push((input, *feeder, own.columns.iter().map(path).collect()));
        }
        for (input, feeder, paths) in plans {
            *self.wanted.entry(feeder).or_default() |= rule.generate;
            match self.correlations.get_mut(&feeder) {
                Some(own) => {
                    let columns = paths
                        .into_iter()
                        .map(|path| {
                            let known = own.columns.iter().position(|column| *column == path);
                            known.unwrap_or_else(|| {
                                own.columns.push(path);
                                own.columns.len() - 1
                            })
                        })
                        .collect();
                    own.feeds.push(Link { correlation: index, input, columns });
                }
                None => self
                    .feeds
                    .entry(feeder)
                    .or_default()
                    .push(FeedPlan { correlation: index, input, paths }),
            }
        }
    }

    fn generates(&self, at: usize) -> bool {
        self.wanted.get(&at).copied().unwrap_or(true)
    }
}
