//! Which files must be measured. What llvm-cov does with each was tried with rustc 1.95 (see `coverage::source`).

use coverage::source::first_body;

#[track_caller]
fn check(text: &str, wanted: Option<&str>) {
    assert_eq!(first_body(text).unwrap().as_deref(), wanted, "{text}");
}

#[test]
fn functions_of_every_kind_must_be_measured() {
    check("fn f() {}", Some("f"));
    check("pub const fn f() -> u32 { 3 }", Some("f"));
    check("#[inline(always)] pub fn f<T>(t: T) -> T { t }", Some("f"));
    check("pub async fn f() {}", Some("f"));
    check("struct S; impl S { fn m(&self) -> u32 { 3 } }", Some("m"));
    check("trait T { fn given(&self) -> u32 { 4 } }", Some("given"));
    check("impl Drop for S { fn drop(&mut self) {} }", Some("drop"));
    check("mod inner { fn f() {} }", Some("f"));
    check("fn f() { todo!() }", Some("f"));
    check("const C: u32 = { const fn g() -> u32 { 4 } g() };", Some("g"));
    check("static F: fn() -> u32 = || 3;", Some("a closure"));
    check("#[cfg(unix)] fn f() {}", Some("f"));
    check("#[cfg(not(test))] fn f() {}", Some("f"));
    check("#[cfg(any(test, unix))] fn f() {}", Some("f"));
    check("#[cfg(test)] mod tests { fn t() {} }\nfn f() {}", Some("f"));
}

#[test]
fn types_macros_and_tests_need_not_be() {
    check("", None);
    check("//! Words.\npub mod a;\npub use a::B;", None);
    check("#[derive(Debug, Clone)] pub struct S { pub a: u32 }\npub enum E { A = 1 }", None);
    check("pub const N: usize = 3; pub type T = u32;", None);
    check("trait T { const N: u32; fn f(&self) -> u32; }", None);
    check("extern \"C\" { fn f(); }", None);
    check("macro_rules! m { () => { fn f() {} } }\nm!();", None);
    check("table! { fn f() { 1 } }", None);
    check("#[cfg(test)] mod tests { fn f() {} }", None);
    check("#![cfg(test)]\nfn f() {}", None);
    check("#[cfg(all(test, unix))] fn f() {}", None);
    check("#[cfg(any(test, all(test, unix)))] fn f() {}", None);
    check("#[test] fn f() {}", None);
    check("impl S { #[cfg(test)] fn f() {} }", None);
    check("trait T { #[cfg(test)] fn f() {} }", None);
}

#[test]
fn what_is_no_rust_is_an_error() {
    assert!(first_body("fn f( {").is_err());
}
