//! What nodes answer, as far as standing units read it.

use serde_json::Value;

use crate::field::{Field, Misfit, Params, member};

/// The state of an instance, as its hypervisor sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It runs.
    Running,
    /// It was stopped from within, and what it leaves waits to be cleaned up.
    Shutdown,
}

/// How an instance runs. An empty answer means that it does not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InstanceRuntime {
    /// All that the node told; empty if the instance does not run.
    pub told: Params,
}

impl InstanceRuntime {
    /// Returns what a running instance looks like.
    #[must_use]
    pub fn running(memory_mib: i64, vcpus: i64) -> Self {
        Self::in_state(memory_mib, vcpus, 0)
    }

    /// Returns what an instance looks like that its user has stopped.
    #[must_use]
    pub fn stopped_by_user(memory_mib: i64, vcpus: i64) -> Self {
        Self::in_state(memory_mib, vcpus, 1)
    }

    fn in_state(memory: i64, vcpus: i64, state: i64) -> Self {
        let told =
            [("memory", memory.into()), ("vcpus", vcpus.into()), ("state", state.into()), ("time", Value::from(0.0))];
        Self { told: told.into_iter().map(|(key, value)| (key.to_owned(), value)).collect() }
    }

    /// Tells whether the node knows the instance at all.
    #[must_use]
    pub fn exists(&self) -> bool {
        !self.told.is_empty()
    }

    /// Returns its state, if it exists and the node tells it.
    #[must_use]
    pub fn state(&self) -> Option<RunState> {
        match self.told.get("state")?.as_i64()? {
            0 => Some(RunState::Running),
            1 => Some(RunState::Shutdown),
            _ => None,
        }
    }

    /// Returns how much memory it has, in MiB.
    #[must_use]
    pub fn memory(&self) -> Option<i64> {
        self.told.get("memory")?.as_i64()
    }
}

impl Field for InstanceRuntime {
    fn read(value: &Value) -> Result<Self, Misfit> {
        // An empty list is how nodes tell that there is nothing, where an object is empty.
        if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
            return Ok(Self::default());
        }
        Params::read(value).map(|told| Self { told })
    }
    fn write(&self) -> Value {
        Value::Object(self.told.clone())
    }
}

/// What a hypervisor tells of its node. A value that is missing or no number reads as none: whoever needs it says so.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HvInfo(pub Params);

impl HvInfo {
    /// Returns a number: `memory_free`, `memory_total`, `memory_dom0` (MiB), `cpu_total`, `cpu_dom0` and the like.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<i64> {
        self.0.get(key)?.as_i64()
    }
}

impl Field for HvInfo {
    fn read(value: &Value) -> Result<Self, Misfit> {
        Params::read(value).map(Self)
    }
    fn write(&self) -> Value {
        self.0.write()
    }
}

/// How much room a kind of storage has.
#[derive(Debug, Clone, PartialEq)]
pub struct SpaceInfo {
    /// The kind.
    pub kind: String,
    /// Its name: a volume group, a folder.
    pub name: String,
    /// How much is free, in MiB; physical volumes for `lvm-pv`.
    pub free: Option<i64>,
    /// How much there is.
    pub size: Option<i64>,
}

impl Field for SpaceInfo {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let members = value.as_object().ok_or_else(|| Misfit::new("an object", value))?;
        Ok(Self {
            kind: member(members, "type")?,
            name: member::<Option<String>>(members, "name")?.unwrap_or_default(),
            free: member(members, "storage_free")?,
            size: member(members, "storage_size")?,
        })
    }
    fn write(&self) -> Value {
        let mut members = Params::new();
        members.insert("type".to_owned(), self.kind.write());
        members.insert("name".to_owned(), self.name.write());
        members.insert("storage_free".to_owned(), self.free.write());
        members.insert("storage_size".to_owned(), self.size.write());
        Value::Object(members)
    }
}

/// What a node tells of itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodeInfoReply {
    /// Which run of the kernel this is.
    pub boot_id: String,
    /// The storage that was asked about.
    pub storage: Vec<SpaceInfo>,
    /// The hypervisors that were asked about.
    pub hypervisors: Vec<HvInfo>,
}

impl NodeInfoReply {
    /// Returns what there is of a kind of storage; the first, if several were asked about.
    #[must_use]
    pub fn space(&self, kind: &str) -> Option<&SpaceInfo> {
        self.storage.iter().find(|space| space.kind == kind)
    }
}

impl Field for NodeInfoReply {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let (boot_id, storage, hypervisors) = <(String, Option<Vec<SpaceInfo>>, Vec<HvInfo>)>::read(value)?;
        Ok(Self { boot_id, storage: storage.unwrap_or_default(), hypervisors })
    }
    fn write(&self) -> Value {
        (self.boot_id.clone(), self.storage.clone(), self.hypervisors.clone()).write()
    }
}

/// The device that a disk has on a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Assembled {
    /// It is there.
    Device {
        /// Its path.
        path: String,
        /// A fixed path that leads to it.
        link: Option<String>,
        /// How a hypervisor reaches it without a device.
        uri: Option<String>,
    },
    /// It is there and not opened: the node is not the one that uses it.
    NotOpened,
}

impl Field for Assembled {
    fn read(value: &Value) -> Result<Self, Misfit> {
        match value.as_array().map(Vec::as_slice) {
            Some([Value::Bool(true), ..]) => Ok(Self::NotOpened),
            Some([_, _, _]) => {
                let (path, link, uri) = <(String, Option<String>, Option<String>)>::read(value)?;
                Ok(Self::Device { path, link, uri })
            }
            _ if value == &Value::Bool(true) => Ok(Self::NotOpened),
            _ => Err(Misfit::new("a list of path, link and address", value)),
        }
    }
    fn write(&self) -> Value {
        match self {
            Self::Device { path, link, uri } => (path.clone(), link.clone(), uri.clone()).write(),
            Self::NotOpened => Value::Array(vec![true.into(), true.into()]),
        }
    }
}

/// What a node tells of a logical volume.
#[derive(Debug, Clone, PartialEq)]
pub struct LvStatus {
    /// Its size in MiB, as text.
    pub size: Value,
    /// Whether it is not active.
    pub inactive: bool,
    /// Whether it is in use.
    pub online: bool,
}

impl Field for LvStatus {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let (size, inactive, online) = <(Value, Option<bool>, bool)>::read(value)?;
        Ok(Self { size, inactive: inactive.unwrap_or(false), online })
    }
    fn write(&self) -> Value {
        (self.size.clone(), self.inactive, self.online).write()
    }
}

/// What a node tells of one operating system in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct OsEntry {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// Whether it can be used.
    pub valid: bool,
    /// Why not.
    pub diagnosis: String,
    /// Its variants.
    pub variants: Vec<String>,
    /// Its parameters: names and what they are for.
    pub parameters: Vec<(String, String)>,
    /// The versions of the interface to it.
    pub api_versions: Vec<i64>,
    /// Whether its scripts run outside a sandbox.
    pub trusted: bool,
}

impl OsEntry {
    /// Returns all but the name, as it is shown.
    #[must_use]
    pub fn without_name(&self) -> Value {
        Value::Array(vec![
            self.path.write(),
            self.valid.write(),
            self.diagnosis.write(),
            self.variants.write(),
            self.parameters.write(),
            self.api_versions.write(),
            self.trusted.write(),
        ])
    }
}

impl Field for OsEntry {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let items =
            value.as_array().filter(|items| items.len() == 8).ok_or_else(|| Misfit::new("a list of 8", value))?;
        fn at<T: Field>(items: &[Value], index: usize) -> Result<T, Misfit> {
            T::read(&items[index]).map_err(|misfit| misfit.within(&format!("[{index}]")))
        }
        let list = |index| at::<Option<Vec<String>>>(items, index).map(Option::unwrap_or_default);
        Ok(Self {
            name: at(items, 0)?,
            path: at(items, 1)?,
            valid: at(items, 2)?,
            diagnosis: at(items, 3)?,
            variants: list(4)?,
            parameters: at::<Option<Vec<(String, String)>>>(items, 5)?.unwrap_or_default(),
            api_versions: at::<Option<Vec<i64>>>(items, 6)?.unwrap_or_default(),
            trusted: at(items, 7)?,
        })
    }
    fn write(&self) -> Value {
        let mut items = vec![self.name.write()];
        if let Value::Array(rest) = self.without_name() {
            items.extend(rest);
        }
        Value::Array(items)
    }
}
