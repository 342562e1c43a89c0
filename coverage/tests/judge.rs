//! The verdict, case by case, from numbers alone.

use std::collections::BTreeMap;

use coverage::baseline::{Baseline, Machine, Mark};
use coverage::changed::Changed;
use coverage::config::Config;
use coverage::judge::{Input, Outcome, Verdict, judge, updated};
use coverage::report::{Lines, Measured, Report};
use coverage::tree::Source;
use coverage::waivers::read_day;
use expect_test::{Expect, expect};

const SET: &str = "cmdlib/src/lu/tags/set.rs";
const GET: &str = "cmdlib/src/lu/tags/get.rs";
const STORE: &str = "cmdlib/src/config/store.rs";

/// Files with covered and total lines; a case for [`judge`].
struct Case {
    files: Vec<(&'static str, u64, u64)>,
    absent: Vec<(&'static str, Option<&'static str>)>,
    baseline: Option<Baseline>,
    fail_under: Option<&'static str>,
    /// More for the TOML.
    more: &'static str,
    changed: Option<Changed>,
}

impl Case {
    fn of(files: &[(&'static str, u64, u64)]) -> Self {
        Self { files: files.to_vec(), absent: Vec::new(), baseline: None, fail_under: None, more: "", changed: None }
    }

    fn absent(mut self, path: &'static str, function: Option<&'static str>) -> Self {
        self.absent.push((path, function));
        self
    }

    fn baseline(mut self, product: (&str, u64), files: &[(&str, &str, u64)]) -> Self {
        let mark = |percent: &str, uncovered| Mark { percent: percent.parse().unwrap(), uncovered };
        let files = files.iter().map(|(path, percent, uncovered)| ((*path).to_owned(), mark(percent, *uncovered)));
        self.baseline = Some(Baseline { machine: here(), product: mark(product.0, product.1), files: files.collect() });
        self
    }

    fn judge(&self) -> Result<Verdict, coverage::trouble::Trouble> {
        let text = format!("{}{}", include_str!("fixtures/demo/coverage.toml"), self.more);
        let config = Config::read(&text, "coverage.toml").unwrap();
        let paths = self.files.iter().map(|(path, ..)| *path).chain(self.absent.iter().map(|(path, _)| *path));
        let unit = |path: &str| path.strip_prefix("cmdlib/src/lu/").map(|name| name.trim_end_matches(".rs").to_owned());
        let sources: Vec<Source> = paths
            .filter(|path| path.starts_with("cmdlib") && !path.contains("gone"))
            .map(|path| Source { path: path.to_owned(), unit: unit(path) })
            .collect();
        let files = self.files.iter().map(|(path, covered, total)| {
            let lines = Lines { covered: *covered, total: *total };
            ((*path).to_owned(), Measured { lines, ..Measured::default() })
        });
        let bodies =
            self.absent.iter().filter_map(|(path, function)| Some(((*path).to_owned(), (*function)?.to_owned())));
        judge(&Input {
            config: &config,
            fail_under: self.fail_under.map(|percent| percent.parse().unwrap()),
            sources: &sources,
            report: &Report { files: files.collect() },
            bodies: &bodies.collect::<BTreeMap<String, String>>(),
            baseline: self.baseline.as_ref(),
            machine: Some(&here()),
            outlines: &BTreeMap::new(),
            changed: self.changed.as_ref(),
            today: read_day("2026-06-30").unwrap(),
        })
    }

    #[track_caller]
    fn check(&self, outcome: Outcome, expect: Expect) {
        let verdict = self.judge().unwrap();
        let findings = verdict.findings.iter().map(|finding| format!("{} {finding}\n", finding.kind()));
        let notes = verdict.notes.iter().map(|note| format!("note {note}\n"));
        expect.assert_eq(&findings.chain(notes).collect::<String>());
        assert_eq!(verdict.outcome(), outcome);
    }
}

fn here() -> Machine {
    Machine { compiler: "rustc 1.95.0".to_owned(), system: "here".to_owned() }
}

#[test]
fn without_a_baseline_the_thresholds_judge_units_and_product() {
    Case::of(&[(SET, 90, 100), (STORE, 90, 100)]).check(
        Outcome::Held,
        expect![[r#"
        note there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
    "#]],
    );
    Case::of(&[(SET, 899, 1000), (STORE, 1000, 1000)]).check(
        Outcome::Short,
        expect![[r#"
        below cmdlib/src/lu/tags/set.rs has 89.9 % of its lines covered (899/1000), wanted 90 %: 1 line more would do
        note there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
    "#]],
    );
    Case::of(&[(SET, 100, 100), (STORE, 79, 100)]).check(
        Outcome::Short,
        expect![[r#"
        below cmdlib has 89.5 % of its lines covered (179/200), wanted 90 %: 1 line more would do
        note there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
    "#]],
    );
}

#[test]
fn fail_under_stands_in_for_both_thresholds() {
    let mut case = Case::of(&[(SET, 50, 100), (STORE, 50, 100)]);
    case.fail_under = Some("50");
    case.check(
        Outcome::Held,
        expect![[r#"
        note there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
    "#]],
    );
    case.fail_under = Some("50.01");
    case.check(
        Outcome::Short,
        expect![[r#"
        below cmdlib has 50.0 % of its lines covered (100/200), wanted 50.01 %: 1 line more would do
        below cmdlib/src/lu/tags/set.rs has 50.0 % of its lines covered (50/100), wanted 50.01 %: 1 line more would do
        note there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
    "#]],
    );
}

#[test]
fn a_well_tested_testlib_does_not_help() {
    let case = Case::of(&[(SET, 10, 100), ("testlib/src/lib.rs", 10_000, 10_000)]);
    let verdict = case.judge().unwrap();
    assert_eq!(verdict.outcome(), Outcome::Short);
    assert_eq!(verdict.product.lines, Lines { covered: 10, total: 100 });
    assert_eq!(verdict.beside[0].lines.total, 10_000);
}

#[test]
fn a_file_with_a_body_that_is_missing_is_not_100_percent() {
    Case::of(&[(SET, 10, 10)]).absent(GET, Some("check")).check(Outcome::Unmeasured, expect![[r#"
        missing cmdlib/src/lu/tags/get.rs was not measured: it has a function body (`check`), but no line in the report; is it in no `mod`, turned off by a `cfg`, or the report made without `--workspace`?
        note there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
    "#]]);
    let held = Case::of(&[(SET, 10, 10)]).absent(GET, None);
    assert_eq!(held.judge().unwrap().without_lines, [GET]);
    assert_eq!(held.judge().unwrap().outcome(), Outcome::Held);
}

#[test]
fn a_report_without_the_product_is_no_report() {
    let trouble = Case::of(&[("testlib/src/lib.rs", 10, 10)]).absent(SET, None).judge().unwrap_err();
    expect![[r#"
        could not measure: the report holds no line of cmdlib
          where     the report
          expected  the product's files, as a run of the whole workspace gives them
          do        make the report with `--workspace`; with `-p` of a test crate the library is missing"#]]
    .assert_eq(&trouble.to_string());
    let trouble = Case::of(&[(SET, 10, 10), ("cmdlib/src/gone.rs", 1, 1)]).judge().unwrap_err();
    expect![[r#"
        could not measure: the report names cmdlib/src/gone.rs, which is not there
          where     the report
          expected  a report of these sources
          do        make it anew, or let the gate do so: leave out `--no-run`"#]]
    .assert_eq(&trouble.to_string());
}

#[test]
fn a_fall_is_red_and_refactoring_is_not() {
    let before = |case: Case| case.baseline(("96", 8), &[(STORE, "97", 3), (SET, "95", 5)]);
    before(Case::of(&[(SET, 94, 100), (STORE, 97, 100)])).check(Outcome::Short, expect![[r#"
        fell cmdlib fell from 96.00 % with 8 lines uncovered to 95.50 % with 9: cover what was added, or what is not reached any more
        fell cmdlib/src/lu/tags/set.rs fell from 95.00 % with 5 lines uncovered to 94.00 % with 6: cover what was added, or what is not reached any more
    "#]]);
    // Covered lines deleted; grown and as well tested as before; a good file less good than the product added.
    before(Case::of(&[(SET, 45, 50), (STORE, 97, 100)])).check(Outcome::Held, expect![[""]]);
    before(Case::of(&[(SET, 190, 200), (STORE, 197, 200)])).check(
        Outcome::Held,
        expect![[r#"
        note 1 file better or new: `cargo gate --update` writes it down
    "#]],
    );
    before(Case::of(&[(SET, 95, 100), (STORE, 97, 100), (GET, 91, 100)])).check(
        Outcome::Held,
        expect![[r#"
        note 1 file better or new: `cargo gate --update` writes it down
    "#]],
    );
}

#[test]
fn the_product_falls_where_no_single_file_does() {
    // One file lost covered lines only, another grew: neither fell, but the product did.
    Case::of(&[(SET, 45, 50), (STORE, 970, 1000)])
        .baseline(("97.5", 8), &[(STORE, "97", 3), (SET, "95", 5)])
        .check(Outcome::Short, expect![[r#"
            fell cmdlib fell from 97.50 % with 8 lines uncovered to 96.66 % with 35: cover what was added, or what is not reached any more
        "#]]);
}

#[test]
fn a_rise_and_what_is_gone_are_notes() {
    Case::of(&[(SET, 99, 100), (STORE, 97, 100)])
        .baseline(("96", 8), &[(STORE, "97", 3), (GET, "91", 9), (SET, "95", 5)])
        .check(
            Outcome::Held,
            expect![[r#"
            note 1 file better or new: `cargo gate --update` writes it down
            note 1 file of the baseline moved or gone: `cargo gate --update` takes it out
        "#]],
        );
}

#[test]
fn a_new_file_meets_the_threshold_alone() {
    let known = &[(SET, "95", 5)];
    Case::of(&[(SET, 95, 100), (STORE, 9, 10)]).baseline(("95", 5), known).check(
        Outcome::Held,
        expect![[r#"
        note 1 file better or new: `cargo gate --update` writes it down
    "#]],
    );
    Case::of(&[(SET, 95, 100), (STORE, 8, 10)]).baseline(("95", 5), known).check(Outcome::Short, expect![[r#"
        new cmdlib/src/config/store.rs is not in the baseline and has 80.0 % of its lines covered (8/10), wanted 90 %: 1 line more would do
    "#]]);
    Case::of(&[(SET, 95, 100), (GET, 8, 10)]).baseline(("95", 5), known).check(
        Outcome::Short,
        expect![[r#"
        below cmdlib/src/lu/tags/get.rs has 80.0 % of its lines covered (8/10), wanted 90 %: 1 line more would do
        note 1 file better or new: `cargo gate --update` writes it down
    "#]],
    );
}

#[test]
fn a_baseline_of_another_machine_does_not_judge() {
    let mut case = Case::of(&[(SET, 91, 100)]).baseline(("99", 1), &[(SET, "99", 1)]);
    case.baseline.as_mut().unwrap().machine.compiler = "rustc 1.90.0".to_owned();
    case.check(
        Outcome::Held,
        expect![[r#"
        note the baseline is of rustc 1.90.0 on here, this is rustc 1.95.0 on here: only the thresholds judge
    "#]],
    );
}

#[test]
fn units_stand_worst_first() {
    let verdict = Case::of(&[(GET, 10, 10), (SET, 1, 10), ("cmdlib/src/lu/a/b.rs", 10, 100)]).judge().unwrap();
    let names: Vec<&str> = verdict.units.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["a/b", "tags/set", "tags/get"]);
}

#[test]
fn the_baseline_only_rises() {
    let case = Case::of(&[(GET, 99, 100), (SET, 94, 100), (STORE, 1, 10), ("cmdlib/src/lu/a/b.rs", 9, 10)])
        .baseline(("96", 8), &[(GET, "91", 9), ("cmdlib/src/old.rs", "100", 0), (SET, "95", 5)]);
    let now = updated(&case.judge().unwrap(), case.baseline.as_ref(), &here());
    expect![[r#"
        # What each file had reached. Written by `cargo gate --update`; `cargo gate --help` says how it is judged.
        # path, percentage of lines, uncovered lines
        compiler: rustc 1.95.0
        system: here
        product: 92.27 17
        cmdlib/src/lu/a/b.rs 90.00 1
        cmdlib/src/lu/tags/get.rs 99.00 1
        cmdlib/src/lu/tags/set.rs 95.00 5
    "#]]
    .assert_eq(&now.to_string());
    let elsewhere = Machine { compiler: "rustc 1.96.0".to_owned(), system: "there".to_owned() };
    let anew = updated(&case.judge().unwrap(), case.baseline.as_ref(), &elsewhere);
    assert_eq!(anew.files[SET].percent.exact(), "94.00");
}

/// One file that fell, and the product with it.
fn fallen(more: &'static str) -> Case {
    let mut case = Case::of(&[(SET, 94, 100), (STORE, 97, 100)]);
    case.more = more;
    case.baseline(("96", 8), &[(STORE, "97", 3), (SET, "95", 5)])
}

#[test]
fn a_waived_fall_is_a_note_until_its_last_day() {
    let waiver =
        "[[waiver]]\nfor = \"cmdlib/src/lu/tags/set.rs\"\nreason = \"the clock seam comes next\"\nuntil = 2026-06-30";
    fallen(waiver).check(
        Outcome::Held,
        expect![[r#"
        note cmdlib/src/lu/tags/set.rs fell from 95.00 % to 94.00 %, waived until 2026-06-30: the clock seam comes next
    "#]],
    );
}

#[test]
fn a_waiver_does_not_lower_the_baseline() {
    let case = fallen("[[waiver]]\nfor = \"cmdlib/src/lu/tags/set.rs\"\nreason = \"soon\"\nuntil = 2026-06-30");
    let now = updated(&case.judge().unwrap(), case.baseline.as_ref(), &here());
    assert_eq!(Some(now), case.baseline);
}

#[test]
fn a_waiver_that_ended_is_red_and_says_so() {
    fallen("[[waiver]]\nfor = \"cmdlib/src/lu/tags/set.rs\"\nreason = \"soon\"\nuntil = 2026-06-29")
        .check(Outcome::Short, expect![[r#"
            fell cmdlib fell from 96.00 % with 8 lines uncovered to 95.50 % with 9: cover what was added, or what is not reached any more
            fell cmdlib/src/lu/tags/set.rs fell from 95.00 % with 5 lines uncovered to 94.00 % with 6: its waiver ended with 2026-06-29; cover what was added, or what is not reached any more
        "#]]);
}

#[test]
fn a_waiver_bears_a_fall_no_deeper_than_it_says() {
    let waiver =
        "[[waiver]]\nfor = \"cmdlib/src/lu/tags/set.rs\"\nreason = \"soon\"\nuntil = 2026-12-31\nat_least = 94.5";
    fallen(waiver).check(Outcome::Short, expect![[r#"
        fell cmdlib/src/lu/tags/set.rs fell from 95.00 % with 5 lines uncovered to 94.00 % with 6: its waiver asks for 94.5 %; cover what was added, or what is not reached any more
    "#]]);
}

#[test]
fn a_waiver_that_nothing_needs_is_red() {
    let mut case = Case::of(&[(SET, 95, 100), (STORE, 97, 100)]);
    case.more = "[[waiver]]\nfor = \"cmdlib/src/lu/tags/set.rs\"\nreason = \"soon\"\nuntil = 2026-12-31";
    case.baseline(("96", 8), &[(STORE, "97", 3), (SET, "95", 5)]).check(
        Outcome::Short,
        expect![[r#"
        waiver cmdlib/src/lu/tags/set.rs has a waiver in the configuration, but has not fallen: take the waiver out
    "#]],
    );
}

#[test]
fn the_product_is_waived_by_its_name() {
    let mut case = Case::of(&[(SET, 45, 50), (STORE, 970, 1000)]);
    case.more = "[[waiver]]\nfor = \"cmdlib\"\nreason = \"a covered module is gone\"\nuntil = 2026-12-31";
    case.baseline(("97.5", 8), &[(STORE, "97", 3), (SET, "95", 5)]).check(
        Outcome::Held,
        expect![[r#"
        note cmdlib fell from 97.50 % to 96.66 %, waived until 2026-12-31: a covered module is gone
    "#]],
    );
}

#[test]
fn a_waived_file_does_not_hide_the_fall_of_another() {
    let mut case = Case::of(&[(SET, 94, 100), (STORE, 90, 100)]);
    case.more = "[[waiver]]\nfor = \"cmdlib/src/lu/tags/set.rs\"\nreason = \"soon\"\nuntil = 2026-12-31";
    case.baseline(("96", 8), &[(STORE, "97", 3), (SET, "95", 5)]).check(Outcome::Short, expect![[r#"
        fell cmdlib fell from 96.00 % with 8 lines uncovered to 92.50 % with 15: cover what was added, or what is not reached any more
        fell cmdlib/src/config/store.rs fell from 97.00 % with 3 lines uncovered to 90.00 % with 10: cover what was added, or what is not reached any more
        note cmdlib/src/lu/tags/set.rs fell from 95.00 % to 94.00 %, waived until 2026-12-31: soon
    "#]]);
}

#[test]
fn other_files_have_a_threshold_where_the_toml_names_one() {
    let mut case = Case::of(&[(SET, 100, 100), (STORE, 59, 100)]);
    case.fail_under = None;
    case.more = "[files]\nthreshold = 60";
    case.check(
        Outcome::Short,
        expect![[r#"
        below cmdlib has 79.5 % of its lines covered (159/200), wanted 90 %: 21 lines more would do
        below cmdlib/src/config/store.rs has 59.0 % of its lines covered (59/100), wanted 60 %: 1 line more would do
        note there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
    "#]],
    );
}
