//! Tests of the units about networks.

mod add;
