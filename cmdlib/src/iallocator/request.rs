//! What an allocator may be asked: the kinds of requests, each with its result.

use serde_json::Value;

use super::{Allocate, AllocateSecondary, ChangeGroup, MultiAllocate, NodeEvacuate, Relocate};
use crate::config::{Data, Gone};
use crate::error::Problem;
use crate::field::Params;
use crate::objects::Instance;
use crate::params::DiskTemplate;

/// A kind of request.
pub trait Kind: Clone + Into<Request> + 'static {
    /// What a yes means.
    type Result;
    /// Its name on the wire.
    const NAME: &'static str;

    /// Returns its part of the document.
    ///
    /// # Errors
    /// Something that it names is not in the configuration, or it can't be done with it.
    fn members(&self, config: &Data) -> Result<Params, Problem>;
    /// Returns the disk template and the hypervisor for which free room is to be told.
    ///
    /// # Errors
    /// Something that it names is not in the configuration.
    fn about(&self, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone>;
    /// Returns the options for the allocator that go beyond the cluster's own.
    fn options(&self) -> Params {
        Params::new()
    }
    /// Reads and checks the result of a yes.
    ///
    /// # Errors
    /// It breaks the rules: why.
    fn read(&self, result: &Value, config: &Data) -> Result<Self::Result, String>;
}

macro_rules! requests {
    ($($(#[$doc:meta])* $kind:ident,)+) => {
        /// Any request, as a value.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Request { $($(#[$doc])* $kind($kind),)+ }

        $(impl From<$kind> for Request {
            fn from(request: $kind) -> Self {
                Self::$kind(request)
            }
        })+
    };
}

requests! {
    /// A new instance needs nodes.
    Allocate,
    /// An instance needs a secondary node.
    AllocateSecondary,
    /// Several new instances need nodes.
    MultiAllocate,
    /// An instance is to leave a node.
    Relocate,
    /// Instances are to leave a node, by jobs.
    NodeEvacuate,
    /// Instances are to move to other groups.
    ChangeGroup,
}

/// Returns what all of several have in common. Where they differ, and a document has room for one value only, it is what the
/// cluster has by default (D140).
pub(super) fn in_common(
    several: impl IntoIterator<Item = (Option<DiskTemplate>, String)>,
    config: &Data,
) -> (Option<DiskTemplate>, String) {
    let (templates, hypervisors): (Vec<_>, Vec<_>) = several.into_iter().unzip();
    let hypervisor = one(hypervisors).unwrap_or_else(|| config.cluster.default_hypervisor().to_owned());
    (one(templates).flatten(), hypervisor)
}

fn one<T: PartialEq>(all: Vec<T>) -> Option<T> {
    let same = all.iter().all(|it| Some(it) == all.first());
    all.into_iter().next().filter(|_| same)
}

/// Returns template and hypervisor of an instance.
pub(super) fn about(instance: &Instance, config: &Data) -> Result<(Option<DiskTemplate>, String), Gone> {
    Ok((DiskTemplate::parse(&config.template_of(instance)?), instance.hypervisor.clone()))
}
