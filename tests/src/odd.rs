//! Every unit of the library, on every odd cluster.

use cmdlib::lu::UNITS;
use testlib::sweep;

#[test]
fn every_unit_copes_with_every_odd_cluster() {
    if crate::is_counted() {
        return;
    }
    sweep::all(UNITS).only_odd_clusters().holds();
}
