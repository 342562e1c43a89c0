//! `gate --base`: the lines of a change, from real repositories.

use std::process::Command;

use expect_test::{Expect, expect};

use crate::scratch::{GIT_ENVIRONMENT, Run, Scratch, git, run};

/// The demo as a repository with one commit, `main`. The report is the same for all of its states: lines that were
/// added there must be shifted by nothing, so changes of these tests replace lines.
fn repository() -> Scratch {
    let scratch = Scratch::new();
    git(&scratch.path(""), &["init", "--quiet", "--initial-branch=main"]);
    commit(&scratch);
    git(&scratch.path(""), &["checkout", "--quiet", "-b", "change"]);
    scratch
}

fn commit(scratch: &Scratch) {
    git(&scratch.path(""), &["add", "--all"]);
    git(&scratch.path(""), &["commit", "--quiet", "--message=state"]);
}

fn command(scratch: &Scratch, words: &[&str]) -> Command {
    let words: Vec<&str> =
        ["gate", "--no-run", "report.json", "--fail-under", "20"].iter().chain(words).copied().collect();
    let mut command = scratch.command(&words);
    // git as well, and no compiler: the baseline plays no part.
    command.env("PATH", std::env::var_os("PATH").unwrap()).env("RUSTC", "none").envs(GIT_ENVIRONMENT);
    command
}

fn gate(scratch: &Scratch, words: &[&str]) -> Run {
    let mut run = run(&mut command(scratch, words));
    let base = git(&scratch.path(""), &["rev-parse", "main"]);
    run.out = run.out.replace(&base[..12], "BASE");
    run.err = run.err.replace(&base[..12], "BASE");
    run
}

/// What a verdict says of changed lines.
fn section(text: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.starts_with("lines changed"));
    lines.take_while(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

#[track_caller]
fn could_not_measure(scratch: &Scratch, words: &[&str], expect: Expect) {
    let run = gate(scratch, words);
    expect.assert_eq(&run.err);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn changed_lines_that_ran_hold() {
    let scratch = repository();
    scratch.replace("cmdlib/src/lu/instance/startup.rs", "        _ => Ok(2),", "        _ => Ok(1 + 1),");
    commit(&scratch);
    let run = gate(&scratch, &["--base", "main"]);
    expect![[r#"
        lines changed since BASE
          cmdlib/src/lu/instance/startup.rs  100.0 %  (1/1)
          together                           100.0 %  (1/1)
    "#]]
    .assert_eq(&section(&run.out));
    assert_eq!(run.code, 0, "{}", run.out);
}

#[test]
fn changed_lines_that_did_not_run_are_red() {
    let scratch = repository();
    scratch.replace("cmdlib/src/lu/tags/set.rs", "            n + 1", "            n + 2");
    scratch.replace("cmdlib/src/lu/instance/startup.rs", "        _ => Ok(2),", "        _ => Ok(1 + 1),");
    commit(&scratch);
    let run = gate(&scratch, &["--base", "main"]);
    expect![[r#"
        each LU, worst first
          tags/set                            50.0 %  (9/18)
              cmdlib/src/lu/tags/set.rs:5  in check
              cmdlib/src/lu/tags/set.rs:7  in check
              cmdlib/src/lu/tags/set.rs:9-14  in check
          instance/startup                   100.0 %  (11/11)

        cmdlib                                55.7 %  (29/52)
        testlib                               83.3 %  (5/6)          not judged

        lines changed since BASE
          cmdlib/src/lu/tags/set.rs            0.0 %  (0/1)
              cmdlib/src/lu/tags/set.rs:13  in check
          cmdlib/src/lu/instance/startup.rs  100.0 %  (1/1)
          together                            50.0 %  (1/2)          below 95 %

        what to test next, longest first
          6 lines    cmdlib/src/lu/tags/set.rs:9-14  in check
          3 lines    cmdlib/src/generic.rs:2-4       in never
          3 lines    cmdlib/src/generic.rs:6-8       in inl
          3 lines    cmdlib/src/generic.rs:9-11      in konst
          3 lines    cmdlib/src/generic.rs:13-15     in given
          1 line     cmdlib/src/lu/tags/set.rs:5     in check
          1 line     cmdlib/src/lu/tags/set.rs:7     in check
          1 line     cmdlib/src/table.rs:6

          1. of the lines changed since BASE, 50.0 % are covered (1/2), wanted 95 %: 1 line more would do
        note: there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
        not held: 1 finding
    "#]]
    .assert_eq(&run.out);
    assert_eq!(run.code, 1);
    let run = gate(&scratch, &["--base", "main", "--format", "markdown"]);
    assert!(run.out.contains("| lines changed since BASE |") && run.code == 1, "{}", run.out);
    let run = gate(&scratch, &["--base", "main", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    expect![[r#"
        {
          "name": "changed lines",
          "percent": 50.0,
          "covered": 1,
          "lines": 2,
          "base": "BASE",
          "threshold": 95.0,
          "files": [
            {
              "name": "cmdlib/src/lu/tags/set.rs",
              "percent": 0.0,
              "covered": 0,
              "lines": 1,
              "places": [
                {
                  "file": "cmdlib/src/lu/tags/set.rs",
                  "start": 13,
                  "end": 13,
                  "phase": null,
                  "function": "check"
                }
              ]
            },
            {
              "name": "cmdlib/src/lu/instance/startup.rs",
              "percent": 100.0,
              "covered": 1,
              "lines": 1,
              "places": []
            }
          ]
        }
    "#]]
    .assert_eq(&format!("{:#}\n", json["changed"]));
}

#[test]
fn the_threshold_is_the_tomls() {
    let scratch = repository();
    let toml = scratch.read("coverage.toml");
    scratch.write("coverage.toml", &format!("{toml}\n[changed]\nthreshold = 50\n"));
    scratch.replace("cmdlib/src/lu/tags/set.rs", "            n + 1", "            n + 2");
    scratch.replace("cmdlib/src/lu/instance/startup.rs", "        _ => Ok(2),", "        _ => Ok(1 + 1),");
    assert_eq!(gate(&scratch, &["--base", "main"]).code, 0);
}

#[test]
fn what_is_not_committed_counts_too() {
    let scratch = repository();
    scratch.replace("cmdlib/src/lu/tags/set.rs", "            n + 1", "            n + 2");
    assert_eq!(gate(&scratch, &["--base", "main"]).code, 1);
    git(&scratch.path(""), &["add", "--all"]);
    assert_eq!(gate(&scratch, &["--base", "main"]).code, 1);
}

#[test]
fn a_file_that_git_does_not_know_is_changed_from_end_to_end() {
    let scratch = repository();
    git(&scratch.path(""), &["rm", "--quiet", "--cached", "cmdlib/src/lu/tags/set.rs"]);
    git(&scratch.path(""), &["commit", "--quiet", "--message=forget"]);
    git(&scratch.path(""), &["branch", "--force", "main"]);
    let run = gate(&scratch, &["--base", "main"]);
    expect![[r#"
        lines changed since BASE
          cmdlib/src/lu/tags/set.rs   38.4 %  (5/13)
              cmdlib/src/lu/tags/set.rs:5  in check
              cmdlib/src/lu/tags/set.rs:7  in check
              cmdlib/src/lu/tags/set.rs:9-14  in check
          together                    38.4 %  (5/13)         below 95 %
    "#]]
    .assert_eq(&section(&run.out));
}

#[test]
fn only_lines_since_the_merge_base_count() {
    let scratch = repository();
    scratch.replace("cmdlib/src/lu/instance/startup.rs", "        _ => Ok(2),", "        _ => Ok(1 + 1),");
    commit(&scratch);
    let here = git(&scratch.path(""), &["rev-parse", "HEAD"]);
    git(&scratch.path(""), &["checkout", "--quiet", "main"]);
    scratch.replace("cmdlib/src/lu/tags/set.rs", "            n + 1", "            n + 2");
    commit(&scratch);
    git(&scratch.path(""), &["checkout", "--quiet", &here]);
    assert_eq!(gate(&scratch, &["--base", "main"]).code, 0);
}

#[test]
fn a_renamed_file_counts_its_changed_lines_only() {
    let scratch = repository();
    git(&scratch.path(""), &["mv", "cmdlib/src/lu/tags/set.rs", "cmdlib/src/lu/tags/put on.rs"]);
    let report = scratch.read("report.json").replace("tags/set.rs", "tags/put on.rs");
    scratch.write("report.json", &report);
    scratch.replace("cmdlib/src/lu/tags/put on.rs", "            n + 1", "            n + 2");
    let run = gate(&scratch, &["--base", "main"]);
    expect![[r#"
        lines changed since BASE
          cmdlib/src/lu/tags/put on.rs    0.0 %  (0/1)
              cmdlib/src/lu/tags/put on.rs:13  in check
          together                        0.0 %  (0/1)          below 95 %
    "#]]
    .assert_eq(&section(&run.out));
}

#[test]
fn binary_and_deleted_files_and_odd_names_are_no_lines() {
    let scratch = repository();
    std::fs::write(scratch.path("cmdlib/gr\u{fc}n \"x\".bin"), [0, 159, 146, 150]).unwrap();
    std::fs::remove_file(scratch.path("show.txt")).unwrap();
    std::fs::write(scratch.path("README.md"), "with\r\nCRLF").unwrap();
    commit(&scratch);
    let run = gate(&scratch, &["--base", "main"]);
    assert!(run.code == 0 && run.out.contains("note: no line of code in cmdlib was changed since BASE"), "{}", run.out);
}

#[test]
fn the_users_configuration_of_git_changes_nothing() {
    let scratch = repository();
    for setting in ["diff.noprefix", "diff.mnemonicPrefix", "color.diff", "diff.interHunkContext", "diff.external"] {
        let value = match setting {
            "color.diff" => "always",
            "diff.interHunkContext" => "9",
            "diff.external" => "false",
            _ => "true",
        };
        git(&scratch.path(""), &["config", setting, value]);
    }
    scratch.replace("cmdlib/src/lu/tags/set.rs", "            n + 1", "            n + 2");
    assert_eq!(gate(&scratch, &["--base", "main"]).code, 1);
}

#[test]
fn an_absent_base_is_an_error() {
    could_not_measure(
        &repository(),
        &["--base", "origin/main"],
        expect![[r#"
        could not measure: there is no revision `origin/main`
          where     `--base`
          expected  a branch, tag or commit of this repository
          do        fetch it (`git fetch origin main`, then `--base origin/main`), or name another
    "#]],
    );
    could_not_measure(
        &repository(),
        &["--base=--output=x"],
        expect![[r#"
        could not measure: `--output=x` is no revision
          where     `--base`
          expected  a branch, tag or commit of this repository
          do        fetch it (`git fetch origin main`, then `--base origin/main`), or name another
    "#]],
    );
}

#[test]
fn nothing_changed_is_an_error() {
    could_not_measure(
        &repository(),
        &["--base", "main"],
        expect![[r#"
        could not measure: nothing differs from the merge base BASE
          where     `--base`
          expected  a revision from which this tree differs
          do        name an older one, or leave out `--base`
    "#]],
    );
}

#[test]
fn no_common_commit_is_an_error() {
    let scratch = repository();
    git(&scratch.path(""), &["checkout", "--quiet", "--orphan", "other"]);
    scratch.write("README.md", "another root");
    commit(&scratch);
    could_not_measure(
        &scratch,
        &["--base", "main"],
        expect![[r#"
            could not measure: the change and `main` have no commit in common
              where     `--base`
              expected  a merge base to compare with
              do        name a revision that the change descends from
        "#]],
    );
}

#[test]
fn a_shallow_clone_without_the_base_says_how_to_deepen_it() {
    let scratch = repository();
    scratch.replace("cmdlib/src/lu/tags/set.rs", "            n + 1", "            n + 2");
    commit(&scratch);
    let from = format!("file://{}", scratch.path("").display());
    let to = scratch.home().join("clone");
    git(&scratch.home(), &["clone", "--quiet", "--depth=1", "--branch=change", &from, &to.display().to_string()]);
    let run = run(command(&scratch, &["--base", "HEAD~1"]).current_dir(&to));
    expect![[r#"
        could not measure: there is no revision `HEAD~1`
          where     `--base`
          expected  a branch, tag or commit of this repository
          do        this clone is shallow: `git fetch --unshallow` (or `--deepen=100`); in a workflow, check out with `fetch-depth: 0`
    "#]].assert_eq(&run.err);
    assert_eq!(run.code, 2);
}

#[test]
fn without_a_repository_there_is_no_base() {
    let scratch = Scratch::new();
    let run = run(command(&scratch, &["--base", "main"]).env("GIT_CEILING_DIRECTORIES", scratch.home()));
    expect![[r#"
        could not measure: the workspace is in no git repository
          where     the root of the workspace
          expected  a working tree of git
          do        run it in a clone; without git, only what needs no older revision works
    "#]]
    .assert_eq(&run.err);
    assert_eq!(run.code, 2);
}

#[test]
fn a_summary_does_not_say_which_lines_ran() {
    let scratch = repository();
    scratch.replace("cmdlib/src/lu/tags/set.rs", "            n + 1", "            n + 2");
    let mut report: serde_json::Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    for file in report["data"][0]["files"].as_array_mut().unwrap() {
        file.as_object_mut().unwrap().remove("segments");
    }
    scratch.write("report.json", &report.to_string());
    could_not_measure(
        &scratch,
        &["--base", "main"],
        expect![[r#"
        could not measure: the report is a summary: it does not say which lines ran
          where     cmdlib/src/lu/tags/set.rs
          expected  segments for each file
          do        make it without `--summary-only`
    "#]],
    );
}
