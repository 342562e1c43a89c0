//! The builders of clusters: what each setter changes, what each mistake says and where it points to, and that every
//! ready-made cluster could exist.

mod begin;
mod cluster;
mod disks;
mod groups;
mod instances;
mod interference;
mod lines;
mod networks;
mod nodes;
mod ready_made;

use std::sync::Arc;

use cmdlib::config::ByName;
use cmdlib::field::Field;
use cmdlib::net::{AddressPool, Holder};
use cmdlib::objects::{Disk, Instance, Network};
use expect_test::Expect;
use serde_json::{Value, json};
use testlib::{MockConfig, clusters, failure_of};

/// Returns the object of this name.
#[track_caller]
fn the<T: ByName>(config: &MockConfig, name: &str) -> Arc<T> {
    let state = config.snapshot();
    state.get(&state.find::<T>(name).unwrap()).unwrap()
}

#[track_caller]
fn disks(config: &MockConfig, instance: &str) -> Vec<Arc<Disk>> {
    config.snapshot().disks_of(&the::<Instance>(config, instance)).unwrap()
}

/// Returns a part of the document that the configuration is stored as.
#[track_caller]
fn stored(config: &MockConfig, path: &str) -> Value {
    config.snapshot().write().pointer(path).cloned().unwrap_or(Value::Null)
}

#[track_caller]
fn valid(config: &MockConfig) {
    assert_eq!(config.check(), Ok(()));
}

/// Returns what a disk is, without what is counted.
fn shape(disk: &Disk) -> Value {
    json!({
        "type": disk.dev_type.as_str(), "at": disk.logical_id.write(),
        "nodes": disk.nodes.len(), "size": disk.size, "iv_name": disk.iv_name,
    })
}

/// A mistake to be made in a cluster of three nodes and five instances.
struct Wrong {
    line: u32,
    makes: fn(&mut MockConfig),
}

/// Makes a [`Wrong`]. It is a macro for the line, and because what builders return must go before the cluster does.
macro_rules! wrong {
    (|$config:pat_param| $makes:expr) => {
        Wrong {
            line: line!(),
            makes: |$config: &mut MockConfig| {
                let _ = $makes;
            },
        }
    };
}
use wrong;

/// Judges what mistakes say, one a line, and that each points to its own line.
fn mistakes(cases: &[Wrong], wanted: Expect) {
    let mut texts = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let mut config = clusters::three_nodes_five_instances();
        let failed = failure_of(|| (case.makes)(&mut config));
        let end = cases.get(index + 1).map_or(case.line + 10, |next| next.line);
        assert!((case.line..end).contains(&failed.line), "{failed:?} points to none of {}..{end}", case.line);
        texts.push(failed.message);
    }
    wanted.assert_eq(&texts.join("\n"));
}

/// Tells whether an instance has the address of a network.
#[track_caller]
fn taken(config: &MockConfig, network: &str, address: &str) -> bool {
    let it = the::<Network>(config, network);
    let pool = AddressPool::new(&it.network, it.reservations.as_deref(), it.ext_reservations.as_deref()).unwrap();
    pool.is_reserved(address.parse().unwrap(), Holder::Instance).unwrap()
}
