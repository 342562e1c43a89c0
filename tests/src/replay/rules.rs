//! Files of rules: what is refused.

use expect_test::{Expect, expect};
use testlib::replay::Rules;

fn refused(text: &str, expect: &Expect) {
    expect.assert_eq(&Rules::parse(text).unwrap_err().to_string());
}

/// Returns a good rule with one line replaced.
fn with(key: &str, line: &str) -> String {
    let rule = [
        ("defect", "defect = 'D08'"),
        ("lus", "lus = ['TagsSet']"),
        ("kind", "kind = 'correction'"),
        ("when", "when = ['empty(tags)']"),
        ("shows", "shows = { changes = 'no_change' }"),
    ];
    let lines = rule.map(|(name, text)| if name == key { line } else { text });
    format!("[[rule]]\n{}", lines.join("\n"))
}

#[test]
fn the_own_rules_are_good() {
    let rules = Rules::own();
    assert!(rules.defects().values().all(|defect| !defect.what.is_empty() && !defect.right.is_empty()));
}

#[test]
fn names_that_do_not_exist_are_refused() {
    refused(
        &with("defect", "defect = 'D999'"),
        &expect!["rule 1 (D999): `D999` is neither a known defect (D01 to D184) nor described in the file"],
    );
    refused(&with("lus", "lus = ['PetFeed']"), &expect!["rule 1 (D08): there is no logical unit `PetFeed`"]);
    refused(&with("kind", "kind = 'wish'"), &expect!["rule 1 (D08): `kind` is correction or pardon, not `wish`"]);
    refused(
        &with("shows", "shows = { words = 'no_change' }"),
        &expect![
            "rule 1 (D08): there is no channel `words` (there are: outcome, locks, rpc, allocator, jobs, changes)"
        ],
    );
    let error = Rules::parse(&with("when", "when = ['on_mondays']")).unwrap_err().to_string();
    assert!(error.starts_with("rule 1 (D08): `when`: there is no `on_mondays` (there are: always, "), "{error}");
    let error = Rules::parse(&with("shows", "shows = { changes = 'magic' }")).unwrap_err().to_string();
    assert!(error.starts_with("rule 1 (D08): `shows.changes`: there is no `magic` (there are: "), "{error}");
}

#[test]
fn arguments_are_counted() {
    refused(
        &with("when", "when = ['empty']"),
        &expect!["rule 1 (D08): `when`: `empty` takes 1 argument in parentheses, `empty` has 0"],
    );
    refused(
        &with("when", "when = ['empty(a, b)']"),
        &expect!["rule 1 (D08): `when`: `empty` takes 1 argument in parentheses, `empty(a, b)` has 2"],
    );
    refused(
        &with("when", "when = ['empty(a']"),
        &expect!["rule 1 (D08): `when`: `empty(a` has no closing parenthesis"],
    );
}

#[test]
fn rules_without_effect_are_refused() {
    refused(&with("shows", ""), &expect!["rule 1 (D08): it has no effect: `shows` is empty"]);
    refused(&with("lus", "lus = []"), &expect!["rule 1 (D08): it has no effect: `lus` is empty"]);
    refused(&with("when", "when = []"), &expect!["rule 1 (D08): `when` is empty: say `always` if that is meant"]);
    let pardon = with("kind", "kind = 'pardon'").replace("shows = { changes = 'no_change' }", "");
    refused(&pardon, &expect!["rule 1 (D08): it has no effect: `channels` is empty"]);
}

#[test]
fn kinds_are_not_mixed() {
    refused(
        &with("kind", "kind = 'pardon'\nchannels = ['changes']"),
        &expect!["rule 1 (D08): a pardon has `channels`, not `shows`"],
    );
    refused(
        &with("kind", "kind = 'correction'\nchannels = ['changes']"),
        &expect!["rule 1 (D08): a correction has `shows`, not `channels`"],
    );
    refused(
        &with("shows", "shows = { changes = 'not no_change' }"),
        &expect!["rule 1 (D08): `shows.changes`: `not no_change` can't be turned around"],
    );
}

#[test]
fn own_defects_are_described_and_used() {
    let described = "[[defect]]\nid = 'N01'\nwhat = 'this'\nright = 'that'\n";
    assert!(Rules::parse(&format!("{described}{}", with("defect", "defect = 'N01'"))).is_ok());
    refused(described, &expect!["defect N01: no rule is about it"]);
    refused(&described.replace("N01", "X1"), &expect!["defect X1: an own defect has an id such as N01"]);
    refused(
        &described.replace("that", " "),
        &expect!["defect N01: `what` and `right` say what the reference does, and what is right"],
    );
    refused(&format!("{described}{described}"), &expect!["defect N01: is described twice"]);
}

#[test]
fn keys_that_do_not_exist_are_refused_with_their_line() {
    let error = Rules::parse(&with("lus", "lus = ['TagsSet']\nids = ['TagsSet-s-1']")).unwrap_err().to_string();
    assert!(error.contains("TOML parse error at line 4") && error.contains("unknown field `ids`"), "{error}");
}
