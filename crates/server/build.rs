//! The pages are embedded at build time: a new web build means a new program.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist/office/index.html");
}
