//! Lock contracts over all runs of units' tests: no lock without need, no decision without a lock.

mod found;
mod keepers;
mod standing;
