//! Tests of the reader of opcodes.

mod common;
mod fields;
mod kinds;
mod reader;
mod reference;
mod shapes;
mod vectors;

use cmdlib::op::Any;
use serde_json::{Value, json};

/// An opcode with all that it requires, and nothing else.
fn least(id: &str) -> Value {
    let mut op = json!({"OP_ID": id});
    for parameter in Any::parameters(id).unwrap().iter().filter(|it| it.is_required()) {
        op[parameter.name] = parameter.shape.example();
    }
    op
}
