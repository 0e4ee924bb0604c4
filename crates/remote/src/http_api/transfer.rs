//! Sends a request that has the original, or nothing, in its body.

use super::HttpApi;
use super::answer::Answer;
use super::client::Body;
use crate::body::{Broken, Checked, FileBody, Piece, stalled};
use crate::meter::Meter;
use crate::{Error, Original, Progress};
use http::Request;
use url::Url;

/// Sends what `request` makes of the file, and gives it up when nothing moves. A redirect is an answer.
pub(super) async fn transfer(
    api: &HttpApi,
    to: &Url,
    original: &Original<'_>,
    progress: Progress<'_>,
    request: impl FnOnce(FileBody) -> Result<Request<Body>, Error>,
) -> Result<Answer, Error> {
    let (meter, broken) = (Meter::default(), Broken::default());
    let unsent = |broken: &Broken, message: String| {
        broken
            .error(original.path.to_owned())
            .unwrap_or_else(|| Error::SourceUnreadable {
                path: original.path.to_owned(),
                message,
            })
    };
    let call = async {
        let piece = Piece::whole(original, Checked::Here);
        let file = FileBody::open(piece, meter.feed(), broken.clone(), api.throttle.clone());
        let file = file
            .await
            .map_err(|error| unsent(&broken, error.to_string()))?;
        api.client.send(request(file)?).await
    };
    let watched = async {
        let patience = api.client.patience;
        tokio::select! {
            answer = call => answer,
            () = stalled(&meter, original.size, patience, &broken) => {
                let message = format!("nothing moved for {} s", patience.as_secs_f32());
                Err(if broken.waits_for_file() {
                    unsent(&broken, message)
                } else {
                    api.client.unreachable_at(to, message)
                })
            }
        }
    };
    // Why a body broke off is known better here than by the connection.
    meter
        .tell(progress, watched)
        .await
        .map_err(|error| broken.error(original.path.to_owned()).unwrap_or(error))
}
