//! Finding parts of JSON text without reading all of it: the corpus is large, and most of it is not about calls.

/// Returns the text of the items or members of the list or object that the text begins with.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut found, mut depth, mut begin, mut at) = (Vec::new(), 0_usize, 1, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = end_of_text(text, at),
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
fn end_of_text(text: &str, begin: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = begin + 1;
    loop {
        let end = at + text[at..].find('"').expect("a text ends");
        let before =
            if bytes[end - 1] == b'\\' { text[begin + 1..end].trim_end_matches('\\') } else { &text[begin + 1..end] };
        if (end - begin - 1 - before.len()).is_multiple_of(2) {
            return end;
        }
        at = end + 1;
    }
}

/// Returns the text of one of the members of an object.
pub(super) fn member<'a>(members: &[&'a str], name: &str) -> Option<&'a str> {
    members.iter().find_map(|part| part.strip_prefix('"')?.strip_prefix(name)?.strip_prefix("\":"))
}

#[test]
fn parts_are_told_apart_whatever_is_inside() {
    let text = r#"{"a":[1,{"b":"],\"{"}],"c":{},"d\\":"x"} and more"#;
    assert_eq!(parts(text), [r#""a":[1,{"b":"],\"{"}]"#, r#""c":{}"#, r#""d\\":"x""#]);
    assert_eq!(member(&parts(text), "c"), Some("{}"));
    assert_eq!(member(&parts(text), "b"), None);
    assert_eq!(parts("[]"), [""; 0]);
}
