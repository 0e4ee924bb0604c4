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

/// The modules that a file's code names: the first segment of every path that begins with `root`
/// (`crate::`), also where several share one `use`.
fn modules_used<'a>(text: &'a str, root: &str) -> BTreeSet<&'a str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut used = BTreeSet::new();
    for (at, prefix) in code.match_indices(root) {
        let path = code[at + prefix.len()..].trim_start();
        match path.strip_prefix('{') {
            Some(group) => used.extend(branches(group).into_iter().filter_map(first_segment)),
            None => used.extend(first_segment(path)),
        }
    }
    used
}

/// The branches of a use group whose opening brace was read: what stands between its own commas.
fn branches(group: &str) -> Vec<&str> {
    let (mut branches, mut begin, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' if depth == 0 => {
                branches.push(&group[begin..at]);
                begin = at + 1;
            }
            '}' => {
                branches.push(&group[begin..at]);
                return branches;
            }
            _ => {}
        }
    }
    panic!("a group that never ends: {group}");
}

fn first_segment(path: &str) -> Option<&str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    path.trim_start()
        .split(|c| !is_name(c))
        .next()
        .filter(|name| !name.is_empty())
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    //  name, code, modules
    let cases: [(&str, &str, &[&str]); 9] = [
        ("one", "use crate::upload;", &["upload"]),
        ("an item of it", "use crate::upload::run;", &["upload"]),
        (
            "a path in code",
            "let x = crate::fetch::want(y);",
            &["fetch"],
        ),
        (
            "several",
            "use crate::{upload, watch::run};",
            &["upload", "watch"],
        ),
        (
            "nested",
            "use crate::{store::{files, jobs::{self, Job}}, reach};",
            &["store", "reach"],
        ),
        (
            "over lines",
            "use crate::{\n    index,\n    thumbs::{\n        a,\n        b,\n    },\n};",
            &["index", "thumbs"],
        ),
        ("renamed", "use crate::{upload as other};", &["upload"]),
        ("published", "pub(crate) use crate::{rescan};", &["rescan"]),
        (
            "in tests alone",
            "use crate::a;\n#[cfg(test)]\nmod tests { use crate::{upload}; }",
            &["a"],
        ),
    ];
    for (name, code, modules) in cases {
        let expected: BTreeSet<&str> = modules.iter().copied().collect();
        assert_eq!(modules_used(code, "crate::"), expected, "{name}");
    }
}

#[test]
fn only_the_engine_knows_two_stages() {
    let stages = [
        "watch",
        "rescan",
        "index",
        "thumbs",
        "reach",
        "upload",
        "fetch",
        "cards",
        "settings",
        "thumb_limit",
    ];
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let engine = fs::read_to_string(src.join("engine.rs")).unwrap();
    for begun in engine.split("stage!(").skip(1) {
        let run = begun.split([',', ')']).nth(1).unwrap_or_default().trim();
        if let Some(stage) = run.strip_suffix("::run") {
            assert!(stages.contains(&stage), "{stage} is a stage");
        }
    }
    for stage in stages {
        let text = fs::read_to_string(src.join(stage).with_extension("rs")).unwrap();
        // To a module right below the root, its parent is the root.
        let mut used = modules_used(&text, "crate::");
        used.extend(modules_used(&text, "super::"));
        let own = src.join(stage);
        let parts = if own.is_dir() {
            sources(&own)
        } else {
            Vec::new()
        };
        for (_, text) in &parts {
            used.extend(modules_used(text, "crate::"));
        }
        for other in used {
            assert!(
                !stages.contains(&other) || other == stage,
                "{stage} knows {other}: pass work on through rows, or through the engine"
            );
        }
    }
}

#[test]
fn planning_does_no_io() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = sources(&src.join("plan"));
    files.push((
        src.join("plan.rs"),
        fs::read_to_string(src.join("plan.rs")).unwrap(),
    ));
    for (path, text) in files {
        for forbidden in ["std::fs", "std::io", "tokio", "rusqlite", "async "] {
            assert!(
                !text.contains(forbidden),
                "{} uses {forbidden}",
                path.display()
            );
        }
    }
}

#[test]
fn one_module_alone_leaves_the_runtime() {
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let allowed = path.ends_with("src/blocking.rs");
        assert!(
            allowed || !text.contains("spawn_blocking"),
            "{} calls spawn_blocking: use crate::blocking",
            path.display()
        );
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

/// What is done with the database in hand: the rest of each call that is given a closure over `db`.
fn transactions(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    code.split("|db|").skip(1).map(|body| {
        let mut depth = 0;
        let end = body.find(|c| {
            depth += match c {
                '(' | '{' | '[' => 1,
                ')' | '}' | ']' => -1,
                _ => 0,
            };
            depth < 0
        });
        end.map_or(body, |end| &body[..end])
    })
}

/// There is one writer: a disk that does not answer would hold up all others.
#[test]
fn no_disk_is_asked_with_the_database_in_hand() {
    let asks = [".is_dir()", ".is_file()", ".exists()", "fs::", "canonical("];
    let mut seen = 0;
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for transaction in transactions(&text) {
            seen += 1;
            for asked in asks {
                assert!(
                    !transaction.contains(asked),
                    "{} calls {asked} in a transaction: look before it begins",
                    path.display()
                );
            }
        }
    }
    assert!(seen > 50, "transactions are not found: {seen}");
}

#[test]
fn crates_depend_in_one_direction() {
    let rules: [(&str, &[&str]); 5] = [
        (
            "media",
            &["remote", "library", "server", "tauri", "rusqlite"],
        ),
        (
            "remote",
            &["media", "library", "server", "tauri", "rusqlite"],
        ),
        ("library", &["tauri", "imgn-cli"]),
        // It is also what functions are made of.
        (
            "server",
            &[
                "library", "rusqlite", "notify", "tauri", "imgn-cli", "keyring",
            ],
        ),
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

/// Every package that one needs, however far away, by what the lock says.
fn needs(package: &str) -> BTreeSet<String> {
    let lock = fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
    // A name is followed by its version only where several are locked.
    let name = |line: &str| {
        let line = line.trim().trim_matches(['"', ',']);
        line.split(' ').next().unwrap_or_default().to_owned()
    };
    let (mut found, mut open) = (BTreeSet::new(), vec![package.to_owned()]);
    while let Some(package) = open.pop() {
        if !found.insert(package.clone()) {
            continue;
        }
        let head = format!("name = \"{package}\"\n");
        for block in lock
            .split("[[package]]")
            .filter(|block| block.trim_start().starts_with(&head))
        {
            let dependencies = block.split("dependencies = [").nth(1);
            let dependencies = dependencies.and_then(|rest| rest.split(']').next());
            open.extend(dependencies.into_iter().flat_map(str::lines).map(name));
        }
    }
    found
}

#[test]
fn the_server_links_no_database_no_watcher_and_no_webview() {
    let needed = needs("imgn-server");
    for known in ["axum", "remote", "aws-sdk-s3", "tokio"] {
        assert!(needed.contains(known), "the lock is not read: no {known}");
    }
    for forbidden in [
        "library",
        "rusqlite",
        "libsqlite3-sys",
        "notify",
        "keyring",
        "tauri",
        "wry",
    ] {
        assert!(!needed.contains(forbidden), "imgn-server needs {forbidden}");
    }
    assert!(needs("library").contains("rusqlite"));
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
