//! What the linters of the template do not see.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// The runtimes for programs that bring all that they need, of those that Lambda still has. Linters take any name
/// that looks like one.
const RUNTIMES: [&str; 1] = ["provided.al2023"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn template() -> String {
    std::fs::read_to_string(root().join("deploy/serverless/template.yaml")).unwrap()
}

/// What follows a name in the template, each time.
fn values<'a>(template: &'a str, name: &str) -> Vec<&'a str> {
    let lines = template.lines().map(str::trim);
    lines
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        .collect()
}

#[test]
fn its_runtimes_exist() {
    let template = template();
    let found = values(&template, "Runtime");
    assert!(!found.is_empty());
    for runtime in found {
        assert!(RUNTIMES.contains(&runtime), "{runtime}");
    }
}

#[test]
fn its_functions_are_the_programs_that_there_are() {
    let template = template();
    let code: BTreeSet<_> = values(&template, "CodeUri").into_iter().collect();
    let programs = ["imgn-extract", "imgn-gallery", "imgn-upload"];
    let expected = programs.map(|name| format!("../../target/lambda/{name}"));
    assert!(code.iter().eq(expected.iter()), "{code:?}");
    for name in programs {
        let source = format!("crates/server/src/bin/{name}.rs");
        assert!(root().join(source).is_file(), "{name}");
    }
}

#[test]
fn its_variables_are_those_that_functions_know() {
    let known = [
        "IMGN_ANONYMOUS",
        "IMGN_BUCKET",
        "IMGN_IDENTITY_POOL",
        "IMGN_ORIGINS",
        "IMGN_REGION",
        "IMGN_TOKEN",
        "IMGN_WORKERS",
    ];
    let template = template();
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let said: BTreeSet<_> = template
        .split(|c| !is_name(c))
        .filter(|word| word.starts_with("IMGN_"))
        .collect();
    assert!(said.iter().eq(known.iter()), "{said:?}");
}

#[test]
fn nobody_gets_a_right_to_everything() {
    let template = template();
    let lines: Vec<_> = template.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let everything = line.contains("Resource: \"*\"") || line.contains("Action: \"*\"");
        assert!(!everything, "{line}");
        // Only what is refused is refused altogether.
        if line.contains("s3:*") {
            let before = lines[at.saturating_sub(3)..at].join("\n");
            assert!(before.contains("Effect: Deny"), "{line}");
        }
    }
    // Nothing but imgn's own small probes can be removed.
    let deletes: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("s3:Delete"))
        .collect();
    assert_eq!(deletes.len(), 1);
    assert!(template.contains("/.imgn/probe-*"));
}

#[test]
fn who_signs_in_sees_a_folder_of_their_own() {
    let template = template();
    assert!(template.contains("AllowUnauthenticatedIdentities: false"));
    assert!(template.contains("s3:prefix: [\"${cognito-identity.amazonaws.com:sub}/*\"]"));
    let own = "\"/${cognito-identity.amazonaws.com:sub}/";
    let objects = template
        .lines()
        .filter(|line| line.contains("Resource: !Join") && line.contains("Images.Arn"));
    assert!(objects.clone().count() == 2 && objects.into_iter().all(|line| line.contains(own)));
}
