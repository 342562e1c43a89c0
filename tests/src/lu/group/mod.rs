//! Tests of the units about node groups.

mod evacuate;
mod verify_disks;
