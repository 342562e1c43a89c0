//! Secrets are never printed.

use serde_json::{Value, json};

use super::{Desk, cluster};

const DRBD: &str = "drbd-secret-0001";

fn document() -> Value {
    let mut document = cluster().snapshot().write();
    document["cluster"]["osparams_private_cluster"] = json!({"debian": {"token": "cluster-token"}});
    for (_, instance) in document["instances"].as_object_mut().unwrap() {
        instance["osparams_private"] = json!({"password": "ab\"c.example.com", "pin": "7"});
    }
    assert!(document.to_string().contains(DRBD));
    document
}

#[track_caller]
fn hides(document: &Value, opcode: &Value, hidden: &[&str]) -> String {
    let desk = Desk::new();
    desk.json("config.data", document);
    let ran = desk.lu(["try", "--config", "@config.data", "--opcode", &opcode.to_string()]);
    let all = format!("{}{}", ran.out, ran.err);
    for secret in hidden {
        assert!(!all.contains(secret), "{all}");
    }
    all
}

#[test]
fn a_secret_that_a_message_would_repeat() {
    for secret in [DRBD, "cluster-token", "7"] {
        let opcode = json!({"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": format!("web {secret} x")});
        let all = hides(&document(), &opcode, &[&format!("web {secret}")]);
        assert!(all.contains("web <secret> x"), "{all}");
    }
    let opcode = json!({"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "ab\"c.example.com"});
    hides(&document(), &opcode, &["ab\"c", "ab\\\"c"]);
}

#[test]
fn short_secrets_are_hidden_as_words_only() {
    let opcode = json!({"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web7 7"});
    let all = hides(&document(), &opcode, &["web7 7"]);
    assert!(all.contains("web7 <secret>"), "{all}");
}

#[test]
fn a_member_of_the_wrong_type_is_not_repeated() {
    let opcode = json!({"OP_ID": "OP_TAGS_GET", "kind": "cluster"});
    let all_changed = |table: &str, key: &str, value: &Value| {
        let mut document = document();
        document[table].as_object_mut().unwrap().values_mut().for_each(|object| object[key] = value.clone());
        document
    };
    for (table, key, value) in [
        ("instances", "osparams_private", json!("hunter22")),
        ("instances", "osparams_private", json!(["hunter22"])),
        ("disks", "logical_id", json!({"secret": "hunter22"})),
        ("disks", "size", json!(["hunter22"])),
    ] {
        let all = hides(&all_changed(table, key, &value), &opcode, &["hunter22"]);
        assert!(all.starts_with("error: "), "{table} {key}: {all}");
    }
}

#[test]
fn secrets_in_an_opcode() {
    let opcode = json!({"OP_ID": "OP_TAGS_GET", "kind": "cluster", "osparams_secret": {"key": "hunter22"}});
    hides(&document(), &opcode, &["hunter22"]);
}
