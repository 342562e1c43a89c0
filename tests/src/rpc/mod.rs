//! Tests of the table of calls and of the wire form of their arguments.

mod own;
mod recorded;
mod scan;
mod table;
mod wire;
