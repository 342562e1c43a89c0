//! Percentages are exact, and rounded down.

use coverage::percent::Percent;

#[test]
fn just_below_is_below() {
    let wanted: Percent = "90".parse().unwrap();
    assert!(Percent::of(90, 100) >= wanted);
    assert!(Percent::of(899_999, 1_000_000) < wanted);
    assert_eq!(Percent::of(899_999, 1_000_000).to_string(), "89.9");
    assert_eq!(Percent::of(0, 0), Percent::FULL);
    assert_eq!(Percent::of(u64::MAX - 1, u64::MAX).exact(), "99.99");
}

#[test]
fn thresholds_are_numbers_from_0_to_100() {
    for (text, brief) in
        [("0", "0"), ("90", "90"), ("90.0", "90"), ("92.5", "92.5"), ("92.25", "92.25"), ("100", "100")]
    {
        assert_eq!(text.parse::<Percent>().unwrap().brief(), brief);
    }
    for text in ["", "abc", "-1", "101", "100.01", "90.123", "9e1", "NaN", "90.", ".5", "+5", "99999999999999999999"] {
        assert!(text.parse::<Percent>().is_err(), "`{text}` was taken");
    }
}
