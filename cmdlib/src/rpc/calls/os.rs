//! Calls about operating systems and storage providers.

use std::collections::BTreeMap;

use crate::field::Params;
use crate::rpc::{FullInstance, OsEntry, Untyped};

crate::calls! {
    /// Tells which storage providers a node has.
    question ExtstorageDiagnose = "extstorage_diagnose" in |c| 300, Online, Nothing () => Untyped;

    /// Tells which operating systems a node has.
    question OsDiagnose = "os_diagnose" in |c| 300, Online, Nothing () => Vec<OsEntry>;

    /// Runs the export script of an instance's operating system.
    action OsExport = "os_export" in |c| 300, Online, Instance (
        instance: FullInstance,
        environment: BTreeMap<String, String>,
    ) about Some(c.instance.name()) => Untyped;

    /// Checks parameters by the operating system itself.
    question OsValidate = "os_validate" in |c| 300, Online, Nothing (
        required: bool,
        name: String,
        checks: Vec<String>,
        params: Params,
        force_variant: bool,
    ) => Untyped;
}
