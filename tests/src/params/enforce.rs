//! How values are brought to the types of a table. `null`, `[]` and the like stand in JSON as users can write them.

use cmdlib::params::{Kind, Row, Table, enforce, tables};
use serde_json::{Value, json};

use super::params;

const ROWS: &[Row] = &[
    Row::new("text", Kind::String),
    Row::new("maybe", Kind::MaybeString),
    Row::new("truth", Kind::Bool),
    Row::new("size", Kind::Size),
    Row::new("whole", Kind::Int),
    Row::new("number", Kind::Float),
];
const TABLE: Table = Table::new(&[ROWS]);

/// What becomes of a value, or the refusal.
fn read(name: &str, value: Value) -> Result<Value, String> {
    let mut params = params(json!({ name: value }));
    enforce(&mut params, &TABLE)?;
    Ok(params.remove(name).expect("enforce drops no parameter"))
}

#[track_caller]
fn becomes(name: &str, values: &[Value], wanted: Value) {
    for value in values {
        assert_eq!(read(name, value.clone()), Ok(wanted.clone()), "from {value}");
    }
}

/// All values are refused, naming the parameter, the value and what is wanted.
#[track_caller]
fn refuses(name: &str, values: &[Value], wanted: &str) {
    for value in values {
        let text = read(name, value.clone()).expect_err(&format!("{value} is refused"));
        for part in [&format!("`{name}`"), &value.to_string(), wanted] {
            assert!(text.contains(part), "no {part:?} in: {text}");
        }
    }
}

#[test]
fn a_text_stays() {
    becomes("text", &[json!("12")], json!("12"));
}

#[test]
fn false_is_the_empty_text() {
    becomes("text", &[json!(false)], json!(""));
}

#[test]
fn a_text_is_nothing_else() {
    refuses("text", &[json!(true), json!(null), json!(0), json!(1.5), json!([]), json!({})], "a text");
}

#[test]
fn null_may_stand_for_a_text_where_the_table_says_so() {
    becomes("maybe", &[json!(null)], json!(null));
}

#[test]
fn else_such_a_text_is_as_any() {
    becomes("maybe", &[json!(false)], json!(""));
    refuses("maybe", &[json!(true), json!(0), json!([])], "a text or null");
}

#[test]
fn truth_is_a_word_in_any_case() {
    becomes("truth", &[json!("true"), json!("TRUE"), json!("True")], json!(true));
    becomes("truth", &[json!("false"), json!("FALSE"), json!("fAlse")], json!(false));
}

#[test]
fn nothing_and_zero_and_the_empty_are_false() {
    becomes("truth", &[json!(""), json!(null), json!(0), json!(0.0), json!(-0.0), json!([]), json!({})], json!(false));
}

#[test]
fn all_else_but_texts_is_true() {
    becomes("truth", &[json!(1), json!(-1), json!(0.1), json!([0]), json!({"a": null})], json!(true));
}

#[test]
fn other_texts_are_not_a_truth() {
    refuses("truth", &[json!("yes"), json!("1"), json!(" true"), json!("true\n")], "true or false");
}

#[test]
fn a_whole_number_is_read_as_python_does() {
    becomes("whole", &[json!(12), json!(12.9), json!("12"), json!(" +12\n"), json!("0012"), json!("1_2")], json!(12));
    becomes("whole", &[json!("\u{a0}١٢\u{2003}"), json!("𝟏２")], json!(12));
    becomes("whole", &[json!(-1.9), json!("-1"), json!("-0_1")], json!(-1));
}

#[test]
fn a_truth_is_the_number_zero_or_one() {
    becomes("whole", &[json!(false), json!("-0"), json!(-0.5)], json!(0));
    becomes("whole", &[json!(true)], json!(1));
    becomes("number", &[json!(true)], json!(1.0));
}

#[test]
fn whole_numbers_end_with_64_bits() {
    becomes("whole", &[json!("18446744073709551615"), json!(u64::MAX)], json!(u64::MAX));
    becomes("whole", &[json!("-9223372036854775808"), json!(-9223372036854775808.0)], json!(i64::MIN));
    let beyond = [json!("18446744073709551616"), json!("-9223372036854775809"), json!(18446744073709551616.0)];
    refuses("whole", &beyond, "at most 64 bits");
    refuses("whole", &[json!("9".repeat(50)), json!(1e300), json!(-1e300)], "at most 64 bits");
}

#[test]
fn what_is_no_whole_number_is_refused() {
    let texts = ["", " ", "1.5", "1e3", "0x10", "+ 1", "1 2", "--1", "1-", "½", "²", "\u{1c}1"];
    refuses("whole", &texts.map(Value::from), "a whole number");
    refuses("whole", &[json!(null), json!([]), json!([1]), json!({})], "a whole number");
}

#[test]
fn underscores_stand_between_digits() {
    let texts = ["_1", "1_", "1__2", "_", "-_1"];
    refuses("whole", &texts.map(Value::from), "a whole number");
    refuses("number", &["1_.5", "1._5", "1_e3"].map(Value::from), "a finite number");
}

#[test]
fn a_number_is_read_as_python_does() {
    becomes("number", &[json!(1.5), json!("1.5"), json!(" +15e-1 "), json!("1.5_0"), json!("١.٥")], json!(1.5));
    becomes("number", &[json!(2), json!("2."), json!("2")], json!(2.0));
    becomes("number", &[json!(".5")], json!(0.5));
}

#[test]
fn what_is_no_finite_number_is_refused() {
    let texts = ["", ".", "e5", "1,5", "inf", "-Infinity", "nan", "1e400", "0x1p3"];
    refuses("number", &texts.map(Value::from), "a finite number");
    refuses("number", &[json!(null), json!([]), json!({})], "a finite number");
}

#[test]
fn a_size_without_unit_is_in_mebibytes() {
    becomes("size", &[json!(512), json!("512"), json!("512 "), json!(512.0), json!("512.0")], json!(512));
}

#[test]
fn a_size_has_a_unit_in_any_case() {
    becomes("size", &["8m", "8M", "8 mb", "8MiB", "8\n\tMIB\n"].map(Value::from), json!(8));
    becomes("size", &["2g", "2 GB", "2GiB", "٢g"].map(Value::from), json!(2048));
    becomes("size", &["1t", "1TB", "1tib"].map(Value::from), json!(1024 * 1024));
}

#[test]
fn a_size_is_rounded_up_to_four_mebibytes() {
    becomes("size", &[json!(0), json!("0"), json!(0.0)], json!(0));
    becomes("size", &[json!(1), json!(3), json!(4), json!("0.1"), json!(3.5)], json!(4));
    becomes("size", &[json!(5), json!("4.01"), json!(8)], json!(8));
    becomes("size", &[json!("0.5G")], json!(512));
}

#[test]
fn a_fraction_is_a_size_if_python_writes_it_without_exponent() {
    becomes("size", &[json!(0.0001)], json!(4));
    becomes("size", &[json!(9999999999999998.0)], json!(10_000_000_000_000_000_u64));
    refuses("size", &[json!(0.00009), json!(1e16)], "a size in MiB");
}

#[test]
fn what_is_no_size_is_refused() {
    let texts = ["", " 1", "-1", "+1", "M", "1k", "1 Gi", "1G 1", "1e3", "1_000", "1.2.3", ".", "1M \n"];
    refuses("size", &texts.map(Value::from), "a size in MiB");
    refuses("size", &[json!(-1), json!(-0.0), json!(null), json!(true), json!([]), json!({})], "a size in MiB");
}

#[test]
fn a_size_ends_with_64_bits() {
    refuses("size", &["18446744073709551616", "17592186044416T"].map(Value::from), "a size in MiB");
    assert!(read("size", json!("9".repeat(400))).is_err(), "more than a float can hold");
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let mut params = params(json!({ "maxmen": 1 }));
    let text = enforce(&mut params, &tables::BACKEND).expect_err("unknown");
    assert_eq!(text, "unknown parameter \"maxmen\"; did you mean `maxmem`?");
}

#[test]
fn an_unknown_name_that_is_near_none_gets_the_list() {
    let mut params = params(json!({ "": 1 }));
    let text = enforce(&mut params, &TABLE).expect_err("unknown");
    assert_eq!(text, "unknown parameter \"\"; allowed are text, maybe, truth, size, whole, number");
}

#[test]
fn a_long_list_is_only_counted() {
    let mut params = params(json!({ "colour": 1 }));
    let text = enforce(&mut params, &tables::HYPERVISOR).expect_err("unknown");
    assert_eq!(text, "unknown parameter \"colour\"; none of the 85 allowed ones is similar");
}

#[test]
fn an_empty_table_has_nothing_to_list() {
    let mut params = params(json!({ "stripes": 1 }));
    let text = enforce(&mut params, &Table::new(&[])).expect_err("unknown");
    assert_eq!(text, "unknown parameter \"stripes\"; there are none here");
}

#[test]
fn a_long_value_is_cut_in_the_message() {
    let text = read("whole", json!("x".repeat(1000))).expect_err("no number");
    assert!(text.contains("xxx...xxx") && text.contains("(1002 characters)") && text.len() < 200, "{text}");
}

#[test]
fn a_refusal_leaves_the_parameters_alone() {
    let before = params(json!({ "whole": "1", "number": "x" }));
    let mut after = before.clone();
    enforce(&mut after, &TABLE).expect_err("x is no number");
    assert_eq!(after, before);
}

#[test]
fn the_order_of_parameters_stays() {
    let mut params = params(json!({ "whole": "1", "text": "a", "number": 2 }));
    enforce(&mut params, &TABLE).expect("all good");
    assert_eq!(Value::from(params).to_string(), r#"{"whole":1,"text":"a","number":2.0}"#);
}

#[test]
fn no_parameters_are_good() {
    assert_eq!(enforce(&mut params(json!({})), &TABLE), Ok(()));
}
