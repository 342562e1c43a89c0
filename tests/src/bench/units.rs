//! A unit of the tests' own that cares for a pet on a node, and does wrong whatever its opcode says; with calls of its own.

use std::cell::Cell;

use cmdlib::config::{Reserved, Status};
use cmdlib::cx::{Check, Declare, Exec, Expand, View};
use cmdlib::error::{Code, Failure, Refusal};
use cmdlib::field::Params;
use cmdlib::hooks::{Env, HookObject, Hooks, NodeSet};
use cmdlib::iallocator::{ChangeGroup, Reply};
use cmdlib::ids::NodeId;
use cmdlib::jobs::Job;
use cmdlib::locking::{Locks, Mode, Want};
use cmdlib::objects::{AdminState, Instance, Network, Node, NodeGroup};
use cmdlib::op::{IntoArg, NonEmpty};
use cmdlib::unit::LogicalUnit;
use serde_json::Value;
use testlib::{Healthy, LuTest};

cmdlib::words! {
    /// How the pet is cared for.
    pub enum How {
        /// The node is locked, told to feed the pet, and gets the tag `fed`.
        Well = "well",
        /// Nothing is locked, told or changed.
        NotAtAll = "not at all",
        /// The pet is only looked at.
        ByLooking = "by looking",
        /// The pet is fed three times: less each time.
        ThreeTimes = "three times",
        /// The node is tagged, and then tagged again.
        TwoWrites = "two writes",
        /// The serial number of the node moves, and nothing else.
        TagAndBack = "tag and back",
        /// All nodes are locked, and all but the one given back in the check.
        GivingBack = "giving back",
        /// The lock is made shared before the pet is fed.
        Sharing = "sharing",
        /// The whole level of nodes is locked.
        WholeLevel = "whole level",
        /// All nodes are locked as far as they are free, at least one.
        AsFree = "as free",
        /// Four nodes of three are to be locked as far as they are free.
        TooMany = "too many",
        /// A line of each kind is logged.
        Talking = "talking",
        /// The check refuses.
        Refusing = "refusing",
        /// The arguments are refused.
        RefusingAtOnce = "refusing at once",
        /// The execution fails.
        Failing = "failing",
        /// The opcode's promise is broken: a text that must not be empty is.
        Empty = "empty",
        /// A list of numbers is returned.
        Counting = "counting",
        /// A long text is returned.
        AtLength = "at length",
        /// Two jobs are submitted.
        Delegating = "delegating",
        /// The allocator is asked.
        Allocating = "allocating",
        /// The time passes.
        Waiting = "waiting",
        /// A network name is looked up and a host is pinged.
        Pinging = "pinging",
        /// Somebody is waited for.
        Listening = "listening",

        // -- what breaks an invariant

        /// The node is tagged without its lock.
        ChangingUnlocked = "changing unlocked",
        /// An instance goes to the node without the nodes' locks.
        PlacingUnlocked = "placing unlocked",
        /// An instance is changed without its lock.
        InstanceUnlocked = "instance unlocked",
        /// A group is changed under a shared lock.
        GroupShared = "group shared",
        /// A network is changed without its lock.
        NetworkUnlocked = "network unlocked",
        /// The pet is fed without the node's lock.
        FeedingUnlocked = "feeding unlocked",
        /// The instance is washed under its shared lock.
        WashingShared = "washing shared",
        /// Memory is moved without any lock.
        MovingUnlocked = "moving unlocked",
        /// The check tells a node to do something, behind the back of the types, and refuses.
        ActingInCheck = "acting in check",
        /// The node moves to a group that does not exist.
        BreakingTheCluster = "breaking the cluster",
        /// The secret is logged.
        LoggingTheSecret = "logging the secret",
        /// The secret is a hook variable.
        HookingTheSecret = "hooking the secret",
        /// The secret is in a refusal.
        RefusingWithTheSecret = "refusing with the secret",
        /// The secret is the result.
        ReturningTheSecret = "returning the secret",
        /// The check panics.
        PanicInCheck = "panic in check",
        /// The execution panics.
        PanicInExec = "panic in exec",
        /// Two wishes of one level contradict each other.
        TwoModes = "two modes",
        /// The unit remembers between runs, and locks another node each time.
        OtherLocks = "other locks",
        /// It remembers, and ends differently each time.
        OtherOutcome = "other outcome",
        /// It remembers, and changes something else each time.
        OtherChanges = "other changes",
        /// It remembers, and makes a call that nobody expects every second time.
        OtherCalls = "other calls",
    }
}

cmdlib::calls! {
    /// Looks at a pet.
    question PetLook = "pet_look" in |c| 60, Online, Nothing (
        /// Its name.
        pet: String,
    ) => String;

    /// Feeds a pet.
    action PetFeed = "pet_feed" in |c| 60, Online, Node (
        /// Its name.
        pet: String,
        /// How much it gets.
        grams: u64,
    ) => ();

    /// Washes an instance.
    action PetWash = "pet_wash" in |c| 60, Online, Instance (
        /// Its name.
        instance: String,
    ) about c.instance.as_str() => ();

    /// Moves memory.
    action PetMove = "pet_move" in |c| 60, Online, NodeResOrInstance (
        /// The name of the instance.
        instance: String,
    ) about c.instance.as_str() => ();

    /// Asks what nobody can answer.
    question PetRiddle = "pet_riddle" in |c| 60, Online, Nothing () => String;
}

/// An action that claims to be a question: what types can't rule out in another crate.
#[derive(Debug, Clone)]
pub(crate) struct PetTrick;

impl cmdlib::rpc::AnyCall for PetTrick {
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
    fn boxed(&self) -> Box<dyn cmdlib::rpc::AnyCall> {
        Box::new(self.clone())
    }
    fn procedure(&self) -> &'static str {
        "pet_trick"
    }
    fn type_name(&self) -> &'static str {
        "PetTrick"
    }
    fn kind(&self) -> cmdlib::rpc::Kind {
        cmdlib::rpc::Kind::Action
    }
    fn scope(&self) -> cmdlib::rpc::Scope {
        cmdlib::rpc::Scope::Online
    }
    fn seconds(&self) -> f64 {
        1.0
    }
    fn needs(&self) -> cmdlib::rpc::Needs {
        cmdlib::rpc::Needs::Nothing
    }
    fn instance(&self) -> Option<String> {
        None
    }
    fn misfit(&self, answer: &Value) -> Option<cmdlib::field::Misfit> {
        <() as cmdlib::field::Field>::read(answer).err()
    }
    fn args(&self, _: &cmdlib::rpc::Encode) -> Result<cmdlib::rpc::Args, cmdlib::config::Gone> {
        Ok(cmdlib::rpc::Args::default())
    }
}
impl cmdlib::rpc::Call for PetTrick {
    const NAME: &'static str = "pet_trick";
    type Reply = ();
    fn read(_: &[Value]) -> Result<Self, cmdlib::field::Misfit> {
        Ok(Self)
    }
}
impl cmdlib::rpc::Question for PetTrick {}

impl Healthy for PetLook {
    fn answer(&self, node: &Node, _: &cmdlib::config::Snapshot) -> Result<String, String> {
        Ok(format!("{} is well on {}", self.pet, node.name))
    }
}
impl Healthy for PetRiddle {
    fn answer(&self, _: &Node, _: &cmdlib::config::Snapshot) -> Result<String, String> {
        Err("nobody knows the answer: script it".to_owned())
    }
}
macro_rules! nothing_to_tell {
    ($($call:ident)+) => { $(impl Healthy for $call {
        fn answer(&self, _: &Node, _: &cmdlib::config::Snapshot) -> Result<(), String> {
            Ok(())
        }
    })+ };
}
nothing_to_tell! { PetFeed PetWash PetMove PetTrick }

pub(crate) mod op {
    use super::How;
    use cmdlib::field::Params;
    use cmdlib::op::NonEmpty;
    use serde_json::Value;

    cmdlib::opcode! {
        /// Cares for a pet.
        PetCare = "OP_PET_CARE" (
            /// The node that it lives on.
            node_name: NonEmpty,
        ) {
            /// How.
            how: How = How::Well,
            /// Whether hooks run.
            hooks: bool = false,
            /// Parameters that nobody may see.
            osparams_secret: Params = Params::new(),
        } -> Value
    }

    cmdlib::opcode! {
        /// Names a pet.
        PetName = "OP_PET_NAME" (
            /// The name.
            name: String,
        ) {} -> NonEmpty
    }
}

/// Cares for a pet.
pub(crate) struct PetCare {
    op: op::PetCare,
    node: NodeId,
}

thread_local! {
    /// What no unit may have: something that it remembers between runs.
    static RUNS: Cell<usize> = const { Cell::new(0) };
}

fn every_second_run() -> bool {
    RUNS.with(|runs| runs.replace(runs.get() + 1) % 2 == 1)
}

impl PetCare {
    fn feed(&self, grams: u64, cx: &Exec) -> Result<(), Failure> {
        Ok(cx.tell(&self.node, PetFeed { pet: "rex".to_owned(), grams })?)
    }

    fn tag(&self, tag: &str, cx: &Exec) -> Result<(), Failure> {
        cx.update(&self.node, |node| _ = node.tags.insert(tag.to_owned())).map(|_| ())
    }

    fn look(&self, cx: &Check) -> Result<String, Refusal> {
        Ok(cx.ask(&self.node, PetLook { pet: "rex".to_owned() })?)
    }

    fn secret(&self) -> &str {
        self.op.osparams_secret.get("key").and_then(Value::as_str).unwrap_or("no secret was given")
    }

    fn all_nodes(&self, cx: &Declare<Node>) -> Result<Want<Node>, Refusal> {
        Ok(Want::these(cx.config().nodes.ids().cloned()))
    }

    fn free_nodes(&self, cx: &Declare<Node>) -> Result<Want<Node>, Refusal> {
        let minimum = if self.op.how == How::TooMany { 4 } else { 1 };
        Ok(Want::opportunistic(cx.config().nodes.ids().cloned(), minimum))
    }

    fn env(&self, plan: &bool, _: &View) -> Env {
        let pet = if self.op.how == How::HookingTheSecret { self.secret() } else { "rex" };
        let fed = if *plan { "True" } else { "False" };
        [("PET".to_owned(), pet.to_owned()), ("FED".to_owned(), fed.to_owned())].into()
    }

    fn hook_nodes(&self, _: &bool, cx: &View) -> (NodeSet, NodeSet) {
        let master = cx.config().cluster.master_node.clone();
        let nodes = |nodes: &[&NodeId]| nodes.iter().filter(|_| self.op.hooks).map(|it| (*it).clone()).collect();
        (nodes(&[&master]), nodes(&[&master, &self.node]))
    }
}

impl LogicalUnit for PetCare {
    type Op = op::PetCare;
    /// Whether the pet was fed.
    type Plan = bool;

    const HOOKS: Option<Hooks<Self>> = Some(Hooks {
        path: "pet-care",
        object: HookObject::Node,
        env: Self::env,
        nodes: Self::hook_nodes,
        answered: None,
    });

    fn arguments(op: &mut Self::Op) -> Result<(), Refusal> {
        if op.how == How::RefusingAtOnce {
            return Err(Refusal::wrong_input("pets are not fed at night"));
        }
        Ok(())
    }

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let node = cx.find::<Node>(&op.node_name)?;
        let none = Locks::none();
        let locks = match op.how {
            How::NotAtAll | How::ChangingUnlocked | How::InstanceUnlocked | How::NetworkUnlocked => none,
            How::FeedingUnlocked | How::MovingUnlocked | How::ByLooking => none,
            How::GivingBack => none.later(Mode::Exclusive, Self::all_nodes),
            How::WholeLevel => none.all::<Node>(Mode::Exclusive),
            How::AsFree | How::TooMany => none.later(Mode::Exclusive, Self::free_nodes),
            How::GroupShared => none.shared::<NodeGroup>([cx.find::<NodeGroup>("default")?]),
            How::WashingShared => none.shared::<Instance>(["web1.example.com".to_owned()]),
            How::BreakingTheCluster => none.all::<NodeGroup>(Mode::Exclusive).exclusive::<Node>([node.clone()]),
            How::PlacingUnlocked => none.exclusive::<Instance>(["web1.example.com".to_owned()]),
            How::TwoModes => none.shared::<Node>([node.clone()]).exclusive::<Node>([node.clone()]),
            How::OtherLocks if every_second_run() => none.shared::<Node>([node.clone()]),
            How::Refusing => {
                none.exclusive::<Instance>(["web1.example.com".to_owned()]).exclusive::<Node>([node.clone()])
            }
            _ => none.exclusive::<Node>([node.clone()]),
        };
        Ok((Self { op, node }, locks))
    }

    fn check(&self, cx: &Check) -> Result<bool, Refusal> {
        match self.op.how {
            How::ByLooking => drop(self.look(cx)?),
            How::Talking => {
                cx.info("a pet was found");
                cx.warn("it barks");
                cx.hint("feed it");
            }
            How::GivingBack => cx.keep_only::<Node>([self.node.clone()]),
            How::Refusing => {
                drop(self.look(cx)?);
                cx.reserve(Reserved::Port(14_999)).map_err(|taken| Refusal::new(Code::NotUnique, taken.to_string()))?;
                return Err(Refusal::wrong_state("the pet is not hungry"));
            }
            How::RefusingWithTheSecret => {
                return Err(Refusal::wrong_input(format!("'{}' is no name for a pet", self.secret())));
            }
            How::LoggingTheSecret => cx.info(format!("the word is {}", self.secret())),
            How::ActingInCheck => {
                cx.ask(&self.node, PetTrick)?;
                return Err(Refusal::wrong_state("the pet is not hungry"));
            }
            How::PanicInCheck => panic!("the pet bit"),
            How::Pinging => {
                let host = cx.resolve("pets.example.com").map_err(|it| Refusal::new(Code::Resolver, it.to_string()))?;
                if !cx.ping(&host.ip, 1811, 2.0) {
                    return Err(Refusal::new(Code::Environment, "nobody listens"));
                }
            }
            How::OtherCalls if every_second_run() => {
                let _ = cx.ask(&self.node, PetRiddle {});
            }
            _ => {}
        }
        Ok(false)
    }

    fn exec(&self, plan: &mut bool, cx: &Exec) -> Result<Value, Failure> {
        match self.op.how {
            How::Failing => {
                self.feed(100, cx)?;
                return Err(Failure::new("the pet ran away"));
            }
            How::ThreeTimes => [100, 50, 25].into_iter().try_for_each(|grams| self.feed(grams, cx))?,
            How::TwoWrites => {
                self.tag("fed", cx)?;
                self.tag("washed", cx)?;
            }
            How::TagAndBack => {
                self.tag("fed", cx)?;
                cx.update(&self.node, |node| _ = node.tags.remove("fed"))?;
            }
            How::Sharing => {
                cx.downgrade::<Node>();
                self.feed(100, cx)?;
            }
            How::Counting => return Ok(serde_json::json!({"fed": ["rex", "tom"], "grams": 100})),
            How::AtLength => return Ok(Value::from("woof ".repeat(100))),
            How::Delegating => {
                let start = cmdlib::op::InstanceStartup::new("web1.example.com");
                let stop = cmdlib::op::InstanceShutdown::new("web1.example.com");
                let jobs = vec![Job(vec![start.clone().into(), stop.into()]), Job(vec![start.into()])];
                return Ok(cmdlib::field::Field::write(&cx.submit(jobs)));
            }
            How::Allocating => {
                let target = cx.config().nodegroups.ids().next().cloned().into_iter().collect();
                let request = ChangeGroup { instances: vec!["web2.example.com".to_owned()], targets: target };
                if let Reply::No(why) = cx.allocate("hail", request)? {
                    return Err(Failure::new(format!("no place: {why}")));
                }
            }
            How::Waiting => {
                let begin = cx.now();
                self.feed(100, cx)?;
                cx.sleep(1.5);
                return Ok(Value::from(cx.now() - begin));
            }
            How::Listening => return Ok(Value::from(format!("{:?}", cx.wait_for_ring(10.0)?))),
            How::InstanceUnlocked => {
                let id = cx.find::<Instance>("web1")?;
                cx.set_status(&id, Status { admin_state: Some(AdminState::Up), ..Status::default() })?;
            }
            How::GroupShared => {
                let id = cx.find::<NodeGroup>("default")?;
                cx.update(&id, |group| _ = group.tags.insert("fed".to_owned()))?;
            }
            How::NetworkUnlocked => {
                let id = cx.find::<Network>("net1")?;
                cx.update(&id, |network| _ = network.tags.insert("fed".to_owned()))?;
            }
            How::FeedingUnlocked => self.feed(100, cx)?,
            How::WashingShared => cx.tell(&self.node, PetWash { instance: "web1.example.com".to_owned() })?,
            How::MovingUnlocked => cx.tell(&self.node, PetMove { instance: "web1.example.com".to_owned() })?,
            How::PlacingUnlocked => {
                let web1 = cx.find::<Instance>("web1")?;
                drop(cx.update(&web1, |instance| instance.primary_node = self.node.clone())?);
            }
            How::BreakingTheCluster => drop(cx.update(&self.node, |node| node.group = "nowhere".into())?),
            How::ReturningTheSecret => return Ok(Value::from(self.secret())),
            How::PanicInExec => panic!("the pet bit"),
            How::OtherOutcome if every_second_run() => return Err(Failure::new("the pet ran away")),
            How::OtherChanges if every_second_run() => self.tag("washed", cx)?,
            How::ChangingUnlocked | How::OtherChanges => self.tag("fed", cx)?,
            How::Well | How::HookingTheSecret => {
                self.feed(100, cx)?;
                self.tag("fed", cx)?;
                *plan = true;
            }
            _ => {}
        }
        Ok(Value::Null)
    }
}

/// Names a pet.
pub(crate) struct PetName {
    name: String,
}

impl LogicalUnit for PetName {
    type Op = op::PetName;
    type Plan = ();

    fn expand(op: Self::Op, _: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        Ok((Self { name: op.name }, Locks::none()))
    }
    fn check(&self, _: &Check) -> Result<(), Refusal> {
        Ok(())
    }
    fn exec(&self, (): &mut (), _: &Exec) -> Result<NonEmpty, Failure> {
        Ok(self.name.as_str().into_arg())
    }
}

cmdlib::units! {
    /// The units of these tests.
    pub(crate) const UNITS: op::PetCare => PetCare, op::PetName => PetName;
}

/// A bench with three nodes, five instances, the units of these tests, and nodes that answer their calls.
pub(crate) fn bench() -> LuTest {
    let mut t = LuTest::three_nodes_five_instances().units(UNITS);
    t.knows::<PetLook>()
        .knows::<PetFeed>()
        .knows::<PetWash>()
        .knows::<PetMove>()
        .knows::<PetRiddle>()
        .knows::<PetTrick>();
    t
}

/// Cares for the pet on node2.
pub(crate) fn care(how: How) -> op::PetCare {
    op::PetCare { how, ..op::PetCare::new("node2") }
}

/// As `care`, with hooks.
pub(crate) fn shown(how: How) -> op::PetCare {
    op::PetCare { hooks: true, ..care(how) }
}

/// As `shown`, with a secret.
pub(crate) fn secretly(how: How) -> op::PetCare {
    let secrets: Params = [("key".to_owned(), Value::from("open-sesame"))].into_iter().collect();
    op::PetCare { osparams_secret: secrets, ..shown(how) }
}
