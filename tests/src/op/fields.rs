//! The parameters of the opcodes whose units stand, and of those that units submit, by their types: what is refused of each,
//! and in which words.

use serde_json::{Value, json};

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Bool,
    /// A whole number from 0 on.
    Count,
    /// Any number.
    Number,
    Text,
    /// A text that is not empty.
    Name,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Parameters by name.
    Params,
    Ipv4,
    Ipv6,
    Network4,
    Network6,
    /// The index of a disk.
    Disk,
    /// A list.
    List(&'static Kind),
    /// Or null.
    Maybe(&'static Kind),
}

/// A parameter of an opcode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) op: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// The value that a missing one stands for, as JSON; none if it must be there.
    default: &'static [&'static str],
}

const TAGGABLE: Kind = Kind::Word(&["cluster", "instance", "network", "node", "nodegroup"]);
const UUID: Kind = Kind::Maybe(&Kind::Name);

macro_rules! parameters {
    ($($op:ident { $($name:ident: $kind:expr $(, $default:literal)?;)+ })+) => {
        &[$($(Parameter {
            op: stringify!($op),
            name: stringify!($name),
            kind: $kind,
            default: &[$($default)?],
        }),+),+]
    };
}

/// Every parameter of these opcodes, besides those that all have (ganeti 3.1, opcodes.py).
#[rustfmt::skip]
pub(crate) const PARAMETERS: &[Parameter] = parameters! {
    OP_TAGS_GET { kind: TAGGABLE; name: Kind::Maybe(&Kind::Text), "null"; use_locking: Kind::Bool, "false"; }
    OP_TAGS_SET { kind: TAGGABLE; tags: Kind::List(&Kind::Text); name: Kind::Maybe(&Kind::Text), "null"; }
    OP_TAGS_DEL { kind: TAGGABLE; tags: Kind::List(&Kind::Text); name: Kind::Maybe(&Kind::Text), "null"; }
    OP_TAGS_SEARCH { pattern: Kind::Name; }
    OP_OS_DIAGNOSE { output_fields: Kind::List(&Kind::Name); names: Kind::List(&Kind::Name), "[]"; }
    OP_TEST_DELAY {
        duration: Kind::Number; on_master: Kind::Bool, "true"; on_nodes: Kind::List(&Kind::Name), "[]";
        on_node_uuids: Kind::Maybe(&Kind::List(&Kind::Name)), "null"; repeat: Kind::Count, "0";
        interruptible: Kind::Bool, "false"; no_locks: Kind::Bool, "true";
    }
    OP_NODE_POWERCYCLE { node_name: Kind::Name; node_uuid: UUID, "null"; force: Kind::Bool, "false"; }
    OP_INSTANCE_STARTUP {
        instance_name: Kind::Text; instance_uuid: UUID, "null"; force: Kind::Bool, "false";
        ignore_offline_nodes: Kind::Bool, "false"; hvparams: Kind::Params, "{}"; beparams: Kind::Params, "{}";
        no_remember: Kind::Bool, "false"; startup_paused: Kind::Bool, "false"; shutdown_timeout: Kind::Count, "120";
    }
    OP_INSTANCE_SHUTDOWN {
        instance_name: Kind::Text; instance_uuid: UUID, "null"; force: Kind::Bool, "false";
        ignore_offline_nodes: Kind::Bool, "false"; timeout: Kind::Count, "120"; no_remember: Kind::Bool, "false";
        admin_state_source: Kind::Maybe(&Kind::Word(&["admin", "user"])), "null";
    }
    OP_INSTANCE_REBOOT {
        instance_name: Kind::Text; reboot_type: Kind::Word(&["full", "hard", "soft"]); instance_uuid: UUID, "null";
        shutdown_timeout: Kind::Count, "120"; ignore_secondaries: Kind::Bool, "false";
    }
    OP_NETWORK_ADD {
        network_name: Kind::Name; network: Kind::Network4; gateway: Kind::Maybe(&Kind::Ipv4), "null";
        network6: Kind::Maybe(&Kind::Network6), "null"; gateway6: Kind::Maybe(&Kind::Ipv6), "null"; mac_prefix: UUID, "null";
        add_reserved_ips: Kind::Maybe(&Kind::List(&Kind::Ipv4)), "null"; conflicts_check: Kind::Bool, "true";
        tags: Kind::List(&Kind::Name), "[]";
    }
    OP_GROUP_EVACUATE {
        group_name: Kind::Name; early_release: Kind::Bool, "false"; iallocator: UUID, "null";
        target_groups: Kind::Maybe(&Kind::List(&Kind::Name)), "null"; sequential: Kind::Bool, "false";
        force_failover: Kind::Bool, "false";
    }
    OP_GROUP_VERIFY_DISKS { group_name: Kind::Name; is_strict: Kind::Bool, "true"; }
    OP_INSTANCE_MIGRATE {
        instance_name: Kind::Text; instance_uuid: UUID, "null"; mode: Kind::Maybe(&Kind::Word(&["live", "non-live"])), "null";
        live: Kind::Maybe(&Kind::Bool), "null"; target_node: UUID, "null"; target_node_uuid: UUID, "null";
        allow_runtime_changes: Kind::Bool, "true"; ignore_ipolicy: Kind::Bool, "false"; cleanup: Kind::Bool, "false";
        iallocator: UUID, "null"; allow_failover: Kind::Bool, "false"; ignore_hvversions: Kind::Bool, "false";
    }
    OP_INSTANCE_FAILOVER {
        instance_name: Kind::Text; instance_uuid: UUID, "null"; shutdown_timeout: Kind::Count, "120";
        ignore_consistency: Kind::Bool, "false"; target_node: UUID, "null"; target_node_uuid: UUID, "null";
        ignore_ipolicy: Kind::Bool, "false"; cleanup: Kind::Bool, "false"; iallocator: UUID, "null";
    }
    OP_INSTANCE_REPLACE_DISKS {
        instance_name: Kind::Text;
        mode: Kind::Word(&["replace_auto", "replace_new_secondary", "replace_on_primary", "replace_on_secondary"]);
        instance_uuid: UUID, "null"; early_release: Kind::Bool, "false"; ignore_ipolicy: Kind::Bool, "false";
        disks: Kind::List(&Kind::Disk), "[]"; remote_node: UUID, "null"; remote_node_uuid: UUID, "null"; iallocator: UUID, "null";
    }
};

impl Kind {
    /// A value that is taken.
    pub(crate) fn good(self) -> Value {
        match self {
            Self::Bool => json!(true),
            Self::Count => json!(7),
            Self::Number => json!(1.5),
            Self::Text | Self::Name => json!("a"),
            Self::Word(words) => json!(words[0]),
            Self::Params => json!({"memory": 128}),
            Self::Ipv4 => json!("192.0.2.1"),
            Self::Ipv6 => json!("2001:db8::1"),
            Self::Network4 => json!("192.0.2.0/24"),
            Self::Network6 => json!("2001:db8::/64"),
            Self::Disk => json!(15),
            Self::List(of) => json!([of.good()]),
            Self::Maybe(of) => of.good(),
        }
    }

    /// What a refusal says of a value that is not of this type: where within the value, and what was expected.
    fn refusal(self, value: &Value) -> Option<(String, String)> {
        let here = |wanted: &str| Some((String::new(), wanted.to_owned()));
        let text = value.as_str();
        match self {
            Self::Bool if !value.is_boolean() => here("true or false"),
            Self::Count if value.as_u64().is_none() => here("a whole number from 0 on"),
            Self::Number if !value.is_number() => here("a number"),
            Self::Text if text.is_none() => here("a text"),
            Self::Name if text.is_none_or(str::is_empty) => here("a text that is not empty"),
            Self::Word(words) if text.is_none_or(|text| !words.contains(&text)) => {
                here(&format!("one of {}", words.join(", ")))
            }
            Self::Params if !value.is_object() => here("an object"),
            Self::Ipv4 if text.is_none_or(|text| text != "192.0.2.1") => here("an IPv4 address"),
            Self::Ipv6 if text.is_none_or(|text| text != "2001:db8::1") => here("an IPv6 address"),
            // Without a length it is a single address.
            Self::Network4 if text.is_none_or(|text| !["192.0.2.0/24", "192.0.2.1"].contains(&text)) => {
                here("an IPv4 network such as 192.0.2.0/24, without host bits")
            }
            Self::Network6 if text.is_none_or(|text| !["2001:db8::/64", "2001:db8::1"].contains(&text)) => {
                here("an IPv6 network such as 2001:db8::/64, without host bits")
            }
            Self::Disk if value.as_u64().is_none_or(|index| index > 15) => here("the index of a disk, from 0 to 15"),
            Self::List(of) => match value.as_array() {
                None => here("a list"),
                Some(items) => items.iter().enumerate().find_map(|(index, item)| {
                    let (place, wanted) = of.refusal(item)?;
                    Some((format!("[{index}]{place}"), wanted))
                }),
            },
            Self::Maybe(_) if value.is_null() => None,
            Self::Maybe(of) => of.refusal(value),
            _ => None,
        }
    }

    /// The item that is refused, as the refusal shows it.
    fn culprit(self, value: &Value) -> Value {
        match (self, value.as_array()) {
            (Self::List(of), Some(items)) => {
                items.iter().find(|item| of.refusal(item).is_some()).unwrap_or(value).clone()
            }
            (Self::Maybe(of), _) => of.culprit(value),
            _ => value.clone(),
        }
    }
}

impl Parameter {
    /// The value that a missing one stands for; none if it must be there.
    pub(crate) fn default(&self) -> Option<Value> {
        self.default.first().map(|text| serde_json::from_str(text).expect("defaults are JSON"))
    }

    /// The text with which a value is refused; none if it is taken.
    pub(crate) fn refusal(&self, value: &Value) -> Option<String> {
        let (place, wanted) = self.kind.refusal(value)?;
        let culprit = self.kind.culprit(value);
        Some(format!("{}.{}{place}: expected {wanted}, got {culprit}", self.op, self.name))
    }
}

/// Values of many forms, each of which some parameter takes and some other does not.
pub(crate) fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(15),
        json!(16),
        json!(-1),
        json!(1.5),
        json!(18_446_744_073_709_551_615_u64),
        json!(""),
        json!("a"),
        json!("live"),
        json!("instance"),
        json!("hard"),
        json!("user"),
        json!("replace_auto"),
        json!("192.0.2.1"),
        json!("192.0.2.1/24"),
        json!("192.0.2.0/33"),
        json!("256.0.2.0"),
        json!("2001:db8::1"),
        json!("2001:db8::1/64"),
        json!("2001:db8::/64"),
        json!([]),
        json!([""]),
        json!(["a", 5]),
        json!(["a", ""]),
        json!([15, 16]),
        json!([[]]),
        json!({}),
        json!({"a": [1]}),
    ]
}
