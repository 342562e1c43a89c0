//! Doing the work.

use std::ops::Deref;
use std::sync::Arc;

use crate::config::{ChangeError, Draft, Entity, Status};
use crate::cx::Check;
use crate::error::Failure;
use crate::host::Waited;
use crate::ids::{Id, InstanceId, NodeId};
use crate::jobs::{Job, Submitted};
use crate::locking::{LockLevel, Mode};
use crate::objects::{Cluster, Instance, Network};
use crate::record::{Event, LogKind};
use crate::rpc::{Action, CallError};

/// Also acts on nodes, changes the configuration, gives jobs to the queue, and lets time pass.
pub struct Exec {
    pub(crate) check: Check,
}

impl Deref for Exec {
    type Target = Check;
    fn deref(&self) -> &Check {
        &self.check
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        Self::new(error.to_string())
    }
}

impl Exec {
    /// Has one node do something.
    ///
    /// # Errors
    /// It did not, or there is no telling.
    #[track_caller]
    pub fn tell<A: Action>(&self, node: &NodeId, action: A) -> Result<A::Reply, CallError> {
        self.one(node, &action)
    }

    /// Has several nodes do the same. Each answers for itself; the answers come in the order of the nodes.
    #[track_caller]
    pub fn tell_all<A: Action>(&self, nodes: &[NodeId], action: A) -> Vec<(NodeId, Result<A::Reply, CallError>)> {
        self.several(nodes, &action)
    }

    /// Changes the configuration: all of it or nothing. Nobody else changes anything in between, so what `change` reads from
    /// the draft is true when it writes (D07).
    ///
    /// # Errors
    /// What `change` says, or that the new state could not be kept. Nothing is changed then.
    #[track_caller]
    pub fn change<R>(&self, change: impl FnOnce(&mut Draft) -> Result<R, Failure>) -> Result<R, Failure> {
        let run = &self.view.run;
        let (result, written) = run.seams.config.change(run.now(), change)?;
        run.wrote(&written);
        Ok(result)
    }

    /// Changes an object. A change that leaves it as it was writes nothing.
    ///
    /// # Errors
    /// The object is gone, or the new state could not be kept.
    #[track_caller]
    pub fn update<T: Entity>(&self, id: &Id<T>, change: impl FnOnce(&mut T)) -> Result<Arc<T>, Failure> {
        self.change(|draft| Ok(draft.update(id, change)?))
    }

    /// Changes the cluster object.
    ///
    /// # Errors
    /// The new state could not be kept.
    #[track_caller]
    pub fn update_cluster(&self, change: impl FnOnce(&mut Cluster)) -> Result<Arc<Cluster>, Failure> {
        self.change(|draft| Ok(draft.update_cluster(change)))
    }

    /// Sets what state an instance is wanted in.
    ///
    /// # Errors
    /// The instance is gone, or the new state could not be kept.
    #[track_caller]
    pub fn set_status(&self, id: &InstanceId, status: Status) -> Result<Arc<Instance>, Failure> {
        self.change(|draft| Ok(draft.set_status(id, status)?))
    }

    /// Adds a network.
    ///
    /// # Errors
    /// One of that name exists by now, or the new state could not be kept.
    #[track_caller]
    pub fn add_network(&self, network: Network) -> Result<Arc<Network>, Failure> {
        self.change(|draft| Ok(draft.add_network(network)?))
    }

    /// Makes all locks held of a level shared.
    #[track_caller]
    pub fn downgrade<V: LockLevel>(&self) {
        let run = &self.view.run;
        let Some(mut held) = run.held.borrow_mut().take(V::LEVEL) else { return };
        held.all = held.all.map(|_| Mode::Shared);
        held.names.values_mut().for_each(|mode| *mode = Mode::Shared);
        run.seams.locks.downgrade(run.seams.owner, V::LEVEL);
        run.note(&Event::Downgraded { level: V::LEVEL, locks: &held.locks(V::LEVEL) });
        run.held.borrow_mut().put(V::LEVEL, held);
    }

    /// Gives jobs to the queue, completed: who asked for them and why, a comment, how much debugging output. It is the last
    /// thing that a unit does.
    ///
    /// # Errors
    /// None at present: a job that the queue refuses is told in the result.
    #[track_caller]
    pub fn submit(&self, jobs: Vec<Job>) -> Submitted {
        let run = &self.view.run;
        let parent = run.common.borrow().clone();
        let complete = |mut op: crate::op::Any| {
            let common = op.common_mut();
            common.debug_level = parent.debug_level;
            if common.comment.as_ref().is_none_or(String::is_empty) {
                common.comment = Some(format!("Submitted by {}", run.op_id));
            }
            common.reason.extend(parent.reason.iter().cloned());
            op.write()
        };
        let jobs: Vec<Vec<_>> = jobs.into_iter().map(|job| job.0.into_iter().map(complete).collect()).collect();
        let answers = run.seams.jobs.submit(&jobs);
        run.note(&Event::Jobs { jobs: &jobs, answers: &answers });
        Submitted { jobs: answers }
    }

    /// Returns the reason trail of the opcode: nodes keep it with what they do.
    #[must_use]
    pub fn reason(&self) -> Vec<serde_json::Value> {
        self.view.run.common.borrow().reason.clone()
    }

    /// Returns the time in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> f64 {
        self.view.run.now()
    }

    /// Lets so many seconds pass.
    #[track_caller]
    pub fn sleep(&self, seconds: f64) {
        let run = &self.view.run;
        run.seams.host.clock.sleep(seconds);
        run.note(&Event::Slept { seconds });
    }

    /// Waits until somebody rings or the time is over. Tells the path of the bell first.
    ///
    /// # Errors
    /// The bell can't be put up.
    #[track_caller]
    pub fn wait_for_ring(&self, seconds: f64) -> Result<Waited, Failure> {
        let run = &self.view.run;
        let bell = &run.seams.host.doorbell;
        let path =
            bell.open().map_err(|why| Failure::new(format!("cannot open the socket that ends the wait: {why}")))?;
        run.log(LogKind::DelayTest, path);
        let begin = run.now();
        let mut waited = bell.accept(seconds);
        if waited == Waited::Reached {
            let left = (seconds - (run.now() - begin)).max(0.0);
            self.message(format!("received connection, time to go is {left:.0} seconds"));
            waited = bell.receive(left);
        }
        bell.close();
        if waited == Waited::Reached {
            self.message(format!("interrupted after {:.0} seconds", run.now() - begin));
        }
        Ok(waited)
    }
}
