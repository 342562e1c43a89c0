//! A unit of the tests' own, made without a thought: which of its mistakes shows depends on the cluster.

use cmdlib::cx::{Check, Exec, Expand};
use cmdlib::error::{Failure, Refusal};
use cmdlib::locking::{Locks, Mode};
use cmdlib::objects::{Instance, Node};
use cmdlib::unit::LogicalUnit;
use testlib::Library;

cmdlib::words! {
    /// What a guest gets.
    pub enum Treat {
        /// A cake.
        Cake = "cake",
        /// A pie.
        Pie = "pie",
    }
}

cmdlib::opcode! {
    /// Brings something to an instance.
    Bring = "OP_BRING" (
        /// The instance.
        instance_name: String,
        /// What it gets.
        treat: Treat,
    ) {
        /// How many pieces.
        pieces: Option<cmdlib::op::DiskIndex> = None,
    } -> ()
}

cmdlib::calls! {
    /// Knocks at a node's door.
    question Knock = "knock" in |c| 10, Online, Nothing () => bool;
}

/// Brings something to an instance.
pub(crate) struct Bringing(Bring);

impl LogicalUnit for Bringing {
    type Op = Bring;
    type Plan = ();

    fn expand(op: Bring, _: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        Ok((Self(op), Locks::none().all::<Instance>(Mode::Exclusive).all::<Node>(Mode::Shared)))
    }

    fn check(&self, cx: &Check) -> Result<(), Refusal> {
        let instance = cx.config().find::<Instance>(&self.0.instance_name)?;
        let instance = cx.config().get(&instance)?;
        let opened = cx.ask(&instance.primary_node, Knock {});
        match self.0.treat {
            // Who does not open has nobody in: that a node might be down was not thought of.
            Treat::Cake => assert!(opened.is_ok(), "nobody opens"),
            Treat::Pie => _ = opened,
        }
        Ok(())
    }

    fn exec(&self, (): &mut (), cx: &Exec) -> Result<(), Failure> {
        let id = cx.config().find::<Instance>(&self.0.instance_name)?;
        let instance = cx.config().get(&id)?;
        let nodes: Vec<_> = instance
            .disks
            .iter()
            .filter_map(|disk| cx.config().get(disk).ok())
            .filter_map(|disk| disk.mirror())
            .collect();
        let offline = |id| cx.config().get(id).is_ok_and(|node: std::sync::Arc<Node>| node.offline);
        // Nothing is brought to whoever has a part elsewhere, and nobody noticed that the elsewhere may be down.
        assert!(!nodes.iter().any(|(a, b)| offline(a) || offline(b)), "a guest's other half is not at home");
        Ok(())
    }
}

cmdlib::units! {
    /// The table of it.
    pub(crate) const BRINGING: Bring => Bringing;
}

/// The unit, and what healthy nodes answer to its call.
pub(crate) fn library() -> Library {
    Library::new(BRINGING).answers(|_: &Knock, _, _| Ok(true))
}
