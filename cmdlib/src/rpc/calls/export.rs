//! Calls about exports and imports.

use crate::rpc::{ExportedDisk, FullInstance, ImportExportIo, ImportExportOptions, Untyped};

crate::calls! {
    /// Tells what an export holds.
    question ExportInfo = "export_info" in |c| 300, Online, Node (
        path: String,
    ) => Untyped;

    /// Tells which exports a node has.
    question ExportList = "export_list" in |c| 300, Online, Node () => Untyped;

    /// Removes an export.
    action ExportRemove = "export_remove" in |c| 300, Online, Node (
        export: String,
    ) => Untyped;

    /// Starts the export of a disk.
    action ExportStart = "export_start" in |c| 900, Online, Instance (
        options: ImportExportOptions,
        host: String,
        port: u64,
        instance: FullInstance,
        component: String,
        source: ImportExportIo,
    ) about Some(c.instance.name()) => Untyped;

    /// Writes what an export holds, when its disks are there.
    action FinalizeExport = "finalize_export" in |c| 900, Online, Instance (
        instance: FullInstance,
        disks: Vec<ExportedDisk>,
    ) about Some(c.instance.name()) => Untyped;

    /// Ends an import or export.
    action ImpexpAbort = "impexp_abort" in |c| 900, Online, Nothing (
        name: String,
    ) => Untyped;

    /// Removes what an import or export left.
    action ImpexpCleanup = "impexp_cleanup" in |c| 900, Online, Nothing (
        name: String,
    ) => Untyped;

    /// Tells how far imports and exports are.
    question ImpexpStatus = "impexp_status" in |c| 300, Online, Nothing (
        names: Vec<String>,
    ) => Untyped;

    /// Starts the import of a disk.
    action ImportStart = "import_start" in |c| 900, Online, Instance (
        options: ImportExportOptions,
        instance: FullInstance,
        component: String,
        target: ImportExportIo,
    ) about Some(c.instance.name()) => Untyped;

    /// Makes a certificate for an import or export.
    action X509CertCreate = "x509_cert_create" in |c| 900, Online, Nothing (
        validity_seconds: u64,
    ) => Untyped;

    /// Removes such a certificate.
    action X509CertRemove = "x509_cert_remove" in |c| 900, Online, Nothing (
        name: String,
    ) => Untyped;
}
