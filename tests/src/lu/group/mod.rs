//! Tests of the units about node groups.

mod verify_disks;
