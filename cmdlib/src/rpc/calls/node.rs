//! Calls about nodes.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::field::Params;
use crate::rpc::{HvSpec, NodeInfoReply, PerNode, StorageUnit, Untyped};

crate::calls! {
    /// Sets up Open vSwitch.
    action NodeConfigureOvs = "node_configure_ovs" in |c| 900, Online, Cluster (
        name: String,
        link: Option<String>,
    ) => Untyped;

    /// Tells tokens of a node, such as the digest of its certificate.
    question NodeCryptoTokens = "node_crypto_tokens" in |c| 3600, Online, Node (
        requests: Vec<(String, String, Value)>,
    ) => Untyped;

    /// Takes from a node what only master candidates have.
    action NodeDemoteFromMc = "node_demote_from_mc" in |c| 300, Online, Node () => Untyped;

    /// Starts a daemon, or stops it.
    action NodeEnsureDaemon = "node_ensure_daemon" in |c| 60, Online, Node (
        daemon: String,
        run: bool,
    ) => Untyped;

    /// Tells whether a node has an address.
    question NodeHasIpAddress = "node_has_ip_address" in |c| 300, Online, Nothing (
        address: String,
    ) => Untyped;

    /// Tells how much memory, storage and processors a node has.
    question NodeInfo = "node_info" in |c| 60, Online, Nothing (
        /// The storage to tell about.
        storage: Option<PerNode<Vec<StorageUnit>>>,
        /// The hypervisors to tell about.
        hypervisors: Vec<HvSpec>,
    ) => NodeInfoReply;

    /// Resets a node's hardware. It is meant for nodes in trouble: offline ones are called, and no lock is needed.
    action NodePowercycle = "node_powercycle" in |c| 900, Everywhere, Nothing (
        /// The cluster's default hypervisor.
        hypervisor: String,
        /// The cluster's parameters for it.
        hvparams: Arc<Params>,
    ) => Option<String>;

    /// Distributes a node's SSH key. It is made on the master.
    action NodeSshKeyAdd = "node_ssh_key_add" in |c| 300, Online, Nothing (
        node_uuid: String,
        node_name: String,
        potential_master_candidates: Vec<String>,
        to_authorized_keys: bool,
        to_public_keys: bool,
        get_public_keys: bool,
    ) => Untyped;

    /// Takes a node's SSH key back. It is made on the master.
    action NodeSshKeyRemove = "node_ssh_key_remove" in |c| 300, Online, Nothing (
        node_uuid: String,
        node_name: String,
        master_candidates: Vec<String>,
        potential_master_candidates: Vec<String>,
        from_authorized_keys: bool,
        from_public_keys: bool,
        clear_authorized_keys: bool,
        clear_public_keys: bool,
        readd: bool,
    ) => Untyped;

    /// Makes new SSH keys for nodes. It is made on the master.
    action NodeSshKeysRenew = "node_ssh_keys_renew" in |c| 14400, Online, Nothing (
        node_uuids: Vec<String>,
        node_names: Vec<String>,
        master_candidates: Vec<String>,
        potential_master_candidates: Vec<String>,
        old_key_type: String,
        new_key_type: String,
        new_key_bits: u64,
    ) => Untyped;

    /// Checks what it is asked to on a node.
    question NodeVerify = "node_verify" in |c| 900, Online, Node (
        checks: Params,
        cluster: String,
        hvparams: IndexMap<String, Params>,
    ) => Untyped;

    /// Tells which logical volumes a node has, with their devices.
    question NodeVolumes = "node_volumes" in |c| 300, Online, Node () => Untyped;

    /// Runs one of the commands that administrators have put on the node for it.
    action RestrictedCommand = "restricted_command" in |c| 3600, Online, Node (
        command: String,
    ) => Untyped;

    /// Runs the out-of-band program for a node.
    action RunOob = "run_oob" in |c| 900, Online, Node (
        program: String,
        command: String,
        node: String,
        timeout_seconds: i64,
    ) => Untyped;

    /// Lets a node wait. It only tests locks and queue, so no lock is needed.
    action TestDelay = "test_delay" in |c| (c.duration + 5.0).floor(), Online, Nothing (
        /// How long, in seconds.
        duration: f64,
    ) => Value;

    /// Checks what it is asked to on a node that is not in the cluster.
    question NodeVerifyLight = "node_verify_light" in |c| 900, Online, Nothing (
        checks: Params,
        cluster: String,
        hvparams: IndexMap<String, Params>,
    ) => Untyped;

    /// Tells the version of the protocol.
    question Version = "version" in |c| 60, Everywhere, Nothing () => Untyped;
}
