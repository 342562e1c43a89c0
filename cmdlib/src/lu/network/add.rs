//! `NetworkAdd` adds a network with its pool of addresses.
//!
//! | | |
//! |---|---|
//! | locks | the new network, exclusive; all nodes, shared, with `conflicts_check` |
//! | changes | the network; the whole configuration is written |
//! | hooks | `network-add` on the master |
//! | refusals | `wrong_input`: the name, the hardware prefix, a tag; a network or an address that does not fit (D48 to D51); `already_exists`: the name, or it is the uuid of a network |
//!
//! With `conflicts_check` no instance will get an address of a node or of the cluster. One that the network reserves
//! anyway, such as its gateway, is warned about; one that the request lists as well is refused.
//!
//! Source: ganeti 3.1, cmdlib/network.py and network.py.

use crate::cx::{Check, Exec, Expand};
use crate::error::{Code, Failure, Refusal};
use crate::hooks::{Env, HookObject, Hooks};
use crate::ids::NetworkId;
use crate::locking::{Locks, Mode};
use crate::lu::shared::tags::check_tags;
use crate::net::{AddressPool, Holder, Ipv4Network, Ipv6Network, ipv4, ipv6, mac_prefix};
use crate::objects::{Network, Node};
use crate::op::{self, IntoArg};
use crate::unit::LogicalUnit;

/// Adds a network.
pub struct NetworkAdd {
    op: op::NetworkAdd,
    id: NetworkId,
}

/// What is to be added.
pub struct Plan {
    network: Network,
    /// The addresses of nodes and cluster that no instance will get, and whose they are.
    kept: Vec<String>,
}

impl LogicalUnit for NetworkAdd {
    type Op = op::NetworkAdd;
    type Plan = Plan;

    const HOOKS: Option<Hooks<Self>> = Some(Hooks {
        path: "network-add",
        object: HookObject::Network,
        env: |lu, plan, _| env(&lu.op, &plan.network),
        nodes: |_, _, cx| {
            let master = cx.config().cluster.master_node.clone();
            ([master.clone()].into(), [master].into())
        },
        answered: None,
    });

    fn arguments(op: &mut Self::Op) -> Result<(), Refusal> {
        check_name(&op.network_name)?;
        normalize(op)
    }

    fn expand(op: Self::Op, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        let id: NetworkId = cx.new_id()?;
        let locks = Locks::none().exclusive::<Network>([id.clone()]);
        let locks = if op.conflicts_check { locks.all::<Node>(Mode::Shared) } else { locks };
        Ok((Self { op, id }, locks))
    }

    fn check(&self, cx: &Check) -> Result<Plan, Refusal> {
        let op = &self.op;
        if let Ok(there) = cx.find::<Network>(&op.network_name) {
            let text = format!("there is a network '{}' already (uuid {there})", op.network_name);
            return Err(Refusal::new(Code::AlreadyExists, text));
        }
        let tags = check_tags(op.tags.iter().map(|tag| &**tag))?;
        check_gateway6(op)?;
        let mut pool = new_pool(op)?;
        let kept = if op.conflicts_check { keep_ours(&mut pool, cx) } else { Vec::new() };
        reserve_asked(op, &mut pool)?;
        let network = Network {
            uuid: self.id.clone(),
            name: op.network_name.to_string(),
            network: op.network.to_string(),
            mac_prefix: op.mac_prefix.as_ref().map(|it| it.to_string()),
            network6: op.network6.as_ref().map(|it| it.to_string()),
            gateway: op.gateway.as_ref().map(|it| it.to_string()),
            gateway6: op.gateway6.as_ref().map(|it| it.to_string()),
            reservations: Some(pool.to_text(Holder::Instance)),
            ext_reservations: Some(pool.to_text(Holder::External)),
            tags,
            ..Network::default()
        };
        Ok(Plan { network, kept })
    }

    fn exec(&self, plan: &mut Plan, cx: &Exec) -> Result<(), Failure> {
        // The store refuses a name that somebody else has taken meanwhile (D53).
        cx.add_network(plan.network.clone())?;
        if !plan.kept.is_empty() {
            cx.info(format!("kept from instances: {}", plan.kept.join(", ")));
        }
        Ok(())
    }
}

/// The tags are told as the request has them, all else as it will be stored.
fn env(op: &op::NetworkAdd, network: &Network) -> Env {
    let tags: Vec<&str> = op.tags.iter().map(|tag| &**tag).collect();
    let tags = (!tags.is_empty()).then(|| tags.join(" "));
    let variables = [
        ("NETWORK_NAME", Some(network.name.clone())),
        ("NETWORK_SUBNET", Some(network.network.clone())),
        ("NETWORK_GATEWAY", network.gateway.clone()),
        ("NETWORK_SUBNET6", network.network6.clone()),
        ("NETWORK_GATEWAY6", network.gateway6.clone()),
        ("NETWORK_MAC_PREFIX", network.mac_prefix.clone()),
        ("NETWORK_TAGS", tags),
    ];
    variables.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Refuses a name that scripts and lists would take for several, or that can't be read on a screen (D52).
fn check_name(name: &str) -> Result<(), Refusal> {
    match name.chars().find(|it| it.is_whitespace() || it.is_control()) {
        None => Ok(()),
        Some(found) => Err(Refusal::wrong_input(format!("{name:?} can't be the name of a network: it has {found:?}"))),
    }
}

fn wrong(why: impl ToString) -> Refusal {
    Refusal::wrong_input(why.to_string())
}

/// Writes networks and addresses the way in which they are kept.
fn normalize(op: &mut op::NetworkAdd) -> Result<(), Refusal> {
    if let Some(prefix) = &mut op.mac_prefix {
        *prefix = mac_prefix(prefix).map_err(wrong)?.as_str().into_arg();
    }
    op.network = Ipv4Network::parse(&op.network).map_err(wrong)?.to_string().as_str().into_arg();
    if let Some(network6) = &mut op.network6 {
        *network6 = Ipv6Network::parse(network6).map_err(wrong)?.to_string().as_str().into_arg();
    }
    if let Some(gateway6) = &mut op.gateway6 {
        *gateway6 = ipv6(gateway6).map_err(wrong)?.to_string().as_str().into_arg();
    }
    Ok(())
}

/// Refuses an IPv6 gateway without a network (D51), or one that its network does not reach (D49).
fn check_gateway6(op: &op::NetworkAdd) -> Result<(), Refusal> {
    let Some(gateway) = op.gateway6.as_deref() else { return Ok(()) };
    let Some(network) = op.network6.as_deref() else {
        return Err(Refusal::wrong_input("an IPv6 gateway needs an IPv6 network: give `network6`, too"));
    };
    if Ipv6Network::parse(network).map_err(wrong)?.accepts_gateway(ipv6(gateway).map_err(wrong)?) {
        return Ok(());
    }
    Err(Refusal::wrong_input(format!("the IPv6 gateway {gateway} is not in network {network}")))
}

/// Returns the pool with what every network reserves: its own two addresses and its gateway.
fn new_pool(op: &op::NetworkAdd) -> Result<AddressPool, Refusal> {
    let gateway = op.gateway.as_deref().map(ipv4).transpose().map_err(wrong)?;
    AddressPool::begin(&op.network, gateway).map_err(wrong)
}

/// Reserves the addresses that the request lists.
fn reserve_asked(op: &op::NetworkAdd, pool: &mut AddressPool) -> Result<(), Refusal> {
    let wrong = |why: crate::net::PoolError| Refusal::wrong_input(format!("`add_reserved_ips`: {why}"));
    let asked = op.add_reserved_ips.iter().flatten();
    asked.map(|ip| ipv4(ip)).try_for_each(|ip| pool.reserve(ip?, Holder::External)).map_err(wrong)
}

/// Reserves the addresses of nodes and cluster, each once (D55). Returns those that were free.
fn keep_ours(pool: &mut AddressPool, cx: &Check) -> Vec<String> {
    let config = cx.config();
    let mut ours: Vec<(&str, String)> = Vec::new();
    for node in config.nodes.values() {
        ours.push((&node.primary_ip, format!("node {}", node.name)));
        if node.secondary_ip != node.primary_ip {
            ours.push((&node.secondary_ip, format!("node {}", node.name)));
        }
    }
    ours.push((&config.cluster.master_ip, "the cluster".to_owned()));
    let mut kept = Vec::new();
    for (text, whose) in ours {
        // Whatever is no IPv4 address is in no pool.
        let Some(address) = ipv4(text).ok().filter(|it| pool.contains(*it)) else { continue };
        match pool.reserve(address, Holder::External) {
            Ok(()) => kept.push(format!("{address} ({whose})")),
            Err(why) => cx.warn(format!("{whose} has an address that the network needs: {why}")),
        }
    }
    kept
}
