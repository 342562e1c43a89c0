//! Places that build an error: found in sources, counted in reports.

use coverage::errors::{Constructor, places};
use expect_test::{Expect, expect};

use crate::scratch::Scratch;

#[track_caller]
fn check(text: &str, expect: Expect) {
    let constructors = ["Refusal::*", "Failure::new"].map(|name| Constructor::new(name).unwrap());
    let words = places(text, &constructors).unwrap().into_iter().map(|place| {
        let (line, column) = place.counted;
        let vague = if place.is_vague { " vague" } else { "" };
        format!("{}:{} {} by {line}:{column}{vague}\n", place.line, place.column, place.constructor)
    });
    expect.assert_eq(&words.collect::<String>());
}

#[test]
fn calls_are_found_wherever_they_stand() {
    check(
        "fn f() -> R {\n  let w = |x| Refusal::wrong(x);\n  g(Refusal::new(1))?;\n  Err(crate::error::Failure::new(2))\n}\nconst H: H = H { f: || Refusal::new(0) };\n",
        expect![[r#"
            2:15 Refusal::wrong by 2:15
            3:5 Refusal::new by 3:5
            4:7 Failure::new by 4:7
            6:24 Refusal::new by 6:24
        "#]],
    );
}

#[test]
fn other_functions_of_other_types_are_not() {
    check("fn f() { Failure::other(1); Other::new(2); new(3); refusal::new(4); let x: Refusal = y; }", expect![[""]]);
}

#[test]
fn a_constructor_that_is_handed_on_is_counted_by_its_question_mark() {
    check(
        "fn f() {\n  a().map_err(Refusal::new)?;\n  b().map_err(Refusal::new)\n}\nfn g() { c(|| d().map_err(Refusal::new))?; }\n",
        expect![[r#"
            2:15 Refusal::new by 2:28
            3:15 Refusal::new by 3:15 vague
            5:27 Refusal::new by 5:27 vague
        "#]],
    );
}

#[test]
fn columns_are_bytes() {
    check(
        "fn f() { g(\"grün\", Refusal::new(1)); }",
        expect![[r#"
        1:21 Refusal::new by 1:21
    "#]],
    );
}

#[test]
fn macros_are_searched_token_by_token() {
    check(
        "fn f() {\n  fail!(if x { Refusal::new(1) });\n}\nmacro_rules! m { () => { Failure::new(2) } }\n",
        expect![[r#"
            2:16 Refusal::new by 2:16
            4:26 Failure::new by 4:26
        "#]],
    );
}

#[test]
fn a_bare_function_is_meant_with_any_path() {
    let text = "fn f() { if x { return Err(1) } Result::Err(2); m!(Err(3), Err); }";
    let found = places(text, &[Constructor::new("Err").unwrap()]).unwrap();
    assert_eq!(found.len(), 3);
}

#[test]
fn other_names_of_the_type_are_followed() {
    check(
        "use error::Refusal as R;\nfn f() { R::new(1) }\n",
        expect![[r#"
        2:10 Refusal::new by 2:10
    "#]],
    );
}

#[test]
fn test_code_is_left_out() {
    check(
        "#[cfg(test)]\nmod tests { fn f() { Refusal::new(1) } }\n#[test]\nfn t() { Refusal::new(1) }\n",
        expect![[""]],
    );
}

#[test]
fn constructors_are_functions_with_or_without_a_type() {
    for text in ["", "*", "Refusal::", "::new", "A::b::c", "Refusal::n*w"] {
        assert_eq!(
            Constructor::new(text).unwrap_err(),
            format!("`{text}` is no constructor: wanted `Type::function`, `Type::*` or `function`")
        );
    }
    for text in ["Err", "Refusal::new", "Refusal::*"] {
        assert_eq!(Constructor::new(text).unwrap().to_string(), text);
    }
}

/// The demo, whose errors are texts: one is built by its tests, one is not.
fn demo() -> Scratch {
    let scratch = Scratch::new();
    let toml = scratch.read("coverage.toml");
    let toml = toml.replace("[[beside]]", "[units.phases]\ncheck = \"check\"\n\n[[beside]]");
    scratch.write("coverage.toml", &format!("{toml}\n[errors]\nconstructors = [\"Err\"]\n"));
    scratch
}

fn errors(scratch: &Scratch, words: &[&str]) -> crate::scratch::Run {
    let words: Vec<&str> = ["errors", "--no-run", "report.json"].iter().chain(words).copied().collect();
    crate::scratch::run(&mut scratch.command(&words))
}

#[test]
fn the_demo_as_text() {
    let run = errors(&demo(), &[]);
    expect![[r#"
        places that build an error, by LU
          instance/startup  100.0 %  (1/1)
          tags/set            0.0 %  (0/1)

        no test reached
          tags/set check 7  Err  at cmdlib/src/lu/tags/set.rs:7:20

        not held: 50.0 % of 2 places reached (1/2), wanted 98 %
        1"#]]
    .assert_eq(&format!("{}{}{}", run.out, run.err, run.code));
}

#[test]
fn the_demo_as_markdown() {
    let run = errors(&demo(), &["--format", "markdown"]);
    expect![[r#"
        ## Places that build an error: not held: 50.0 % of 2 places reached (1/2), wanted 98 %

        | LU | reached | places |
        | --- | ---: | ---: |
        | instance/startup | 100.0 % | 1/1 |
        | tags/set | 0.0 % | 0/1 |

        No test reached:

        - tags/set check 7: `Err` at `cmdlib/src/lu/tags/set.rs:7`
        1"#]]
    .assert_eq(&format!("{}{}{}", run.out, run.err, run.code));
}

#[test]
fn the_demo_as_json() {
    let run = errors(&demo(), &["--json"]);
    expect![[r#"
        {
          "verdict": "short",
          "exit": 1,
          "percent": 50.0,
          "threshold": 98.0,
          "reached": 1,
          "unit": "LU",
          "units": [
            {
              "name": "instance/startup",
              "places": 1,
              "reached": 1
            },
            {
              "name": "tags/set",
              "places": 1,
              "reached": 0
            }
          ],
          "places": [
            {
              "id": "instance/startup shared 3",
              "unit": "instance/startup",
              "phase": "shared",
              "line": 3,
              "column": 16,
              "file": "cmdlib/src/lu/instance/startup.rs",
              "function": "startup",
              "constructor": "Err",
              "hits": 1,
              "by_line": false
            },
            {
              "id": "tags/set check 7",
              "unit": "tags/set",
              "phase": "check",
              "line": 7,
              "column": 20,
              "file": "cmdlib/src/lu/tags/set.rs",
              "function": "check",
              "constructor": "Err",
              "hits": 0,
              "by_line": false
            }
          ],
          "missing": [],
          "notes": []
        }
        1"#]]
    .assert_eq(&format!("{}{}{}", run.out, run.err, run.code));
}

#[test]
fn fewer_may_be_enough() {
    assert_eq!(errors(&demo(), &["--fail-under", "0"]).code, 0);
}

#[track_caller]
fn could_not_measure(scratch: &Scratch, expect: Expect) {
    let run = errors(scratch, &[]);
    expect.assert_eq(&run.err);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn without_constructors_nothing_is_judged() {
    could_not_measure(
        &Scratch::new(),
        expect![[r#"
        could not measure: the configuration names nothing that builds an error
          where     coverage.toml
          expected  [errors] constructors = ["Error::new", "Other::*"]
          do        name the constructors of your error types; `coverage errors --help` shows the keys
    "#]],
    );
}

#[test]
fn without_places_nothing_is_judged() {
    let scratch = demo();
    scratch.replace("coverage.toml", "Err", "Nobody");
    could_not_measure(
        &scratch,
        expect![[r#"
        could not measure: no place calls Nobody
          where     coverage.toml, `errors`
          expected  constructors that the sources call
          do        correct `errors.constructors` or `errors.sources`
    "#]],
    );
}

#[test]
fn a_summary_has_no_lines() {
    let scratch = demo();
    let mut report: serde_json::Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    for file in report["data"][0]["files"].as_array_mut().unwrap() {
        file.as_object_mut().unwrap().remove("segments");
    }
    scratch.write("report.json", &report.to_string());
    could_not_measure(
        &scratch,
        expect![[r#"
        could not measure: the report is a summary: it does not say which lines ran
          where     cmdlib/src/lu/instance/startup.rs
          expected  segments for each file
          do        make it without `--summary-only`
    "#]],
    );
}

#[test]
fn a_file_that_was_not_measured_is_no_pass() {
    let scratch = demo();
    scratch.write("cmdlib/src/lu/tags/forgotten.rs", "pub fn check() -> Result<(), String> { Err(String::new()) }\n");
    let run = errors(&scratch, &["--fail-under", "0"]);
    assert!(
        run.code == 2 && run.out.contains("error: cmdlib/src/lu/tags/forgotten.rs was not measured"),
        "{}",
        run.out
    );
}
