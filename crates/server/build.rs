//! Writes a table of the built UI's files, so that they are in the program.
//!
//! **Invariant:** the table is the same for the same files, wherever and in whatever order they lie.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/dist");
    println!("cargo:rerun-if-changed={}", built.display());
    let mut files = files_below(&built)?;
    files.sort();
    if !files.iter().any(|file| file.ends_with("index.html")) {
        println!(
            "cargo:warning=ui/dist holds no page: this imgn-server shows a plain one. \
             Run `npm run build` in ui/ first, or use ./dev"
        );
        files.clear();
    }
    let mut table = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&built).map_err(io::Error::other)?;
        let name = name
            .to_str()
            .ok_or_else(|| io::Error::other("a name of the UI is no UTF-8"))?;
        let name = name.replace('\\', "/");
        let place = fs::canonicalize(&file)?;
        let place = place.display().to_string();
        writeln!(table, "    ({name:?}, include_bytes!({place:?}) as &[u8]),")
            .map_err(io::Error::other)?;
    }
    table.push_str("]\n");
    let to = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?);
    fs::write(to.join("ui.rs"), table)
}

/// None when there is no such folder.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    Ok(files)
}
