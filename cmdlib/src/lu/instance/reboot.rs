//! `InstanceReboot` reboots an instance, or starts it if it does not run.
//!
//! | | |
//! |---|---|
//! | locks | the instance, exclusive |
//! | calls | check: bridges_exist; exec: instance_info, then instance_reboot, or for a full reboot instance_shutdown, blockdev_shutdown, blockdev_assemble, instance_start |
//! | changes | the instance is wanted up, its disks active |
//! | hooks | `instance-reboot` on the master and the instance's nodes |
//! | refusals | `unknown_entity`; `wrong_state`: offline or planned instance, offline node; `environment_error`: bridges |
//!
//! Source: ganeti 3.1, cmdlib/instance_operation.py.

use std::sync::Arc;

use crate::config::Status;
use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::field::Params;
use crate::hooks::{HookObject, Hooks};
use crate::locking::Locks;
use crate::lu::shared::bridges::check_bridges;
use crate::lu::shared::disks::{self, Secondaries};
use crate::lu::shared::instance::{Named, check_node_online, check_not_offline, hook_nodes};
use crate::lu::shared::instance_env::{flag, instance_env};
use crate::objects::{AdminSource, AdminState, Instance};
use crate::op::{self, RebootType};
use crate::rpc::{self, Doing, FullInstance, InstanceInfo, InstanceShutdown, InstanceStart};
use crate::unit::LogicalUnit;

/// Reboots an instance.
pub struct InstanceReboot {
    op: op::InstanceReboot,
    target: Named,
}

impl LogicalUnit for InstanceReboot {
    type Op = op::InstanceReboot;
    /// The instance.
    type Plan = Arc<Instance>;

    const HOOKS: Option<Hooks<Self>> = Some(Hooks {
        path: "instance-reboot",
        object: HookObject::Instance,
        env: |lu, instance, cx| {
            let mut env = instance_env(instance, cx);
            env.insert("IGNORE_SECONDARIES".to_owned(), flag(lu.op.ignore_secondaries));
            env.insert("REBOOT_TYPE".to_owned(), lu.op.reboot_type.to_string());
            env.insert("SHUTDOWN_TIMEOUT".to_owned(), lu.op.shutdown_timeout.to_string());
            env
        },
        nodes: |_, instance, cx| (hook_nodes(instance, cx), hook_nodes(instance, cx)),
        answered: None,
    });

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let target = Named::find(&op.instance_name, op.instance_uuid.as_ref(), cx)?;
        let locks = Locks::none().exclusive::<Instance>([target.name.clone()]);
        Ok((Self { op, target }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Self::Plan, Refusal> {
        let instance = self.target.again(cx)?;
        check_not_offline(&instance)?;
        check_node_online(&instance.primary_node, cx)?;
        check_bridges(&instance, &instance.primary_node, cx)?;
        Ok(instance)
    }

    fn exec(&self, instance: &mut Self::Plan, cx: &Exec) -> Result<(), Failure> {
        let node = instance.primary_node.clone();
        let question = InstanceInfo::of(instance, &cx.config());
        let runtime =
            cx.ask(&node, question).doing(format!("cannot tell whether instance '{}' runs", instance.name))?;
        match (runtime.exists(), self.op.reboot_type) {
            (true, RebootType::Soft | RebootType::Hard) => {
                let action = rpc::InstanceReboot {
                    instance: FullInstance::of(instance),
                    reboot_type: self.op.reboot_type.to_string(),
                    shutdown_timeout: self.op.shutdown_timeout,
                    reason: cx.reason(),
                };
                cx.tell(&node, action).doing(format!("cannot reboot instance '{}'", instance.name))?;
            }
            (running, _) => {
                if running {
                    self.stop(instance, cx)?;
                } else {
                    cx.info(format!("instance '{}' does not run: it is started", instance.name));
                }
                self.start(instance, cx)?;
            }
        }
        let up =
            Status { admin_state: Some(AdminState::Up), source: Some(AdminSource::Admin), disks_active: Some(true) };
        // Hooks after it are told the state of before, as they always were: the plan keeps it.
        cx.set_status(&instance.uuid, up)?;
        Ok(())
    }
}

impl InstanceReboot {
    fn stop(&self, instance: &mut Arc<Instance>, cx: &Exec) -> Result<(), Failure> {
        let timeout = self.op.shutdown_timeout;
        let action = InstanceShutdown { instance: FullInstance::of(instance), timeout, reason: cx.reason() };
        cx.tell(&instance.primary_node, action)
            .doing(format!("cannot stop instance '{}' for a full reboot", instance.name))?;
        // Disks that stay up are warned about, and brought up again anyway.
        *instance = disks::clean_up(instance, cx);
        Ok(())
    }

    fn start(&self, instance: &mut Arc<Instance>, cx: &Exec) -> Result<(), Failure> {
        let secondaries = if self.op.ignore_secondaries { Secondaries::Ignored } else { Secondaries::Matter };
        *instance = disks::activate(instance, secondaries, cx)?;
        let action = InstanceStart {
            instance: FullInstance::with(instance, &Params::new(), &Params::new()),
            startup_paused: false,
            reason: cx.reason(),
        };
        let started = cx.tell(&instance.primary_node, action);
        if let Err(error) = started.doing(format!("cannot start instance '{}' for a full reboot", instance.name)) {
            *instance = disks::clean_up(instance, cx);
            return Err(error.into());
        }
        Ok(())
    }
}
