//! The least that nodes of a healthy cluster answer. Stands in until the framework's own healthy nodes are plugged in.

use cmdlib::config::Snapshot;
use cmdlib::rpc::{Message, Trouble};
use serde_json::{Value, json};

/// Answers a call that nobody recorded.
///
/// # Errors
/// It is not known what a healthy node would answer.
pub(super) fn stub(message: &Message<'_>, _: &Snapshot) -> Result<Value, Trouble> {
    match message.call.procedure() {
        "hooks_runner" => Ok(json!([])),
        "blockdev_assemble" => Ok(json!(["/dev/healthy", "/dev/healthy", ""])),
        "blockdev_shutdown" | "bridges_exist" | "hypervisor_validate_params" | "instance_shutdown" | "instance_start" => {
            Ok(Value::Null)
        }
        other => Err(Trouble::Unreachable(format!("nobody recorded an answer to {other}"))),
    }
}
