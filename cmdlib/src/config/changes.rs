//! Typed changes. A draft is the next state in the making: all its changes are stored together, or none.

use std::sync::Arc;

use crate::config::data::{Data, Snapshot};
use crate::config::entity::{Entity, Gone};
use crate::config::store::ChangeError;
use crate::ids::{Id, InstanceId};
use crate::objects::{AdminSource, AdminState, Cluster, Instance, Network};

/// What `Draft::set_status` changes; what is not given stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct Status {
    /// The wanted state.
    pub admin_state: Option<AdminState>,
    /// Who wants it.
    pub source: Option<AdminSource>,
    /// Whether the disks are wanted active.
    pub disks_active: Option<bool>,
}

/// The next state of the configuration, in the making.
///
/// Serial numbers and times move as ganeti 3.1 moves them: with each change of an object, not with one that changes nothing.
#[derive(Debug)]
pub struct Draft {
    data: Data,
    now: f64,
    pub(crate) changed: bool,
    pub(crate) whole: bool,
}

impl Draft {
    pub(crate) fn new(from: &Snapshot, now: f64) -> Self {
        Self { data: Data::clone(from), now, changed: false, whole: false }
    }

    pub(crate) fn finish(self) -> Snapshot {
        self.data.into()
    }

    /// Returns the state so far.
    #[must_use]
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// Files an object under `id`: a damaged document may file one under another uuid than its own, and a change of it must
    /// not make two of it.
    fn put<T: Entity>(&mut self, id: &Id<T>, object: Arc<T>) {
        let before = T::table_mut(&mut self.data).insert(id.clone(), Arc::clone(&object));
        T::relink(&mut self.data, id, before.as_ref(), Some(&object));
        self.changed = true;
    }

    /// Changes an object. A change that leaves it as it was stores nothing.
    ///
    /// # Errors
    /// The object is not in the configuration.
    pub fn update<T: Entity>(&mut self, id: &Id<T>, change: impl FnOnce(&mut T)) -> Result<Arc<T>, Gone> {
        let before = self.data.get(id)?;
        let mut after = (*before).clone();
        change(&mut after);
        if after == *before {
            return Ok(before);
        }
        after.stamp(before.serial() + 1, self.now);
        let after = Arc::new(after);
        self.put(id, Arc::clone(&after));
        if T::TABLE == "nodes" {
            self.bump_cluster();
        }
        Ok(after)
    }

    /// Puts a changed copy of an object back.
    ///
    /// # Errors
    /// The object is gone, or was changed since the copy was taken: its serial number is another.
    pub fn replace<T: Entity>(&mut self, object: &T) -> Result<Arc<T>, ChangeError> {
        let stored = self.data.get(object.id())?;
        if stored.serial() != object.serial() {
            return Err(ChangeError::Stale { kind: T::KIND, name: object.name().to_owned() });
        }
        Ok(self.update(object.id(), |it| *it = object.clone())?)
    }

    /// Changes the cluster object.
    pub fn update_cluster(&mut self, change: impl FnOnce(&mut Cluster)) -> Arc<Cluster> {
        let mut after = (*self.data.cluster).clone();
        change(&mut after);
        if after != *self.data.cluster {
            after.serial_no = self.data.cluster.serial_no + 1;
            after.mtime = self.now;
            self.data.set_cluster(after);
            self.changed = true;
        }
        Arc::clone(&self.data.cluster)
    }

    /// Sets what state an instance is wanted in.
    ///
    /// # Errors
    /// The instance is not in the configuration.
    pub fn set_status(&mut self, id: &InstanceId, status: Status) -> Result<Arc<Instance>, Gone> {
        self.update(id, |instance| {
            instance.admin_state = status.admin_state.unwrap_or(instance.admin_state);
            instance.admin_state_source = status.source.unwrap_or(instance.admin_state_source);
            instance.disks_active = status.disks_active.unwrap_or(instance.disks_active);
        })
    }

    /// Adds a network. The reference writes the whole document for it, hence the hook for changed configurations runs.
    ///
    /// # Errors
    /// A network of that name or uuid exists.
    pub fn add_network(&mut self, mut network: Network) -> Result<Arc<Network>, ChangeError> {
        let taken = self.data.networks.values().any(|it| it.name == network.name)
            || self.data.networks.get(&network.uuid).is_some();
        if taken {
            return Err(ChangeError::Exists { kind: Network::KIND, name: network.name });
        }
        network.serial_no = 1;
        network.ctime = self.now;
        network.mtime = self.now;
        let network = Arc::new(network);
        self.put(&network.uuid, Arc::clone(&network));
        let mut cluster = (*self.data.cluster).clone();
        cluster.serial_no += 1;
        self.data.set_cluster(cluster);
        self.whole = true;
        Ok(network)
    }

    /// Becomes another state altogether: for tests, where another job's changes come from outside.
    pub fn become_state(&mut self, state: &Snapshot) {
        self.data = Data::clone(state);
        self.changed = true;
    }

    /// Puts an object in, new or not, as it is: for building clusters, where no serial number counts yet.
    pub fn insert<T: Entity>(&mut self, object: T) -> Arc<T> {
        let object = Arc::new(object);
        self.put(object.id(), Arc::clone(&object));
        object
    }

    /// Takes an object out, as it is.
    ///
    /// # Errors
    /// It is not in the configuration.
    pub fn remove<T: Entity>(&mut self, id: &Id<T>) -> Result<Arc<T>, Gone> {
        let object = T::table_mut(&mut self.data).remove(id).ok_or_else(|| Gone::new(T::KIND, id.as_str()))?;
        T::relink(&mut self.data, id, Some(&object), None);
        self.changed = true;
        Ok(object)
    }

    fn bump_cluster(&mut self) {
        let now = self.now;
        let mut cluster = (*self.data.cluster).clone();
        cluster.serial_no += 1;
        cluster.mtime = now;
        self.data.set_cluster(cluster);
    }
}
