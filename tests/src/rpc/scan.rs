//! Finding parts of JSON text without reading all of it: the corpus is large, and most of it is not about calls.

/// Returns the text of the items or members of the list or object that the text begins with.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut found, mut depth, mut begin, mut at) = (Vec::new(), 0_usize, 1, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_text(bytes, at),
            b'[' | b'{' => depth += 1,
            b',' if depth == 1 => {
                found.push(&text[begin..at]);
                begin = at + 1;
            }
            b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
        at += 1;
    }
    if begin < at {
        found.push(&text[begin..at]);
    }
    found
}

/// Returns where the text ends that begins here.
fn end_of_text(bytes: &[u8], begin: usize) -> usize {
    let mut at = begin + 1;
    while bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// Returns the text of a member of the object that the text begins with.
pub(super) fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    parts(object).into_iter().find_map(|part| part.strip_prefix('"')?.strip_prefix(name)?.strip_prefix("\":"))
}

#[test]
fn parts_are_told_apart_whatever_is_inside() {
    let text = r#"{"a":[1,{"b":"],\"{"}],"c":{},"d\\":"x"} and more"#;
    assert_eq!(parts(text), [r#""a":[1,{"b":"],\"{"}]"#, r#""c":{}"#, r#""d\\":"x""#]);
    assert_eq!(member(text, "c"), Some("{}"));
    assert_eq!(member(text, "b"), None);
    assert_eq!(parts("[]"), [""; 0]);
}
