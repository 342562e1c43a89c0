//! Phases of functions, told by names and calls.

use coverage::lines::Span;
use coverage::outline::{Outline, Phases};
use expect_test::expect;

const UNIT: &str = "\
const HOOKS: Hooks = Hooks { env: |lu| variables(lu) };
impl Unit for Start {
    fn expand(cx: &Cx) -> Locks {
        Locks::none().later(Self::nodes)
    }
    fn check(&self, cx: &Cx) -> Plan {
        self.memory(cx);
        Plan { name: both(), text: format!(\"{}\", worded(1)) }
    }
    fn exec(&self, cx: &Cx) {
        both();
        self.check(cx);
    }
}
impl Start {
    fn nodes(&self) {}
    fn memory(&self, cx: &Cx) {
        deep()
    }
}
fn deep() {
    fn inner() {}
}
fn both() {}
fn worded(x: u32) -> u32 { x }
fn variables(lu: &Start) {}
fn forgotten() {}
";

fn phases() -> Phases {
    [("expand", "expand"), ("check", "check"), ("exec", "exec"), ("HOOKS", "hooks")]
        .map(|(name, phase)| (name.to_owned(), phase.to_owned()))
        .into()
}

fn labels(text: &str, path: &str, phases: &Phases) -> String {
    let outline = Outline::read(text, path, phases).unwrap();
    let lines = 1..=text.lines().count() as u64;
    lines.map(|line| format!("{line} {}\n", outline.at(line).map_or("-".to_owned(), |each| each.label()))).collect()
}

#[test]
fn a_helper_has_the_phase_that_reaches_it() {
    expect![[r#"
        1 hooks, in HOOKS
        2 -
        3 expand
        4 expand
        5 expand
        6 check
        7 check
        8 check
        9 check
        10 exec
        11 exec
        12 exec
        13 exec
        14 -
        15 -
        16 expand, in nodes
        17 check, in memory
        18 check, in memory
        19 check, in memory
        20 -
        21 check, in deep
        22 shared, in inner
        23 check, in deep
        24 shared, in both
        25 check, in worded
        26 hooks, in variables
        27 shared, in forgotten
    "#]]
    .assert_eq(&labels(UNIT, "lu/start.rs", &phases()));
}

#[test]
fn in_a_file_named_by_a_phase_the_rest_is_that_phase() {
    expect![[r#"
        1 exec, in helper
        2 check
    "#]]
    .assert_eq(&labels("fn helper() {}\nfn check() {}\n", "lu/start/exec.rs", &phases()));
}

#[test]
fn without_phases_functions_have_their_names() {
    expect![[r#"
        1 -
        2 in helper
    "#]]
    .assert_eq(&labels("struct S;\nfn helper() {}\n", "src/a.rs", &Phases::new()));
}

#[test]
fn lines_are_cut_where_another_function_begins() {
    let outline = Outline::read(UNIT, "lu/start.rs", &phases()).unwrap();
    let parts = outline.cut(Span { start: 16, end: 24 });
    let parts = parts.iter().map(|(span, at)| format!("{span} {}\n", at.map_or("-".to_owned(), |at| at.label())));
    expect![[r#"
        16 expand, in nodes
        17-19 check, in memory
        20 -
        21 check, in deep
        22 shared, in inner
        23 check, in deep
        24 shared, in both
    "#]]
    .assert_eq(&parts.collect::<String>());
}

#[test]
fn what_is_no_rust_is_an_error() {
    assert!(Outline::read("fn (", "a.rs", &phases()).is_err());
}
