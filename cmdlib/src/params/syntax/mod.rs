//! Checks of complete parameter sets that need no node: whether a hypervisor, or a NIC, can have these values.

mod cpu_mask;
mod hypervisors;
mod kvm;
mod nic;
mod rules;

use serde_json::Value;

use super::Params;
use super::hypervisor::Hypervisor;
use super::words::{shown, unknown};

pub use nic::check_nic;

/// Checks the complete parameters of a hypervisor (ganeti 3.1, hypervisor/hv_base.py, `CheckParameterSyntax`; for kvm also
/// hypervisor/hv_kvm/validation.py).
///
/// `params` are filled with the defaults and went through [`enforce`](super::enforce). A value of another type than the
/// check can read is refused; parameters that the reference does not check may have any value.
///
/// # Errors
/// An unknown hypervisor, a parameter that it does not have or that is missing, a value that it can't have, or (kvm) two
/// values that do not go together. The text names the parameter, the value, and what is expected.
///
/// ```
/// use cmdlib::params::{Hypervisor, check_syntax};
///
/// let mut params = Hypervisor::Kvm.parameters().defaults();
/// assert_eq!(check_syntax("kvm", &params), Ok(()));
/// params.insert("boot_order".into(), "cdrom".into());
/// assert!(check_syntax("kvm", &params).unwrap_err().contains("cdrom_image_path"));
/// ```
pub fn check_syntax(hypervisor: &str, params: &Params) -> Result<(), String> {
    let Some(hypervisor) = Hypervisor::parse(hypervisor) else {
        let names = Hypervisor::ALL.map(Hypervisor::as_str).join(", ");
        return Err(format!("unknown hypervisor {}; known are {names}", shown(&Value::from(hypervisor))));
    };
    let table = hypervisor.parameters();
    if let Some(name) = params.keys().find(|name| table.get(name).is_none()) {
        return Err(format!("hypervisor {hypervisor}: {}", unknown(name, &table)));
    }
    if let Some(name) = table.names().into_iter().find(|name| !params.contains_key(*name)) {
        return Err(format!("hypervisor {hypervisor}: parameter `{name}` is missing"));
    }
    for check in hypervisors::checks(hypervisor) {
        check.judge(params).map_err(|problem| format!("hypervisor {hypervisor}: {problem}"))?;
    }
    match hypervisor {
        Hypervisor::Kvm => kvm::check(params).map_err(|problem| format!("hypervisor {hypervisor}: {problem}")),
        _ => Ok(()),
    }
}
