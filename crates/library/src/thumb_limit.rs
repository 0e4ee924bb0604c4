//! Keeps the thumbnails on this machine within their limit: those not looked at for longest give way.

use crate::blocking::blocking;
use crate::context::Context;
use std::sync::Arc;
use std::time::Duration;

/// How often its size is compared with the limit.
const COMPARE: Duration = Duration::from_secs(20);

/// Keeps the cache within its limit until the engine stops.
pub(crate) async fn run(context: &Arc<Context>) {
    loop {
        let (cache, limit) = (
            context.thumbs.clone(),
            context.settings.now().limits.thumbnails.get(),
        );
        match blocking(move || cache.keep_within(limit)).await {
            Ok(0) => {}
            Ok(dropped) => tracing::info!(dropped, limit, "thumbnails gave way to newer ones"),
            Err(error) => {
                tracing::warn!(%error, "cannot keep the thumbnails within their limit");
            }
        }
        if !context.rest(COMPARE).await {
            return;
        }
    }
}
