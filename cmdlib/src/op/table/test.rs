//! Opcodes for tests of a cluster.

use serde_json::Value;

use crate::op::macros::opcodes;
use crate::op::{AllocatorMode, AllocatorTest, EvacuationMode, NicSpec, NonEmpty, SecretParams};
use crate::params::{DiskTemplate, Hypervisor};

opcodes! {
    /// Shows what an allocator is asked, or what it replies.
    TestAllocator = "OP_TEST_ALLOCATOR" (
        direction: AllocatorTest,
        mode: AllocatorMode,
        name: NonEmpty,
    ) {
        nics: Option<Vec<NicSpec>> = None,
        disks: Option<Vec<Value>> = None,
        hypervisor: Option<Hypervisor> = None,
        iallocator: Option<NonEmpty> = None,
        tags: Vec<NonEmpty> = Vec::new(),
        memory: Option<u64> = None,
        vcpus: Option<u64> = None,
        os: Option<NonEmpty> = None,
        disk_template: Option<DiskTemplate> = None,
        instances: Option<Vec<NonEmpty>> = None,
        evac_mode: Option<EvacuationMode> = None,
        target_groups: Option<Vec<NonEmpty>> = None,
        spindle_use: u64 = 1,
        count: u64 = 1,
        group_name: Option<NonEmpty> = None,
    } -> String;

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

    /// Does as it is told: the tests of the job queue fill jobs with it. No unit executes it.
    TestDummy = "OP_TEST_DUMMY" () {
        result: Value = Value::Null,
        messages: Value = Value::Null,
        fail: Value = Value::Null,
        submit_jobs: Value = Value::Null,
    } -> ();

    /// Tells the tests of the job queue when it runs.
    TestJqueue = "OP_TEST_JQUEUE" () {
        notify_waitlock: bool = false,
        notify_exec: bool = false,
        log_messages: Vec<String> = Vec::new(),
        fail: bool = false,
    } -> bool;

    /// Takes secret parameters, to test that they stay secret.
    TestOsParams = "OP_TEST_OS_PARAMS" () {
        osparams_secret: Option<SecretParams> = None,
    } -> ();
}
