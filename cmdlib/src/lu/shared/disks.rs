//! Bringing an instance's disks up on its nodes, and down.
//!
//! Source: ganeti 3.1, cmdlib/instance_storage.py.

use std::sync::Arc;

use crate::config::Status;
use crate::cx::Exec;
use crate::error::Failure;
use crate::ids::NodeId;
use crate::objects::{Disk, Instance};
use crate::rpc::{AnnotatedDisk, Assembled, BlockdevAssemble, BlockdevShutdown, CallError, FullInstance, Trouble};

/// What becomes of errors on secondary nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secondaries {
    /// One that is not offline stops it.
    Matter,
    /// They are warnings.
    Ignored,
}

/// Makes all disks of an instance available: on all nodes first, then for writing on the primary one. Returns the instance,
/// whose disks are then marked active.
///
/// # Errors
/// A device could not be made available. What was brought up is taken down again, and the disks are marked inactive (D117).
#[track_caller]
pub fn activate(instance: &Arc<Instance>, secondaries: Secondaries, cx: &Exec) -> Result<Arc<Instance>, Failure> {
    let instance = mark(instance, true, cx)?;
    let disks = cx.config().disks_of(&instance)?;
    let done = on_all_nodes(&instance, &disks, secondaries, cx).and_then(|()| for_writing(&instance, &disks, cx));
    if let Err(failure) = done {
        // The first error is the one to tell: those of the clean-up are warnings.
        mark_inactive_or_warn(&instance, cx);
        take_down(&instance, &disks, cx);
        if secondaries == Secondaries::Matter {
            cx.hint("if the message above is about a secondary node, the operation can be forced");
        }
        return Err(failure);
    }
    Ok(instance)
}

/// Takes all disks of an instance down on all its nodes. Returns the instance, whose disks are then marked inactive.
///
/// # Errors
/// A device could not be taken down: the disks stay marked active (D118). Offline secondary nodes are no error.
#[track_caller]
pub fn deactivate(instance: &Arc<Instance>, cx: &Exec) -> Result<Arc<Instance>, Failure> {
    let disks = cx.config().disks_of(instance)?;
    if take_down(instance, &disks, cx) {
        return mark(instance, false, cx);
    }
    Err(Failure::new(format!("not all disks of instance '{}' could be taken down; see the warnings", instance.name)))
}

/// Takes all disks of an instance down where that is not the purpose: after another failure, or before they are brought up
/// anew. What goes wrong is a warning (R27, R49). Returns the instance as it is stored then.
#[track_caller]
pub fn clean_up(instance: &Arc<Instance>, cx: &Exec) -> Arc<Instance> {
    match cx.config().disks_of(instance) {
        Ok(disks) if take_down(instance, &disks, cx) => mark_inactive_or_warn(instance, cx),
        // There was a warning for each disk that stays up.
        Ok(_) => Arc::clone(instance),
        Err(gone) => {
            cx.warn(format!("the disks of instance '{}' can't be taken down: {gone}", instance.name));
            Arc::clone(instance)
        }
    }
}

/// Marks the disks of an instance inactive where another error is the one to tell.
#[track_caller]
fn mark_inactive_or_warn(instance: &Arc<Instance>, cx: &Exec) -> Arc<Instance> {
    mark(instance, false, cx).unwrap_or_else(|failure| {
        cx.warn(format!("the disks of instance '{}' are not marked inactive: {failure}", instance.name));
        Arc::clone(instance)
    })
}

/// Marks the disks of an instance as wanted active, or not.
///
/// # Errors
/// The instance is gone, or the change could not be stored.
#[track_caller]
pub fn mark(instance: &Instance, active: bool, cx: &Exec) -> Result<Arc<Instance>, Failure> {
    cx.set_status(&instance.uuid, Status { disks_active: Some(active), ..Status::default() })
}

fn on_all_nodes(
    instance: &Arc<Instance>,
    disks: &[Arc<Disk>],
    secondaries: Secondaries,
    cx: &Exec,
) -> Result<(), Failure> {
    let mut good = true;
    for (index, disk) in disks.iter().enumerate() {
        for node in disk.nodes_for(&instance.primary_node) {
            let Err(error) = assemble(instance, disk, index, &node, false, cx) else { continue };
            // What a node tells about a device that is not opened is of no use yet: only the second pass reads it.
            if matches!(error.trouble, Trouble::Malformed(_)) {
                continue;
            }
            let secondary = node != instance.primary_node;
            cx.warn(format!("{} could not be prepared: {error}", disk.iv_name));
            good &= secondaries == Secondaries::Ignored || (secondary && error.offline());
        }
    }
    if good { Ok(()) } else { Err(inconsistent(instance)) }
}

fn for_writing(instance: &Arc<Instance>, disks: &[Arc<Disk>], cx: &Exec) -> Result<(), Failure> {
    let mut good = true;
    for (index, disk) in disks.iter().enumerate() {
        let why = match assemble(instance, disk, index, &instance.primary_node, true, cx) {
            Ok(Assembled::Device { .. }) => continue,
            Ok(Assembled::NotOpened) => "the primary node tells of no device".to_owned(),
            Err(error) => error.to_string(),
        };
        cx.warn(format!("{} could not be opened for writing: {why}", disk.iv_name));
        good = false;
    }
    if good { Ok(()) } else { Err(inconsistent(instance)) }
}

fn inconsistent(instance: &Instance) -> Failure {
    Failure::new(format!("the disks of instance '{}' could not be activated; see the warnings", instance.name))
}

fn assemble(
    instance: &Arc<Instance>,
    disk: &Arc<Disk>,
    index: usize,
    node: &NodeId,
    as_primary: bool,
    cx: &Exec,
) -> Result<Assembled, CallError> {
    let action = BlockdevAssemble {
        disk: AnnotatedDisk::of(disk, instance),
        instance: FullInstance::of(instance),
        as_primary,
        index: index as u64,
    };
    cx.tell(node, action)
}

/// Takes disks down, as far as it goes, with a warning for each that can't be. Tells whether all could.
fn take_down(instance: &Arc<Instance>, disks: &[Arc<Disk>], cx: &Exec) -> bool {
    let mut good = true;
    for disk in disks {
        for node in disk.nodes_for(&instance.primary_node) {
            let Err(error) = cx.tell(&node, BlockdevShutdown { disk: AnnotatedDisk::of(disk, instance) }) else {
                continue;
            };
            cx.warn(format!("{} could not be taken down: {error}", disk.iv_name));
            good &= node != instance.primary_node && error.offline();
        }
    }
    good
}
