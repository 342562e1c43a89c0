//! `pinned` on a scripted repository: a tiny package whose fixes are pinned, or not.
//!
//! Each test builds that package some times, which takes a second or two. Not in a counted run, whose environment would
//! leak into the inner builds.

use std::fs;
use std::process::Command;

use expect_test::{Expect, expect};
use tempfile::TempDir;

use crate::scratch::{GIT_ENVIRONMENT, Run, git, run};

const FILES: [(&str, &str); 6] = [
    (
        "Cargo.toml",
        "[package]\nname = \"adder\"\nversion = \"0.1.0\"\nedition = \"2021\"\nautotests = false\n\n\
         [[test]]\nname = \"all\"\npath = \"tests/all.rs\"\n\n[workspace]\n\n[profile.dev]\ndebug = false\n",
    ),
    (".gitignore", "/target\n"),
    (
        "coverage.toml",
        "[product]\nname = \"adder\"\nsources = [\"src/**/*.rs\"]\nthreshold = 0\n\n\
         [units]\nname = \"file\"\nsources = [\"src/*.rs\"]\nthreshold = 0\n",
    ),
    ("src/lib.rs", "/// Adds.\npub fn add(one: u32, other: u32) -> u32 {\n    one - other\n}\n"),
    ("tests/all.rs", "mod sums;\n"),
    ("tests/sums.rs", "#[test]\nfn nothing_added_changes_nothing() {\n    assert_eq!(adder::add(2, 0), 2);\n}\n"),
];

const FIX: (&str, &str, &str) = ("src/lib.rs", "one - other", "one + other");
const PIN: &str = "\n#[test]\nfn one_and_one_are_two() {\n    assert_eq!(adder::add(1, 1), 2);\n}\n";

struct Repository {
    home: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { home: TempDir::new().unwrap() };
        for (path, text) in FILES {
            repository.write(path, text);
        }
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit("begin");
        repository.git(&["checkout", "--quiet", "-b", "fix"]);
        repository
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.home.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn append(&self, path: &str, text: &str) -> &Self {
        let before = fs::read_to_string(self.home.path().join(path)).unwrap();
        self.write(path, &format!("{before}{text}"))
    }

    fn replace(&self, (path, from, to): (&str, &str, &str)) -> &Self {
        let before = fs::read_to_string(self.home.path().join(path)).unwrap();
        assert!(before.contains(from), "{path} has no `{from}`");
        self.write(path, &before.replace(from, to))
    }

    fn git(&self, words: &[&str]) -> String {
        git(self.home.path(), words)
    }

    fn commit(&self, message: &str) -> &Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
        self
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coverage"));
        command.arg("pinned").args(words).current_dir(self.home.path()).envs(GIT_ENVIRONMENT);
        for name in ["CARGO_TARGET_DIR", "RUSTFLAGS", "RUSTC_WRAPPER", "CARGO_ENCODED_RUSTFLAGS"] {
            command.env_remove(name);
        }
        command
    }

    fn pinned(&self, words: &[&str]) -> Run {
        let words: Vec<&str> = ["--base", "main"].iter().chain(words).copied().collect();
        let mut run = run(&mut self.command(&words));
        let base = self.git(&["rev-parse", "main"]);
        run.out = run.out.replace(&base[..12], "BASE");
        run.err = run.err.replace(&base[..12], "BASE");
        run
    }

    #[track_caller]
    fn check(&self, words: &[&str], code: i32, expect: Expect) {
        let run = self.pinned(words);
        expect.assert_eq(&run.out);
        assert_eq!(run.code, code, "{}", run.err);
        assert_eq!(self.git(&["worktree", "list"]).lines().count(), 1, "the worktree is gone");
    }

    #[track_caller]
    fn could_not_measure(&self, words: &[&str], expect: Expect) {
        let run = self.pinned(words);
        expect.assert_eq(&run.err);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
    }
}

fn is_counted() -> bool {
    std::env::var_os("GATE").is_some()
}

#[test]
fn a_true_pin_fails_without_the_fix_and_passes_with_it() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository.replace(FIX).append("tests/sums.rs", PIN).commit("fix the sum");
    repository.check(
        &[],
        0,
        expect![[r#"
            files of the product put back to BASE
              src/lib.rs
            tests of the change
              pin     sums::one_and_one_are_two
                      without the fix it fails: tests/sums.rs:8:5: assertion `left == right` failed
                      with the fix it passes 10 of 10 times
            held: 1 test, red without the fix, green with it
        "#]],
    );
    let json: serde_json::Value = serde_json::from_str(&repository.pinned(&["--json"]).out).unwrap();
    expect![[r#"
        {
          "verdict": "held",
          "exit": 0,
          "base": "BASE",
          "reset": [
            "src/lib.rs"
          ],
          "tests": [
            {
              "name": "sums::one_and_one_are_two",
              "package": "adder",
              "target": "--test all",
              "file": "tests/sums.rs",
              "line": 6,
              "pin": true,
              "without_fix": "failed",
              "why": "tests/sums.rs:8:5: assertion `left == right` failed",
              "passed": 10,
              "runs": 10
            }
          ],
          "notes": [],
          "conclusion": "held: 1 test, red without the fix, green with it"
        }
    "#]]
    .assert_eq(&format!("{json:#}\n"));
}

#[test]
fn a_test_that_passes_without_the_fix_is_no_pin() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    let idle = PIN.replace("one_and_one_are_two", "one_and_nothing_are_one").replace("(1, 1), 2", "(1, 0), 1");
    repository.replace(FIX).append("tests/sums.rs", PIN).append("tests/sums.rs", &idle).commit("fix the sum");
    repository.check(
        &[],
        1,
        expect![[r#"
            files of the product put back to BASE
              src/lib.rs
            tests of the change
              pin     sums::one_and_one_are_two
                      without the fix it fails: tests/sums.rs:8:5: assertion `left == right` failed
                      with the fix it passes 10 of 10 times
              no pin  sums::one_and_nothing_are_one
                      without the fix it passes: it does not show the bug
            not held: of 2 tests 1 proved the fix
        "#]],
    );
    // Who names the true one has proved it.
    repository.check(
        &["one_and_one_are_two"],
        0,
        expect![[r#"
            files of the product put back to BASE
              src/lib.rs
            tests of the change
              pin     sums::one_and_one_are_two
                      without the fix it fails: tests/sums.rs:8:5: assertion `left == right` failed
                      with the fix it passes 10 of 10 times
            held: 1 test, red without the fix, green with it
        "#]],
    );
}

#[test]
fn a_test_that_does_not_compile_without_the_fix_must_be_declared() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository
        .replace(FIX)
        .append("src/lib.rs", "\n/// Twice.\npub fn twice(one: u32) -> u32 {\n    add(one, one)\n}\n");
    repository.append("tests/sums.rs", "\n#[test]\nfn twice_one_is_two() {\n    assert_eq!(adder::twice(1), 2);\n}\n");
    repository.commit("fix the sum");
    repository.check(
        &[],
        1,
        expect![[r#"
            files of the product put back to BASE
              src/lib.rs
            tests of the change
              no pin  sums::twice_one_is_two
                      without the fix it does not compile: error[E0425]: cannot find function `twice` in crate `adder`
                      write it with what the base has, or declare it: `--may-not-compile`, or a trailer `Pin: compile-error`
            not held: of 1 test 0 proved the fix
        "#]],
    );
    repository.check(&["--may-not-compile"], 0, expect![[r#"
        files of the product put back to BASE
          src/lib.rs
        tests of the change
          pin     sums::twice_one_is_two
                  without the fix it does not compile, as declared: error[E0425]: cannot find function `twice` in crate `adder`
                  with the fix it passes 10 of 10 times
        held: 1 test, red without the fix, green with it
    "#]]);
    repository.git(&["commit", "--quiet", "--amend", "--message=fix the sum\n\nFixes: 7\nPin: compile-error"]);
    assert_eq!(repository.pinned(&[]).code, 0);
}

#[test]
fn a_fix_without_a_test_is_red() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository.replace(FIX).commit("fix the sum");
    repository.check(
        &[],
        1,
        expect![[r#"
        files of the product put back to BASE
          src/lib.rs
        not held: the change adds or touches no test; write one that fails without the fix, or name it
    "#]],
    );
    repository.check(&["--format", "markdown"], 1, expect![[r#"
        ## Pinned since BASE: not held: the change adds or touches no test; write one that fails without the fix, or name it

    "#]]);
}

#[test]
fn a_test_that_fails_with_the_fix_too_is_no_pin() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository.replace(FIX).append("tests/sums.rs", &PIN.replace("1), 2", "1), 3")).commit("fix the sum");
    repository.check(
        &[],
        1,
        expect![[r#"
            files of the product put back to BASE
              src/lib.rs
            tests of the change
              no pin  sums::one_and_one_are_two
                      without the fix it fails: tests/sums.rs:8:5: assertion `left == right` failed
                      with the fix it passes 0 of 10 times
            not held: of 1 test 0 proved the fix
        "#]],
    );
}

#[test]
fn a_touched_test_counts_and_an_ignored_one_shows_nothing() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository.replace(FIX).replace(("tests/sums.rs", "(2, 0), 2", "(2, 1), 3"));
    repository.append("tests/sums.rs", &PIN.replace("#[test]", "#[test]\n#[ignore]")).commit("fix the sum");
    repository.check(
        &[],
        1,
        expect![[r#"
            files of the product put back to BASE
              src/lib.rs
            tests of the change
              pin     sums::nothing_added_changes_nothing
                      without the fix it fails: tests/sums.rs:3:5: assertion `left == right` failed
                      with the fix it passes 10 of 10 times
              no pin  sums::one_and_one_are_two
                      it is ignored: it shows nothing
            not held: of 2 tests 1 proved the fix
        "#]],
    );
}

#[test]
fn what_is_not_committed_is_the_change_too() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository.replace(FIX).append("tests/sums.rs", PIN).write("tests/new.rs", "");
    let run = repository.pinned(&[]);
    assert!(run.out.contains("note: tests/new.rs is not known to git"), "{}", run.out);
    assert_eq!(run.code, 0);
    assert!(fs::read_to_string(repository.home.path().join("src/lib.rs")).unwrap().contains("one + other"));
}

#[test]
fn tests_inside_of_product_files_are_kept_and_new_files_go() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository
        .append("src/lib.rs", "\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn begins() {}\n}\n")
        .commit("tests inside");
    repository.git(&["branch", "--force", "main"]);
    repository.replace(("src/lib.rs", "    one - other", "    sum::of(one, other)"));
    repository.replace(("src/lib.rs", "/// Adds.", "mod sum;\n\n/// Adds."));
    repository.write("src/sum.rs", "pub fn of(one: u32, other: u32) -> u32 {\n    one + other\n}\n");
    let inside =
        "    fn begins() {}\n\n    #[test]\n    fn adds() {\n        assert_eq!(super::add(1, 1), 2);\n    }\n";
    repository.replace(("src/lib.rs", "    fn begins() {}\n", inside)).commit("fix the sum");
    repository.check(
        &[],
        0,
        expect![[r#"
            files of the product put back to BASE
              src/lib.rs
              src/sum.rs
            tests of the change
              pin     tests::adds
                      without the fix it fails: src/lib.rs:13:9: assertion `left == right` failed
                      with the fix it passes 10 of 10 times
            held: 1 test, red without the fix, green with it
        "#]],
    );
}

#[test]
fn a_test_in_a_new_file_of_the_product_is_refused() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository.replace(("src/lib.rs", "/// Adds.", "mod sum;\n\n/// Adds."));
    repository
        .write("src/sum.rs", "#[test]\nfn adds() {\n    assert_eq!(crate::add(1, 1), 2);\n}\n")
        .commit("fix the sum");
    repository.could_not_measure(
        &[],
        expect![[r#"
        could not measure: a test stands in a new file of the product
          where     src/sum.rs
          expected  tests that can be run without the fix
          do        move the test into a file of its own, or the change of the product into another commit
    "#]],
    );
}

#[test]
fn names_that_mean_no_test_or_several_are_refused() {
    let repository = Repository::new();
    repository.replace(FIX).append("tests/sums.rs", PIN).append("tests/sums.rs", &format!("mod deep {{{PIN}}}\n"));
    repository.commit("fix the sum");
    repository.could_not_measure(
        &["two_and_two"],
        expect![[r#"
        could not measure: there is no test `two_and_two`
          where     the names of tests
          expected  names as cargo prints them, or their ends
          do        see `cargo test -- --list`
    "#]],
    );
    repository.append("tests/all.rs", &format!("mod more {{{PIN}}}\n")).commit("more");
    repository.could_not_measure(&["one_and_one_are_two"], expect![[r#"
        could not measure: `one_and_one_are_two` may be several tests
          where     the names of tests
          expected  names as cargo prints them, or their ends
          do        name one: sums::one_and_one_are_two (tests/sums.rs), sums::deep::one_and_one_are_two (tests/sums.rs), more::one_and_one_are_two (tests/all.rs)
    "#]]);
}

#[test]
fn a_change_outside_of_the_product_is_no_fix() {
    let repository = Repository::new();
    repository.append("tests/sums.rs", PIN).commit("a test");
    repository.could_not_measure(
        &[],
        expect![[r#"
        could not measure: no file of adder differs from BASE
          where     `--base`
          expected  a change that fixes something in the product
          do        name the revision before the fix
    "#]],
    );
}

#[test]
fn a_change_that_does_not_build_is_an_error() {
    if is_counted() {
        return;
    }
    let repository = Repository::new();
    repository.replace(("src/lib.rs", "one - other", "one + nobody")).append("tests/sums.rs", PIN).commit("broken");
    let run = repository.pinned(&[]);
    assert!(run.code == 2 && run.err.contains("could not measure: with the fix it does not build"), "{}", run.err);
}

#[test]
fn an_absent_base_is_an_error() {
    let repository = Repository::new();
    let run = run(&mut repository.command(&["--base", "nowhere"]));
    assert!(run.code == 2 && run.err.contains("there is no revision `nowhere`"), "{}", run.err);
    let run = crate::scratch::run(&mut repository.command(&[]));
    assert!(run.code == 2 && run.err.contains("--base <REV>"), "{}", run.err);
}

#[test]
fn a_shallow_clone_says_how_to_deepen_it() {
    let repository = Repository::new();
    repository.replace(FIX).append("tests/sums.rs", PIN).commit("fix the sum");
    let from = format!("file://{}", repository.home.path().display());
    let to = repository.home.path().join("clone");
    repository.git(&["clone", "--quiet", "--depth=1", &from, &to.display().to_string()]);
    let run = run(repository.command(&["--base", "HEAD"]).current_dir(&to));
    expect![[r#"
        could not measure: the history is cut, so the base may be a wrong one
          where     this clone
          expected  a clone with its history
          do        this clone is shallow: `git fetch --unshallow` (or `--deepen=100`); in a workflow, check out with `fetch-depth: 0`
    "#]].assert_eq(&run.err);
    assert_eq!(run.code, 2);
}
