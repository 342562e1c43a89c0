//! The cluster that a test begins with, and the builders that shape it.
//!
//! Each setter changes the cluster at once; there is nothing to finish. What the real system would refuse on the spot
//! panics at the test's line; what stands in the end is judged by the real `verify` ([`MockConfig::check`]).
//!
//! Here live the builders, one file a kind of object, and what they count. Here live no scripts and no verdicts.
//!
//! Not modelled: filter rules, user id pools, IPv6 pools of networks, child disks of anything but mirrors. Reach them
//! with `change`, [`MockConfig::cluster`] or [`MockConfig::from_document`].

mod begin;
mod check;
mod cluster;
mod counted;
mod disks;
mod group;
mod instance;
mod interference;
mod lines;
mod mirrors;
mod mistake;
mod network;
mod nic;
mod node;
mod parameters;
mod ports;
mod roles;
mod scaled;
mod size;

pub use group::GroupBuilder;
pub use instance::InstanceBuilder;
pub use network::NetworkBuilder;
pub use nic::NicBuilder;
pub use node::NodeBuilder;
pub use size::{GiB, Mebibytes, MiB};

use std::collections::BTreeSet;
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, LazyLock, OnceLock};

use cmdlib::config::{ByName, ChangeError, Config, Draft, Entity, Finding, MemoryStorage, Snapshot};
use cmdlib::field::Field;
use cmdlib::ids::{GroupId, Id, InstanceId, NetworkId, NodeId};
use cmdlib::objects::{Instance, Network, Node, NodeGroup};
use serde_json::Value;

use self::counted::Counted;
use self::lines::{Line, Lines};
use self::mistake::{missing, mistake};
use crate::secrets::Secrets;

/// The configuration of a cluster, in the making.
///
/// It begins as [`MockConfig::new`] says, with one node, and becomes what a test needs by builders:
/// [`node`](Self::node), [`group`](Self::group), [`instance`](Self::instance) and [`network`](Self::network) make what
/// is not there yet and refer to what is. A name that is only *mentioned* (`.on("node2")`, `.group("rack-b")`) must
/// exist, so that a misspelt one does not make anything.
///
/// Names are given short and stored with the cluster's domain: `node2` is `node2.example.com`. Uuids are counted, and
/// begin with what they are of: `a0de0000` node, `96000000` group, `1a5a0000` instance, `d15c0000` disk, `4e700000`
/// network. Addresses are 192.0.2.n and (for mirroring) 198.51.100.n, hardware addresses begin with `aa:00:00`, TCP
/// ports with 11000; secrets of mirrored disks are the texts `drbd-secret-0001` and so on, to be searched for. Serial
/// numbers are 1, but for the cluster's own, which counts what was done to it.
///
/// A clone costs nothing, and is changed for itself.
///
/// ```
/// use cmdlib::objects::{AdminState, Instance};
/// use testlib::{GiB, MockConfig};
///
/// let mut config = MockConfig::new();
/// config.group("rack-b");
/// config.node("node2").group("rack-b").tag("old");
/// config.node("node3").offline();
/// config.instance("web1").on("node1").drbd("node2", GiB(10)).up();
///
/// let web1 = config.snapshot().named::<Instance>("web1.example.com").unwrap();
/// assert_eq!(web1.admin_state, AdminState::Up);
/// assert_eq!(web1.primary_node, config.id_of_node("node1"));
/// config.check().unwrap();
/// ```
#[derive(Clone)]
pub struct MockConfig {
    state: Snapshot,
    counted: Counted,
    lines: Lines,
    /// Instances whose disks are still those that nobody asked for.
    default_disks: BTreeSet<InstanceId>,
    /// Instances whose interfaces are still those that nobody asked for.
    default_nics: BTreeSet<InstanceId>,
    /// What `verify` may find, because a test breaks its cluster on purpose.
    expected: BTreeSet<Finding>,
    reasons: Vec<(String, Line)>,
    /// Since when changes are those of other jobs: they move serial numbers and times.
    now: Option<f64>,
    /// The secrets of the state, as soon as somebody has looked for them.
    secrets: Arc<OnceLock<Secrets>>,
}

impl fmt::Debug for MockConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = (self.state.nodes.len(), self.state.instances.len());
        write!(f, "MockConfig({} nodes, {} instances)", counted.0, counted.1)
    }
}

impl Default for MockConfig {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl MockConfig {
    /// Returns the smallest cluster: the master `node1` in the group `default`, no instance, no network.
    ///
    /// It is called `cluster.example.com`, has the default parameters of everything, the hypervisor `kvm`, all disk
    /// templates (`plain` first), the volume group `xenvg`, and two addresses a node.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let config = MockConfig::new();
    /// assert_eq!(config.snapshot().master_name(), "node1.example.com");
    /// config.check().unwrap();
    /// ```
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        // It is the same each time: made once, then copied.
        static MADE: LazyLock<MockConfig> = LazyLock::new(|| {
            let mut config = MockConfig::made_of(&begin::document());
            config.node("node1");
            config
        });
        MADE.clone().ready(Location::caller())
    }

    /// Returns the cluster of a `config.data`, of version 2.16, 3.0 or 3.1.
    ///
    /// # Panics
    /// The document can't be read.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let document = MockConfig::new().snapshot().write();
    /// assert_eq!(MockConfig::from_document(&document).snapshot().nodes.len(), 1);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn from_document(document: &Value) -> Self {
        match Snapshot::read(document) {
            Ok(state) => {
                let mut config = Self::at(state);
                config.lines.note_all(Location::caller());
                config
            }
            Err(why) => mistake(format!("the document is no configuration: {why}")),
        }
    }

    /// Returns the cluster of a document that was written here.
    fn made_of(document: &Value) -> Self {
        let mut config = Self::at(Snapshot::read(document).expect("it has all members that are required"));
        let line = Location::caller();
        config.lines.note(counted::CLUSTER_ID, line);
        config.state.nodegroups.ids().for_each(|id| config.lines.note(id.as_str(), line));
        config
    }

    fn at(state: Snapshot) -> Self {
        let mut counted = Counted::default();
        counted.skip(&state);
        Self {
            state,
            counted,
            lines: Lines::default(),
            default_disks: BTreeSet::new(),
            default_nics: BTreeSet::new(),
            expected: BTreeSet::new(),
            reasons: Vec::new(),
            now: None,
            secrets: Arc::default(),
        }
    }

    /// Goes on from another state: that of a store which a job has changed.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut other = MockConfig::new();
    /// other.node("node2");
    /// let mut config = MockConfig::new();
    /// config.load(other.snapshot()).node("node2").offline();
    /// ```
    pub fn load(&mut self, state: Snapshot) -> &mut Self {
        self.counted.skip(&state);
        self.becomes(state);
        self
    }

    /// From here on, changes count as those of other jobs at the time `now` (in seconds since 1970): they move serial
    /// numbers and times, so that a stale write is noticed.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.running(1_600_000_060.0).node("node1").tag("seen");
    /// let node1 = config.snapshot().get(&config.id_of_node("node1")).unwrap();
    /// assert_eq!((node1.serial_no, node1.mtime), (2, 1_600_000_060.0));
    /// ```
    pub fn running(&mut self, now: f64) -> &mut Self {
        self.now = Some(now);
        self
    }

    /// Ends the making of a ready-made cluster: its lines are that of the test, and nothing of it counts as a default
    /// that the next setter replaces.
    pub(crate) fn ready(mut self, line: Line) -> Self {
        self.lines.all_at(line);
        self.default_disks.clear();
        self.default_nics.clear();
        self
    }

    /// Returns the state as it stands.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.state.clone()
    }

    /// Returns the uuid of a node.
    ///
    /// # Panics
    /// There is none of this name.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// assert_eq!(MockConfig::new().id_of_node("node1").as_str(), "a0de0000-0000-4000-8000-000000000001");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn id_of_node(&self, name: &str) -> NodeId {
        self.id_of(name)
    }

    /// Returns the uuid of an instance.
    ///
    /// # Panics
    /// There is none of this name.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.instance("web1");
    /// assert_eq!(config.id_of_instance("web1").as_str(), "1a5a0000-0000-4000-8000-000000000001");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn id_of_instance(&self, name: &str) -> InstanceId {
        self.id_of(name)
    }

    /// Returns the uuid of a node group.
    ///
    /// # Panics
    /// There is none of this name.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// assert_eq!(MockConfig::new().id_of_group("default").as_str(), "96000000-0000-4000-8000-000000000001");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn id_of_group(&self, name: &str) -> GroupId {
        self.id_of(name)
    }

    /// Returns the uuid of a network.
    ///
    /// # Panics
    /// There is none of this name.
    ///
    /// ```
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.network("net1");
    /// assert_eq!(config.id_of_network("net1").as_str(), "4e700000-0000-4000-8000-000000000001");
    /// ```
    #[must_use]
    #[track_caller]
    pub fn id_of_network(&self, name: &str) -> NetworkId {
        self.id_of(name)
    }

    /// Returns the line of the test that said something about an object last; none for what no test has touched.
    ///
    /// ```
    /// use cmdlib::objects::Node;
    /// use testlib::MockConfig;
    ///
    /// let mut config = MockConfig::new();
    /// config.node("node2").drained();
    /// assert_eq!(config.line_of::<Node>("node2").map(|it| it.line()), Some(line!() - 1));
    /// assert_eq!(config.line_of::<Node>("node3"), None);
    /// ```
    #[must_use]
    pub fn line_of<T: Kind>(&self, name: &str) -> Option<&'static Location<'static>> {
        self.known::<T>(name).and_then(|id| self.lines.get(id.as_str()))
    }

    /// Returns the full name that a short one stands for: with the cluster's domain, where the object's kind has such.
    pub(crate) fn full_name<T: Kind>(&self, name: &str) -> String {
        match self.state.cluster.cluster_name.split_once('.') {
            Some((_, domain)) if T::IN_DOMAIN && !name.contains('.') => format!("{name}.{domain}"),
            _ => name.to_owned(),
        }
    }

    /// Returns a name as tests say it.
    fn short_name<'a>(&self, name: &'a str) -> &'a str {
        let domain = self.state.cluster.cluster_name.split_once('.').map_or("", |(_, domain)| domain);
        name.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.')).unwrap_or(name)
    }

    /// Returns an object's name as tests say it.
    fn called<T: Entity>(&self, id: &Id<T>) -> String {
        self.state.get(id).map_or_else(|_| id.to_string(), |it| self.short_name(it.name()).to_owned())
    }

    fn known<T: Kind>(&self, name: &str) -> Option<Id<T>> {
        let full = self.full_name::<T>(name);
        let exact = self.state.named::<T>(&full).map(|it| it.id().clone());
        exact.or_else(|_| self.state.find(name)).ok()
    }

    #[track_caller]
    fn id_of<T: Kind>(&self, name: &str) -> Id<T> {
        match self.known(name) {
            Some(id) => id,
            None => mistake(self.missing::<T>(name)),
        }
    }

    fn missing<T: Kind>(&self, name: &str) -> String {
        let known: Vec<&str> = T::table(&self.state).values().map(|it| self.short_name(it.name())).collect();
        missing(T::KIND, name, &known, &format!(".{}(\"{name}\")", T::MADE_BY))
    }

    fn time(&self) -> f64 {
        self.now.unwrap_or(begin::BUILT)
    }

    /// Returns the object that a builder is about.
    fn object<T: Entity>(&self, id: &Id<T>) -> Arc<T> {
        self.state.get(id).expect("a builder's object stays as long as the builder")
    }

    fn becomes(&mut self, state: Snapshot) {
        self.state = state;
        self.secrets = Arc::default();
    }

    /// Returns the secrets of the state, as soon as somebody has looked for them.
    pub(crate) fn secrets(&self) -> Arc<OnceLock<Secrets>> {
        Arc::clone(&self.secrets)
    }

    /// Makes a change of several objects.
    fn change<R>(&mut self, change: impl FnOnce(&mut Draft) -> R) -> R {
        let store = Config::new(self.state.clone(), MemoryStorage);
        let changed = store.change::<R, ChangeError>(self.time(), |draft| Ok(change(draft)));
        let (result, written) = changed.expect("memory keeps all, and the change itself can't fail");
        self.becomes(written.after);
        result
    }

    /// Changes one object. While a cluster is being built, its serial number stays.
    fn put<T: Entity>(&mut self, id: &Id<T>, line: Line, change: impl FnOnce(&mut T)) {
        let mut after = (*self.object(id)).clone();
        change(&mut after);
        self.store(after);
        self.lines.note(id.as_str(), line);
    }

    /// Puts an object in place of the one with its id, if there is one.
    fn store<T: Entity>(&mut self, object: T) {
        let running = self.now.is_some();
        self.change(|draft| {
            let id = object.id().clone();
            // A new object, or one of a cluster in the making, is stored as it is.
            if running && draft.data().get(&id).is_ok() {
                draft.update(&id, |it| *it = object).expect("it was just there");
            } else {
                draft.insert(object);
            }
        });
    }

    /// Changes one object by a function of the test.
    #[track_caller]
    fn put_by_hand<T: Entity>(&mut self, id: &Id<T>, change: impl FnOnce(&mut T)) {
        let line = Location::caller();
        let mut after = (*self.object(id)).clone();
        change(&mut after);
        if after.id() != id {
            mistake(format!("the uuid of a {} does not change; to break a cluster, use `broken`", T::KIND));
        }
        self.store(after);
        self.lines.note(id.as_str(), line);
    }
}

/// A kind of object that tests name. It is implemented for all of them, and for nothing else.
pub trait Kind: ByName + sealed::Sealed {
    /// Whether its full names end in the cluster's domain.
    #[doc(hidden)]
    const IN_DOMAIN: bool;
    /// The function that makes one.
    #[doc(hidden)]
    const MADE_BY: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! kinds {
    ($($type:ident $in_domain:literal $made_by:literal;)+) => { $(
        impl sealed::Sealed for $type {}
        impl Kind for $type {
            const IN_DOMAIN: bool = $in_domain;
            const MADE_BY: &'static str = $made_by;
        }
    )+ };
}
kinds! {
    Node true "node";
    Instance true "instance";
    NodeGroup false "group";
    Network false "network";
}

/// Reads an object that was written here.
fn made<T: Field>(value: &Value) -> T {
    T::read(value).expect("it has all members that are required")
}
