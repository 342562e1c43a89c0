//! Arguments that are the same for all nodes and configurations.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::config::{Data, Gone};
use crate::field::{Field, Misfit, Params, record};
use crate::objects::object;
use crate::rpc::{AnnotatedDisk, Argument, Encode, Wire};

/// A hypervisor and its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct HvSpec {
    /// The hypervisor.
    pub hypervisor: String,
    /// Its parameters.
    pub hvparams: Arc<Params>,
}

impl HvSpec {
    /// Returns a hypervisor with the cluster's parameters.
    #[must_use]
    pub fn of(hypervisor: &str, config: &Data) -> Self {
        Self { hypervisor: hypervisor.to_owned(), hvparams: config.cluster_hvparams(hypervisor) }
    }
}

impl Field for HvSpec {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let (hypervisor, hvparams) = Field::read(value)?;
        Ok(Self { hypervisor, hvparams })
    }
    fn write(&self) -> Value {
        (self.hypervisor.clone(), self.hvparams.clone()).write()
    }
}

/// A kind of storage to be told about.
#[derive(Debug, Clone, PartialEq)]
pub struct StorageUnit {
    /// The kind.
    pub kind: String,
    /// Its name: a volume group, a folder.
    pub key: String,
    /// Options: for volume groups, whether disks have their physical volumes to themselves.
    pub options: Vec<Value>,
}

impl Field for StorageUnit {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let (kind, key, options) = Field::read(value)?;
        Ok(Self { kind, key, options })
    }
    fn write(&self) -> Value {
        (self.kind.clone(), self.key.clone(), self.options.clone()).write()
    }
}

record! {
    /// The cluster's address and its node.
    pub struct MasterParams {
        /// The master node's uuid.
        pub uuid: String,
        /// The address.
        pub ip: String,
        /// The length of its network.
        pub netmask: u64,
        /// The interface that it is on.
        pub netdev: String,
        /// Its family: 2 or 10.
        pub ip_family: u64,
    }
}

/// The content of a file: how it is packed, and the packed form. 0 is as it is, 1 is zlib in Base64.
pub type Packed = (u64, String);

/// A file as it is sent to a node.
#[derive(Debug, Clone, PartialEq)]
pub struct FileDetails {
    /// Its path.
    pub path: String,
    /// Its content.
    pub content: Packed,
    /// Its mode.
    pub mode: i64,
    /// Its owner.
    pub owner: String,
    /// Its group.
    pub group: String,
    /// When it was read last, in seconds since 1970.
    pub atime: f64,
    /// When it was changed last, in seconds since 1970.
    pub mtime: f64,
}

impl Field for FileDetails {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let (path, content, mode, owner, group, atime, mtime) = Field::read(value)?;
        Ok(Self { path, content, mode, owner, group, atime, mtime })
    }
    fn write(&self) -> Value {
        let Self { path, content, mode, owner, group, atime, mtime } = self.clone();
        (path, content, mode, owner, group, atime, mtime).write()
    }
}

object! {
    /// How an import or export goes over the wire.
    ImportExportOptions {
        /// The name of the key that it is encrypted with.
        key_name: Option<String>,
        /// The certificate that signed the other side's, in PEM.
        ca_pem: Option<String>,
        /// How it is compressed.
        compress: Option<String>,
        /// What the other side has to say first; it is secret.
        magic: Option<Magic>,
        /// Whether IPv6 is used.
        ipv6: Option<bool>,
        /// How long a connection is waited for, in seconds.
        connect_timeout: Option<i64>,
    }
}

/// What the sides of a transfer know each other by. Its `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Magic(pub String);

impl fmt::Debug for Magic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Magic(..)")
    }
}

impl Field for Magic {
    fn read(value: &Value) -> Result<Self, Misfit> {
        value.as_str().map(|text| Self(text.to_owned())).ok_or_else(|| Misfit::secret("a text"))
    }
    fn write(&self) -> Value {
        Value::from(self.0.as_str())
    }
}

/// Where the data of a transfer comes from or goes to.
#[derive(Debug, Clone)]
pub enum ImportExportIo {
    /// A file.
    File(String),
    /// A disk, as it is.
    Raw(AnnotatedDisk),
    /// A disk, through the scripts of the operating system; its index.
    Script(AnnotatedDisk, u64),
}

impl Wire for ImportExportIo {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        let (kind, args) = match self {
            Self::File(path) => ("file", vec![path.wire(to)?]),
            Self::Raw(disk) => ("raw", vec![disk.wire(to)?]),
            Self::Script(disk, index) => ("script", vec![disk.wire(to)?, index.wire(to)?]),
        };
        Ok(Argument::list(vec![Value::from(kind).into(), Argument::list(args)]))
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        let (kind, args): (String, Vec<Value>) = Field::read(value)?;
        let within = |misfit: Misfit| misfit.within("[1]");
        match (kind.as_str(), args.as_slice()) {
            ("file", [path]) => String::read(path).map(Self::File).map_err(within),
            ("raw", [disk]) => AnnotatedDisk::from_wire(disk).map(Self::Raw).map_err(within),
            ("script", [disk, index]) => {
                let disk = AnnotatedDisk::from_wire(disk).map_err(within)?;
                Ok(Self::Script(disk, u64::read(index).map_err(within)?))
            }
            _ => Err(Misfit::new("file and a path, raw and a disk, or script, a disk and its index", value)),
        }
    }
}
