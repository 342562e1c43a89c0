//! `InstanceShutdown` stops an instance.
//!
//! | | |
//! |---|---|
//! | locks | the instance, exclusive |
//! | calls | check: instance_info (if its user is said to have stopped it); exec: instance_shutdown, blockdev_shutdown on all nodes |
//! | changes | the instance is wanted down, unless `no_remember` or it is marked offline; its disks are wanted inactive |
//! | hooks | `instance-stop` on the master and the instance's nodes |
//! | refusals | `unknown_entity`; `wrong_state`: offline or planned instance, offline node, not stopped by its user; `environment_error`: a node does not answer |
//!
//! When the shutdown fails, the wanted state is put back to what it was (D111).
//!
//! Source: ganeti 3.1, cmdlib/instance_operation.py.

use std::sync::Arc;

use crate::config::Status;
use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::hooks::{HookObject, Hooks};
use crate::locking::Locks;
use crate::lu::shared::disks;
use crate::lu::shared::instance::{Named, check_node_online, check_not_offline, hook_nodes, put_back, stopped_by_user};
use crate::lu::shared::instance_env::instance_env;
use crate::objects::{AdminSource, AdminState, Instance};
use crate::op;
use crate::rpc::{self, Doing, FullInstance, InstanceInfo};
use crate::unit::LogicalUnit;

/// Stops an instance.
pub struct InstanceShutdown {
    op: op::InstanceShutdown,
    target: Named,
}

/// What is to be done.
pub struct Plan {
    instance: Arc<Instance>,
    /// Whether the primary node is offline and that is to be ignored: only the wanted state changes.
    only_mark: bool,
}

impl LogicalUnit for InstanceShutdown {
    type Op = op::InstanceShutdown;
    type Plan = Plan;

    const HOOKS: Option<Hooks<Self>> = Some(Hooks {
        path: "instance-stop",
        object: HookObject::Instance,
        env: |lu, plan, cx| {
            let mut env = instance_env(&plan.instance, cx);
            env.insert("TIMEOUT".to_owned(), lu.op.timeout.to_string());
            env
        },
        nodes: |_, plan, cx| (hook_nodes(&plan.instance, cx), hook_nodes(&plan.instance, cx)),
        answered: None,
    });

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        if op.no_remember && op.admin_state_source.is_some() {
            cx.warn("`admin_state_source` has no effect together with `no_remember`");
        }
        let target = Named::find(&op.instance_name, op.instance_uuid.as_ref(), cx)?;
        let locks = Locks::none().exclusive::<Instance>([target.name.clone()]);
        Ok((Self { op, target }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Plan, Refusal> {
        let instance = self.target.again(cx)?;
        if self.op.force {
            cx.warn("whether the instance is marked offline is not looked at");
        } else {
            check_not_offline(&instance)?;
        }
        let node = cx.get(&instance.primary_node)?;
        let only_mark = node.offline && self.op.ignore_offline_nodes;
        if only_mark {
            cx.warn(format!("the primary node {} is offline, which is ignored", node.name));
        } else {
            check_node_online(&node.uuid, cx)?;
        }
        if self.op.admin_state_source == Some(AdminSource::User) {
            check_stopped_by_user(&instance, cx)?;
        }
        Ok(Plan { instance, only_mark })
    }

    fn exec(&self, plan: &mut Plan, cx: &Exec) -> Result<(), Failure> {
        let before = Arc::clone(&plan.instance);
        // Marking an instance down that is marked offline would take that mark from it.
        if !self.op.no_remember && before.admin_state != AdminState::Offline {
            let source = self.op.admin_state_source.unwrap_or_default();
            let down = Status { admin_state: Some(AdminState::Down), source: Some(source), ..Status::default() };
            plan.instance = cx.set_status(&before.uuid, down)?;
        }
        if plan.only_mark {
            cx.info("the primary node is offline: nothing is stopped there");
            // Its disks can't be active either: a later verification must not try to activate them (D112).
            plan.instance = disks::mark(&plan.instance, false, cx)?;
            return Ok(());
        }
        let action = rpc::InstanceShutdown {
            instance: FullInstance::of(&plan.instance),
            timeout: self.op.timeout,
            reason: cx.reason(),
        };
        let stopped = cx.tell(&before.primary_node, action).doing(format!("cannot stop instance '{}'", before.name));
        if let Err(error) = stopped {
            put_back(&before, cx);
            return Err(error.into());
        }
        plan.instance = disks::deactivate(&plan.instance, cx)?;
        Ok(())
    }
}

/// Refuses to note that the user has stopped the instance when that is not so.
fn check_stopped_by_user(instance: &Instance, cx: &Check) -> Result<(), Refusal> {
    let question = InstanceInfo::of(instance, &cx.config());
    let purpose = format!("cannot tell whether instance '{}' runs", instance.name);
    let runtime = cx.ask(&instance.primary_node, question).doing(purpose)?;
    if stopped_by_user(instance, &runtime, cx) {
        return Ok(());
    }
    Err(Refusal::wrong_state(format!("instance '{}' was not stopped by its user", instance.name)))
}
