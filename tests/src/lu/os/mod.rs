//! Stands in until its tests do.
