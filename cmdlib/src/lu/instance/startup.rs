//! `InstanceStartup` starts an instance.
//!
//! | | |
//! |---|---|
//! | locks | the instance, exclusive; the primary node's resources, exclusive (D104) |
//! | calls | check: hypervisor_validate_params (with hvparams), bridges_exist, instance_info, node_info (if not running); exec: instance_shutdown and blockdev_shutdown (if its user has stopped it), blockdev_assemble on all nodes, then for writing, instance_start |
//! | changes | the instance is wanted up, unless `no_remember`; its disks are wanted active |
//! | hooks | `instance-start` on the master and the instance's nodes |
//! | refusals | `unknown_entity`, `wrong_state`: offline or planned instance, offline node; `wrong_input`: parameters; `insufficient_resources`: memory; `environment_error`: a node says no |
//!
//! When the start fails, the wanted state is put back to what it was (D111): the call itself carries the new one.
//!
//! Source: ganeti 3.1, cmdlib/instance_operation.py.

use std::sync::Arc;

use serde_json::Value;

use crate::config::Status;
use crate::cx::{Check, Declare, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::hooks::{Env, HookObject, Hooks};
use crate::locking::{Locks, Mode, NodeRes, Want};
use crate::lu::shared::bridges::check_bridges;
use crate::lu::shared::disks::{self, Secondaries};
use crate::lu::shared::hvparams;
use crate::lu::shared::instance::{Named, check_node_online, check_not_offline, hook_nodes, put_back, stopped_by_user};
use crate::lu::shared::instance_env::{flag, instance_env};
use crate::lu::shared::memory::check_free_memory;
use crate::objects::{AdminSource, AdminState, Instance};
use crate::op;
use crate::params::{check_memory, enforce, fill, tables, upgrade_be};
use crate::rpc::{Doing, FullInstance, InstanceInfo, InstanceShutdown, InstanceStart};
use crate::unit::LogicalUnit;

/// Starts an instance.
pub struct InstanceStartup {
    op: op::InstanceStartup,
    target: Named,
}

/// What is to be done.
pub struct Plan {
    instance: Arc<Instance>,
    /// Parameters for this start, typed.
    hvparams: crate::field::Params,
    how: How,
}

enum How {
    /// The primary node is offline and that is to be ignored: only the wanted state changes.
    OnlyMark,
    /// The instance is started; what its user left of it is cleaned up before.
    Start { clean_up: bool },
}

impl LogicalUnit for InstanceStartup {
    type Op = op::InstanceStartup;
    type Plan = Plan;

    const HOOKS: Option<Hooks<Self>> = Some(Hooks {
        path: "instance-start",
        object: HookObject::Instance,
        env: |lu, plan, cx| {
            let mut env: Env = instance_env(&plan.instance, cx);
            env.insert("FORCE".to_owned(), flag(lu.op.force));
            env
        },
        nodes: |_, plan, cx| (hook_nodes(&plan.instance, cx), hook_nodes(&plan.instance, cx)),
        answered: None,
    });

    fn arguments(op: &mut Self::Op) -> Result<(), Refusal> {
        upgrade_be(&mut op.beparams);
        enforce(&mut op.beparams, &tables::BACKEND).map_err(|why| Refusal::wrong_input(format!("beparams: {why}")))
    }

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let target = Named::find(&op.instance_name, op.instance_uuid.as_ref(), cx)?;
        let locks =
            Locks::none().exclusive::<Instance>([target.name.clone()]).later(Mode::Exclusive, Self::memory_of_primary);
        Ok((Self { op, target }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Plan, Refusal> {
        let instance = self.target.again(cx)?;
        let config = cx.config();
        let hvparams = hvparams::typed(self.op.hvparams.clone())?;
        if !hvparams.is_empty() {
            let all = fill(&config.instance_hvparams(&instance), &hvparams);
            hvparams::check_hvparams(&instance.hypervisor, &all, &config.nodes_of(&instance)?, cx)?;
        }
        check_not_offline(&instance)?;
        let how = if config.get(&instance.primary_node)?.offline && self.op.ignore_offline_nodes {
            cx.warn(format!(
                "the primary node {} is offline, which is ignored",
                config.node_name(&instance.primary_node)
            ));
            if !self.op.hvparams.is_empty() || !self.op.beparams.is_empty() {
                cx.warn("parameters for this start have no effect: nothing is started");
            }
            How::OnlyMark
        } else {
            How::Start { clean_up: self.check_start(&instance, cx)? }
        };
        Ok(Plan { instance, hvparams, how })
    }

    fn exec(&self, plan: &mut Plan, cx: &Exec) -> Result<(), Failure> {
        let before = Arc::clone(&plan.instance);
        if !self.op.no_remember {
            let up = Status {
                admin_state: Some(AdminState::Up),
                source: Some(AdminSource::Admin),
                disks_active: Some(true),
            };
            plan.instance = cx.set_status(&before.uuid, up)?;
        }
        match plan.how {
            How::OnlyMark => cx.info("the primary node is offline: nothing is started there"),
            How::Start { clean_up } => {
                let started = self.start(plan, clean_up, cx);
                if let Err(failure) = started {
                    put_back(&before, cx);
                    return Err(failure);
                }
            }
        }
        Ok(())
    }
}

impl InstanceStartup {
    fn memory_of_primary(&self, cx: &Declare<NodeRes>) -> Result<Want<NodeRes>, Refusal> {
        Ok(Want::these([self.target.again(cx)?.primary_node.clone()]))
    }

    /// Checks that the instance can run. Tells whether something must be cleaned up before.
    fn check_start(&self, instance: &Instance, cx: &Check) -> Result<bool, Refusal> {
        let node = &instance.primary_node;
        check_node_online(node, cx)?;
        let beparams = fill(&cx.config().instance_beparams(instance), &self.op.beparams);
        check_memory(&beparams).map_err(|why| Refusal::wrong_input(format!("beparams: {why}")))?;
        check_bridges(instance, node, cx)?;
        let question = InstanceInfo::of(instance, &cx.config());
        let runtime = cx.ask(node, question).doing(format!("cannot tell whether instance '{}' runs", instance.name))?;
        if runtime.exists() {
            return Ok(stopped_by_user(instance, &runtime, cx));
        }
        let needed = beparams.get("minmem").and_then(Value::as_i64).unwrap_or(0);
        check_free_memory(node, needed, &instance.hypervisor, &format!("instance '{}'", instance.name), cx)?;
        Ok(false)
    }

    fn start(&self, plan: &mut Plan, clean_up: bool, cx: &Exec) -> Result<(), Failure> {
        let node = plan.instance.primary_node.clone();
        if clean_up {
            stop_remains(&mut plan.instance, self.op.shutdown_timeout, cx)?;
        }
        let secondaries = if self.op.force { Secondaries::Ignored } else { Secondaries::Matter };
        plan.instance = disks::activate(&plan.instance, secondaries, cx)?;
        let action = InstanceStart {
            instance: FullInstance::with(&plan.instance, &plan.hvparams, &self.op.beparams),
            startup_paused: self.op.startup_paused,
            reason: cx.reason(),
        };
        let started = cx.tell(&node, action).doing(format!("cannot start instance '{}'", plan.instance.name));
        if let Err(error) = started {
            plan.instance = disks::clean_up(&plan.instance, cx);
            return Err(error.into());
        }
        Ok(())
    }
}

/// Cleans up what is left of an instance that its user has stopped.
fn stop_remains(instance: &mut Arc<Instance>, timeout: u64, cx: &Exec) -> Result<(), Failure> {
    let action = InstanceShutdown { instance: FullInstance::of(instance), timeout, reason: cx.reason() };
    cx.tell(&instance.primary_node, action).doing(format!("cannot clean up instance '{}'", instance.name))?;
    // Disks that stay up are warned about, and brought up again anyway.
    *instance = disks::clean_up(instance, cx);
    Ok(())
}
