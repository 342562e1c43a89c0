//! Days, read and counted.

use coverage::waivers::{day_number, read_day, today};

#[test]
fn days_are_those_of_the_calendar() {
    for (number, day) in [
        (0, "1970-01-01"),
        (58, "1970-02-28"),
        (59, "1970-03-01"),
        (11_016, "2000-02-29"),
        (11_322, "2000-12-31"),
        (11_323, "2001-01-01"),
        (20_452, "2025-12-30"),
        (20_454, "2026-01-01"),
        (47_540, "2100-02-28"),
        (47_541, "2100-03-01"),
    ] {
        assert_eq!(day_number(number).to_string(), day);
    }
}

#[test]
fn a_clock_far_off_is_the_last_day() {
    assert!(day_number(u64::from(u32::MAX)) > read_day("9999-12-31").unwrap());
}

#[test]
fn today_is_a_day() {
    assert!(today() > read_day("2025-01-01").unwrap());
}

#[test]
fn what_is_no_day_is_refused() {
    for text in ["", "soon", "2026-02-30x", "2026-13-01", "2026-06-30T10:00:00Z", "10:00:00"] {
        assert_eq!(read_day(text).unwrap_err(), format!("`{text}` is no day: wanted one such as 2026-12-31"));
    }
}
