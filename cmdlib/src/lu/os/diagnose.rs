//! `OsDiagnose` tells which operating systems nodes have, and what is wrong with them.
//!
//! | | |
//! |---|---|
//! | locks | none |
//! | calls | exec: os_diagnose on all nodes that are online and can run instances |
//! | refusals | `wrong_input`: a field that does not exist |
//! | failures | no node has a system that was named, if all systems are to be told about (see below) |
//!
//! Systems that are hidden, blacklisted or not valid are left out, unless the field that says so is asked for. They come
//! sorted by name; if all three fields are asked for, in the order of the names given, and then each of them must be there.
//! An empty list of names means all (the corpus keeps it so, against R12).
//!
//! Variants, parameters and versions are those that all nodes have; a system is trusted unless a node says no. That is
//! looked at on all nodes that answered (D12). Of the others nothing is known: each is warned about (D13).
//!
//! Source: ganeti 3.1, cmdlib/operating_system.py and query.py.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use crate::config::Data;
use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::field::{Field, Params};
use crate::ids::NodeId;
use crate::locking::Locks;
use crate::lu::shared::order::nice_key;
use crate::op;
use crate::rpc::{self, OsEntry};
use crate::unit::LogicalUnit;

crate::words! {
    /// What can be told about an operating system.
    pub enum OsField {
        /// Its name.
        Name = "name",
        /// Whether it can be used on all nodes.
        Valid = "valid",
        /// Whether it is not listed.
        Hidden = "hidden",
        /// Whether it is not to be used.
        Blacklisted = "blacklisted",
        /// Its variants.
        Variants = "variants",
        /// The versions of the interface to it.
        ApiVersions = "api_versions",
        /// Its parameters, and what they are for.
        Parameters = "parameters",
        /// What each node says, by uuid.
        NodeStatus = "node_status",
        /// The cluster's hypervisor parameters for it and its variants.
        OsHvp = "os_hvp",
        /// The cluster's parameters for it and its variants.
        OsParams = "osparams",
        /// Whether its scripts run outside a sandbox.
        Trusted = "trusted",
    }
}

/// Tells which operating systems nodes have.
pub struct OsDiagnose {
    fields: Vec<OsField>,
    names: IndexSet<String>,
}

impl LogicalUnit for OsDiagnose {
    type Op = op::OsDiagnose;
    type Plan = ();

    fn expand(op: Self::Op, _: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let read = |name: &op::NonEmpty| OsField::read(&name.write());
        let fields: Result<Vec<OsField>, _> = op.output_fields.iter().map(read).collect();
        let fields = fields.map_err(|misfit| Refusal::wrong_input(format!("`output_fields`: {misfit}")))?;
        let names = op.names.iter().map(ToString::to_string).collect();
        Ok((Self { fields, names }, Locks::none()))
    }

    fn check(&self, _: &Check) -> Result<(), Refusal> {
        Ok(())
    }

    fn exec(&self, (): &mut (), cx: &Exec) -> Result<Vec<Vec<Value>>, Failure> {
        let config = cx.config();
        let nodes = config.nodes.values().filter(|node| !node.offline && node.vm_capable);
        let nodes: Vec<NodeId> = nodes.map(|node| node.uuid.clone()).collect();
        let mut told = Vec::new();
        for (node, answer) in cx.ask_all(&nodes, rpc::OsDiagnose {}) {
            match answer {
                Ok(entries) => told.push((node, entries)),
                Err(error) => cx.warn(format!(
                    "nothing is known about the operating systems of node {}: {}",
                    error.node, error.trouble
                )),
            }
        }
        let systems: Vec<System> =
            by_name(&told).into_iter().map(|(name, on_nodes)| System::of(name, on_nodes, &config)).collect();
        let row = |system: &System| self.fields.iter().map(|field| system.tell(*field)).collect();
        Ok(self.choose(&systems)?.into_iter().map(row).collect())
    }
}

impl OsDiagnose {
    fn choose<'a>(&self, systems: &'a [System<'a>]) -> Result<Vec<&'a System<'a>>, Failure> {
        let asked = |field| self.fields.contains(&field);
        let all_kinds = asked(OsField::Hidden) && asked(OsField::Blacklisted) && asked(OsField::Valid);
        if all_kinds && !self.names.is_empty() {
            let find = |name: &String| {
                let found = systems.iter().find(|system| system.name == *name);
                found.ok_or_else(|| Failure::new(format!("no node has an operating system '{name}'")))
            };
            return self.names.iter().map(find).collect();
        }
        let mut chosen: Vec<&System> = systems
            .iter()
            .filter(|it| self.names.is_empty() || self.names.contains(it.name))
            .filter(|it| asked(OsField::Hidden) || !it.hidden)
            .filter(|it| asked(OsField::Blacklisted) || !it.blacklisted)
            .filter(|it| asked(OsField::Valid) || it.valid())
            .collect();
        chosen.sort_by_key(|it| nice_key(it.name));
        Ok(chosen)
    }
}

/// What each node says of one system; nothing where it lacks it.
type OnNodes<'a> = Vec<(&'a NodeId, Vec<&'a OsEntry>)>;

/// Sorts what nodes told by system.
fn by_name(told: &[(NodeId, Vec<OsEntry>)]) -> BTreeMap<&str, OnNodes<'_>> {
    let names: BTreeSet<&str> = told.iter().flat_map(|(_, entries)| entries).map(|it| it.name.as_str()).collect();
    let nowhere = || told.iter().map(|(node, _)| (node, Vec::new())).collect::<OnNodes<'_>>();
    let mut systems: BTreeMap<&str, OnNodes<'_>> = names.into_iter().map(|name| (name, nowhere())).collect();
    for (index, (_, entries)) in told.iter().enumerate() {
        for entry in entries {
            if let Some(system) = systems.get_mut(entry.name.as_str()) {
                system[index].1.push(entry);
            }
        }
    }
    systems
}

/// One operating system, as the nodes that answered have it.
struct System<'a> {
    name: &'a str,
    on_nodes: OnNodes<'a>,
    hidden: bool,
    blacklisted: bool,
    variants: BTreeSet<String>,
    config: &'a Data,
}

impl<'a> System<'a> {
    fn of(name: &'a str, on_nodes: OnNodes<'a>, config: &'a Data) -> Self {
        let (hidden, blacklisted) = (&config.cluster.hidden_os, &config.cluster.blacklisted_os);
        let (hidden, blacklisted) = (hidden.contains(name), blacklisted.contains(name));
        let mut system = Self { name, on_nodes, hidden, blacklisted, variants: BTreeSet::new(), config };
        system.variants = system.common(|entry| entry.variants.clone());
        system
    }

    /// Returns what each node would use: of several places the first.
    fn used(&self) -> impl Iterator<Item = Option<&OsEntry>> {
        self.on_nodes.iter().map(|(_, entries)| entries.first().copied())
    }

    fn valid(&self) -> bool {
        self.used().all(|entry| entry.is_some_and(|entry| entry.valid))
    }

    /// Returns what all nodes have; a node without the system has nothing.
    fn common<T: Ord>(&self, of: impl Fn(&OsEntry) -> Vec<T>) -> BTreeSet<T> {
        let mut sets = self.used().map(|entry| entry.map(&of).into_iter().flatten().collect::<BTreeSet<T>>());
        let mut common = sets.next().unwrap_or_default();
        sets.for_each(|set| common.retain(|it| set.contains(it)));
        common
    }

    /// Returns the cluster's entries for the system by its bare name (D11) and with its variants.
    fn of_cluster<T: Field>(&self, entries: &IndexMap<String, T>) -> Value {
        let full = self.variants.iter().map(|variant| format!("{}+{variant}", self.name));
        let found = [self.name.to_owned()].into_iter().chain(full);
        found.filter_map(|name| Some((name.clone(), entries.get(&name)?.write()))).collect::<Params>().into()
    }

    fn tell(&self, field: OsField) -> Value {
        match field {
            OsField::Name => self.name.into(),
            OsField::Valid => self.valid().into(),
            OsField::Hidden => self.hidden.into(),
            OsField::Blacklisted => self.blacklisted.into(),
            OsField::Variants => sorted(&self.variants, |variant| variant),
            OsField::ApiVersions => self.common(|entry| entry.api_versions.clone()).write(),
            OsField::Parameters => sorted(&self.common(|entry| entry.parameters.clone()), |(name, _)| name),
            OsField::NodeStatus => {
                let of_node = |entries: &[&OsEntry]| entries.iter().map(|entry| entry.without_name()).collect();
                let nodes = self.on_nodes.iter().map(|(node, entries)| (node.to_string(), of_node(entries)));
                nodes.collect::<Params>().into()
            }
            OsField::OsHvp => self.of_cluster(&self.config.cluster.os_hvp),
            OsField::OsParams => self.of_cluster(&self.config.cluster.osparams),
            OsField::Trusted => self.used().flatten().all(|entry| entry.trusted).into(),
        }
    }
}

fn sorted<T: Field + Ord>(items: &BTreeSet<T>, name: impl Fn(&T) -> &String) -> Value {
    let mut items: Vec<&T> = items.iter().collect();
    items.sort_by_key(|item| nice_key(name(item)));
    items.into_iter().map(Field::write).collect()
}
