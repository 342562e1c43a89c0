//! Instances and their network interfaces as nodes get them.

use std::sync::Arc;

use serde_json::Value;

use super::disks::annotated;
use crate::config::{Data, Gone, secondaries};
use crate::field::{Field, Misfit, Params, member};
use crate::ids::NodeId;
use crate::objects::{Disk, Instance, Nic, Private, to_wire};
use crate::params::fill;
use crate::rpc::{AnnotatedDisk, Argument, Encode, Wire};

/// An instance with all that follows from the configuration: filled parameters, its nodes, its disks, its networks.
#[derive(Debug, Clone)]
pub struct FullInstance {
    instance: Arc<Instance>,
    /// Parameters for this call only; none if the instance was read as a node got it: there they are filled.
    extra: Option<Extra>,
}

#[derive(Debug, Clone, Default)]
struct Extra {
    hvparams: Params,
    beparams: Params,
    /// Private and secret ones among them.
    osparams: Private,
}

impl FullInstance {
    /// Returns the instance as it is.
    #[must_use]
    pub fn of(instance: &Arc<Instance>) -> Self {
        Self { instance: Arc::clone(instance), extra: Some(Extra::default()) }
    }

    /// Returns the instance with hypervisor and backend parameters for this call only.
    #[must_use]
    pub fn with(instance: &Arc<Instance>, hvparams: &Params, beparams: &Params) -> Self {
        let extra = Extra { hvparams: hvparams.clone(), beparams: beparams.clone(), osparams: Private::default() };
        Self { instance: Arc::clone(instance), extra: Some(extra) }
    }

    /// Returns the instance with parameters of its operating system for this call only, private and secret ones among them.
    #[must_use]
    pub fn with_osparams(instance: &Arc<Instance>, osparams: &Private) -> Self {
        let extra = Extra { osparams: osparams.clone(), ..Extra::default() };
        Self { instance: Arc::clone(instance), extra: Some(extra) }
    }

    /// Returns the instance.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// Returns the instance's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.instance.name
    }
}

impl Wire for FullInstance {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        let (config, instance) = (to.config.clone(), Arc::clone(&self.instance));
        let Some(extra) = self.extra.clone() else { return Ok(Argument::later(move || instance.write())) };
        let disks = config.disks_of(&instance)?;
        let secondaries = secondaries(&disks, &instance.primary_node);
        let disks = disks.into_iter().map(|disk| annotated(disk, &instance, to));
        let disks = disks.collect::<Result<_, _>>().map(Argument::list)?;
        Ok(Argument::later(move || {
            let mut out = to_wire(&*instance);
            let hvparams = fill(&config.instance_hvparams(&instance), &extra.hvparams);
            let beparams = fill(&config.instance_beparams(&instance), &extra.beparams);
            let osparams = fill(&config.osparams(&instance.os, &instance.osparams), &extra.osparams.0);
            out.insert("hvparams".to_owned(), hvparams.into());
            out.insert("beparams".to_owned(), beparams.into());
            out.insert("osparams".to_owned(), osparams.into());
            out.insert("osparams_private".to_owned(), instance.osparams_private.write());
            out.insert("secondary_nodes".to_owned(), secondaries.write());
            out.insert("disks_info".to_owned(), disks.value());
            let nics = instance.nics.iter().map(|nic| {
                let mut out = with_network(nic, &config);
                out.insert("nicparams".to_owned(), config.nicparams(nic).into());
                Value::Object(out)
            });
            out.insert("nics".to_owned(), nics.collect());
            out.into()
        }))
    }

    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        let instance = Instance::read(value)?;
        let members = value.as_object().ok_or_else(|| Misfit::new("an object", value))?;
        member::<Vec<NodeId>>(members, "secondary_nodes")?;
        member::<Vec<Disk>>(members, "disks_info")?;
        Ok(Self { instance: Arc::new(instance), extra: None })
    }
}

/// What the metadata service of a node is told: an instance as it is stored, and the parameters of its operating system by
/// how secret they are.
#[derive(Debug, Clone)]
pub struct InstanceMetadata {
    instance: Arc<Instance>,
    /// None if it was read as a node got it: there they are among the members.
    osparams: Option<(Option<Params>, Option<Private>, Private)>,
}

impl InstanceMetadata {
    /// Returns an instance with public and private parameters, where they are to be told, and secret ones.
    #[must_use]
    pub fn of(instance: &Arc<Instance>, public: Option<Params>, private: Option<Private>, secret: Private) -> Self {
        Self { instance: Arc::clone(instance), osparams: Some((public, private, secret)) }
    }

    /// Returns the instance's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.instance.name
    }
}

impl Wire for InstanceMetadata {
    fn wire(&self, _: &Encode) -> Result<Argument, Gone> {
        let Self { instance, osparams } = self.clone();
        Ok(Argument::later(move || {
            let Some((public, private, secret)) = osparams else { return instance.write() };
            let mut out = to_wire(&*instance);
            if let Some(public) = public {
                out.insert("osparams_public".to_owned(), public.write());
            }
            if let Some(private) = private {
                out.insert("osparams_private".to_owned(), private.write());
            }
            out.insert("osparams_secret".to_owned(), secret.write());
            out.into()
        }))
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        Instance::read(value).map(|instance| Self { instance: Arc::new(instance), osparams: None })
    }
}

fn with_network(nic: &Nic, config: &Data) -> Params {
    let mut out = to_wire(nic);
    if let Some(network) = nic.network.as_ref().and_then(|id| config.networks.get(id)) {
        out.insert("netinfo".to_owned(), to_wire(&**network).into());
    }
    out
}

/// A network interface with its network.
#[derive(Debug, Clone)]
pub struct AnnotatedNic {
    nic: Nic,
    as_received: bool,
}

impl AnnotatedNic {
    /// Returns a network interface, its parameters filled by whoever makes the call.
    #[must_use]
    pub fn of(nic: &Nic) -> Self {
        Self { nic: nic.clone(), as_received: false }
    }

    /// Returns the network interface.
    #[must_use]
    pub fn nic(&self) -> &Nic {
        &self.nic
    }
}

impl Wire for AnnotatedNic {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        let (Self { nic, as_received }, config) = (self.clone(), to.config.clone());
        Ok(Argument::later(move || if as_received { nic.write() } else { with_network(&nic, &config).into() }))
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        Nic::read(value).map(|nic| Self { nic, as_received: true })
    }
}

/// What is plugged into a running instance, or out of it.
#[derive(Debug, Clone)]
pub enum PluggedDevice {
    /// A disk.
    Disk(AnnotatedDisk),
    /// A network interface.
    Nic(AnnotatedNic),
}

impl Wire for PluggedDevice {
    fn wire(&self, to: &Encode) -> Result<Argument, Gone> {
        match self {
            // The reference does not say to itself which node it is: addresses and minors of a mirror stay out.
            Self::Disk(disk) => disk.wire(&Encode { node: NodeId::default(), config: to.config.clone() }),
            Self::Nic(nic) => nic.wire(to),
        }
    }
    fn from_wire(value: &Value) -> Result<Self, Misfit> {
        if value.get("dev_type").is_some() {
            AnnotatedDisk::from_wire(value).map(Self::Disk)
        } else {
            AnnotatedNic::from_wire(value).map(Self::Nic)
        }
    }
}
