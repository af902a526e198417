//! The parts of a plan, found but not read: where the resources, the configuration and the variables lie.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::address;
use crate::eval::deployment::{Address, InstanceKey, Mode, ModuleStep};
use crate::eval::value::PathStep;
use crate::syntax::raw_json::{Ends, RawJson, RawKind};

/// How deep modules may be nested in `planned_values`; configurations are bounded alike.
pub(super) const MAXIMUM_MODULE_LEVELS: usize = 32;

pub(super) struct Document<'t> {
    /// In the order of the text: what is there once the plan is applied.
    pub(super) resources: Vec<Planned<'t>>,
    pub(super) configuration: Option<RawJson<'t>>,
    pub(super) variables: HashMap<String, RawJson<'t>>,
    /// The attributes of other resources that the plan rests on.
    pub(super) relevant: Vec<Relevant>,
    /// Terraform gave up while it made this plan.
    pub(super) errored: Option<RawJson<'t>>,
    /// The plan leaves changes for a later one.
    pub(super) incomplete: Option<RawJson<'t>>,
}

/// One resource instance of a plan.
#[derive(Clone)]
pub(super) struct Planned<'t> {
    pub(super) address: Address,
    /// The whole object that describes it.
    pub(super) whole: RawJson<'t>,
    /// The address in that object.
    pub(super) header: RawJson<'t>,
    pub(super) after: Option<RawJson<'t>>,
    pub(super) unknown: Option<RawJson<'t>>,
    pub(super) sensitive: Option<RawJson<'t>>,
    pub(super) change: Option<RawJson<'t>>,
    pub(super) action_reason: Option<RawJson<'t>>,
}

/// An attribute of a resource that something else in the plan was made from.
pub(super) struct Relevant {
    pub(super) module: Arc<[ModuleStep]>,
    /// The resource's type and name, the key when it is known, then the attribute.
    pub(super) steps: Vec<PathStep>,
    pub(super) attribute: Vec<PathStep>,
}

impl<'t> Document<'t> {
    pub(super) fn new(text: &'t str, ends: &'t Ends) -> Self {
        let mut document = Document {
            resources: Vec::new(),
            configuration: None,
            variables: HashMap::new(),
            relevant: Vec::new(),
            errored: None,
            incomplete: None,
        };
        let mut planned_values = None;
        let mut prior_state = None;
        for (name, value) in RawJson::document(text).with_ends(ends).members() {
            match &*name {
                "planned_values" => planned_values = Some(value),
                "prior_state" => prior_state = value.member("values"),
                "resource_changes" => document.add_changes(value),
                "configuration" => document.configuration = Some(value),
                "variables" => document.add_variables(value),
                "relevant_attributes" => document.add_relevant(value),
                "errored" => document.errored = Some(value).filter(|value| value.is_true()),
                "complete" => {
                    document.incomplete = Some(value).filter(|value| value.kind() == RawKind::Boolean(false));
                }
                _ => {}
            }
        }
        document.add_missing(planned_values, prior_state);
        document.resources.retain(|planned| planned.after.is_some());
        document
    }

    /// Whether a variable of the root module is declared sensitive.
    pub(super) fn is_sensitive(&self, variable: &str) -> bool {
        let root = self.configuration.and_then(|it| it.member("root_module"));
        let variables = root.and_then(|root| root.member("variables"));
        let declared = variables.and_then(|variables| variables.member(variable));
        let mark = declared.and_then(|declared| declared.member("sensitive"));
        mark.is_some_and(RawJson::is_true)
    }

    fn add_changes(&mut self, changes: RawJson<'t>) {
        let root: Arc<[ModuleStep]> = Arc::new([]);
        for change in changes.elements() {
            if let Some(planned) = planned(change, &root) {
                self.resources.push(planned);
            }
        }
    }

    fn add_variables(&mut self, variables: RawJson<'t>) {
        for (name, variable) in variables.members() {
            if let Some(value) = variable.member("value") {
                self.variables.insert(name.into_owned(), value);
            }
        }
    }

    fn add_relevant(&mut self, relevant: RawJson<'t>) {
        for one in relevant.elements() {
            let Some(resource) = one.member("resource").and_then(RawJson::as_text) else {
                continue;
            };
            let steps = address::steps(&resource);
            let (module, rest) = address::module_steps(&steps);
            let attribute = one.member("attribute").into_iter().flat_map(RawJson::elements);
            let attribute = attribute.map(|step| match step.kind() {
                RawKind::Number => PathStep::Index(step.text().parse().unwrap_or_default()),
                _ => PathStep::Attribute(step.as_text().unwrap_or_default().into()),
            });
            self.relevant.push(Relevant {
                module,
                steps: rest.to_vec(),
                attribute: attribute.collect(),
            });
        }
    }

    /// What the list of changes does not name: some versions have none, and data sources that were read
    /// before stand only in the state.
    fn add_missing(&mut self, planned_values: Option<RawJson<'t>>, prior_state: Option<RawJson<'t>>) {
        let known = self.resources.iter().map(|planned| planned.address.clone());
        let mut known: HashSet<Address> = known.collect();
        let path: Arc<[ModuleStep]> = Arc::new([]);
        for (values, mode) in [(planned_values, None), (prior_state, Some(Mode::Data))] {
            let root = values.and_then(|values| values.member("root_module"));
            if let Some(root) = root {
                self.add_module(root, &path, mode, &mut known, 0);
            }
        }
    }

    fn add_module(
        &mut self,
        module: RawJson<'t>,
        path: &Arc<[ModuleStep]>,
        mode: Option<Mode>,
        known: &mut HashSet<Address>,
        depth: usize,
    ) {
        if depth > MAXIMUM_MODULE_LEVELS {
            return;
        }
        // The address stands before or behind what it is needed for.
        let own = module.members().take_while(|(name, _)| name == "address").next();
        let own = own.map(|(_, value)| value).or_else(|| match depth {
            0 => None,
            _ => module.member("address"),
        });
        let path = match own.and_then(RawJson::as_text) {
            Some(text) => address::module_steps(&address::steps(&text)).0,
            None => path.clone(),
        };
        for (name, value) in module.members() {
            match &*name {
                "resources" => {
                    for resource in value.elements() {
                        let Some(planned) = planned(resource, &path) else {
                            continue;
                        };
                        let is_asked = mode.is_none_or(|mode| mode == planned.address.mode);
                        if is_asked && known.insert(planned.address.clone()) {
                            self.resources.push(planned);
                        }
                    }
                }
                "child_modules" => {
                    for child in value.elements() {
                        self.add_module(child, &path, mode, known, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }
}

/// A resource of the list of changes or of values. One that will not be there has no `after`.
fn planned<'t>(whole: RawJson<'t>, module: &Arc<[ModuleStep]>) -> Option<Planned<'t>> {
    let mut header = None;
    let mut own_module = None;
    let (mut mode, mut kind, mut name) = (Mode::Managed, None, None);
    let mut key = InstanceKey::Single;
    let (mut after, mut unknown, mut sensitive) = (None, None, None);
    let (mut change, mut action_reason, mut is_deposed) = (None, None, false);
    for (member, value) in whole.members() {
        match &*member {
            "address" => header = Some(value),
            "module_address" => own_module = value.as_text(),
            "mode" if value.as_text().as_deref() == Some("data") => mode = Mode::Data,
            "type" => kind = value.as_text(),
            "name" => name = value.as_text(),
            "index" => {
                key = match value.kind() {
                    RawKind::Number => InstanceKey::Index(value.text().parse().ok()?),
                    _ => InstanceKey::Key(value.as_text()?.into()),
                };
            }
            "deposed" => is_deposed = true,
            "values" => after = Some(value),
            "sensitive_values" => sensitive = Some(value),
            "action_reason" => action_reason = Some(value),
            "change" => {
                change = Some(value);
                for (part, value) in value.members() {
                    match &*part {
                        "after" => after = Some(value),
                        "after_unknown" => unknown = Some(value),
                        "after_sensitive" => sensitive = Some(value),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    if is_deposed {
        return None;
    }
    // Tools that flatten plans leave only the address to say which module it is in.
    let own_module = own_module.or_else(|| header?.as_text().filter(|text| text.starts_with("module.")));
    let module = match own_module {
        Some(text) => address::module_steps(&address::steps(&text)).0,
        None => module.clone(),
    };
    Some(Planned {
        address: Address {
            module,
            mode,
            kind: kind?.into(),
            name: name?.into(),
            key,
        },
        whole,
        header: header.unwrap_or(whole),
        after: after.filter(|after| after.kind() == RawKind::Object),
        unknown,
        sensitive,
        change,
        action_reason,
    })
}
