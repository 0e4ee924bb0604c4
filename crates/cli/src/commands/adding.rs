//! Adding a destination: what its words say as settings, and the keys that it is opened with.

use super::{absolute, destinations};
use crate::args::{AddDestination, AddS3, Layout};
use crate::exit::Exit;
use crate::keys;
use crate::output::{self, Output};
use library::view::{
    Cause, CognitoPools, CommandError, DestinationConfig, DestinationLayout, Secret, TypedKeys,
};
use library::{Connection, Result};
use std::path::PathBuf;

/// A destination as the words describe it.
struct Described {
    name: String,
    config: DestinationConfig,
    /// Typed or handed over for it; none: they are found where it is opened.
    keys: Option<TypedKeys>,
    bucket: Bucket,
}

/// Whether the bucket is made first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bucket {
    Made,
    AsItIs,
}

pub(super) async fn add(library: &Connection, add: AddDestination, out: Output) -> Result<Exit> {
    let Described {
        name,
        config,
        keys,
        bucket,
    } = described(add)?;
    let keys = match library {
        Connection::Owner(_) => keys.or_else(|| keys::of_environment(&config)),
        Connection::Own(_) => keys,
    };
    if bucket == Bucket::Made {
        library.create_bucket(config.clone(), keys.clone()).await?;
    }
    let has_keys = keys.is_some();
    let added = library.add_destination(name, config, keys).await?;
    out.print(&added, output::destination);
    if has_keys {
        return Ok(destinations::kept(library, &added));
    }
    Ok(Exit::Done)
}

fn described(add: AddDestination) -> Result<Described> {
    let (name, config) = match add {
        AddDestination::Folder {
            name,
            path,
            key_template,
            layout: lies,
        } => {
            let config = DestinationConfig::Folder {
                path: full(path)?,
                key_template,
                layout: layout(lies),
            };
            (name, config)
        }
        AddDestination::Http(http) => {
            let config = DestinationConfig::Http {
                url: http.url,
                token_file: http.token_file.map(full).transpose()?,
                ca_file: http.ca_file.map(full).transpose()?,
            };
            (http.name, config)
        }
        AddDestination::Lambda(http) => {
            let config = DestinationConfig::Lambda {
                url: http.url,
                token_file: http.token_file.map(full).transpose()?,
                ca_file: http.ca_file.map(full).transpose()?,
            };
            (http.name, config)
        }
        AddDestination::S3(s3) => return described_s3(s3),
    };
    Ok(Described {
        name,
        config,
        keys: None,
        bucket: Bucket::AsItIs,
    })
}

fn described_s3(s3: AddS3) -> Result<Described> {
    let bucket = if s3.create_bucket {
        Bucket::Made
    } else {
        Bucket::AsItIs
    };
    let pools = s3
        .cognito_identity_pool
        .zip(s3.cognito_user_pool_client)
        .map(|(identity_pool, user_pool_client)| CognitoPools {
            identity_pool,
            user_pool_client,
        });
    let config = DestinationConfig::S3 {
        endpoint: s3.endpoint,
        bucket: s3.bucket,
        prefix: s3.prefix,
        region: s3.region,
        path_style: s3.path_style.then_some(true),
        ca_file: s3.ca_file.map(full).transpose()?,
        profile: s3.profile,
        key_template: s3.key_template,
        layout: layout(s3.layout),
        cognito: pools,
    };
    Ok(Described {
        name: s3.name,
        keys: keys_of(&config, s3.key_fd)?,
        config,
        bucket,
    })
}

/// Keys are asked for only where nothing else could have them: a name and a password.
fn keys_of(config: &DestinationConfig, descriptor: Option<u32>) -> Result<Option<TypedKeys>> {
    let Some(wanted) = config.secret() else {
        return Ok(None);
    };
    match descriptor {
        Some(descriptor) => keys::from_descriptor(descriptor, wanted).map(Some),
        None if wanted == Secret::Password && keys::of_environment(config).is_none() => {
            keys::ask(wanted).map(Some)
        }
        None => Ok(None),
    }
}

fn layout(layout: Layout) -> DestinationLayout {
    match layout {
        Layout::Library => DestinationLayout::Library,
        Layout::Original => DestinationLayout::Original,
    }
}

/// The whole path, as settings hold it.
fn full(path: PathBuf) -> Result<String> {
    let path = absolute(path);
    let Some(text) = path.to_str() else {
        let detail = format!(
            "{} is not valid Unicode, which settings need",
            path.display()
        );
        return Err(CommandError::new(Cause::BadSettings, detail));
    };
    Ok(text.to_owned())
}
