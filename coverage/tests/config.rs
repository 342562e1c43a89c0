//! The TOML, and each way in which it is refused.

use coverage::config::Config;
use expect_test::{Expect, expect};

const GOOD: &str = include_str!("fixtures/demo/coverage.toml");

#[track_caller]
fn refused(text: &str, expect: Expect) {
    let trouble = Config::read(text, "coverage.toml").unwrap_err();
    assert!(!trouble.expected.is_empty() && !trouble.remedy.is_empty());
    expect.assert_eq(&format!("{} @ {}", trouble.what, trouble.place));
}

#[test]
fn what_is_left_out_has_a_default() {
    let config = Config::read(GOOD, "coverage.toml").unwrap();
    assert_eq!(config.baseline.file, "coverage.baseline");
    assert_eq!(config.product.threshold.brief(), "90");
    assert!(config.run.arguments.is_empty());
    assert_eq!(config.run.unset, ["LU_TRACES"]);
}

#[test]
fn thresholds_may_have_decimals() {
    let config = Config::read(&GOOD.replace("threshold = 90", "threshold = 92.5"), "coverage.toml").unwrap();
    assert_eq!(config.units.threshold.brief(), "92.5");
}

#[test]
fn bad_ones_are_refused_with_their_line() {
    refused("", expect!["the configuration is empty @ coverage.toml"]);
    refused("[product", expect!["the configuration can't be read: unclosed table, expected `]` @ coverage.toml:1"]);
    refused(
        &GOOD.replace("threshold", "treshold"),
        expect![
            "the configuration can't be read: unknown field `treshold`, expected one of `name`, `sources`, `except`, `threshold` @ coverage.toml:4"
        ],
    );
    refused(
        &GOOD.replace("= 90", "= 190"),
        expect![
            "the configuration can't be read: `190` is no percentage: wanted a number from 0 to 100 with at most two decimals @ coverage.toml:4"
        ],
    );
    refused(
        &GOOD.replace("= 90", "= \"90\""),
        expect!["the configuration can't be read: a percentage is a number, not string @ coverage.toml:4"],
    );
    refused(
        &GOOD.replace("[\"cmdlib/src/**/*.rs\"]", "[]"),
        expect!["`product.sources` is empty, so nothing would be judged @ coverage.toml"],
    );
    refused(
        &GOOD.replace("cmdlib/src/lu", "/cmdlib/src/lu"),
        expect![
            "the configuration can't be read: `/cmdlib/src/lu/*/**/*.rs`: wanted a pattern relative to the workspace, without `.` and `..` @ coverage.toml:8"
        ],
    );
    refused(
        "[product]\nname = \"x\"\n",
        expect!["the configuration can't be read: missing field `sources` @ coverage.toml:1"],
    );
}

#[test]
fn what_is_new_has_defaults_too() {
    let config = Config::read(GOOD, "coverage.toml").unwrap();
    assert_eq!(config.changed.threshold.brief(), "95");
    assert!(config.files.is_none() && config.errors.is_none() && config.waivers.is_empty());
    assert!(config.units.phases.is_empty());
    let errors = format!("{GOOD}[errors]\nconstructors = [\"Refusal::*\"]\n");
    assert_eq!(Config::read(&errors, "coverage.toml").unwrap().errors.unwrap().threshold.brief(), "98");
}

#[test]
fn bad_waivers_are_refused() {
    let waiver = |lines: &str| format!("{GOOD}[[waiver]]\n{lines}\n");
    refused(
        &waiver("for = \"a.rs\"\nuntil = 2026-12-31"),
        expect!["the configuration can't be read: missing field `reason` @ coverage.toml:17"],
    );
    refused(
        &waiver("for = \"a.rs\"\nreason = \" \"\nuntil = 2026-12-31"),
        expect!["the configuration can't be read: wanted words, not an empty text @ coverage.toml:19"],
    );
    refused(
        &waiver("for = \"a.rs\"\nreason = \"soon\"\nuntil = 2026-13-31"),
        expect!["the configuration can't be read: invalid date, expected month between 01 and 12 @ coverage.toml:20"],
    );
    refused(
        &waiver("for = \"a.rs\"\nreason = \"soon\"\nuntil = 2026-12-31T00:00:00"),
        expect!["the configuration can't be read: wanted a day such as 2026-12-31 @ coverage.toml:20"],
    );
    refused(
        &waiver("for = \"a.rs\"\nreason = \"soon\"\nuntil = \"some day\""),
        expect![[
            r#"the configuration can't be read: invalid type: string "some day", expected a TOML datetime @ coverage.toml:20"#
        ]],
    );
    let one = "for = \"a.rs\"\nreason = \"soon\"\nuntil = 2026-12-31\n";
    refused(&waiver(&format!("{one}[[waiver]]\n{one}")), expect!["`a.rs` has two waivers @ coverage.toml"]);
}

#[test]
fn bad_constructors_and_runners_are_refused() {
    refused(
        &format!("{GOOD}[errors]\nconstructors = [\"new::\"]\n"),
        expect![
            "the configuration can't be read: `new::` is no constructor: wanted `Type::function`, `Type::*` or `function` @ coverage.toml:18"
        ],
    );
    refused(
        &format!("{GOOD}runner = \"make\"\n"),
        expect![
            "the configuration can't be read: unknown variant `make`, expected `cargo-test` or `nextest` @ coverage.toml:17"
        ],
    );
}
