//! What a finding is.

use std::fmt;

/// Which rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// The master node does not exist.
    MasterNodeGone,
    /// The group of a node does not exist.
    GroupOfNodeGone,
    /// The primary node of an instance does not exist, or an instance that is more than planned has none.
    PrimaryNodeGone,
    /// A disk of an instance does not exist.
    DiskOfInstanceGone,
    /// A node that a disk lies on does not exist: with a mirrored disk the secondary node of the instance.
    NodeOfDiskGone,
    /// The network of a network interface does not exist.
    NetworkOfNicGone,
    /// A network that a group is connected to does not exist.
    NetworkOfGroupGone,
    /// No hypervisor is enabled.
    NoHypervisor,
    /// An enabled hypervisor has no entry among the parameters.
    NoHypervisorParameters,
    /// No disk template is enabled.
    NoDiskTemplate,
    /// An object is filed under another uuid than its own.
    Misfiled,
    /// A backend parameter of the cluster or an instance is unknown or of the wrong type.
    BackendParameters,
    /// A parameter of network interfaces is unknown or of the wrong type.
    NicParameters,
    /// A network interface is in an unknown mode, or bridged without a link.
    NicMode,
    /// A parameter of the cluster's nodes, a group's or a node is unknown or of the wrong type.
    NodeParameters,
    /// A node has a parameter that is for the whole cluster or group.
    GlobalNodeParameters,
    /// The way in which a disk template is accessed is unknown.
    DiskAccess,
    /// A policy has an entry that is unknown.
    PolicyEntry,
    /// The cluster's policy lacks the standard specification, or a part of it.
    PolicyStandard,
    /// A policy allows no sizes at all, or what it says about them is no list of objects.
    PolicyRanges,
    /// A range of a policy lacks an end, or a part of one.
    PolicyRangePart,
    /// A range of a policy begins above its end.
    PolicyRangeReversed,
    /// The cluster's standard specification fits in none of its ranges.
    PolicyStandardOutside,
    /// A value in a policy's specifications is unknown or of the wrong type.
    PolicySpecification,
    /// The disk templates of a policy are no list.
    PolicyTemplatesForm,
    /// A policy allows none of the enabled disk templates.
    PolicyTemplatesEmpty,
    /// A policy allows a disk template that does not exist.
    PolicyTemplateUnknown,
    /// A ratio of a policy is no number.
    PolicyRatio,
    /// The master node is no master candidate.
    MasterNotCandidate,
    /// There are fewer master candidates than there should and could be.
    TooFewCandidates,
    /// A node is more than one of master candidate, drained and offline.
    NodeStates,
    /// The name of a group looks like a uuid.
    GroupNameLikeUuid,
    /// Two objects of a kind have the same name.
    NameTwice,
    /// The mode of a disk is neither `rw` nor `ro`.
    DiskMode,
    /// A disk is not named after its place in the instance.
    DiskPlaceName,
    /// A disk is attached more than once.
    DiskAttachedTwice,
    /// A hardware address is used more than once.
    MacTwice,
    /// An address is used more than once.
    AddressTwice,
    /// The address of a network interface is not reserved in its network.
    AddressNotReserved,
    /// An address is reserved for an instance in its network, and no network interface has it.
    ReservationUnused,
    /// A network can have no pool of addresses.
    NetworkPool,
    /// A TCP port is used more than once, or used and free at once.
    PortTwice,
    /// A TCP port is above the highest one that was ever given out.
    PortAboveHighest,
    /// A minor number of mirrored disks is used more than once on a node.
    MinorTwice,
    /// A logical volume is used more than once on a node.
    VolumeTwice,
}

impl FindingKind {
    /// Tells whether it is a reference to an object that does not exist.
    #[must_use]
    pub fn dangling(self) -> bool {
        matches!(
            self,
            Self::MasterNodeGone
                | Self::GroupOfNodeGone
                | Self::PrimaryNodeGone
                | Self::DiskOfInstanceGone
                | Self::NodeOfDiskGone
                | Self::NetworkOfNicGone
                | Self::NetworkOfGroupGone
        )
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// Which rule is broken.
    pub kind: FindingKind,
    /// The fact, in words, with names.
    pub text: String,
}

impl Finding {
    /// Tells whether it is a reference to an object that does not exist.
    #[must_use]
    pub fn dangling(&self) -> bool {
        self.kind.dangling()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
