//! Results of tests, as runners wrote them.

use std::fmt::Write as _;

use coverage::results::{Outcome, Results};
use expect_test::expect;

use crate::scratch::{Run, Scratch, fixtures, run};

fn file(name: &str) -> String {
    std::fs::read_to_string(fixtures().join("results").join(name)).unwrap()
}

fn shown(name: &str) -> String {
    let results = Results::read(&file(name), name).unwrap();
    let mut out = String::new();
    for test in &results.tests {
        let time = test.duration.map_or("-".to_owned(), |time| format!("{:.3}", time.as_secs_f64()));
        writeln!(out, "{:<7} {time:>8} [{}] {}", test.outcome.as_str(), test.class, test.name).unwrap();
    }
    for test in results.failed() {
        writeln!(out, "{:?} {:?}", test.place(), test.message.trim().lines().next()).unwrap();
    }
    out
}

fn tests(scratch: &Scratch, words: &[&str]) -> Run {
    let words: Vec<&str> = ["tests"].iter().chain(words).copied().collect();
    run(&mut scratch.command(&words))
}

fn with(name: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write(name, &file(name));
    scratch
}

#[test]
fn junit_of_nextest() {
    expect![[r#"
        passed     0.034 [tiny] sums::flaky
        passed     0.094 [tiny] sums::slow
        passed     0.015 [tiny] sums::small_numbers_add_up
        passed     0.347 [tiny] sums::too_large_ones_panic
        failed     0.302 [tiny] sums::large_numbers_add_up
        Some(("src/lib.rs", 10)) Some("thread 'sums::large_numbers_add_up' panicked at src/lib.rs:10:33:")
    "#]]
    .assert_eq(&shown("junit.xml"));
}

#[test]
fn junit_of_pytest() {
    expect![[r#"
        passed     0.312 [ci.test_images.TestImages] test_cache_image
        failed     0.101 [ci.test_images.TestImages] test_missing
        skipped 1000.500 [ci.test_console.TestConsole] test_log
        failed     0.000 [ci.test_console.TestConsole] test_setup
        None Some("assert 404 == 200")
        None Some("no server")
    "#]]
    .assert_eq(&shown("pytest.xml"));
}

#[test]
fn words_of_libtest() {
    expect![[r#"
        passed         - [] sums::flaky
        skipped        - [] sums::on_a_cluster
        passed         - [] sums::slow
        passed         - [] sums::small_numbers_add_up
        failed         - [] sums::large_numbers_add_up
        passed         - [] sums::too_large_ones_panic
        passed         - [] src/lib.rs - add (line 1)
        Some(("src/lib.rs", 10)) Some("thread 'sums::large_numbers_add_up' panicked at src/lib.rs:10:33:")
    "#]]
    .assert_eq(&shown("libtest.txt"));
}

#[test]
fn json_of_libtest_with_a_second_attempt() {
    expect![[r#"
        skipped        - [tiny::tiny] sums::on_a_cluster
        passed     0.034 [tiny::tiny] sums::flaky
        passed     0.094 [tiny::tiny] sums::slow
        passed     0.015 [tiny::tiny] sums::small_numbers_add_up
        passed     0.347 [tiny::tiny] sums::too_large_ones_panic
        failed     0.369 [tiny::tiny] sums::large_numbers_add_up
        Some(("src/lib.rs", 10)) Some("thread 'sums::large_numbers_add_up' panicked at src/lib.rs:10:33:")
    "#]]
    .assert_eq(&shown("libtest.json"));
}

#[test]
fn words_of_nextest_the_last_attempt_counts_and_inner_lines_do_not() {
    expect![[r#"
        passed     0.024 [tiny] sums::flaky
        failed     0.436 [tiny] sums::large_numbers_add_up
        passed     0.080 [tiny] sums::slow
        passed     0.021 [tiny] sums::small_numbers_add_up
        passed     0.387 [tiny] sums::too_large_ones_panic
        None None
    "#]]
    .assert_eq(&shown("nextest.txt"));
}

#[test]
fn colours_do_not_matter() {
    let plain = file("nextest.txt");
    let coloured = plain.replace("PASS", "\x1b[32;1mPASS\x1b[0m").replace("tiny", "\x1b[35mtiny\x1b[0m");
    assert_eq!(Results::read(&coloured, "c").unwrap(), Results::read(&plain, "p").unwrap());
}

#[test]
fn of_tests_with_one_name_the_worst_outcome_counts() {
    let text =
        "running 2 tests\ntest a ... ok\ntest a ... FAILED\ntest b - should panic ... ok\ntest result: FAILED. 1\n";
    let results = Results::read(text, "text").unwrap().by_name();
    assert_eq!((results["a"], results["b"]), (Outcome::Failed, Outcome::Passed));
}

#[test]
fn results_that_are_cut_off_or_none_are_no_results() {
    let junit = file("junit.xml");
    let libtest = file("libtest.txt");
    let nextest = file("nextest.txt");
    let json = file("libtest.json");
    let cases = [
        "",
        "error: could not compile `tests`\n",
        "<testsuites></testsuites>",
        "<testsuites><testcase classname='a'/></testsuites>",
        "<testsuites><testcase name='a' time='soon'/></testsuites>",
        "<a></b>",
        "test result: ok. 0 passed\n",
        &junit[..junit.len() - 40],
        &libtest[..libtest.find("failures:").unwrap()],
        &nextest[..nextest.find("Summary").unwrap()],
        &json[..json.find("\"ok\"").unwrap()],
        json.lines().next().unwrap(),
    ];
    let said: String =
        cases.iter().map(|text| format!("{}\n", Results::read(text, "file").unwrap_err().what)).collect();
    expect![[r#"
        the results are empty
        the results are cut off, or no runner's: no line says how all of it ended
        the results name no test
        a test case has no name
        `soon` is no time in seconds
        the XML is broken near byte 7: ill-formed document: expected `</a>`, but `</b>` was found
        the results name no test
        the XML is broken near byte 2755: syntax error: tag not closed: `>` not found before end of input
        the results are cut off, or no runner's: no line says how all of it ended
        the results are cut off: nextest's summary is missing
        line 6 can't be read: EOF while parsing a value at line 1 column 23
        the results are cut off: a suite began and never ended
    "#]]
    .assert_eq(&said);
}

#[test]
fn failed_and_slowest_tests_in_words() {
    let run = tests(&with("junit.xml"), &["junit.xml", "--slowest", "2"]);
    expect![[r#"
        failed  tiny sums::large_numbers_add_up
                thread 'sums::large_numbers_add_up' panicked at src/lib.rs:10:33:
                it is <not> 7 & more
                test sums::large_numbers_add_up ... FAILED

                failures:

                failures:
                    sums::large_numbers_add_up

                test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 5 filtered out; finished in 0.25s
          0.347 s  tiny sums::too_large_ones_panic
          0.302 s  tiny sums::large_numbers_add_up
        5 tests: 4 passed, 1 failed
    "#]]
    .assert_eq(&run.out);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
}

#[test]
fn annotations_and_a_step_summary_on_request() {
    let scratch = with("libtest.txt");
    scratch.write("summary.md", "before\n");
    let run = tests(&scratch, &["libtest.txt", "--format", "markdown", "--annotations", "--summary", "summary.md"]);
    expect![[r#"
        ::error file=src/lib.rs,line=10,endLine=10,title=sums%3A%3Alarge_numbers_add_up::thread 'sums::large_numbers_add_up' panicked at src/lib.rs:10:33:%0Ait is <not> 7 & more
    "#]].assert_eq(&run.err);
    expect![[r#"
        ## 7 tests: 5 passed, 1 failed, 1 skipped

        <details><summary>failed: sums::large_numbers_add_up</summary>

        ```text
        thread 'sums::large_numbers_add_up' panicked at src/lib.rs:10:33:
        it is <not> 7 & more
        ```

        </details>
    "#]]
    .assert_eq(&run.out);
    assert_eq!(scratch.read("summary.md"), format!("before\n{}", run.out));
}

#[test]
fn json_has_all_tests() {
    let run = tests(&with("pytest.xml"), &["pytest.xml", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&value["passed"], &value["failed"], &value["skipped"]), (&1.into(), &2.into(), &1.into()));
    assert_eq!((value["tests"].as_array().unwrap().len(), &value["slowest"][0]["seconds"]), (4, &1000.5.into()));
}

#[test]
fn all_passed_is_0_and_an_unusable_file_is_2() {
    let scratch = Scratch::new();
    scratch.write("good", "running 1 test\ntest a ... ok\ntest result: ok. 1 passed\n").write("bad", "");
    assert_eq!(tests(&scratch, &["good"]).code, 0);
    assert_eq!(tests(&scratch, &["good", "bad"]).code, 2);
    assert_eq!(tests(&scratch, &[]).code, 2);
}
