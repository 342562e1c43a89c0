//! The front to cargo-mutants, with a fake of it; and the counting.
#![cfg(unix)]

use coverage::mutants::baseline::Baseline;
use coverage::mutants::outcomes;
use coverage::mutants::score::sample;
use expect_test::expect;

use crate::scratch::{Run, Scratch, fixtures, run};

/// The demo workspace with cargo, cargo-mutants and git.
fn complete() -> Scratch {
    let scratch = Scratch::new();
    scratch.fake("cargo", "cargo").fake("cargo-mutants", "cargo-mutants").fake("git", "git");
    scratch
}

fn with(scratch: &Scratch, words: &[&str], variables: &[(&str, &str)]) -> Run {
    let words: Vec<&str> = ["mutants"].iter().chain(words).copied().collect();
    run(scratch.command(&words).envs(variables.iter().copied()))
}

fn all(scratch: &Scratch, words: &[&str]) -> Run {
    let words: Vec<&str> = ["--all", "--fail-under", "50"].iter().chain(words).copied().collect();
    with(scratch, &words, &[])
}

#[test]
fn survivors_are_named_by_unit_and_time_outs_counted_apart() {
    let scratch = complete();
    let run = all(&scratch, &["--jobs", "2"]);
    expect![[r#"
        cmdlib/src/lu/tags/set.rs           66.6 %  (2/3)
            survived   cmdlib/src/lu/tags/set.rs:7  replace < with <= in check
        cmdlib/src/lu/instance/startup.rs  100.0 %  (1/1)
            timed out  cmdlib/src/lu/instance/startup.rs:4  replace + with * in exec

        note: there is no baseline: only the threshold judges
        held: 75.0 % of the viable mutants caught (3 of 4); 1 timed out, 1 unviable; all
    "#]]
    .assert_eq(&run.out);
    expect![[r#"
        mutants: all: 6 mutants
    "#]]
    .assert_eq(&run.err);
    assert_eq!(run.code, 0);
    expect![[r#"
        cargo metadata --no-deps --format-version 1
        cargo-mutants --list --json --file cmdlib/src/lu/*/**/*.rs
        cargo test --package tests --no-run
        cargo test --package tests
        cargo-mutants --config demo/target/mutants/mutants.toml --output demo/target/mutants --file cmdlib/src/lu/instance/startup.rs --file cmdlib/src/lu/tags/set.rs --jobs 2 --colors never --copy-target=false --baseline skip --timeout 300 --test-package tests --
        GATE=1 RUST_BACKTRACE=0
        examine_re = ['^cmdlib/src/lu/tags/set\.rs:5:9: replace check \-> Result<\(\), Refusal> with Ok\(\(\)\)$', '^cmdlib/src/lu/tags/set\.rs:7:12: replace < with <= in check$', '^cmdlib/src/lu/tags/set\.rs:9:4: delete ! in exec$', '^cmdlib/src/lu/instance/startup\.rs:3:9: replace exec \-> Vec<T> with vec!\[\]$', '^cmdlib/src/lu/instance/startup\.rs:4:9: replace \+ with \* in exec$', '^cmdlib/src/lu/instance/startup\.rs:5:9: replace exec \-> T with Default::default\(\)$']
    "#]].assert_eq(&scratch.log());
}

#[test]
fn below_the_threshold_is_1_with_annotations_at_the_survivors() {
    let run = with(&complete(), &["--all", "--annotations", "--format", "markdown"], &[]);
    expect![[r#"
        ## Mutants: not held: 75.0 % of the viable mutants caught (3 of 4); 1 timed out, 1 unviable; all

        - 75.0 % of the viable mutants were caught (3 of 4), wanted 90 %

        | file | caught | | survivors |
        | --- | ---: | ---: | --- |
        | cmdlib/src/lu/tags/set.rs | 66.6 % | 2/3 | 7: replace &lt; with &lt;= in check |
        | cmdlib/src/lu/instance/startup.rs | 100.0 % | 1/1 |  |
    "#]]
    .assert_eq(&run.out);
    expect![[r#"
        mutants: all: 6 mutants
        ::error file=cmdlib/src/lu/tags/set.rs,line=7,endLine=7,title=a mutant survives::no test fails with: replace < with <= in check
    "#]].assert_eq(&run.err);
    assert_eq!(run.code, 1);
}

#[test]
fn the_score_as_json() {
    let run = all(&complete(), &["--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    expect![[r#"
        {"percent":75.0,"caught":3,"missed":1,"timed_out":1,"unviable":1}
        {
          "percent": 66.66,
          "caught": 2,
          "missed": 1,
          "timed_out": 0,
          "unviable": 0,
          "file": "cmdlib/src/lu/tags/set.rs",
          "survivors": [
            {
              "line": 7,
              "change": "replace < with <= in check",
              "name": "cmdlib/src/lu/tags/set.rs:7:12: replace < with <= in check"
            }
          ],
          "timeouts": []
        }
    "#]]
    .assert_eq(&format!("{}\n{:#}\n", value["total"], value["files"][1]));
}

#[test]
fn an_interrupted_run_goes_on_where_it_ended() {
    let scratch = complete();
    let words = ["--all", "--fail-under", "50"];
    let first = with(&scratch, &words, &[("FAKE_OUTCOMES", "interrupted")]);
    assert!(first.code == 2 && first.err.contains("2 of the mutants have no outcome"), "{}", first.err);
    let second = with(&scratch, &words, &[("FAKE_OUTCOMES", "rest")]);
    assert!(second.err.contains("6 mutants, 4 of them known from before"), "{}", second.err);
    assert_eq!(second.code, 0, "{}", second.out);
    assert!(
        scratch.log().lines().filter(|line| line.starts_with("examine_re")).nth(1).unwrap().matches("startup").count()
            == 2
    );
    let third = with(&scratch, &words, &[("FAKE_SILENT", "1")]);
    assert_eq!(third.code, 0, "all are known, so nothing runs");
    let other = with(&scratch, &words, &[("FAKE_SILENT", "1"), ("FAKE_TREE", "edited")]);
    assert_eq!(other.code, 2, "another tree, so all are tried again");
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_ended_on_the_same_tree() {
    let scratch = complete();
    with(&scratch, &["--all"], &[("FAKE_SILENT", "1")]);
    // What cargo-mutants had written by then, and the front had no time to read.
    let written = std::fs::read_to_string(fixtures().join("mutants/interrupted.json")).unwrap();
    std::fs::create_dir_all(scratch.path("target/mutants/mutants.out")).unwrap();
    scratch.write("target/mutants/mutants.out/outcomes.json", &written);
    let run = with(&scratch, &["--all", "--fail-under", "50"], &[("FAKE_OUTCOMES", "rest")]);
    assert!(run.code == 0 && run.err.contains("6 mutants, 4 of them known from before"), "{}", run.err);
}

#[test]
fn after_a_test_was_added_only_survivors_and_time_outs_are_tried_again() {
    let scratch = complete();
    all(&scratch, &[]);
    let run = with(&scratch, &["--all", "--survivors"], &[("FAKE_TREE", "a test more"), ("FAKE_OUTCOMES", "killed")]);
    expect![[r#"
        mutants: all: 6 mutants, 4 of them known from before
        cmdlib/src/lu/instance/startup.rs  100.0 %  (2/2)
        cmdlib/src/lu/tags/set.rs          100.0 %  (3/3)

        note: 4 outcomes are from before the tree changed (`--survivors`)
        note: there is no baseline: only the threshold judges
        held: 100.0 % of the viable mutants caught (5 of 5); 0 timed out, 1 unviable; all
    "#]]
    .assert_eq(&format!("{}{}", run.err, run.out));
    let log = scratch.log();
    let tried = log.lines().rfind(|line| line.starts_with("examine_re")).unwrap();
    assert!(tried.contains("replace < with <= in check") && tried.contains("in exec"), "{tried}");
    assert_eq!(tried.matches("cmdlib").count(), 2, "{tried}");
    let again = with(&scratch, &["--all"], &[("FAKE_TREE", "a test more"), ("FAKE_SILENT", "1")]);
    assert!(again.code == 0 && again.out.contains("4 outcomes are from before"), "{}", again.out);
}

#[test]
fn a_run_of_some_forgets_nothing_of_the_others() {
    let scratch = complete();
    all(&scratch, &[]);
    with(&scratch, &["--sample", "1"], &[]);
    // The seed draws one that survived, and then the run breaks off.
    with(&scratch, &["--sample", "1", "--survivors"], &[("FAKE_TREE", "a test more"), ("FAKE_SILENT", "1")]);
    let run = with(&scratch, &["--all"], &[("FAKE_TREE", "a test more")]);
    assert!(run.err.contains("6 mutants, 4 of them known from before"), "{}", run.err);
}

#[test]
fn a_unit_that_changed_is_tried_again_as_a_whole() {
    let scratch = complete();
    all(&scratch, &[]);
    scratch.replace("cmdlib/src/lu/tags/set.rs", "fn", "fn ");
    let run = with(&scratch, &["--all", "--survivors"], &[("FAKE_TREE", "edited")]);
    assert!(run.err.contains("6 mutants, 2 of them known from before"), "{}", run.err);
}

#[test]
fn changed_lines_are_the_default() {
    let scratch = complete();
    let run = with(&scratch, &["--list"], &[("FAKE_PATCH", "--- a/x\n+++ b/x\n")]);
    assert_eq!((run.code, run.out.lines().count()), (0, 6), "{}", run.err);
    assert!(scratch.log().contains("--in-diff demo/target/mutants/base.diff"), "{}", scratch.log());
    assert_eq!(std::fs::read_to_string(scratch.path("target/mutants/base.diff")).unwrap(), "--- a/x\n+++ b/x\n\n");
}

#[test]
fn a_change_without_a_mutant_holds() {
    let run = with(&complete(), &["--base", "origin/main"], &[]);
    expect![[r#"
        mutants: lines changed since origin/main: 0 mutants

        note: there is no baseline: only the threshold judges
        held: no viable mutant; lines changed since origin/main
        0
    "#]]
    .assert_eq(&format!("{}{}{}\n", run.err, run.out, run.code));
}

#[test]
fn a_base_without_common_history_is_2() {
    let run = with(&complete(), &["--base", "v1"], &[("FAKE_SHALLOW", "1")]);
    expect![[r#"
        could not measure: a command failed with exit status: 128: fatal: no merge base found
          where     `git diff --no-ext-diff --no-color --src-prefix=a/ --dst-prefix=b/ --merge-base v1`
          expected  a revision `v1` that shares a history with this one
          do        fetch it (`git fetch --unshallow` in a shallow clone), or name another one with `--base`: `v1` was tried
    "#]].assert_eq(&run.err);
    assert_eq!(run.code, 2);
}

#[test]
fn tests_that_fail_or_are_none_without_a_mutant_measure_nothing() {
    let red = with(&complete(), &["--all"], &[("FAKE_RED", "1")]);
    expect![[r#"
        mutants: all: 6 mutants
        test a ... FAILED
        could not measure: the tests do not build without any mutant
          where     `cargo test --package tests`
          expected  tests that pass, so that a failure means a mutant was noticed
          do        make them pass; or correct `mutants.package` and `mutants.arguments`
    "#]]
    .assert_eq(&red.err);
    let none = with(&complete(), &["--all"], &[("FAKE_TESTS", "0")]);
    assert!(none.err.contains("the results name no test"), "{}", none.err);
    assert_eq!((red.code, none.code), (2, 2));
}

#[test]
fn a_baseline_that_fails_measures_nothing() {
    let run = with(&complete(), &["--all"], &[("FAKE_OUTCOMES", "red")]);
    expect![[r#"
        mutants: all: 6 mutants
        could not measure: the tests fail without any mutant (Failure)
          where     target/mutants/mutants.out/outcomes.json
          expected  tests that pass, so that a failure means a mutant was noticed
          do        make them pass; the log is target/mutants/mutants.out/log/baseline.log
    "#]]
    .assert_eq(&run.err);
    assert_eq!(run.code, 2);
}

#[test]
fn a_runner_that_leaves_nothing_is_shown() {
    let run = with(&complete(), &["--all"], &[("FAKE_SILENT", "1")]);
    assert!(run.code == 2 && run.err.contains("no such option"), "{}", run.err);
}

#[test]
fn the_baseline_only_rises() {
    let scratch = complete();
    let run = all(&scratch, &["--update"]);
    assert_eq!(run.code, 0);
    expect![[r#"
        # What came of the mutants. Written by `coverage mutants --update`; it only rises.
        # path, percentage caught of the viable, survivors
        kind: all
        total: 75.00 1
        cmdlib/src/lu/instance/startup.rs 100.00 0
        cmdlib/src/lu/tags/set.rs 66.66 1
    "#]]
    .assert_eq(&scratch.read("mutants.baseline"));
    scratch.replace("mutants.baseline", "set.rs 66.66 1", "set.rs 100.00 0");
    let run = all(&scratch, &["--update"]);
    assert!(
        run.code == 1 && run.out.contains("set.rs fell from 100.0 % with 0 survivors to 66.6 % with 1"),
        "{}",
        run.out
    );
    assert!(scratch.read("mutants.baseline").contains("set.rs 100.00 0"));
    let other = with(&scratch, &["--sample", "4", "--fail-under", "50"], &[]);
    assert!(
        other.code == 0 && other.out.contains("the baseline is of `all`, this is `sample of 4, seed 1`"),
        "{}",
        other.out
    );
}

#[test]
fn baselines_that_can_not_be_read() {
    let said = ["", "kind: all\ntotal: 1 0\nx\n", "kind: all\ntotal: 1 0\nb 1 0\na 1 0\n"];
    let said = said.map(|text| Baseline::read(text, "mutants.baseline").unwrap_err().what);
    assert_eq!(
        said,
        [
            "the baseline is empty, or its head is incomplete",
            "`x` can't be read",
            "`a` is out of order, or there twice"
        ]
    );
}

#[test]
fn outcomes_that_are_given_are_judged() {
    let scratch = complete();
    let path = fixtures().join("mutants/outcomes.json");
    let run = with(&scratch, &["--no-run", path.to_str().unwrap(), "--fail-under", "50"], &[]);
    assert_eq!((run.code, scratch.log().as_str()), (0, ""), "{}", run.err);
}

#[test]
fn nothing_is_installed_unless_it_may_be() {
    let scratch = Scratch::new();
    scratch.fake("cargo", "cargo");
    let run = with(&scratch, &["--all", "--no-install"], &[]);
    expect![[r#"
        could not measure: a tool is missing: cargo-mutants
          where     looked at the path, target/tools/bin
          expected  cargo-mutants, or leave to install it (no `--no-install`)
          do        cargo install --locked cargo-mutants --root target/tools
    "#]]
    .assert_eq(&run.err);
    assert_eq!(run.code, 2);
}

#[test]
fn a_sample_is_drawn_by_its_seed_alone() {
    let list = std::fs::read_to_string(fixtures().join("mutants/list.json")).unwrap();
    let mutants = outcomes::read_list(&list, "list").unwrap();
    assert_eq!(sample(&mutants, 3, 7), sample(&mutants, 3, 7));
    assert!((0..9).any(|seed| sample(&mutants, 3, seed) != sample(&mutants, 3, 7)));
    assert_eq!(sample(&mutants, 100, 7), mutants, "never more than there are, in their order");
}
