//! A unit that walks through the phases, tells where it is, and stumbles where its opcode says.

use std::collections::BTreeSet;

use cmdlib::config::{Draft, Reserved};
use cmdlib::cx::{Asking, Check, Declare, Exec, Expand, View};
use cmdlib::error::{Code, Failure, Refusal};
use cmdlib::hooks::{Answers, Env, HookObject, Hooks, NodeSet};
use cmdlib::ids::NodeId;
use cmdlib::locking::{Locks, Mode, NodeRes, Want};
use cmdlib::objects::{Instance, Network, Node, NodeGroup};
use cmdlib::op::{IntoArg, NonEmpty, OpCode};
use cmdlib::unit::LogicalUnit;

cmdlib::words! {
    /// Where it panics.
    pub enum Place {
        /// While the arguments are looked at.
        Arguments = "arguments",
        /// While names are resolved.
        Expand = "expand",
        /// While the locks of a later level are chosen.
        Later = "later",
        /// In the check, with something reserved.
        Check = "check",
        /// While the nodes of the hooks are chosen.
        HookNodes = "hook nodes",
        /// While the variables are made, before.
        EnvBefore = "env before",
        /// In the execution, after what is written.
        Exec = "exec",
        /// While the variables are made, after.
        EnvAfter = "env after",
        /// While the answers of the scripts are heard.
        Answered = "answered",
    }
}

cmdlib::words! {
    /// Which locks it wishes for.
    pub enum Wishes {
        /// None.
        Nothing = "nothing",
        /// Of instance, node and resources, all known beforehand.
        Known = "known",
        /// Of an instance; the rest follows from it, level by level.
        Computed = "computed",
        /// Of instance and network; the nodes follow from the instance.
        Mixed = "mixed",
        /// Of the nodes that are free, and the resources of these.
        Free = "free",
        /// The same, with the names known beforehand.
        FreeKnown = "free known",
        /// Of all nodes, as a marker.
        Whole = "whole",
        /// Of all nodes, and of one.
        WholeAndOne = "whole and one",
        /// Of one node, and of another.
        TwoLists = "two lists",
        /// Of no nodes.
        Empty = "empty",
        /// Of nodes that are free, and of one.
        FreeAndOne = "free and one",
        /// Of nodes that are free, and of others that are.
        FreeTwice = "free twice",
        /// Of one level in two modes.
        TwoModes = "two modes",
        /// Of one level in two modes, one of which comes later.
        TwoModesLater = "two modes later",
        /// Of the resources of nodes that were never wished.
        Unwished = "unwished",
        /// It refuses while it chooses.
        Refusing = "refusing",
    }
}

cmdlib::words! {
    /// What it gives back.
    pub enum GivesBack {
        /// Nothing.
        Nothing = "nothing",
        /// In the check, all nodes but one.
        AllButOne = "all but one",
        /// In the check, one node.
        One = "one",
        /// In the check, all nodes.
        All = "all",
        /// In the execution, all nodes but one.
        Late = "late",
        /// In the execution, nothing; all nodes are shared from then on.
        Share = "share",
        /// Of a level that was never wished.
        Unwished = "unwished",
    }
}

cmdlib::words! {
    /// What it writes.
    pub enum Writes {
        /// Nothing.
        Nothing = "nothing",
        /// The cluster object.
        Object = "object",
        /// The whole configuration.
        Whole = "whole",
        /// Nothing, since the change itself fails.
        Broken = "broken",
    }
}

cmdlib::words! {
    /// How it ends.
    pub enum Ends {
        /// Well.
        Well = "well",
        /// The arguments are refused.
        InArguments = "in arguments",
        /// The check refuses, with something reserved.
        InCheck = "in check",
        /// The check finds too little, which may pass.
        Short = "short",
        /// The check finds too little; with all nodes there is enough.
        ShortAtFirst = "short at first",
        /// The check finds too little, and there is no other way.
        ShortForGood = "short for good",
        /// The execution fails, after what is written.
        InExec = "in exec",
        /// The result is not what the opcode promises.
        Badly = "badly",
    }
}

pub(crate) mod op {
    use super::{Ends, GivesBack, Place, Wishes, Writes};
    use cmdlib::op::NonEmpty;

    cmdlib::opcode! {
        /// Walks through the phases.
        Walk = "OP_WALK" () {
            /// Where it panics.
            panics: Option<Place> = None,
            /// Which locks it wishes for.
            wishes: Wishes = Wishes::Nothing,
            /// What it gives back.
            gives_back: GivesBack = GivesBack::Nothing,
            /// What it writes.
            writes: Writes = Writes::Nothing,
            /// How it ends.
            ends: Ends = Ends::Well,
            /// Whether the nodes of its hooks are master and node2, or none.
            hooks: bool = true,
            /// Secrets.
            osparams_secret: cmdlib::field::Params = cmdlib::field::Params::new(),
        } -> NonEmpty
    }

    cmdlib::opcode! {
        /// Needs the whole cluster to stand still.
        Halt = "OP_HALT" () {} -> ()
    }

    cmdlib::opcode! {
        /// Has a hook variable of a name that is taken.
        Clash = "OP_CLASH" () {
            /// Whether its hooks have nodes.
            hooks: bool = true,
            /// Whether it fails after it has written.
            fails: bool = false,
        } -> ()
    }
}

/// Walks through the phases.
pub(crate) struct Walk {
    op: op::Walk,
}

/// What the check found.
pub(crate) struct Found {
    executed: bool,
}

const WEB2: &str = "web2.example.com";

impl Walk {
    fn stumble(&self, place: Place) {
        stumble(&self.op, place);
    }

    fn groups(&self, cx: &Declare<NodeGroup>) -> Result<Want<NodeGroup>, Refusal> {
        self.stumble(Place::Later);
        cx.info(format!("groups, holding instances {:?}", cx.held::<Instance>()));
        Ok(Want::these([cx.find::<NodeGroup>("default")?]))
    }

    fn nodes(&self, cx: &Declare<Node>) -> Result<Want<Node>, Refusal> {
        self.stumble(Place::Later);
        if self.op.wishes == Wishes::Refusing {
            return Err(Refusal::wrong_state("there is no way on"));
        }
        let instances = cx.held::<Instance>();
        let groups = if self.op.wishes == Wishes::Computed { cx.held::<NodeGroup>().len() } else { 0 };
        cx.info(format!("nodes, holding instances {instances:?} and {groups} groups"));
        let mut nodes = BTreeSet::new();
        for name in instances {
            let instance = cx.config().named::<Instance>(&name)?;
            nodes.extend(cx.config().nodes_of(&instance)?);
        }
        Ok(Want::these(nodes))
    }

    fn free_nodes(&self, cx: &Declare<Node>) -> Result<Want<Node>, Refusal> {
        Ok(Want::opportunistic(cx.config().nodes.ids().cloned(), 1))
    }

    fn same_resources(&self, cx: &Declare<NodeRes>) -> Result<Want<NodeRes>, Refusal> {
        cx.info(format!("resources, holding nodes {}", names(cx, cx.held::<Node>())));
        Ok(Want::these(cx.held::<Node>()))
    }

    fn env(&self, found: &Found, cx: &View) -> Env {
        self.stumble(if found.executed { Place::EnvAfter } else { Place::EnvBefore });
        cx.info("env");
        [("EXECUTED".to_owned(), found.executed.to_string())].into()
    }

    fn hook_nodes(&self, _: &Found, cx: &View) -> (NodeSet, NodeSet) {
        self.stumble(Place::HookNodes);
        cx.info("hook nodes");
        let nodes = if self.op.hooks { hook_nodes(cx) } else { NodeSet::new() };
        (nodes.clone(), nodes)
    }

    fn answered(&self, answers: &Answers, result: &mut NonEmpty) {
        self.stumble(Place::Answered);
        let failed = answers.iter().filter(|(_, answer)| answer.is_err()).count();
        if failed > 0 {
            *result = format!("{failed} of {} nodes did not answer", answers.len()).as_str().into_arg();
        }
    }

    fn give_back_in_check(&self, cx: &Asking) {
        if self.op.gives_back == GivesBack::Nothing {
            return;
        }
        let Some(first) = cx.held::<Node>().into_iter().next() else { return };
        match self.op.gives_back {
            GivesBack::AllButOne => cx.keep_only::<Node>([first]),
            GivesBack::One => cx.release::<Node>([first]),
            GivesBack::All => cx.keep_only::<Node>([]),
            _ => return,
        }
        cx.info(format!("left are nodes {}", names(cx, cx.held::<Node>())));
    }
}

fn stumble(op: &op::Walk, place: Place) {
    assert!(op.panics != Some(place), "stumbled: {place}");
}

fn hook_nodes(cx: &View) -> NodeSet {
    let state = cx.config();
    state.nodes.values().filter(|it| !it.name.starts_with("node3")).map(|it| it.uuid.clone()).collect()
}

fn names(cx: &View, nodes: BTreeSet<NodeId>) -> String {
    let names: Vec<String> = nodes.iter().map(|id| cx.config().node_name(id).replace(".example.com", "")).collect();
    format!("{names:?}")
}

impl LogicalUnit for Walk {
    type Op = op::Walk;
    type Plan = Found;

    const HOOKS: Option<Hooks<Self>> = Some(Hooks {
        path: "walk",
        object: HookObject::Cluster,
        env: Self::env,
        nodes: Self::hook_nodes,
        answered: Some(Self::answered),
    });

    fn arguments(op: &mut Self::Op) -> Result<(), Refusal> {
        stumble(op, Place::Arguments);
        if op.ends == Ends::InArguments {
            return Err(Refusal::wrong_input("not that way"));
        }
        // What is changed here reaches the other phases.
        op.common_mut().comment = Some("arguments".to_owned());
        Ok(())
    }

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        stumble(&op, Place::Expand);
        cx.info(format!("expand, after {}", op.common.comment.as_deref().unwrap_or("nothing")));
        let node = |name: &str| cx.find::<Node>(name);
        let all = || cx.config().nodes.ids().cloned().collect::<Vec<_>>();
        let (shared, exclusive) = (Mode::Shared, Mode::Exclusive);
        let web2 = || Locks::none().exclusive::<Instance>([WEB2.to_owned()]);
        let locks = match op.wishes {
            Wishes::Nothing => Locks::none(),
            Wishes::Known => {
                web2().shared::<Node>([node("node2")?, node("node1")?]).exclusive::<NodeRes>([node("node1")?])
            }
            Wishes::Computed => {
                web2().later(shared, Self::groups).later(shared, Self::nodes).later(exclusive, Self::same_resources)
            }
            // The order in which wishes are told means nothing.
            Wishes::Mixed => Locks::none()
                .shared::<Network>([cx.find::<Network>("net1")?])
                .later(exclusive, Self::nodes)
                .shared::<Instance>([WEB2.to_owned()]),
            Wishes::Free => Locks::none().later(exclusive, Self::free_nodes).later(exclusive, Self::same_resources),
            Wishes::FreeKnown => Locks::none()
                .now(exclusive, Want::<Node>::opportunistic(all(), 1))
                .later(exclusive, Self::same_resources),
            Wishes::FreeAndOne => {
                Locks::none().now(exclusive, Want::<Node>::opportunistic(all(), 1)).exclusive::<Node>([node("node1")?])
            }
            Wishes::FreeTwice => Locks::none()
                .now(exclusive, Want::<Node>::opportunistic([node("node1")?], 1))
                .now(exclusive, Want::<Node>::opportunistic([node("node2")?], 1)),
            Wishes::Whole => Locks::none().all::<Node>(exclusive),
            Wishes::WholeAndOne => Locks::none().exclusive::<Node>([node("node1")?]).all::<Node>(exclusive),
            Wishes::TwoLists => {
                Locks::none().shared::<Node>([node("node3")?]).shared::<Node>([node("node1")?, node("node3")?])
            }
            Wishes::Empty => Locks::none().shared::<Node>([]).later(exclusive, Self::same_resources),
            Wishes::Unwished => Locks::none().later(exclusive, Self::same_resources),
            Wishes::TwoModes => Locks::none().shared::<Node>([node("node1")?]).exclusive::<Node>([node("node2")?]),
            Wishes::TwoModesLater => Locks::none().shared::<Node>([node("node1")?]).later(exclusive, Self::nodes),
            Wishes::Refusing => web2().later(shared, Self::nodes),
        };
        Ok((Self { op }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Found, Refusal> {
        let held = if self.op.wishes == Wishes::Nothing { BTreeSet::new() } else { cx.held::<Node>() };
        cx.info(format!("check, holding nodes {}", names(cx, held)));
        cx.reserve(Reserved::Port(14_999)).map_err(|taken| Refusal::new(Code::NotUnique, taken.to_string()))?;
        self.stumble(Place::Check);
        self.give_back_in_check(cx);
        match self.op.ends {
            Ends::InCheck => Err(Refusal::wrong_state("the way is blocked")),
            Ends::Short | Ends::ShortAtFirst | Ends::ShortForGood => {
                Err(Refusal::new(Code::TemporarilyInsufficient, "too dark to walk"))
            }
            _ => Ok(Found { executed: false }),
        }
    }

    fn exec(&self, found: &mut Found, cx: &Exec) -> Result<NonEmpty, Failure> {
        cx.info("exec");
        match self.op.gives_back {
            GivesBack::Late => cx.keep_only::<Node>(cx.held::<Node>().into_iter().take(1)),
            GivesBack::Share => cx.downgrade::<Node>(),
            GivesBack::Unwished => {
                cx.keep_only::<Network>([]);
                cx.release::<Network>([]);
                cx.downgrade::<Network>();
            }
            _ => {}
        }
        match self.op.writes {
            Writes::Nothing => {}
            Writes::Object => drop(cx.update_cluster(|cluster| _ = cluster.tags.insert("walked".to_owned()))?),
            Writes::Whole => drop(cx.change(|draft| Ok(draft.add_network(path_network())?))?),
            Writes::Broken => cx.change(|draft: &mut Draft| {
                draft.add_network(path_network())?;
                Err::<(), _>(Failure::new("half-way"))
            })?,
        }
        self.stumble(Place::Exec);
        found.executed = true;
        match self.op.ends {
            Ends::InExec => Err(Failure::new("fell on the way")),
            Ends::Badly => Ok("".into_arg()),
            _ => Ok("walked".into_arg()),
        }
    }

    fn retry(op: &mut Self::Op) -> bool {
        if op.ends == Ends::ShortAtFirst {
            (op.ends, op.wishes) = (Ends::Well, Wishes::Whole);
            return true;
        }
        op.ends == Ends::Short
    }
}

/// A network without anything in it.
fn path_network() -> Network {
    let mut config = testlib::MockConfig::new();
    let id = config.network("path").cidr("10.9.0.0/24").id();
    let mut network = (*config.snapshot().get(&id).expect("it was just made")).clone();
    network.uuid = "00000000-0000-4000-8000-00000000beef".into();
    network
}

/// Needs the whole cluster to stand still.
pub(crate) struct Halt;

impl LogicalUnit for Halt {
    type Op = op::Halt;
    type Plan = ();
    const BIG_LOCK: Mode = Mode::Exclusive;

    fn expand(_: Self::Op, _: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        Ok((Self, Locks::none()))
    }
    fn check(&self, _: &Check) -> Result<(), Refusal> {
        Ok(())
    }
    fn exec(&self, (): &mut (), _: &Exec) -> Result<(), Failure> {
        Ok(())
    }
}

/// Has a hook variable of a name that is taken.
pub(crate) struct Clash {
    op: op::Clash,
}

impl Clash {
    fn env(&self, (): &(), _: &View) -> Env {
        [("CLUSTER".to_owned(), "mine".to_owned())].into()
    }
    fn nodes(&self, (): &(), cx: &View) -> (NodeSet, NodeSet) {
        let nodes = if self.op.hooks { hook_nodes(cx) } else { NodeSet::new() };
        (nodes.clone(), nodes)
    }
}

impl LogicalUnit for Clash {
    type Op = op::Clash;
    type Plan = ();
    const HOOKS: Option<Hooks<Self>> =
        Some(Hooks { path: "clash", object: HookObject::Cluster, env: Self::env, nodes: Self::nodes, answered: None });

    fn expand(op: Self::Op, _: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        Ok((Self { op }, Locks::none()))
    }
    fn check(&self, _: &Check) -> Result<(), Refusal> {
        Ok(())
    }
    fn exec(&self, (): &mut (), cx: &Exec) -> Result<(), Failure> {
        cx.change(|draft| Ok(draft.add_network(path_network())?))?;
        if self.op.fails { Err(Failure::new("fell on the way")) } else { Ok(()) }
    }
}

cmdlib::units! {
    /// The units of these tests: a table of another crate.
    pub(crate) const UNITS: op::Walk => Walk, op::Halt => Halt, op::Clash => Clash;
}
