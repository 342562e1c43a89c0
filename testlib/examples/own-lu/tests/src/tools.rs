//! What finds bugs that nobody thought of, in all units of the crate: a line each.

use motd::UNITS;
use testlib::{contracts, put_back, sweep};

use crate::library;

#[test]
fn every_unit_copes_with_whatever_comes() {
    sweep::all(UNITS).library(library).holds();
}

#[test]
fn every_defect_put_back_is_noticed() {
    put_back::of(UNITS).tests("node_motd::").run().holds();
}

#[test]
fn every_lock_is_needed() {
    contracts::of(UNITS).tests("node_motd::").run().holds();
}
