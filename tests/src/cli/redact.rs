//! `--redact`: nothing of the original stays, and the run is the same.

use std::collections::BTreeSet;

use expect_test::expect;
use serde_json::{Value, json};
use testlib::{GiB, MockConfig, clusters};

use super::Desk;

/// All names, addresses and secrets of a configuration, as a reader finds them.
fn telling(config: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let words = ["default", "cluster"];
    let mut name = |name: &str| {
        found.insert(name.to_owned());
        if let Some((label, domain)) = name.split_once('.') {
            found.extend([label.to_owned(), domain.to_owned()]);
        }
    };
    for table in ["nodes", "instances", "nodegroups", "networks"] {
        for object in config[table].as_object().into_iter().flat_map(|it| it.values()) {
            object["name"].as_str().into_iter().for_each(&mut name);
        }
    }
    name(config["cluster"]["cluster_name"].as_str().unwrap());
    found.retain(|name| !words.contains(&name.as_str()));
    let text = config.to_string();
    for word in text.split(|letter: char| !letter.is_ascii_hexdigit() && letter != '.' && letter != ':') {
        let mac = word.len() == 17 && word.split(':').count() == 6;
        let ip = word.parse::<std::net::IpAddr>().is_ok_and(|ip| !ip.is_unspecified() && !ip.is_loopback());
        if mac || (ip && word != "255.255.255.255" && word.contains('.')) {
            found.insert(word.to_owned());
        }
    }
    for word in text.split('"') {
        if word.starts_with("drbd-secret") || word.starts_with("hunter") {
            found.insert(word.to_owned());
        }
    }
    found
}

/// Tells whether a text has a word that stands for itself.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let after = text[at + word.len()..].chars().next().is_some_and(char::is_alphanumeric);
        !before && !after
    })
}

/// Records a job as it is and redacted: the same runs, and nothing that tells whose they are. Returns the redacted ones.
#[track_caller]
fn all_redacted(config: &Value, ops: &[Value], answers: &str) -> Vec<Value> {
    let desk = Desk::new();
    desk.json("config.data", config);
    desk.json("job", &json!({"ops": ops.iter().map(|op| json!({"input": op})).collect::<Value>()}));
    desk.file("answers", answers);
    let record = ["record", "--config", "@config.data", "--job", "@job", "--answers", "@answers"];
    let plain = desk.lu(record);
    assert_eq!(plain.code, 0, "{}", plain.err);
    let [one, two, three, four, five, six, seven] = record;
    let ran = desk.lu([one, two, three, four, five, six, seven, "--redact"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for word in telling(config) {
        assert!(!has_word(&ran.out, &word), "'{word}' is in: {}", around(&ran.out, &word));
    }
    ran.out.lines().for_each(testlib::replay::trace);
    let traces = |text: &str| -> Vec<Value> { text.lines().map(|line| serde_json::from_str(line).unwrap()).collect() };
    let (plain, new) = (traces(&plain.out), traces(&ran.out));
    assert_eq!(plain.iter().map(shape).collect::<Vec<_>>(), new.iter().map(shape).collect::<Vec<_>>());
    new
}

#[track_caller]
fn redacted(config: &Value, op: &Value, answers: &str) -> Value {
    all_redacted(config, std::slice::from_ref(op), answers).remove(0)
}

fn around<'a>(text: &'a str, word: &str) -> &'a str {
    let at = text.find(word).unwrap();
    &text[at.saturating_sub(80)..(at + 80).min(text.len())]
}

/// What a redacted run has in common with the original: how it ended, and what happened on the way.
fn shape(trace: &Value) -> Value {
    let outcome = &trace["outcome"];
    let events = trace["events"].as_array().unwrap().iter().map(|event| {
        let what = ["rpc", "wconfd", "random", "host", "call"].iter().find_map(|key| event.get(*key));
        json!([what, event["locks"].as_array().map(Vec::len), event["nodes"].as_array().map(Vec::len)])
    });
    json!([outcome["error"], outcome["code"], events.collect::<Value>(), trace["changes"].as_array().unwrap().len()])
}

fn startup(name: &str) -> Value {
    json!({"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": name})
}

#[test]
fn nothing_of_the_original_stays_on_any_odd_cluster() {
    for (name, config) in clusters::odd() {
        let document = config.snapshot().write();
        // The first that does not succeed ends the job.
        let ops = [
            json!({"OP_ID": "OP_TAGS_SEARCH", "pattern": "."}),
            json!({"OP_ID": "OP_TAGS_GET", "kind": "node", "name": "node1"}),
            json!({"OP_ID": "OP_GROUP_VERIFY_DISKS", "group_name": "default"}),
            json!({"OP_ID": "OP_NETWORK_ADD", "network_name": "backbone", "network": "172.20.4.0/22",
                "gateway": "172.20.4.1", "add_reserved_ips": ["172.20.5.9"]}),
            json!({"OP_ID": "OP_INSTANCE_SHUTDOWN", "instance_name": "web1"}),
            startup("web1.example.com"),
            startup("nobody"),
        ];
        let traces = all_redacted(&document, &ops, "");
        assert_eq!(traces.len(), ops.len(), "{name}");
        for text in traces.iter().map(Value::to_string) {
            assert!(!text.contains("backbone") && !text.contains("172.20"), "{name}: {text}");
        }
    }
}

fn of_a_company() -> MockConfig {
    let mut config = MockConfig::new();
    config.node("node2");
    config.network("office").cidr("172.20.4.0/22").gateway("172.20.4.1").mac_prefix("00:16:3e");
    config.group("default").connected("office", "bridged", "br0");
    config.instance("web1").on("node1").drbd("node2", GiB(1)).osparam_private("token", "hunter22");
    config.instance("web1").tag("owner:web1").tag("blue").nic(|nic| nic.network("office").ip("172.20.6.7"));
    config
}

#[test]
fn the_same_is_replaced_by_the_same_everywhere() {
    let mut document = of_a_company().snapshot().write();
    document["instances"].as_object_mut().unwrap().values_mut().for_each(|it| {
        it["osparams_private"] = json!({"password": "hunter22"});
    });
    let answers = r#"{"call": "instance_start", "fail": "web1.example.com: node1 has no route to 172.20.6.7, said nfs9.example.com (hunter22)"}"#;
    let trace = redacted(&document, &startup("web1"), answers);
    let instance = trace["config"]["instances"].as_object().unwrap().values().next().unwrap();
    let network = trace["config"]["networks"].as_object().unwrap().values().next().unwrap();
    let said = trace["events"].as_array().unwrap().iter().find(|event| event["rpc"] == "instance_start").unwrap();
    let told = [
        instance["name"].to_string(),
        trace["op"]["instance_name"].to_string(),
        instance["tags"].to_string(),
        instance["nics"][0]["ip"].to_string(),
        instance["nics"][0]["mac"].to_string(),
        network["name"].to_string(),
        network["network"].to_string(),
        network["gateway"].to_string(),
        network["mac_prefix"].to_string(),
        said["answers"].as_object().unwrap().values().next().unwrap()["fail"].to_string(),
        trace["config"]["cluster"]["cluster_name"].to_string(),
    ];
    expect![[r#"
        "inst-1.dom2.dom1"
        "inst-1"
        ["blue","owner:inst-1"]
        "10.0.2.7"
        "02:00:00:00:00:01"
        "network-1"
        "10.0.0.0/22"
        "10.0.0.1"
        "02:00:00"
        "inst-1.dom2.dom1: node-1 has no route to 10.0.2.7, said host-1.dom2.dom1 (secret-0002)"
        "cluster-1.dom2.dom1""#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn names_that_abbreviate_two_still_do() {
    let mut config = MockConfig::new();
    config.instance("web1.a.org").on("node1");
    config.instance("web1.b.org").on("node1");
    let document = config.snapshot().write();
    let trace = redacted(&document, &startup("web1"), "");
    assert_eq!(trace["outcome"]["error"], "OpPrereqError");
    let trace = redacted(&document, &startup("web1.b"), "");
    assert_eq!(trace["outcome"]["result"], Value::Null);
}

#[test]
fn a_name_that_is_a_word_of_configurations_is_kept_and_told() {
    let mut config = MockConfig::new();
    config.instance("kvm").on("node1");
    let desk = Desk::new();
    desk.json("config.data", &config.snapshot().write());
    let ran = desk.lu(["record", "--config", "@config.data", "--opcode", &startup("kvm").to_string(), "--redact"]);
    assert!(!has_word(&ran.out, "kvm.example.com"));
    assert_eq!(ran.code, 0);
    expect![[r#"
        warning: not redacted, since it is a word of configurations: kvm
    "#]]
    .assert_eq(&ran.err);
}
