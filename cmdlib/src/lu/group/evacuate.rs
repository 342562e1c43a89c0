//! `GroupEvacuate` moves all instances of a node group to other groups: an allocator says where to, jobs bring them there.
//!
//! | | |
//! |---|---|
//! | locks | shared: the group's instances; the group, the target groups and those in which the instances have nodes, or all groups without targets; all nodes of these groups, and of the instances |
//! | calls | exec: node_info, all_instances_info, the allocator |
//! | hooks | `group-evacuate` on the master and the group's nodes |
//! | jobs | those that the allocator proposes |
//! | refusals | `unknown_entity`; `wrong_input`: the group is its own target, there is no target, no allocator; `wrong_state`: instances changed meanwhile |
//!
//! The allocator is asked in `exec`, after the hooks, as it always was: its no is a failure (D42). An empty list of targets
//! means all other groups (the corpus keeps it so, against R12).
//!
//! Source: ganeti 3.1, cmdlib/group.py.

use std::collections::BTreeSet;

use crate::cx::{Check, Declare, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::hooks::{Env, HookObject, Hooks};
use crate::iallocator::{self, ChangeGroup, Evacuation, Reply};
use crate::ids::GroupId;
use crate::jobs::{Job, Submitted};
use crate::locking::{Locks, Mode, Want};
use crate::lu::shared::groups;
use crate::objects::{Instance, Node, NodeGroup};
use crate::op::{self, Any, Dependency, FinalStatus};
use crate::unit::LogicalUnit;

/// Moves all instances of a node group to other groups.
pub struct GroupEvacuate {
    op: op::GroupEvacuate,
    group: GroupId,
    /// Its name when it was found.
    name: String,
    /// The targets that were asked for; empty for all others.
    asked: Vec<GroupId>,
    allocator: String,
}

/// What is to be done.
pub struct Plan {
    /// What hooks are told that the group is called: as the request does, unless it was renamed while its locks were waited for.
    told: String,
    /// The names of the instances to move.
    instances: BTreeSet<String>,
    targets: Vec<GroupId>,
}

impl LogicalUnit for GroupEvacuate {
    type Op = op::GroupEvacuate;
    type Plan = Plan;

    const HOOKS: Option<Hooks<Self>> = Some(Hooks {
        path: "group-evacuate",
        object: HookObject::Group,
        // The group by name, the targets by uuid: users' scripts read them so (D86).
        env: |_, plan, _| {
            let targets: Vec<&str> = plan.targets.iter().map(GroupId::as_str).collect();
            Env::from([("GROUP_NAME".to_owned(), plan.told.clone()), ("TARGET_GROUPS".to_owned(), targets.join(" "))])
        },
        nodes: |lu, _, cx| {
            let config = cx.config();
            let mut nodes = config.members(&lu.group);
            nodes.insert(config.cluster.master_node.clone());
            (nodes.clone(), nodes)
        },
        answered: None,
    });

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let group = cx.find::<NodeGroup>(&op.group_name)?;
        let name = cx.get(&group)?.name.clone();
        let asked: Result<Vec<GroupId>, _> = op.target_groups.iter().flatten().map(|name| cx.find(name)).collect();
        let asked = asked?;
        if asked.contains(&group) {
            return Err(Refusal::wrong_input(format!("node group '{}' can't be evacuated to itself", op.group_name)));
        }
        let allocator = iallocator::choose(op.iallocator.as_deref(), &cx.config())?;
        let locks = Locks::none()
            .shared::<Instance>(groups::instance_names(&group, cx))
            .later(Mode::Shared, Self::groups)
            .later(Mode::Shared, Self::nodes);
        Ok((Self { op, group, name, asked, allocator }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Plan, Refusal> {
        let instances = cx.held::<Instance>();
        let (locked_groups, locked_nodes) = (cx.held::<NodeGroup>(), cx.held::<Node>());
        let name = cx.get(&self.group).map_err(|gone| gone.called(&*self.op.group_name))?.name.clone();
        let told = if name == self.name { self.op.group_name.to_string() } else { name };
        groups::check_instances(&self.group, &instances, cx)?;
        for name in &instances {
            let instance = cx.config().named::<Instance>(name)?;
            groups::check_places(&instance, &locked_groups, &locked_nodes, cx)?;
        }
        let targets = if self.asked.is_empty() {
            locked_groups.into_iter().filter(|group| *group != self.group).collect()
        } else {
            self.asked.clone()
        };
        if targets.is_empty() {
            return Err(Refusal::wrong_input("there is no other node group to move to"));
        }
        for (group, name) in self.asked.iter().zip(self.op.target_groups.iter().flatten()) {
            cx.get(group).map_err(|gone| gone.called(&**name))?;
        }
        Ok(Plan { told, instances, targets })
    }

    fn exec(&self, plan: &mut Plan, cx: &Exec) -> Result<Submitted, Failure> {
        // Nothing to place: no reason to ask anybody (D83).
        if plan.instances.is_empty() {
            cx.info("there is no instance to move");
            return Ok(Submitted::default());
        }
        let request =
            ChangeGroup { instances: plan.instances.iter().cloned().collect(), targets: plan.targets.clone() };
        let evacuation = match cx.allocate(&self.allocator, request)? {
            Reply::Yes(evacuation) => evacuation,
            Reply::No(why) => {
                return Err(Failure::new(format!(
                    "allocator '{}' finds no place for the instances: {why}",
                    self.allocator
                )));
            }
        };
        let jobs = self.jobs(evacuation, cx)?;
        cx.info(format!(
            "allocator '{}' proposes {} jobs to evacuate node group '{}'",
            self.allocator,
            jobs.len(),
            self.op.group_name
        ));
        Ok(cx.submit(jobs))
    }
}

impl GroupEvacuate {
    fn groups(&self, cx: &Declare<NodeGroup>) -> Result<Want<NodeGroup>, Refusal> {
        if self.asked.is_empty() {
            return Ok(Want::all());
        }
        let of_instances = groups::groups_of_locked(cx);
        Ok(Want::these(of_instances.into_iter().chain(self.asked.iter().cloned()).chain([self.group.clone()])))
    }

    fn nodes(&self, cx: &Declare<Node>) -> Result<Want<Node>, Refusal> {
        let config = cx.config();
        let members = cx.held::<NodeGroup>().into_iter().flat_map(|group| config.members(&group));
        Ok(Want::these(members.chain(groups::nodes_of_locked(cx))))
    }

    fn jobs(&self, evacuation: Evacuation, cx: &Exec) -> Result<Vec<Job>, Failure> {
        let Evacuation { moved, failed, mut jobs } = evacuation;
        if !failed.is_empty() {
            let failed: Vec<String> = failed.iter().map(|it| format!("{} ({})", it.instance, it.reason)).collect();
            return Err(Failure::new(format!("there is no place for these instances: {}", failed.join(", "))));
        }
        if !moved.is_empty() {
            let moved: Vec<String> = moved.iter().map(|it| format!("{} (to {})", it.instance, it.group)).collect();
            cx.info(format!("instances to be moved: {}", moved.join(", ")));
        }
        for op in jobs.iter_mut().flat_map(|job| &mut job.0) {
            if let Any::InstanceReplaceDisks(op) = op {
                op.early_release = self.op.early_release;
            }
            if self.op.force_failover {
                to_failover(op);
            }
        }
        if self.op.sequential {
            for op in jobs.iter_mut().skip(1).flat_map(|job| &mut job.0) {
                // What the allocator said of dependencies stays true (D84).
                op.common_mut()
                    .depends
                    .push(Dependency { job: -1, ended: vec![FinalStatus::Error, FinalStatus::Success] });
            }
        }
        Ok(jobs)
    }
}

/// Makes a failover of a migration, with all that both have in common (D85).
fn to_failover(op: &mut Any) {
    if let Any::InstanceMigrate(migrate) = op {
        let migrate = (**migrate).clone();
        *op = Any::from(op::InstanceFailover {
            instance_uuid: migrate.instance_uuid,
            target_node: migrate.target_node,
            target_node_uuid: migrate.target_node_uuid,
            ignore_ipolicy: migrate.ignore_ipolicy,
            cleanup: migrate.cleanup,
            iallocator: migrate.iallocator,
            common: migrate.common,
            ..op::InstanceFailover::new(migrate.instance_name)
        });
    }
}
