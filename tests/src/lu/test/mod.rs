//! Tests of the units that try a cluster out.

mod delay;
