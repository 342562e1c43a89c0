//! The helpers that several units share, each by itself.

mod bridges;
mod disks;
mod groups;
mod hvparams;
mod instance;
mod instance_env;
mod memory;
mod node;
mod order;
mod tags;
