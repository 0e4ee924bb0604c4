//! Makes Tauri's generated context, and keeps bundled C libraries to this binary.

use tauri_build::Attributes;

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // SQLite and libwebp are linked in statically. Exported, their symbols would take the place
        // of the system's for WebKitGTK, which lives in the same process.
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    let attributes =
        Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*.json");
    tauri_build::try_build(attributes).expect("tauri.conf.json and the capabilities are valid");
}
