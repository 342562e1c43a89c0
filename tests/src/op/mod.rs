//! Tests of the reader of opcodes.

mod common;
mod fields;
mod reader;
mod shapes;
mod vectors;
