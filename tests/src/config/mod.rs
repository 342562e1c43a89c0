//! The configuration store, seen from outside: what is loaded is what is written, what is changed is indexed, what is wrong is
//! found.

mod changes;
mod documents;
mod indexes;
mod killed;
mod loading;
mod lookup;
mod policy;
mod reservations;
mod storage;
mod store;
mod table;
mod verify;
mod views;
