//! What an allocator may be asked.

use crate::config::{Data, Gone};
use crate::field::{Field, Params};
use crate::iallocator::Evacuation;
use crate::ids::GroupId;
use crate::params::DiskTemplate;
use serde_json::Value;

/// Any request, as a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Instances are to move to other groups.
    ChangeGroup(ChangeGroup),
}

/// A kind of request.
pub trait Kind: Clone + Into<Request> + 'static {
    /// What a yes means.
    type Result;
    /// Its name on the wire.
    const NAME: &'static str;

    /// Returns its part of the document.
    ///
    /// # Errors
    /// Something that it names is not in the configuration.
    fn members(&self, config: &Data) -> Result<Params, Gone>;
    /// Returns the disk template and the hypervisor for which free room is to be told.
    ///
    /// # Errors
    /// Something that it names is not in the configuration.
    fn about(&self, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone>;
    /// Reads and checks the result of a yes.
    ///
    /// # Errors
    /// It breaks the rules: why.
    fn read(&self, result: &Value, config: &Data) -> Result<Self::Result, String>;
    /// Takes its own kind out of any request.
    fn of(request: &Request) -> Option<&Self>;
}

/// Instances are to move to other groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeGroup {
    /// Their names.
    pub instances: Vec<String>,
    /// The groups to choose from.
    pub targets: Vec<GroupId>,
}

impl From<ChangeGroup> for Request {
    fn from(request: ChangeGroup) -> Self {
        Self::ChangeGroup(request)
    }
}

impl Kind for ChangeGroup {
    type Result = Evacuation;
    const NAME: &'static str = "change-group";

    fn members(&self, _: &Data) -> Result<Params, Gone> {
        let mut members = Params::new();
        members.insert("instances".to_owned(), self.instances.write());
        members.insert("target_groups".to_owned(), self.targets.write());
        Ok(members)
    }

    fn about(&self, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
        shared_by(&self.instances, config)
    }

    fn read(&self, result: &Value, config: &Data) -> Result<Evacuation, String> {
        Evacuation::checked(result, &self.instances, &self.targets, config)
    }

    fn of(request: &Request) -> Option<&Self> {
        match request {
            Request::ChangeGroup(request) => Some(request),
        }
    }
}

/// Returns what all these instances have in common. Where they differ, and a document has room for one value only, it is
/// what the cluster has by default (D140).
fn shared_by(instances: &[String], config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
    let mut templates = Vec::new();
    let mut hypervisors = Vec::new();
    for name in instances {
        let instance = config.named::<crate::objects::Instance>(name)?;
        templates.push(config.template_of(&instance)?);
        hypervisors.push(instance.hypervisor.clone());
    }
    let one = |all: Vec<String>| all.iter().all(|it| Some(it) == all.first()).then(|| all.into_iter().next()).flatten();
    let template = one(templates).and_then(|name| DiskTemplate::parse(&name));
    let hypervisor = one(hypervisors).unwrap_or_else(|| config.cluster.default_hypervisor().to_owned());
    Ok((template, hypervisor))
}
