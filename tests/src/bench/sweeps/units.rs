//! Units that do wrong where only a sweep looks.

use std::sync::Arc;

use cmdlib::cx::{Check, Exec, Expand};
use cmdlib::error::{Failure, Refusal};
use cmdlib::ids::NodeId;
use cmdlib::locking::Locks;
use cmdlib::objects::{Instance, Node};
use cmdlib::rpc::{AnnotatedDisk, BlockdevAssemble, FileStorageDirCreate, FullInstance, InstanceShutdown, TestDelay};
use cmdlib::unit::LogicalUnit;

pub(crate) mod op {
    cmdlib::opcode! {
        /// Lets a node wait, and does not look whether it did.
        Careless = "OP_CARELESS" (
            /// The node.
            node_name: cmdlib::op::NonEmpty,
        ) {} -> ()
    }
    cmdlib::opcode! {
        /// Stops an instance where it was before its lock was held.
        Stale = "OP_STALE" (
            /// The instance.
            instance_name: String,
        ) {} -> ()
    }
    cmdlib::opcode! {
        /// Brings a disk up, or makes a folder, and leaves it so when the next step fails.
        Leaky = "OP_LEAKY" (
            /// The instance.
            instance_name: String,
        ) {
            /// Whether it makes a folder.
            folder: bool = false,
        } -> ()
    }
    cmdlib::opcode! {
        /// Tags a node that did not wait, and tells of that only.
        Hiding = "OP_HIDING" (
            /// The node.
            node_name: cmdlib::op::NonEmpty,
        ) {} -> ()
    }
    cmdlib::opcode! {
        /// Is never possible.
        Never = "OP_NEVER" (
            /// The node.
            node_name: cmdlib::op::NonEmpty,
        ) {} -> ()
    }
}

cmdlib::units! {
    /// The units of these tests.
    pub(crate) const UNITS: op::Careless => Careless, op::Stale => Stale, op::Leaky => Leaky, op::Hiding => Hiding;
}
cmdlib::units! {
    /// One that never succeeds.
    pub(crate) const NEVER: op::Never => Never;
}
cmdlib::units! {
    /// One that ignores an error.
    pub(crate) const CARELESS: op::Careless => Careless;
}

fn wait() -> TestDelay {
    TestDelay { duration: 1.0 }
}

pub(crate) struct Careless(NodeId);

impl LogicalUnit for Careless {
    type Op = op::Careless;
    type Plan = ();

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let id = cx.find::<Node>(&op.node_name)?;
        Ok((Self(id.clone()), Locks::none().exclusive::<Node>([id])))
    }
    fn check(&self, cx: &Check) -> Result<(), Refusal> {
        Ok(cx.get(&self.0).map(|_| ())?)
    }
    fn exec(&self, (): &mut (), cx: &Exec) -> Result<(), Failure> {
        drop(cx.tell(&self.0, wait()));
        Ok(())
    }
}

pub(crate) struct Stale(Arc<Instance>);

impl LogicalUnit for Stale {
    type Op = op::Stale;
    type Plan = ();

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let instance = cx.get(&cx.find::<Instance>(&op.instance_name)?)?;
        let locks = Locks::none().exclusive::<Instance>([instance.name.clone()]);
        Ok((Self(instance), locks))
    }
    fn check(&self, _: &Check) -> Result<(), Refusal> {
        Ok(())
    }
    fn exec(&self, (): &mut (), cx: &Exec) -> Result<(), Failure> {
        let action = InstanceShutdown { instance: FullInstance::of(&self.0), timeout: 1, reason: cx.reason() };
        cx.tell(&self.0.primary_node, action)?;
        Ok(())
    }
}

pub(crate) struct Leaky {
    name: String,
    folder: bool,
}

impl LogicalUnit for Leaky {
    type Op = op::Leaky;
    type Plan = Arc<Instance>;

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let name = cx.get(&cx.find::<Instance>(&op.instance_name)?)?.name.clone();
        let locks = Locks::none().exclusive::<Instance>([name.clone()]);
        Ok((Self { name, folder: op.folder }, locks))
    }
    fn check(&self, cx: &Check) -> Result<Arc<Instance>, Refusal> {
        Ok(cx.config().named::<Instance>(&self.name)?)
    }
    fn exec(&self, instance: &mut Arc<Instance>, cx: &Exec) -> Result<(), Failure> {
        if self.folder {
            cx.tell(&instance.primary_node, FileStorageDirCreate { path: "/srv/web1".to_owned() })?;
            cx.tell(&instance.primary_node, wait())?;
            return Ok(());
        }
        for disk in &cx.config().disks_of(instance)? {
            let disk = AnnotatedDisk::of(disk, instance);
            let action = BlockdevAssemble { disk, instance: FullInstance::of(instance), as_primary: true, index: 0 };
            cx.tell(&instance.primary_node, action)?;
        }
        cx.tell(&instance.primary_node, wait())?;
        Ok(())
    }
}

pub(crate) struct Hiding(NodeId);

impl LogicalUnit for Hiding {
    type Op = op::Hiding;
    type Plan = ();

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let id = cx.find::<Node>(&op.node_name)?;
        Ok((Self(id.clone()), Locks::none().exclusive::<Node>([id])))
    }
    fn check(&self, cx: &Check) -> Result<(), Refusal> {
        Ok(cx.get(&self.0).map(|_| ())?)
    }
    fn exec(&self, (): &mut (), cx: &Exec) -> Result<(), Failure> {
        if let Err(error) = cx.tell(&self.0, wait()) {
            cx.update(&self.0, |node| _ = node.tags.insert("tired".to_owned()))?;
            return Err(error.into());
        }
        Ok(())
    }
}

pub(crate) struct Never;

impl LogicalUnit for Never {
    type Op = op::Never;
    type Plan = ();

    fn expand(_: Self::Op, _: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        Err(Refusal::wrong_input("this is never possible"))
    }
    fn check(&self, _: &Check) -> Result<(), Refusal> {
        Ok(())
    }
    fn exec(&self, (): &mut (), _: &Exec) -> Result<(), Failure> {
        Ok(())
    }
}
