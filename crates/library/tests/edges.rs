//! The rules of the layout, as tests: which part of the program may know which.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every Rust file under a folder.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut sources = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in
            fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                sources.push((path, text));
            }
        }
    }
    assert!(!sources.is_empty(), "no sources under {}", folder.display());
    sources
}

/// The modules of this crate that a file names.
fn modules_used(text: &str) -> BTreeSet<&str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.match_indices("crate::")
        .map(|(at, prefix)| &code[at + prefix.len()..])
        .map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default()
        })
        .collect()
}

#[test]
fn only_the_engine_knows_two_stages() {
    let stages = [
        "watch", "rescan", "index", "thumbs", "reach", "upload", "fetch",
    ];
    for stage in stages {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src")
            .join(format!("{stage}.rs"));
        let text = fs::read_to_string(&path).unwrap();
        for other in modules_used(&text) {
            assert!(
                !stages.contains(&other) || other == stage,
                "{stage} knows {other}: pass work on through rows, or through the engine"
            );
        }
    }
}

#[test]
fn planning_does_no_io() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plan.rs");
    let text = fs::read_to_string(path).unwrap();
    for forbidden in ["std::fs", "std::io", "tokio", "rusqlite", "async "] {
        assert!(!text.contains(forbidden), "plan.rs uses {forbidden}");
    }
}

#[test]
fn sql_is_written_in_the_store_alone() {
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let in_store = path.components().any(|part| part.as_os_str() == "store");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let sql = [".prepare", ".execute(", "query_row("]
            .iter()
            .any(|call| code.contains(call));
        assert!(in_store || !sql, "{} writes SQL", path.display());
    }
}

#[test]
fn crates_depend_in_one_direction() {
    let rules: [(&str, &[&str]); 4] = [
        ("media", &["remote", "library", "tauri", "rusqlite"]),
        ("remote", &["media", "library", "tauri", "rusqlite"]),
        ("library", &["tauri", "imgn-cli"]),
        ("cli", &["tauri", "rusqlite", "remote"]),
    ];
    for (name, forbidden) in rules {
        let manifest = workspace().join("crates").join(name).join("Cargo.toml");
        let text = fs::read_to_string(manifest).unwrap();
        let dependencies = text.split("[dev-dependencies]").next().unwrap_or_default();
        for other in forbidden {
            let names = |line: &str| {
                line.strip_prefix(other)
                    .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
            };
            assert!(
                !dependencies.lines().any(names),
                "{name} depends on {other}"
            );
        }
    }
}

#[test]
fn the_ui_knows_tauri_in_one_folder() {
    let mut folders = vec![workspace().join("ui/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "backend") {
                folders.push(path);
            } else if path.is_file() {
                let text = fs::read_to_string(&path).unwrap_or_default();
                assert!(
                    !text.contains("@tauri-apps"),
                    "{} knows Tauri",
                    path.display()
                );
            }
        }
    }
}
