//! The project's figures, each beside its goal: `cargo bench -p tests`. `small`, `replay`, `sweep` or `large` after
//! `--` chooses among them.
//!
//! Measured here rather than by a harness, since none gives its figures back: goals are compared, and some are ratios.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "it is a program that measures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use cmdlib::config::{ChangeError, Config, MemoryStorage, Snapshot};
use cmdlib::error::Failure;
use cmdlib::objects::Instance;
use cmdlib::op::{self, TagKind};
use cmdlib::rpc::OsDiagnose;
use testlib::{GiB, Invariant, LuTest, MockConfig, clusters};

/// The nodes of the large cluster.
const NODES: usize = 1_000;
/// The instances of the large cluster.
const INSTANCES: usize = 100_000;
/// How long one figure is measured.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How long a sample takes at least: the clock's own time does not count then.
const SAMPLE: Duration = Duration::from_millis(2);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    println!("{:<64} {:>10} {:>10} {:>10}", "", "fastest", "median", "goal");
    let sections: [(&str, fn()); 4] = [("small", small), ("replay", replay), ("sweep", sweep), ("large", large)];
    for (name, section) in sections {
        if words.is_empty() || words.iter().any(|word| word == name) {
            section();
        }
    }
}

/// What was measured: the time of one call, in the fastest sample and in the middle one. The fastest counts: what other
/// programs took of the machine is in all others.
#[derive(Clone, Copy)]
struct Figure {
    fastest: Duration,
    median: Duration,
}

/// Measures a figure, and prints it beside its goal.
fn figure<R>(what: &str, goal: Duration, run: impl FnMut() -> R) -> Figure {
    part(what, goal, 1, run)
}

/// The same for something that is done `count` times in each run.
fn part<R>(what: &str, goal: Duration, count: u32, mut run: impl FnMut() -> R) -> Figure {
    let Figure { fastest, median } = measured(&mut run);
    let figure = Figure { fastest: fastest / count, median: median / count };
    print(what, [figure.fastest, figure.median, goal].map(|it| format!("{it:.1?}")), figure.fastest <= goal);
    figure
}

/// Prints how often one figure goes into another.
fn ratio(what: &str, goal: f64, of: Figure, to: Figure) {
    let ratio = |of: Duration, to: Duration| of.as_secs_f64() / to.as_secs_f64();
    let (fastest, median) = (ratio(of.fastest, to.fastest), ratio(of.median, to.median));
    print(what, [fastest, median, goal].map(|it| format!("{it:.2}")), fastest <= goal);
}

fn print(what: &str, [fastest, median, goal]: [String; 3], held: bool) {
    println!("{what:<64} {fastest:>10} {median:>10} {goal:>10}  {}", if held { "" } else { "MISSED" });
}

fn measured<R>(run: &mut impl FnMut() -> R) -> Figure {
    let began = Instant::now();
    black_box(run());
    let calls = (SAMPLE.as_nanos() / began.elapsed().as_nanos().max(1)).clamp(1, 100_000) as u32;
    let mut samples = Vec::new();
    while samples.len() < 3 || began.elapsed() < PATIENCE {
        let sample = Instant::now();
        (0..calls).for_each(|_| drop(black_box(run())));
        samples.push(sample.elapsed() / calls);
    }
    samples.sort();
    Figure { fastest: samples[0], median: samples[samples.len() / 2] }
}

const fn us(us: u64) -> Duration {
    Duration::from_micros(us)
}

fn tag(name: &str) -> op::TagsSet {
    op::TagsSet { name: Some(name.to_owned()), ..op::TagsSet::new(TagKind::Instance, ["fed"]) }
}

fn small() {
    figure("TagsGet on the smallest cluster", us(20), || {
        LuTest::new().run(op::TagsGet::new(TagKind::Cluster)).succeeded()
    });
    figure("TagsSet on the smallest cluster", us(20), || {
        LuTest::new().run(op::TagsSet::new(TagKind::Cluster, ["fed"])).succeeded()
    });
    let startup = |mut t: LuTest| t.run(op::InstanceStartup::new("web1")).succeeded();
    let checked = figure("InstanceStartup on three nodes", us(120), || startup(LuTest::three_nodes_five_instances()));
    let unchecked = figure("the same without the checks of its locks", us(120), || {
        let mut t = LuTest::three_nodes_five_instances();
        let why = "what they cost is measured";
        t.allow(Invariant::LockContract, why).allow(Invariant::LocksFreed, why).allow(Invariant::SameBothWays, why);
        startup(t)
    });
    ratio("InstanceStartup with these checks, against without", 1.1, checked, unchecked);
    // A call without arguments: nothing is encoded. Each run is done both ways of taking locks.
    const CALLS: u32 = 1_000;
    part("a scripted call, matched and recorded", us(1), 2 * CALLS, || {
        let mut t = LuTest::new();
        t.allow(Invariant::LockContract, "the call alone is measured");
        t.rpc().on::<OsDiagnose>().any_times().replies(Vec::new());
        let run = t.exec(|cx| {
            let master = cx.config().cluster.master_node.clone();
            (0..CALLS).for_each(|_| drop(black_box(cx.ask(&master, OsDiagnose {}))));
            Ok::<(), Failure>(())
        });
        run.succeeded()
    });
}

fn replay() {
    for (name, traces) in [
        ("TagsSet", include_str!("../src/replay/recorded/kept/TagsSet.jsonl")),
        ("InstanceStartup", include_str!("../src/replay/recorded/kept/InstanceStartup.jsonl")),
    ] {
        let line = traces.lines().next().unwrap();
        figure(&format!("replay of a trace of {name}, JSON included"), us(1_000), || {
            testlib::replay::trace(line);
        });
    }
}

/// The goal is one of debug builds: `cargo bench -p tests --profile dev -- sweep`.
fn sweep() {
    let plain = |config: &mut MockConfig| (0..27).for_each(|_| drop(config.instance("web1").plain(GiB(1))));
    let mirrored = |config: &mut MockConfig| (0..13).for_each(|_| drop(config.instance("web1").drbd("node2", GiB(1))));
    for (disks, add) in [("27 disks", &plain as &dyn Fn(&mut MockConfig)), ("13 mirrored disks", &mirrored)] {
        let mut cluster = clusters::three_nodes();
        cluster.instance("web1").on("node1").up();
        add(&mut cluster);
        let stop = || op::InstanceShutdown::new("web1");
        let calls = LuTest::with(cluster.clone()).run(stop()).succeeded().journal().to_string();
        let calls = calls.lines().filter(|line| line.contains(" call ")).count();
        figure(&format!("fault sweep of InstanceShutdown, {calls} calls about {disks}"), us(50_000), || {
            LuTest::with(cluster.clone()).fault_sweep(stop()).holds()
        });
    }
}

fn large() {
    const LARGE: &str = "among 100,000 instances:";
    let name = |what: &str| format!("{LARGE} {what}");
    let made = clusters::scaled(NODES, INSTANCES);
    let text = serde_json::to_vec(&made.snapshot().write()).unwrap();
    figure(&name("load"), us(1_000_000), || Snapshot::parse(&text).unwrap());
    let state = Snapshot::parse(&text).unwrap();
    let config = Config::new(state.clone(), MemoryStorage);
    figure(&name("snapshot"), us(1), || config.snapshot());
    figure(&name("look-up by full name"), us(1), || state.find::<Instance>("inst77777.example.com").unwrap());
    figure(&name("look-up by first component"), us(1), || state.find::<Instance>("inst77777").unwrap());
    let id = state.find::<Instance>("inst77777").unwrap();
    let mut now = 1.0;
    figure(&name("one change"), us(50), || {
        now += 1.0;
        config.change(now, |draft| {
            let changed = draft.update(&id, |it| it.disks_active = !it.disks_active);
            changed.map_err(ChangeError::Gone)
        })
    });
    figure(&name("verify"), us(1_000_000), || assert!(state.verify().is_empty()));

    let few = clusters::three_nodes_five_instances();
    let mut many = MockConfig::from_document(&state.write());
    many.check().unwrap();
    many.instance("inst7").down();
    pair("TagsSet", [&few, &many], |t, name| drop(t.run(tag(name)).succeeded()));
    pair("InstanceStartup", [&few, &many], |t, name| drop(t.run(op::InstanceStartup::new(name)).succeeded()));

    /// Measures a test on three nodes and on the large cluster.
    fn pair(unit: &str, [few, many]: [&MockConfig; 2], test: impl Fn(&mut LuTest, &str)) {
        let on = |config: &MockConfig, name: &'static str| {
            let (config, test) = (config.clone(), &test);
            move || test(&mut LuTest::with(config.clone()), name)
        };
        let goal = Duration::from_millis(1);
        let of = figure(&format!("{LARGE} {unit}"), goal, on(many, "inst7"));
        let to = figure(&format!("on three nodes: {unit}"), goal, on(few, "web1"));
        ratio(&format!("{LARGE} {unit}, against three nodes"), 2.0, of, to);
    }
}
