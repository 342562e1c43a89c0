//! Bugs that reached users, each pinned by a test: one file an id, with the report, and the verdict that should have been.

mod h79;
