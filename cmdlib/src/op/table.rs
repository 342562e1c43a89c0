//! The table of opcodes.

use serde_json::Value;

use crate::field::Params;
use crate::jobs::Submitted;
use crate::op::macros::opcodes;
use crate::op::{
    DiskIndex, Ipv4, Ipv4Network, Ipv6, Ipv6Network, MigrationMode, NonEmpty, RebootType, ReplaceMode, TagKind,
};

opcodes! {
    /// Returns the tags of an object.
    TagsGet = "OP_TAGS_GET" (
        /// What kind of object carries them.
        kind: TagKind,
    ) {
        /// The object's name; none for the cluster.
        name: Option<String> = None,
        /// Whether the object is locked meanwhile.
        use_locking: bool = false,
    } -> Vec<NonEmpty>;

    /// Adds tags to an object; those that it has already stay.
    TagsSet = "OP_TAGS_SET" (
        /// What kind of object carries them.
        kind: TagKind,
        /// The tags to add.
        tags: Vec<String>,
    ) {
        /// The object's name; none for the cluster.
        name: Option<String> = None,
    } -> ();

    /// Takes tags from an object, which must have all of them.
    TagsDel = "OP_TAGS_DEL" (
        /// What kind of object carries them.
        kind: TagKind,
        /// The tags to take away.
        tags: Vec<String>,
    ) {
        /// The object's name; none for the cluster.
        name: Option<String> = None,
    } -> ();

    /// Finds the tags of all objects that match a pattern.
    TagsSearch = "OP_TAGS_SEARCH" (
        /// A regular expression; it may match anywhere in the tag.
        pattern: NonEmpty,
    ) {} -> Vec<(NonEmpty, NonEmpty)>;

    /// Tells which operating systems nodes have, and what is wrong with them.
    OsDiagnose = "OP_OS_DIAGNOSE" (
        /// The fields to return, in this order.
        output_fields: Vec<NonEmpty>,
    ) {
        /// The systems to tell about, in this order; none means all.
        names: Vec<NonEmpty> = Vec::new(),
    } -> Vec<Vec<Value>>;

    /// Waits for a while on the master or on nodes.
    TestDelay = "OP_TEST_DELAY" (
        /// How long, in seconds.
        duration: f64,
    ) {
        /// Whether the master waits.
        on_master: bool = true,
        /// The nodes that wait.
        on_nodes: Vec<NonEmpty> = Vec::new(),
        /// Their uuids; the unit fills them in.
        on_node_uuids: Option<Vec<NonEmpty>> = None,
        /// How often; none is once, without telling about it.
        repeat: u64 = 0,
        /// Whether a connection to a socket ends the wait.
        interruptible: bool = false,
        /// Whether the nodes stay unlocked.
        no_locks: bool = true,
    } -> ();

    /// Resets a node's hardware.
    NodePowercycle = "OP_NODE_POWERCYCLE" (
        /// The node.
        node_name: NonEmpty,
    ) {
        /// The uuid that the node is expected to have.
        node_uuid: Option<NonEmpty> = None,
        /// Whether even the master is reset.
        force: bool = false,
    } -> Option<NonEmpty>;

    /// Starts an instance.
    InstanceStartup = "OP_INSTANCE_STARTUP" (
        /// The instance.
        instance_name: String,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// Whether it is started even if secondary nodes fail.
        force: bool = false,
        /// Whether an offline primary node is no error: the instance is only marked as up.
        ignore_offline_nodes: bool = false,
        /// Hypervisor parameters for this start only.
        hvparams: Params = Params::new(),
        /// Backend parameters for this start only.
        beparams: Params = Params::new(),
        /// Whether the wanted state stays as it is.
        no_remember: bool = false,
        /// Whether it is held before its first instruction.
        startup_paused: bool = false,
        /// How long a shutdown that has to come first may take, in seconds.
        shutdown_timeout: u64 = 120,
    } -> ();

    /// Stops an instance.
    InstanceShutdown = "OP_INSTANCE_SHUTDOWN" (
        /// The instance.
        instance_name: String,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// Whether the wanted state does not matter.
        force: bool = false,
        /// Whether an offline primary node is no error: the instance is only marked as down.
        ignore_offline_nodes: bool = false,
        /// How long it may take before it is forced, in seconds.
        timeout: u64 = 120,
        /// Whether the wanted state stays as it is.
        no_remember: bool = false,
        /// Who wants it; the administrator if not given.
        admin_state_source: Option<crate::objects::AdminSource> = None,
    } -> ();

    /// Reboots an instance.
    InstanceReboot = "OP_INSTANCE_REBOOT" (
        /// The instance.
        instance_name: String,
        /// How it is rebooted.
        reboot_type: RebootType,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// How long its shutdown may take before it is forced, in seconds.
        shutdown_timeout: u64 = 120,
        /// Whether it is started even if secondary nodes fail.
        ignore_secondaries: bool = false,
    } -> ();

    /// Adds a network.
    NetworkAdd = "OP_NETWORK_ADD" (
        /// Its name.
        network_name: NonEmpty,
        /// Its addresses.
        network: Ipv4Network,
    ) {
        /// Its gateway.
        gateway: Option<Ipv4> = None,
        /// Its IPv6 addresses.
        network6: Option<Ipv6Network> = None,
        /// Its IPv6 gateway.
        gateway6: Option<Ipv6> = None,
        /// The first three octets of its instances' hardware addresses.
        mac_prefix: Option<NonEmpty> = None,
        /// Addresses that no instance gets.
        add_reserved_ips: Option<Vec<Ipv4>> = None,
        /// Whether the addresses of the nodes and the cluster are kept from instances.
        conflicts_check: bool = true,
        /// Its tags.
        tags: Vec<NonEmpty> = Vec::new(),
    } -> ();

    /// Moves all instances of a node group to other groups.
    GroupEvacuate = "OP_GROUP_EVACUATE" (
        /// The group.
        group_name: NonEmpty,
    ) {
        /// Whether disk replacements give locks back early.
        early_release: bool = false,
        /// The allocator that says where to; the cluster's default if not given.
        iallocator: Option<NonEmpty> = None,
        /// The groups to choose from; none means all others.
        target_groups: Option<Vec<NonEmpty>> = None,
        /// Whether one job runs after the other.
        sequential: bool = false,
        /// Whether instances are stopped and started rather than migrated.
        force_failover: bool = false,
    } -> Submitted;

    /// Finds instances of a node group whose disks are missing or must be activated.
    GroupVerifyDisks = "OP_GROUP_VERIFY_DISKS" (
        /// The group.
        group_name: NonEmpty,
    ) {
        /// Whether all instances and nodes must be locked; else those that are free are looked at.
        is_strict: bool = true,
    } -> crate::lu::group::DiskReport;

    /// Moves a running instance to another node.
    InstanceMigrate = "OP_INSTANCE_MIGRATE" (
        /// The instance.
        instance_name: String,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// Whether it runs on meanwhile.
        mode: Option<MigrationMode> = None,
        /// The same, in its old form.
        live: Option<bool> = None,
        /// Where to, for disks that any node can reach.
        target_node: Option<NonEmpty> = None,
        /// The uuid that the target is expected to have.
        target_node_uuid: Option<NonEmpty> = None,
        /// Whether its memory may be reduced so that it fits.
        allow_runtime_changes: bool = true,
        /// Whether the instance policy does not matter.
        ignore_ipolicy: bool = false,
        /// Whether a failed migration is cleaned up instead.
        cleanup: bool = false,
        /// The allocator that says where to.
        iallocator: Option<NonEmpty> = None,
        /// Whether it may be stopped and started if it can't be migrated.
        allow_failover: bool = false,
        /// Whether different versions of the hypervisor don't matter.
        ignore_hvversions: bool = false,
    } -> ();

    /// Stops an instance and starts it on another node.
    InstanceFailover = "OP_INSTANCE_FAILOVER" (
        /// The instance.
        instance_name: String,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// How long its shutdown may take before it is forced, in seconds.
        shutdown_timeout: u64 = 120,
        /// Whether degraded disks don't matter.
        ignore_consistency: bool = false,
        /// Where to, for disks that any node can reach.
        target_node: Option<NonEmpty> = None,
        /// The uuid that the target is expected to have.
        target_node_uuid: Option<NonEmpty> = None,
        /// Whether the instance policy does not matter.
        ignore_ipolicy: bool = false,
        /// Whether a failed failover is cleaned up instead.
        cleanup: bool = false,
        /// The allocator that says where to.
        iallocator: Option<NonEmpty> = None,
    } -> ();

    /// Replaces one side of an instance's mirrored disks.
    InstanceReplaceDisks = "OP_INSTANCE_REPLACE_DISKS" (
        /// The instance.
        instance_name: String,
        /// Which side.
        mode: ReplaceMode,
    ) {
        /// The uuid that the instance is expected to have.
        instance_uuid: Option<NonEmpty> = None,
        /// Whether locks are given back early.
        early_release: bool = false,
        /// Whether the instance policy does not matter.
        ignore_ipolicy: bool = false,
        /// The disks, by index; none means all.
        disks: Vec<DiskIndex> = Vec::new(),
        /// The new secondary node.
        remote_node: Option<NonEmpty> = None,
        /// The uuid that the new secondary is expected to have.
        remote_node_uuid: Option<NonEmpty> = None,
        /// The allocator that says where to.
        iallocator: Option<NonEmpty> = None,
    } -> ();
}
