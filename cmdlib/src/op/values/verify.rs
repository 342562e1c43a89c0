//! What verification finds, and what of it can be left out.

crate::words! {
    /// What a verification of the cluster finds (ganeti 3.1, constants: `CV_ALL_ECODES`).
    pub enum VerifyCode {
        /// A certificate of the cluster is bad or about to expire.
        ClusterCert = "ECLUSTERCERT",
        /// The configuration contradicts itself.
        ClusterConfig = "ECLUSTERCFG",
        /// A node's client certificate is not the expected one.
        ClientCert = "ECLUSTERCLIENTCERT",
        /// Instances are on a node that there is not.
        DanglingInstances = "ECLUSTERDANGLINGINST",
        /// Nodes are in a group that there is not.
        DanglingNodes = "ECLUSTERDANGLINGNODES",
        /// A file that all nodes should have is missing or differs.
        ClusterFileCheck = "ECLUSTERFILECHECK",
        /// Instances that exclude each other are on one node.
        ExclusionTags = "EEXTAGS",
        /// Physical volumes differ in size, with exclusive storage.
        DifferentPvSize = "EGROUPDIFFERENTPVSIZE",
        /// An instance should run on a node that is offline.
        InstanceBadNode = "EINSTANCEBADNODE",
        /// An instance should run and does not.
        InstanceDown = "EINSTANCEDOWN",
        /// A disk is faulty, or nothing is known of it.
        FaultyDisk = "EINSTANCEFAULTYDISK",
        /// An instance has more than one secondary node.
        InstanceLayout = "EINSTANCELAYOUT",
        /// An instance lacks a parameter.
        MissingParameter = "EINSTANCEMISSINGCFGPARAMETER",
        /// A volume is missing on a node.
        MissingDisk = "EINSTANCEMISSINGDISK",
        /// An instance is outside of its policy.
        InstancePolicy = "EINSTANCEPOLICY",
        /// The nodes of an instance are in two groups.
        SplitGroups = "EINSTANCESPLITGROUPS",
        /// An instance is on a node that it must not use.
        UnsuitableNode = "EINSTANCEUNSUITABLENODE",
        /// An instance runs on another node than it should.
        WrongNode = "EINSTANCEWRONGNODE",
        /// The state of DRBD can't be read, or its minors are wrong.
        NodeDrbd = "ENODEDRBD",
        /// The helper of DRBD is not the expected one.
        NodeDrbdHelper = "ENODEDRBDHELPER",
        /// The versions of DRBD in a group differ.
        NodeDrbdVersion = "ENODEDRBDVERSION",
        /// A node told no checksums of files.
        NodeFileCheck = "ENODEFILECHECK",
        /// A node allows folders for files that it must not.
        FileStoragePaths = "ENODEFILESTORAGEPATHS",
        /// The folder of file disks can't be used.
        FileStorageUnusable = "ENODEFILESTORAGEPATHUNUSABLE",
        /// The folder of Gluster disks can't be used.
        GlusterStorageUnusable = "ENODEGLUSTERSTORAGEPATHUNUSABLE",
        /// Scripts failed on a node.
        NodeHooks = "ENODEHOOKS",
        /// A hypervisor is not well.
        NodeHypervisor = "ENODEHV",
        /// LVM is not well.
        NodeLvm = "ENODELVM",
        /// A node lacks the memory for the instances that may fail over to it.
        NodeN1 = "ENODEN1",
        /// A node does not reach others.
        NodeNet = "ENODENET",
        /// The out-of-band program of a node can't be used.
        NodeOobPath = "ENODEOOBPATH",
        /// An instance runs that there is not.
        OrphanInstance = "ENODEORPHANINSTANCE",
        /// A volume belongs to nobody.
        OrphanVolume = "ENODEORPHANLV",
        /// Operating systems differ or are broken.
        NodeOs = "ENODEOS",
        /// A node does not answer.
        NodeRpc = "ENODERPC",
        /// A node is not set up as it should be.
        NodeSetup = "ENODESETUP",
        /// The folder of shared file disks can't be used.
        SharedFileStorageUnusable = "ENODESHAREDFILESTORAGEPATHUNUSABLE",
        /// SSH is not well.
        NodeSsh = "ENODESSH",
        /// The clock of a node is off.
        NodeTime = "ENODETIME",
        /// Scripts of users are missing or not executable.
        NodeUserScripts = "ENODEUSERSCRIPTS",
        /// A node has another protocol or release.
        NodeVersion = "ENODEVERSION",
    }
}

crate::words! {
    /// Parts of the verification that can be left out.
    pub enum OptionalCheck {
        /// Whether hypervisor parameters make sense.
        HvparamAssessment = "hvparam_assessment",
        /// Whether memory is left for failovers.
        NPlusOneMemory = "nplusone_mem",
    }
}
