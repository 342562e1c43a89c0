//! What opcodes know of their parameters as data.

use cmdlib::field::Field;
use cmdlib::op::{Any, Common, OpCode};
use cmdlib::shape::{Parameter, Shape};
use expect_test::expect;
use serde_json::json;

use super::least;

fn all_within(shape: &Shape) -> Vec<&Shape> {
    let mut all = vec![shape];
    match shape {
        Shape::List(of) | Shape::Set(of) | Shape::Optional(of) | Shape::Secret(of) => all.extend(all_within(of)),
        Shape::Map { keys, values } => all.extend([keys, values].into_iter().flat_map(|of| all_within(of))),
        Shape::Tuple(of) | Shape::Either(of) => all.extend(of.iter().flat_map(all_within)),
        Shape::Record(of) => all.extend(of.iter().flat_map(|member| all_within(&member.shape))),
        _ => {}
    }
    all
}

#[test]
fn an_example_of_every_parameter_is_taken() {
    for id in Any::IDS {
        let parameters = Any::parameters(id).unwrap();
        for parameter in parameters.iter().chain(&Common::parameters()) {
            let mut op = least(id);
            op[parameter.name] = parameter.shape.example();
            let read = Any::read(&op).map_err(|refusal| refusal.text);
            assert!(read.is_ok(), "{parameter:?}: {read:?}");
        }
    }
}

#[test]
fn a_default_is_what_a_missing_parameter_becomes() {
    for id in Any::IDS {
        let parameters = Any::parameters(id).unwrap();
        let written = Any::read(&least(id)).unwrap().write();
        for parameter in parameters.iter().chain(&Common::parameters()) {
            if let Some(default) = &parameter.default {
                assert_eq!(written[parameter.name], *default, "{id}.{}", parameter.name);
            }
        }
    }
}

#[test]
fn every_parameter_says_what_it_takes() {
    for id in Any::IDS {
        for parameter in Any::parameters(id).unwrap() {
            assert!(!all_within(&parameter.shape).contains(&&Shape::Opaque), "{id}.{}", parameter.name);
        }
    }
}

#[test]
fn a_unit_gives_access_to_the_parameters_of_its_opcode() {
    for unit in cmdlib::lu::UNITS {
        assert_eq!(Some((unit.parameters)()), Any::parameters(unit.op_id));
    }
}

cmdlib::words! {
    /// What a pet eats.
    pub enum Food {
        /// Hay.
        Hay = "hay",
        /// Oats.
        Oats = "oats",
    }
}

cmdlib::opcode! {
    /// Feeds the cluster's pet.
    PetFeed = "OP_PET_FEED" (
        /// What it gets.
        food: Food,
        /// How much of it.
        grams: u64,
    ) {
        /// Its name.
        name: Option<cmdlib::op::NonEmpty> = None,
        /// What else happens, and how often.
        extras: std::collections::BTreeMap<String, Vec<(i64, bool)>> = std::collections::BTreeMap::new(),
    } -> ()
}

#[test]
fn an_opcode_of_another_crate_knows_its_parameters() {
    let line = |it: Parameter| {
        let default = it.default.map(|default| format!(" = {default}")).unwrap_or_default();
        format!("{}: {}{default}\n", it.name, it.shape)
    };
    expect![[r#"
        food: hay|oats
        grams: 0..
        name: non-empty text|null = null
        extras: {text: [(integer, bool)]} = {}
    "#]]
    .assert_eq(&PetFeed::parameters().into_iter().map(line).collect::<String>());
}

#[test]
fn the_parameters_that_every_opcode_has_are_known_too() {
    let line = |it: Parameter| format!("{}: {} = {}\n", it.name, it.shape, it.default.unwrap());
    expect![[r#"
        dry_run: bool|null = false
        debug_level: 0..|null = 0
        priority: -10|0|10 = 0
        depends: [(integer or job id in digits, [canceled|error|success])]|null = null
        comment: text|null = null
        reason: [any]|null = []
    "#]]
    .assert_eq(&Common::parameters().into_iter().map(line).collect::<String>());
}

#[test]
fn an_unknown_parameter_is_refused_with_all_that_there_are() {
    let refusal = Any::read(&json!({"OP_ID": "OP_TAGS_SEARCH", "patern": "x"})).unwrap_err();
    expect!["OP_TAGS_SEARCH: there is no parameter 'patern' (there are: pattern; and for every opcode: dry_run, debug_level, priority, depends, comment, reason)"]
        .assert_eq(&refusal.text);
}

#[test]
fn every_kind_of_shape_says_what_is_expected_and_shows_itself_in_short() {
    let limits = |min, max| Shape::Integer { min, max };
    let member = |name, shape| Parameter::required(name, shape);
    let shapes = [
        Shape::Opaque,
        Shape::Any,
        Shape::Null,
        Shape::Bool,
        Shape::INTEGER,
        limits(Some(1), None),
        limits(None, Some(-1)),
        limits(Some(0), Some(15)),
        Shape::Number,
        Shape::Numbers(vec![-10, 0]),
        Shape::Text,
        Shape::NonEmpty,
        Shape::Words(vec!["soft", "hard"]),
        Shape::Formatted { noun: "an IPv4 address", example: "192.0.2.1" },
        Shape::list(Shape::Bool),
        Shape::Set(Box::new(Shape::Text)),
        Shape::Tuple(vec![Shape::Bool, Shape::Any]),
        Shape::map(Shape::Bool),
        Shape::Record(vec![
            member("jobs", Shape::list(Shape::Any)),
            Parameter::optional("note", Shape::Text, json!("")),
        ]),
        Shape::Either(vec![Shape::Null, Shape::Text]),
        Shape::Optional(Box::new(Shape::Text)),
        Shape::Secret(Box::new(Shape::map(Shape::Any))),
    ];
    let line = |shape: &Shape| format!("{shape} | {} | {}\n", shape.wanted(), shape.example());
    expect![[r#"
        value | a value | null
        any | a value | null
        null | null | null
        bool | true or false | false
        integer | a whole number | 0
        1.. | a whole number from 1 on | 1
        ..-1 | a whole number up to -1 | -1
        0..15 | a whole number from 0 to 15 | 0
        number | a number | 1.5
        -10|0 | one of -10, 0 | -10
        text | a text | "a"
        non-empty text | a text that is not empty | "a"
        soft|hard | one of soft, hard | "soft"
        IPv4 address | an IPv4 address | "192.0.2.1"
        [bool] | a list | []
        set of [text] | a list | []
        (bool, any) | a list of 2 | [false,null]
        {text: bool} | an object | {}
        {jobs: [any], note?: text} | an object of jobs, note | {"jobs":[]}
        null or text | null, or a text | null
        text|null | a text or null | null
        secret {text: any} | an object | {}
    "#]]
    .assert_eq(&shapes.iter().map(line).collect::<String>());
}

#[test]
fn the_shape_of_a_type_is_where_its_refusals_have_their_words_from() {
    assert_eq!(<(i64, bool)>::read(&json!([1])).unwrap_err().to_string(), "expected a list of 2, got [1]");
    assert_eq!(Food::read(&json!("straw")).unwrap_err().to_string(), "expected one of hay, oats, got \"straw\"");
}
