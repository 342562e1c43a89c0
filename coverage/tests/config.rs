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
