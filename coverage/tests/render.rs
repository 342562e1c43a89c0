//! The words of a verdict, in all formats.

use expect_test::expect;

use crate::scratch::Scratch;

/// The demo with a baseline of the fake compiler, so that the words do not depend on the machine.
fn short() -> Scratch {
    let scratch = Scratch::new();
    scratch.fake("rustc", "rustc").write(
        "coverage.baseline",
        "compiler: rustc 1.90.0 (fake)\nsystem: fake-system\nproduct: 60.00 10\n\
         cmdlib/src/generic.rs 23.52 13\ncmdlib/src/lu/instance/startup.rs 100.00 0\ncmdlib/src/table.rs 95.00 0\n",
    );
    scratch
}

#[test]
fn text() {
    let run = short().gate(&["--no-run", "report.json"]);
    expect![[r#"
        each LU, worst first
          tags/set                50.0 %  (9/18)         below 90 %
              cmdlib/src/lu/tags/set.rs:5  in check
              cmdlib/src/lu/tags/set.rs:7  in check
              cmdlib/src/lu/tags/set.rs:9-14  in check
          instance/startup       100.0 %  (11/11)
        other files of cmdlib
          cmdlib/src/generic.rs   23.5 %  (4/17)
              cmdlib/src/generic.rs:2-4  in never
              cmdlib/src/generic.rs:6-8  in inl
              cmdlib/src/generic.rs:9-11  in konst
              cmdlib/src/generic.rs:13-15  in given
          cmdlib/src/table.rs     83.3 %  (5/6)          fell from 95.0 %
              cmdlib/src/table.rs:6

        cmdlib                    55.7 %  (29/52)        below 90 %, fell from 60.0 %
        testlib                   83.3 %  (5/6)          not judged

        what to test next, longest first
          6 lines    cmdlib/src/lu/tags/set.rs:9-14  in check
          3 lines    cmdlib/src/generic.rs:2-4       in never
          3 lines    cmdlib/src/generic.rs:6-8       in inl
          3 lines    cmdlib/src/generic.rs:9-11      in konst
          3 lines    cmdlib/src/generic.rs:13-15     in given
          1 line     cmdlib/src/lu/tags/set.rs:5     in check
          1 line     cmdlib/src/lu/tags/set.rs:7     in check
          1 line     cmdlib/src/table.rs:6

          1. cmdlib has 55.7 % of its lines covered (29/52), wanted 90 %: 18 lines more would do
          2. cmdlib/src/lu/tags/set.rs has 50.0 % of its lines covered (9/18), wanted 90 %: 8 lines more would do
          3. cmdlib fell from 60.00 % with 10 lines uncovered to 58.82 % with 14: cover what was added, or what is not reached any more
          4. cmdlib/src/table.rs fell from 95.00 % with 0 lines uncovered to 83.33 % with 1: cover what was added, or what is not reached any more
        note: 1 file better or new: `cargo gate --update` writes it down
        not held: 4 findings
    "#]].assert_eq(&run.out);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
}

#[test]
fn markdown() {
    let run = short().gate(&["--no-run", "report.json", "--format", "markdown"]);
    expect![[r#"
        ## Coverage of cmdlib: not held: 4 findings

        1. cmdlib has 55.7 % of its lines covered (29/52), wanted 90 %: 18 lines more would do
        2. cmdlib/src/lu/tags/set.rs has 50.0 % of its lines covered (9/18), wanted 90 %: 8 lines more would do
        3. cmdlib fell from 60.00 % with 10 lines uncovered to 58.82 % with 14: cover what was added, or what is not reached any more
        4. cmdlib/src/table.rs fell from 95.00 % with 0 lines uncovered to 83.33 % with 1: cover what was added, or what is not reached any more

        | | lines | covered | |
        | --- | ---: | ---: | --- |
        | **cmdlib** | 55.7 % | 29/52 | below 90 %, fell from 60.0 % |
        | **testlib** | 83.3 % | 5/6 | not judged |

        | LU | lines | covered | | uncovered |
        | --- | ---: | ---: | --- | --- |
        | tags/set | 50.0 % | 9/18 | below 90 % | `cmdlib/src/lu/tags/set.rs:5` in check<br>`cmdlib/src/lu/tags/set.rs:7` in check<br>`cmdlib/src/lu/tags/set.rs:9-14` in check |
        | instance/startup | 100.0 % | 11/11 |  |  |
        | cmdlib/src/generic.rs | 23.5 % | 4/17 |  | `cmdlib/src/generic.rs:2-4` in never<br>`cmdlib/src/generic.rs:6-8` in inl<br>`cmdlib/src/generic.rs:9-11` in konst<br>`cmdlib/src/generic.rs:13-15` in given |
        | cmdlib/src/table.rs | 83.3 % | 5/6 | fell from 95.0 % | `cmdlib/src/table.rs:6` |

        What to test next, longest first:

        - 6 lines: `cmdlib/src/lu/tags/set.rs:9-14` in check
        - 3 lines: `cmdlib/src/generic.rs:2-4` in never
        - 3 lines: `cmdlib/src/generic.rs:6-8` in inl
        - 3 lines: `cmdlib/src/generic.rs:9-11` in konst
        - 3 lines: `cmdlib/src/generic.rs:13-15` in given
        - 1 line: `cmdlib/src/lu/tags/set.rs:5` in check
        - 1 line: `cmdlib/src/lu/tags/set.rs:7` in check
        - 1 line: `cmdlib/src/table.rs:6`

        - 1 file better or new: `cargo gate --update` writes it down
    "#]].assert_eq(&run.out);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
}

#[test]
fn json() {
    let run = short().gate(&["--no-run", "report.json", "--format", "json"]);
    expect![[r#"
        {
          "verdict": "short",
          "exit": 1,
          "product": {
            "name": "cmdlib",
            "percent": 55.76,
            "covered": 29,
            "lines": 52,
            "threshold": 90.0
          },
          "unit": "LU",
          "units": [
            {
              "name": "tags/set",
              "percent": 50.0,
              "covered": 9,
              "lines": 18,
              "file": "cmdlib/src/lu/tags/set.rs",
              "threshold": 90.0,
              "remark": "below 90 %",
              "uncovered": [
                [
                  5,
                  5
                ],
                [
                  7,
                  7
                ],
                [
                  9,
                  14
                ]
              ],
              "places": [
                {
                  "file": "cmdlib/src/lu/tags/set.rs",
                  "start": 5,
                  "end": 5,
                  "phase": null,
                  "function": "check"
                },
                {
                  "file": "cmdlib/src/lu/tags/set.rs",
                  "start": 7,
                  "end": 7,
                  "phase": null,
                  "function": "check"
                },
                {
                  "file": "cmdlib/src/lu/tags/set.rs",
                  "start": 9,
                  "end": 14,
                  "phase": null,
                  "function": "check"
                }
              ]
            },
            {
              "name": "instance/startup",
              "percent": 100.0,
              "covered": 11,
              "lines": 11,
              "file": "cmdlib/src/lu/instance/startup.rs",
              "threshold": 90.0,
              "remark": "",
              "uncovered": [],
              "places": []
            }
          ],
          "others": [
            {
              "name": "cmdlib/src/generic.rs",
              "percent": 23.52,
              "covered": 4,
              "lines": 17,
              "file": "cmdlib/src/generic.rs",
              "threshold": null,
              "remark": "",
              "uncovered": [
                [
                  2,
                  4
                ],
                [
                  6,
                  8
                ],
                [
                  9,
                  11
                ],
                [
                  13,
                  15
                ]
              ],
              "places": [
                {
                  "file": "cmdlib/src/generic.rs",
                  "start": 2,
                  "end": 4,
                  "phase": null,
                  "function": "never"
                },
                {
                  "file": "cmdlib/src/generic.rs",
                  "start": 6,
                  "end": 8,
                  "phase": null,
                  "function": "inl"
                },
                {
                  "file": "cmdlib/src/generic.rs",
                  "start": 9,
                  "end": 11,
                  "phase": null,
                  "function": "konst"
                },
                {
                  "file": "cmdlib/src/generic.rs",
                  "start": 13,
                  "end": 15,
                  "phase": null,
                  "function": "given"
                }
              ]
            },
            {
              "name": "cmdlib/src/table.rs",
              "percent": 83.33,
              "covered": 5,
              "lines": 6,
              "file": "cmdlib/src/table.rs",
              "threshold": null,
              "remark": "fell from 95.0 %",
              "uncovered": [
                [
                  6,
                  6
                ]
              ],
              "places": [
                {
                  "file": "cmdlib/src/table.rs",
                  "start": 6,
                  "end": 6,
                  "phase": null,
                  "function": null
                }
              ]
            }
          ],
          "beside": [
            {
              "name": "testlib",
              "percent": 83.33,
              "covered": 5,
              "lines": 6,
              "threshold": null
            }
          ],
          "without_lines": [
            "cmdlib/src/lib.rs",
            "cmdlib/src/lu/instance/mod.rs",
            "cmdlib/src/lu/mod.rs",
            "cmdlib/src/lu/tags/called.rs",
            "cmdlib/src/lu/tags/mod.rs",
            "cmdlib/src/types.rs"
          ],
          "changed": null,
          "next": [
            {
              "file": "cmdlib/src/lu/tags/set.rs",
              "start": 9,
              "end": 14,
              "phase": null,
              "function": "check"
            },
            {
              "file": "cmdlib/src/generic.rs",
              "start": 2,
              "end": 4,
              "phase": null,
              "function": "never"
            },
            {
              "file": "cmdlib/src/generic.rs",
              "start": 6,
              "end": 8,
              "phase": null,
              "function": "inl"
            },
            {
              "file": "cmdlib/src/generic.rs",
              "start": 9,
              "end": 11,
              "phase": null,
              "function": "konst"
            },
            {
              "file": "cmdlib/src/generic.rs",
              "start": 13,
              "end": 15,
              "phase": null,
              "function": "given"
            },
            {
              "file": "cmdlib/src/lu/tags/set.rs",
              "start": 5,
              "end": 5,
              "phase": null,
              "function": "check"
            },
            {
              "file": "cmdlib/src/lu/tags/set.rs",
              "start": 7,
              "end": 7,
              "phase": null,
              "function": "check"
            },
            {
              "file": "cmdlib/src/table.rs",
              "start": 6,
              "end": 6,
              "phase": null,
              "function": null
            }
          ],
          "findings": [
            {
              "kind": "below",
              "subject": "cmdlib",
              "text": "cmdlib has 55.7 % of its lines covered (29/52), wanted 90 %: 18 lines more would do"
            },
            {
              "kind": "below",
              "subject": "cmdlib/src/lu/tags/set.rs",
              "text": "cmdlib/src/lu/tags/set.rs has 50.0 % of its lines covered (9/18), wanted 90 %: 8 lines more would do"
            },
            {
              "kind": "fell",
              "subject": "cmdlib",
              "text": "cmdlib fell from 60.00 % with 10 lines uncovered to 58.82 % with 14: cover what was added, or what is not reached any more"
            },
            {
              "kind": "fell",
              "subject": "cmdlib/src/table.rs",
              "text": "cmdlib/src/table.rs fell from 95.00 % with 0 lines uncovered to 83.33 % with 1: cover what was added, or what is not reached any more"
            }
          ],
          "notes": [
            "1 file better or new: `cargo gate --update` writes it down"
          ]
        }
    "#]].assert_eq(&run.out);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
}

#[test]
fn text_of_a_gate_that_holds() {
    let run = short().gate(&["--no-run", "report.json", "--fail-under", "20"]);
    assert_eq!(run.code, 1, "table.rs fell, whatever the threshold");
    let scratch = Scratch::new();
    let run = scratch.fake("rustc", "rustc").gate(&["--no-run", "report.json", "--fail-under", "20"]);
    expect![[r#"
        each LU, worst first
          tags/set           50.0 %  (9/18)
              cmdlib/src/lu/tags/set.rs:5  in check
              cmdlib/src/lu/tags/set.rs:7  in check
              cmdlib/src/lu/tags/set.rs:9-14  in check
          instance/startup  100.0 %  (11/11)

        cmdlib               55.7 %  (29/52)
        testlib              83.3 %  (5/6)          not judged

        what to test next, longest first
          6 lines    cmdlib/src/lu/tags/set.rs:9-14  in check
          3 lines    cmdlib/src/generic.rs:2-4       in never
          3 lines    cmdlib/src/generic.rs:6-8       in inl
          3 lines    cmdlib/src/generic.rs:9-11      in konst
          3 lines    cmdlib/src/generic.rs:13-15     in given
          1 line     cmdlib/src/lu/tags/set.rs:5     in check
          1 line     cmdlib/src/lu/tags/set.rs:7     in check
          1 line     cmdlib/src/table.rs:6

        note: there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
        held
    "#]]
    .assert_eq(&run.out);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn trouble_goes_to_standard_error_and_into_json_and_markdown() {
    let scratch = Scratch::new();
    scratch.write("empty.json", "");
    let run = scratch.gate(&["--no-run", "empty.json"]);
    expect![[r#"
        could not measure: the report is empty
          where     empty.json
          expected  one `llvm.coverage.json.export` with files, as `cargo llvm-cov --workspace --json` writes it
          do        make it anew, or let the gate do so: leave out `--no-run`
    "#]]
    .assert_eq(&run.err);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    let run = scratch.gate(&["--no-run", "empty.json", "--format", "json"]);
    expect![[r#"
        {
          "verdict": "unmeasured",
          "exit": 2,
          "error": {
            "what": "the report is empty",
            "where": "empty.json",
            "expected": "one `llvm.coverage.json.export` with files, as `cargo llvm-cov --workspace --json` writes it",
            "do": "make it anew, or let the gate do so: leave out `--no-run`"
          }
        }
    "#]]
    .assert_eq(&run.out);
    assert!(run.code == 2 && run.err.starts_with("could not measure: "));
    let run = scratch.gate(&["--no-run", "empty.json", "--format", "markdown"]);
    expect![[r#"
        ## Coverage: could not measure

        ```text
        could not measure: the report is empty
          where     empty.json
          expected  one `llvm.coverage.json.export` with files, as `cargo llvm-cov --workspace --json` writes it
          do        make it anew, or let the gate do so: leave out `--no-run`
        ```
    "#]]
    .assert_eq(&run.out);
    assert!(run.code == 2 && run.err.starts_with("could not measure: "));
}
