//! The tests of the logical units, as they lie in `cmdlib/src/lu`.

mod group;
mod instance;
mod network;
mod node;
mod os;
mod shared;
mod tags;
mod test;
