//! Which parameters of kvm go together (ganeti 3.1, hypervisor/hv_kvm/validation.py, the functions `check_*`).

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::super::Params;
use super::super::kinds::is_true;
use super::super::words::shown;
use super::rules::Rule;

/// Speeds of a serial line (ganeti 3.1, constants: `VALID_SERIAL_SPEEDS`).
const SERIAL_SPEEDS: &[i64] = &[
    75, 110, 300, 600, 1200, 1800, 2400, 4800, 9600, 14400, 19200, 28800, 38400, 57600, 115200, 230400, 345600, 460800,
];

/// What has no meaning unless SPICE is bound to an address.
const SPICE: &[&str] = &[
    "spice_image_compression",
    "spice_ip_version",
    "spice_jpeg_wan_compression",
    "spice_password_file",
    "spice_streaming_video",
    "spice_use_tls",
    "spice_zlib_glz_wan_compression",
];

/// Applies all of them; each parameter is there already, and alone it is good.
pub(super) fn check(params: &Params) -> Result<(), String> {
    boot(params)?;
    security(params)?;
    console(params)?;
    vnc(params)?;
    spice(params)?;
    disk_cache(params)
}

fn value<'a>(params: &'a Params, name: &str) -> &'a Value {
    params.get(name).unwrap_or(&Value::Null)
}

fn is_set(params: &Params, name: &str) -> bool {
    is_true(value(params, name))
}

fn boot(params: &Params) -> Result<(), String> {
    if value(params, "boot_order") == "cdrom" && !is_set(params, "cdrom_image_path") {
        return Err("`boot_order` is cdrom, which needs an image in `cdrom_image_path`".to_owned());
    }
    if is_set(params, "kernel_path") && !is_set(params, "root_path") {
        return Err("`kernel_path` is set, which needs the root device in `root_path`".to_owned());
    }
    Ok(())
}

fn security(params: &Params) -> Result<(), String> {
    let model = value(params, "security_model");
    let domain = is_set(params, "security_domain");
    if model == "user" && !domain {
        Err("`security_model` is user, which needs the user's name in `security_domain`".to_owned())
    } else if model != "user" && domain {
        Err(format!("`security_domain` has no meaning while `security_model` is {}", shown(model)))
    } else {
        Ok(())
    }
}

fn console(params: &Params) -> Result<(), String> {
    let speed = value(params, "serial_speed");
    if is_set(params, "serial_console") && !Rule::OneNumberOf(SERIAL_SPEEDS).holds(speed) {
        let speeds: Vec<String> = SERIAL_SPEEDS.iter().map(i64::to_string).collect();
        return Err(format!(
            "`serial_console` is on, and `serial_speed` has the value {}, but must be one of {}",
            shown(speed),
            speeds.join(", ")
        ));
    }
    Ok(())
}

fn vnc(params: &Params) -> Result<(), String> {
    if is_set(params, "vnc_x509_verify") && !is_set(params, "vnc_x509_path") {
        return Err("`vnc_x509_verify` is on, which needs the certificates in `vnc_x509_path`".to_owned());
    }
    Ok(())
}

fn spice(params: &Params) -> Result<(), String> {
    let bind = value(params, "spice_bind");
    if !is_true(bind) {
        return match SPICE.iter().find(|name| is_set(params, name)) {
            Some(name) => Err(format!("`{name}` is set, which has no meaning without `spice_bind`")),
            None => Ok(()),
        };
    }
    let version = value(params, "spice_ip_version");
    if *version == 0 {
        return Ok(());
    }
    let Some(address) = bind.as_str() else {
        return Err(format!(
            "`spice_bind` has the value {}, but must be an address or a network interface",
            shown(bind)
        ));
    };
    let is_v4 = address.parse::<Ipv4Addr>().is_ok();
    let is_v6 = address.parse::<Ipv6Addr>().is_ok();
    if (is_v4 && *version != 4) || (is_v6 && *version != 6) {
        return Err(format!(
            "`spice_bind` is the IPv{} address {address}, but `spice_ip_version` is {}",
            if is_v4 { 4 } else { 6 },
            shown(version)
        ));
    }
    Ok(())
}

fn disk_cache(params: &Params) -> Result<(), String> {
    let cache = value(params, "disk_cache");
    if value(params, "disk_aio") == "native" && cache != "none" {
        return Err(format!("`disk_aio` is native, so `disk_cache` must be none and not {}", shown(cache)));
    }
    Ok(())
}
