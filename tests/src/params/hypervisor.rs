//! The hypervisors.

use cmdlib::params::{Hypervisor, Table, tables};

#[track_caller]
fn check_all(property: fn(Hypervisor) -> bool, wanted: &str) {
    let names: Vec<&str> = Hypervisor::ALL.into_iter().filter(|it| property(*it)).map(Hypervisor::as_str).collect();
    assert_eq!(names.join(" "), wanted);
}

#[track_caller]
fn check_globals(hypervisor: Hypervisor, wanted: &[&str]) {
    assert_eq!(hypervisor.parameters().globals(), wanted);
}

#[test]
fn each_is_found_by_its_name() {
    check_all(|it| Hypervisor::parse(it.as_str()) == Some(it), "chroot fake kvm lxc xen-hvm xen-pvm");
}

#[test]
fn other_names_are_none() {
    for name in ["", "KVM", "xen"] {
        assert_eq!(Hypervisor::parse(name), None);
    }
}

#[test]
fn containers_and_chroots_do_not_migrate() {
    check_all(Hypervisor::can_migrate, "fake kvm xen-hvm xen-pvm");
}

#[test]
fn what_concerns_migration_is_global() {
    check_globals(Hypervisor::Chroot, &[]);
    check_globals(Hypervisor::Lxc, &[]);
    check_globals(Hypervisor::Fake, &["migration_mode"]);
    check_globals(Hypervisor::XenPvm, &["migration_mode", "migration_port"]);
    check_globals(Hypervisor::XenHvm, &["migration_mode", "migration_port"]);
    check_globals(Hypervisor::Kvm, &["migration_bandwidth", "migration_mode", "migration_port"]);
}

#[test]
fn each_has_as_many_parameters_as_in_the_reference() {
    let counts = Hypervisor::ALL.map(|it| it.parameters().names().len());
    assert_eq!(counts, [1, 1, 65, 7, 24, 17]);
}

#[test]
fn any_hypervisor_has_each_name_once() {
    let all = tables::HYPERVISOR.names();
    for name in Hypervisor::ALL.iter().flat_map(|it| it.parameters().names()) {
        assert_eq!(all.iter().filter(|other| **other == name).count(), 1, "{name}");
    }
    assert_eq!(all.len(), 85);
}

#[test]
fn a_name_is_of_one_kind_everywhere() {
    let any: Table = tables::HYPERVISOR;
    for row in Hypervisor::ALL.iter().flat_map(|it| it.parameters().rows()) {
        assert_eq!(any.get(row.name).map(|other| other.kind), Some(row.kind), "{}", row.name);
    }
}

#[test]
fn rows_are_sorted_by_name() {
    for hypervisor in Hypervisor::ALL {
        assert!(hypervisor.parameters().names().is_sorted(), "{hypervisor}");
    }
}

#[test]
fn defaults_differ_between_hypervisors() {
    let default = |hypervisor: Hypervisor, name: &str| hypervisor.parameters().defaults()[name].to_string();
    assert_eq!(default(Hypervisor::XenHvm, "migration_mode"), "\"non-live\"");
    assert_eq!(default(Hypervisor::XenPvm, "migration_mode"), "\"live\"");
    assert_eq!(default(Hypervisor::Kvm, "migration_port"), "8102");
    assert_eq!(default(Hypervisor::XenPvm, "migration_port"), "8002");
    assert_eq!(default(Hypervisor::Lxc, "cpu_mask"), "\"\"");
}
