//! Where the programs are that tests start: what `./dev` installs, and what the workspace builds.

use std::env;
use std::path::{Path, PathBuf};

/// A program that `./dev` installs: where the environment says, else in its cache.
pub fn binary(variable: &str, name: &str, product: &str) -> PathBuf {
    if let Some(path) = env::var_os(variable) {
        return path.into();
    }
    let cache = env::var_os("IMGN_CACHE").map(PathBuf::from).or_else(|| {
        let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let base = base.or_else(|| env::home_dir().map(|home| home.join(".cache")));
        base.map(|base| base.join("imgn-dev"))
    });
    match cache.map(|cache| cache.join("bin").join(name)) {
        Some(path) if path.is_file() => path,
        _ => panic!("{product} is not installed: run ./dev services start, or ./dev test"),
    }
}

/// Beside the tests, where the workspace's programs are built.
pub(crate) fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own file");
    let program = test
        .parent()
        .and_then(Path::parent)
        .expect("tests lie in target/debug/deps")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is not built: run the tests with --workspace",
        program.display()
    );
    program
}
