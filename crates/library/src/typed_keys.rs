//! The keys that a person typed for a destination: known to this process, or in the system's keyring since an
//! earlier run. Without any, what is around may do; the destination's answer says.

use crate::context::Context;
use crate::secrets::KeyringError;
use crate::store::destinations::{Destination, KeyOrigin};
use crate::view::TypedKeys;

/// Those that are `held`, else those of the keyring; none: none were typed, or they are gone.
pub(crate) async fn find(
    context: &Context,
    destination: &Destination,
    held: Option<TypedKeys>,
) -> Result<Option<TypedKeys>, KeyringError> {
    if held.is_some() || destination.keys != KeyOrigin::Typed {
        return Ok(held);
    }
    kept(context, destination).await
}

/// Those of the keyring.
pub(crate) async fn kept(
    context: &Context,
    destination: &Destination,
) -> Result<Option<TypedKeys>, KeyringError> {
    let kept = context.keyring.load(destination.marker.uuid).await;
    kept.inspect_err(
        |error| tracing::info!(name = destination.name, %error, "no key from the keyring"),
    )
}
