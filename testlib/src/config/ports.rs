//! What a cluster gives out once: TCP ports, hardware addresses.

use cmdlib::config::Reserved;

use super::MockConfig;
use super::begin::PORTS;
use super::mistake::mistake;

impl MockConfig {
    /// Takes a TCP port, as the real system does: one that was given back, or the next one.
    #[track_caller]
    pub(super) fn take_port(&mut self) -> i64 {
        let cluster = &self.state.cluster;
        let port = cluster.tcpudp_port_pool.first().copied().unwrap_or(cluster.highest_used_port + 1);
        if !PORTS.contains(&port) {
            mistake(format!("no TCP port is left: a cluster has {} to {}", PORTS.start(), PORTS.end()));
        }
        self.change(|draft| {
            draft.update_cluster(|cluster| {
                if !cluster.tcpudp_port_pool.remove(&port) {
                    cluster.highest_used_port = port;
                }
            })
        });
        port
    }

    /// Gives TCP ports back.
    pub(super) fn give_ports_back(&mut self, ports: impl IntoIterator<Item = i64>) {
        let ports: Vec<i64> = ports.into_iter().collect();
        if !ports.is_empty() {
            self.change(|draft| draft.update_cluster(|cluster| cluster.tcpudp_port_pool.extend(ports)));
        }
    }

    /// Returns the next hardware address with the prefix.
    pub(super) fn next_mac(&mut self, prefix: &str) -> String {
        loop {
            self.counted.macs += 1;
            let mac = mac(prefix, self.counted.macs);
            if !self.state.uses(&Reserved::Mac(mac.clone())) {
                return mac;
            }
        }
    }

    /// Returns the next secret of a mirrored disk.
    pub(super) fn next_secret(&mut self) -> String {
        loop {
            self.counted.secrets += 1;
            let secret = format!("drbd-secret-{:04}", self.counted.secrets);
            if !self.state.uses(&Reserved::Secret(secret.clone())) {
                return secret;
            }
        }
    }

    /// Counts a hardware address back, if it was the last one.
    pub(super) fn give_mac_back(&mut self, address: &str) {
        if address.ends_with(&mac("", self.counted.macs)) {
            self.counted.macs -= 1;
        }
    }
}

pub(super) fn mac(prefix: &str, number: u64) -> String {
    let [.., a, b, c] = number.to_be_bytes();
    format!("{prefix}:{a:02x}:{b:02x}:{c:02x}")
}
