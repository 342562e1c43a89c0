//! Tests of the units about nodes.

mod powercycle;
